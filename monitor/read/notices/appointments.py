"""How an appointment is had: the vectors published for the substitution, and those of an ordinary appointment."""

from __future__ import annotations

import re
from collections.abc import Iterable

from monitor.core.prefecture import Way
from monitor.read.notices.clauses import Polarity, clauses, is_booking, matter_of, polarity, reversed_direction
from monitor.read.notices.context import NoticeContext, Quote
from monitor.read.notices.mentions import substitution_governs
from monitor.read.notices.prose.concepts import ConceptName
from monitor.read.notices.prose.document import Unit
from monitor.values import dataclass

_DIGITAL: frozenset[Way] = frozenset(["online", "email", "form"])


@dataclass(frozen=True, slots=True)
class Vector:
    """A way to obtain an appointment. digital: as the arrêté of 1 August 2023 counts it (e-mail and web are)."""

    kind: Way
    digital: bool
    seen: Quote


@dataclass(frozen=True, slots=True)
class Ordinary:
    """How an ordinary appointment is had. non_digital: None when the page does not say."""

    vectors: tuple[Vector, ...] = ()
    non_digital: bool | None = None
    online_only_admitted: Quote | None = None


def read_two_vectors(context: NoticeContext, aside: set[int]) -> tuple[bool | None, tuple[Vector, ...]]:
    """The test of the arrêté of 1 August 2023: at least two vectors for the substitution, one of them not digital.

    aside: units that speak of the PAN. None when the page gives no vector for the substitution.
    """
    governed = [
        unit for unit in context.document.units
        if unit.index not in aside and not unit.is_heading and substitution_governs(context, unit)
    ]  # fmt: skip
    vectors = _distinct(vector for unit in governed for vector in _vectors(context, unit, substitution=True))
    if not vectors:
        return None, ()
    kinds = {vector.kind for vector in vectors}
    return len(kinds) >= 2 and any(not vector.digital for vector in vectors), vectors


def read_ordinary(context: NoticeContext, aside: set[int]) -> Ordinary:
    """Vectors of an ordinary appointment for residence; the page's own sentence that there is none but online."""
    vectors: list[Vector] = []
    admitted: Quote | None = None
    for unit in context.document.units:
        if unit.index in aside or unit.is_heading or substitution_governs(context, unit):
            continue
        if not _concerned(context, unit):
            continue
        vectors += _vectors(context, unit, substitution=False)
        words = context.words[unit.index]
        if admitted is None and context.rules.says("online_only", words) and context.rules.says("appointment", words):
            admitted = context.quote(unit)
    if not context.official:
        return Ordinary()
    kept = _distinct(vectors)
    if any(not vector.digital for vector in kept):
        return Ordinary(kept, True, None)
    return Ordinary(kept, False if admitted else None, admitted)


def _concerned(context: NoticeContext, unit: Unit) -> bool:
    words = context.words[unit.index]
    if context.rules.says("elsewhere", words) or context.names_another(words):
        return False
    if context.rules.says("audience_other", context.rules.without("audience_helpers", words)):
        return False
    return matter_of(context, unit) == "residence"


def _distinct(vectors: Iterable[Vector]) -> tuple[Vector, ...]:
    kept: dict[Way, Vector] = {}
    for vector in vectors:
        kept.setdefault(vector.kind, vector)
    return tuple(kept.values())


def _vectors(context: NoticeContext, unit: Unit, substitution: bool) -> list[Vector]:
    """Vectors a sentence gives. The CCC is none: it gives no appointment at the préfecture."""
    rules = context.rules
    words = context.words[unit.index]
    lead = context.document.lead_of(unit)
    led = lead is not None and _books(context, context.words[lead.index], substitution)
    if unit.asks or rules.says("ccc", words) or rules.says("collection", words):
        return []
    if any(is_booking(link.url) for link in unit.links) and not rules.says("negation", words):
        return [Vector("online", True, context.quote(unit))]
    boxes = [t for t in context.emails[unit.index] if re.search(r"(?<![a-z])(?:rdv|rendez-?vous)", t.key)]
    if boxes and not rules.says("negation", words):
        return [Vector("email", True, context.quote(unit))]
    if not (led or _books(context, words, substitution)) or _introduces_ways(context, unit):
        return []
    out: list[Vector] = []
    parts = clauses(words)
    booked = led
    for number, part in enumerate(parts):
        booked = booked or _books(context, part.text, substitution)
        if not booked or reversed_direction(rules, part.text) or rules.says("moving_appointment", part.text):
            continue
        for kind, at in _kinds(context, unit, part.text, part.start):
            if polarity(rules, parts, number, at) is Polarity.AFFIRMED:
                out.append(Vector(kind, kind in _DIGITAL, context.quote(unit)))
    return out


def _introduces_ways(context: NoticeContext, unit: Unit) -> bool:
    """True for "Le rendez-vous peut être obtenu de trois façons :": the ways are in what follows."""
    return unit.low.rstrip().endswith(":") and bool(context.introduced(unit))


def _books(context: NoticeContext, low: str, substitution: bool) -> bool:
    rules = context.rules
    if rules.says("booking", low):
        return True
    return substitution and rules.says("contacting", low)


def _kinds(context: NoticeContext, unit: Unit, low: str, start: int) -> list[tuple[Way, int]]:
    """Ways named in a clause and where."""
    rules = context.rules
    found: list[tuple[Way, int]] = []
    plain = rules.without("email", low)

    def named(kind: Way, concept: ConceptName, text: str) -> None:
        if match := rules.find(concept, text):
            found.append((kind, start + match.start()))

    named("phone", "by_phone", low)
    named("email", "email", low)
    named("post", "post", plain)
    named("online", "online_vector", plain)
    named("form", "form", plain)
    if not rules.says("files_by_appointment", low) and not rules.says("handing_in", low):
        named("walk_in", "desk_vector", plain)
    kinds = {kind for kind, _ in found}
    inside = range(start, start + len(low) + 1)
    for kind, tokens in (("phone", context.phones[unit.index]), ("email", context.emails[unit.index])):
        places = [unit.within(t.start) for t in tokens if t.key not in rules.ccc_numbers]
        if kind not in kinds and (at := next((p for p in places if p in inside), None)) is not None:
            found.append((kind, at))  # type: ignore[arg-type]
    if "form" in kinds and "online" in kinds:
        found = [(kind, at) for kind, at in found if kind != "form"]
    return found
