"""Tallies by UTC hour, added up by legal day and by hour of the week. Pure.

Every zone of a préfecture is whole hours from UTC, so that each hour falls whole into one day and one hour of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from monitor.site.counts import Counts, place_of
from monitor.site.model import MONTH, WEEKS
from monitor.store.kept.tally import HOURS, Kind, hour_of


class _LegalDay(NamedTuple):
    """A UTC day in legal time. first: ordinal of the day its first hour falls into; split: how many hours do.

    cells: hour of the week (0 to 167, from Monday 0 h) of each of its hours.
    """

    first: int
    split: int
    cells: tuple[int, ...]


@lru_cache(maxsize=8192)
def _legal(zone: ZoneInfo, day: int) -> _LegalDay:
    local = [hour_of(day, hour).astimezone(zone) for hour in range(HOURS)]
    days = [at.toordinal() for at in local]
    return _LegalDay(days[0], days.count(days[0]), tuple(at.weekday() * 24 + at.hour for at in local))


class DeskHours:
    """What was counted of one desk. zone: its legal time; last: the last legal day that is told."""

    def __init__(self, zone: ZoneInfo, last: date) -> None:
        self._zone, self._last = zone, last.toordinal()
        self._week_from = self._last - 7 * WEEKS + 1
        self._days: dict[int, list[int]] = {}
        self._cells: dict[int, list[int]] = {}
        self._hours: dict[int, list[int]] = {}
        self._causes: Counter[tuple[str, str | None]] = Counter()

    def add(self, day: int, kind: Kind, hours: Sequence[int]) -> None:
        """Looks of one kind on one UTC day (days since 1970), by hour."""
        assert kind.reading is not None
        first, split, cells = _legal(self._zone, day)
        which = place_of(kind.reading, kind.detail)
        for ordinal, number in ((first, sum(hours[:split])), (first + 1, sum(hours[split:]))):
            if number:
                self._days.setdefault(ordinal, [0, 0, 0, 0])[which] += number
                if ordinal > self._last - MONTH:
                    self._causes[kind.reading, kind.detail] += number
        if first + 1 >= self._week_from:
            for hour, number in enumerate(hours):
                if number and first + (hour >= split) >= self._week_from:
                    self._cells.setdefault(cells[hour], [0, 0, 0, 0])[which] += number
                    self._hours.setdefault(day * HOURS + hour, [0, 0, 0, 0])[which] += number

    @property
    def days(self) -> Mapping[date, Counts]:
        """By legal day, oldest first."""
        return {date.fromordinal(one): Counts(*self._days[one]) for one in sorted(self._days)}

    @property
    def week(self) -> Mapping[tuple[int, int], Counts]:
        """By weekday and hour."""
        return {divmod(cell, 24): Counts(*self._cells[cell]) for cell in sorted(self._cells)}

    @property
    def causes(self) -> Mapping[tuple[str, str | None], int]:
        """Looks of the last days by what they read, most frequent first."""
        return dict(sorted(self._causes.items(), key=lambda one: (-one[1], one[0][0], one[0][1] or "")))

    @property
    def episodes(self) -> int:
        """How often a slot was seen in an hour after one in which the site was read and none was."""
        seen = [bool(counts[1]) for _hour, counts in sorted(self._hours.items()) if sum(counts[:3])]
        return sum(now and not before for before, now in pairwise(seen))

    @property
    def weeks(self) -> int:
        """In how many of the last weeks, counted back from the last day, it was looked at."""
        return len({(self._last - one) // 7 for one in self._days if one >= self._week_from})
