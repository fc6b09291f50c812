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
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

PUBLIC_AFTER: Final = timedelta(hours=24)  # figures that are shown to the public are at least this old
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One observation. started: aware instant. first_day: first day offered, where the page says it.

    corrected: it counts no more.
    """

    check: str
    started: datetime
    reading: str
    detail: str | None
    simulated: bool
    first_day: date | None = None
    corrected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepSeen:
    """One sweep. started, finished: aware; finished is None for one that died. due: keys planned; skipped: key to why.

    may_run: it is the last one and not finished, so what it has not done yet is not missing.
    """

    started: datetime
    finished: datetime | None
    due: Sequence[str]
    skipped: Mapping[str, str]
    outcomes: Sequence[Outcome]
    may_run: bool = False

    def ended_by(self, until: datetime) -> bool:
        """True when all that is known of it happened before `until`."""
        return max([self.finished or self.started, *(one.started for one in self.outcomes)]) <= until


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

    def __init__(self, places: Mapping[str, DeskPlace], *, until: datetime | None = None) -> None:
        """until: aware; sweeps of which anything is younger are left out. None: all are counted."""
        self.tallies: dict[Key, ReadingTally] = {}
        self.left_out = 0
        self._places, self._until = places, until
        self._last: dict[tuple[str, bool], datetime] = {}
        self._simulated = False

    def add(self, sweep: SweepSeen) -> None:
        """Count one sweep; in the order they were made. One without any observation counts with the one before it."""
        if self._until is not None and not sweep.ended_by(self._until):
            self.left_out += 1
            return
        self._simulated = sweep.outcomes[0].simulated if sweep.outcomes else self._simulated
        done: set[str] = set()
        for one in sweep.outcomes:
            if (place := self._places.get(one.check)) is not None:
                self._look(one, place, first=one.check not in done)
                done.add(one.check)
        for check in dict.fromkeys(sweep.due):
            if (place := self._places.get(check)) is not None and check not in done:
                self._gap(sweep, place)

    def _look(self, one: Outcome, place: DeskPlace, *, first: bool) -> None:
        tally = self._of(place, one.started, one.simulated)
        tally.due += first
        tally.done += first
        if one.corrected:
            tally.corrected += 1
            return
        tally.said[Counted(one.reading, one.detail)] += 1
        if one.reading == "SlotsOpen" and one.first_day is not None:
            wait = (one.first_day - one.started.astimezone(place.zone).date()).days
            tally.waits += [wait] if wait >= 0 else []  # a day before the look is an old page's, and no wait
        before = self._last.get((one.check, one.simulated))
        self._last[one.check, one.simulated] = one.started
        if before is not None:
            tally.longest_gap = max(tally.longest_gap or timedelta(0), one.started - before)

    def _gap(self, sweep: SweepSeen, place: DeskPlace) -> None:
        why = sweep.skipped.get(place.check)
        if why is None and sweep.may_run:
            return
        tally = self._of(place, sweep.started, self._simulated)
        tally.due += 1
        if why is None:
            tally.missing += 1
        else:
            tally.skipped[why] += 1

    def _of(self, place: DeskPlace, at: datetime, simulated: bool) -> ReadingTally:
        year, week, _day = at.astimezone(place.zone).isocalendar()
        key = Key(place.prefecture, place.procedure, f"{year}-W{week:02d}", simulated)
        return self.tallies.setdefault(key, ReadingTally())

    def rows(self) -> list[tuple[Key, ReadingTally]]:
        """Every key with its counts, in the order of `Key.order`."""
        return sorted(self.tallies.items(), key=lambda item: item[0].order())


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
