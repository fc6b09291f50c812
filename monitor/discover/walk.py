"""A polite best-first walk over one préfecture's site, from its home page, its sitemap and the links of its pages.

It opens pages of that host and nothing else: links to a booking product are noted, never followed. What the visitor
enforces (robots.txt, pace, official hosts) is not repeated here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from monitor.core.hosts import parse
from monitor.core.ports import Clock, Visitor
from monitor.core.prefecture import Open, Page, Prefecture, territory
from monitor.core.readings import Obstructed, Reading, Seen, Unreached, Unreadable
from monitor.discover.addresses import path_words, read_sitemap, same_host, twin_key
from monitor.discover.found import Candidate, Discovery, Examined, SitemapLook, mark_sections
from monitor.discover.leads import LinkRules
from monitor.discover.meeting import Listed, Met, admit
from monitor.discover.statepage import StatePage, read_page
from monitor.discover.verdict import PageStanding, is_inside, judge
from monitor.read.notices.prose.links import Anchor
from monitor.values import dataclass, pattern

PAGES = 40
SITEMAPS = 5  # files asked for, apart from the pages
_SITEMAP_LINE = pattern(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_FILE = pattern(r"\.(?:pdf|odt|docx?|rtf)$", re.IGNORECASE)
_EAGER = 25  # for a kind of page not found yet: one of each before a second of any


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkTools:
    """What a walk works with. check_id: stands in the User-Agent. report: told (pages opened, address) as it goes."""

    visitor: Visitor
    clock: Clock
    rules: LinkRules
    check_id: str
    report: Callable[[int, str], None] = lambda opened, url: None


async def discover(
    prefecture: Prefecture, means: WalkTools, *, pages: int = PAGES, listed: Sequence[Listed] = ()
) -> Discovery:
    """Walk the site of a préfecture, opening at most `pages` pages. Where the home page cannot be read, `home` says
    why and nothing else was asked."""
    started = means.clock.now()
    day = started.astimezone(prefecture.zone).date()
    out = Discovery(prefecture.code, prefecture.site, pages, started, started, day)
    walk = _SiteWalk(means, out)
    page, read, robots = await walk.open(Candidate(twin_key(prefecture.site), [prefecture.site], "home", 0))
    if read is not None:
        out.host, walk.met.site = parse(page.url).host, parse(page.url)
        walk.take_in(page, read)
        await walk.sitemaps(robots)
        for notice in prefecture.notices:
            if notice.retired is None:
                walk.met.declared(notice.url, notice.label or "", f"{prefecture.code}/{notice.slug}")
        out.refused = admit(walk.met, listed)
        await walk.on()
    else:
        out.home = page.reading
    walk.settle()
    return out


class _SiteWalk:
    """One walk's state: what was met, and the pages read so far."""

    def __init__(self, means: WalkTools, out: Discovery) -> None:
        self.means, self.out = means, out
        self.met = Met(means.rules, out.code)
        self._opened = 0
        self._done: set[str] = set()
        self._apart: dict[str, tuple[Examined, StatePage]] = {}  # read before a page of the section led to them

    async def on(self) -> None:
        """Open the most promising page met, until none is left or the walk must stop."""
        while (best := self._best()) is not None:
            if self._opened >= self.out.limit:
                self.out.stopped = "limit"
                return
            if why := self.means.visitor.closed(self.out.host):
                self.out.stopped, self.out.stop_detail = "left_alone", why
                return
            page, read, _ = await self.open(best)
            if isinstance(page.reading, Unreached) and page.reading.cause == "vantage_offline":
                self.out.stopped = "offline"
                return
            if read is not None:
                self.take_in(page, read)

    def _best(self) -> Candidate | None:
        found = {finding.kind for page in self.out.read() for finding in page.findings}
        section = any(is_inside(self.means.rules, page.standing) for page in self.out.read())
        least = 1 if section else 0  # before any page of the section is known, links that say nothing are tried too

        def promise(one: Candidate) -> int:
            return one.score + (_EAGER if one.kinds.keys() - found else 0)

        left = [one for one in self.met.candidates.values() if one.key not in self._done and self._worth(one, least)]
        return max(left, key=lambda one: (promise(one), -one.order), default=None)

    @staticmethod
    def _worth(one: Candidate, least: int) -> bool:
        """A page of the foreigners' section is opened while budget remains, whatever its words; a document is not."""
        return one.score >= least or (one.inside and not one.is_file)

    async def open(self, candidate: Candidate) -> tuple[Examined, StatePage | None, str | None]:
        """Open a candidate, by its next spelling where the first is not found: the page, what it says, and the text of
        robots.txt where it was asked on the way."""
        self._done.add(candidate.key)
        came, robots = await self._ask(candidate.urls[0])
        page, read = await self._examined(candidate, candidate.urls[0], came)
        for url in candidate.urls[1:]:
            missing = isinstance(page.reading, Unreadable) and page.reading.why == "not_found"
            if not missing or self._opened >= self.out.limit:
                break
            came, _ = await self._ask(url)
            page, read = await self._examined(candidate, url, came)
        self.out.pages.append(page)
        return page, read, robots

    async def _ask(self, url: str, *, counted: bool = True) -> tuple[Page | Reading, str | None]:
        self.means.report(self._opened + counted, url)
        session = self.means.visitor.session(self.means.check_id)
        try:
            came = await session.perform((Open(url),), None)
            robots = next((e for e in session.exchanges if urlsplit(e.url).path == "/robots.txt"), None)
        finally:
            session.close()
        if counted and not (isinstance(came, Obstructed) and came.obstacle == "robots"):
            self._opened += 1
        text = robots.decoded_body.decode("utf-8", "replace") if robots and robots.status == 200 else None
        return came, text

    async def _examined(
        self, candidate: Candidate, url: str, came: Page | Reading
    ) -> tuple[Examined, StatePage | None]:
        """A page as examined, and what it says; nothing where it is another spelling of a page read before."""
        nowhere = PageStanding(name="")
        if isinstance(came, Unreached) and not await self.means.visitor.reached():
            came = Unreached(cause="vantage_offline", detail=came.cause)
        if not isinstance(came, Page):
            return Examined(candidate, url, url, nowhere, came), None
        key = twin_key(came.url)
        page = Examined(candidate, url, came.url, nowhere, redirected=key != candidate.key)
        if self.out.host and not same_host(parse(came.url).host, self.out.host):
            page.reading = Unreadable(why="layout_changed", step="leads off the site", seen=Seen(came.url, "url"))
            return page, None
        read = read_page(
            came,
            self.means.rules.notices,
            called=candidate.called,
            territory=territory(self.out.code),
            at=self.out.started,
        )
        if not isinstance(read, StatePage):
            page.reading = read
            return page, None
        page.above, page.updated_on = read.outline.above, read.facts.updated_on
        page.standing = self._standing(page, read)
        if page.redirected and key in self._done:
            return page, None
        self._done.add(key)
        return page, read

    def take_in(self, page: Examined, read: StatePage) -> None:
        """Note the links of a page that was read, and judge it; what it shows to be of the section is judged again."""
        page.standing = self._standing(page, read)
        inside = is_inside(self.means.rules, page.standing)
        desks = self.met.links_of(page, read.outline, read.facts, inside=inside)
        page.standing = replace(page.standing, desks=desks, files=sum(map(_is_file, read.outline.anchors)))
        page.leads_to = self.met.pages_among(read.outline.anchors)
        if page.candidate.origin != "home":
            verdict = judge(self.means.rules, page.standing, read.facts)
            page.findings, page.aside, page.doors = verdict.findings, verdict.aside, read.facts.pan_doors
            self.met.name_by_page(page)
        if not page.candidate.inside:
            self._apart[page.candidate.key] = page, read
        for key in page.leads_to if inside else ():
            if key in self._apart and self.met.candidates[key].inside:
                self.take_in(*self._apart.pop(key))

    def _standing(self, page: Examined, read: StatePage) -> PageStanding:
        """Where a page stands, by itself and by what led to it so far."""
        inside, url = page.candidate.inside, page.url
        return PageStanding(
            name=read.outline.name,
            called=page.candidate.called,
            crumbs=read.outline.crumbs,
            path=path_words(url),
            linked=inside,
            attached=inside and (read.pdf or _without_place(self.means.rules, read, url)),
        )

    async def sitemaps(self, robots: str | None) -> None:
        """Read the sitemaps robots.txt names, else the usual one: index, parts, gzipped ones, within bounds."""
        site = self.met.site
        assert site is not None
        if robots is None:
            came, _ = await self._ask(f"{site.origin}/robots.txt", counted=False)
            robots = came.body.decode("utf-8", "replace") if isinstance(came, Page) and came.status == 200 else ""
        waiting = [*dict.fromkeys(_SITEMAP_LINE.findall(robots))] or [f"{site.origin}/sitemap.xml"]
        asked: set[str] = set()
        while waiting:
            url = waiting.pop(0)
            if url in asked:
                continue
            if len(asked) == SITEMAPS:
                self.out.sitemaps.append(SitemapLook(url, note="too_many"))
                continue
            asked.add(url)
            waiting += await self._sitemap(url)

    async def _sitemap(self, url: str) -> list[str]:
        """Read one; returns the sitemaps it names."""
        try:
            own = same_host(parse(url).host, self.out.host)
        except ValueError:
            own = False
        if not own:
            self.out.sitemaps.append(SitemapLook(url, note="other_host"))
            return []
        came, _ = await self._ask(url, counted=False)
        if not isinstance(came, Page) or came.status != 200:
            answered = isinstance(came, Page)
            detail = str(came.status) if isinstance(came, Page) else type(came).__name__
            self.out.sitemaps.append(SitemapLook(url, note="http" if answered else "unread", detail=detail))
            return []
        found = read_sitemap(came.body)
        if found is None:
            self.out.sitemaps.append(SitemapLook(url, note="not_a_sitemap"))
            return []
        kept = sum(self.met.sitemap(address, url) for address in found.pages)
        self.out.sitemaps.append(SitemapLook(url, kept, "cut" if found.cut else None))
        return list(found.indexes)

    def settle(self) -> None:
        """What is known when the walk is over."""
        out = self.out
        mark_sections(self.means.rules, out.pages, self.met.candidates)
        left = [one for one in self.met.candidates.values() if one.key not in self._done]
        named = (one for one in left if one.inside or one.score > 0)
        out.not_examined = sorted(named, key=lambda one: (not one.inside, -one.score, one.order))
        out.unpromising = len(left) - len(out.not_examined)
        out.desks, out.bare_hosts = list(self.met.desks.values()), list(self.met.bare.values())
        out.finished = self.means.clock.now()


def _without_place(rules: LinkRules, read: StatePage, url: str) -> bool:
    """Whether neither breadcrumb nor folder says where a page stands; one named for another matter stands there."""
    placed = read.outline.crumbs or len(path_words(url)) > 1
    return not placed and not rules.about_another_matter(read.outline.name)


def _is_file(anchor: Anchor) -> bool:
    return anchor.where == "main" and _FILE.search(urlsplit(anchor.url).path) is not None
