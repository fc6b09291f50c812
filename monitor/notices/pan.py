"""Is there a point d'accueil numérique, is it open, is it for foreigners, and how does one reach it?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from monitor.notices.clauses import clauses
from monitor.notices.context import Context, Quote
from monitor.notices.dates import begins, ends, in_force
from monitor.notices.document import Unit
from monitor.notices.pan_details import Details, details
from monitor.notices.subject import foreigners_in, others_in

Status = Literal["published", "closed", "not_found", "contradictory"]

_ACRONYM = re.compile(r"(?<![A-ZÀ-Þ'’-])PAN(?![A-ZÀ-Þ'’-])")


@dataclass(frozen=True, slots=True)
class Pan:
    """What the page publishes of a PAN. audience: True foreigners, False others only, None not said."""

    status: Status = "not_found"
    for_foreigners: bool | None = None
    details: Details = Details()
    seen: Quote | None = None
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A sentence that names a PAN. state: 1 offered, -1 closed, 0 only named. region: units that go with it."""

    unit: Unit
    state: int
    audience: bool | None
    region: tuple[Unit, ...]
    dated: bool


def read_pan(context: Context) -> Pan:
    """The PAN of this préfecture as its page has it; never published on a host that is not the State's."""
    if not context.official:
        return Pan()
    anchors = [_anchor(context, unit) for unit in context.document.units if _names(context, unit)]
    audience = _audience_of_all(anchors)
    counted = [a for a in anchors if a.audience == audience or a.audience is None]
    telling = [a for a in counted if a.state]
    if not telling:
        return Pan()
    status = _status(context, telling)
    kept = [a for a in telling if (a.state > 0) == (status == "published") or status == "contradictory"]
    region = {u.index for a in counted for u in (a.unit, *a.region)}
    region |= {h.index for a in counted for h in context.document.above(a.unit)[:1] if context.doors_in([h])}
    found = details(context, [context.document.units[i] for i in sorted(region)])
    quotes = tuple(dict.fromkeys(context.quote(a.unit) for a in kept))
    return Pan(status, audience, found, _best(context, kept), quotes)


def named_units(context: Context) -> set[int]:
    """Indexes of the units that speak of a PAN, with what goes with them."""
    anchors = [_anchor(context, unit) for unit in context.document.units if _names(context, unit)]
    return {u.index for a in anchors if a.unit.kind != "title" for u in (a.unit, *a.region)}


def _names(context: Context, unit: Unit) -> bool:
    rules = context.rules
    low = rules.without("not_pan", context.words[unit.index])
    if rules.says("pan", low) or _ACRONYM.search(unit.text):
        return True
    if unit.is_heading or not rules.says("pan_weak", low):
        return False
    return rules.says("pan_location", low) or (foreigners_in(rules, low) and bool(context.doors_in([unit])))


def _anchor(context: Context, unit: Unit) -> _Anchor:
    region = tuple(_region(context, unit))
    return _Anchor(
        unit,
        _state(context, unit),
        _audience(context, unit, region),
        region,
        context.rules.says("superseded", unit.low),
    )


def _region(context: Context, unit: Unit) -> list[Unit]:
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
        elif not _names(context, other):
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
    if _names(context, unit) or (rules.says("pan", words) and rules.says("appointment", words)):
        return False
    if rules.says("ccc", words) or rules.says("collection", words):
        return True
    if rules.says("residence_request", words) and rules.says("deposit", words):
        return True
    label = words.split(" : ")[0] if " : " in words else ""
    return bool(label) and len(label) < 60 and (foreigners_in(rules, label) or bool(others_in(rules, label)))


def _state(context: Context, unit: Unit) -> int:
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
        if not rules.says("pan_closed", text) or rules.says("pan_open_again", words):
            continue
        if other is unit and not any(
            rules.says("pan_closed", part.text) and _reaches(context, words, part.start, part.end)
            for part in clauses(text)
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
    introduced += [u for u in context.after(unit, 1) if _of_service(context, u)]
    around = " ".join(context.words[u.index] for u in introduced)
    lead = context.document.lead_of(unit)
    over = context.words[lead.index] if lead else ""
    rest = rules.without("pan", words)
    if len(re.sub(r"[^a-z]", "", rest)) < 4 and not around and not over:
        return False
    if unit.links and sum(link.end - link.start for link in unit.links) >= 0.9 * (unit.end - unit.start):
        return rules.says("appointment", words) or rules.says("form", words)
    if rules.says("audience_other", rules.without("audience_helpers", words)) and not _reached(context, unit):
        return False
    if _reached(context, unit) or rules.says("pan_opened", rest):
        return True
    if not rules.says("pan", words) and not _ACRONYM.search(unit.text):
        return rules.says("pan_weak_offer", words)
    if rules.says("pan_location", words):
        return True
    indefinite = rules.says("pan_indefinite", words)
    return any(rules.says("pan_offer", low) for low in (rest, around, over)) and not indefinite


def _reached(context: Context, unit: Unit) -> bool:
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
        if not _names(context, u)
    )


def _audience(context: Context, unit: Unit, region: Sequence[Unit]) -> bool | None:
    """Who the PAN is for: by its own sentence, then what goes with it, its headings, the title, the address, its region."""
    own = _public(context, context.words[unit.index])
    if own is not None:
        return own
    if unit.is_heading:
        inner = [_public(context, context.words[u.index]) for u in region if _names(context, u) and not u.asks]
        if True in inner or False in inner:
            return True in inner
    near = [
        _public(context, context.words[u.index]) for u in region if u.group == unit.group or _of_service(context, u)
    ]
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


def _of_service(context: Context, unit: Unit) -> bool:
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


def _audience_of_all(anchors: Sequence[_Anchor]) -> bool | None:
    said = [a.audience for a in anchors if a.state]
    return True if True in said else False if False in said else None


def _status(context: Context, telling: Sequence[_Anchor]) -> Status:
    """One state if all agree; else the last rule wins where it is dated or placed elsewhere, otherwise contradictory."""
    states = {a.state for a in telling}
    if states == {1}:
        return "published"
    if states == {-1}:
        return "closed"
    closed = [a for a in telling if a.state < 0]
    opened = [a for a in telling if a.state > 0]
    if any(context.rules.says("pan_open_again", a.unit.low) for a in opened):
        return "published"
    last = max(telling, key=lambda a: a.unit.index)
    if all(_elsewhere(context, a, opened) for a in closed):
        return "published"
    if last.dated:
        return "closed" if last.state < 0 else "published"
    return "contradictory"


def _elsewhere(context: Context, closed: _Anchor, opened: Sequence[_Anchor]) -> bool:
    """True when what closed is named as a place of its own, other than the open ones."""
    place = _place(closed.unit)
    return place is not None and any(_place(a.unit) not in (None, place) for a in opened)


def _place(unit: Unit) -> str | None:
    found = re.search(r"sous[- ]prefecture (?:de |d')([a-z-]+)|(?<!sous-)prefecture", unit.low)
    return found.group() if found else None


def _best(context: Context, kept: Sequence[_Anchor]) -> Quote | None:
    """The sentence that tells most: not a heading, the one with details before the bare one."""

    def rank(anchor: _Anchor) -> tuple[bool, bool, int]:
        i = anchor.unit.index
        return anchor.unit.is_heading, not (context.phones[i] or context.hours[i] or context.emails[i]), i

    return context.quote(min(kept, key=rank).unit) if kept else None
