"""What a survey would change of a declaration, from what was opened and read; and what it could not tell. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Literal

from monitor.catalogue.catalogue import slug_of
from monitor.core.prefecture import Desk, Notice, Prefecture, Provenance
from monitor.discover.addresses import same_host, twin_key
from monitor.discover.found import DeskLink
from monitor.discover.leads import LinkRules, for_foreigners, procedures_of
from monitor.discover.proposal import SOURCE as WALKED
from monitor.discover.proposal import Entry, Proposed
from monitor.discover.survey.edits import AddEntry, Edit, SetField
from monitor.discover.survey.opened import OpenedAddress, host_of
from monitor.discover.survey.sources import SourceRow
from monitor.discover.survey.surveyed import SurveyedPrefecture, candidates
from monitor.read.notices.prose.typography import folded
from monitor.read.platforms.booking import booking_of
from monitor.values import dataclass

SOURCE = "vigie survey"
_LONG = 60  # letters: a longer label is a sentence, and makes no slug
DoubtKind = Literal[
    "home_unread", "not_verified", "leads_elsewhere", "label_differs", "walk_stopped", "not_examined", "aside",
    "whose_not_said", "list_only", "not_for_foreigners", "place_whose", "another_prefecture", "no_such_product",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SurveyDoubt:
    """What a person has to settle. slug: of what is declared, where it is about that. words: the page's or the
    source's own, or a number. url: where they stand."""

    kind: DoubtKind
    slug: str = ""
    url: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class SourceConflict:
    """One thing that sources tell differently. told: source and value, today's declaration first."""

    what: str
    told: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SurveyChanges:
    """edits: of the declaration. doubts, conflicts: for a person. Nothing of it is accepted by itself."""

    edits: tuple[Edit, ...]
    doubts: tuple[SurveyDoubt, ...]
    conflicts: tuple[SourceConflict, ...]


def changes(one: SurveyedPrefecture, rules: LinkRules) -> SurveyChanges:
    """All of it, of one préfecture."""
    edits = [*_notices(one), *_desks(one), *_candidates(one, rules), *_places(one, rules)]
    edits += _identity(one, edits)
    return SurveyChanges(tuple(edits), tuple(_doubts(one, rules)), tuple(conflicts(one)))


# --- notices ----------------------------------------------------------------------------------------------------------


def _notices(one: SurveyedPrefecture) -> Iterator[Edit]:
    home = twin_key(one.prefecture.site)  # an address that leads to the home page is lost, not moved
    there = {p.entry.slug: p.entry for p in one.proposal.notices if p.status == "moved"}
    moved = {slug: entry for slug, entry in there.items() if twin_key(entry.url) != home}
    for notice in one.prefecture.notices:
        opened = one.of("notice", notice.slug)
        if notice.retired is not None or opened is None:
            continue
        if opened.fate != "alive" and notice.slug in moved:
            yield from _moved(notice, moved[notice.slug])
        elif opened.fate == "alive":
            yield SetField(("notices", notice.slug), "verified_on", _day(one, opened))
        elif opened.fate == "gone":
            yield SetField(("notices", notice.slug), "retired", _day(one, opened))
    yield from (AddEntry("notices", _said(p)) for p in one.proposal.notices if p.status == "new")


def _moved(notice: Notice, there: Notice) -> Iterator[Edit]:
    of = ("notices", notice.slug)
    for name in ("url", "label", "provenance", "verified_on"):
        value = getattr(there, name)
        if value is not None and value != getattr(notice, name):
            yield SetField(("notices", of[1]), name, value)


def _said(proposed: Proposed[Entry]) -> Entry:
    """What a walk read is the survey's; what a list says stays the list's."""
    told = proposed.entry.provenance
    if told.confidence == "listed":
        return proposed.entry
    return replace(proposed.entry, provenance=replace(told, source=told.source.replace(WALKED, SOURCE)))


# --- desks ------------------------------------------------------------------------------------------------------------


def _desks(one: SurveyedPrefecture) -> Iterator[Edit]:
    for desk in one.prefecture.active_desks:
        opened = one.of("desk", desk.slug)
        if opened is None:
            continue
        if opened.fate == "alive":
            yield SetField(("desks", desk.slug), "verified_on", _day(one, opened))
        elif opened.fate == "gone" or (opened.fate == "closed" and desk.platform.name == "ez_booking"):
            yield SetField(("desks", desk.slug), "retired", _day(one, opened))  # « désactivé définitivement »
    for proposed in one.proposal.desks:
        entry = _said(proposed)
        gone = proposed.status == "moved" and (opened := one.of("desk", entry.slug)) and opened.fate != "alive"
        if gone:
            yield SetField(("desks", entry.slug), "platform", entry.platform)
            yield SetField(("desks", entry.slug), "provenance", entry.provenance)
        elif proposed.status in ("new", "moved"):
            yield AddEntry("desks", _free(entry, one.prefecture) if proposed.status == "moved" else entry)


