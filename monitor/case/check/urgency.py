"""Urgency and a complete file: without them a request for a date fails, however well the attempts are proven. Pure.

CE 435594 was lost on use and on urgency. Urgency is presumed in principle for a renewal, and to be shown otherwise (CE
453391); the request itself must say it (CJA, art. R. 522-1). A complete file is the premise of registration (CESEDA,
art. R. 431-10 and R. 431-11).
"""

from __future__ import annotations

from collections.abc import Sequence

from monitor.case.check.rules import CaseRules, Finding
from monitor.case.model import Attempt, Facts


def urgency(events: Sequence[Attempt], facts: Facts, rules: CaseRules) -> list[Finding]:
    """Whether it is presumed or to be shown, and what the file proves of it."""
    proofs = [one for one in events if one.kind == "urgency_proof"]
    shown = sum(bool(one.files) for one in proofs)
    out = []
    if facts.procedure == "renewal":
        out.append(Finding("c-14", "urgency_presumed", {}))
    elif not shown:
        code = "urgency_to_show" if facts.procedure in rules.permits else "urgency_to_show_other"
        out.append(Finding("c-14", code, {}))
    if shown:
        out.append(Finding("c-14", "urgency_shown", {"n": shown}))
    if len(proofs) > shown:
        out.append(Finding("c-14", "urgency_told", {"n": len(proofs) - shown}))
    if facts.procedure in rules.permits and any(one.kind == "removal_order" for one in events):
        out.append(Finding("c-14", "urgency_removal_order", {}))
    return out


def completeness(facts: Facts, rules: CaseRules) -> list[Finding]:
    """Whether the person ticked that the application is complete: their own word, nothing in the case shows it."""
    if facts.procedure not in rules.permits and facts.procedure != "naturalisation":
        return []
    sources = ("civil_21_25_1",) if facts.procedure == "naturalisation" else ()
    code = "complete_told" if facts.ready.get("complete") == "YES" else "complete_unknown"
    return [Finding("c-15", code, {}, sources)]
