"""A channel named in a sentence, and what a page's several sentences on one channel come to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from monitor.read.notices.clauses import (
    Clause,
    Polarity,
    clauses,
    matter_of,
    polarity,
    refuses,
    reversed_direction,
    said_before,
    scopes_of,
)
from monitor.read.notices.context import NoticeContext, Quote
from monitor.read.notices.prose.concepts import ConceptName
from monitor.read.notices.prose.dates import in_force
from monitor.read.notices.prose.document import Unit
from monitor.values import dataclass, pattern

Basis = Literal["prescribed_by_arrete", "imposed", "on_request", "offered"]
ChannelName = Literal["counter", "postal", "email", "phone"]

_ARRETE = pattern(
    r"arrete(?:s)?\s+(?:prefectoral|prefectoraux|du prefet|de (?:monsieur|madame|m\.|mme)?\s?(?:le |la )?prefet\w*|n°)"
    r"[^.;()]*?(?:du\s+\d{1,2}(?:er)?\s+[a-z]+\s+\d{4}|du\s+\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|n°\s?[\w./-]+(?=[\s,.;)]|$))"
    r"(?:\s+(?:du|en date du)\s+\d{1,2}(?:er)?[\s/.]\w+[\s/.]\d{2,4})?"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """One sentence on one channel. open: it opens the channel; otherwise it refuses it.

    dated: the sentence presents its rule as new or as ended. substitution: tied to a failure of the téléservice.
    """

    unit: Unit
    open: bool
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
    parts: Sequence[Clause]
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


def places_of(context: NoticeContext, concept: ConceptName, words: str) -> list[int]:
    """Offsets at which a concept is named in folded words."""
    return [found.start() for found in context.rules.all(concept, words)]


def usable(context: NoticeContext, spot: Spot) -> Polarity:
    """Whether the clause opens or refuses a way for residence requests of this préfecture's public; UNSAID to leave it
    aside."""
    rules, unit = context.rules, spot.unit
    said = polarity(rules, spot.parts, spot.number, spot.position)
    if unit.asks and said is not Polarity.UNSAID:
        answer = answered(context, unit)
        said = answer if said is Polarity.AFFIRMED or answer is Polarity.UNSAID else said
    aside = (
        said is Polarity.UNSAID
        or not context.of_a_prefecture
        or reversed_direction(rules, rules.without("drop_box", spot.clause))
        or rules.says_any(("past", "hypothesis"), spot.clause)
        or (said is Polarity.DENIED and not _shuts(context, spot))
        or is_general(context, spot)
        or rules.says("audience_other", rules.without("audience_helpers", _governing(context, spot)))
        or not in_force(unit.low, context.at)
        or matter_of(context, unit, spot.clause) != "residence"
    )
    return Polarity.UNSAID if aside else said


def _shuts(context: NoticeContext, spot: Spot) -> bool:
    """Whether a denial shuts the way for everybody: it names it, and no condition stands beside it."""
    if context.rules.says("conditional", context.words[spot.unit.index]):
        return False
    return refuses(context.rules, spot.parts[spot.number], spot.position)


def is_general(context: NoticeContext, spot: Spot) -> bool:
    """Whether the clause speaks of préfectures in general, of another one, or says that it depends on them."""
    return (
        context.rules.says("elsewhere", spot.clause)
        or context.names_another(spot.so_far)
        or context.rules.says("depends", spot.so_far)
    )


def aims_elsewhere(context: NoticeContext, spot: Spot) -> bool:
    """Whether what the sentence does is something else than filing: the first thing its clause names is a question, a
    complaint, a paper ("une question sur votre demande"), not a request; where it names none, the clause before says.

    A paper that only goes with the request ("la demande et l'enveloppe timbrée") leaves filing filing.
    """
    rules = context.rules
    before = [part.text for part in spot.parts[: spot.number] if not part.aside]
    own = spot.clause
    if before and _shares_subject(context, spot):
        own = f"{before.pop()} et {own}"
    for text in (own, *reversed(before)):
        other = rules.find("not_filing", text)
        thing = rules.find("filing_object", rules.without("not_a_thing", text))
        if other is not None or thing is not None:
            return other is not None and (thing is None or other.start() <= thing.start())
    return False


def _shares_subject(context: NoticeContext, spot: Spot) -> bool:
    """True for "le dossier | et les quittances sont à remettre": the part before has no verb of its own."""
    before, own = spot.parts[spot.number - 1], spot.parts[spot.number]
    glue = context.core[spot.unit.index][before.end : own.start].strip()
    return glue == "et" and not context.rules.says_any(("filing_verb", "writing"), before.text)


def answered(context: NoticeContext, unit: Unit) -> Polarity:
    """For a question, what the next sentence answers at once, oui or non."""
    if not unit.asks or unit.index + 1 >= len(context.document.units):
        return Polarity.UNSAID
    answer = re.match(r"(?:(oui)|non)\b", context.words[unit.index + 1].lstrip(' "'))
    if answer is None:
        return Polarity.UNSAID
    return Polarity.AFFIRMED if answer[1] else Polarity.DENIED


def _governing(context: NoticeContext, spot: Spot) -> str:
    lead = context.document.lead_of(spot.unit)
    heading = next(iter(context.document.above(spot.unit)), None)
    near = [context.words[u.index] for u in (lead, heading) if u is not None and u.kind != "title"]
    return " ".join([*near, spot.so_far])


def _quoted(context: NoticeContext, unit: Unit) -> Quote:
    """The sentence; a question with the answer given at once."""
    if answered(context, unit) is not Polarity.UNSAID:
        return context.quote_span(unit.start, context.document.units[unit.index + 1].end)
    return context.quote(unit)


def refusal(context: NoticeContext, spot: Spot) -> Mention:
    """The mention of a spot that refuses the channel."""
    return _mention(context, spot, False)


def opening(context: NoticeContext, spot: Spot, addresses: Sequence[str] = ()) -> Mention:
    """The mention of a spot that opens the channel."""
    return _mention(context, spot, True, addresses)


def _mention(context: NoticeContext, spot: Spot, opens: bool, found: Sequence[str] = ()) -> Mention:
    """The mention a spot makes, with its scope, basis and tie to the substitution."""
    unit, rules = spot.unit, context.rules
    arrete = prescription(context, unit)
    basis: Basis | None = None
    if opens:
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
        unit, opens, _quoted(context, unit), tuple(scopes_of(context, unit, spot.clause)), tuple(found),
        substitution_governs(context, unit), basis, arrete, rules.says("superseded", unit.low),
    )  # fmt: skip


def prescription(context: NoticeContext, unit: Unit) -> str | None:
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


def substitution_governs(context: NoticeContext, unit: Unit) -> bool:
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


def revocations(context: NoticeContext) -> list[Mention]:
    """Sentences that close, without naming it, whatever channel the page gives above for the same permits."""
    rules = context.rules
    found = []
    for unit in context.document.units:
        words = context.words[unit.index]
        if unit.is_heading or unit.asks or not (rules.says("revoked", words) or rules.says("moved_online", words)):
            continue
        if matter_of(context, unit) == "residence":
            found.append(Mention(unit, False, context.quote(unit), tuple(scopes_of(context, unit)), dated=True))
    return found


def settle(context: NoticeContext, mentions: Sequence[Mention], revoked: Sequence[Mention] = ()) -> Channel:
    """What the mentions of one channel come to: the last rule on a permit wins over the earlier ones."""
    ordered = sorted([*mentions, *revoked], key=lambda m: m.unit.index)
    refusals = _last_refusals(ordered)
    standing = [m for m in ordered if m.open and not _overruled(m, refusals)]
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
    for refusal in (m for m in ordered if not m.open):
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


_CIRCUMSTANCE = pattern(r"\A\W*(?:si|s'ils?|lorsque|quand|une fois|apres|malgre|sans|en cas)(?![a-z])[^,]*,?")


def without_circumstance(words: str) -> str:
    """Words without what was tried before: a contact centre or a PAN that did not help is not where one is sent."""
    return _CIRCUMSTANCE.sub("", words, count=1)
