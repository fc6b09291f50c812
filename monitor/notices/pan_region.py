"""Which sentences name a point d'accueil numérique, which others go with them, and whom it is for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.notices.clauses import clauses
from monitor.notices.context import Context
from monitor.notices.document import Unit
from monitor.notices.subject import foreigners_in, others_in

ACRONYM = re.compile(r"(?<![A-ZÀ-Þ'’-])PAN(?![A-ZÀ-Þ'’-])")


def names_pan(context: Context, unit: Unit) -> bool:
    rules = context.rules
    low = rules.without("not_pan", context.words[unit.index])
    if rules.says("pan", low) or ACRONYM.search(unit.text):
        return True
    if unit.is_heading or not rules.says("pan_weak", low):
        return False
    return rules.says("pan_location", low) or (foreigners_in(rules, low) and bool(context.doors_in([unit])))


def region_of(context: Context, unit: Unit) -> list[Unit]:
    """The units that go with an anchor: its section if it is a heading, else its own group, then practical lines."""
    document = context.document
    if unit.is_heading:
        return [other for other in document.section(unit) if not _other_desk(context, other)]
    out = context.introduced(unit)
    at_hand = True
    for other in document.units[unit.index + 1 : unit.index + 16]:
        if other in out:
            continue
        if other.is_heading:
            if not _generic(context, other):
                break
            at_hand = True
            continue
        if _other_desk(context, other) or (unit.kind == "item" == other.kind and other.level <= unit.level):
            if other.group == unit.group or context.rules.says("ccc", context.words[other.index]):
                continue
            break
        own = other.block == unit.block or other.group == unit.group
        if (
            own
            or _practical(context, other)
            or (at_hand and other.lead is not None and document.units[other.lead] in out)
        ):
            out.append(other)
        elif not names_pan(context, other):
            break
    return out


def _generic(context: Context, heading: Unit) -> bool:
    """True for a heading without a matter of its own: "Horaires", "Comment venir ?"."""
    words = context.words[heading.index].strip(' :?!."')
    found = context.rules.concepts["generic_heading"].pattern.match(words)
    return found is not None and not foreigners_in(context.rules, words) and not others_in(context.rules, words)


def _practical(context: Context, unit: Unit) -> bool:
    """True for a line of practical information, which goes on with the service named before."""
    words = context.words[unit.index].lstrip(" -")
    if context.rules.concepts["practical"].pattern.match(words):
        return True
    return context.doors_in([unit]) != [] and len(words) < 120


def _other_desk(context: Context, unit: Unit) -> bool:
    """True for a sentence on another service: the CCC, the residence desk, collection, another matter with a label."""
    rules = context.rules
    words = context.words[unit.index]
    if names_pan(context, unit) or (rules.says("pan", words) and rules.says("appointment", words)):
        return False
    if rules.says("ccc", words) or rules.says("collection", words):
        return True
    if rules.says("residence_request", words) and rules.says("deposit", words):
        return True
    label = words.split(" : ")[0] if " : " in words else ""
    return bool(label) and len(label) < 60 and (foreigners_in(rules, label) or bool(others_in(rules, label)))


def audience_of(context: Context, unit: Unit, region: Sequence[Unit]) -> bool | None:
    """Who the PAN is for: by its sentence, then what goes with it, its headings, the title, the address, its region."""
    own = _public(context, context.words[unit.index])
    if own is not None:
        return own
    if unit.is_heading:
        inner = [_public(context, context.words[u.index]) for u in region if names_pan(context, u) and not u.asks]
        if True in inner or False in inner:
            return True in inner
    near = [_public(context, context.words[u.index]) for u in region if u.group == unit.group or of_service(context, u)]
    if False in near and True not in near:
        return False
    lead = context.document.lead_of(unit)
    lows = [" ".join(context.words[u.index] for u in context.introduced(unit))]
    lows += [context.words[u.index] for u in [*([lead] if lead else []), *context.document.above(unit)]]
    for low in [*lows, *context.path_words]:
        said = _public(context, low)
        if said is not None:
            return said
    said_near = [_public(context, _with_mailboxes(context, u)) for u in region if not u.asks]
    if True in said_near:
        return True
    return False if False in said_near else None


def of_service(context: Context, unit: Unit) -> bool:
    """True for a sentence on the PAN itself that does not name it: "Ces points ne reçoivent pas ..."."""
    return re.match(r"(?:il|ils|elle|ces?|cet|cette|le service)\b", context.words[unit.index].lstrip()) is not None


def _with_mailboxes(context: Context, unit: Unit) -> str:
    """Words of a unit, with those its mailboxes are made of: pref-cni-passeports@ tells whom it serves."""
    boxes = " ".join(re.sub(r"[-_.]", " ", token.key.split("@")[0]) for token in context.emails[unit.index])
    return f"{context.words[unit.index]} {boxes}"


def _public(context: Context, low: str) -> bool | None:
    """Whom the words say the PAN is for; a sentence that shuts foreigners out says False."""
    rules = context.rules
    others = others_in(rules, low)
    if others & {"naturalisation", "asylum"}:
        return True
    if foreigners_in(rules, low):
        plain = rules.without("negation_aside", low)
        affirmed = [part.text for part in clauses(plain) if not rules.says("not_for_them", part.text)]
        if any(foreigners_in(rules, part) for part in affirmed):
            return True
        return False if rules.says("pan", low) or "licences" in others else None
    return False if "licences" in others else None
