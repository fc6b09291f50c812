"""Hours and week days of attempts, in the préfecture's legal time; how fresh the last attempt is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time
from itertools import pairwise
from zoneinfo import ZoneInfo

from monitor.domain.case_model import Attempt
from monitor.domain.case_rules import Finding, Rules

DAY_MINUTES = 24 * 60


def grid(attempts: Iterable[Attempt], zone: ZoneInfo) -> tuple[tuple[int, ...], ...]:
    """Attempts by week day (Monday first) and hour: 7 rows of 24; those without an hour are in none."""
    cells = [[0] * 24 for _day in range(7)]
    for one in attempts:
        hour = one.local(zone)
        if hour is not None:
            cells[one.day.weekday()][hour.hour] += 1
    return tuple(map(tuple, cells))


def hours(attempts: Sequence[Attempt], zone: ZoneInfo, release: time | None, rules: Rules) -> list[Finding]:
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


def freshness(attempts: Sequence[Attempt], today: date, rules: Rules) -> list[Finding]:
    """Whether the last attempt is recent: a judge decides on what is still so."""
    if not attempts:
        return []
    last = max(one.day for one in attempts)
    age, limit = (today - last).days, rules.numbers["fresh_days"]
    code = "date_in_future" if age < 0 else "fresh" if age <= limit else "stale"
    return [Finding("c-3", code, {"day": last.isoformat(), "days": age, "limit": limit})]


def _minute(hour: time) -> int:
    return hour.hour * 60 + hour.minute
