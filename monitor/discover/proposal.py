"""From what a walk found to declarations, and what differs from today's plugin."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import field, replace
from typing import Generic, Literal, TypeVar, get_args

from monitor.core.prefecture import Desk, Notice, NoticeKind, Place, Prefecture, Provenance
from monitor.core.readings import detail_of
from monitor.discover.addresses import plain, same_host, twin_key
from monitor.discover.doors import keys_of, places_found
from monitor.discover.found import Candidate, DeskLink, Discovery, Examined
from monitor.discover.leads import Sought
from monitor.discover.verdict import PageFinding
from monitor.values import dataclass

SOURCE = "vigie discover"

Status = Literal["new", "same", "moved", "missing", "not_examined"]
What = Literal["notice", "desk", "place", "site"]

_KIND: Mapping[Sought, NoticeKind] = {
    "foreigners": "foreigners", "pan": "pan", "appointment": "appointment", "substitution": "substitution",
    "contact": "contact", "filing": "foreigners", "forms": "forms",
}  # fmt: skip
_SLUG: Mapping[Sought, str] = {
    "foreigners": "etrangers", "pan": "pan", "appointment": "page-rendez-vous", "substitution": "substitution",
    "contact": "contact", "filing": "depot", "forms": "formulaires",
}  # fmt: skip
_LONG = 60  # letters: a longer label is a sentence, and makes no slug
_DECLARABLE = frozenset(("ez_booking", "rdv_prefecture", "demarche_numerique", "rdv_service_public"))  # monitor.api


@dataclass(frozen=True, slots=True)
class ProposedChange:
    """One line of the difference. slug: today's, where there is one. to: where it moved. why: a word or a reading."""

    status: Status
    what: What
    slug: str
    url: str
    to: str | None = None
    why: str = ""


Entry = TypeVar("Entry", Notice, Desk, Place)


@dataclass(frozen=True, slots=True)
class Proposed(Generic[Entry]):
    """A declaration and what it rests on. link, page, candidate: the evidence, whichever there is. was: address today's
    plugin has for it, where that differs. seen: the words of the page that state it, of a place."""

    entry: Entry
    status: Status
    page: Examined | None = None
    candidate: Candidate | None = None
    link: DeskLink | None = None
    was: str | None = None
    seen: str | None = None


@dataclass(slots=True)
class Proposal:
    """What to declare, and what changed. undeclared: booking links met that are not proposed, in the order met."""

    notices: list[Proposed[Notice]] = field(default_factory=list)
    desks: list[Proposed[Desk]] = field(default_factory=list)
    places: list[Proposed[Place]] = field(default_factory=list)
    undeclared: list[DeskLink] = field(default_factory=list)
    changes: list[ProposedChange] = field(default_factory=list)


def propose(found: Discovery, today: Prefecture, *, simulated: bool) -> Proposal:
    """Declarations of what was found, entries of today's plugin kept as they are where they are found again."""
    slugs = _Slugs(today)
    source = f"{SOURCE}, simulation" if simulated else SOURCE
    out = Proposal()
    if found.home is not None:
        return out
    if not same_host(found.host, today.site.partition("://")[2].partition("/")[0]):
        out.changes.append(
            ProposedChange("moved", "site", today.slug, today.site, f"https://{found.host}", "redirected")
        )
    _notices(found, today, out, slugs, source)
    _desks(found, today, out, slugs, source)
    _places(found, today, out, source)
    return out


# --- notices ----------------------------------------------------------------------------------------------------------


