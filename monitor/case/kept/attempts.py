"""What a parcel becomes in a case: one attempt a sitting of the extension's pages, one a picture of the diary. Pure.

Pages are read by the readers that read for the monitor; the address says which product they are of, declared or not.
What a parcel proves, and what it does not, stands in the note of each attempt, in French: it is filed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from monitor.case.assist.attempt import ATTEMPT
from monitor.case.assist.pages import address, line_crossed, markup_tells_address, words_tell_address
from monitor.case.folder import Brought
from monitor.case.kept.parcel import KeptPage, KeptParcel, Picked
from monitor.case.kept.sittings import GAP, kind_of_reading, parted, sentence, telling
from monitor.case.model import OTHER, Attempt, Author, DateSource, Facts
from monitor.case.photos import dated
from monitor.catalogue.declaration import PROCEDURES
from monitor.core.hosts import normal_host
from monitor.core.labels import label
from monitor.core.prefecture import Context, Desk, Page, Platform, Prefecture
from monitor.core.readings import Reading, detail_of
from monitor.core.record import digest
from monitor.evidence.sums import SUMS
from monitor.paper.french import some, utc
from monitor.read.platforms.registry import platform_at
from monitor.values import dataclass

if TYPE_CHECKING:
    from monitor.catalogue.catalogue import Catalogue

HTML: Final = ("content-type", "text/html; charset=utf-8")  # what is kept of a page is always UTF-8
NEAR: Final = timedelta(seconds=60)  # two dates of one picture that differ by less are one
SHOWN_FR: Final = (
    "Page telle que le navigateur de la personne l'affichait quand elle a appuyé sur le bouton ; rien n'exclut qu'elle"
    " ait été modifiée avant dans ce navigateur ; horloge de son ordinateur."
)
CHOSEN_FR: Final[Mapping[str, str]] = {
    "exif": "Image choisie par la personne ; date d'après la photo ; phrase recopiée par elle.",
    "file_name": "Image choisie par la personne ; date d'après le nom du fichier ; phrase recopiée par elle.",
    "file_date": "Image choisie par la personne ; date d'après celle du fichier ; phrase recopiée par elle.",
    "stated": "Image choisie par la personne ; date dite par elle ; phrase recopiée par elle.",
}
_CROSSED_FR: Final = "Une page était hors des étapes qui montrent les créneaux, ou demandait des données personnelles"


@dataclass(frozen=True, slots=True)
class AddressedDesk:
    """The calendar an address is of. prefecture: empty, procedure: `other`, where it is not known of whom it is."""

    prefecture: str
    procedure: str
    zone: ZoneInfo
    platform: Platform
    label: str | None = None
    opening: tuple[str, datetime] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A kept page with its calendar and what it says. reading: None where nothing of it was kept. crossed: from here
    on the person was past what is recorded."""

    kept: KeptPage
    place: AddressedDesk
    reading: Reading
    crossed: bool = False

    @property
    def at(self) -> datetime:
        """See `sittings.Shown`."""
        return self.kept.at

    @property
    def desk(self) -> tuple[str, str]:
        """See `sittings.Shown`."""
        return self.place.prefecture, self.place.platform.url


@dataclass(frozen=True, slots=True)
class AttemptBrought:
    """An attempt, and the files of the parcel that show it."""

    attempt: Attempt
    files: tuple[Brought, ...]


def attempts_of(parcel: KeptParcel, catalogue: Catalogue, facts: Facts) -> tuple[AttemptBrought, ...]:
    """The attempts of a parcel, each with its files, in the order of their hours."""
    made = _sat(parcel, catalogue, facts) if parcel.pages else _picked(parcel, catalogue)
    author: Author = "person" if parcel.author == "person" else "helper"
    return tuple(AttemptBrought(replace(one.attempt, origin=parcel.origin, author=author), one.files) for one in made)


def of_the_whole(parcel: KeptParcel) -> tuple[Brought, ...]:
    """The files that speak of the whole parcel: its record, its sums, the stamps over them, receipts."""
    return tuple(Brought(name, data) for name, data in sorted(parcel.files.items()) if _speaks_of_all(name))


def of_own_demarche(attempt: Attempt, facts: Facts) -> bool:
    """Whether it may be asked if an attempt is about the case's own démarche: made at the case's préfecture or at one
    its address does not tell, at a desk of which it is not known whose it is. Seven of the thirteen RDV-Préfecture
    desks are such (2026-11-30)."""
    here = attempt.prefecture in ("", facts.prefecture)
    return here and attempt.procedure in ("", OTHER) and facts.procedure != OTHER


