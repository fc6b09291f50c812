"""The exhibits of a case and their inventory, in the order a clerk reads them. What the person did stays apart.

Order: chronology, captures, what was asked of the call centre, of the help desk and of the préfecture, other documents
(the person); relevés of the monitor; statistics; notice of verification. Captures of one démarche on one sort of
site are one homogeneous series; every other file is an exhibit of its own (a référé was rejected because one "pièce"
held pages of several dates that the inventory did not list: TA Cergy, 21 February 2017, 1701593).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import PurePath
from typing import Final

from monitor.case.court.dossier import LAYERS, Dossier, Exhibit, Item, Layer, Releve, Sort
from monitor.case.court.words import AUTHORS, DATES, KINDS_FR, ORIGINS, hour, procedure, result, short_day, when
from monitor.case.model import Attempt, FileRef, Group
from monitor.paper.french import some
from monitor.values import dataclass

IMAGES: Final = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".heic", ".heif", ".tif", ".tiff", ".bmp"})
SHOWN: Final = IMAGES | {".pdf", ".eml", ".txt"}
BANDED: Final = "-bandeau"  # a picture of an assisted attempt, with its band: shown instead of the bare one
BESIDE_FR: Final = (
    "Autre page de la même visite, qui n'en dit pas le résultat ; son heure et son adresse sont dans attempt.json"
)
_CAPTURES: Final[tuple[Group, ...]] = ("attempt", "seen", "anef", "after")
_ORDER: Final[tuple[Group, ...]] = (*_CAPTURES, "ccc", "pan", "request", "answer", "filing", "obstacle", "other")


@dataclass(frozen=True, slots=True)
class _Planned:
    title: str
    layer: Layer
    sort: Sort
    items: tuple[Item, ...] = ()
    event: Attempt | None = None


def exhibits(dossier: Dossier, first: int = 1) -> tuple[Exhibit, ...]:
    """Every exhibit with its number. first: number of the first, where others stand before."""
    return tuple(
        Exhibit(
            number=number,
            title=one.title,
            layer=one.layer,
            sort=one.sort,
            items=one.items,
            day=one.event.day if one.event else None,
        )
        for number, one in enumerate(_planned(dossier), first)
    )


def _planned(dossier: Dossier) -> Iterator[_Planned]:
    yield _Planned("Chronologie des tentatives et démarches", "person", "chronology")
    by_group = sorted(dossier.attempts, key=lambda one: (_ORDER.index(one.group), one.day, one.number))
    captures = [one for one in by_group if one.group in _CAPTURES]
    yield from _series(captures, dossier)
    for event in by_group:
        for file in event.files:
            ending = suffix(file)
            if event.group in _CAPTURES and ending != ".pdf":
                continue  # a picture is in its series; a mail that only carried one is with the originals
            if ending in SHOWN:
                yield _Planned(_titled(event, file), "person", "file", (Item(file, event),), event)
    for releve in dossier.releves:
        if releve.pdf:
            yield _Planned(_releve(releve), "automatic", "releve", (Item(releve.pdf),))
    for file in dossier.statistics:
        yield _Planned(f"Statistiques de la veille ({PurePath(file.name).stem})", "statistics", "statistics",
                       (Item(file),))  # fmt: skip
    yield _Planned("Notice de vérification et empreintes des originaux", "notice", "notice")


def _series(captures: Sequence[Attempt], dossier: Dossier) -> Iterator[_Planned]:
    """One series a démarche, a sort of site, a competent site and a desk of foreigners: nothing mixed."""

    def key(one: Attempt) -> tuple[bool, str, bool, bool]:
        return one.group in ("anef", "after"), one.procedure, one.site_serves is False, one.erratum is not None

    for (portal, code, elsewhere, wrong), of_one in groupby(sorted(captures, key=key), key):
        items = tuple(Item(file, event) for event in _by_time(of_one) for file in pictures(event))
        if items:
            where = "du portail ANEF" if portal else "du site de rendez-vous"
            other = ", site qui ne dessert pas la commune de résidence" if elsewhere else ""
            other += ", guichet qui n'est pas celui des étrangers" if wrong else ""
            span = spanned(days_of(items, dossier))
            title = f"Captures d'écran {where}, {procedure(code)}{other}{f', {span}' if span else ''}"
            yield _Planned(title, "person", "series", items)


def days_of(items: Iterable[Item], dossier: Dossier) -> list[date]:
    """The distinct days of captures, those of an attempt that is doubted left out."""
    return sorted({item.event.day for item in items if item.event and item.event.number not in dossier.doubted})


def spanned(days: Sequence[date]) -> str:
    """`du 2 mars 2026 au 4 avril 2026`, `le 2 mars 2026`; empty without a day."""
    if not days:
        return ""
    first, last = short_day(days[0]), short_day(days[-1])
    return f"du {first} au {last}" if first != last else f"le {first}"


def _by_time(events: Iterable[Attempt]) -> list[Attempt]:
    return sorted(events, key=lambda one: (one.day, one.at.timestamp() if one.at else 0.0, one.number))


def pictures(event: Attempt) -> list[FileRef]:
    """The pictures of an event; of two of the same page, the one with its band."""
    images = [file for file in event.files if suffix(file) in IMAGES]
    banded = {PurePath(file.name).stem.removesuffix(BANDED) for file in images if BANDED in file.name}
    return [file for file in images if BANDED in file.name or PurePath(file.name).stem not in banded]


def suffix(file: FileRef) -> str:
    """`.png`, in small letters."""
    return PurePath(file.name).suffix.lower()


def _titled(event: Attempt, file: FileRef) -> str:
    means, what = KINDS_FR[event.kind]
    reference = f", n° {event.reference}" if event.reference else ""
    several = f" ({PurePath(file.name).stem})" if len(event.files) > 1 else ""
    return f"{means[0].upper()}{means[1:]} : {what}, {short_day(event.day)}{reference}{several}"


def _releve(releve: Releve) -> str:
    return f"{LAYERS['automatic']} ({some(releve.records, 'observation', 'observations')}, {releve.name})"


def caption(item: Item, rank: int, of: int, dossier: Dossier) -> str:
    """The line under a capture of a series."""
    event = item.event
    assert event is not None, "a capture of a series belongs to an event"
    return " — ".join(
        [
            f"Capture n° {rank}/{of}",
            when(event, dossier),
            f"{_office(event, dossier)}, démarche « {procedure(event.procedure)} »",
            *([BESIDE_FR] if _beside(item) else _told(event)),
            f"Auteur : {AUTHORS[event.author]}",
            f"Date : {DATES[event.date_source]}",
            *([f"Comment : {ORIGINS[event.origin]}"] if event.origin else []),
            *([f"À vérifier : {dossier.doubted[event.number]}"] if event.number in dossier.doubted else []),
            f"Empreinte SHA-256 de l'original : {item.file.sha256[:16]}…",
        ]
    )  # fmt: skip


def _told(event: Attempt) -> list[str]:
    shown = f"noté par l'auteur : « {event.sentence} »" if event.sentence else "voir l'image"
    return [
        f"Message affiché : {shown}" if not event.sentence else f"Message affiché, {shown}",
        f"Adresse : {event.address}" if event.address else "Adresse : non notée",
        f"Résultat noté : {KINDS_FR[event.kind][1]}",
    ]


def _office(event: Attempt, dossier: Dossier) -> str:
    """The case's office, or what is known of another."""
    if event.site_serves is False and event.prefecture:
        return f"Préfecture {event.prefecture}, qui n'est pas celle du dossier"
    if event.origin and not event.prefecture:
        return "Préfecture non connue"
    return dossier.office


