"""The counter as a filing channel: a request is received where one stands, at an hour, or by appointment.

One idea, whatever the verb: a sentence names what is asked for and where or when a person comes with it, says no other
way, and is about nothing else one does there. A rule of reception in general ("le public n'est reçu que sur
rendez-vous") names no request and opens nothing.
"""

from __future__ import annotations

import re
from enum import Enum

from monitor.read.notices.clauses import Polarity, is_booking, matter_of
from monitor.read.notices.context import NoticeContext
from monitor.read.notices.mentions import (
    Mention,
    Spot,
    aims_elsewhere,
    opening,
    places_of,
    refusal,
    spots,
    usable,
    without_circumstance,
)
from monitor.read.notices.prose.concepts import ConceptName
from monitor.read.notices.prose.document import Unit
from monitor.read.notices.prose.enclosures import enclosed
from monitor.values import pattern

_DETERMINER = pattern(r"^\W*(?:les? |l'|la |votre |vos |pour (?:une?|les?|la) )")
_OR = pattern(
    r"(?:sur|sans) (?:rendez-vous|rdv),? (?:ou|soit)(?![a-z])|(?<![a-z])(?:ou|soit) (?:sur|sans) (?:rendez-vous|rdv)"
)
_TIME = pattern(  # an hour, or a day of the week, not that of a date
    r"(?<!\d)\d{1,2}\s?h(?:\s?\d\d)?(?![a-z\d])|(?<![a-z])(?:lundi|mardi|mercredi|jeudi|vendredi)s?(?![a-z])(?! \d)"
)
_OTHER_WAYS: tuple[ConceptName, ...] = ("post", "by_email", "drop_box", "by_phone")
_FILING: tuple[ConceptName, ...] = ("deposit", "filing_question")
_LABEL = 90  # letters; what is longer is a sentence, not the name of a desk


class _Named(Enum):
    """How the request is named: as one ("demande", "dépôt", "renouvellement"), or by the permit alone."""

    REQUEST = "request"
    PERMIT = "permit"


def counter_mentions(context: NoticeContext) -> list[Mention]:
    """Every sentence that opens, or refuses, the counter for residence requests."""
    out = [mention for unit in context.document.units for mention in _received(context, unit)]
    if not any(mention.open for mention in out):
        out += _day_of_appointment(context)
    return out


def _received(context: NoticeContext, unit: Unit) -> list[Mention]:
    """The mentions of one unit: one for each clause that says where, when or by what appointment."""
    if unit.is_heading and not (is_booking(context.url) and _asks(context, context.words[unit.index])):
        return []
    words = context.core[unit.index]
    out: list[Mention] = []
    for spot in spots(unit, _signs(context, unit, words), words):
        said = usable(context, spot)
        if said is Polarity.DENIED and context.rules.says_any(("desk", "authority"), spot.clause):
            out.append(refusal(context, spot))
        elif said is Polarity.AFFIRMED and _files_here(context, spot):
            out.append(opening(context, spot, _desk_addresses(context, unit)))
    return out


def _signs(context: NoticeContext, unit: Unit, words: str) -> list[int]:
    """Where a unit says that people come: a place, an appointment, an hour; on a desk's own page, or under its name,
    where it says what for."""
    rules = context.rules
    found = places_of(context, "by_appointment", words)
    offline = rules.without("online_booking", words)
    found += [at for name in _PRESENCE for at in places_of(context, name, offline)]
    found += [time.start() for time in _TIME.finditer(words)]
    if found or not (_under_a_desk(context, unit, words) or _on_its_page(context, unit)):
        return found
    begin = len(words.partition(" : ")[0]) if _heads_a_desk(context, words.partition(" : ")[0]) else 0
    return [named.start() for name in _ASKED for named in rules.all(name, words) if named.start() >= begin]


_PRESENCE: tuple[ConceptName, ...] = ("desk", "authority", "by_appointment", "without_appointment", "come_in_person")
_ASKED: tuple[ConceptName, ...] = ("request", "residence_request", "bare_request")