def _candidates(one: SurveyedPrefecture, rules: LinkRules) -> Iterator[Edit]:
    """A booking address that only a list names, once its own page names foreigners too."""
    found = {twin_key(p.entry.platform.url) for p in one.proposal.desks}
    for what in candidates(one.prefecture, rules, one.rows):
        opened, row = one.of("candidate", what.slug), row_of(one, what.url)
        if opened is None or row is None or what.platform is None or twin_key(what.url) in found:
            continue
        if opened.fate != "alive" or not for_foreigners(rules, (opened.heading, opened.title)):
            continue
        procedures = procedures_of(rules, opened.heading, row.label)
        short = slug_of(row.label) if len(row.label) <= _LONG else ""
        desk = Desk(
            slug=short or slug_of(what.slug),
            label=opened.heading or row.label,
            procedure=procedures[0],
            also=procedures[1:],
            platform=what.platform,
            provenance=row.provenance,
            verified_on=_day(one, opened),
        )
        yield AddEntry("desks", _free(desk, one.prefecture))


def row_of(one: SurveyedPrefecture, url: str) -> SourceRow | None:
    """The first row that names a booking address."""
    for row in one.rows:
        booking = booking_of(row.url) if row.url else None
        if booking is not None and booking.platform is not None and twin_key(booking.platform.url) == twin_key(url):
            return row
    return None


def _free(desk: Desk, today: Prefecture) -> Desk:
    taken = {*(one.slug for one in today.desks), *(one.slug for one in today.notices)}
    slug, number = desk.slug, 2
    while slug in taken:
        slug, number = f"{desk.slug}-{number}", number + 1
    return replace(desk, slug=slug)


# --- places, and the préfecture itself --------------------------------------------------------------------------------


def _places(one: SurveyedPrefecture, rules: LinkRules) -> Iterator[Edit]:
    """Doors the pages of the site give; a source's where nothing else has its kind: of a PAN, one that names
    foreigners."""
    read = [_said(found) for found in one.proposal.places if found.status == "new"]
    yield from (AddEntry("places", place) for place in read)
    has = {place.kind for place in (*one.prefecture.places, *read)}
    for row in one.rows:
        place = row.place()
        if place is None or place.kind in has:
            continue
        if place.kind == "naturalisation" or rules.about_foreigners(row.name):
            yield AddEntry("places", place)


def _identity(one: SurveyedPrefecture, edits: list[Edit]) -> Iterator[Edit]:
    """Whether a desk can be visited now, and the day of the search."""
    today, found = one.prefecture, one.discovery
    site = one.of("site", today.slug)
    retired = {edit.of[1] for edit in edits if isinstance(edit, SetField) and edit.name == "retired" and edit.of}
    active = [desk for desk in today.active_desks if desk.slug not in retired]
    active += [edit.entry for edit in edits if isinstance(edit, AddEntry) and isinstance(edit.entry, Desk)]
    read = sum(1 for _ in found.read())
    if active:
        if today.no_desk is not None:
            yield SetField(None, "no_desk", None)
    elif today.no_desk is None:  # a sentence that stands is a person's, and a newer search does not make it better
        pages = f"les {read} pages examinées" if read > 1 else "la page examinée"
        searched = f"Aucun lien de rendez-vous pour les étrangers n'a été trouvé sur {pages} du site."
        yield SetField(None, "no_desk", searched if read else "Aucune des adresses déclarées ne répond plus.")
    if read or (today.searched_on is None and not active):
        yield SetField(None, "searched_on", found.day)
    if site is not None and site.fate == "alive":
        yield SetField(None, "verified_on", _day(one, site))


def _day(one: SurveyedPrefecture, opened: OpenedAddress) -> date:
    """The day it was opened, in the préfecture's legal time."""
    assert opened.at is not None
    return opened.at.astimezone(one.prefecture.zone).date()


# --- doubts -----------------------------------------------------------------------------------------------------------


def _doubts(one: SurveyedPrefecture, rules: LinkRules) -> Iterator[SurveyDoubt]:
    found = one.discovery
    if found.home is not None:
        yield SurveyDoubt("home_unread", url=found.site)
    labels = {desk.slug: desk.label for desk in one.prefecture.desks}
    for opened in one.opened:
        if opened.subject == "candidate":
            continue
        if opened.fate == "moved":
            yield SurveyDoubt("leads_elsewhere", opened.slug, opened.url, opened.to or "")
        elif opened.fate != "alive":
            yield SurveyDoubt("not_verified", opened.slug, opened.url, opened.fate)
        label = labels.get(opened.slug, "")
        if opened.subject == "desk" and opened.answered and not _alike(label, opened):
            yield SurveyDoubt("label_differs", opened.slug, opened.url, opened.heading or opened.title)
    if found.stopped:
        yield SurveyDoubt("walk_stopped", words=found.stop_detail or found.stopped)
    if found.not_examined:
        yield SurveyDoubt("not_examined", words=str(len(found.not_examined)))
    for page in found.read():
        if page.aside:
            yield SurveyDoubt("aside", url=page.url, words=page.aside[1])
    for link in one.proposal.undeclared:
        if (kind := _left_aside(link)) is not None:
            yield SurveyDoubt(kind, url=link.platform.url, words=link.erratum.what if link.erratum else link.label)
    yield from _of_rows(one, rules)