def _beside(item: Item) -> bool:
    """Whether a picture is of another page of the visit than the one that told how it ended, which is kept first:
    `002-affichee.html`, then `002.png`."""
    event = item.event
    if event is None or event.origin != "extension":
        return False
    return not PurePath(event.files[0].name).name.startswith(PurePath(item.file.name).stem)


def item_line(item: Item, rank: int, dossier: Dossier) -> str:
    """`1 - 02/03/2026 09h14 - aucun créneau`: in the list of a series, the inventory and the bookmarks."""
    event = item.event
    assert event is not None
    clock = hour(event, dossier) or "heure non connue"
    told = "autre page de la même visite" if _beside(item) else KINDS_FR[event.kind][1]
    return f"{rank} - {event.day:%d/%m/%Y} {clock} - {told}"


CHRONOLOGY: Final = ("Date", "Heure", "Démarche", "Moyen", "Résultat", "Pièce n°")


def chronology(dossier: Dossier, shown: Sequence[Exhibit]) -> list[list[str]]:
    """Rows under `CHRONOLOGY`, one an event, with the exhibits that show it."""
    return [_row(event, dossier, shown) for event in dossier.attempts]


def withdrawn(dossier: Dossier) -> list[list[str]]:
    """Rows of the entries the person took back, with why: they count for nothing and are not hidden."""
    return [
        [*_row(event, dossier, ())[:4], KINDS_FR[event.kind][1], dossier.reasons.get(event.number, "")]
        for event in dossier.withdrawn
    ]


def _row(event: Attempt, dossier: Dossier, shown: Sequence[Exhibit]) -> list[str]:
    aside = ", ".join(
        [
            *(["par un aidant autorisé"] if event.author == "helper" else []),
            *([DATES[event.date_source]] if event.date_source != "stated" else []),
            *([ORIGINS[event.origin]] if event.origin in ("extension", "diary") else []),
            *([f"à vérifier : {dossier.doubted[event.number]}"] if event.number in dossier.doubted else []),
        ]
    )
    return [
        f"{event.day:%d/%m/%Y}",
        hour(event, dossier) or "non connue",
        procedure(event.procedure),
        KINDS_FR[event.kind][0],
        result(event) + (f" ({aside})" if aside else ""),
        ", ".join(numbers(event, shown)) or "aucune",
    ]


def numbers(event: Attempt, shown: Sequence[Exhibit]) -> list[str]:
    """`["3.12", "5"]`: the exhibits that show an event, with its rank in a series."""
    out = []
    for one in shown:
        for rank, item in enumerate(one.items, 1):
            if item.event is not None and item.event.number == event.number:
                out.append(f"{one.number}.{rank}" if one.sort == "series" else str(one.number))
    return out
