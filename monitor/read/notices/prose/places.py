"""Postal addresses and opening hours as printed."""

from __future__ import annotations

import re

from monitor.read.notices.prose.document import Prose, Unit
from monitor.read.notices.prose.tokens import Token
from monitor.read.notices.prose.typography import collapse, folded
from monitor.values import dataclass, pattern

_WAYS = (
    r"rue|avenue|av\.?|boulevard|bd\.?|blvd|place|pl\.?|quai|allees?|chemin|route|cours|esplanade|impasse|square|"
    r"passage|faubourg|fbg|parvis|mail|rond-point|cite|rocade|voie|residence|zone|z\.?a\.?|lotissement|sentier|"
    r"promenade|villa|galerie|montee|cote|traverse|carrefour|centre administratif"
)
_NUMBER = r"(?<![\d,.])\d{1,4}(?:\s?-\s?\d{1,4})?(?:\s?(?:bis|ter|quater|[a-d]\b))?\s*,?\s*"
_SURE_WAYS = (
    r"rue|avenue|boulevard|bd|place|quai|allees?|esplanade|square|parvis|rond-point|cite administrative|impasse|"
    r"centre administratif"
)
_WAY = pattern(rf"(?:{_NUMBER}(?:{_WAYS})|\b(?:{_SURE_WAYS}))\s+(?=[a-z0-9'])")
_STREET = pattern(rf"{_NUMBER}(?:{_WAYS})\s+|\b(?:{_SURE_WAYS}|chateau|cite)\s+")
_BOX = pattern(r"\b(?:cs|bp|b\.p\.|tsa|boite postale)\s?\d[\d\s-]*\d")
_POSTCODE = pattern(r"(?<![\d.])(?:0[1-9]|[1-8]\d|9[0-8])[ ]?\d{3}(?!\d)(?=\s+[A-ZÀ-Þ])")
_LINK_WORD = r"(?:de|du|des|la|le|les|sur|sous|en|et|aux?|lès|d['’]|l['’])"
_TOWN_WORD = pattern(
    rf"\s+(?:[Cc][Ee][Dd][Ee][Xx](?:\s?\d{{1,2}}(?!\d))?|[A-ZÀ-Þ][\wÀ-ÿ'’-]*|{_LINK_WORD}(?=\s*[A-ZÀ-Þ'’]))"
)
_NAME = pattern(
    rf"(?:{_LINK_WORD}\s?)*(?:\d+\s\w+|[A-ZÀ-Þ][\wÀ-ÿ'’.-]*)(?:[\s-]+(?:{_LINK_WORD}\s?)*(?:[A-ZÀ-Þ][\wÀ-ÿ'’-]*|\d{{4}}(?!\d)))*"
)
_IN_TOWN = pattern(
    r"(?:\s*,?\s+à|\s*,|\s+–)\s+((?:(?:Le|La|Les)\s)?[A-ZÀ-Þ][\wÀ-ÿ'’]+(?:-[\wÀ-ÿ'’]+)*(?:\s[A-ZÀ-Þ][\wÀ-ÿ'’-]+)*)"
)
_RECIPIENT = pattern(
    r"\b(?:monsieur le prefet|madame la prefete|m\. le prefet|(?:sous[- ])?prefecture|direction|bureau|service|"
    r"plate-?forme|pole|secretariat|hotel de)\b"
)
_DAY = (
    r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?(?:\s(?:matin|apres[- ]midi)s?)?|"
    r"tous les (?:jours|matins|apres[- ]midis?)(?: ouvres| ouvrables)?|(?:le|les|l'\s?)\s?(?:matin|apres[- ]midi)s?|"
    r"(?:matin|apres[- ]midi)s?|chaque (?:jour|matin|semaine)|jours? ouvr(?:es|ables)"
)
_TIME = r"\d{1,2}\s?(?:h|:)\s?(?:[0-5]\d)?(?!\d)(?:\s?mn)?|midi"
_JOINER = (
    r"(?:\s|,|;|:|/|\(|\)|-|"
    r"\b(?:du|de|d'|des|a|au|aux|et|le|les|l'|entre|sauf|puis|ou|uniquement|inclus|sans|ainsi que)\b)"
)
_HOURS = pattern(rf"(?:\b(?:{_DAY})\b|(?<![\d])(?:{_TIME}))(?:{_JOINER}*(?:\b(?:{_DAY})\b|(?<![\d])(?:{_TIME})))*")
_TIMES = pattern(_TIME)
_HALF_DAY = pattern(rf"(?:{_DAY}).*(?:matin|apres)|(?:lundi|mardi).* au .*(?:jeudi|vendredi|samedi)")
_LEADING = pattern(r"(?:\b(?:du|de|d'|le|les|entre|des|ouvert|tous)\s+)+$")


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address as printed, white space collapsed. postcode: five digits. start, end: visible text offsets."""

    value: str
    postcode: str
    start: int
    end: int
    street_start: int  # where the street begins, the recipient left out


def addresses(document: Prose, units: list[Unit]) -> list[Address]:
    """Addresses that end, in one of these units, with a postcode and a town."""
    found: list[Address] = []
    for unit in units:
        floor = unit.start
        for match in _POSTCODE.finditer(unit.text):
            end = _town_end(unit.text, match.end())
            if end == match.end():
                continue
            start, street = _begin(document, unit, floor, unit.start + match.start())
            code = re.sub(r"\D", "", match.group())
            value = document.quote(start, unit.start + end)
            found.append(Address(value, code, start, unit.start + end, street))
            floor = unit.start + end
    return found


def _town_end(text: str, position: int) -> int:
    """End of the town's name, Cedex and its number included."""
    end = position
    while word := _TOWN_WORD.match(text, end):
        end = word.end()
        if folded(word.group()).strip().startswith("cedex"):
            break
    return end - (len(text[position:end]) - len(text[position:end].rstrip(" .,;")))


