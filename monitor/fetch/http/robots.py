"""robots.txt before anything else of an origin (RFC 9309), kept 24 hours across runs; and the memory
in which that, and what politeness remembers of hosts, lasts from one run to the next, whoever keeps it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from monitor.core.exchange import Exchange
from monitor.core.hosts import Url, is_official, join, parse, refusal
from monitor.core.ports import Clock
from monitor.core.readings import Obstructed, Reading, Seen, Unavailable
from monitor.fetch.http.connection import header
from monitor.read.robots import RobotsRules
from monitor.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsCopy:
    """A robots.txt as it was answered. status: of its last answer. body: decoded. Instants are aware UTC."""

    status: int
    body: bytes
    fetched: datetime
    expires: datetime


class Memory(Protocol):
    """Kept across runs. Hosts are lower-case names; origins are `https://host`."""

    def host_state(self, host: str) -> Mapping[str, Any] | None:
        """`HostState.to_dict()` as last kept."""
        ...

    def set_host_states(self, states: Mapping[str, Mapping[str, Any]]) -> None:
        """Replace those of some hosts."""
        ...

    def robots(self, origin: str) -> RobotsCopy | None:
        """The copy of an origin's robots.txt, expired or not."""
        ...

    def set_robots(self, origin: str, copy: RobotsCopy) -> None:
        """Replace it."""
        ...


class ShortMemory:
    """Remembers while the process lives: for a look that keeps no data."""

    def __init__(self) -> None:
        self._states: dict[str, Mapping[str, Any]] = {}
        self._robots: dict[str, RobotsCopy] = {}

    def host_state(self, host: str) -> Mapping[str, Any] | None:
        """See `Memory`."""
        return self._states.get(host)

    def set_host_states(self, states: Mapping[str, Mapping[str, Any]]) -> None:
        """See `Memory`."""
        self._states |= states

    def robots(self, origin: str) -> RobotsCopy | None:
        """See `Memory`."""
        return self._robots.get(origin)

    def set_robots(self, origin: str, copy: RobotsCopy) -> None:
        """See `Memory`."""
        self._robots[origin] = copy


PARSED = 512 * 1024  # RFC 9309 section 2.5: at least 500 KiB are read, what follows may be left
KEPT = timedelta(hours=24)  # section 2.4
ENDS = timedelta(days=30)  # section 2.3.1.4: what was asked so long ago is not known to be asked still
HOPS = 5  # section 2.3.1.2

Ask = Callable[[Url], Awaitable[Exchange]]


class Robots:
    """The rules of every origin a sweep meets."""

    def __init__(self, memory: Memory, clock: Clock) -> None:
        self._memory, self._clock = memory, clock
        self._rules: dict[str, RobotsRules] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def rules(self, url: Url, ask: Ask) -> RobotsRules | Reading:
        """The rules for `url`'s origin, asked for with `ask` where no copy under 24 hours is kept.

        A 4xx answer, or a redirect that leads off the official hosts, means no rules. Where robots.txt cannot be had
        (429, 5xx, no whole answer) an older copy still holds for 30 days; without one nothing may be asked (RFC 9309
        section 2.3.1.4), and the reading says why.
        """
        async with self._locks.setdefault(url.origin, asyncio.Lock()):
            if url.origin in self._rules:
                return self._rules[url.origin]
            copy, now = self._memory.robots(url.origin), self._clock.now()
            if copy is None or not copy.fetched <= now < copy.expires:
                fresh = await self._fetch(url, ask)
                if isinstance(fresh, RobotsCopy):
                    self._memory.set_robots(url.origin, copy := fresh)
                elif copy is None or now - copy.fetched >= ENDS:
                    return fresh
            rules = self._rules[url.origin] = RobotsRules(_text(copy))
            return rules

    async def _fetch(self, url: Url, ask: Ask) -> RobotsCopy | Reading:
        exchange = await ask(parse(f"{url.origin}/robots.txt"))
        for _ in range(HOPS):
            status, location = exchange.status or 0, header(exchange, "location")
            if exchange.failure or not (300 <= status < 400 and location):
                break
            try:
                target = join(parse(exchange.url), location)
            except ValueError:
                break
            if not is_official(target.host) or refusal("GET", str(target)):
                break
            exchange = await ask(target)
        if exchange.failure is not None and exchange.failure.cause != "too_large":
            return exchange.failure
        status = exchange.status or 0
        if status == 429 or status >= 500:
            return _unreachable(status)
        now = self._clock.now()
        body = exchange.decoded_body[:PARSED] if 200 <= status < 300 else b""
        return RobotsCopy(status=status, body=body, fetched=now, expires=now + KEPT)


def _unreachable(status: int) -> Reading:
    """robots.txt itself was refused or failed: what the site says, not what the page would have said."""
    seen = Seen(str(status), "status")
    if status == 429:
        return Obstructed(obstacle="rate_limit", seen=seen, detail="robots.txt")
    return Unavailable(kind="overloaded" if status in (502, 503, 504) else "server_error", seen=seen)


def _text(copy: RobotsCopy) -> str:
    return copy.body.decode("utf-8", errors="replace").lstrip("\ufeff\ufffd")  # a byte-order mark, whole or not
