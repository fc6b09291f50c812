"""When a permit must be asked for, and what follows where it was not. Pure.

Sources, on permits only: CESEDA, art. R. 431-5 (windows), R. 431-4 (two months after entry), L. 435-3 (young people in
care), R. 431-8 (conditions of entry again), L. 436-5 (fee), L. 433-3 (the expired card), R. 431-15-1 (attestation of
prolongation).
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta

from monitor.case.check.rules import CaseRules, Finding
from monitor.case.check.spread import counted
from monitor.case.model import Attempt, Facts


def add_months(day: date, months: int) -> date:
    """The same day of a later (or earlier) month, its last day where that month is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def window(facts: Facts, rules: CaseRules) -> tuple[str, date, date] | None:
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


def windows(events: Sequence[Attempt], facts: Facts, today: date, rules: CaseRules) -> list[Finding]:
    """The window with the attempts before, in and after it, what its end brings, and the two days a majority opens."""
    out = []
    if (found := window(facts, rules)) is not None:
        code, first, last = found
        tried = [one.day for one in events if counted(one)]
        values: dict[str, str | int] = {
            "first": first.isoformat(),
            "last": last.isoformat(),
            "before": sum(day < first for day in tried),
            "inside": sum(first <= day <= last for day in tried),
            "after": sum(day > last for day in tried),
        }
        out.append(Finding("c-8", code, values))
    elif facts.expires is not None and facts.family is None:
        out.append(Finding("c-8", "window_family_unknown", {"expires": facts.expires.isoformat()}))
    if facts.expires is not None:
        out += _late(events, facts, facts.expires, today, rules)
    if facts.majority is not None:
        eve = (add_months(facts.majority, 12) - timedelta(days=1)).isoformat()
        short = add_months(facts.majority, rules.numbers["majority_months"]).isoformat()
        out.append(Finding("c-8", "window_majority", {"eve": eve, "short": short}))
        out.append(Finding("c-8", "window_majority_care", {"eve": eve}))
    return out


def _late(events: Sequence[Attempt], facts: Facts, expires: date, today: date, rules: CaseRules) -> list[Finding]:
    """What an application not made in time brings: the fee, then the card's end, then the conditions of entry."""
    filed = min((one.day for one in events if one.kind == "filed"), default=None)
    asked = filed or today
    out = []
    found = window(facts, rules)
    if found is not None and asked > found[2] and facts.procedure == "renewal":
        out.append(Finding("c-8", "late_fee", {"last": found[2].isoformat()}))
    if found is not None and asked > found[2] and facts.family == "anef":
        out.append(Finding("c-8", "no_attestation_of_right", {"last": found[2].isoformat()}))
    if today <= expires:
        return out
    until = add_months(expires, rules.numbers["expired_card_months"]).isoformat()
    out.append(Finding("c-8", "expired_card", {"expires": expires.isoformat(), "until": until}))
    entry = add_months(expires, rules.numbers["entry_again_months"])
    if filed is None or filed > entry:
        out.append(Finding("c-8", "entry_again" if today > entry else "entry_soon", {"day": entry.isoformat()}))
    return out


def prolongation(events: Sequence[Attempt], facts: Facts, today: date, rules: CaseRules) -> list[Finding]:
    """No confirmation or attestation after an application was sent online: another right than that of filing it."""
    kinds = {one.kind for one in events}
    out = []
    if "anef_no_confirmation" in kinds:
        out.append(Finding("c-13", "confirmation_missing", {}))
    if "anef_no_attestation" not in kinds:
        return out
    filed = min((one.day for one in events if one.kind == "filed"), default=None)
    found = window(facts, rules)
    if filed is None:
        return [*out, Finding("c-13", "prolongation_not_filed", {})]
    values: dict[str, str | int] = {"filed": filed.isoformat()}
    if facts.expires is None or found is None or found[0] != "window_anef":
        return [*out, Finding("c-13", "prolongation_unknown", values)]
    values |= {"first": found[1].isoformat(), "last": found[2].isoformat(), "expires": facts.expires.isoformat()}
    in_time = found[1] <= filed <= found[2]
    code = "prolongation_late" if not in_time else "prolongation_due" if today > facts.expires else "prolongation_soon"
    return [*out, Finding("c-13", code, values)]
