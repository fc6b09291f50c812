"""A session that asks nobody: each request gets the answer that was recorded for it.

The walk is that of `HttpSession`, so redirects, second tries and forms are gone through as they were at the time.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from monitor.core.exchange import Exchange
from monitor.core.ports import ElsewhereError
from monitor.core.prefecture import Move, Open, Page
from monitor.core.readings import Reading
from monitor.fetch.clock import SystemClock
from monitor.fetch.http.capture import Permit
from monitor.fetch.http.connection import Request, header_text
from monitor.fetch.http.hops import page_of
from monitor.fetch.http.robots import Robots, RobotsCopy
from monitor.fetch.http.session import HttpSession

_FOR_EVER = datetime.max.replace(tzinfo=UTC)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class RecordedSession:
    """Implements `monitor.core.ports.Session` over the exchanges of one record, in order."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        self._hosts = _RecordedHosts(exchanges)
        self._walk = HttpSession(self._hosts, Robots(_RobotsAsRecorded(self._hosts), SystemClock()), "")

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """Those gone through so far."""
        return self._walk.exchanges

    async def perform(self, move: Move, page: Page | None) -> Page | Reading:
        """Make one move. Raises ElsewhereError where the visit asks for what was not recorded."""
        last = move[-1]
        if isinstance(last, Open) and last.answer is not None:
            answer = self._hosts.last_on(last.answer)
            return answer.failure or page_of(answer)
        return await self._walk.perform(move, page)

    def close(self) -> None:
        """The walk is over."""
        self._walk.close()


class _RecordedHosts:
    """In place of the hosts: no pace, no network."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        self.left = deque(exchanges)

    def permit(self) -> Permit:
        return Permit(asyncio.Semaphore())

    def slow(self, host: str, crawl_delay: float) -> None:
        pass

    async def exchange(self, request: Request, permit: Permit, *, final: bool = True) -> Exchange:
        asked = request.method, str(request.url)
        if not self.left:
            raise ElsewhereError(f"{asked[0]} {asked[1]}", beyond=True)
        if (self.left[0].method, self.left[0].url) != asked:
            raise ElsewhereError(f"{asked[0]} {asked[1]}")
        return self.left.popleft()

    def last_on(self, path: str) -> Exchange:
        """The last answer on a path: what is read of a browser's visit. All others are passed over."""
        found = [one for one in self.left if re.search(path, urlsplit(one.url).path)]
        self.left.clear()
        if not found:
            raise ElsewhereError(path, beyond=True)
        return found[-1]


class _RobotsAsRecorded:
    """Memory of robots.txt for a replay: asked for again where it was asked for, else the copy that let the walk pass.

    A record does not hold the copy of an earlier check; but for a walk it forbade (`Obstructed(robots)`), that there
    were requests says what it allowed.
    """

    def __init__(self, hosts: _RecordedHosts) -> None:
        self._hosts = hosts

    def robots(self, origin: str) -> RobotsCopy | None:
        left = self._hosts.left
        if not left or left[0].url != f"{origin}/robots.txt":
            return RobotsCopy(status=404, body=b"", fetched=_LONG_AGO, expires=_FOR_EVER)
        if any(not one.url.endswith("/robots.txt") for one in left):  # an older copy held where this one failed
            return RobotsCopy(status=404, body=b"", fetched=_LONG_AGO, expires=_LONG_AGO + timedelta(1))
        return None

    def set_robots(self, origin: str, copy: RobotsCopy) -> None:
        pass

    def host_state(self, host: str) -> None:
        return None

    def set_host_states(self, states: object) -> None:
        pass


def headers_of(head: bytes) -> tuple[tuple[str, str], ...]:
    """Names and values of a kept header block, as the transport gave them to the reader."""
    import h11

    if not head:
        return ()
    parser = h11.Connection(h11.CLIENT)
    parser.send(h11.Request(method="GET", target="/", headers=[("Host", "h")]))
    parser.send(h11.EndOfMessage())
    parser.receive_data(head)
    event = parser.next_event()
    while isinstance(event, h11.InformationalResponse):
        event = parser.next_event()
    if not isinstance(event, h11.Response):
        raise ValueError("not a header block")
    return tuple((header_text(name), header_text(value)) for name, value in event.headers.raw_items())
