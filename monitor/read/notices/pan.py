"""Is there a point d'accueil numérique, is it open, is it for foreigners, and how does one reach it?

Is a point d'accueil numérique offered by a sentence that names it, closed, or only named?
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import field
from enum import Enum
from typing import Literal

from monitor.read.notices.clauses import clauses
from monitor.read.notices.context import NoticeContext, Quote
from monitor.read.notices.pan_region import (
    ACRONYM,
    Details,
    audience_of,
    details,
    names_pan,
    of_service,
    region_of,
    units_below,
)
from monitor.read.notices.prose.dates import begins, dates, in_force
from monitor.read.notices.prose.document import Unit
from monitor.read.notices.prose.typography import folded
from monitor.values import dataclass, pattern

_GOES_ON = pattern(r"(?:il|elle|ce point|ce service|celui-ci|cet accueil|cet espace|ferme|fermeture|le point|le pan)\b")
_COMES = pattern(r"(?<![a-z])(?:sur|sans) (?:rendez-vous|rdv)(?![a-z])")
_NAME = 60  # letters: what is longer is a sentence, not what a door is called
_TRIED = pattern(
    r"(?<![a-z])(?:malgre|en depit de|apres (?:avoir|(?:l'|un |une |le )?(?:echec|passage|saisine|contact))[a-z]*)"
    r"(?![a-z])[^,;:]*"
)
_SHORT_NAME = pattern(r"(?<![a-z'-])pan(?![a-z'-])")
_OFFICE = pattern(r"prefecture|mairie|maison|antenne|france services|hotel d")
_LABEL = pattern(r"^\W*(?:lieu|adresse)s?\s*:?\s*", re.IGNORECASE)
_BARE = pattern(r"\W*(?:\w+ment )?(?:fermee?s?|supprimee?s?|suspendue?s?)\W*")  # "Point numérique : fermé."


class PanState(Enum):
    """What a sentence that names a PAN says of it."""

    OFFERED = "offered"
    CLOSED = "closed"
    NAMED = "named"


def state_of(context: NoticeContext, unit: Unit) -> PanState:
    """What a unit that names a PAN says of it on the day of the look; NAMED for a question, a national sentence, an
    opening yet to come."""
    rules = context.rules
    words = context.words[unit.index]
    if rules.says("pan_absent", words) or _not_ours(context, unit, words) or unit.asks or _tried(context, words):
        return PanState.NAMED
    if _closes(context, unit, words) or any(_shut_now(context, other) for other in _going_on(context, unit)):
        return PanState.CLOSED
    if not in_force(unit.low, context.at) or _not_here(context, unit):
        return PanState.NAMED
    offered = _offers_below(context, unit) if unit.is_heading else _offers(context, unit, words)
    return PanState.OFFERED if offered else PanState.NAMED


def _tried(context: NoticeContext, words: str) -> bool:
    """Whether the PAN is named only as what was tried in vain: « malgré l'aide du point d'accueil numérique, ... » is
    the ladder's own wording (arrêté of 1 August 2023), and says nothing of a PAN here."""
    rest = _TRIED.sub(" ", words)
    return rest != words and not (context.rules.says("pan", rest) or _SHORT_NAME.search(rest))


def _going_on(context: NoticeContext, unit: Unit) -> Sequence[Unit]:
    """The units that go on with what an anchor says: the first under a heading, else "Il ..." after the sentence."""
    if unit.is_heading:
        return context.document.section(unit, 2)
    return [other for other in context.after(unit, 1) if _GOES_ON.match(other.low)]


def _closes(context: NoticeContext, unit: Unit, words: str) -> bool:
    """Whether the anchor itself says closed: the clause that does follows the PAN's name, or holds it."""
    if not _shut_now(context, unit, bare=True):
        return False
    parts = clauses(context.rules.without("pan_not_closed", words))
    if any(_BARE.fullmatch(part.text) for part in parts[1:]):
        return True
    named = next((found.end() for found in context.rules.all("pan", words)), 0)
    return any(context.rules.says("pan_closed", part.text) and named <= part.end for part in parts)


def _shut_now(context: NoticeContext, unit: Unit, bare: bool = False) -> bool:
    """Whether a unit says closed, and its own dates do not say that this is over or not yet so. bare: "fermé" alone
    in a clause is enough."""
    rules, words = context.rules, context.words[unit.index]
    text = rules.without("pan_not_closed", words)
    alone = bare and any(_BARE.fullmatch(part.text) for part in clauses(text)[1:])
    if not (alone or rules.says("pan_closed", text)) or rules.says("pan_open_again", words):
        return False
    return in_force(unit.low, context.at)


def _is_to_come(context: NoticeContext, unit: Unit) -> bool:
    """Whether the unit announces an opening whose day, if it gives one, has not come."""
    if not context.rules.says("pan_future", context.words[unit.index]):
        return False
    day = begins(unit.low)
    return not (context.at and day and day <= context.at)


