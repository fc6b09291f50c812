"""When silence may have become a refusal, and how long it may then be attacked. Pure.

The delay is the démarche's own: CESEDA, art. R. 432-2 for permits, R. 434-26 for family reunification, C. civ., art.
21-25-1 for naturalisation; where no rule was read none is printed. It runs from a complete application made through a
regular channel only (CE avis 493514): the program cannot know that, so it says what to look at and never that a refusal
exists. A receipt does not keep the refusal from coming about (CE avis 499904); an express decision does, and a request
for documents with a time limit suspends the delay (CRPA, art. L. 114-5).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from monitor.case.check.rules import CaseRules, Finding, Silence
from monitor.case.check.windows import add_months
from monitor.case.model import Attempt, Facts

DECIDED = ("application_refused", "application_granted", "application_closed")
NATURALISATION = "naturalisation"
REUNIFICATION = "family_reunification"


def silence(events: Sequence[Attempt], facts: Facts, today: date, rules: CaseRules) -> list[Finding]:
    """What an application filed has become with time. facts: of the démarche, `facts.procedure` being its code."""
    filed = _filed(events, facts.procedure)
    if filed is None:
        return []
    rule = rule_of(facts, rules)
    if rule is None:
        return [Finding("c-9", "silence_no_rule", {"filed": filed.isoformat()})]
    since = [one for one in events if one.day >= filed]
    decided = [one.day for one in since if one.kind in DECIDED]
    if decided:
        return [Finding("c-9", "silence_decided", {"filed": filed.isoformat(), "day": min(decided).isoformat()})]
    end = add_months(filed, rule.months) + timedelta(days=rule.days)
    if facts.procedure == NATURALISATION:
        return [_naturalisation(filed, end, today, rules)]
    permit = facts.procedure in rules.permits
    asked, end = _suspended(since, end, permit=permit)
    stated = rules.silence.get(facts.silence) == rule
    shorter = [Finding("c-9", "silence_shorter", {})] if permit and not stated else []
    answers = _answers(since, end, permit=permit)
    return [*_state(filed, end, rule, facts, today, rules), *shorter, *asked, *answers]


def rule_of(facts: Facts, rules: CaseRules) -> Silence | None:
    """The delay stated for the démarche, where it is of that démarche; otherwise its usual one; None: none was read."""
    stated = rules.silence.get(facts.silence)
    if stated is not None and facts.procedure in stated.demarches:
        return stated
    return next((one for one in rules.silence.values() if facts.procedure in one.demarches), None)


def _filed(events: Sequence[Attempt], procedure: str) -> date | None:
    """The day that starts the delay: for family reunification OFII's attestation of a complete file, where there is one
    (CESEDA, art. R. 434-12)."""
    starts = ("ofii_attestation", "filed") if procedure == REUNIFICATION else ("filed",)
    for kind in starts:
        if days := [one.day for one in events if one.kind == kind]:
            return min(days)
    return None


def _suspended(since: Sequence[Attempt], end: date, *, permit: bool) -> tuple[list[Finding], date]:
    """Requests for documents: the delay stops for the time they set, or until the documents were sent. What an
    incomplete file is worth was read of permits (CE avis 494718)."""
    out = []
    for one in since:
        if one.kind != "documents_requested" or one.day > end:
            continue
        if one.due is None:
            out.append(Finding("c-9", "documents_no_limit", {"day": one.day.isoformat()}))
            continue
        sent = min((e.day for e in since if e.kind == "documents_sent" and e.day >= one.day), default=one.due)
        days = max((min(sent, one.due) - one.day).days, 0)
        end += timedelta(days=days)
        out.append(Finding("c-9", "silence_suspended", {"day": one.day.isoformat(), "days": days}))
        if permit and not any(e.kind == "documents_sent" and e.day >= one.day for e in since):
            values = {"day": one.day.isoformat(), "due": one.due.isoformat()}
            out.append(Finding("c-9", "documents_not_sent", values))
    return out, end


def _state(filed: date, end: date, rule: Silence, facts: Facts, today: date, rules: CaseRules) -> list[Finding]:
    values = {"filed": filed.isoformat(), "end": end.isoformat()}
    family = facts.procedure == REUNIFICATION
    sources = ("ceseda_r434_26", "ceseda_r434_12") if family else ("ceseda_r432_1", rule.source, "ce_493514")
    if today <= end:
        return [Finding("c-9", "silence_running", values, sources)]
    sue = add_months(end, rules.numbers["sue_months"])
    limit = {"end": end.isoformat(), "sue": sue.isoformat()}
    return [
        Finding("c-9", "IMPLICIT_REFUSAL_POSSIBLE", values, sources),
        Finding("c-9", "sue_over" if today > sue else "sue_limit", limit),
    ]


def _naturalisation(filed: date, end: date, today: date, rules: CaseRules) -> Finding:
    """The day an answer is due. What silence means after it was not read."""
    longer = add_months(end, rules.numbers["naturalisation_extension_months"])
    values = {"filed": filed.isoformat(), "end": end.isoformat(), "longer": longer.isoformat()}
    return Finding("c-9", "naturalisation_late" if today > end else "naturalisation_running", values)


def _answers(since: Sequence[Attempt], end: date, *, permit: bool) -> list[Finding]:
    """What came meanwhile and decides nothing. The opinion on receipts is of permits."""
    receipts = [one.day for one in since if one.kind == "receipt"]
    others = [one.day for one in since if one.kind in ("prefecture_answer", "application_reclassified")]
    out = []
    if receipts and permit:
        out.append(Finding("c-9", "silence_receipt", {"n": len(receipts), "day": max(receipts).isoformat()}))
    if others:
        out.append(
            Finding(
                "c-9", "silence_answer", {"n": len(others), "end": end.isoformat()}, () if permit else ("crpa_l114_5",)
            )
        )
    return out


def request_silence(events: Sequence[Attempt], today: date, rules: CaseRules) -> list[Finding]:
    """A written request for a date, unanswered: two months' silence may be read as a refusal (CRPA, art. L. 231-4)."""
    asked = [one.day for one in events if one.group == "request"]
    if not asked or any(one.group in ("answer", "obstacle") and one.day >= min(asked) for one in events):
        return []
    end = add_months(min(asked), rules.numbers["request_months"])
    code = "request_silence_over" if today > end else "request_silence"
    return [Finding("c-9", code, {"asked": min(asked).isoformat(), "end": end.isoformat()})]