def of_another_office(attempt: Attempt, catalogue: Catalogue, facts: Facts) -> bool:
    """Whether an attempt was made at a préfecture that is known not to be the case's: it is kept, and counts for
    nothing against the case's own. The naturalisation platform of the case's préfecture is its own."""
    if not attempt.prefecture or not facts.prefecture:
        return False
    own = next((one.naturalisation_platform for one in catalogue.prefectures if one.code == facts.prefecture), None)
    return attempt.prefecture not in (facts.prefecture, own)


def _speaks_of_all(name: str) -> bool:
    return name in (ATTEMPT, SUMS) or name.startswith((f"{SUMS}.", "recus/"))


# --- the extension's pages --------------------------------------------------------------------------------------------


def _sat(parcel: KeptParcel, catalogue: Catalogue, facts: Facts) -> Iterator[AttemptBrought]:
    read = [one for page in parcel.pages if (one := _read(page, parcel, catalogue, facts)) is not None]
    for sitting in parted(read, ZoneInfo(facts.zone)):
        kept, crossed = _up_to_the_line(sitting)
        if kept:
            yield _sitting(parcel, kept, crossed)


def _read(page: KeptPage, parcel: KeptParcel, catalogue: Catalogue, facts: Facts) -> ReadPage | None:
    """The page with what it says; None for an address of no calendar, or a page of which nothing was kept."""
    place = _place(page.url, catalogue, facts)
    if place is None or page.page is None:
        return None
    shown = Page(
        url=page.url,
        status=page.status or 200,  # a browser that does not say it showed a page all the same
        headers=(HTML,),
        body=parcel.files[page.page],
    )
    context = Context(zone=place.zone, at=page.at, label=place.label, opening=place.opening)
    reading = place.platform.read(shown, context)
    crossed = line_crossed(place.platform.name, place.platform.url, shown, (), reading) is not None
    return ReadPage(kept=page, place=place, reading=reading, crossed=crossed)


def _place(url: str, catalogue: Catalogue, facts: Facts) -> AddressedDesk | None:
    """The desk whose address begins this one, the longest; else one of the product's own address, at the préfecture
    whose site it stands on, and at none that is named where it stands on a site all préfectures share."""
    found = [(one, desk) for one, desk in catalogue.desks() if _begins(desk.platform.url, url)]
    if found:
        prefecture, desk = max(found, key=lambda one: len(one[1].platform.url))
        return _declared(prefecture, desk)
    platform = platform_at(url)
    if platform is None:
        return None
    of_site = [one for one in catalogue.prefectures if _parts(one.site)[0] == _parts(url)[0]]
    if len(of_site) == 1:
        return AddressedDesk(of_site[0].code, OTHER, of_site[0].zone, platform)
    return AddressedDesk("", OTHER, ZoneInfo(facts.zone), platform)


def _declared(prefecture: Prefecture, desk: Desk) -> AddressedDesk:
    return AddressedDesk(prefecture.code, desk.procedure, prefecture.zone, desk.platform, desk.pattern, desk.opening)


def _begins(start: str, url: str) -> bool:
    """Whether an address is a desk's own or lies under it, whatever its scheme, port and query."""
    (host, path), (other, under) = _parts(start), _parts(url)
    return host == other and (under == path or under.startswith(path.rstrip("/") + "/"))


def _parts(url: str) -> tuple[str | None, str]:
    parts = urlsplit(url)
    return normal_host(parts.hostname or ""), parts.path.rstrip("/")


def _up_to_the_line(sitting: Sequence[ReadPage]) -> tuple[Sequence[ReadPage], bool]:
    for i, page in enumerate(sitting):
        if page.crossed:
            return sitting[:i], True
    return sitting, False


def _sitting(parcel: KeptParcel, pages: Sequence[ReadPage], crossed: bool) -> AttemptBrought:
    page = telling(pages)
    kind = kind_of_reading(page.reading)
    attempt = Attempt(
        day=page.at.astimezone(page.place.zone).date(),
        at=page.at,
        date_source="extension",
        kind="unreadable" if crossed and kind != "slot_offered" else kind,
        procedure=page.place.procedure,
        prefecture=page.place.prefecture,
        address=address(page.kept.url),
        sentence=sentence(page.reading),
        note=" ".join(_course(parcel, pages, crossed)),
        kept=tuple(one.kept.mark for one in pages),
    )
    first = [page, *(one for one in pages if one is not page)]  # the picture that tells leads: exhibits say so
    return AttemptBrought(attempt, tuple(_files(parcel, first)))


