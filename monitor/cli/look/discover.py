"""`vigie discover CODE`: find the pages of one préfecture, and print a declaration with its evidence."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import TYPE_CHECKING

from monitor import PROJECT_PAGE
from monitor.cli.asked import catalogue, holding, settings
from monitor.cli.show import machine, quoted, words
from monitor.core.errors import UsageError
from monitor.core.labels import procedure
from monitor.core.words import os_words
from monitor.discover.found import Candidate, DeskLink, Discovery, Examined, PageMention, SitemapLook
from monitor.discover.leads import SOUGHT
from monitor.discover.proposal import Proposal, ProposedChange
from monitor.discover.verdict import PageFinding
from monitor.run import wiring

if TYPE_CHECKING:
    from monitor.core.prefecture import Prefecture
    from monitor.discover.meeting import Listed
    from monitor.fetch.http.robots import Memory
    from monitor.settings.settings import Settings

UNREAD = 3
PAGES_AT_MOST = 400
SHOWN = 15  # of the addresses left unexamined; --json gives them all


def run(args: argparse.Namespace) -> int:
    """Walk, then print: what was found, what is in the way, the difference, the declaration."""
    if not 1 <= args.pages <= PAGES_AT_MOST:
        raise UsageError(_("--pages wants a number from 1 to {most}").format(most=PAGES_AT_MOST))
    chosen = settings(args)
    prefecture = catalogue(args).find(args.code)
    rows, refused = ([], []) if args.listed is None else listed_in(Path(args.listed))
    found = _walked(args, chosen, prefecture, rows)
    if isinstance(found, int):
        return 128 + found
    found.refused = sorted([*refused, *found.refused])
    _say(args, found, prefecture, simulated=bool(chosen.simulation.address))
    return UNREAD if found.home is not None else 0


def _walked(
    args: argparse.Namespace, chosen: Settings, prefecture: Prefecture, rows: Sequence[Listed]
) -> Discovery | int:
    """The walk, or the number of the signal that stopped it. Where observations are kept, what politeness remembers of
    hosts is used and kept there, under the lock; no observation is made."""
    from monitor.discover.leads import link_rules
    from monitor.discover.walk import WalkTools, discover
    from monitor.evidence.sums import check_id, first_anchor
    from monitor.fetch.clock import SystemClock
    from monitor.run.sweeping import Stop

    clock = SystemClock(chosen.simulation.time_scale)
    now = clock.now()
    progress = _Progress(args)
    with ExitStack() as held:
        visitor = wiring.visitor(chosen, _memory(chosen, held, now))
        means = WalkTools(
            visitor=visitor,
            clock=clock,
            rules=link_rules(),
            check_id=check_id(first_anchor(PROJECT_PAGE), 0, f"discover {prefecture.code} {now.isoformat()}"),
            report=progress.step,
        )

        async def live() -> Discovery | int:
            found: list[Discovery] = []

            async def walk() -> None:
                found.append(await discover(prefecture, means, pages=args.pages, listed=rows))

            stop = Stop()
            try:
                await stop.until(walk)
            finally:
                await visitor.aclose()
            return found[0] if found else stop.number

        try:
            return asyncio.run(live())
        finally:
            progress.end()


def _memory(chosen: Settings, held: ExitStack, now: datetime) -> Memory:
    from monitor.store.schema import FILE

    if not any((chosen.data / name).exists() for name in (FILE, "lock")):
        from monitor.fetch.http.robots import ShortMemory

        return ShortMemory()
    from monitor.run.ledger import StoreMemory
    from monitor.store.store import Store

    lock = held.enter_context(holding(chosen.data))
    store = held.enter_context(Store(lock, at=now.astimezone(UTC)))
    wiring.same_world(chosen, store.records)
    return StoreMemory(store)


class _Progress:
    """One line on a terminal that says how many pages were opened; nothing anywhere else."""

    def __init__(self, args: argparse.Namespace) -> None:
        self._limit, self._said = args.pages, False
        self._shown = sys.stderr.isatty() and not args.json

    def step(self, opened: int, url: str) -> None:
        if self._shown:
            self._said = True
            print(f"\r\x1b[K{opened}/{self._limit}  {url[:100]}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._said:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


# --- a list of addresses ----------------------------------------------------------------------------------------------


def listed_in(path: Path) -> tuple[list[Listed], list[tuple[int, str]]]:
    """The rows of a CSV of addresses (columns url[,label], `;` too), and those that have none: line and reason.

    Raises UsageError when the file cannot be read.
    """
    from monitor.discover.meeting import Listed

    good: list[Listed] = []
    bad: list[tuple[int, str]] = []
    for line, cells in _rows(path):
        url, label = cells[0].strip(), cells[1].strip() if len(cells) > 1 else ""
        if not any(cell.strip() for cell in cells) or (line == 1 and url.lower() == "url"):
            continue
        if not url:
            bad.append((line, _("no address in the first column")))
        else:
            good.append(Listed(line, url, label, _("{file}, line {line}").format(file=path.name, line=line)))
    return good, bad


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    import csv
    import io

    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(_("cannot open {path}: {why}").format(path=path, why=os_words(error))) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")  # what a spreadsheet on Windows writes
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if ";" in first and "," not in first else ",")
    try:
        yield from ((reader.line_num, row) for row in reader if row)
    except csv.Error as error:
        raise UsageError(_("{path}, line {line}: {why}").format(path=path, line=reader.line_num, why=error)) from error


# --- what is printed --------------------------------------------------------------------------------------------------


def _say(args: argparse.Namespace, found: Discovery, prefecture: Prefecture, *, simulated: bool) -> None:
    from monitor.discover.declare import declaration
    from monitor.discover.proposal import propose

    proposal = propose(found, prefecture, simulated=simulated)
    text = declaration(found, proposal) if found.home is None else ""
    if args.json:
        from monitor.discover.json import document

        print(json.dumps(document(found, proposal, text, simulated=simulated), ensure_ascii=False, indent=1))
        return
    for line in report(found, proposal, args.lang, simulated=simulated):
        print(line)
    if text:
        print(_("Declaration, to paste into the préfecture's file:") + "\n")
        print(f"```python\n{text}```")


# --- the report: each finding with the page, the words and the score it rests on --------------------------------------


def report(found: Discovery, proposal: Proposal, lang: str, *, simulated: bool) -> Iterator[str]:
    """The lines of the report, the declaration left out."""
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
    yield from _difference(proposal.changes)


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
        for one in found.not_examined[:SHOWN]:
            yield f"  {one.score:>4}  {one.urls[0]}" + (f"  {quoted(one.called)}" if one.called else "")
        if len(found.not_examined) > SHOWN:
            yield "        " + _("and {n} more (--json)").format(n=len(found.not_examined) - SHOWN)
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


def _difference(changes: list[ProposedChange]) -> Iterator[str]:
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


def titles() -> dict[str, str]:
    """The kinds of pages that are sought, for people."""
    return {
        "foreigners": _("Foreigners' section"),
        "pan": _("Point d'accueil numérique (PAN)"),
        "appointment": _("Appointments"),
        "substitution": _("Substitution"),
        "contact": _("Contact"),
        "filing": _("Filing"),
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
    }
    return f"{reasons[finding.why]} ({machine(finding.detail)})" if finding.detail else reasons[finding.why]
