"""What sweeps did, counted by subject and hour: looks by reading, gaps by reason, the longest pause before a look.

The whole detail of a reading is kept (`captcha`, `robots`, `timeout` ...), so that any figure is a sum of these: looks
by hour and weekday, days by what was said, and what could not be looked at by cause. Hours are UTC; every zone of a
préfecture is whole hours from it, so each falls whole into one hour, day and week of legal time.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Final, Literal, NamedTuple

from monitor.store.rows import DAY_US, micros
from monitor.values import dataclass

HOURS: Final = 24
HOUR_US: Final = 3_600_000_000
_HOURS: Final = Struct(f"<{HOURS}I")
What = Literal["look", "again", "corrected", "gap", "pause"]


class Kind(NamedTuple):
    """What is counted.

    * look: by reading, detail and, of an opening, the first day it showed (ISO). again: looks that were not the first
      of their sweep; they are in `look` too. corrected: looks that count no more, and are not in `look`.
    * gap: the check was due and not made. detail: why; None where nothing says it.
    * pause: no count, but the longest time since the look before, in seconds; one at least, for 0 is none.
    """

    what: What
    simulated: bool
    reading: str | None = None
    detail: str | None = None
    first_day: str | None = None

    def joined(self, one: int, other: int) -> int:
        """Two numbers of this kind as one."""
        return max(one, other) if self.what == "pause" else one + other


@dataclass(frozen=True, slots=True)
class TallyEnd:
    """The newest sweep in the tallies that are kept, and the latest instant they know of (aware UTC)."""

    sweep: int
    until: datetime


Hours = list[int]
"""24 numbers, by hour of one UTC day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One observation. started: aware instant. first_day: first day offered (ISO), where the page says it.

    corrected: it counts no more.
    """

    check: str
    started: datetime
    reading: str
    detail: str | None
    simulated: bool
    first_day: str | None = None
    corrected: bool = False

    @property
    def kind(self) -> Kind:
        """As what it is counted."""
        if self.corrected:
            return Kind("corrected", self.simulated)
        return Kind("look", self.simulated, self.reading, self.detail, self.first_day)


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

    @property
    def latest(self) -> datetime:
        """The last instant that is known of it."""
        return max([self.finished or self.started, *(one.started for one in self.outcomes)])

    def ended_by(self, until: datetime) -> bool:
        """True when all that is known of it happened before `until`."""
        return self.latest <= until


class Tallies:
    """Counts of sweeps, in the order they were made. only: the checks that are counted, all where None.

    before: when a check was last looked at before the first of these sweeps, of a simulator or of its site; None where
    it was not. simulated: whether the last sweep before them was played.
    """

    def __init__(
        self,
        only: Container[str] | None = None,
        before: Callable[[str, bool], datetime | None] = lambda _check, _simulated: None,
        *,
        simulated: bool = False,
    ) -> None:
        self._only, self._before, self._simulated = only, before, simulated
        self._last: dict[tuple[str, bool], datetime | None] = {}
        self._days: dict[tuple[str, int], dict[Kind, Hours]] = {}

    def add(self, sweep: SweepSeen) -> None:
        """Count one sweep. One without any observation counts with the one before it, as played or not."""
        self._simulated = sweep.outcomes[0].simulated if sweep.outcomes else self._simulated
        done = self.looks(sweep.outcomes)
        if sweep.may_run and not sweep.skipped:
            return
        for check in dict.fromkeys(sweep.due):
            if check in done or (self._only is not None and check not in self._only):
                continue
            why = sweep.skipped.get(check)
            if why is not None or not sweep.may_run:
                self._count(check, sweep.started, Kind("gap", self._simulated, None, why), 1)

    def looks(self, outcomes: Sequence[Outcome]) -> set[str]:
        """Count the observations of one sweep alone. Returns the checks that were looked at."""
        done: set[str] = set()
        for one in outcomes:
            if self._only is not None and one.check not in self._only:
                continue
            self._count(one.check, one.started, one.kind, 1)
            if one.check in done:
                self._count(one.check, one.started, Kind("again", one.simulated), 1)
            done.add(one.check)
            if not one.corrected:
                self._pause(one)
        return done

    def _pause(self, one: Outcome) -> None:
        key = one.check, one.simulated
        before = self._last[key] if key in self._last else self._before(*key)
        self._last[key] = one.started
        if before is not None:
            seconds = (one.started - before) // timedelta(seconds=1)
            self._count(one.check, one.started, Kind("pause", one.simulated), max(seconds, 1))

    def _count(self, check: str, at: datetime, kind: Kind, number: int) -> None:
        day, within = divmod(micros(at), DAY_US)
        hours = self._days.setdefault((check, day), {}).setdefault(kind, [0] * HOURS)
        hour = within // HOUR_US
        hours[hour] = kind.joined(hours[hour], number)

    def drain(self) -> Iterator[tuple[str, int, dict[Kind, Hours]]]:
        """Check, UTC day (days since 1970) and counts of each, and forget them; what was last looked at stays known."""
        days, self._days = self._days, {}
        for (check, day), kinds in days.items():
            yield check, day, kinds


def packed(hours: Hours) -> bytes:
    """As a row keeps them."""
    return _HOURS.pack(*hours)


def unpacked(data: bytes) -> tuple[int, ...]:
    """The inverse of `packed`. Raises struct.error."""
    return _HOURS.unpack(data)


def hour_of(day: int, hour: int) -> datetime:
    """The aware UTC instant at which an hour of a day begins."""
    return datetime.fromtimestamp(day * 86_400 + hour * 3_600, UTC)
