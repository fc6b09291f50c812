"""French dates, and what they say of a sentence: when the page was updated, since when or until when a rule holds."""

from __future__ import annotations

import re
from datetime import date

from monitor.read.notices.prose.document import Prose
from monitor.values import dataclass, pattern

_MONTHS = {
    "janvier": 1, "janv": 1, "fevrier": 2, "fev": 2, "mars": 3, "avril": 4, "avr": 4, "mai": 5, "juin": 6,
    "juillet": 7, "juil": 7, "aout": 8, "septembre": 9, "sept": 9, "octobre": 10, "oct": 10, "novembre": 11, "nov": 11,
    "decembre": 12, "dec": 12,
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
DATE = (
    rf"(?:(?P<d1>\d{{1,2}})(?:er)?\s+(?P<m1>{_MONTH})\.?(?:\s+(?P<y1>\d{{4}}))?"
    r"|(?P<d2>\d{1,2})\s?[/.-]\s?(?P<m2>\d{1,2})\s?[/.-]\s?(?P<y2>\d{4}|\d{2})(?!\d)"
    r"|(?P<y3>\d{4})-(?P<m3>\d{2})-(?P<d3>\d{2}))"
)
_DATE = pattern(rf"(?<![\d/.-]){DATE}")
_UPDATE = r"(?:derniere\s+)?(?:mise?s?\s+a\s+jour|modifiee?s?|modification|actualisee?s?|actualisation)"
_WEEKDAY = r"(?:(?:lun|mar|mercre|jeu|vendre|same)di\s+|dimanche\s+)?"
_AFTER_PUBLISHED = r"(?:(?:publiee?|mise?\s+en\s+ligne|creee?)\s+le\s+[^,;|(]{6,24}[,;|(]?\s*(?:et\s+|-\s*)?)?"
_UPDATED = pattern(
    rf"^{_AFTER_PUBLISHED}(?:page\s+|article\s+|contenu\s+)?{_UPDATE}\s*(?:le\s+|du\s+|au\s+)?:?\s*(?:le\s+)?"
    rf"{_WEEKDAY}(?={DATE})"
)
_UPDATED_INSIDE = pattern(rf"(?:page|article|dossier|fiche)\s+{_UPDATE}\s*(?:le|du|au)?\s*:?\s*(?={DATE})")
_PUBLISHED = pattern(
    rf"^(?:mise?\s+en\s+ligne|publiee?|publication|cree|1re\s+parution)\s*(?:le\s+|du\s+)?:?\s*(?:le\s+)?(?={DATE})"
)
_UNTIL = pattern(rf"\bjusqu'\s?(?:au|a la date du)\s+(?:\w+di\s+|dimanche\s+)?(?={DATE})")
_RANGE = pattern(
    rf"\bdu\s+(?:\w+di\s+)?(?P<day>\d{{1,2}})(?:er)?(?:\s+(?P<month>{_MONTH})\.?)?(?:\s+(?P<year>\d{{4}}))?\s+au\s+"
    rf"(?:\w+di\s+)?(?={DATE})"
)
_FROM = pattern(rf"\b(?:a (?:compter|partir) du|depuis le|des le|apres le|le)\s+(?:\w+di\s+)?(?={DATE})")


@dataclass(frozen=True, slots=True)
class Dated:
    """A date and the folded span it stands in. day: None where the page gives no year."""

    start: int
    end: int
    day: date | None


def dates(low: str) -> list[Dated]:
    """Every date of a folded text, in order; impossible ones (31/02) are left out."""
    found = []
    for match in _DATE.finditer(low):
        whole, day = _value(match)
        if whole:
            found.append(Dated(match.start(), match.end(), day))
    return found


def _value(match: re.Match[str]) -> tuple[bool, date | None]:
    """(is it a date at all, the day where the year is given)."""
    day = int(match["d1"] or match["d2"] or match["d3"])
    month = _MONTHS[match["m1"]] if match["m1"] else int(match["m2"] or match["m3"])
    year = match["y1"] or match["y2"] or match["y3"]
    try:
        full = date(int(year) + (2000 if len(year) == 2 else 0) if year else 2000, month, day)
    except ValueError:
        return False, None
    return True, full if year else None


def _date_at(low: str, position: int) -> date | None:
    match = _DATE.match(low, position)
    return _value(match)[1] if match else None


def updated_on(document: Prose) -> date | None:
    """The page's own "Mis à jour le": a block that begins with it, never a sentence on something else's update."""
    return _stated(document, _UPDATED) or _stated(document, _UPDATED_INSIDE)


def published_on(document: Prose) -> date | None:
    """The page's own "Mis en ligne le" or "Publié le"."""
    return _stated(document, _PUBLISHED)


def _stated(document: Prose, pattern: re.Pattern[str]) -> date | None:
    for unit in document.units:
        match = pattern.search(unit.low)
        if match:
            day = _date_at(unit.low, match.end())
            if day is not None:
                return day
    return None


def ends(low: str) -> date | None:
    """The last day a sentence gives itself: "jusqu'au 30 juin 2020", "du 16 mars au 11 mai 2020"."""
    return _bound(low, _UNTIL) or _bound(low, _RANGE)


def begins(low: str) -> date | None:
    """The first day a sentence gives itself: "à compter du 24 juillet 2023", "du 3 juin au 28 juin 2024"."""
    return _bound(low, _FROM) or _range_start(low)


def _range_start(low: str) -> date | None:
    """The first day of "du 3 (juin) (2024) au 28 juin 2024": what it leaves out is the last day's."""
    for match in _RANGE.finditer(low):
        last = _date_at(low, match.end())
        if last is None:
            continue
        month = _MONTHS[match["month"]] if match["month"] else last.month
        year = int(match["year"]) if match["year"] else last.year - (month > last.month)
        try:
            return date(year, month, int(match["day"]))
        except ValueError:
            continue
    return None


def _bound(low: str, pattern: re.Pattern[str]) -> date | None:
    for match in pattern.finditer(low):
        day = _date_at(low, match.end())
        if day is not None:
            return day
    return None


def in_force(low: str, at: date | None) -> bool:
    """False when the sentence itself says it is over, or not yet begun, on that day. True when the day is unknown."""
    if at is None:
        return True
    last, first = ends(low), begins(low)
    return not (last is not None and last < at) and not (first is not None and first > at)