def _files_here(context: NoticeContext, spot: Spot) -> bool:
    """Whether people who come as this clause says come to file a request."""
    rules, clause, unit = context.rules, spot.clause, spot.unit
    if _for_something_else(context, spot):
        return False
    named = _named(context, spot)
    if named is None:
        return False
    line = _is_line(context, unit)
    if rules.says("desk", clause) and not _goes_online(context, clause):
        return named is _Named.REQUEST or line or _is_subject(context, spot)
    if named is _Named.PERMIT and not ((line and "convocation" not in clause) or _on_its_page(context, unit)):
        return False
    only_booked = rules.says("booking", clause) or _on_its_page(context, unit)
    if not only_booked and _has_its_own_way(context, clause) and not _OR.search(clause):
        return False
    if rules.says("authority", clause):
        return (
            rules.says_any(("deposit", "done_at", *_MEETING), spot.so_far)
            or _TIME.search(context.core[unit.index]) is not None
        )
    if rules.says_any((*_MEETING, "come_in_person"), clause):
        return True
    return line or rules.says_any(("deposit", "reception"), clause) or _on_its_page(context, unit)


_MEETING: tuple[ConceptName, ...] = ("by_appointment", "without_appointment", "come_in_person")


def _for_something_else(context: NoticeContext, spot: Spot) -> bool:
    """Whether one comes there to collect, to give fingerprints, to ask, to be helped at a screen, to get a date."""
    rules, unit = context.rules, spot.unit
    lead = context.document.lead_of(unit)
    words = context.words[unit.index]
    return (
        rules.says("collection", spot.so_far)
        or _gives_fingerprints(context, spot.clause)
        or rules.says_any(("pan", "pan_weak"), without_circumstance(words))
        or (lead is not None and rules.says_any(("booking", "negation", "collection"), context.words[lead.index]))
        or any(rules.says("pan", context.words[heading.index]) for heading in context.document.above(unit))
        or aims_elsewhere(context, spot)
    )


def _gives_fingerprints(context: NoticeContext, clause: str) -> bool:
    """Whether fingerprints are what one comes for: named before any file ("les empreintes pour votre demande")."""
    prints, thing = (context.rules.find(name, clause) for name in ("fingerprints", "filing_object"))
    return prints is not None and (thing is None or prints.start() < thing.start())


def _named(context: NoticeContext, spot: Spot) -> _Named | None:
    """How the request is named: in the clause, with what one brings, before it, after it as a label, or over it."""
    rules, unit = context.rules, spot.unit
    before = [part for part in spot.parts[: spot.number] if not part.aside and not _has_its_own_way(context, part.text)]
    after = spot.parts[1:2] if spot.number == 0 and _introduces_request(context, spot) else []
    brought = enclosed(context.words[unit.index])
    near = [spot.clause, *(part.text for part in reversed(before)), *(part.text for part in after)]
    for low in near:
        if _asks(context, low):
            return _Named.REQUEST
    if rules.says("come_in_person", spot.so_far) and rules.says_any(("residence_request", "file"), brought):
        return _Named.REQUEST
    over = context.document.above(unit)[:2]
    listed = unit.kind in ("item", "row") and rules.says_any(("desk", "authority"), spot.clause)
    answers = any(heading.asks for heading in over[:1]) and rules.says_any(_PRESENCE, spot.clause)
    if (listed or answers) and any(rules.says_any(_FILING, context.words[heading.index]) for heading in over):
        return _Named.REQUEST
    permit = any(rules.says_any(("residence", "bare_request"), low) for low in near)
    return _Named.PERMIT if permit else None


def _asks(context: NoticeContext, low: str) -> bool:
    """Whether words name a request or the act of making one."""
    plain = context.rules.without("not_a_thing", low)
    return context.rules.says_any(("request", "residence_request", "deposit"), plain)


def _has_its_own_way(context: NoticeContext, low: str) -> bool:
    """Whether a clause says by which other way what it names is sent."""
    return context.rules.says_any(_OTHER_WAYS, low) or _goes_online(context, low)


