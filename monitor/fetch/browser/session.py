"""The Visitor of platforms that need JavaScript: Chromium opens the page, the polite session beside it asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from monitor.core.exchange import Exchange
from monitor.core.prefecture import Move, Open, Page
from monitor.core.readings import Reading
from monitor.core.record import Browsed
from monitor.fetch.browser.browser import Browser

if TYPE_CHECKING:
    from monitor.fetch.browser.requests import Resource
    from monitor.fetch.browser.visit import Visited


class PoliteSession(Protocol):
    """What is asked of the transport's session: one exchange at a time, with its host's pace, robots and caps."""

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """Every exchange so far, robots.txt included."""
        ...

    @property
    def asked(self) -> bool:
        """True once a request has left, or was about to."""
        ...

    async def fetch(self, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> Exchange | Reading:
        """Ask once, follow nothing. headers: as the browser would send them, cookies included."""
        ...

    def close(self) -> None:
        """The walk is over."""
        ...


class PoliteVisitor(Protocol):
    """The transport's visitor, whose sessions can ask."""

    def session(self, check_id: str) -> PoliteSession:
        """A fresh session."""
        ...

    def closed(self, host: str) -> str | None:
        """Why a host is left alone for now, or None."""
        ...

    async def reached(self) -> bool:
        """Control probes."""
        ...


class ChromiumVisitor:
    """Implements `core.ports.Visitor` for platforms that need JavaScript. polite and browser belong to the caller.

    agent: the User-Agent of a check, by its id. known: sub-resources that
    need not be asked for again, by address; a sweep has none, so each visit asks for its scripts, at the host's pace.
    """

    def __init__(
        self,
        browser: Browser,
        polite: PoliteVisitor,
        *,
        agent: Callable[[str], str],
        known: Callable[[], Mapping[str, Resource]] = dict,
    ) -> None:
        self._browser, self._polite, self._agent, self._known = browser, polite, agent, known

    def absent(self) -> str | None:
        """Why no browser can be had here, in one sentence; None when one can."""
        return self._browser.absent()

    def session(
        self, check_id: str, *, zone: str = "Europe/Paris", alone: bool = False, picture: bool = False
    ) -> ChromiumSession:
        """A fresh walk in a context of its own. zone: IANA time zone of the préfecture. alone: only the document."""
        return ChromiumSession(
            self._browser,
            self._polite.session(check_id),
            zone=zone,
            agent=self._agent(check_id),
            known=self._known(),
            alone=alone,
            picture=picture,
        )

    def closed(self, host: str) -> str | None:
        """Why nothing is asked of a host now: it is left alone, or there is no browser here."""
        return self._browser.absent() or self._polite.closed(host)

    async def reached(self) -> bool:
        """Control probes: True when our own network answers."""
        return await self._polite.reached()

    async def aclose(self) -> None:
        """End the browser."""
        await self._browser.aclose()


class ChromiumSession:
    """Implements `monitor.core.ports.Session` for visits that open one address. visited: all that the visit brought."""

    def __init__(
        self,
        browser: Browser,
        polite: PoliteSession,
        *,
        zone: str,
        agent: str,
        known: Mapping[str, Resource],
        alone: bool = False,
        picture: bool = False,
    ) -> None:
        self._browser, self._polite = browser, polite
        self._zone, self._agent, self._known, self._alone, self._picture = zone, agent, known, alone, picture
        self.visited: Visited | None = None

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """Every exchange of the polite session, in order."""
        return self._polite.exchanges

    @property
    def asked(self) -> bool:
        """True once a request of the polite session has left, or was about to."""
        return self._polite.asked

    @property
    def browsed(self) -> Browsed | None:
        """What a record says of this visit; None where there was none."""
        visited, seen = self.visited, self._browser.seen
        if visited is None or seen is None:
            return None
        return Browsed(
            name=seen.name,
            used=tuple((one.url, one.kind, one.sha256) for one in visited.used),
            refused=tuple((one.method, one.url, one.kind, one.why) for one in visited.refused),
        )

    async def perform(self, move: Move, page: Page | None) -> Page | Reading:
        """Open the one address of the visit: the answer its `Open.answer` names, else the final DOM.

        Raises BrowserError where our own browser failed, RuntimeError for a move a browser visit does not have.
        """
        first = move[0]
        if self.visited is not None or page is not None or len(move) != 1 or not isinstance(first, Open):
            raise RuntimeError(f"a browser visit opens one address and does nothing else: {move!r}")
        self.visited = await self._browser.visit(
            first.url,
            self._polite.fetch,
            zone=self._zone,
            agent=self._agent,
            known=self._known,
            awaited=first.answer,
            alone=self._alone,
            picture=self._picture,
        )
        return self.visited.came

    def close(self) -> None:
        """The walk is over."""
        self._polite.close()