def _notices(found: Discovery, today: Prefecture, out: Proposal, slugs: _Slugs, source: str) -> None:
    pages = {page.key: page for page in found.read() if not page.redirected or page.findings}
    asked = {page.candidate.key: page for page in found.pages}
    opened = Provenance(source, found.day.isoformat(), "confirmed_1")
    done: set[str] = set()
    for notice in today.notices:
        if notice.retired is None:
            done.add(_kept(notice, found, asked.get(twin_key(notice.url)), out, opened))
    moved = {change.to: change for change in out.changes if change.status == "moved" and change.what == "notice"}
    for page in pages.values():
        best = max(page.findings, key=lambda one: one.score, default=None)
        if best is None or page.key in done:
            continue
        url = plain(page.url)
        change = moved.get(url) or _renamed(out, page, best)
        was = next((one for one in today.notices if change and one.slug == change.slug), None)
        notice = Notice(
            slug=was.slug if was else slugs.free(_SLUG[best.kind]),
            kind=_KIND[best.kind],
            url=url,
            label=page.standing.name or None,
            provenance=opened,
            verified_on=found.day,
        )
        out.notices.append(Proposed(notice, "moved" if was else "new", page, was=was.url if was else None))
        if was is None:
            out.changes.append(ProposedChange("new", "notice", notice.slug, url, why=best.kind))
    _not_opened(found, out, slugs, source)
    order = list(get_args(NoticeKind))
    out.notices.sort(key=lambda one: order.index(one.entry.kind))


def _kept(notice: Notice, found: Discovery, page: Examined | None, out: Proposal, opened: Provenance) -> str:
    """Say what became of a declared notice. Returns the key of its page where that is declared, else nothing."""

    def change(status: Status, why: str, to: str | None = None) -> str:
        out.changes.append(ProposedChange(status, "notice", notice.slug, notice.url, to, why))
        return ""

    if page is None:
        elsewhere = not same_host(found.host, notice.url.partition("://")[2].partition("/")[0])
        return change("not_examined", "other_host" if elsewhere else "limit")
    if page.reading is not None:
        return change("missing", f"{type(page.reading).__name__}({detail_of(page.reading)})")
    if page.redirected:
        change("moved", "redirected", to := plain(page.url))
        if any(other.key == page.key and other.findings for other in found.read()):
            return ""
        entry = replace(notice, url=to, provenance=opened, verified_on=found.day)
        out.notices.append(Proposed(entry, "moved", page, was=notice.url))
        return page.key
    out.notices.append(Proposed(replace(notice, verified_on=found.day), "same", page))
    change("same", ",".join(one.kind for one in page.findings) or "no_kind_recognised")
    return page.key


def _renamed(out: Proposal, page: Examined, best: PageFinding) -> ProposedChange | None:
    """A declared notice that no longer answers, where this page has its words: it moved, as far as words tell."""
    for at, change in enumerate(out.changes):
        if change.status == "missing" and change.what == "notice" and page.candidate.origin != "declared":
            same_leaf = _leaf(change.url) == _leaf(page.url) or change.slug == _SLUG[best.kind]
            if same_leaf:
                out.changes[at] = replace(change, status="moved", to=plain(page.url), why="same_words")
                return out.changes[at]
    return None


def _not_opened(found: Discovery, out: Proposal, slugs: _Slugs, source: str) -> None:
    """What a list names, and a section seen in a breadcrumb only: proposed without having been opened."""
    opened = {one.entry.url for one in out.notices}
    for one in found.not_examined:
        parent = one.crumb and "foreigners" in one.kinds
        url = plain(one.urls[0])
        if not (one.also_listed or parent) or url in opened or one.also_declared:
            continue
        kind: Sought = max(one.kinds, key=lambda kind: one.kinds[kind], default="foreigners")
        confidence = Provenance(source, found.day.isoformat(), "listed" if one.also_listed else "derived")
        notice = Notice(
            slug=slugs.free(_SLUG[kind]), kind=_KIND[kind], url=url, label=one.called or None, provenance=confidence
        )
        out.notices.append(Proposed(notice, "new", candidate=one))
        out.changes.append(ProposedChange("new", "notice", notice.slug, url, why=confidence.confidence))


# --- desks ------------------------------------------------------------------------------------------------------------


