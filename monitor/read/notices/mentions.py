"""A channel named in a sentence, and what a page's several sentences on one channel come to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from monitor.read.notices.clauses import (
    Clause,
    clauses,
    matter_of,
    polarity,
    reversed_direction,
    said_before,
    scopes_of,
)
from monitor.read.notices.context import Context, Quote
from monitor.read.notices.prose.dates import in_force
from monitor.read.notices.prose.document import Unit

Basis = Literal["prescribed_by_arrete", "imposed", "on_request", "offered"]
ChannelName = Literal["counter", "postal", "email", "phone"]

_ARRETE = re.compile(
    r"arrete(?:s)?\s+(?:prefectoral|prefectoraux|du prefet|de (?:monsieur|madame|m\.|mme)?\s?(?:le |la )?prefet\w*|n°)"
    r"[^.;()]*?(?:du\s+\d{1,2}(?:er)?\s+[a-z]+\s+\d{4}|du\s+\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|n°\s?[\w./-]+(?=[\s,.;)]|$))"
    r"(?:\s+(?:du|en date du)\s+\d{1,2}(?:er)?[\s/.]\w+[\s/.]\d{2,4})?"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """One sentence on one channel. sign: 1 the channel is open, -1 it is refused.

    dated: the sentence presents its rule as new or as ended. substitution: tied to a failure of the téléservice.
    """

    unit: Unit
    sign: int
    quote: Quote
    scopes: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    substitution: bool = False
    basis: Basis | None = None
    arrete: str | None = None
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A filing channel for residence requests, as published. quotes: every sentence it rests on, `seen` first."""

    published: bool = False
    scope: str | None = None
    substitution: bool = False
    basis: Basis | None = None
    arrete: str | None = None
    addresses: tuple[str, ...] = ()
    seen: Quote | None = None
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a unit a channel is named: the clause, its number among the unit's clauses, the words said so far."""

    unit: Unit
    parts: list[Clause]
    number: int
    position: int

    @property
    def clause(self) -> str:
        """Folded words of the clause."""
        return self.parts[self.number].text

    @property
    def so_far(self) -> str:
        """Folded words of the sentence up to the end of the clause."""
        return said_before(self.parts, self.number)


def spots(unit: Unit, positions: Iterable[int], words: str) -> list[Spot]:
    """One spot for each clause of a unit's folded words that holds one of these offsets."""
    parts = clauses(words)
    found: dict[int, Spot] = {}
    for position in positions:
        number = next((i for i, part in enumerate(parts) if part.start <= position < part.end), None)
        if number is not None and number not in found:
            found[number] = Spot(unit, parts, number, position)
    return list(found.values())


def places_of(context: Context, concept: str, words: str) -> list[int]:
    """Offsets at which a concept is named in folded words."""
    return [found.start() for found in context.rules.all(concept, words)]


def usable(context: Context, spot: Spot) -> int:
    """1 or -1 when the clause speaks of a residence request and of this préfecture's public; 0 to leave it aside."""
    rules, unit = context.rules, spot.unit
    sign = polarity(rules, spot.parts, spot.number, spot.position)
    answer = answered(context, unit)
    if sign == 0 or (unit.asks and answer == 0):
        return 0
    sign = min(sign, answer) if unit.asks else sign
    if reversed_direction(rules, rules.without("drop_box", spot.clause)):
        return 0
    if rules.says("past", spot.clause) or rules.says("hypothesis", spot.clause):
        return 0
    if sign < 0 and rules.says("conditional", context.words[unit.index]):
        return 0
    if rules.says("elsewhere", spot.clause) or context.names_another(spot.clause):
        return 0
    if rules.says("audience_other", rules.without("audience_helpers", _governing(context, spot))):
        return 0
    if not in_force(unit.low, context.at):
        return 0
    return sign if matter_of(context, unit, spot.clause) == "residence" else 0


def answered(context: Context, unit: Unit) -> int:
    """For a question, what the next sentence answers at once: 1 oui, -1 non, 0 neither."""
    if not unit.asks or unit.index + 1 >= len(context.document.units):
        return 0
    answer = context.words[unit.index + 1].lstrip(' "')
    return 1 if re.match(r"oui\b", answer) else -1 if re.match(r"non\b", answer) else 0


def _governing(context: Context, spot: Spot) -> str:
    lead = context.document.lead_of(spot.unit)
    heading = next(iter(context.document.above(spot.unit)), None)
    near = [context.words[u.index] for u in (lead, heading) if u is not None and u.kind != "title"]
    return " ".join([*near, spot.so_far])


def _quoted(context: Context, unit: Unit) -> Quote:
    """The sentence; a question with the answer given at once."""
    if answered(context, unit):
        return context.quote_span(unit.start, context.document.units[unit.index + 1].end)
    return context.quote(unit)


