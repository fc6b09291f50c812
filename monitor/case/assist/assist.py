"""An assisted attempt: a person does what a site asks in their own window; each page they are shown is read and kept.

Nothing here or below fills, presses or solves anything. Capture ends for good at an open slot, at a page that asks for
personal data, or past the steps that show slots. Reloading, only where asked, is of a page that said there is no slot,
reached by GET, at FLOOR or slower, and stops when the session does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Protocol

from monitor.case.assist.attempt import Author, Ending, Loaded
from monitor.case.assist.pages import line_crossed, markup_tells_address, words_tell_address
from monitor.case.assist.record import Taken, band, unreached
from monitor.core.ports import Clock
from monitor.core.prefecture import Context, Desk, Page, Prefecture
from monitor.core.readings import NoSlot, NotYetOpen, Reading, SlotsOpen, Unreadable
from monitor.core.record import Subject
from monitor.values import dataclass

FLOOR: Final = 5  # minutes between two reloads (PLATFORMS section 1: what worked for weeks)


class Window(Protocol):
    """The person's browser window: what can be watched, and the two things the program may ask of it."""

    @property
    def unsettled(self) -> int:
        """Pages left before they could be read."""
        ...

    async def open(self, url: str) -> None:
        """Open the first address."""
        ...

    async def next(self) -> Loaded | None:
        """The next page that settled; None when the window was closed."""
        ...

    async def picture(self, loaded: Loaded) -> bytes | None:
        """A PNG of the page, or None where it was left, or something was typed in it, meanwhile."""
        ...

    async def reload(self, loaded: Loaded) -> bool:
        """Load that very page again; False where it is no longer the one shown."""
        ...


class Teller(Protocol):
    """What the person is told meanwhile."""

    def step(self, taken: Taken) -> None:
        """A page was read."""
        ...

    def countdown(self, seconds: int) -> None:
        """So long until the page is loaded again."""
        ...

    def waiting(self) -> None:
        """The page will not be loaded again by itself: it is the person's turn."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingTools:
    """What an attempt is made with. banded: the picture under these lines. reload_minutes: None: never."""

    window: Window
    clock: Clock
    teller: Teller
    banded: Callable[[bytes, Sequence[str]], bytes]
    author: Author
    reload_minutes: int | None = None
    simulated: bool = False


class Sitting:
    """One attempt at one desk. taken: the pages read so far, kept whatever ends it. Raises ValueError below FLOOR."""

    def __init__(self, prefecture: Prefecture, desk: Desk, subject: Subject, means: SittingTools) -> None:
        if means.reload_minutes is not None and means.reload_minutes < FLOOR:
            raise ValueError(f"a page is reloaded every {FLOOR} minutes at most")
        self.taken: list[Taken] = []
        self._prefecture, self._desk, self._subject, self._means = prefecture, desk, subject, means

    async def follow(self) -> Ending:
        """Open the desk's address and take in each page until the end. Raises CancelledError when interrupted."""
        window = self._means.window
        await window.open(self._desk.platform.url)
        timer: asyncio.Task[None] | None = None
        try:
            while True:
                loaded = await window.next()
                if timer is not None:
                    timer.cancel()
                    timer = None
                if loaded is None:
                    return "window_closed"
                ending = await self._take(loaded)
                if ending is not None:
                    return ending
                if self._may_reload(loaded):
                    timer = asyncio.create_task(self._reload_later(loaded))
        finally:
            if timer is not None:
                timer.cancel()
                with suppress(asyncio.CancelledError):
                    await timer

    async def _take(self, loaded: Loaded) -> Ending | None:
        page = _as_shown(loaded)
        reading = self._read(loaded, page)
        if page is not None:
            crossed = line_crossed(self._subject.platform, self._subject.url, page, loaded.frames, reading)
            if crossed is not None:
                return crossed
        taken = Taken(at=loaded.at, trigger=loaded.trigger, url=loaded.url, reading=reading, passed=loaded.passed)
        if page is not None:
            self._keep_pages(taken, loaded)
            await self._keep_picture(taken, loaded, page)
        self.taken.append(taken)
        self._means.teller.step(taken)
        return "slots_open" if isinstance(reading, SlotsOpen) and not reading.weak else None

    def _read(self, loaded: Loaded, page: Page | None) -> Reading:
        """What the page shown says. Where the bytes served say the contrary, neither is believed."""
        if page is None:
            return unreached(loaded.failure or "")
        context = Context(
            zone=self._prefecture.zone, at=loaded.at, label=self._desk.pattern, opening=self._desk.opening
        )
        reading = self._desk.platform.read(page, context)
        if loaded.served is not None and loaded.served != page.body and isinstance(reading, NoSlot | SlotsOpen):
            raw = Page(url=loaded.url, status=loaded.status, headers=loaded.headers, body=loaded.served)
            other = self._desk.platform.read(raw, context)
            if isinstance(other, NoSlot | SlotsOpen) and type(other) is not type(reading):
                return Unreadable(why="contradictory", seen=reading.seen)
        return reading

    def _keep_pages(self, taken: Taken, loaded: Loaded) -> None:
        shown = None if loaded.typed or loaded.shown is None else loaded.shown.encode()
        if loaded.typed:
            taken.left_out.append("typed")
        for role, data in (("served", loaded.served), ("shown", shown)):
            if data and markup_tells_address(data):
                taken.left_out.append(f"{role}_tells_an_address")
            elif data:
                taken.files[role] = data

    async def _keep_picture(self, taken: Taken, loaded: Loaded, page: Page) -> None:
        if loaded.typed:
            return
        if words_tell_address(page):
            taken.left_out.append("picture_tells_an_address")
            return
        png = await self._means.window.picture(loaded)
        if png is None:
            taken.left_out.append("no_picture")
            return
        lines = band(self._means.author, self._subject, self._prefecture.office, taken, simulated=self._means.simulated)
        taken.files |= {"picture": png, "banded": self._means.banded(png, lines)}

    def _may_reload(self, loaded: Loaded) -> bool:
        """A page that said there is no slot now, reached by GET; anything else is the person's turn."""
        if self._means.reload_minutes is None:
            return False
        method = loaded.passed[-1].method if loaded.passed else ""
        if isinstance(self.taken[-1].reading, NoSlot | NotYetOpen) and method == "GET" and not loaded.typed:
            return True
        self._means.teller.waiting()
        return False

    async def _reload_later(self, loaded: Loaded) -> None:
        for left in range((self._means.reload_minutes or FLOOR) * 60, 0, -1):
            self._means.teller.countdown(left)
            await self._means.clock.sleep(1.0)
        if not await self._means.window.reload(loaded):
            self._means.teller.waiting()


def _as_shown(loaded: Loaded) -> Page | None:
    """What the reader reads: the document shown; the bytes served where they are no document, are empty, or something
    was typed in it. None where no answer came."""
    if loaded.failure is not None:
        return None
    served, headers = loaded.served, loaded.headers
    kind = next((value for name, value in headers if name.lower() == "content-type"), "text/html").lower()
    if loaded.shown is None or loaded.typed or "html" not in kind or (served is not None and not served.strip()):
        return Page(url=loaded.url, status=loaded.status, headers=headers, body=served or b"")
    told = [(name, value) for name, value in headers if name.lower() != "content-type"]
    told.append(("Content-Type", "text/html; charset=utf-8"))  # the browser's own copy is text already
    return Page(url=loaded.url, status=loaded.status, headers=tuple(told), body=loaded.shown.encode())
