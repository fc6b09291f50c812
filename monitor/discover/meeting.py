"""The addresses a walk meets: which may be opened, which are booking links, and what the words near them say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from gettext import gettext as _
from urllib.parse import urlsplit

from monitor.core.hosts import Url, is_official, parse, refusal
from monitor.core.prefecture import Platform, Provenance
from monitor.discover.addresses import is_print_view, path_words, plain, same_host, twin_key
from monitor.discover.found import MENTIONS, BareHost, Candidate, DeskLink, Examined, Ground, Origin, PageMention
from monitor.discover.leads import Lead, LinkRules, for_foreigners, label_of, own_words, procedures_of, weigh
from monitor.discover.verdict import PageStanding
from monitor.read.notices.facts import PublishedFacts
from monitor.read.notices.prose.links import Anchor, Outline, printed_addresses
from monitor.read.platforms.booking import Booking, booking_of
from monitor.read.platforms.ez_booking import EzBooking
from monitor.values import dataclass, pattern

LISTED = 60  # a person's list or today's plugin names it: opened before most links
_NOT_A_PAGE = pattern(
    r"\.(?:jpe?g|png|gif|svg|webp|ico|css|js|json|xml|rss|gz|zip|rar|7z|docx?|xlsx?|ods|odt|odp|pptx?|csv|rtf|mp[34]|"
    r"avi|mov|kmz|kml|dwg|ics|epub)$",
    re.IGNORECASE,
)
_NEVER = frozenset(("booking", "recherche", "search", "user", "login", "rss", "feed"))
_MINISTRY = ".interieur.gouv.fr"
_OFFSET = pattern(r"^\((?:offset|limit|year|month|sort\w*)\)$")  # eZ Publish view parameters: the same list again


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of a person's list. place: the file and line it stands at. provenance: the list's, if it has one."""

    line: int
    url: str
    label: str
    place: str
    provenance: Provenance | None = None


