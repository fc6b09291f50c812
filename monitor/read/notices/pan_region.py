"""Which sentences name a point d'accueil numérique, which others go with them, and whom it is for.

Where a PAN is, when it is open, how it is reached: told apart from the CCC, the counter, the telephone line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar
from urllib.parse import urljoin

from monitor.core.prefecture import Way
from monitor.read.notices.clauses import clauses
from monitor.read.notices.context import NoticeContext
from monitor.read.notices.prose.document import Unit
from monitor.read.notices.prose.places import half_days
from monitor.read.notices.prose.tokens import Token
from monitor.read.notices.rules import Rules, foreigners_in, others_in
from monitor.values import dataclass, pattern

T = TypeVar("T")

# "aide les étrangers à prendre rendez-vous en ligne", up to the end of that clause or to how one comes
_HELPS = pattern(
    r"(?<![a-z])(?:aid|accompagn|assist|guid|permet)[a-z]*[^;.:,(]*?\s(?:a|pour|dans|afin|de)\s"
    r"(?:(?!(?:sur|sans) (?:rendez-vous|rdv))[^;.:,(])*"
)
_OTHER_SERVICE = pattern(r"\W*(?:les? |l'|nos |votre )?(?:service|bureau|guichet|pole|accueil)s? (?:de |des |du |d')")
ACRONYM = pattern(r"(?<![A-ZÀ-Þ'’-])PAN(?![A-ZÀ-Þ'’-])")


def names_pan(context: NoticeContext, unit: Unit) -> bool:
    rules = context.rules
    low = rules.without("not_pan", context.words[unit.index])
    if rules.says("pan", low) or ACRONYM.search(unit.text):
        return True
    if unit.is_heading or not rules.says("pan_weak", low):
        return False
    return rules.says("pan_location", low) or (foreigners_in(rules, low) and bool(context.doors_in([unit])))


def region_of(context: NoticeContext, unit: Unit) -> list[Unit]:
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


def units_below(context: NoticeContext, unit: Unit) -> list[Unit]:
    """The units that may tell of a PAN's doors: those after an anchor under its own heading, what is headed or labelled
    for another matter left out."""
    over = unit if unit.is_heading else next(iter(context.document.above(unit)), None)
    floor = over.level if over is not None and over.kind == "heading" and over.level > 1 else 1
    out, skipped = [unit], 0
    for other in context.document.units[unit.index + 1 :]:
        if other.is_heading:
            if other.level <= floor:
                break
            if skipped and other.level > skipped:
                continue
            skipped = other.level if _of_another(context, other) else 0
        if not skipped and not _other_desk(context, other):
            out.append(other)
    return out


def _of_another(context: NoticeContext, heading: Unit) -> bool:
    """Whether a heading is of another service or matter, or shuts foreigners out."""
    words = context.words[heading.index]
    if names_pan(context, heading):
        return _public(context, words) is False
    return (
        _public(context, words) is False
        or _OTHER_SERVICE.match(words) is not None
        or context.rules.says_any(("ccc", "collection", "residence_request"), words)
        or bool(others_in(context.rules, words))
    )


def _generic(context: NoticeContext, heading: Unit) -> bool:
    """True for a heading without a matter of its own: "Horaires", "Comment venir ?"."""
    words = context.words[heading.index].strip(' :?!."')
    found = context.rules.concepts["generic_heading"].pattern.match(words)
    return found is not None and not foreigners_in(context.rules, words) and not others_in(context.rules, words)


def _practical(context: NoticeContext, unit: Unit) -> bool:
    """True for a line of practical information, which goes on with the service named before."""
    words = context.words[unit.index].lstrip(" -")
    if context.rules.concepts["practical"].pattern.match(words):
        return True
    return context.doors_in([unit]) != [] and len(words) < 120


def _other_desk(context: NoticeContext, unit: Unit) -> bool:
    """True for a sentence on another service: the CCC, the residence desk, collection, another matter with a label."""
    rules = context.rules
    words = context.words[unit.index]
    if names_pan(context, unit) or (rules.says("pan", words) and rules.says("appointment", words)):
        return False
    if rules.says_any(("ccc", "collection"), words) or _OTHER_SERVICE.match(words):
        return True
    if rules.says("residence_request", words) and rules.says_any(("deposit", "post", "by_email"), words):
        return True
    label = words.split(" : ")[0] if " : " in words else ""
    return bool(label) and len(label) < 60 and (foreigners_in(rules, label) or bool(others_in(rules, label)))


def audience_of(context: NoticeContext, unit: Unit, region: Sequence[Unit]) -> bool | None:
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


def of_service(context: NoticeContext, unit: Unit) -> bool:
    """True for a sentence on the PAN itself that does not name it: "Ces points ne reçoivent pas ..."."""
    return re.match(r"(?:il|ils|elle|ces?|cet|cette|le service)\b", context.words[unit.index].lstrip()) is not None


def _with_mailboxes(context: NoticeContext, unit: Unit) -> str:
    """Words of a unit, with those its mailboxes are made of: pref-cni-passeports@ tells whom it serves."""
    boxes = " ".join(re.sub(r"[-_.]", " ", token.key.split("@")[0]) for token in context.emails[unit.index])
    return f"{context.words[unit.index]} {boxes}"


def _public(context: NoticeContext, low: str) -> bool | None:
    """Whom the words say the PAN is for; a sentence that shuts foreigners out says False."""
    rules = context.rules
    others = others_in(rules, low)
    if others & {"naturalisation", "asylum"}:
        return True
    if foreigners_in(rules, low):
        parts = [part.text for part in clauses(rules.without("negation_aside", low))]
        affirmed = [part for part in parts if not rules.says("not_for_them", part) and foreigners_in(rules, part)]
        if any(_shuts_out(rules, part) for part in parts):  # "... : pour un titre de séjour, écrivez à ..."
            affirmed = [part for part in affirmed if rules.says_any(("pan", "pan_offer", "pan_receives"), part)]
        if affirmed:
            return True
        return False if rules.says("pan", low) or "licences" in others else None
    return False if "licences" in others else None


def _shuts_out(rules: Rules, part: str) -> bool:
    """Whether a clause says of a PAN that it is not for foreigners."""
    return rules.says("not_for_them", part) and foreigners_in(rules, part) and rules.says("pan", part)


@dataclass(frozen=True, slots=True)
class Details:
    """Everything as printed. all_hours: the hours of every place; `hours` is the first."""

    access: tuple[Way, ...] = ()
    places: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    hours: str | None = None
    all_hours: tuple[str, ...] = ()


def details(context: NoticeContext, units: Sequence[Unit]) -> Details:
    """Details that the units of a PAN give."""
    own = [unit for unit in units if _of_the_pan(context, unit)]
    timed = [unit for unit in own if _says_its_hours(context, unit)]
    hours = _once(
        hours.value for unit in timed for hours in context.hours[unit.index] if not _of_the_line(context, unit, hours)
    ) or _once(half.value for unit in timed for half in half_days(unit))
    links = _once(urljoin(context.url, link.url) for unit in own for link in unit.links if not _anef(link.url))
    doors = [a for a in context.doors_in(own) if not (a.postcode and context.is_elsewhere(a.postcode))]
    return Details(
        access=_access(context, own, timed=bool(hours)),
        places=_once(context.document.quote(door.street_start, door.end) for door in doors),
        phones=_once(phone.value for unit in own for phone in context.phones[unit.index]),
        emails=_once(box.value for unit in own for box in context.emails[unit.index] if not _elses(box.key)),
        links=tuple(url for url in links if url.startswith(("http://", "https://"))),
        hours=hours[0] if hours else None,
        all_hours=hours,
    )


def _once(values: Iterable[T]) -> tuple[T, ...]:
    """The values in order, each once."""
    return tuple(dict.fromkeys(values))


def _says_its_hours(context: NoticeContext, unit: Unit) -> bool:
    """Whether the hours of a unit are the PAN's, not a telephone line's nor a counter's."""
    words = context.words[unit.index]
    return not context.rules.says("phone_line", words) and not _counter_hours(context, words)