def _files(parcel: KeptParcel, pages: Iterable[ReadPage]) -> Iterator[Brought]:
    """Pages and pictures; those in which the site repeats an IP address stay in the record by their digest alone."""
    for page in pages:
        markup = parcel.files[page.kept.page or ""]
        shows = Page(url=page.kept.url, status=page.kept.status, headers=(HTML,), body=markup)
        names = [page.kept.page] if not markup_tells_address(markup) else []
        names += [page.kept.picture] if not words_tell_address(shows) else []
        yield from (Brought(PurePosixPath(name).name, parcel.files[name]) for name in names if name is not None)


def _course(parcel: KeptParcel, pages: Sequence[ReadPage], crossed: bool) -> Iterator[str]:
    first, last = pages[0].at, pages[-1].at
    yield f"Gardé par l'extension du navigateur de la personne ({parcel.browser}), du {utc(first)} au {utc(last)}."
    read = Counter(label(type(page.reading).__name__, detail_of(page.reading)).said("fr") for page in pages)
    yield f"Pages lues : {' ; '.join(f'{words} ({n})' for words, n in read.items())}."
    if (without := sum(not page.kept.status for page in pages)) > 0:
        yield f"Le navigateur n'a pas dit le code de la réponse : {some(without, 'page', 'pages')}."
    bare = [one for one in parcel.pages if one.page is None and first - GAP <= one.at <= last + GAP]
    if bare:
        what = some(len(bare), "autre page affichée", "autres pages affichées")
        yield f"À moins d'une demi-heure de là, {what} dont rien n'est gardé (champ rempli, ou page trop grande)."
    if crossed:
        yield f"{_CROSSED_FR} : la suite n'est pas reprise."
    if sorted(page.kept.number for page in pages) != [page.kept.number for page in pages]:
        yield "L'horloge de l'ordinateur a reculé entre deux pages."
    yield SHOWN_FR


# --- the diary's pictures ---------------------------------------------------------------------------------------------


def _picked(parcel: KeptParcel, catalogue: Catalogue) -> Iterator[AttemptBrought]:
    zones = {one.code: one.zone for one in catalogue.prefectures}
    for one in parcel.picked:
        zone = zones.get(one.prefecture, parcel.zone)
        when = _dated(parcel, one, zone)
        attempt = Attempt(
            day=when.day,
            at=when.at,
            date_source=when.source,
            pictured=when.pictured,
            kind=one.kind,
            procedure=one.procedure if one.procedure in PROCEDURES else OTHER,
            prefecture=one.prefecture if one.prefecture in zones else "",
            address=one.address,
            sentence=one.sentence,
            note=f"Gardé dans le carnet de la personne, fichier « {one.name} ». {CHOSEN_FR[when.source]}",
            kept=(digest(parcel.files[one.file]),),
        )
        yield AttemptBrought(attempt, (Brought(PurePosixPath(one.file).name, parcel.files[one.file]),))


@dataclass(frozen=True, slots=True)
class _When:
    day: date
    at: datetime
    source: DateSource
    pictured: str = ""


def _dated(parcel: KeptParcel, one: Picked, zone: ZoneInfo) -> _When:
    """The date a picture is given: read here again. One the person stated that is not the picture's stays theirs, and
    the picture's stands beside it: `case check` asks."""
    said = one.at.replace(tzinfo=parcel.zone)
    found = dated(Brought(one.name, parcel.files[one.file]), zone)
    if found.day is None:
        source: DateSource = "file_date" if one.source == "file_date" else "stated"
        return _When(said.astimezone(zone).date(), said, source)
    pictured = (found.at or found.day).isoformat()
    differs = abs(found.at - said) > NEAR if found.at else found.day != said.astimezone(zone).date()
    if one.source in ("stated", "file_date") and differs:
        return _When(said.astimezone(zone).date(), said, "stated", pictured)
    at = found.at or said
    return _When(at.astimezone(zone).date(), at, found.source or "stated", pictured)