def _desks(found: Discovery, today: Prefecture, out: Proposal, slugs: _Slugs, source: str) -> None:
    links = {twin_key(link.platform.url): link for link in found.desks}
    declared = {twin_key(desk.platform.url): desk for desk in today.desks}
    gone = {_words(desk.label): desk for key, desk in declared.items() if key not in links and desk.retired is None}
    for key, link in links.items():
        desk = declared.get(key)
        if desk is not None:
            out.desks.append(Proposed(desk, "same", link=link))
            why = "linked_though_retired" if desk.retired else ""
            out.changes.append(ProposedChange("same", "desk", desk.slug, desk.platform.url, why=why))
        elif link.erratum or link.elsewhere or link.platform.name not in _DECLARABLE or not _claimed(link):
            out.undeclared.append(link)
        else:
            _new_desk(link, gone.pop(_words(link.label), None), found, out, slugs, source)
    for desk in gone.values():
        out.changes.append(
            ProposedChange("missing", "desk", desk.slug, desk.platform.url, why="no_link_on_these_pages")
        )


def _claimed(link: DeskLink) -> bool:
    """Whether the site says it is for foreigners, or a list does that neither guesses nor was taken back; its word
    stays a list's."""
    weak = link.provenance is not None and link.provenance.confidence in ("guess", "confirmed_1_stale")
    return bool(link.for_foreigners) or (link.for_foreigners is None and link.claimed and not weak)


def _new_desk(link: DeskLink, was: Desk | None, found: Discovery, out: Proposal, slugs: _Slugs, source: str) -> None:
    """A link read on the préfecture's own page is one origin; what only a list names keeps the list's, or is listed."""
    told = Provenance(source, found.day.isoformat(), "listed" if link.ground == "list" else "confirmed_1")
    if link.ground == "list" and link.provenance is not None:
        told = link.provenance
    number = re.sub(r"\D+", "", link.platform.url.rstrip("/").rpartition("/")[2])
    label = link.label or f"[démarche non nommée, module {number}]"
    short = _slug(label) if len(label) <= _LONG else ""
    desk = Desk(
        slug=was.slug if was else slugs.free(short or (f"module-{number}" if number else "rendez-vous")),
        label=label,
        procedure=link.procedures[0],
        also=link.procedures[1:],
        platform=link.platform,
        provenance=told,
    )
    out.desks.append(Proposed(desk, "moved" if was else "new", link=link, was=was.platform.url if was else None))
    if was is not None:
        out.changes.append(ProposedChange("moved", "desk", was.slug, was.platform.url, desk.platform.url, "same_words"))
    else:
        out.changes.append(ProposedChange("new", "desk", desk.slug, desk.platform.url, why=desk.procedure))


# --- places -----------------------------------------------------------------------------------------------------------


def _places(found: Discovery, today: Prefecture, out: Proposal, source: str) -> None:
    """Doors of a PAN; one that is declared today keeps its declaration."""
    told = Provenance(source, found.day.isoformat(), "confirmed_1")
    declared = [place for place in today.places if place.kind == "pan"]
    for place, page, seen in places_found(found, told):
        same = next((one for one in declared if keys_of(one) & keys_of(place)), None)
        status: Status = "new" if same is None else "same"
        out.places.append(Proposed(same or place, status, page, seen=seen))
        name = place.name or place.address or place.phone or ""
        out.changes.append(ProposedChange(status, "place", name, page.url))
    kept = [one.entry for one in out.places]
    out.places += [Proposed(place, "same") for place in today.places if place not in kept]


# --- names ------------------------------------------------------------------------------------------------------------


class _Slugs:
    """Names not taken by today's plugin nor given here."""

    def __init__(self, today: Prefecture) -> None:
        self._taken = {*(one.slug for one in today.desks), *(one.slug for one in today.notices)}

    def free(self, wanted: str) -> str:
        """The name wanted, numbered where it is taken."""
        name, number = wanted, 2
        while name in self._taken:
            name, number = f"{wanted}-{number}", number + 1
        self._taken.add(name)
        return name


def _slug(words: str) -> str:
    """Lower-case ASCII words joined by hyphens."""
    plain_words = unicodedata.normalize("NFKD", words.casefold()).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain_words))


def _words(label: str) -> str:
    return _slug(label) or label


def _leaf(url: str) -> str:
    return re.sub(r"\d+$", "", twin_key(url).rpartition("/")[2])
