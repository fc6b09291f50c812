"""The steps the law asks of a person before a judge, by family of démarche; the published ways not used. Pure.

On ANEF: CESEDA, art. R. 431-2, and the order of 1 August 2023 (call centre, then point d'accueil numérique, then a
substitution asked of the préfecture). It is what the substitution asks for, not what a judge of useful measures does.
Naturalisation has a ladder of its own (order of 3 February 2023) and never the residence one. Outside the ANEF list
there is no ladder: what matters is whether a way exists that is not digital (CE avis 461694). The texts are of permits:
for another démarche the same steps are told as the project's own advice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from monitor.case.check.rules import CaseRules, Finding
from monitor.case.check.spread import FAILED
from monitor.case.model import Attempt, Facts, State
from monitor.catalogue.declaration import PROCEDURES

NON_DIGITAL = ("walk_in", "phone", "post")


def ladder(events: Sequence[Attempt], facts: Facts, today: date, rules: CaseRules) -> list[Finding]:
    """The rung reached and the first proof missing; nothing for a family without a sourced ladder."""
    done = filed_since(events)
    if facts.family == "non_anef":
        outside = [Finding("c-6", "outside_portal", {})] if facts.procedure in rules.permits else []
        return outside if done else [*outside, _non_digital(facts)]
    if facts.family is None:
        return [Finding("c-5", "family_unknown", {})]
    found = rules.ladders.get(facts.family)
    if found is None or (done and facts.family == "anef"):
        return []
    rungs = found.rungs
    out: list[Finding] = []
    kinds = {one.kind for one in events}
    missing = next((rung for rung in rungs if not rung.reached & kinds), None)
    climbed = rungs if missing is None else rungs[: rungs.index(missing)]
    out += [_climbed(rung.name, [e for e in events if e.kind in rung.reached]) for rung in climbed]
    if missing is not None:
        code = "rung_begun" if missing.begun & kinds else "rung_missing"
        out.append(Finding("c-5", code, {"rung": missing.name}))
        later = [rung.name for rung in rungs[len(climbed) + 1 :] if rung.reached & kinds]
        if later:
            out.append(Finding("c-5", "rung_skipped", {"rung": missing.name, "later": ", ".join(later)}))
    elif facts.family == "anef":
        out.append(_answer(events, today))
    ours = facts.procedure in PROCEDURES and facts.procedure not in {*rules.permits, "naturalisation"}
    out = [replace(one, sources=("choice",) if ours else found.sources) for one in out]
    if missing is not None and facts.family == "anef" and not ours:
        out.append(Finding("c-5", "ladder_no_condition", {}))
    return out


def filed_since(events: Sequence[Attempt]) -> bool:
    """Whether an application was filed, and nothing since kept one from being filed: there is no way to file left to
    prove."""
    filed = [one.day for one in events if one.kind == "filed"]
    return bool(filed) and not any(one.group in FAILED and one.day > max(filed) for one in events)


def _answer(events: Sequence[Attempt], today: date) -> Finding:
    """Last rung of the ANEF ladder: answered, or silent so far."""
    asked = max(one.day for one in events if one.group == "request")
    answers = [one.day for one in events if one.group == "answer" and one.day >= asked]
    if answers:
        return Finding("c-5", "rung_answered", {"asked": asked.isoformat(), "day": max(answers).isoformat()})
    return Finding("c-5", "rung_silent", {"asked": asked.isoformat(), "days": (today - asked).days})


def _climbed(name: str, steps: Sequence[Attempt]) -> Finding:
    """Proven by a file, or told only."""
    with_files = [step for step in steps if step.files]
    first = min(step.day for step in with_files or steps)
    code = "rung_proven" if with_files else "rung_told"
    return Finding("c-5", code, {"rung": name, "day": first.isoformat()})


def non_digital_route_published(published: dict[str, State]) -> State:
    """Whether a way that is not digital is published; a point d'accueil numérique never is one (TA Grenoble 2025)."""
    states = {published.get(way, "UNKNOWN") for way in NON_DIGITAL}
    return "YES" if "YES" in states else "UNKNOWN" if "UNKNOWN" in states else "NO_ON_LISTED_PAGES"


def _non_digital(facts: Facts) -> Finding:
    state = non_digital_route_published(dict(facts.published))
    code = {"YES": "non_digital_yes", "NO_ON_LISTED_PAGES": "non_digital_no", "UNKNOWN": "non_digital_unknown"}[state]
    return Finding("c-6", code, {})


def alternatives(events: Sequence[Attempt], facts: Facts, rules: CaseRules) -> list[Finding]:
    """Ways the préfecture publishes and the person did not use: it will plead them."""
    kinds = {one.kind for one in events}
    return [
        Finding("c-11", "alternative_unused", {"way": way})
        for way, using in rules.alternatives.items()
        if facts.published.get(way) == "YES" and not using & kinds
    ]
