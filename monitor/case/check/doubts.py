"""What is doubted of an attempt: its date, or whether the picture that came with it is its own. Pure.

A date in the future is impossible. One long before the case is seldom meant, and the person may confirm it. A picture
that also stands for another moment, or says it was made at another one, contradicts what was written down: whoever
reads the court file sees it, so it stays doubted, and no draft counts it. What `vigie assist` or the extension kept
bears the hour of its own clock. Papers may be of any age: an old refusal is no slip.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import PurePath
from typing import Final, Literal
from zoneinfo import ZoneInfo

from monitor.case.check.rules import CaseRules
from monitor.case.check.windows import add_months
from monitor.case.model import Attempt, Facts, FileRef, Group, moment
from monitor.values import dataclass

Doubted = Literal["future_date", "before_case", "same_file", "picture_date"]
CAPTURES: Final[tuple[Group, ...]] = ("attempt", "seen", "anef", "after")
TRIED: Final[tuple[Group, ...]] = (*CAPTURES, "ccc", "pan", "request")
PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".gif", ".pdf"})
DATES: Final[tuple[Doubted, ...]] = ("future_date", "before_case", "picture_date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One reason to doubt an attempt. other: the attempt whose picture it also bears. since: the day before which it is
    seldom meant."""

    code: Doubted
    event: Attempt
    other: Attempt | None = None
    since: date | None = None


def doubts(
    events: Iterable[Attempt], facts: Facts, now: date | datetime, rules: CaseRules, begun: date | None = None
) -> tuple[Doubt, ...]:
    """Every doubt, by day. now: the préfecture's legal day, or an aware instant, for hours of today as well.

    begun: the day the case was opened, None for a list of attempts.
    """
    zone = ZoneInfo(facts.zone)
    today = now.astimezone(zone).date() if isinstance(now, datetime) else now
    since = facts.arrived or (add_months(begun, -rules.numbers["before_case_months"]) if begun else None)
    out: list[Doubt] = []
    seen: dict[str, Attempt] = {}
    for one in sorted(events, key=lambda e: (e.day, e.at.timestamp() if e.at else 0.0, e.number)):
        late = isinstance(now, datetime) and one.at is not None and one.at > now
        if one.day > today or late:
            out.append(Doubt(code="future_date", event=one))
        if since and one.day < since and one.group in TRIED and not one.confirmed:
            out.append(Doubt(code="before_case", event=one, since=since))
        if one.group not in CAPTURES or one.recorded:
            continue
        if contradicted(one, zone, rules):
            out.append(Doubt(code="picture_date", event=one))
        shown = pictures_of(one)
        if (other := next((seen[file.sha256] for file in shown if file.sha256 in seen), None)) is not None:
            out.append(Doubt(code="same_file", event=one, other=other))
        for file in shown:
            seen.setdefault(file.sha256, one)
    return tuple(out)


def contradicted(one: Attempt, zone: ZoneInfo, rules: CaseRules) -> bool:
    """Whether its picture bears another day, or an hour that is not near the one stated."""
    if not one.pictured:
        return False
    day, at = moment(one.pictured, zone)
    if at is None or one.at is None:
        return day != one.day
    return abs(at - one.at).total_seconds() > rules.numbers["picture_minutes"] * 60


def pictures_of(one: Attempt) -> Sequence[FileRef]:
    """The files of an attempt that show a page."""
    return [file for file in one.files if PurePath(file.name).suffix.lower() in PICTURES]


def undoubted(events: Iterable[Attempt], found: Iterable[Doubt], codes: Sequence[Doubted]) -> list[Attempt]:
    """The events without those doubted for one of these reasons."""
    left_out = [doubt.event for doubt in found if doubt.code in codes]
    return [one for one in events if not any(one is other for other in left_out)]