def mention(context: Context, spot: Spot, sign: int, found: Sequence[str] = ()) -> Mention:
    """The mention a spot makes, with its scope, basis and tie to the substitution."""
    unit, rules = spot.unit, context.rules
    arrete = prescription(context, unit)
    basis: Basis | None = None
    if sign > 0:
        sentence = context.words[unit.index]
        if arrete:
            basis = "prescribed_by_arrete"
        elif rules.says("on_request", sentence) or any(
            rules.says("on_request", context.words[u.index]) for u in context.before(unit, 2) if u.block == unit.block
        ):
            basis = "on_request"
        elif rules.says("exclusive", rules.without("appointment_exclusive", spot.clause)):
            basis = "imposed"
        else:
            basis = "offered"
    return Mention(
        unit, sign, _quoted(context, unit), tuple(scopes_of(context, unit, spot.clause)), tuple(found),
        substitution_governs(context, unit), basis, arrete, rules.says("superseded", unit.low),
    )  # fmt: skip


def prescription(context: Context, unit: Unit) -> str | None:
    """The préfectoral arrêté cited by the sentence, its lead or the sentences around it in the same section."""
    near = [unit, *context.before(unit, 2), *context.after(unit, 2), *context.document.above(unit)]
    lead = context.document.lead_of(unit)
    for other in [unit, *([lead] if lead else []), *near]:
        if other.kind == "title" and other is not unit:
            continue
        cited = _ARRETE.search(other.low)
        if cited and context.rules.says("prescribed", other.low):
            start, end = other.span(cited.start(), cited.end())
            return context.quote_span(start, end).text.rstrip(" ,")
    return None


def substitution_governs(context: Context, unit: Unit) -> bool:
    """True when the sentence, its lead, the sentences before it or its headings tie it to a failure of the ANEF."""
    rules = context.rules
    words = context.words[unit.index]
    if rules.says("category_not_online", words):
        return False
    lead = context.document.lead_of(unit)
    close = [unit, *([lead] if lead else []), *context.document.above(unit)]
    close += [other for other in context.before(unit, 3) if unit.block == other.block or unit.group == other.group]
    lows = [context.words[other.index] for other in close]
    if any(rules.says("anef_failure", low) for low in lows):
        return not any(rules.says("category_not_online", low) for low in lows)
    return any(rules.says("substitution", context.words[other.index]) for other in [*close, *context.before(unit, 5)])


def revocations(context: Context) -> list[Mention]:
    """Sentences that close, without naming it, whatever channel the page gives above for the same permits."""
    rules = context.rules
    found = []
    for unit in context.document.units:
        words = context.words[unit.index]
        if unit.is_heading or unit.asks or not (rules.says("revoked", words) or rules.says("moved_online", words)):
            continue
        if matter_of(context, unit) == "residence":
            found.append(Mention(unit, -1, context.quote(unit), tuple(scopes_of(context, unit)), dated=True))
    return found


def settle(context: Context, mentions: Sequence[Mention], revoked: Sequence[Mention] = ()) -> Channel:
    """What the mentions of one channel come to: the last rule on a permit wins over the earlier ones."""
    ordered = sorted([*mentions, *revoked], key=lambda m: m.unit.index)
    refusals = _last_refusals(ordered)
    standing = [m for m in ordered if m.sign > 0 and not _overruled(m, refusals)]
    if not standing or not context.official:
        return Channel()
    first = min(standing, key=lambda m: (m.substitution, not m.addresses, m.unit.is_heading, m.unit.index))
    scopes = list(dict.fromkeys(scope for m in standing for scope in m.scopes))
    if len(scopes) > 1 and "titre de séjour" in scopes:
        scopes.remove("titre de séjour")
    substitution = all(m.substitution for m in standing)
    bases = [m.basis for m in (first, *standing) if m.basis is not None]
    return Channel(
        published=True,
        scope=", ".join(scopes) or ("démarches ANEF" if substitution else None),
        substitution=substitution,
        basis=bases[0] if bases else None,
        arrete=next((m.arrete for m in standing if m.arrete), None),
        addresses=tuple(dict.fromkeys(a for m in standing for a in m.addresses)),
        seen=first.quote,
        quotes=tuple(dict.fromkeys([first.quote, *(m.quote for m in standing)])),
    )


_Refusals = dict[tuple[bool, str | None], int]


def _last_refusals(ordered: Sequence[Mention]) -> _Refusals:
    """Where the last refusal stands, by its tie to the substitution and by permit; None: one that spares no permit.

    The empty name stands for whatever was refused last.
    """
    last: _Refusals = {}
    for refusal in (m for m in ordered if m.sign < 0):
        for scope in (*(_own(refusal) or (None,)), ""):
            last[refusal.substitution, scope] = refusal.unit.index
    return last


def _overruled(kept: Mention, refusals: _Refusals) -> bool:
    """True when a later sentence refuses the channel for the same permits, or for all."""
    own = _own(kept)
    scopes = (None, *own) if own else ("",)
    return any(refusals.get((kept.substitution, scope), -1) >= kept.unit.index for scope in scopes)


def _own(mention: Mention) -> tuple[str, ...]:
    return tuple(scope for scope in mention.scopes if scope not in ("titre de séjour", "hors ANEF"))
