"""What a walk brought and what is proposed of it, for people: each with the page and the words it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from gettext import gettext as _
from gettext import ngettext

from monitor.cli.show import machine, quoted, words
from monitor.core.labels import procedure
from monitor.core.prefecture import Place
from monitor.discover.found import Candidate, DeskLink, Discovery, Examined, PageMention, SitemapLook
from monitor.discover.leads import SOUGHT
from monitor.discover.proposal import Proposal, ProposedChange
from monitor.discover.verdict import PageFinding

SHOWN = 15  # of the addresses left unexamined; --json gives them all


def report(found: Discovery, lang: str, *, simulated: bool) -> Iterator[str]:
    """The lines of the report: what is proposed of it is left out."""
    mark = " " + _("[simulated]") if simulated else ""
    yield _("{code}: {site}").format(code=found.code, site=found.site) + mark
    if found.home is not None:
        yield "  " + words(found.home, lang)
        yield "  " + _("The home page could not be read: nothing else was asked, and nothing is said of the site.")
        return
    read = list(found.read())
    yield _("{n} pages read of {opened} opened (at most {limit})").format(
        n=len(read), opened=len(found.pages), limit=found.limit
    )
    yield from map(_sitemap, found.sitemaps)
    yield from _pages_found(found, read)
    yield from _bookings(found, lang)
    yield from _asides(read)
    yield from _broken(found, lang)
    yield from _left(found)
    yield from _refused(found)


def _pages_found(found: Discovery, read: list[Examined]) -> Iterator[str]:
    named = titles()
    for kind in SOUGHT:
        if pairs := found.found(kind):
            yield named[kind]
            for page, finding in pairs:
                yield from _page(page, finding)
    if none := found.none_found():
        yield _("None found on these {n} pages: {kinds}. That says nothing of the pages not examined.").format(
            n=len(read), kinds=", ".join(named[kind] for kind in none)
        )
        yield from (f"  {page.url}" for page in read)


def _page(page: Examined, finding: PageFinding) -> Iterator[str]:
    yield f"  {page.url}"
    yield "    " + _("score {score}: {why}").format(score=finding.score, why=_why(finding))
    if finding.seen:
        yield f"    {quoted(finding.seen)}"
    yield from _evidence(page.candidate)


def _evidence(one: Candidate) -> Iterator[str]:
    for mention in one.mentions[:1]:
        yield "    " + _("link {where} (score {score}: {signs})").format(
            where=_at(mention), score=one.score, signs=", ".join(_sign(name) for name in one.why) or "-"
        )


def _sign(name: str) -> str:
    """What the words of a link announce."""
    signs = {
        "pan_named": _("names a point d'accueil numérique"),
        "pan_suggested": _("help with a screen"),
        "substitution": _("substitution"),
        "appointment": _("appointment"),
        "contact": _("contact"),
        "filing": _("a way to file"),
        "forms": _("forms to print"),
        "permits": _("a permit"),
        "way": _("a section that leads there"),
        "news": _("news"),
        "elsewhere": _("stands on any site"),
        "foreigners": _("foreigners"),
        "inside": _("inside the foreigners' section"),
    }
    return signs.get(name) or machine(name)


def _at(mention: PageMention) -> str:
    said = mention.words or mention.around
    page = mention.page
    if not page.startswith("http"):  # where an address stands that no page brought: a declaration
        page = _("in {place}").format(place=machine(page))
        return f"{quoted(said)} {page}" if said else page
    return _("{words} on {page}").format(words=quoted(said), page=page) if said else page


def _bookings(found: Discovery, lang: str) -> Iterator[str]:
    if found.desks:
        yield _("Booking links, noted and not followed")
    for link in found.desks:
        yield f"  {link.platform.url}  [{', '.join(procedure(one, lang) for one in link.procedures)}]  {_whose(link)}"
        yield f"    {quoted(link.label)}"
        yield from ("    " + _at(mention) for mention in link.mentions[:2])
    for host in found.bare_hosts:
        official = "" if host.official else " " + _("(not an official host)")
        yield "  " + _("{host}: named without a démarche{official}, {where}").format(
            host=host.host, official=official, where=_at(host.mention)
        )


def _whose(link: DeskLink) -> str:
    if link.erratum:
        return _("not a desk for foreigners: {what}, noted on {day}").format(
            what=link.erratum.what, day=link.erratum.noted
        )
    if link.elsewhere:
        return _("another préfecture's: {words}").format(words=quoted(link.elsewhere))
    if link.ground == "list" and link.for_foreigners is None:
        return _("named by a list only: for whom is the list's word, not the site's")
    if link.for_foreigners is None:
        return _("for whom is not said")
    return _("for foreigners") if link.for_foreigners else _("another matter")


def _asides(read: list[Examined]) -> Iterator[str]:
    reasons = {
        "pan_not_for_foreigners": _("a point d'accueil numérique, not for foreigners"),
        "pan_audience_not_said": _("names a point d'accueil numérique, not as one of this préfecture for foreigners"),
        "news": _("news: not declared"),
    }
    if any(page.aside for page in read):
        yield _("Looks like it, and is not taken for it")
    for page in read:
        if page.aside:
            yield f"  {page.url}  {reasons[page.aside[0]]}"
            yield f"    {quoted(page.aside[1])}"


def _broken(found: Discovery, lang: str) -> Iterator[str]:
    broken = list(found.broken())
    if broken:
        yield _("Linked or listed, and not read")
    for page in broken:
        assert page.reading is not None
        yield f"  {page.asked}  {words(page.reading, lang)}"
        yield from _evidence(page.candidate)


def _left(found: Discovery) -> Iterator[str]:
    """Said whatever the reason: an address that was not opened is not examined."""
    reasons: dict[str, Callable[[], str]] = {
        "limit": lambda: _("the limit of {n} pages was reached (--pages)").format(n=found.limit),
        "left_alone": lambda: _("the host asks to be left alone: {why}").format(why=found.stop_detail),
        "offline": lambda: _("our own network no longer answers"),
    }
    if found.stopped:
        yield _("The walk stopped: {why}").format(why=reasons[found.stopped]())
    if found.not_examined:
        yield _("Not examined: {n} promising addresses").format(n=len(found.not_examined))
        own = [one for one in found.not_examined if one.inside]
        shown = max(SHOWN, len(own))  # a page of the foreigners' section is named whatever its place
        for one in found.not_examined[:shown]:
            yield f"  {one.score:>4}  {one.urls[0]}" + (f"  {quoted(one.called)}" if one.called else "")
        if len(found.not_examined) > shown:
            yield "        " + _("and {n} more (--json)").format(n=len(found.not_examined) - shown)
    if found.unpromising:
        yield _("Not examined either: {n} addresses whose words announce nothing sought").format(n=found.unpromising)


def _refused(found: Discovery) -> Iterator[str]:
    for line, why in found.refused:
        yield _("list, line {line}: {why}").format(line=line, why=why)


def _sitemap(look: SitemapLook) -> str:
    notes = {
        "other_host": _("not asked: another host"),
        "not_a_sitemap": _("no sitemap in it"),
        "cut": _("more addresses were listed than are read"),
        "too_many": _("not asked: too many sitemaps"),
        "http": f"HTTP {look.detail}",
        "unread": look.detail,
    }
    form = ngettext("sitemap {url}: {n} address", "sitemap {url}: {n} addresses", look.addresses)
    told = form.format(url=look.url, n=look.addresses)
    return f"{told} ({notes[look.note]})" if look.note else told


def titles() -> dict[str, str]:
    """The kinds of pages that are sought, for people."""
    return {
        "foreigners": _("Foreigners' section"),
        "pan": _("Point d'accueil numérique (PAN)"),
        "appointment": _("Appointments"),
        "substitution": _("Substitution"),
        "contact": _("Contact"),
        "filing": _("Filing"),
        "forms": _("Forms to print"),
    }


def _why(finding: PageFinding) -> str:
    reasons = {
        "page_says": _("the page says so"),
        "audience_not_said": _("for whom is not said; it stands in the foreigners' section"),
        "name_only": _("by its name only: to be read by a person"),
        "channel_on_failure": _("a channel tied to a failure of the téléservice"),
        "vectors_on_failure": _("how an appointment is had when the téléservice fails"),
        "title_and_text": _("named in its title and its text; no channel was read"),
        "named_with_links": _("named so, with booking links for foreigners"),
        "named": _("named so, for foreigners"),
        "links": _("booking links for foreigners"),
        "vectors": _("says how an appointment is had"),
        "asks_here": _("says where an appointment is asked for"),
        "service_contact": _("contact page of the foreigners' service"),
        "prefecture_contact": _("contact page of the préfecture"),
        "channels": _("a way to file is published"),
        "drop_box": _("a drop box is published"),
        "pages_beneath": _("named so, with pages beneath"),
        "named_alone": _("named so; no page beneath was met"),
        "named_with_files": _("named so, with documents to fetch"),
        "doors_under_its_name": _("gives an address and hours under that name; that it is offered was not read"),
    }
    return f"{reasons[finding.why]} ({machine(finding.detail)})" if finding.detail else reasons[finding.why]


# --- what is proposed of it -------------------------------------------------------------------------------------------


def doors(proposal: Proposal) -> Iterator[str]:
    """The doors of a PAN the walk told apart, each with the words of its page; those of today alone are left out."""
    met = [one for one in proposal.places if one.page is not None]
    if met:
        yield _("Doors of a point d'accueil numérique")
    for one in met:
        yield "  " + "  ".join(_told(one.entry))
        assert one.page is not None
        yield "    " + _("{words} on {page}").format(words=quoted(one.seen or ""), page=one.page.url)


def _told(place: Place) -> Iterator[str]:
    given = (place.name, place.address, place.phone, *place.emails, place.hours)
    return (quoted(words) for words in given if words)


def difference(changes: Sequence[ProposedChange]) -> Iterator[str]:
    """What differs from today's declaration, a line each."""
    names = {
        "new": _("new"), "moved": _("moved"), "missing": _("missing"), "same": _("same"),
        "not_examined": _("not examined"),
    }  # fmt: skip
    if changes:
        yield _("Difference from today's declaration")
    for status, name in names.items():
        for one in changes:
            if one.status == status:
                to = f" -> {one.to}" if one.to else ""
                why = f"  ({machine(one.why)})" if one.why else ""
                yield f"  {name:<12} {machine(one.what + ' ' + one.slug)}  {one.url}{to}{why}"
