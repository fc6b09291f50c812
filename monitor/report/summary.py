"""What can be counted of the observations of one subject: no share without its denominator, no gap left out. Pure.

Days, weeks and hours are those of the préfecture's legal time. Our own failures count apart from what was read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from monitor.report.observed import Observed
from monitor.values import dataclass

DAYS, HOURS = 7, 24


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sweep had to look at. skipped: why, by key; finished: False when it never came to its end."""

    sweep: int
    due: frozenset[str]
    skipped: Mapping[str, str]
    finished: bool

    def only(self, subjects: Set[str]) -> Plan:
        """Of these alone."""
        skipped = {key: why for key, why in self.skipped.items() if key in subjects}
        return replace(self, due=self.due & subjects, skipped=skipped)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """due = done + corrected + damaged + all of missed. failed: done, and nothing could be read or reached.

    corrected: recorded, and counted no more. missed: by reason.
    """

    due: int
    done: int
    failed: int
    damaged: int
    corrected: int
    missed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, aware UTC."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Extent:
    """How observations lie in time. weeks: distinct ISO weeks; days: distinct calendar days, of legal time."""

    count: int
    span: Span
    weeks: int
    days: int

    @property
    def elapsed_days(self) -> float:
        """Days of 24 hours from the first to the last."""
        return self.span.length / timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """An unbroken run of observations that showed slots. after: the first one that said something else, if any."""

    first: Observed
    last: Observed
    count: int
    after: Observed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectSummary:
    """One subject, counted. gap: longest without an observation; unread: longest without one that was read.

    hours: by weekday (Monday first) and hour of legal time, observations and how many of them are NoSlot.
    """

    subject: str
    last: Observed
    coverage: Coverage
    readings: Sequence[tuple[tuple[str, str | None], int]]
    all: Extent
    no_slot: Extent | None
    gap: Span | None
    unread: Span | None
    hours: Sequence[Sequence[tuple[int, int]]]
    openings: Sequence[Opening]

    @property
    def total(self) -> int:
        """Counted observations: the denominator of every share."""
        return self.all.count


def summarise(
    subject: str,
    seen: Sequence[Observed],
    plans: Iterable[Plan],
    zone: ZoneInfo,
    *,
    damaged: Iterable[int] = (),
    corrected: Iterable[int] = (),
    window: tuple[datetime | None, datetime | None] = (None, None),
) -> SubjectSummary:
    """Count the observations of one subject (at least one), in the order of their sequence.

    damaged, corrected: numbers of the sweeps in which a record of it was damaged, or counts no more. window: what was
    asked for; before the first and after the last observation it is a gap too.
    """
    no_slot = [one for one in seen if one.reading == "NoSlot"]
    counts = Counter(one.said for one in seen)
    return SubjectSummary(
        subject=subject,
        last=seen[-1],
        coverage=_coverage(subject, seen, plans, frozenset(damaged), frozenset(corrected)),
        readings=sorted(counts.items(), key=lambda item: (-item[1], item[0][0], item[0][1] or "")),
        all=spread(seen, zone),
        no_slot=spread(no_slot, zone) if no_slot else None,
        gap=longest_gap(seen, window),
        unread=longest_gap([one for one in seen if not one.failed], window),
        hours=_hours(seen, zone),
        openings=openings(seen),
    )


def _coverage(
    subject: str,
    seen: Sequence[Observed],
    plans: Iterable[Plan],
    damaged: frozenset[int],
    corrected: frozenset[int],
) -> Coverage:
    last = {one.sweep: one for one in seen}
    missed = Counter[str]()
    due = done = failed = lost = changed = 0
    for plan in plans:
        if subject not in plan.due:
            continue
        due += 1
        if plan.sweep in last:
            done += 1
            failed += last[plan.sweep].failed
        elif plan.sweep in corrected:
            changed += 1
        elif plan.sweep in damaged:
            lost += 1
        else:
            missed[plan.skipped.get(subject, "unknown" if plan.finished else "killed")] += 1
    return Coverage(due=due, done=done, failed=failed, damaged=lost, corrected=changed, missed=dict(missed))


def spread(seen: Sequence[Observed], zone: ZoneInfo) -> Extent:
    """Of at least one observation."""
    days = {one.started.astimezone(zone).date() for one in seen}
    instants = [one.started for one in seen]
    weeks = {day.isocalendar()[:2] for day in days}
    return Extent(len(seen), Span(min(instants), max(instants)), len(weeks), len(days))


def longest_gap(seen: Sequence[Observed], window: tuple[datetime | None, datetime | None]) -> Span | None:
    """The longest stretch between two observations that follow each other in time, the edges of the window included."""
    edges = [edge for edge in window if edge is not None]
    instants = sorted([*edges, *(one.started for one in seen)])
    return max((Span(a, b) for a, b in pairwise(instants)), key=lambda span: span.length, default=None)


def _hours(seen: Iterable[Observed], zone: ZoneInfo) -> Sequence[Sequence[tuple[int, int]]]:
    total, none = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    for one in seen:
        local = one.started.astimezone(zone)
        cell = local.weekday(), local.hour
        total[cell] += 1
        none[cell] += one.reading == "NoSlot"
    return [[(total[day, hour], none[day, hour]) for hour in range(HOURS)] for day in range(DAYS)]


def openings(seen: Iterable[Observed]) -> list[Opening]:
    """Every run of `SlotsOpen`, weak ones too, in order."""
    out: list[Opening] = []
    run: list[Observed] = []
    for one in seen:
        if one.reading == "SlotsOpen":
            run.append(one)
        elif run:
            out.append(Opening(run[0], run[-1], len(run), one))
            run = []
    return [*out, Opening(run[0], run[-1], len(run), None)] if run else out