def _left_aside(link: DeskLink) -> DoubtKind | None:
    """Why a person is told of a link that is not proposed; None for another matter's, of which sites are full."""
    if link.erratum:
        return "not_for_foreigners"
    if link.for_foreigners is None:
        return "whose_not_said"
    if not link.for_foreigners:
        return None
    return "another_prefecture" if link.elsewhere else "no_such_product"


def _of_rows(one: SurveyedPrefecture, rules: LinkRules) -> Iterator[SurveyDoubt]:
    declared = {twin_key(desk.platform.url) for desk in one.prefecture.desks}
    found = {twin_key(p.entry.platform.url) for p in one.proposal.desks}
    for row in one.rows:
        booking = booking_of(row.url) if row.url else None
        if booking is not None and booking.platform is not None:
            key = twin_key(booking.platform.url)
            if key not in declared | found:
                yield SurveyDoubt("list_only", url=row.url, words=row.label)
        elif row.kind == "pan" and not rules.about_foreigners(row.name):
            yield SurveyDoubt("place_whose", words=row.name)


def _alike(label: str, opened: OpenedAddress) -> bool:
    """Whether what the page calls itself shares a word of the label; a label of ours in brackets claims nothing."""
    printed = folded(f"{opened.heading} {opened.title}")
    words = [word for word in folded(label).replace("'", " ").split() if len(word) > 4]
    return label.startswith("[") or not printed.strip() or not words or any(word in printed for word in words)


# --- what sources tell differently ------------------------------------------------------------------------------------


def conflicts(one: SurveyedPrefecture) -> Iterator[SourceConflict]:
    """Address, telephone and site of the office, labels of one booking address, doors of one kind."""
    today = one.prefecture
    source = today.contact_provenance or today.provenance
    for row in one.rows:
        if row.told != "office":
            continue
        yield from _unlike("phone", source, today.phone, row.provenance, row.phone)
        yield from _unlike("address", source, today.address, row.provenance, row.address)
        others = [site for site in row.sites if not same_host(host_of(site), host_of(today.site))]
        if row.sites and len(others) == len(row.sites):
            yield SourceConflict("site", ((_name(today.provenance), today.site), (_name(row.provenance), others[0])))
    yield from _labels(one)
    for place in today.places:
        for row in one.rows:
            if row.kind == place.kind:
                yield from _unlike(
                    f"{place.kind}: address", place.provenance, place.address, row.provenance, row.address
                )
                yield from _unlike(f"{place.kind}: phone", place.provenance, place.phone, row.provenance, row.phone)


def _labels(one: SurveyedPrefecture) -> Iterator[SourceConflict]:
    """What today, each source and the page itself call one booking address, where they share no word."""
    declared = {twin_key(desk.platform.url): desk for desk in one.prefecture.desks}
    told: dict[str, list[tuple[str, str]]] = {}
    for row in one.rows:
        booking = booking_of(row.url) if row.url else None
        if booking is None or booking.platform is None:
            continue
        key = twin_key(booking.platform.url)
        if key not in told:
            desk = declared.get(key)
            told[key] = [(_name(desk.provenance), desk.label)] if desk else []
        told[key].append((_name(row.provenance), row.label))
    for key, names in told.items():
        if any(not _same_words(first[1], other[1]) for first in names[:1] for other in names[1:]):
            yield SourceConflict(key, tuple(names))


def _unlike(
    what: str, of: Provenance, today: str | None, other: Provenance, told: str | None
) -> Iterator[SourceConflict]:
    if today and told and not _same_words(today, told):
        yield SourceConflict(what, ((_name(of), today), (_name(other), told)))


def _same_words(one: str, other: str) -> bool:
    """Digits for a telephone; else whether the words of the shorter stand in the longer."""
    plain = [folded(text) for text in (one, other)]
    if all(sum(char.isdigit() for char in text) >= 9 and not any(c.isalpha() for c in text) for text in plain):
        numbers = ["".join(filter(str.isdigit, text))[-9:] for text in plain]
        return numbers[0] == numbers[1]
    words = sorted((set(slug_of(text).split("-")) for text in plain), key=len)
    return len(words[0] - words[1]) <= len(words[0]) // 3


def _name(provenance: Provenance) -> str:
    return f"{provenance.source}, {provenance.date}" if provenance.date else provenance.source
