"""What a case proves, what it lacks, what stands in the way: warnings for a lawyer, never a prediction. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import cast
from zoneinfo import ZoneInfo

from monitor.case.check.anef import AnefRow, on_anef
from monitor.case.check.doubts import DATES, Doubt, doubts, undoubted
from monitor.case.check.ladder import alternatives, filed_since, ladder
from monitor.case.check.rules import CaseRules, Finding
from monitor.case.check.silence import NATURALISATION, request_silence, silence
from monitor.case.check.spread import (
    FAILED,
    INSUFFICIENT,
    Spread,
    by_procedure,
    counted,
    freshness,
    grid,
    hours,
    spread_of,
)
from monitor.case.check.urgency import completeness, urgency
from monitor.case.check.windows import prolongation, windows
from monitor.case.courts import PARIS, Court
from monitor.case.model import Attempt, Facts
from monitor.catalogue.declaration import PROCEDURES
from monitor.core.prefecture import Procedure
from monitor.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found for one démarche. grid: attempts by week day and hour of legal time."""

    procedure: str
    spread: Spread
    grid: tuple[tuple[int, ...], ...]
    findings: tuple[Finding, ...]


def check(
    events: Sequence[Attempt],
    facts: Facts,
    today: date,
    rules: CaseRules,
    anef: tuple[AnefRow, ...] = (),
    court: Court | None = None,
    begun: date | None = None,
) -> tuple[Checked, ...]:
    """Every démarche of a case. today: the préfecture's legal day. anef: the dated table of the portal.

    begun: the day the case was opened. An event whose date is doubted is told of, and counts for nothing.
    """
    found = doubts(events, facts, today, rules, begun)
    sure = {code: [*some] for code, some in by_procedure(undoubted(events, found, DATES)).items()}
    doubted = {code: [one for one in found if one.event.procedure == code] for code in by_procedure(events)}
    return tuple(
        _one(code, sure.get(code, []), some, _of(code, facts), today, rules, anef, court)
        for code, some in doubted.items()
    )  # fmt: skip


def _one(
    code: str,
    events: Sequence[Attempt],
    doubted: Sequence[Doubt],
    facts: Facts,
    today: date,
    rules: CaseRules,
    anef: tuple[AnefRow, ...],
    court: Court | None,
) -> Checked:
    zone = ZoneInfo(facts.zone)
    attempts = [one for one in events if counted(one)]
    spread = spread_of(events, rules)
    permit = code in rules.permits
    as_permit = permit or code not in PROCEDURES  # a list may name its démarches as it likes
    findings = [
        *_spread(spread, events, as_permit),
        *request_silence(events, today, rules),
        *urgency(events, facts, rules),
        *completeness(facts, rules),
        *hours(attempts, zone, facts.release, rules),
        *(() if any(one.kind == "filed" for one in events) else freshness(attempts, today, rules)),
        *_elsewhere(events, as_permit),
        *_misplaced(events),
        *(_authority(facts, court) if permit else ()),
        *_portal(code, facts, today, anef),
        *ladder(events, facts, today, rules),
        *(windows(events, facts, today, rules) if permit else ()),
        *(prolongation(events, facts, today, rules) if permit else ()),
        *silence(events, facts, today, rules),
        *obstacles(events, as_permit),
        *(alternatives(events, facts, rules) if as_permit else ()),
        *_doubted(doubted, events),
        *honesty(events),
    ]
    return Checked(procedure=code, spread=spread, grid=grid(attempts, zone), findings=tuple(findings))


def _of(code: str, facts: Facts) -> Facts:
    """The facts of one démarche: what was stated of the case's own is of no other. Naturalisation is its own family."""
    if code != facts.procedure:
        facts = replace(facts, procedure=code, family=None, expires=None, silence="", published={}, ready={})
    return replace(facts, family="naturalisation") if code == NATURALISATION else facts


def _spread(spread: Spread, events: Sequence[Attempt], permit: bool) -> list[Finding]:
    """The decisions on how attempts are spread are of residence permits: elsewhere only the counts are told. Where an
    application was filed without any, none is asked for."""
    values: Mapping[str, str | int] = {
        "label": spread.label,
        "n": spread.attempts,
        "span": spread.span_days,
        "weeks": spread.weeks,
        "days": spread.days,
        "captures": spread.captures,
        "missing": ", ".join(spread.missing) or "-",
    }
    written = {"n": spread.written_requests}
    bare = sum(one.group == "request" and not one.captured for one in events)
    unproven = [Finding("c-1", "requests_no_file", {"n": bare, "of": spread.written_requests})] if bare else []
    if not permit:
        asked = [Finding("c-1", "requests_other", written)] if spread.written_requests else []
        return [Finding("c-1", "spread_other", values), *asked, *unproven]
    code = "spread_insufficient" if spread.label == INSUFFICIENT else "spread"
    request = "requests" if spread.written_requests else "requests_none"
    spreads = [Finding("c-1", code, values), Finding("c-1", request, written), *unproven]
    return spreads if spread.attempts or not filed_since(events) else [one for one in spreads if one.values["n"]]