def _goes_online(context: NoticeContext, low: str) -> bool:
    """Whether a clause sends the request online, not only its booking, and does not say that this fails or is not
    offered."""
    rules = context.rules
    fails = rules.says_any(("anef_failure", "category_not_online"), low)
    return not fails and rules.says("online", rules.without("online_booking", low))


def _introduces_request(context: NoticeContext, spot: Spot) -> bool:
    """True for "Guichet du séjour : dépôt des dossiers le lundi"."""
    following = spot.parts[1].text if len(spot.parts) > 1 else ""
    label = context.words[spot.unit.index][spot.parts[0].end :].lstrip().startswith(":")
    return label and bool(following) and not context.rules.says("negation", following)


def _is_subject(context: NoticeContext, spot: Spot) -> bool:
    """True for "Les titres de séjour hors ANEF sont traités au guichet": the permit opens the sentence."""
    return context.rules.opens("residence", _DETERMINER.sub("", spot.clause))


def _is_line(context: NoticeContext, unit: Unit) -> bool:
    """True for a line of a list, a table or a timetable, which speaks without a verb."""
    words = context.words[unit.index]
    return unit.kind in ("item", "row") or (len(words) <= 2 * _LABEL and " : " in words)


def _on_its_page(context: NoticeContext, unit: Unit) -> bool:
    """Whether the page is the desk's own: a booking module, which says only what one comes for."""
    return is_booking(context.url) and not _tells_online(context.core[unit.index])


def _tells_online(low: str) -> bool:
    return re.search(r"(?<![a-z])(?:anef|teleservice|demande[sr]? en ligne|deposer en ligne)(?![a-z])", low) is not None


def _under_a_desk(context: NoticeContext, unit: Unit, words: str) -> bool:
    """Whether a request is listed under, or after, "sur rendez-vous", "sans rendez-vous" or "au guichet"."""
    lead = context.document.lead_of(unit)
    over = [context.words[u.index] for u in ([lead] if lead else []) + context.document.above(unit)[:1]]
    label, mark, _ = words.partition(" : ")
    headed = unit.kind in ("item", "row") and any(_heads_a_desk(context, low) for low in over)
    return headed or (bool(mark) and _heads_a_desk(context, label))


def _heads_a_desk(context: NoticeContext, low: str) -> bool:
    rules = context.rules
    blocked: tuple[ConceptName, ...] = ("negation", "collection", "booking", "not_filing", "online")
    return len(low) <= _LABEL and rules.says("desk_heading", low) and not rules.says_any(blocked, low)


def _day_of_appointment(context: NoticeContext) -> list[Mention]:
    """An appointment that must be taken and, in the same section, the file to bring on that day; or a paper file and
    the people who must be there."""
    out = []
    for unit in context.document.units:
        sign = _day_or_paper(context, unit)
        if sign is None:
            continue
        wanted: ConceptName = "bring" if sign == "by_appointment" else "presence"
        if any(
            context.rules.says(wanted, context.words[other.index])
            and not context.rules.says("collection", context.words[other.index])
            and matter_of(context, other) == "residence"
            for other in context.after(unit, 5)
        ):
            words = context.words[unit.index]
            named = spots(unit, places_of(context, sign, words), words)
            opened = [spot for spot in named if usable(context, spot) is Polarity.AFFIRMED]
            out += [opening(context, spot) for spot in opened[:1]]
    return out


def _day_or_paper(context: NoticeContext, unit: Unit) -> ConceptName | None:
    """What a unit says: that an appointment must be taken, or that the file is of paper. None for neither."""
    rules, words = context.rules, context.words[unit.index]
    if unit.is_heading or rules.says_any(("collection", "fingerprints"), words):
        return None
    if matter_of(context, unit) != "residence":
        return None
    if rules.says("by_appointment", words) and not rules.says("negation", words):
        return "by_appointment"
    return "paper_file" if rules.says("paper_file", words) and not rules.says("post", words) else None


def _desk_addresses(context: NoticeContext, unit: Unit) -> list[str]:
    units = [unit, *(context.after(unit, 6) if unit.low.rstrip().endswith(":") else ())]
    return [a.value for a in context.addresses_in(units) if not context.is_elsewhere(a.postcode)]