def _begin(document: Prose, unit: Unit, floor: int, postcode: int) -> tuple[int, int]:
    """Where the address begins, and where its street does: in the line itself, or on the short lines above."""
    offset = unit.within(floor)
    prefix = unit.low[offset : unit.within(postcode)]
    ways = list(_WAY.finditer(prefix))
    boxes = list(_BOX.finditer(prefix))
    street = min((m.start() for m in ways[-1:] + boxes[-1:]), default=None)
    if street is None and not prefix.strip(" ,-–"):
        return _lines_above(document, unit, postcode)
    first = street if street is not None else len(prefix)
    mark = max(prefix.rfind(char, 0, first) for char in (":", ";", "(", "• ")) + 1
    recipient = next((m.start() for m in _RECIPIENT.finditer(prefix, mark) if m.start() < first), first)
    start, door = unit.span(offset + recipient, offset + first)
    if street is not None and not prefix[:recipient].strip() and unit.index > 0 and _glued(document, unit):
        return _lines_above(document, unit, start)[0], door
    return start, door


def _glued(document: Prose, unit: Unit) -> bool:
    above = document.units[unit.index - 1]
    return above.group == unit.group and _address_line(above)


def _lines_above(document: Prose, unit: Unit, postcode: int) -> tuple[int, int]:
    """An address printed on several lines: the lines of its group above the postcode that are neither text nor lead."""
    start, street = postcode, postcode
    for above in reversed(document.units[max(0, unit.index - 7) : unit.index]):
        if above.group != unit.group or not _address_line(above):
            break
        start = above.start
        if _WAY.search(above.low) or _BOX.search(above.low):
            street = above.start
    return start, street


def _address_line(unit: Unit) -> bool:
    low = unit.low.rstrip()
    if unit.is_heading or low.endswith((":", ".", "?", "!")) or len(low) > 90:
        return False
    return not _HOURS.search(low) and "@" not in low and "rendez-vous" not in low and "http" not in low


def streets(document: Prose, unit: Unit) -> list[Address]:
    """Doors given without a postcode: a street with its number or its town ("place de la Préfecture à Mamoudzou")."""
    found = []
    for match in _STREET.finditer(unit.low):
        start, at = (offset - unit.start for offset in unit.span(match.start(), match.end()))
        name = _NAME.match(unit.text, at)
        if name is None or not name.group().strip():
            continue
        town = _IN_TOWN.match(unit.text, name.end())
        numbered = match.group()[0].isdigit()
        if not numbered and town is None:
            continue
        end = town.end() if town else name.end()
        a, b = unit.start + start, unit.start + end
        found.append(Address(document.quote(a, b).rstrip("."), "", a, b, a))
    return found


def hours(unit: Unit) -> list[Token]:
    """Opening hours: runs of days and times that hold at least one span of times (8h30 à 11h30)."""
    return [_printed(unit, match) for match in _HOURS.finditer(unit.low) if len(_TIMES.findall(match.group())) >= 2]


def half_days(unit: Unit) -> list[Token]:
    """Opening days given without times: "le mercredi après-midi", "du lundi au vendredi"."""
    return [_printed(unit, match) for match in _HOURS.finditer(unit.low) if _HALF_DAY.search(match.group())]


def _printed(unit: Unit, match: re.Match[str]) -> Token:
    """The run as printed, with the "du" or "le" that opens it."""
    lead = _LEADING.search(unit.low, max(0, match.start() - 24), match.start())
    a, b = unit.span(lead.start() if lead else match.start(), match.end())
    value = collapse(unit.text[a - unit.start : b - unit.start]).strip(" ,;:(-–/")
    return Token(value, a, b, folded(value))
