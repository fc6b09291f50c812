"""What a walk over a préfecture's site brought together: pages read, links met, addresses left unexamined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from typing import Literal

from monitor.catalogue.errata import Erratum, erratum
from monitor.core.prefecture import Platform, Procedure, Provenance
from monitor.core.readings import Reading
from monitor.discover.addresses import twin_key
from monitor.discover.leads import SOUGHT, LinkRules, Sought
from monitor.discover.verdict import Aside, PageFinding, PageStanding, is_news
from monitor.read.notices.pan import PanDoor
from monitor.values import dataclass

Origin = Literal["home", "link", "sitemap", "declared", "listed"]
Stop = Literal["limit", "left_alone", "offline"]

Ground = Literal["link", "page", "prose", "list"]
Note = Literal["other_host", "not_a_sitemap", "cut", "too_many", "http", "unread"]

MENTIONS = 4  # kept of one address


@dataclass(frozen=True, slots=True)
class PageMention:
    """Where an address was met. page: the page the link stood on, the sitemap, or the file and line of a list.

    words: the link's own. around: the row or sentence. href: as written.
    """

    page: str
    words: str = ""
    around: str = ""
    href: str = ""


@dataclass(slots=True)
class Candidate:
    """An address that could be opened. urls: its spellings, the plainest first. score, kinds, why: of its best lead.

    inside: it belongs to the foreigners' section. crumb: met in a breadcrumb. order: of first meeting.
    """

    key: str
    urls: list[str]
    origin: Origin
    order: int
    score: int = 0
    kinds: Mapping[Sought, int] = field(default_factory=dict)
    why: tuple[str, ...] = ()
    inside: bool = False
    crumb: bool = False
    mentions: list[PageMention] = field(default_factory=list)
    also_declared: bool = False
    also_listed: bool = False

    @property
    def is_file(self) -> bool:
        """Whether it is a document, by its address."""
        return self.urls[0].partition("?")[0].lower().endswith(".pdf")

    @property
    def called(self) -> str:
        """The words of its best link."""
        return next((mention.words for mention in self.mentions if mention.words), "")


@dataclass(slots=True)
class Examined:
    """A page opened. url: the address it ended at. asked: the address asked. reading: why it could not be read, None
    when it was. above: addresses of its breadcrumb; leads_to: keys of the pages its own links lead to.
    aside: what it looks like and is not taken for, with its words.
    redirected: it ended at another page than the one asked. doors: of the PAN it tells of."""

    candidate: Candidate
    asked: str
    url: str
    standing: PageStanding
    reading: Reading | None = None
    above: tuple[str, ...] = ()
    leads_to: tuple[str, ...] = ()
    findings: tuple[PageFinding, ...] = ()
    aside: tuple[Aside, str] | None = None
    updated_on: date | None = None
    redirected: bool = False
    doors: tuple[PanDoor, ...] = ()

    @property
    def key(self) -> str:
        """Of the address it ended at."""
        return twin_key(self.url)


@dataclass(slots=True)
class DeskLink:
    """A link to a booking product: noted, never followed. for_foreigners: None when no words near it say.

    ground: where those words stand. listed: a person's list names it; claimed: the list's own words are of a démarche
    of foreigners, which is the list's word and not the site's; provenance: the list's, where it gives one.
    elsewhere: the host or the words that say it is the module of another préfecture.
    """

    platform: Platform
    label: str
    procedures: tuple[Procedure, ...]
    for_foreigners: bool | None
    ground: Ground
    mentions: list[PageMention] = field(default_factory=list)
    listed: bool = False
    claimed: bool = False
    provenance: Provenance | None = None
    elsewhere: str | None = None

    @property
    def erratum(self) -> Erratum | None:
        """Whom its module is known to serve instead of foreigners, whatever the words near the link say."""
        return erratum(self.platform.url)


@dataclass(frozen=True, slots=True)
class BareHost:
    """A booking host named without a démarche. official: under .gouv.fr or on the reasoned list."""

    host: str
    mention: PageMention
    official: bool = True


@dataclass(frozen=True, slots=True)
class SitemapLook:
    """A sitemap asked for. addresses: pages of the site read in it. note: why nothing, or not all, was read.

    detail: the HTTP status or the class of the reading."""

    url: str
    addresses: int = 0
    note: Note | None = None
    detail: str = ""


@dataclass(slots=True)
class Discovery:
    """Everything a walk brought. limit: pages that could be opened. stopped: why the walk ended before it had opened
    every promising page, None when it had. refused: rows of a list that cannot be used: line and reason."""

    code: str
    site: str
    limit: int
    started: datetime
    finished: datetime
    day: date
    home: Reading | None = None
    host: str = ""
    stopped: Stop | None = None
    stop_detail: str | None = None
    pages: list[Examined] = field(default_factory=list)
    sitemaps: list[SitemapLook] = field(default_factory=list)
    desks: list[DeskLink] = field(default_factory=list)
    bare_hosts: list[BareHost] = field(default_factory=list)
    not_examined: list[Candidate] = field(default_factory=list)
    unpromising: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)

    def read(self) -> Iterator[Examined]:
        """The pages that could be read."""
        return (page for page in self.pages if page.reading is None)

    def broken(self) -> Iterator[Examined]:
        """The pages that were linked or listed and could not be read."""
        return (page for page in self.pages if page.reading is not None)

    def found(self, kind: Sought) -> list[tuple[Examined, PageFinding]]:
        """The pages of a kind, the surest first."""
        pairs = [(page, finding) for page in self.read() for finding in page.findings if finding.kind == kind]
        return sorted(pairs, key=lambda pair: -pair[1].score)

    def none_found(self) -> tuple[Sought, ...]:
        """The kinds of page sought of which none was found on the pages read; nothing where no page was read."""
        if self.home is not None:
            return ()
        return tuple(kind for kind in SOUGHT if not self.found(kind))


def mark_sections(rules: LinkRules, pages: Sequence[Examined], known: Mapping[str, Candidate]) -> None:
    """Add a finding `foreigners` to the pages at the top of a foreigners' section: named so, with at least two pages
    beneath by address, breadcrumb or link, and none such above them. Where no page has two beneath, a small site says
    all on one page: the first ones named so, and for nothing narrower, are the section."""
    above = {page.key: {twin_key(url) for url in page.above} for page in pages}
    keys = {*known, *above}
    named = [page for page in pages if _named(rules, page)]
    beneath = {page.key: _beneath(page, keys, above) for page in named}
    heads = [page for page in named if len(beneath[page.key]) >= 2]
    tops = [page for page in heads if not any(_over(other, page, beneath) for other in heads)]
    for page in tops:
        children = len(beneath[page.key])
        page.findings = (
            *page.findings,
            PageFinding("foreigners", min(100, 60 + 5 * children), "pages_beneath", detail=str(children)),
        )
    if not tops:
        for page in named:
            if _whole(rules, page) and not any(_over(other, page, beneath) for other in named):
                page.findings = (*page.findings, PageFinding("foreigners", 45, "named_alone"))


def _named(rules: LinkRules, page: Examined) -> bool:
    if page.reading is not None or is_news(rules, page.standing):
        return False
    own = (page.standing.name, *page.standing.path[-1:])
    return any(map(rules.about_foreigners, own)) and not rules.about_another_matter(page.standing.name)


def _whole(rules: LinkRules, page: Examined) -> bool:
    """Whether a page's name announces the section rather than one of the pages sought in it."""
    return not any(sign.kind in SOUGHT for sign in rules.signs_in(page.standing.name))


def _beneath(page: Examined, keys: set[str], above: Mapping[str, set[str]]) -> set[str]:
    by_address = {other for other in keys if other.startswith(f"{page.key}/")}
    by_crumb = {other for other, parents in above.items() if page.key in parents}
    return (by_address | by_crumb | set(page.leads_to)) - {page.key}


def _over(one: Examined, other: Examined, beneath: Mapping[str, set[str]]) -> bool:
    """Whether a page stands above another; of two that lead to each other, the one met first does."""
    if one.key == other.key or other.key not in beneath[one.key]:
        return False
    return one.key not in beneath[other.key] or one.candidate.order < other.candidate.order
