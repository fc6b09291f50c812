"""How much of the country is known: what is declared, joined with what was read. Pure.

A préfecture is counted once under the best access to an appointment that is known there. Nobody opened a declared
address unless `opened` says so: what is counted is what a person would be sent to, not what answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal, get_args

from monitor.catalogue.age import REOPEN_AFTER, to_reopen
from monitor.core.prefecture import Desk, Notice, Prefecture, Way
from monitor.core.readings import detail_of, from_json
from monitor.report.table import DeskRow, PrefectureRow
from monitor.values import dataclass

Access = Literal["calendar", "captcha", "form", "page", "nothing"]
PanKnown = Literal["foreigners", "unverified", "audience", "others", "nothing"]
Opened = Literal["lately", "long_ago", "never"]
Work = Literal["nothing", "desk", "pan", "reopen"]

ACCESSES: Final[tuple[Access, ...]] = get_args(Access)
PANS: Final[tuple[PanKnown, ...]] = get_args(PanKnown)
OPENED: Final[tuple[Opened, ...]] = get_args(Opened)
WORKS: Final[tuple[Work, ...]] = get_args(Work)

# Senate, report l25-139-32: sous-préfectures with a point d'accueil numérique, and those of them that help with ANEF.
SENATE: Final[Mapping[str, int]] = {"sous_prefectures_with_pan": 127, "of_which_for_anef": 67}
SENATE_SOURCE: Final = "https://www.senat.fr/rap/l25-139-32/l25-139-3212.html"

_CAPTCHA: Final = "rdv_prefecture"  # its terms stand behind a captcha (`cgu/`), for everybody
_FORMS: Final = "demarche_numerique"
_CHANNELS: Final[Mapping[str, Way]] = {"counter": "walk_in", "postal": "post", "email": "email", "phone": "phone"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefectureCoverage:
    """What is known of one préfecture.

    access: the best that is known: a calendar that is read, one behind a captcha or another wall, a request form, a
    page to read, nothing. pan: for foreigners (or for some of their matters); so told and read by nobody; its audience
    not stated; for other matters; nothing. filing: ways to file besides ANEF. opened: last day one of its addresses
    was opened. addresses: desks and pages in use; reopen: how many of them are to be opened again.
    sources: the source of each fact counted here.
    """

    code: str
    name: str
    access: Access
    pan: PanKnown
    filing: tuple[Way, ...]
    opened: date | None
    addresses: int
    reopen: int
    sources: tuple[str, ...]

    @property
    def work(self) -> tuple[Work, ...]:
        """What a survey of its site would bring."""
        wanted: dict[Work, bool] = {
            "nothing": self.access == "nothing",
            "desk": self.access == "page",
            "pan": self.pan != "foreigners",
            "reopen": self.reopen > 0,
        }
        return tuple(name for name, due in wanted.items() if due)

    def to_json(self) -> dict[str, Any]:
        """For machines: days ISO."""
        return {
            "code": self.code,
            "name": self.name,
            "access": self.access,
            "pan": self.pan,
            "filing": list(self.filing),
            "opened": self.opened and self.opened.isoformat(),
            "addresses": self.addresses,
            "to_reopen": self.reopen,
            "work": list(self.work),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryCoverage:
    """That of the préfectures asked for, on a day. whole: those are all that are declared."""

    on: date
    rows: tuple[PrefectureCoverage, ...]
    whole: bool

    def by_access(self) -> dict[Access, int]:
        """Préfectures by access; they add up."""
        counts = Counter(row.access for row in self.rows)
        return {name: counts[name] for name in ACCESSES}

    def by_pan(self) -> dict[PanKnown, int]:
        """Préfectures by what is known of a PAN; they add up."""
        counts = Counter(row.pan for row in self.rows)
        return {name: counts[name] for name in PANS}

    def by_way(self) -> dict[Way, int]:
        """Préfectures by way of filing; one that knows two counts under both."""
        counts = Counter(way for row in self.rows for way in row.filing)
        return {way: counts[way] for way in get_args(Way) if counts[way]}

    @property
    def filing(self) -> int:
        """Préfectures of which a way to file besides ANEF is known."""
        return sum(bool(row.filing) for row in self.rows)

    def by_opening(self) -> dict[Opened, int]:
        """Préfectures by when one of their addresses was last opened; they add up."""
        counts: Counter[Opened] = Counter(self._opened(row) for row in self.rows)
        return {name: counts[name] for name in OPENED}

    def _opened(self, row: PrefectureCoverage) -> Opened:
        if row.opened is None:
            return "never"
        return "long_ago" if self.on - row.opened > REOPEN_AFTER else "lately"

    def by_source(self) -> dict[str, int]:
        """Facts by source, most first."""
        counts = Counter(source for row in self.rows for source in row.sources)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def work(self) -> dict[Work, tuple[str, ...]]:
        """The codes of which something is wanted, by what."""
        return {name: tuple(row.code for row in self.rows if name in row.work) for name in WORKS}

    def survey_command(self, codes: Sequence[str]) -> str:
        """The one command that looks for it; `vigie survey` without a code asks every site of the country."""
        every = self.whole and len(codes) == len(self.rows)
        return " ".join(["vigie survey", *(() if every else codes)])

    def to_json(self) -> dict[str, Any]:
        """For machines: days ISO, `work` with the command that does it."""
        return {
            "on": self.on.isoformat(),
            "prefectures": len(self.rows),
            "access": self.by_access(),
            "pan": self.by_pan(),
            "pan_in_the_country": {**SENATE, "source": SENATE_SOURCE},
            "filing": self.filing,
            "filing_by_way": self.by_way(),
            "opened": self.by_opening(),
            "addresses": sum(row.addresses for row in self.rows),
            "to_reopen": sum(row.reopen for row in self.rows),
            "sources": self.by_source(),
            "work": [
                {"what": what, "codes": list(codes), "command": self.survey_command(codes)}
                for what, codes in self.work().items()
                if codes
            ],
            "rows": [row.to_json() for row in self.rows],
        }


def coverage(rows: Iterable[PrefectureRow], on: date, *, whole: bool) -> CountryCoverage:
    """Count. rows: of `report.table.rows`; without any reading they count what is declared alone. whole: all of it."""
    return CountryCoverage(on=on, rows=tuple(_covered(row, on) for row in rows), whole=whole)


def _covered(row: PrefectureRow, on: date) -> PrefectureCoverage:
    one = row.prefecture
    pages = [notice for notice in one.notices if notice.retired is None]
    accesses: list[Access] = [*map(_access, row.desks), "page" if pages else "nothing"]
    old = [page for page in pages if to_reopen(page.provenance, on, page.verified_on, row.read_on(page))]
    return PrefectureCoverage(
        code=one.code,
        name=one.name,
        access=min(accesses, key=ACCESSES.index),
        pan=min(_pans(row), key=PANS.index),
        filing=tuple(way for way in get_args(Way) if way in set(_ways(row))),
        opened=max(_openings(row, pages), default=None),
        addresses=len(row.desks) + len(pages),
        reopen=sum(desk.to_reopen(on) for desk in row.desks) + len(old),
        sources=tuple(_sources(one, [*one.active_desks, *pages])),
    )


def _access(desk: DeskRow) -> Access:
    """That to one desk, as its last reading shows it, else as its product is known to be."""
    if desk.record is not None and desk.remark is None:
        reading = desk.record["reading"]
        if reading == "Obstructed":
            return "captcha"
        if reading == "Closed" or detail_of(from_json(dict(desk.record))) == "not_found":
            return "nothing"
        if reading in ("SlotsOpen", "NoSlot", "NotYetOpen"):
            return "calendar"
    name = desk.declared.platform.name
    return "captcha" if name == _CAPTCHA else "form" if name == _FORMS else "calendar"


def _pans(row: PrefectureRow) -> Iterator[PanKnown]:
    """What each source of knowledge about a PAN says; nothing, where there is none."""
    yield "nothing"
    if any(desk.procedure == "pan" for desk in row.desks):
        yield "foreigners"
    if row.picture.pan == "published":
        known: dict[bool | None, PanKnown] = {True: "foreigners", False: "others", None: "audience"}
        yield known[row.picture.for_foreigners]
    for place in row.prefecture.places:
        if place.kind == "pan":
            if place.receives_foreigners in ("yes", "partial"):
                yield "unverified" if place.provenance.confidence == "unverified" else "foreigners"
            else:
                yield "others" if place.receives_foreigners == "no" else "audience"


def _ways(row: PrefectureRow) -> Iterator[Way]:
    """Ways to file that are no portal: those published on pages that were read, and those a source tells."""
    yield from (_CHANNELS[name] for name, fact in row.picture.channels.items() if fact is not None)
    for told in row.prefecture.statements:
        if told.kind == "filing":
            yield from (way for way in told.ways if way != "online")


def _openings(row: PrefectureRow, pages: Iterable[Notice]) -> Iterator[date]:
    known = [row.prefecture.verified_on, *(desk.read_on for desk in row.desks), *map(row.read_on, pages)]
    known += [desk.declared.verified_on for desk in row.desks] + [page.verified_on for page in pages]
    yield from (day for day in known if day is not None)


def _sources(one: Prefecture, addresses: Iterable[Desk | Notice]) -> Iterator[str]:
    yield from (entry.provenance.source for entry in addresses)
    yield from (place.provenance.source for place in one.places if place.kind == "pan")
    yield from (told.provenance.source for told in one.statements)