def _not_here(context: NoticeContext, unit: Unit) -> bool:
    """Whether the unit, or the sentence under it that names the PAN, tells of none, of one to come, of one that was."""
    lead = context.document.section(unit, 1) if unit.is_heading else []
    told = [unit, *(other for other in lead if names_pan(context, other))]
    return any(
        _is_to_come(context, one) or context.rules.says_any(("pan_absent", "pan_was"), context.words[one.index])
        for one in told
    )


def _not_ours(context: NoticeContext, unit: Unit, words: str) -> bool:
    rules = context.rules
    return (
        rules.says("elsewhere", words)
        or context.names_another(words)
        or (rules.says("not_pan", words) and not rules.says("pan", words))
    )


def _offers(context: NoticeContext, unit: Unit, words: str) -> bool:
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
    if reached(context, unit) or _COMES.search(rest) or rules.says("pan_opened", rest):
        return True
    if not rules.says("pan", words) and not ACRONYM.search(unit.text):
        return rules.says("pan_weak_offer", words)
    if rules.says("pan_location", words):
        return True
    indefinite = rules.says("pan_indefinite", words)
    return any(rules.says("pan_offer", low) for low in (rest, around, over)) and not indefinite


def reached(context: NoticeContext, unit: Unit) -> bool:
    """True when the sentence itself gives hours, a number, a mailbox or a door."""
    i = unit.index
    return bool(context.phones[i] or context.emails[i] or context.hours[i] or context.doors_in([unit]))


def _offers_below(context: NoticeContext, unit: Unit) -> bool:
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
        and not _all_elsewhere(context, [u])
        for u in under
        if not names_pan(context, u)
    )


def _all_elsewhere(context: NoticeContext, units: Sequence[Unit]) -> bool:
    """Whether the addresses the units give, and they give one, are all in other départements."""
    codes = [door.postcode for door in context.doors_in(units)]
    return bool(codes) and all(code and context.is_elsewhere(code) for code in codes)


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
class PanAnchor:
    """A sentence that names a PAN. audience: see `Pan`. region: units that go with it. dated: it says since when."""

    unit: Unit
    state: PanState
    audience: bool | None
    region: tuple[Unit, ...]
    dated: bool


def read_pan(context: NoticeContext, anchors: Sequence[PanAnchor]) -> Pan:
    """The PAN of this préfecture as its page has it; never published on a host that is not a préfecture's."""
    if not context.of_a_prefecture:
        return Pan()
    audience = _audience_of_all(anchors)
    counted = [a for a in anchors if a.audience == audience or a.audience is None]
    telling = [a for a in counted if a.state is not PanState.NAMED]
    if not telling:
        return Pan()
    status = _status(context, telling)
    wanted = PanState.OFFERED if status == "published" else PanState.CLOSED
    kept = [a for a in telling if a.state is wanted or status == "contradictory"]
    region = {u.index for a in counted for u in (a.unit, *a.region)}
    region |= {h.index for a in counted for h in context.document.above(a.unit)[:1] if context.doors_in([h])}
    found = details(context, [context.document.units[i] for i in sorted(region)])
    quotes = tuple(dict.fromkeys(context.quote(a.unit) for a in kept))
    return Pan(status, audience, found, _best(context, kept), quotes)


def pan_anchors(context: NoticeContext) -> list[PanAnchor]:
    """Every unit that names a PAN."""
    found = []
    for unit in context.document.units:
        if names_pan(context, unit):
            region = tuple(region_of(context, unit))
            dated = _dated(context, unit)
            found.append(PanAnchor(unit, state_of(context, unit), audience_of(context, unit, region), region, dated))
    return found


def _dated(context: NoticeContext, unit: Unit) -> bool:
    """True when the sentence, or the heading it stands under, says since when it holds, or that it holds for now."""
    near = [unit, *context.document.above(unit)[:1]]
    lows = [other.low for other in near if other.kind != "title"]
    return any(
        context.rules.says("superseded", low) or context.rules.says("for_now", low) or any(d.day for d in dates(low))
        for low in lows
    )


def named_units(anchors: Sequence[PanAnchor]) -> set[int]:
    """Indexes of the units that speak of a PAN, with what goes with them."""
    return {u.index for a in anchors if a.unit.kind != "title" for u in (a.unit, *a.region)}


@dataclass(frozen=True, slots=True)
class PanDoor:
    """One door of a PAN: one address with what goes with it. name: as the page calls it. seen: the words of the page
    that give the address, or where it gives none the way in."""

    name: str | None
    details: Details
    seen: str


