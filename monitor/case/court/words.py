"""French words of a court file: how each kind of event is called in a chronology, and each démarche."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from monitor.case.check.doubts import Doubt
from monitor.case.court import names
from monitor.case.court.dossier import Dossier
from monitor.case.model import Attempt, Author, DateSource, Origin, moment
from monitor.core import labels
from monitor.core.words import spoken
from monitor.paper.french import MONTHS, captioned

KINDS_FR: Final[Mapping[str, tuple[str, str]]] = {  # by what means, with what result
    code: names.kind(code, "fr") for code in names.KINDS
}
PROCEDURES_FR: Final[Mapping[str, str]] = {code: labels.procedure(code, "fr") for code in labels.PROCEDURES}
AUTHORS: Final[Mapping[Author, str]] = {one: spoken("fr").gettext(words) for one, words in names.AUTHORS.items()}
DATES: Final[Mapping[DateSource, str]] = {one: spoken("fr").gettext(words) for one, words in names.DATES.items()}
ORIGINS: Final[Mapping[Origin, str]] = {one: spoken("fr").gettext(words) for one, words in names.ORIGINS.items()}
DONE: Final = "à la date où ce dossier a été constitué"


def procedure(code: str) -> str:
    """A démarche in French; a code of nobody's, as it was written."""
    return PROCEDURES_FR.get(code, code or "démarche non précisée")


def prefet(office: str) -> str:
    """`préfet du Val-d'Oise`, `préfet de police`: who is written to and sued, from the name of the office."""
    head, _space, rest = office.partition(" ")
    return f"préfet {rest}" if head == "Préfecture" and rest else "préfet [à préciser]"


def short_day(day: date) -> str:
    """`12 mars 2026`."""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def when(event: Attempt, dossier: Dossier) -> str:
    """Day, hour and offset in legal time; that the hour is not known where it is not."""
    if event.at is None:
        return f"{short_day(event.day)}, heure non connue"
    return captioned(event.at, dossier.zone)


def hour(event: Attempt, dossier: Dossier) -> str:
    """`09h14`, legal time; empty when not known."""
    local = event.local(dossier.zone)
    return f"{local:%Hh%M}" if local else ""


def doubted(found: Iterable[Doubt], zone: ZoneInfo) -> dict[int, str]:
    """Why each attempt is doubted, by the number of its entry."""
    out: dict[int, list[str]] = {}
    for one in found:
        out.setdefault(one.event.number, []).append(_doubt(one, zone))
    return {number: "\N{NO-BREAK SPACE}; ".join(why) for number, why in out.items()}


def _doubt(one: Doubt, zone: ZoneInfo) -> str:
    match one.code:
        case "future_date":
            return "date future"
        case "before_case":
            assert one.since is not None, "a day to compare with"
            return f"date antérieure au {short_day(one.since)}, à confirmer"
        case "same_file":
            assert one.other is not None, "two attempts share a picture"
            return f"image identique, octet pour octet, à celle d'une tentative du {short_day(one.other.day)}"
        case "picture_date":
            day, at = moment(one.event.pictured, zone)
            clock = f" à {at.astimezone(zone):%Hh%M}" if at else ""
            return f"l'image porte la date du {short_day(day)}{clock}"


def result(event: Attempt) -> str:
    """What came of it: our word for its kind, then what was noted, each said to be so."""
    parts = [KINDS_FR[event.kind][1]]
    if event.sentence:
        parts.append(f"phrase notée : « {event.sentence} »")
    if event.reference:
        parts.append(f"n° {event.reference}")
    if event.due:
        parts.append(f"pour le {short_day(event.due)}")
    if event.site_serves is False:
        parts.append("site qui ne dessert pas la commune de résidence")
    if event.erratum is not None:
        parts.append(f"ce guichet n'est pas celui des étrangers ({event.erratum.what})")
    return " ; ".join(parts)
