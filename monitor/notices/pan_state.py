"""Is a point d'accueil numérique offered by a sentence that names it, closed, or only named?"""

from __future__ import annotations

import re

from monitor.notices.clauses import clauses
from monitor.notices.context import Context
from monitor.notices.dates import begins, ends, in_force
from monitor.notices.document import Unit
from monitor.notices.pan_region import ACRONYM, names_pan, of_service

_BARE = re.compile(r"\W*(?:\w+ment )?(?:fermee?s?|supprimee?s?|suspendue?s?)\W*")  # "Point numérique : fermé."


def state_of(context: Context, unit: Unit) -> int:
    rules = context.rules
    words = context.words[unit.index]
    if rules.says("pan_absent", words) or _not_ours(context, unit, words) or unit.asks:
        return 0
    closing = _closing(context, unit)
    if closing:
        return closing
    if not in_force(unit.low, context.at):
        return 0
    if rules.says("pan_future", words) and not (context.at and (day := begins(unit.low)) and day <= context.at):
        return 0
    if unit.is_heading:
        return 1 if _offers_below(context, unit) else 0
    return 1 if _offers(context, unit, words) else 0


def _closing(context: Context, unit: Unit) -> int:
    """-1 when the anchor, or the sentence that goes on with it, says closed; 0 when nothing closes it now."""
    rules = context.rules
    near = [unit] if unit.is_heading else [unit, *(u for u in context.after(unit, 1) if _goes_on(u))]
    if unit.is_heading:
        near += list(context.document.section(unit))[:2]
    for other in near:
        words = context.words[other.index]
        text = rules.without("pan_not_closed", words)
        bare = other is unit and any(_BARE.fullmatch(part.text) for part in clauses(text)[1:])
        if not (bare or rules.says("pan_closed", text)) or rules.says("pan_open_again", words):
            continue
        if (
            other is unit
            and not bare
            and not any(
                rules.says("pan_closed", part.text) and _reaches(context, words, part.start, part.end)
                for part in clauses(text)
            )
        ):
            continue
        last = ends(other.low)
        if context.at is not None and last is not None and last < context.at:
            continue
        first = begins(other.low)
        if context.at is not None and first is not None and first > context.at:
            continue
        return -1
    return 0


def _reaches(context: Context, words: str, start: int, end: int) -> bool:
    """True when the clause that closes names the PAN, or follows the one that does."""
    named = [m.end() for m in context.rules.all("pan", words)] or [0]
    return any(place <= end for place in named)


def _goes_on(unit: Unit) -> bool:
    return (
        re.match(
            r"(?:il|elle|ce point|ce service|celui-ci|cet accueil|cet espace|ferme|fermeture|le point|le pan)\b",
            unit.low,
        )
        is not None
    )


def _not_ours(context: Context, unit: Unit, words: str) -> bool:
    rules = context.rules
    return (
        rules.says("elsewhere", words)
        or context.names_another(words)
        or (rules.says("not_pan", words) and not rules.says("pan", words))
    )


def _offers(context: Context, unit: Unit, words: str) -> bool:
    """True when the sentence says more than the name: where it is, what it does, how to reach it."""
    rules = context.rules
    introduced = context.introduced(unit)[:6]
    introduced += [u for u in context.after(unit, 1) if of_service(context, u)]
    around = " ".join(context.words[u.index] for u in introduced)
    lead = context.document.lead_of(unit)
    over = context.words[lead.index] if lead else ""
    rest = rules.without("pan", words)
    if len(re.sub(r"[^a-z]", "", rest)) < 4 and not around and not over:
        return False
    if unit.links and sum(link.end - link.start for link in unit.links) >= 0.9 * (unit.end - unit.start):
        return rules.says("appointment", words) or rules.says("form", words)
    if rules.says("audience_other", rules.without("audience_helpers", words)) and not reached(context, unit):
        return False
    if reached(context, unit) or rules.says("pan_opened", rest):
        return True
    if not rules.says("pan", words) and not ACRONYM.search(unit.text):
        return rules.says("pan_weak_offer", words)
    if rules.says("pan_location", words):
        return True
    indefinite = rules.says("pan_indefinite", words)
    return any(rules.says("pan_offer", low) for low in (rest, around, over)) and not indefinite


def reached(context: Context, unit: Unit) -> bool:
    """True when the sentence itself gives hours, a number, a mailbox or a door."""
    i = unit.index
    return bool(context.phones[i] or context.emails[i] or context.hours[i] or context.doors_in([unit]))


def _offers_below(context: Context, unit: Unit) -> bool:
    """True when a heading that names the PAN stands over sentences that open it, or is itself a way to book it."""
    rules = context.rules
    words = context.words[unit.index]
    if unit.kind != "title" and rules.says("appointment", words) and rules.says("form", words):
        return True
    under = context.document.section(unit)[:12]
    return any(
        (rules.says("pan_offer", context.words[u.index]) or context.hours[u.index] or context.phones[u.index])
        and not rules.says("ccc", context.words[u.index])
        and not u.is_heading
        and not rules.says("pan_future", context.words[u.index])
        for u in under
        if not names_pan(context, u)
    )
