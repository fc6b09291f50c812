"""When a permit must be asked for, and when silence may have become a refusal. Pure.

Sources: CESEDA, art. R. 431-5 (windows), R. 431-4 (two months after entry), R.* 432-1 and R. 432-2 (silence). The
silence runs from a complete application made through a regular channel only (CE avis 493514 and 499904): the program
cannot know that, so it says what to look at and never that a refusal exists.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta

from monitor.case.check.rules import Finding, Rules
from monitor.case.model import Attempt, Facts


def add_months(day: date, months: int) -> date:
    """The same day of a later (or earlier) month, its last day where that month is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def window(facts: Facts, rules: Rules) -> tuple[str, date, date] | None:
    """Which rule applies, and the first and last day of the window; None where no stated date opens one."""
    n = rules.numbers
    if facts.expires is not None and facts.family == "anef":
        first, last = (facts.expires - timedelta(days=n[k]) for k in ("anef_opens_days", "anef_closes_days"))
        return "window_anef", first, last
    if facts.expires is not None and facts.family == "non_anef":
        return "window_non_anef", add_months(facts.expires, -n["non_anef_opens_months"]), facts.expires
    if facts.expires is None and facts.arrived is not None and facts.family in ("anef", "non_anef"):
        return "window_arrival", facts.arrived, add_months(facts.arrived, n["arrival_months"])
    return None


def windows(attempts: Sequence[Attempt], facts: Facts, rules: Rules) -> list[Finding]:
    """The window with the attempts before, in and after it; the two days that a majority opens."""
    out = []
    if (found := window(facts, rules)) is not None:
        code, first, last = found
        values: dict[str, str | int] = {
            "first": first.isoformat(),
            "last": last.isoformat(),
            "before": sum(one.day < first for one in attempts),
            "inside": sum(first <= one.day <= last for one in attempts),
            "after": sum(one.day > last for one in attempts),
        }
        out.append(Finding("c-8", code, values))
    elif facts.expires is not None and facts.family is None:
        out.append(Finding("c-8", "window_family_unknown", {"expires": facts.expires.isoformat()}))
    if facts.majority is not None:
        eve = add_months(facts.majority, 12) - timedelta(days=1)
        short = add_months(facts.majority, rules.numbers["majority_months"])
        out.append(Finding("c-8", "window_majority", {"eve": eve.isoformat(), "short": short.isoformat()}))
    return out


def silence(events: Sequence[Attempt], facts: Facts, today: date, rules: Rules) -> list[Finding]:
    """How long an application filed has been without an answer recorded."""
    filed = [one.day for one in events if one.kind == "filed"]
    if not filed:
        return []
    since = min(filed)
    answered = [e for e in events if e.day >= since and e.kind in ("prefecture_answer", "application_closed")]
    if answered:
        return [Finding("c-9", "silence_answered", {"filed": since.isoformat(), "n": len(answered)})]
    delay = rules.silence[facts.silence]
    end = since + timedelta(days=delay) if delay > 0 else add_months(since, -delay)
    code = "IMPLICIT_REFUSAL_POSSIBLE" if today > end else "silence_running"
    return [Finding("c-9", code, {"filed": since.isoformat(), "end": end.isoformat()})]
