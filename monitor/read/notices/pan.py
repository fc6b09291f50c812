"""Is there a point d'accueil numérique, is it open, is it for foreigners, and how does one reach it?

Is a point d'accueil numérique offered by a sentence that names it, closed, or only named?
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from monitor.read.notices.clauses import clauses
from monitor.read.notices.context import Context, Quote
from monitor.read.notices.pan_region import ACRONYM, Details, audience_of, details, names_pan, of_service, region_of
from monitor.read.notices.prose.dates import begins, dates, ends, in_force
from monitor.read.notices.prose.document import Unit

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
        near += context.document.section(unit, 2)
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
    under = context.document.section(unit, 12)
    return any(
        (rules.says("pan_offer", context.words[u.index]) or context.hours[u.index] or context.phones[u.index])
        and not rules.says("ccc", context.words[u.index])
        and not u.is_heading
        and not rules.says("pan_future", context.words[u.index])
        for u in under
        if not names_pan(context, u)
    )


Status = Literal["published", "closed", "not_found", "contradictory"]


@dataclass(frozen=True, slots=True)
class Pan:
    """What the page publishes of a PAN. audience: True foreigners, False others only, None not said."""

    status: Status = "not_found"
    for_foreigners: bool | None = None
    details: Details = field(default_factory=Details)
    seen: Quote | None = None
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Anchor:
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
    anchors = _anchors(context)
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


def _anchors(context: Context) -> list[Anchor]:
    found = []
    for unit in context.document.units:
        if names_pan(context, unit):
            region = tuple(region_of(context, unit))
            dated = _dated(context, unit)
            found.append(Anchor(unit, state_of(context, unit), audience_of(context, unit, region), region, dated))
    return found


def _dated(context: Context, unit: Unit) -> bool:
    """True when the sentence, or the heading it stands under, says since when it holds, or that it holds for now."""
    near = [unit, *context.document.above(unit)[:1]]
    lows = [other.low for other in near if other.kind != "title"]
    return any(
        context.rules.says("superseded", low) or context.rules.says("for_now", low) or any(d.day for d in dates(low))
        for low in lows
    )


def named_units(context: Context) -> set[int]:
    """Indexes of the units that speak of a PAN, with what goes with them."""
    anchors = _anchors(context)
    return {u.index for a in anchors if a.unit.kind != "title" for u in (a.unit, *a.region)}


def _audience_of_all(anchors: Sequence[Anchor]) -> bool | None:
    said = [a.audience for a in anchors if a.state]
    return True if True in said else False if False in said else None


def _status(context: Context, telling: Sequence[Anchor]) -> Status:
    """One state if all agree; else the last rule wins if it is dated or of another place; otherwise contradictory."""
    states = {a.state for a in telling}
    if states == {1}:
        return "published"
    if states == {-1}:
        return "closed"
    closed = [a for a in telling if a.state < 0]
    opened = [a for a in telling if a.state > 0]
    if any(context.rules.says("pan_open_again", a.unit.low) for a in opened):
        return "published"
    if all(_elsewhere(context, a, opened) for a in closed):
        return "published"
    ruled = [a for a in telling if a.dated]
    last = max(telling, key=lambda a: a.unit.index)
    if ruled and ruled[-1].state < 0:
        return "closed"
    if ruled and ruled[-1] is last:
        return "published"
    return "contradictory"


def _elsewhere(context: Context, closed: Anchor, opened: Sequence[Anchor]) -> bool:
    """True when what closed is named as a place of its own, other than the open ones."""
    place = _place(closed.unit)
    return place is not None and any(_place(a.unit) not in (None, place) for a in opened)


def _place(unit: Unit) -> str | None:
    found = re.search(r"sous[- ]prefecture (?:de |d')([a-z-]+)|(?<!sous-)prefecture", unit.low)
    return found.group() if found else None


def _best(context: Context, kept: Sequence[Anchor]) -> Quote | None:
    """The sentence that tells most: not a heading, the one with details before the bare one."""

    def rank(anchor: Anchor) -> tuple[bool, bool, int]:
        i = anchor.unit.index
        return anchor.unit.is_heading, not (context.phones[i] or context.hours[i] or context.emails[i]), i

    return context.quote(min(kept, key=rank).unit) if kept else None
