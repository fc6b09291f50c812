"""Pages a person was shown, as sittings: what of them is one attempt, and which page says how it ended. Pure.

A sitting is of one démarche, its pages at most half an hour apart, on one legal day. Where any of its pages showed an
opening that could be taken, that is how it ended: a file that kept only the pages after would be one-sided.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Protocol, TypeVar
from zoneinfo import ZoneInfo

from monitor.core.readings import Closed, NoSlot, Obstructed, Reading, Seen, SlotsOpen, Unavailable, Unreadable

GAP: Final = timedelta(minutes=30)  # the longest a person is taken to sit over one page


class Shown(Protocol):
    """A page that was shown: when (aware), of which démarche, and what it says."""

    @property
    def at(self) -> datetime:
        """Aware instant."""
        ...

    @property
    def desk(self) -> Hashable:
        """What tells one démarche's calendar from another."""
        ...


class WithReading(Protocol):
    """A page with its reading."""

    @property
    def reading(self) -> Reading:
        """What it says."""
        ...


P = TypeVar("P", bound=Shown)
A = TypeVar("A", bound=WithReading)


def parted(pages: Iterable[P], zone: ZoneInfo) -> Iterator[tuple[P, ...]]:
    """The sittings these pages are of, by their first page; zone: legal time of the days."""
    by_desk: dict[Hashable, list[list[P]]] = {}
    for page in sorted(pages, key=lambda one: one.at):
        runs = by_desk.setdefault(page.desk, [])
        if not runs or page.at - runs[-1][-1].at > GAP or _day(page, zone) != _day(runs[-1][-1], zone):
            runs.append([])
        runs[-1].append(page)
    yield from sorted((tuple(run) for runs in by_desk.values() for run in runs), key=lambda run: run[0].at)


def _day(page: Shown, zone: ZoneInfo) -> date:
    return page.at.astimezone(zone).date()


def telling(pages: Sequence[A]) -> A:
    """The page that says how a sitting ended: the first with an opening, else the last that is an answer. A page before
    the answer (`mid_visit`) tells only where nothing else was shown."""
    for page in pages:
        if isinstance(page.reading, SlotsOpen) and not page.reading.weak:
            return page
    answers = [page for page in pages if not (isinstance(page.reading, Unreadable) and page.reading.why == "mid_visit")]
    return (answers or pages)[-1]


def kind_of_reading(reading: Reading) -> str:
    """The kind of attempt a page makes: counted as failed only where the site's own words say it is one.

    A refused connection is no `site_down`: without control probes it may be the person's own network.
    """
    match reading:
        case NoSlot():
            return "no_slot"
        case SlotsOpen(weak=False):
            return "slot_offered"
        case Closed():
            return "form_unavailable"
        case Obstructed(obstacle="captcha"):
            return "captcha_wall"
        case Unavailable():
            return "site_down"
        case _:
            return "unreadable"


def sentence(reading: Reading) -> str:
    """The site's own words; an address, a status or a header is none."""
    seen = getattr(reading, "seen", None)
    if not isinstance(seen, Seen) or seen.selector in ("url", "status") or seen.selector.startswith("header:"):
        return ""
    return seen.text