def _access(context: NoticeContext, own: Sequence[Unit], *, timed: bool) -> tuple[Way, ...]:
    """The ways said; a PAN that receives at a place, at hours, and asks for no appointment, is walked into."""
    ways = _once(way for unit in own for way in _ways(context, unit))
    if ways or not timed or any(context.rules.says("appointment", _said(context, unit)) for unit in own):
        return ways
    return ("walk_in",) if any(context.rules.says("pan_receives", context.words[unit.index]) for unit in own) else ()


def _said(context: NoticeContext, unit: Unit) -> str:
    """Words of a unit without what the PAN helps to do: « aide à prendre rendez-vous en ligne » is no way to it."""
    return _HELPS.sub(lambda found: " " * len(found.group()), context.words[unit.index])


def _of_the_pan(context: NoticeContext, unit: Unit) -> bool:
    """False for a sentence on the CCC, unless it is by the CCC that the PAN is booked."""
    rules = context.rules
    words = context.words[unit.index]
    if "standard" in words and not rules.says("pan", words):
        return False
    if rules.says("ccc", words) or any(t.key in rules.ccc_numbers for t in context.phones[unit.index]):
        return rules.says("pan", words) and rules.says("appointment", words)
    return True


def _of_the_line(context: NoticeContext, unit: Unit, hours: Token) -> bool:
    """True when the hours follow a telephone number: "au 02 61 91 22 10 chaque matin de 9h à 11h"."""
    return any(0 <= hours.start - phone.end <= 25 for phone in context.phones[unit.index])