class Met:
    """Every address met, by twin key. code: the préfecture's. site: the home page's address, known once it was read."""

    def __init__(self, rules: LinkRules, code: str) -> None:
        self._rules, self._code = rules, code
        self.site: Url | None = None
        self.candidates: dict[str, Candidate] = {}
        self.desks: dict[str, DeskLink] = {}
        self.bare: dict[str, BareHost] = {}

    def sitemap(self, url: str, sitemap: str) -> bool:
        """Note an address of a sitemap; False where it is no page of the site."""
        return self._add(Anchor(url, url, ""), PageMention(sitemap), "sitemap", inside=False) is not None

    def declared(self, url: str, label: str, slug: str) -> None:
        """Note an address today's plugin declares, where it is on this site."""
        one = self._add(Anchor(url, url, label), PageMention(f"declaration {slug}", label), "declared", inside=False)
        if one is not None:
            one.score, one.also_declared = max(one.score, LISTED), True

    def links_of(self, page: Examined, outline: Outline, facts: PublishedFacts, *, inside: bool) -> tuple[str, ...]:
        """Note every link of a page. Returns the platform of each booking link on it that is for foreigners."""
        on_page: dict[str, str] = {}
        for anchor in (*outline.anchors, *_printed(outline, facts)):
            if (booking := booking_of(anchor.url)) is not None:
                desk = self._book(booking, anchor, page, facts)
                if desk is not None and desk.for_foreigners:
                    on_page[twin_key(desk.platform.url)] = desk.platform.name
            elif anchor.words or anchor.around or anchor.where == "crumb":
                mention = PageMention(page.url, anchor.words, anchor.around, anchor.href)
                self._add(anchor, mention, "link", inside=inside and anchor.where == "main")
        return tuple(on_page.values())

    def pages_among(self, anchors: Sequence[Anchor]) -> tuple[str, ...]:
        """The keys of the site's pages that a page's own links lead to, navigation left out."""
        keys = (twin_key(one.url) for one in anchors if one.where == "main" and not is_print_view(one.url))
        return tuple(dict.fromkeys(key for key in keys if key in self.candidates))

    def name_by_page(self, page: Examined) -> None:
        """A booking link on the page of a point d'accueil numérique is for it, where its words say nothing else."""
        if page.findings and page.findings[0].kind == "pan":
            for desk in self.desks.values():
                if desk.procedures == ("other",) and desk.mentions and desk.mentions[0].page == page.url:
                    desk.procedures = ("pan",)

    # --- pages --------------------------------------------------------------------------------------------------------

    def _add(self, anchor: Anchor, mention: PageMention, origin: Origin, *, inside: bool) -> Candidate | None:
        try:
            if self.site is None or not _is_page(anchor.url, self.site):
                return None
            key, spellings = twin_key(anchor.url), _spellings(anchor.url, self.site)
            *folders, leaf = path_words(anchor.url) or ("",)
        except ValueError:
            return None
        if is_print_view(anchor.url):  # a print control: its words are of the control, not of the page
            if not (spellings := [url for url in spellings if not is_print_view(url)]):
                return None
            anchor, mention = replace(anchor, words="", around=""), replace(mention, words="", around="")
        inside = inside or any(map(self._rules.about_foreigners, folders))
        lead = weigh(self._rules, anchor, leaf=leaf, folders=" / ".join(folders), inside=inside)
        one = self.candidates.get(key)
        if one is None:
            one = self.candidates[key] = Candidate(key, [], origin, len(self.candidates))
        one.urls += [url for url in spellings if url not in one.urls]
        one.inside, one.crumb = one.inside or inside, one.crumb or anchor.where == "crumb"
        _keep_best(one, lead, mention)
        return one

    def listed(self, row: Listed) -> str | None:
        """Note a row of a list; returns why it cannot be used, None when it can."""
        mention = PageMention(row.place, row.label, href=row.url)
        try:
            host = parse(row.url).host
        except ValueError as error:
            return str(error)
        if not is_official(host):
            return _("{host} is not the host of an official service").format(host=host)
        booking = booking_of(row.url)
        if booking is not None and booking.platform is not None:
            self._listed_desk(booking, row, mention)
            return None
        if booking is not None:
            self.bare.setdefault(booking.host, BareHost(booking.host, mention))
            return None
        if (why := refusal("GET", row.url)) is not None:
            return _("never opened: {why}").format(why=why)
        one = self._add(Anchor(row.url, row.url, row.label), mention, "listed", inside=False)
        if one is None:
            return _("neither a page of {site} nor a booking address").format(site=self.site.host if self.site else "")
        one.score, one.also_listed = max(one.score, LISTED), True
        return None

    # --- booking links ------------------------------------------------------------------------------------------------

    def _book(self, booking: Booking, anchor: Anchor, page: Examined, facts: PublishedFacts) -> DeskLink | None:
        mention = PageMention(page.url, anchor.words, anchor.around, anchor.href)
        official = is_official(booking.host)
        if booking.platform is None or not official:
            self.bare.setdefault(booking.host, BareHost(booking.host, mention, official))
            return None
        standing = page.standing
        label = label_of(self._rules, anchor, standing.name)
        near = _near(booking.platform, anchor)
        whose, ground = self._whose(near, anchor, standing, facts)
        procedures = procedures_of(self._rules, label, *near, anchor.heading, standing.name)
        key = twin_key(booking.platform.url)
        known = self.desks.get(key)
        if known is None or known.listed or (not known.for_foreigners and whose):
            fresh = DeskLink(booking.platform, label, procedures, whose, ground, [mention])
            fresh.elsewhere = self._elsewhere(booking, near)
            if known is not None:
                fresh.mentions += known.mentions
                fresh.listed, fresh.claimed, fresh.provenance = known.listed, known.claimed, known.provenance
            self.desks[key] = fresh
        elif len(known.mentions) < MENTIONS and mention not in known.mentions:
            known.mentions.append(mention)
        return self.desks[key]

    def _whose(
        self, near: Sequence[str], anchor: Anchor, standing: PageStanding, facts: PublishedFacts
    ) -> tuple[bool | None, Ground]:
        """Whether a link is for foreigners, and by which words: those near it, those over it, else the page's prose
        where nothing near it speaks."""
        headings = (anchor.heading, *anchor.over)
        if any(map(self._rules.never_for_foreigners, (anchor.words, own_words(self._rules, anchor), *headings))):
            return False, "link"
        if any(map(self._rules.leaves_open, near)):
            return None, "link"
        whose = for_foreigners(self._rules, near)
        if whose is not None:
            return whose, "link"
        places = (standing.name, *reversed(standing.crumbs), *reversed(standing.path))
        whose = for_foreigners(self._rules, (*headings, *places))
        if whose is None and standing.attached:
            whose = True
        own = own_words(self._rules, anchor)  # « Étudiants » is a démarche of theirs, « Statuts d'association » none
        if whose is None and facts.receives_foreigners and (not own or procedures_of(self._rules, own) != ("other",)):
            return True, "prose"
        return whose, "page"

    def _elsewhere(self, booking: Booking, near: Sequence[str]) -> str | None:
        """The host or the words that say a module is another préfecture's. A numbered module is its host's: only the
        préfecture de police, itself on the ministry's domain, has its own on another host of it."""
        own = self.site.host if self.site else ""
        both = booking.host.endswith(_MINISTRY) and own.endswith(_MINISTRY)
        if isinstance(booking.platform, EzBooking) and not both and _office(booking.host) != _office(own):
            return booking.host
        return next((words for words in near if self._rules.of_another_prefecture(self._code, words)), None)

    def _listed_desk(self, booking: Booking, row: Listed, mention: PageMention) -> None:
        assert booking.platform is not None
        key = twin_key(booking.platform.url)
        if (known := self.desks.get(key)) is not None:
            known.mentions.append(mention)
            return
        never = self._rules.never_for_foreigners(row.label)
        said = False if never else for_foreigners(self._rules, (row.label,))
        procedures = procedures_of(self._rules, row.label)
        self.desks[key] = DeskLink(
            booking.platform,
            row.label,
            procedures,
            False
            if said is False
            else None,  # a list may say for whom a module is not; that it is for foreigners, only the site does
            "list",
            [mention],
            listed=True,
            claimed=said is not False and (said is True or procedures != ("other",)),
            provenance=row.provenance,
            elsewhere=self._elsewhere(booking, (row.label,)),
        )


