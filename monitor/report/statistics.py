"""How often each desk said what: counts by préfecture, procedure and ISO week, never without what they are counted of.

A week is the ISO week in the préfecture's legal time. `due` counts the checks that sweeps had planned; each was done,
skipped for a stated reason, or is missing (a sweep that died). `looks` counts observations: a weak opening is looked at
twice in one sweep. What was recorded and counts no more (`corrected`) was done and is no look. What our own network
prevented says nothing of a site and is left out of `asked`, of which the
shares are. What a simulator played is never added to what a site said, nor a gap to either that is not its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, timedelta
from functools import cache
from statistics import median
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from monitor.store.forward import SETTLED_AFTER
from monitor.store.kept.tally import HOURS, Kind, SweepSeen, Tallies, hour_of
from monitor.values import dataclass

PUBLIC_AFTER: Final = SETTLED_AFTER  # figures that are shown to the public are at least this old
OURS: Final = ("Unreached", "vantage_offline")


class Counted(NamedTuple):
    """A reading as it is counted: a class name and its detail (`detail_of`: `captcha`, `by_data`, `timeout` ...)."""

    reading: str
    detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPlace:
    """Where a check belongs. check: `95/slug`; procedure: empty where nothing tells it."""

    check: str
    prefecture: str
    procedure: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Key:
    """What counts are kept by. week: `2026-W47`."""

    prefecture: str
    procedure: str
    week: str
    simulated: bool

    def order(self) -> tuple[Any, ...]:
        """As INSEE lists codes (overseas last), then procedure, then time; what was simulated last."""
        return self.simulated, len(self.prefecture), self.prefecture, self.procedure, self.week


@dataclass(slots=True)
class ReadingTally:
    """The counts of one key. done: checks with an observation; said: observations by kind; waits: days to first_day.

    corrected: observations that count no more, and are in none of the others but `done`.
    longest_gap: between two looks at one desk, attributed to the week of the later one; None: no two looks.
    """

    due: int = 0
    done: int = 0
    missing: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    said: Counter[Counted] = field(default_factory=Counter)
    waits: list[int] = field(default_factory=list)
    corrected: int = 0
    longest_gap: timedelta | None = None

    @property
    def looks(self) -> int:
        """Observations."""
        return self.said.total()

    @property
    def asked(self) -> int:
        """Observations that say something of the site: the denominator of every share."""
        return self.looks - self.said[Counted(*OURS)]

    def share(self, said: Counted) -> float | None:
        """Share of a reading, 0 to 1; None for what is ours, and where nothing was asked."""
        return self.said[said] / self.asked if self.asked and said != OURS else None

    @property
    def wait_median(self) -> float | None:
        """Median number of days from a look to the first day it showed, over the looks that showed one."""
        return median(self.waits) if self.waits else None

    @property
    def wait_p90(self) -> int | None:
        """Ninth decile of the same, by nearest rank: a number of days that was really offered."""
        return sorted(self.waits)[-(-9 * len(self.waits) // 10) - 1] if self.waits else None


class Statistics:
    """Counts, sweep after sweep. places: the checks that are counted, by key; others (notices) are passed over."""

    def __init__(
        self, places: Mapping[str, DeskPlace], *, until: datetime | None = None, following: Tallies | None = None
    ) -> None:
        """until: aware; sweeps of which anything is younger are left out. None: all are counted.

        following: tallies that know what came before the first sweep added.
        """
        self.left_out = 0
        self._places, self._until = places, until
        self._sweeps = Tallies(places.keys()) if following is None else following
        self._tallies: dict[Key, ReadingTally] = {}

    def add(self, sweep: SweepSeen) -> None:
        """Count one sweep; in the order they were made. One without any observation counts with the one before it."""
        if self._until is not None and not sweep.ended_by(self._until):
            self.left_out += 1
        else:
            self._sweeps.add(sweep)

    def count(self, check: str, day: int, kind: Kind, hours: Sequence[int]) -> None:
        """Add what was counted of one check on one UTC day (days since 1970)."""
        place = self._places[check]
        weeks = _weeks(place.zone, day)
        if weeks[0] == weeks[-1] and kind.first_day is None:
            number = max(hours) if kind.what == "pause" else sum(hours)
            _join(self._of(place, weeks[0], kind), kind, number)
            return
        for hour, number in enumerate(hours):
            if number:
                tally = self._of(place, weeks[hour], kind)
                _join(tally, kind, number)
                if kind.first_day is not None:
                    tally.waits += _waits(kind.first_day, hour_of(day, hour).astimezone(place.zone).date(), number)

    def _of(self, place: DeskPlace, week: str, kind: Kind) -> ReadingTally:
        key = Key(place.prefecture, place.procedure, week, kind.simulated)
        return self._tallies.setdefault(key, ReadingTally())

    def rows(self) -> list[tuple[Key, ReadingTally]]:
        """Every key with its counts, in the order of `Key.order`."""
        for check, day, counts in self._sweeps.drain():
            for kind, hours in counts.items():
                self.count(check, day, kind, hours)
        return sorted(self._tallies.items(), key=lambda item: item[0].order())


@cache
def _weeks(zone: ZoneInfo, day: int) -> Sequence[str]:
    """The ISO week of each hour of a UTC day, in legal time."""
    first, last = (_week(hour_of(day, hour), zone) for hour in (0, HOURS - 1))
    return [first] * HOURS if first == last else [_week(hour_of(day, hour), zone) for hour in range(HOURS)]


def _week(at: datetime, zone: ZoneInfo) -> str:
    year, week, _day = at.astimezone(zone).isocalendar()
    return f"{year}-W{week:02d}"


def _join(tally: ReadingTally, kind: Kind, number: int) -> None:
    match kind.what:
        case "look":
            assert kind.reading is not None
            tally.said[Counted(kind.reading, kind.detail)] += number
            tally.due, tally.done = tally.due + number, tally.done + number
        case "corrected":
            tally.corrected += number
            tally.due, tally.done = tally.due + number, tally.done + number
        case "again":  # one check, and a look more
            tally.due, tally.done = tally.due - number, tally.done - number
        case "gap":
            tally.due += number
            if kind.detail is None:
                tally.missing += number
            else:
                tally.skipped[kind.detail] += number
        case "pause":
            tally.longest_gap = max(tally.longest_gap or timedelta(0), timedelta(seconds=number))


def _waits(first_day: str, looked: date, number: int) -> list[int]:
    wait = (date.fromisoformat(first_day) - looked).days
    return [wait] * number if wait >= 0 else []  # a day before the look is an old page's, and no wait


def summed(tallies: Iterable[ReadingTally]) -> ReadingTally:
    """Several tallies as one."""
    out = ReadingTally()
    for one in tallies:
        out.due, out.done, out.missing = out.due + one.due, out.done + one.done, out.missing + one.missing
        out.skipped.update(one.skipped)
        out.said.update(one.said)
        out.waits += one.waits
        out.corrected += one.corrected
        if one.longest_gap is not None:
            out.longest_gap = max(out.longest_gap or timedelta(0), one.longest_gap)
    return out
