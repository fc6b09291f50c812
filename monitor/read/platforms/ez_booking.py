"""The State websites' booking module (`/booking/create/N`): its walk, up to the calendar and never further."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import field
from datetime import date

from monitor.core.prefecture import Context, Move, NoPageError, Open, Page, Step, Visit
from monitor.core.readings import (
    NoSlot,
    NotYetOpen,
    Obstructed,
    Reading,
    Seen,
    SlotsOpen,
    Unavailable,
    Unreached,
    Unreadable,
)
from monitor.read.pages.text import matches
from monitor.read.platforms.ez_page import EzPage, open_page
from monitor.values import dataclass

CALENDARS = 8  # of the desk's own that a visit looks at; a longer list says so, and how many were read


@dataclass(frozen=True, slots=True)
class EzBooking:
    """One booking of the module. booking: N of its address; 0 where a page is read whose address does not tell it."""

    host: str
    booking: int
    scheme: str = "https"

    @property
    def name(self) -> str:
        """`ez_booking`."""
        return "ez_booking"

    @property
    def url(self) -> str:
        """`https://HOST/booking/create/N`."""
        return f"{self.scheme}://{self.host}/booking/create/{self.booking}"

    @property
    def needs_browser(self) -> bool:
        """Plain forms: False."""
        return False

    def visit(self, context: Context) -> Visit:
        """Conditions, then every calendar whose label matches, to the sentence of step 2 or the cells of step 4."""
        return _Walk(self, context).run()

    def read(self, page: Page, context: Context) -> Reading:
        """What one page of the module says."""
        found = open_page(page)
        return read_page(found, context, self.booking) if isinstance(found, EzPage) else found


@dataclass(slots=True)
class _Walk:
    """One visit under way. An inner walk gives None where the site forgot the session."""

    desk: EzBooking
    context: Context
    announced: NotYetOpen | None = None
    wanted: list[str] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)  # of the first calendars of `wanted`
    openings: list[Reading] = field(default_factory=list)

    def run(self) -> Visit:
        reading = (yield from self._from_start()) or (yield from self._from_start())  # a lost session: once more
        if isinstance(reading, NoSlot) and self.announced:
            reading = self.announced
        return together([*self.openings, reading or Unreadable(why="session_lost", step="0")])

    def _go(self, *move: Step) -> Generator[Move, Page, EzPage | Reading]:
        try:
            page = open_page((yield move))
        except NoPageError as none:  # a failure on the way does not take back an opening already read
            return none.reading
        if isinstance(page, EzPage):
            self.announced = self.announced or announcement(page, self.context)
        return page

    def _open(self, url: str) -> Generator[Move, Page, EzPage | Reading | None]:
        """Open a step and accept the conditions if asked. None when they are asked again after that."""
        page = yield from self._go(Open(url))
        if isinstance(page, EzPage) and page.conditions:
            page = yield from self._go(*page.conditions)
            if isinstance(page, EzPage) and page.conditions:
                return None
        return page

    def _from_start(self) -> Generator[Move, Page, Reading | None]:
        page = yield from self._open(self.desk.url)
        if isinstance(page, EzPage):
            return (yield from self._each(page) if page.calendars else self._answer(page))
        return page

    def _each(self, first: EzPage) -> Generator[Move, Page, Reading | None]:
        """The desk's calendars, one after the other. An obstacle ends the round: the next would meet it too."""
        pattern = self.context.label
        wanted = [c.label for c in first.calendars if pattern is None or matches(pattern, c.label)]
        if not wanted or (self.wanted and wanted != self.wanted):  # another list than before the session was lost
            return _changed("1")
        self.wanted, begun = wanted, len(self.readings)
        for place, label in enumerate(wanted[begun:CALENDARS], begun):
            again = (yield from self._open(f"{self.desk.url}/1")) if place > begun else first
            reading = None if again is None else (yield from self._one(again, label, wanted[:place].count(label)))
            if reading is None:
                return None
            self.readings.append(reading)
            if isinstance(reading, Obstructed | Unavailable | Unreached):
                return together(self.readings)
        if len(wanted) > CALENDARS:  # not every calendar was looked at: no claim about all of them
            self.readings.append(Unreadable(why="too_many", step=f"{CALENDARS}/{len(wanted)}"))
        return together(self.readings)

    def _one(self, page: EzPage | Reading, label: str, before: int) -> Generator[Move, Page, Reading | None]:
        """The calendar with this label, after `before` others that share it."""
        if not isinstance(page, EzPage):
            return page
        same = [calendar for calendar in page.calendars if calendar.label == label]
        if before >= len(same):
            return _changed("1")
        chosen = yield from self._go(*same[before].move)
        lost = isinstance(chosen, EzPage) and chosen.conditions
        return None if lost else (yield from self._answer(chosen))

    def _answer(self, page: EzPage | Reading) -> Generator[Move, Page, Reading]:
        reading = self._read(page)
        if isinstance(page, EzPage) and isinstance(reading, SlotsOpen) and reading.weak and page.onward:
            nearer = self._read((yield from self._go(*page.onward)))
            # What step 3 showed stays true if the calendar cannot be seen, as happens when slots draw a crowd.
            reading = nearer if isinstance(nearer, SlotsOpen) else reading
        if isinstance(reading, SlotsOpen):
            self.openings.append(reading)
        if isinstance(reading, Unreadable) and reading.why == "mid_visit":
            return _changed(reading.step)
        return reading

    def _read(self, page: EzPage | Reading) -> Reading:
        return read_page(page, self.context, self.desk.booking) if isinstance(page, EzPage) else page