def admit(met: Met, rows: Sequence[Listed]) -> list[tuple[int, str]]:
    """Note the rows of a list; returns line and reason of those that cannot be used."""
    return [(row.line, why) for row in rows if (why := met.listed(row)) is not None]


def _keep_best(one: Candidate, lead: Lead, mention: PageMention) -> None:
    better = not one.mentions or lead.score > one.score or (lead.score == one.score and not one.called)
    if better:
        one.score, one.kinds, one.why = lead.score, lead.kinds, lead.why
        one.mentions.insert(0, mention)
        del one.mentions[MENTIONS:]
    elif len(one.mentions) < MENTIONS and mention.page not in {known.page for known in one.mentions}:
        one.mentions.append(mention)


def _near(platform: Platform, anchor: Anchor) -> tuple[str, str, str]:
    """The link's own words, its row, and the words a request form is addressed by."""
    return (
        anchor.words,
        anchor.around,
        re.sub(r"[-_]+", " ", urlsplit(platform.url).path.rstrip("/").rpartition("/")[2]),
    )


def _office(host: str) -> str:
    """`www.rdv.cher.gouv.fr` and `www.cher.gouv.fr` are one office's."""
    return host.removeprefix("www.").removeprefix("rdv.")


def _is_page(url: str, site: Url) -> bool:
    """Whether an address is a page of the site that a visit may open."""
    one = parse(url)
    if not same_host(one.host, site.host) or twin_key(url) == twin_key(str(site)):
        return False
    path = one.target.partition("?")[0]
    segments = path.lower().split("/")
    if _NOT_A_PAGE.search(path) or not _NEVER.isdisjoint(segments) or any(map(_OFFSET.match, segments)):
        return False
    return refusal("GET", url) is None


def _spellings(url: str, site: Url) -> list[str]:
    """How to ask for an address: plain, on the home page's scheme and host; then as written, if it is no print view."""
    spellings = []
    for spelling in (plain(url), str(parse(url))):
        target = parse(spelling).target
        if "/layout/set/" not in target:
            spellings.append(f"{site.origin}{target}")
    return list(dict.fromkeys(spellings))


def _printed(outline: Outline, facts: PublishedFacts) -> Iterator[Anchor]:
    """Booking addresses and hosts a page prints without linking them."""
    linked = {anchor.url for anchor in outline.anchors}
    for url, around in printed_addresses(outline.text or facts.text):
        booking = booking_of(url)
        if booking is None or url in linked:
            continue
        printed = urlsplit(url).netloc
        if booking.platform is None and any(printed in anchor.words for anchor in outline.anchors):
            continue  # the words of a link, which is noted itself
        yield Anchor(url, printed + urlsplit(url).path, "", around)
