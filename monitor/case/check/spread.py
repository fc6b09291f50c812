"""How attempts are spread over time, by démarche: elapsed days, ISO weeks and distinct days together. Pure.

Conseil d'État, 10 June 2020, 435594: several attempts "n'ayant pas été effectuées la même semaine". The captures of
that file ran from Friday 13 to Wednesday 18 September 2019, in two ISO weeks, and its rejection was upheld: weeks
alone would call it good. Labels are neutral: they name what a file resembles, and predict nothing. One that bears a
decision's name asks for what that decision's file had, captures first, and for nothing it is not known to have had.

Hours and week days of attempts, in the préfecture's legal time; how fresh the last attempt is. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from monitor.case.check.rules import CaseRules, Finding
from monitor.case.model import Attempt
from monitor.values import dataclass

INSUFFICIENT: Final = "INSUFFICIENT"
FAILED: Final = ("attempt", "anef")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """span_days: from the first attempt's legal day to the last's; missing: what the next label asks, `weeks >= 3`.

    captures: attempts that something of their own shows; capture_months: calendar months they were made in.
    """

    label: str
    span_days: int
    weeks: int
    days: int
    attempts: int
    written_requests: int
    captures: int
    capture_span_days: int
    capture_months: int
    missing: tuple[str, ...]


def spread_of(events: Iterable[Attempt], rules: CaseRules) -> Spread:
    """The spread of one démarche's events. Attempts on a site that does not serve the person are not counted."""
    all_ = [*events]
    days = sorted({one.day for one in all_ if counted(one)})
    shown = sorted(one.day for one in own_captures(all_))
    numbers = {
        "span_days": _span(days),
        "weeks": len({day.isocalendar()[:2] for day in days}),
        "days": len(days),
        "written_requests": sum(one.group == "request" for one in all_),
        "captures": len(shown),
        "capture_span_days": _span(shown),
        "capture_months": len({(day.year, day.month) for day in shown}),
    }
    label, missing = _label(numbers, rules.floors)
    return Spread(label=label, attempts=sum(map(counted, all_)), missing=missing, **numbers)


def own_captures(events: Iterable[Attempt]) -> Iterator[Attempt]:
    """The attempts that something of their own shows: a file joined to an earlier one, byte for byte, shows nothing of
    a later moment, unless a record of that moment came with it: a site says the same in the same pixels for weeks."""
    seen: set[str] = set()
    for one in sorted(events, key=lambda e: e.day):
        if counted(one) and one.captured:
            digests = {file.sha256 for file in one.files}
            if one.listed or one.recorded or digests - seen:
                yield one
            seen |= digests


def counted(one: Attempt) -> bool:
    """True for an attempt that failed, made where the person is served and at a desk of foreigners. A block on the ANEF
    portal is one: the rule holds for formalities online as for bookings (CE, 9 June 2022, 453391)."""
    return one.group in FAILED and one.site_serves is not False and one.erratum is None


def _span(days: Sequence[date]) -> int:
    return (days[-1] - days[0]).days if days else 0


def _label(numbers: Mapping[str, int], floors: Mapping[str, Mapping[str, int]]) -> tuple[str, tuple[str, ...]]:
    """The highest label whose every condition holds; what the next one up lacks."""
    lacking = {
        name: tuple(f"{what} >= {value}" for what, value in least.items() if numbers[what] < value)
        for name, least in floors.items()
    }
    names = [*floors]
    held = max((n for n, name in enumerate(names) if not lacking[name]), default=-1)
    label = names[held] if held >= 0 else INSUFFICIENT
    return label, lacking[names[held + 1]] if held + 1 < len(names) else ()


def by_procedure(events: Iterable[Attempt]) -> dict[str, tuple[Attempt, ...]]:
    """Events by démarche, in the order of the codes: mixed series are split, never merged."""
    out: dict[str, list[Attempt]] = {}
    for one in events:
        out.setdefault(one.procedure, []).append(one)
    return {code: tuple(sorted(out[code], key=lambda e: e.day)) for code in sorted(out)}


def best(spreads: Mapping[str, Spread], rules: CaseRules) -> str:
    """The démarche with the highest label, then the widest spread."""
    order = [INSUFFICIENT, *rules.floors]
    return max(
        spreads, key=lambda code: (order.index(spreads[code].label), spreads[code].span_days, spreads[code].days)
    )


DAY_MINUTES = 24 * 60


def grid(attempts: Iterable[Attempt], zone: ZoneInfo) -> tuple[tuple[int, ...], ...]:
    """Attempts by week day (Monday first) and hour: 7 rows of 24; those without an hour are in none."""
    cells = [[0] * 24 for _day in range(7)]
    for one in attempts:
        hour = one.local(zone)
        if hour is not None:
            cells[one.day.weekday()][hour.hour] += 1
    return tuple(map(tuple, cells))


def hours(attempts: Sequence[Attempt], zone: ZoneInfo, release: time | None, rules: CaseRules) -> list[Finding]:
    """Whether one hour only was tried, and whether the hour of publication was, where one is published."""
    known = [_minute(hour) for one in attempts if (hour := one.local(zone)) is not None]
    out = []
    if len(known) < len(attempts):
        out.append(Finding("c-2", "hours_unknown", {"n": len(attempts) - len(known), "of": len(attempts)}))
    band = rules.numbers["same_hour_minutes"]
    if len(known) > 1:
        one_hour = shortest_arc(known) <= band
        values = {"n": len(known), "minutes": band}
        out.append(Finding("c-2", "hours_same" if one_hour else "hours_varied", values))
    if release is not None and known:
        near = rules.numbers["release_minutes"]
        distance = min(min(d := abs(m - _minute(release)), DAY_MINUTES - d) for m in known)
        code = "release_tested" if distance <= near else "release_untested"
        out.append(Finding("c-2", code, {"hour": f"{release:%H:%M}", "minutes": near}))
    return out


def shortest_arc(minutes: Sequence[int]) -> int:
    """Minutes of the shortest stretch of the clock that holds them all: 23:30 and 00:30 are an hour apart."""
    on_clock = sorted(set(minutes))
    gaps = [b - a for a, b in pairwise(on_clock)]
    return DAY_MINUTES - max([*gaps, DAY_MINUTES - on_clock[-1] + on_clock[0]])


def freshness(attempts: Sequence[Attempt], today: date, rules: CaseRules) -> list[Finding]:
    """Whether the last attempt is recent: a judge decides on what is still so."""
    if not attempts:
        return []
    last = max(one.day for one in attempts)
    age, limit = (today - last).days, rules.numbers["fresh_days"]
    code = "fresh" if age <= limit else "stale"
    return [Finding("c-3", code, {"day": last.isoformat(), "days": age, "limit": limit})]


def _minute(hour: time) -> int:
    return hour.hour * 60 + hour.minute