def pan_doors(context: NoticeContext, anchors: Sequence[PanAnchor]) -> tuple[PanDoor, ...]:
    """The doors for foreigners that stand under the name of a PAN, in page order; empty where none is told apart, or
    where the page says that there is none, not yet or no longer. Whether it is offered is `read_pan`'s to say. A door
    that is said to be closed is none."""
    open_to = [a for a in anchors if a.audience is not False and a.state is not PanState.CLOSED]
    told = next((a for a in open_to if a.state is PanState.OFFERED), next(iter(open_to), None))
    if told is None or not context.of_a_prefecture:
        return ()
    if told.state is not PanState.OFFERED and any(_not_here(context, anchor.unit) for anchor in anchors):
        return ()
    groups = list(_by_door(context, units_below(context, told.unit)))
    addressed = [group for group in groups if context.doors_in(group)]
    if len(addressed) <= 1:  # one door: all that is said is said of it
        addressed = [[unit for group in groups for unit in group]]
    addressed = [group for group in addressed if not any(_shut_now(context, unit, bare=True) for unit in group)]
    return tuple(door for group in addressed if (door := _door(context, group)) is not None)


def _by_door(context: NoticeContext, units: Sequence[Unit]) -> Iterator[list[Unit]]:
    """Units parted so that none holds the address of two doors: at each heading, and before each further address."""
    group: list[Unit] = []
    for unit in units:
        if group and (unit.is_heading or (context.doors_in([unit]) and context.doors_in(group))):
            yield group
            group = []
        group.append(unit)
    if group:
        yield group


def _door(context: NoticeContext, group: Sequence[Unit]) -> PanDoor | None:
    found = details(context, group)
    if not (found.places or found.phones or found.emails) or _all_elsewhere(context, group):
        return None
    tells = [u for u in group if context.doors_in([u])] or [u for u in group if reached(context, u)]
    said = context.quote(tells[0]).text if tells else context.quote(group[0]).text
    return PanDoor(_name(context, group, tells[0] if tells else group[0]), found, said)


def _name(context: NoticeContext, group: Sequence[Unit], unit: Unit) -> str | None:
    """What a door is called: the heading it stands under, or the words before its address."""
    heading = next(
        (u for u in [*group[:1], *context.document.above(unit)[:1]] if u.is_heading and u.kind != "title"), None
    )
    doors = context.doors_in([unit])
    before = context.document.quote(unit.start, doors[0].street_start) if doors else ""
    town = {word for door in doors for word in re.findall(r"[a-z]{3,}", folded(door.value))}
    for words in (heading.text if heading is not None else "", before):
        said = _LABEL.sub("", words).strip(" :,–-•*")
        low = folded(said)
        if 0 < len(said) <= _NAME and (_OFFICE.search(low) or set(re.findall(r"[a-z]{3,}", low)) <= town):
            return said
    return None


def _audience_of_all(anchors: Sequence[PanAnchor]) -> bool | None:
    said = [a.audience for a in anchors if a.state is not PanState.NAMED]
    return True if True in said else False if False in said else None


def _status(context: NoticeContext, telling: Sequence[PanAnchor]) -> Status:
    """One state if all agree; else the last rule wins if it is dated or of another place; otherwise contradictory."""
    closed = [a for a in telling if a.state is PanState.CLOSED]
    opened = [a for a in telling if a.state is PanState.OFFERED]
    if not closed:
        return "published"
    if not opened:
        return "closed"
    if any(context.rules.says("pan_open_again", a.unit.low) for a in opened):
        return "published"
    if _elsewhere(closed, opened):
        return "published"
    ruled = [a for a in telling if a.dated]
    last = max(telling, key=lambda a: a.unit.index)
    if ruled and ruled[-1].state is PanState.CLOSED:
        return "closed"
    if ruled and ruled[-1] is last:
        return "published"
    return "contradictory"


def _elsewhere(closed: Sequence[PanAnchor], opened: Sequence[PanAnchor]) -> bool:
    """True when all that closed is named as a place of its own, other than an open one."""
    open_places = {_place(a.unit) for a in opened} - {None}
    shut_places = {_place(a.unit) for a in closed}
    return None not in shut_places and all(open_places - {place} for place in shut_places)


def _place(unit: Unit) -> str | None:
    found = re.search(r"sous[- ]prefecture (?:de |d')([a-z-]+)|(?<!sous-)prefecture", unit.low)
    return found.group() if found else None


def _best(context: NoticeContext, kept: Sequence[PanAnchor]) -> Quote | None:
    """The sentence that tells most: not a heading, the one with details before the bare one."""

    def rank(anchor: PanAnchor) -> tuple[bool, bool, int]:
        i = anchor.unit.index
        return anchor.unit.is_heading, not (context.phones[i] or context.hours[i] or context.emails[i]), i

    return context.quote(min(kept, key=rank).unit) if kept else None