def _counter_hours(context: NoticeContext, words: str) -> bool:
    """True when the hours are said of a counter or of the whole préfecture, not of the PAN."""
    rules = context.rules
    return not rules.says("pan", words) and any(word in words for word in ("guichet", "standard", "accueil general"))


def _elses(key: str) -> bool:
    return any(mark in key for mark in ("cni", "passeport", "rgpd", "dpo"))


def _anef(url: str) -> bool:
    return "administration-etrangers-en-france" in url or "service-public" in url


def _ways(context: NoticeContext, unit: Unit) -> list[Way]:
    """Ways in which one reaches the PAN, as this unit has them: what books a visit, or lets one come without."""
    rules = context.rules
    words = _said(context, unit)
    ways: list[Way] = []
    if rules.says("walk_in", words) and not rules.says("negation", rules.without("walk_in", words)):
        ways.append("walk_in")
    lead = context.document.lead_of(unit)
    near = [words, *([context.words[lead.index]] if lead else [])]
    if not any(rules.says("appointment", low) or rules.says("booking", low) for low in near):
        return ways + (["form"] if _hands_form_in(context, words) else [])
    plain = rules.without("pan", words)
    if context.phones[unit.index]:
        ways.append("phone")
    if context.emails[unit.index]:
        ways.append("email")
    if rules.says("form", plain) and not rules.says("online_booking", words):
        ways.append("form")
    web = any(not _anef(link.url) and not _is_file(link.url) for link in unit.links)
    if "form" not in ways and (rules.says("online_booking", words) or (web and not context.phones[unit.index])):
        ways.append("online")
    if rules.says("post", rules.without("email", words)):
        ways.append("post")
    return ways


def _hands_form_in(context: NoticeContext, words: str) -> bool:
    """True for a form to fill in and hand in."""
    rules = context.rules
    return rules.says("form", words) and (rules.says("deposit", words) or rules.says("drop_box", words))


def _is_file(url: str) -> bool:
    return url.lower().split("?")[0].endswith((".pdf", ".odt", ".doc", ".docx", ".rtf"))
