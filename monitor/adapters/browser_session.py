"""The Visitor of platforms that need JavaScript: Chromium opens the page, the polite session beside it asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from monitor.adapters.browser import Browser
from monitor.domain.model import Exchange, Move, Open, Page
from monitor.domain.readings import Reading

if TYPE_CHECKING:
    from monitor.adapters.browser_fetch import Resource
    from monitor.adapters.browser_visit import Visited


class PoliteSession(Protocol):
    """What is asked of the transport's session: one exchange at a time, with its host's pace, robots and caps."""

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """Every exchange so far, robots.txt included."""
        ...

    async def fetch(self, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> Exchange | Reading:
        """Ask once, follow nothing. headers: as the browser would send them, cookies included."""
        ...

    def close(self) -> None:
        """The walk is over."""
        ...


class BrowserSession:
    """Implements `monitor.ports.Session` for visits that open one address. visited: all that the visit brought."""

    def __init__(
        self,
        browser: Browser,
        polite: PoliteSession,
        *,
        zone: str,
        agent: str,
        known: Callable[[], Mapping[str, Resource]] = dict,
        picture: bool = False,
    ) -> None:
        self._browser, self._polite = browser, polite
        self._zone, self._agent, self._known, self._picture = zone, agent, known, picture
        self.visited: Visited | None = None

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """Every exchange of the polite session, in order."""
        return self._polite.exchanges

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
            known=self._known(),
            awaited=first.answer,
            picture=self._picture,
        )
        return self.visited.came

    def close(self) -> None:
        """The walk is over."""
        self._polite.close()
