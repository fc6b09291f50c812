"""The person's window, watched: pages as they load, and whether something was typed. Nothing is done in it.

Two things only are asked of the browser on the person's behalf: to open the first address, and to load again the very
page shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final
from weakref import WeakKeyDictionary

from playwright.async_api import BrowserContext, Request
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab

from monitor.case.assist.answers import Times, chain_of, inside, look, passed, tab_of
from monitor.case.assist.attempt import Loaded, Trigger
from monitor.values import dataclass

SETTLE_MS: Final = 3_000  # after `load`, for what the page's own script still asks
PICTURE_MS: Final = 15_000
TALLEST: Final = 16_000  # pixels of a whole page's picture; beyond, what is in view
ABORTED: Final = "net::ERR_ABORTED"  # the person went elsewhere, or a file was downloaded


@dataclass(slots=True)
class _Document:
    """The document of a tab's main frame: the last of its requests, who asked for it, and where it was taken in."""

    request: Request
    trigger: Trigger
    taken_at: str | None = None


@dataclass(frozen=True, slots=True)
class _Event:
    tab: Tab
    document: _Document
    failure: str | None = None


class PersonWindow:
    """Implements `monitor.case.assist.assist.Window`. now: the clock, aware UTC instants."""

    def __init__(self, context: BrowserContext, now: Callable[[], datetime]) -> None:
        self._context, self._now = context, now
        self._events: asyncio.Queue[_Event | None] = asyncio.Queue()
        self._documents: WeakKeyDictionary[Tab, _Document] = WeakKeyDictionary()
        self._times = Times()
        self._next_trigger: Trigger = "start"
        self._where: dict[int, tuple[Tab, _Document]] = {}
        self._watching = True
        self.unsettled = 0
        self.gone = asyncio.Event()
        context.on("request", self._on_request)
        context.on("requestfinished", self._on_finished)
        context.on("requestfailed", self._on_failed)
        context.on("page", self._attach)
        context.on("close", lambda _context: self._leave())

    async def open(self, url: str) -> None:
        """See `Window`. What prevents it is an event like any other."""
        tab = await self._context.new_page()
        with suppress(PlaywrightError):
            await tab.goto(url, wait_until="commit")

    async def next(self) -> Loaded | None:
        """See `Window`."""
        while True:
            event = await self._events.get()
            if event is None:
                return None
            loaded = await self._take(event)
            if loaded is not None:
                self._where = {id(loaded): (event.tab, event.document)}
                return loaded
            if not event.tab.is_closed():
                self.unsettled += 1

    async def picture(self, loaded: Loaded) -> bytes | None:
        """See `Window`."""
        tab, document = self._where[id(loaded)]
        try:
            told = await look(tab)
            if not self._is_still(tab, document) or told["typed"]:
                return None
            png = await tab.screenshot(
                full_page=told["height"] <= TALLEST,
                animations="allow",
                caret="initial",
                scale="css",
                timeout=PICTURE_MS,
            )
            typed = (await look(tab))["typed"]
        except PlaywrightError:
            return None
        return png if self._is_still(tab, document) and tab.url == loaded.url and not typed else None

    async def reload(self, loaded: Loaded) -> bool:
        """See `Window`."""
        tab, document = self._where[id(loaded)]
        try:
            if not self._is_still(tab, document) or tab.url != loaded.url or (await look(tab))["typed"]:
                return False
            self._next_trigger = "reload"
            await tab.reload(wait_until="commit")
        except PlaywrightError:
            return not tab.is_closed()  # no answer came: that is an event of its own
        return True

    def stop_watching(self) -> None:
        """From now on no event is taken in and no address kept; only the window's end is waited for (`gone`)."""
        self._watching = False
        self._times = Times()

    # --- what happens in the window ---------------------------------------------------------------------------------

    def _attach(self, tab: Tab) -> None:
        tab.on("load", self._on_load)
        tab.on("framenavigated", lambda frame: self._on_navigated(tab) if frame is tab.main_frame else None)
        tab.on("close", lambda _tab: self._on_close())

    def _on_request(self, request: Request) -> None:
        if not self._watching or not request.is_navigation_request():
            return
        self._times.began[request] = self._now()
        tab = tab_of(request)
        if tab is None:
            return
        before = self._documents.get(tab)
        if request.redirected_from is not None and before is not None:
            self._documents[tab] = _Document(request, before.trigger)
            return
        self._documents[tab] = _Document(request, self._next_trigger)
        self._next_trigger = "person"

    def _on_finished(self, request: Request) -> None:
        if request in self._times.began:
            self._times.ended[request] = self._now()

    def _on_failed(self, request: Request) -> None:
        tab = tab_of(request)
        if not self._watching or tab is None or request not in self._times.began:
            return
        self._times.ended[request] = self._now()
        failure, document = request.failure or "", self._documents.get(tab)
        if failure != ABORTED and document is not None and document.request is request:
            self._events.put_nowait(_Event(tab, document, failure))

    def _on_load(self, tab: Tab) -> None:
        document = self._documents.get(tab)
        if self._watching and document is not None and tab.url.startswith("http"):
            self._events.put_nowait(_Event(tab, document))

    def _on_navigated(self, tab: Tab) -> None:
        """A change of address inside a document already taken in; a new document says so by its load."""
        document = self._documents.get(tab)
        if self._watching and document is not None and document.taken_at not in (None, _place(tab.url)):
            self._events.put_nowait(_Event(tab, document))

    def _on_close(self) -> None:
        if not self._context.pages:
            self._leave()

    def _leave(self) -> None:
        self.gone.set()
        self._events.put_nowait(None)

    # --- taking a page in --------------------------------------------------------------------------------------------

    async def _take(self, event: _Event) -> Loaded | None:
        """The page of an event; None where the person left it before it could be read, or it was taken in already."""
        tab, document = event.tab, event.document
        try:
            if event.failure is not None:
                chain = [await passed(one, self._times) for one in chain_of(document.request)]
                url, trigger = document.request.url, document.trigger
                return Loaded(url=url, at=self._now(), passed=chain, failure=event.failure, trigger=trigger)
            with suppress(TimeoutError, PlaywrightError):
                await tab.wait_for_load_state("networkidle", timeout=SETTLE_MS)
            return await self._settled(tab, document)
        except PlaywrightError:
            return None

    async def _settled(self, tab: Tab, document: _Document) -> Loaded | None:
        again = document.taken_at is not None
        chain = [await passed(one, self._times) for one in chain_of(document.request)]
        url, shown, frames = tab.url, await tab.content(), await inside(tab)
        typed = bool((await look(tab))["typed"])
        answer = chain[-1]
        unread = typed and (again or answer.body is None)  # nothing is left that was surely not typed
        if unread or answer.status is None or not self._is_still(tab, document) or tab.url != url:
            return None
        document.taken_at = _place(url)
        return Loaded(
            url=url,
            at=self._now(),
            status=answer.status,
            headers=answer.headers,
            served=None if again else answer.body,
            shown=shown,
            frames=frames,
            passed=[] if again else chain,
            typed=typed,
            trigger="person" if again else document.trigger,
        )

    def _is_still(self, tab: Tab, document: _Document) -> bool:
        return not tab.is_closed() and self._documents.get(tab) is document


def _place(url: str) -> str:
    """An address as far as it tells one page from another: routes of an application count, anchors do not."""
    base, _hash, fragment = url.partition("#")
    return url if fragment.startswith(("/", "!")) else base
