"""What a page that needs JavaScript may ask for during a visit, and which of the answers is the page to read.

Requests that leave the page, other hosts, frames, and every POST but the awaited one are refused. Pure but for the
transport it is given; it knows nothing of the browser.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from urllib.parse import urlsplit

from monitor.core.exchange import Exchange
from monitor.core.hosts import is_login, refusal
from monitor.core.prefecture import Page
from monitor.core.readings import Obstructed, Reading, Seen, Unreached, Unreadable, well_formed
from monitor.fetch.browser.requests import Asked, PageAnswer, Resource, key, on_official_host, plain

REQUESTS_AT_MOST = 40  # an Angular page needs about 15; a script that polls must not go on for ever
REDIRECTS = 10
_REDIRECT = frozenset((301, 302, 303, 307, 308))
_STATIC = frozenset(("stylesheet", "script", "image", "font"))
_DATA = frozenset(("xhr", "fetch", "eventsource"))
_FETCHED = frozenset(("document", "stylesheet", "script", "xhr", "fetch"))  # images and fonts only for a picture

Fetch = Callable[[str, str, Sequence[tuple[str, str]], bytes], Awaitable[Exchange | Reading]]
"""(method, url, headers, body) to the exchange the polite transport made, or the reading that says why it made none."""


class Walk:
    """Decides about each request of one visit, and remembers what came of it.

    known: sub-resources fetched earlier that day, by normalised address. awaited: the path whose answer is the page to
    read. alone: the document is fetched and nothing it names.
    """

    def __init__(
        self, fetch: Fetch, known: Mapping[str, Resource], awaited: str | None, *, alone: bool = False
    ) -> None:
        self._fetch, self._known = fetch, known
        self._awaited = re.compile(awaited) if awaited else None
        self._fetched = frozenset(("document",)) if alone else _FETCHED
        self._hops = 0
        self._requests = 0
        self._outcome: Exchange | Reading | None = None
        self._answer: Exchange | Reading | None = None
        self._asked = False
        self._short = False
        self.exchanges: list[Exchange] = []
        self.answered = asyncio.Event()

    async def answer(self, asked: Asked) -> PageAnswer | str:
        """The answer for Chromium, or why it gets none."""
        awaited = self._is_awaited(asked)
        answer = await self._decide(asked, awaited=awaited)
        if isinstance(answer, str) and asked.kind in _DATA:
            self.fell_short()
        return answer

    async def _decide(self, asked: Asked, *, awaited: bool) -> PageAnswer | str:
        if why := self._against(asked, awaited=awaited):
            if asked.first:
                self._outcome = self._ends_at(asked.url, why)
            return why
        known = self._known.get(key(asked.url)) if asked.kind in _STATIC else None
        if known is not None:
            return plain(known)
        if asked.kind not in self._fetched:
            return "not fetched in a visit"
        self._requests += 1
        self._asked |= awaited
        came = await self._fetch(asked.method, asked.url, asked.headers, asked.body)
        return self._kept(asked, came, awaited=awaited)

    def came(self, dom: str | None, *, crashed: bool) -> Page | Reading:
        """The page to read. dom: the final document, None where Chromium shows none. crashed: or did not come to rest.

        Where an answer is awaited, what a script wrote into the page is never read: it may rest on data not seen.
        """
        document = self._outcome
        if document is None:
            return Unreadable(why="mid_visit", step="the browser asked for nothing")
        if not isinstance(document, Exchange):
            return document
        if document.status in _REDIRECT:  # Chromium itself would not follow: a scheme no page may send to
            return Unreached(cause="redirects", detail=f"not followed from {document.url}")
        if self._awaited is None:
            if crashed:
                return Unreadable(why="mid_visit", step="the page's script did not come to rest")
            if self._short and dom is not None:
                return Unreadable(why="mid_visit", step="the page's script was not given all it asked for")
            return _page(document, dom)
        if self._answer is not None:
            return _page(self._answer) if isinstance(self._answer, Exchange) else self._answer
        if self._asked:
            return Unreached(cause="timeout", detail="the answer the page's script asked for did not come")
        return _page(document)

    def fell_short(self) -> None:
        """The page's script asked for data it did not get: what it then wrote is not what a visitor would see."""
        self._short = True

    @property
    def waits(self) -> bool:
        """Whether an answer to a request of the page's script is waited for."""
        return self._awaited is not None

    @property
    def document(self) -> Exchange | None:
        """The exchange that brought the document."""
        return self._outcome if isinstance(self._outcome, Exchange) else None

    def _is_awaited(self, asked: Asked) -> bool:
        """A request of the page's script to its own host, of the path that is waited for."""
        if self._awaited is None or self.document is None:
            return False
        if asked.kind not in ("xhr", "fetch") or asked.method not in ("GET", "POST"):
            return False
        parts = urlsplit(asked.url)
        own = parts.hostname == urlsplit(self.document.url).hostname
        return own and self._awaited.search(parts.path) is not None

    def _against(self, asked: Asked, *, awaited: bool) -> str | None:
        if asked.kind == "frame":
            return "a document inside the page"
        if asked.kind == "document" and not asked.first:
            return "leaves the page"
        if why := refusal(asked.method, asked.url):
            return why
        if not on_official_host(asked.url):
            return "not an official host"
        if asked.method not in ("GET", "HEAD") and not awaited:
            return f"{asked.method} of the page's script"
        if asked.first and self._hops > REDIRECTS:
            return f"more than {REDIRECTS} redirects"
        if self._requests >= REQUESTS_AT_MOST:
            return f"more than {REQUESTS_AT_MOST} requests"
        return None

    def _ends_at(self, url: str, why: str) -> Reading:
        """The reading of a walk to the document that is not continued."""
        if self._hops and is_login(url):
            return Obstructed(obstacle="login", seen=Seen(url, "header:location"))
        return Unreached(cause="redirects", detail=f"not followed: {why}")

    def _kept(self, asked: Asked, came: Exchange | Reading, *, awaited: bool) -> PageAnswer | str:
        if isinstance(came, Exchange):
            self.exchanges.append(came)
        outcome = came.failure or came if isinstance(came, Exchange) else came
        if asked.first:
            self._outcome, self._hops = outcome, self._hops + 1
        if awaited:
            self._answer = outcome
            self.answered.set()
        if isinstance(outcome, Exchange) and outcome.status is not None:
            return PageAnswer(outcome.status, outcome.headers, outcome.decoded_body)
        return f"no answer: {type(outcome).__name__}"


def _page(exchange: Exchange, dom: str | None = None) -> Page:
    """The answer as received, or the document a script made of it."""
    if dom is None:
        return Page(url=exchange.url, status=exchange.status or 0, headers=exchange.headers, body=exchange.decoded_body)
    headers = tuple(pair for pair in exchange.headers if pair[0].lower() != "content-type")
    typed = (*headers, ("Content-Type", "text/html; charset=utf-8"))
    return Page(url=exchange.url, status=exchange.status or 0, headers=typed, body=well_formed(dom).encode())
