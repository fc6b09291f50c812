"""Chromium, which has no network of its own: one browser a sweep, a fresh context a check.

It renders pages another client has read (JavaScript off), and visits the few that need JavaScript; every request is
intercepted and answered from bytes given or by the polite transport. Started when first needed.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from monitor.core.prefecture import Page
from monitor.fetch.browser.home import BrowserError, BrowserOptions
from monitor.fetch.browser.needs import missing

if TYPE_CHECKING:
    from monitor.fetch.browser.conditions import BrowserConditions
    from monitor.fetch.browser.process import Live
    from monitor.fetch.browser.requests import Answering, Asked, PageAnswer, RefusedRequest, Resource
    from monitor.fetch.browser.shot import Shot
    from monitor.fetch.browser.visit import Visited
    from monitor.fetch.browser.walk import Fetch

RENDER_WITHIN = 15.0
# Headers of a stored answer that change what is seen. Not `Refresh`, `Location` or `Set-Cookie`: nothing moves.
_SHOWN = frozenset(("content-type", "content-language", "content-security-policy", "x-content-type-options"))


class Browser:
    """One Chromium. strays: requests outside any page being read, refused (windows, workers); the last thousand.

    seen: conditions of the browser that was last started, None while none was; they outlive it.
    """

    def __init__(self, options: BrowserOptions | None = None) -> None:
        self._options = options or BrowserOptions()
        self._live: Live | None = None
        self._starting = asyncio.Lock()
        self._pages = asyncio.Semaphore(self._options.pages)
        self.strays: deque[RefusedRequest] = deque(maxlen=1000)
        self.seen: BrowserConditions | None = None

    def absent(self) -> str | None:
        """Why no browser can be had here, in one sentence; None when one can. Starts nothing."""
        match missing(self._options.binary):
            case "libraries":
                return "the browser's libraries are not installed"
            case "chromium":
                return f"Chromium is not at {self._options.binary}"
        return None

    async def conditions(self) -> BrowserConditions:
        """What the browser is and how it really runs. Starts it. Raises BrowserError."""
        return (await self._ready()).conditions

    async def render(
        self,
        page: Page,
        resources: Mapping[str, Resource],
        *,
        zone: str,
        full_page: bool = False,
        read: tuple[str, str] | None = None,
    ) -> Shot:
        """A picture of the very bytes of `page`: JavaScript off, no request answered but from what is given here.

        resources: sub-resources by address. zone: IANA time zone. read: selector and words of the element the reading
        rests on, which the picture then shows with a line around it.

        Raises BrowserError, also for what a browser hands to another program (a PDF).
        """
        from monitor.fetch.browser.process import opened
        from monitor.fetch.browser.shot import box, shoot

        if not _is_shown(page):
            raise BrowserError(f"Chromium cannot show {page.header('content-type') or 'bytes of no stated type'}")
        live = await self._ready()
        with _failing("cannot show the page"):
            async with (
                self._pages,
                asyncio.timeout(RENDER_WITHIN),
                opened(live, _given(page, resources), zone=zone, scripts=False) as one,
            ):
                await one.tab.goto(page.url, wait_until="load", timeout=0)
                boxed = read is not None and await box(one.tab, *read)
                return await shoot(one, "rendered", page.url, page.body, full_page=full_page, boxed=boxed)

    async def visit(
        self,
        url: str,
        fetch: Fetch,
        *,
        zone: str,
        agent: str,
        known: Mapping[str, Resource] | None = None,
        awaited: str | None = None,
        alone: bool = False,
        picture: bool = False,
    ) -> Visited:
        """Open `url` and let its script run, every request made by `fetch` or refused.

        agent: added to the browser's own User-Agent. known: sub-resources fetched earlier that day, by address.
        awaited: regular expression for the path whose answer is the page to read. alone: nothing but the document is
        fetched. Raises BrowserError for our own
        failure; what the site does is in what is returned.
        """
        from monitor.fetch.browser.process import opened
        from monitor.fetch.browser.requests import key
        from monitor.fetch.browser.visit import VISIT_WITHIN, visit
        from monitor.fetch.browser.walk import Walk

        live = await self._ready()
        walk = Walk(fetch, {key(url): one for url, one in (known or {}).items()}, awaited, alone=alone)
        name = f"{live.conditions.user_agent} {agent}"
        with _failing("lost the page"):
            async with (
                self._pages,
                asyncio.timeout(VISIT_WITHIN + RENDER_WITHIN),
                opened(live, walk.answer, zone=zone, agent=name) as one,
            ):
                visited = await visit(one, walk, url, picture=picture)
        if not live.chromium.is_connected():
            raise BrowserError("Chromium died during a visit")
        return visited

    async def aclose(self) -> None:
        """End the browser and remove everything it wrote."""
        live, self._live = self._live, None
        if live is not None:
            from monitor.fetch.browser.process import end

            await end(live.playwright, live.keeper, live.home)

    async def _ready(self) -> Live:
        """The running browser; started, or started anew where it died."""
        async with self._starting:
            if self._live is not None and self._live.chromium.is_connected():
                return self._live
            if self._live is not None:
                await self.aclose()
            if why := self.absent():
                raise BrowserError(why)
            from monitor.fetch.browser.process import start

            self._live = await start(self._options, self.strays)
            self.seen = self._live.conditions
            return self._live


def _is_shown(page: Page) -> bool:
    """True for a type that Chromium itself lays out."""
    kind = (page.header("content-type") or "").partition(";")[0].strip().lower()
    if not kind:
        return not page.body.startswith(b"%PDF")
    return kind.startswith(("text/", "image/")) or kind.endswith(("json", "xml"))


def _given(page: Page, resources: Mapping[str, Resource]) -> Answering:
    """Answers from stored bytes and nothing else."""
    from monitor.fetch.browser.requests import PageAnswer, key, plain

    known = {key(url): resource for url, resource in resources.items()}

    async def answer(asked: Asked) -> PageAnswer | str:
        if asked.first:
            headers = tuple(pair for pair in page.headers if pair[0].lower() in _SHOWN)
            return PageAnswer(200, headers, page.body)  # for an empty 404 Chromium would show a page of its own
        if asked.kind in ("document", "frame"):
            return "another document"
        found = known.get(key(asked.url)) if asked.method == "GET" else None
        return "not among the bytes kept" if found is None else plain(found)

    return answer


@contextmanager
def _failing(what: str) -> Iterator[None]:
    """Playwright's errors and a time that ran out are our own failure."""
    from playwright.async_api import Error as PlaywrightError

    try:
        yield
    except TimeoutError:
        raise BrowserError(f"Chromium {what}: not done in time") from None
    except PlaywrightError as error:
        raise BrowserError(f"Chromium {what}: {str(error).partition(chr(10))[0]}") from None
