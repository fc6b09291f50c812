"""What makes a declaration unusable, clause by clause. Pure; called once a plugin, when the catalogue is loaded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from gettext import gettext as _
from typing import get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.catalogue.errata import erratum
from monitor.core.hosts import is_official
from monitor.core.prefecture import (
    Confidence,
    Desk,
    Notice,
    NoticeKind,
    Place,
    PlaceKind,
    Prefecture,
    Procedure,
    Provenance,
    Receives,
    Service,
    Statement,
    StatementKind,
    SubPrefecture,
    Way,
)
from monitor.values import pattern

PROCEDURES: tuple[str, ...] = get_args(Procedure)

_CODE = pattern(r"0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5]|97[1-8]")  # INSEE: 20 became 2A and 2B in 1976
_SLUG = pattern(r"[a-z0-9]+(-[a-z0-9]+)*")
_DATE = pattern(r"20\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_EMAIL = pattern(r"[a-z0-9._+-]+@([a-z0-9-]+(?:\.[a-z0-9-]+)+)")
_TUPLES = {"desks": Desk, "notices": Notice, "places": Place, "sub_prefectures": SubPrefecture, "statements": Statement}


def faults(prefecture: Prefecture) -> list[str]:
    """Every reason why a declaration may not be used, each a clause that names the field; empty when there is none."""
    shape = list(_shape(prefecture))
    return shape or [
        *_identity(prefecture),
        *_contacts(prefecture),
        *_desks(prefecture),
        *(fault for notice in prefecture.notices for fault in _notice(notice)),
        *(fault for place in prefecture.places for fault in _place(place)),
        *(fault for sub in prefecture.sub_prefectures for fault in _sub_prefecture(sub)),
        *(fault for told in prefecture.statements for fault in _statement(told)),
        *_unique(prefecture),
    ]


def service_faults(service: Service) -> list[str]:
    """Every reason why a national service may not be used."""
    found = [] if _SLUG.fullmatch(service.slug) else [_('slug "{slug}" is unusable').format(slug=service.slug)]
    if not hasattr(service.platform, "visit"):
        return [*found, _("{where}: platform is not one of the platforms of monitor.api").format(where=service.slug)]
    found += _address(service.slug, service.platform.url)
    return [*found, *_provenance(service.slug, service.provenance, retired=service.retired is not None)]


def _shape(prefecture: Prefecture) -> Iterator[str]:
    """A forgotten comma makes `(Desk(...))` a desk, not a tuple of one."""
    for name, kind in _TUPLES.items():
        value = getattr(prefecture, name)
        if not isinstance(value, tuple):
            yield _("{name} is not a tuple: is a comma missing after its only item?").format(name=name)
        elif not all(isinstance(item, kind) for item in value):
            yield _("{name} holds something else than {kind}").format(name=name, kind=kind.__name__)


def _identity(prefecture: Prefecture) -> Iterator[str]:
    if not _CODE.fullmatch(prefecture.code):
        yield _('code "{code}" is no département').format(code=prefecture.code)
    if not _SLUG.fullmatch(prefecture.slug):
        yield _('slug "{slug}" is not lower-case words joined by hyphens').format(slug=prefecture.slug)
    yield from _address("site", prefecture.site)
    yield from _provenance("provenance", prefecture.provenance)
    try:
        ZoneInfo(prefecture.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield _('time_zone "{zone}" is unknown').format(zone=prefecture.time_zone)
    platform = prefecture.naturalisation_platform
    if platform is not None and not _CODE.fullmatch(platform):
        yield _('naturalisation_platform "{code}" is no code of a prefecture').format(code=platform)


class _Where:
    """What a fault is about, named only when there is one: 500 translations would cost the catalogue 20 ms."""

    __slots__ = ("_name",)

    def __init__(self, name: Callable[[], str]) -> None:
        self._name = name

    def __str__(self) -> str:
        return self._name()


def _contacts(prefecture: Prefecture) -> Iterator[str]:
    yield from _emails("emails", prefecture.emails)
    if prefecture.contact_provenance is not None:
        yield from _provenance("contact_provenance", prefecture.contact_provenance)
    elif prefecture.address or prefecture.phone or prefecture.emails:
        yield _("address, phone and emails need a contact_provenance")


def _desks(prefecture: Prefecture) -> Iterator[str]:
    for desk in prefecture.desks:
        yield from _desk(desk)
    if prefecture.active_desks:
        if prefecture.no_desk is not None:
            yield _("no_desk is given although a desk can be visited")
    elif not prefecture.no_desk or prefecture.searched_on is None:
        yield _("without a desk that can be visited, no_desk says why and searched_on when one was looked for")


def _desk(desk: Desk) -> Iterator[str]:
    where = _Where(lambda: _('desk "{slug}"').format(slug=desk.slug))
    if not desk.label.strip():
        yield _("{where} has an empty label").format(where=where)
    for procedure in (desk.procedure, *desk.also):
        yield from _word(where, "procedure", procedure, PROCEDURES)
    if not hasattr(desk.platform, "visit"):
        yield _("{where}: platform is not one of the platforms of monitor.api").format(where=where)
    else:
        yield from _address(where, desk.platform.url)
        yield from _misplaced(where, desk.platform.url)
    yield from _provenance(where, desk.provenance, retired=desk.retired is not None)
    if desk.pattern is not None:
        try:
            re.compile(desk.pattern)
        except re.error as error:
            yield _("{where}: pattern is no regular expression ({why})").format(where=where, why=error)
    if desk.opening is not None and desk.opening[1].tzinfo is None:
        yield _("{where}: opening needs an instant with a time zone").format(where=where)


def _misplaced(where: _Where, url: str) -> Iterator[str]:
    if (found := erratum(url)) is not None:
        yield _("{where}: {url} is no desk for foreigners but: {what} (source: {source}; noted on {day})").format(
            where=where, url=url, what=found.what, source=found.source, day=found.noted
        )


def _notice(notice: Notice) -> Iterator[str]:
    where = _Where(lambda: _('notice "{slug}"').format(slug=notice.slug))
    yield from _word(where, "kind", notice.kind, get_args(NoticeKind))
    yield from _address(where, notice.url)
    yield from _provenance(where, notice.provenance, retired=notice.retired is not None)


def _place(place: Place) -> Iterator[str]:
    where = _Where(lambda: _('place "{name}"').format(name=place.name or place.kind))
    yield from _word(where, "kind", place.kind, get_args(PlaceKind))
    for way in place.access:
        yield from _word(where, "access", way, get_args(Way))
    if place.receives_foreigners is not None:
        yield from _word(where, "receives_foreigners", place.receives_foreigners, get_args(Receives))
    if place.page is not None:
        yield from _cited(where, place.page)
    yield from _emails(where, place.emails)
    yield from _provenance(where, place.provenance)


def _sub_prefecture(sub: SubPrefecture) -> Iterator[str]:
    where = _Where(lambda: _('sous-préfecture "{name}"').format(name=sub.name))
    yield from _word(where, "receives_foreigners", sub.receives_foreigners, get_args(Receives))
    yield from _provenance(where, sub.provenance)


def _statement(told: Statement) -> Iterator[str]:
    where = _Where(lambda: _('statement "{what}"').format(what=told.what))
    yield from _word(where, "kind", told.kind, get_args(StatementKind))
    for way in told.ways:
        yield from _word(where, "ways", way, get_args(Way))
    yield from _cited(where, told.page)
    yield from _provenance(where, told.provenance)


def _cited(where: _Where, url: str) -> Iterator[str]:
    """A page that is named as a source and never visited may stand on any host."""
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        yield _('{where}: "{url}" is no web address').format(where=where, url=url)


def _unique(prefecture: Prefecture) -> Iterator[str]:
    slugs = [desk.slug for desk in prefecture.desks] + [notice.slug for notice in prefecture.notices]
    for slug, times in Counter(slugs).items():
        if times > 1:
            yield _('slug "{slug}" is given to {n} desks or notices').format(slug=slug, n=times)
        if not _SLUG.fullmatch(slug):
            yield _('slug "{slug}" is not lower-case words joined by hyphens').format(slug=slug)


def _provenance(where: _Where | str, provenance: Provenance, *, retired: bool | None = None) -> Iterator[str]:
    """retired: None for what is never visited, else whether the desk or notice is out of use."""
    if not isinstance(provenance, Provenance) or not provenance.source.strip():
        yield _("{where}: the provenance names no source").format(where=where)
        return
    if provenance.date is not None and not _DATE.fullmatch(provenance.date):
        yield _('{where}: "{date}" is no ISO year, year-month or day').format(where=where, date=provenance.date)
    yield from _word(where, "confidence", provenance.confidence, get_args(Confidence))
    if provenance.confidence == "guess":
        yield _("{where} rests on a guess: leave it out until someone has read it").format(where=where)
    if retired is False and provenance.confidence == "confirmed_1_stale":
        yield _("{where} was taken off the official list: give the day as retired").format(where=where)


def _address(where: _Where | str, url: str) -> Iterator[str]:
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http"):
        yield _('{where}: "{url}" is no web address').format(where=where, url=url)
    elif not is_official(parts.hostname or ""):
        yield _('{where}: "{host}" is not the host of an official service').format(where=where, host=parts.hostname)


def _emails(where: _Where | str, emails: tuple[str, ...] | str) -> Iterator[str]:
    if isinstance(emails, str):
        yield _("{where}: emails is not a tuple: is a comma missing after its only item?").format(where=where)
        return
    for email in emails:
        found = _EMAIL.fullmatch(email)
        if not found or not is_official(found[1]):
            yield _('{where}: "{email}" is no mailbox of an official host').format(where=where, email=email)


def _word(where: _Where | str, what: str, word: str, known: tuple[str, ...]) -> Iterator[str]:
    if word not in known:
        place = f"{where}: {what}"
        yield _('{where} "{word}" is unknown{near}').format(where=place, word=word, near=did_you_mean(word, known))


def did_you_mean(word: str, known: tuple[str, ...]) -> str:
    """`; did you mean "..."?` with the nearest known word, or nothing when none is near."""
    from difflib import get_close_matches  # imported when a word is wrong: the catalogue loads in a few milliseconds

    near = get_close_matches(word, known, n=1)
    return _('; did you mean "{near}"?').format(near=near[0]) if near else ""


def nearest_or_all(word: str, known: tuple[str, ...]) -> str:
    """The nearest known word, as `did_you_mean`, or all of them where none is near: for words that are few."""
    return did_you_mean(word, known) or _("; known: {known}").format(known=", ".join(known))