def read_page(page: EzPage, context: Context, booking: int) -> Reading:
    """What one page of the module says. A page of another booking is not ours: `layout_changed`."""
    if page.numbers - {booking or page.booking or min(page.numbers, default=0)}:
        return Unreadable(why="layout_changed", seen=Seen(page.url, "url"))
    return page.captcha or _answer(page, context, booking) or _middle(page)


def announcement(page: EzPage, context: Context) -> NotYetOpen | None:
    """The opening recorded by the plugin, if its words are on the page and its instant is still to come."""
    if context.opening is None:
        return None
    words, instant = context.opening
    seen = page.mentions(words) if context.at is None or instant > context.at else None
    return NotYetOpen(seen=seen, opens_at=instant) if seen else None


def _answer(page: EzPage, context: Context, booking: int) -> Reading | None:
    """The answers, positive ones first; None when the page gives none."""
    free, none = page.free(context, booking), page.no_slot or page.no_calendar
    if none is None:
        return free or page.passed
    if not page.is_one or not page.doc.is_whole:
        return None
    if free or page.passed or (page.no_calendar and page.calendars):
        return Unreadable(why="contradictory", seen=none)
    if page.conditions or page.calendars or page.step not in (None, 0, 1, 2):
        return None  # the sentence on the page of another step
    if page.no_slot and (page.step == 0 or not page.checks_availability):
        return None
    if beside := page.beside(context):
        return Unreadable(why="contradictory", seen=beside)
    if page.no_slot is None:
        return NoSlot(seen=none, detail="no_calendar")
    return announcement(page, context) or NoSlot(seen=none)


def _middle(page: EzPage) -> Unreadable:
    if page.conditions:
        return Unreadable(why="mid_visit", step="0")
    if page.calendars and page.step not in (3, 4):
        return Unreadable(why="mid_visit", step="1")
    return _changed(None if page.step is None else str(page.step))


def together(readings: Sequence[Reading]) -> Reading:
    """One reading for the calendars of a desk: an opening wins; no slot only if every calendar said so."""
    openings = [reading for reading in readings if isinstance(reading, SlotsOpen)]
    if openings:
        return min(openings, key=lambda reading: (reading.weak, reading.first_day or date.max))
    return next((reading for reading in readings if not isinstance(reading, NoSlot)), readings[0])


def _changed(step: str | None) -> Unreadable:
    return Unreadable(why="layout_changed", step=step)
