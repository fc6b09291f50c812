"""How attempts are spread over time, by démarche: elapsed days, ISO weeks and distinct days together. Pure.

Conseil d'État, 10 June 2020, 435594: several attempts "n'ayant pas été effectuées la même semaine". The captures of
that file ran from Friday 13 to Wednesday 18 September 2019, in two ISO weeks, and its rejection was upheld: weeks alone
would call it good. Labels are neutral: they name what a file resembles, and predict nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from monitor.domain.case_model import Attempt
from monitor.domain.case_rules import Rules

INSUFFICIENT: Final = "INSUFFICIENT"
FAILED: Final = ("attempt", "anef")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """span_days: from the first attempt's legal day to the last's; missing: what the next label asks, `weeks >= 3`."""

    label: str
    span_days: int
    weeks: int
    days: int
    attempts: int
    written_requests: int
    missing: tuple[str, ...]


def spread_of(events: Iterable[Attempt], rules: Rules) -> Spread:
    """The spread of one démarche's events. Attempts on a site that does not serve the person are not counted."""
    all_ = [*events]
    days = sorted({one.day for one in all_ if counted(one)})
    numbers = {
        "span_days": (days[-1] - days[0]).days if days else 0,
        "weeks": len({day.isocalendar()[:2] for day in days}),
        "days": len(days),
        "written_requests": sum(one.group == "request" for one in all_),
    }
    label, missing = _label(numbers, rules.floors)
    return Spread(label=label, attempts=sum(map(counted, all_)), missing=missing, **numbers)


def counted(one: Attempt) -> bool:
    """True for an attempt that failed, made where the person is served. A block on the ANEF portal is one: the rule
    holds for formalities online as for bookings (CE, 9 June 2022, 453391)."""
    return one.group in FAILED and one.site_serves is not False


def _label(numbers: Mapping[str, int], floors: Mapping[str, Mapping[str, int]]) -> tuple[str, tuple[str, ...]]:
    """The highest label whose every condition, and every lower label's, holds; what the next one lacks."""
    label = INSUFFICIENT
    for name, least in floors.items():
        lacking = tuple(f"{what} >= {value}" for what, value in least.items() if numbers[what] < value)
        if lacking:
            return label, lacking
        label = name
    return label, ()


def by_procedure(events: Iterable[Attempt]) -> dict[str, tuple[Attempt, ...]]:
    """Events by démarche, in the order of the codes: mixed series are split, never merged."""
    out: dict[str, list[Attempt]] = {}
    for one in events:
        out.setdefault(one.procedure, []).append(one)
    return {code: tuple(sorted(out[code], key=lambda e: e.day)) for code in sorted(out)}


def best(spreads: Mapping[str, Spread], rules: Rules) -> str:
    """The démarche with the highest label, then the widest spread."""
    order = [INSUFFICIENT, *rules.floors]
    return max(
        spreads, key=lambda code: (order.index(spreads[code].label), spreads[code].span_days, spreads[code].days)
    )