def _authority(facts: Facts, court: Court | None) -> list[Finding]:
    """Who decides on a permit, and before which court: that of the residence (CJA, art. R. 312-8). Naturalisation has a
    court of its own, which was not read."""
    out = []
    if facts.prefecture:
        out.append(Finding("c-4", "authority_paris" if facts.prefecture == PARIS else "authority", {}))
    if court is not None:
        out.append(Finding("c-4", "court", {"court": court.name}))
    return out


def _elsewhere(events: Sequence[Attempt], permit: bool) -> list[Finding]:
    n = sum(one.group in FAILED and one.site_serves is False for one in events)
    return [Finding("c-4", "other_site", {"n": n}, () if permit else ("choice",))] if n else []


def _misplaced(events: Sequence[Attempt]) -> list[Finding]:
    """Attempts at a desk that the project itself may have named by mistake: counted apart, never left out of sight."""
    found = Counter(one.erratum for one in events if one.erratum is not None)
    return [
        Finding("c-4", "wrong_desk", {"n": n, "address": one.url, "what": one.what, "noted": one.noted.isoformat()})
        for one, n in found.items()
    ]


def _portal(code: str, facts: Facts, today: date, anef: tuple[AnefRow, ...]) -> list[Finding]:
    """The rows of the table that touch the démarche: each tells of some permits, never of this person's."""
    if code not in PROCEDURES or facts.family is not None:
        return []
    return [
        Finding("c-7", "portal_row", {"permits": row.label, "since": row.latest.isoformat()}, row.sources)
        for row, standing in on_anef(anef, cast(Procedure, code), today)
        if standing != "not_yet"
    ]


def obstacles(events: Sequence[Attempt], permit: bool) -> list[Finding]:
    """What a lawyer must see first; the decisions on each are of permits."""
    seen = dict.fromkeys(one.kind for one in events if one.group == "obstacle" or one.kind in ("filed", "late_date"))
    days = {kind: max(e.day for e in events if e.kind == kind).isoformat() for kind in seen}
    if permit:
        return [Finding("c-10", f"obstacle_{kind}", {"day": day}) for kind, day in days.items()]
    return [Finding("c-10", "obstacle_other", {"what": kind, "day": day}) for kind, day in days.items()]


def _doubted(found: Sequence[Doubt], events: Sequence[Attempt]) -> list[Finding]:
    """One finding a reason, naming the entries; what was doubted and confirmed is told as well."""
    out = []
    for code in dict.fromkeys(doubt.code for doubt in found):
        some = [doubt.event for doubt in found if doubt.code == code]
        of = len(events) + (len(some) if code in DATES else 0)
        out.append(Finding("c-12", code, {"n": len(some), "of": of, "which": _which(some)}))
    confirmed = [one for one in events if one.confirmed and not any(doubt.event is one for doubt in found)]
    return out + ([Finding("c-12", "old_confirmed", {"which": _which(confirmed)})] if confirmed else [])


def _which(events: Sequence[Attempt]) -> str:
    """`2026-03-02 (#4), 2026-03-09 (#7)`: days, with the numbers of their entries where they have some."""
    return ", ".join(f"{one.day.isoformat()}{f' (#{one.number})' if one.number else ''}" for one in events)


def honesty(events: Sequence[Attempt]) -> list[Finding]:
    """What the file shows besides: what was seen and is no failed attempt, gaps, attempts without proof."""
    attempts = [one for one in events if counted(one)]
    looks = [one for one in events if one.group in ("attempt", "seen") and one.erratum is None]
    out = []
    if looks:
        said = sum(one.kind == "no_slot" for one in looks)
        out.append(Finding("c-12", "share", {"n": said, "of": len(looks)}))
    if (offered := sum(one.kind == "slot_offered" for one in looks)) > 0:
        out.append(Finding("c-12", "slot_offered", {"n": offered}))
    days = sorted({one.day for one in attempts})
    gap = max(((b - a).days, a, b) for a, b in pairwise(days)) if len(days) > 1 else None
    if gap:
        out.append(Finding("c-12", "gap", {"days": gap[0], "first": gap[1].isoformat(), "last": gap[2].isoformat()}))
    lacks = {
        "no_file": sum(not one.files for one in attempts),
        "no_address": sum(not one.address for one in attempts),
        "no_sentence": sum(not one.sentence for one in attempts),
        "no_result": sum(one.kind == "attempt" for one in attempts),
    }
    return out + [Finding("c-12", code, {"n": n, "of": len(attempts)}) for code, n in lacks.items() if n]
