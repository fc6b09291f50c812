"""One préfecture surveyed: its declared addresses opened once, its site walked, and what sources say of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import field

from monitor.core.ports import Clock, Visitor
from monitor.core.prefecture import Prefecture
from monitor.discover.addresses import twin_key
from monitor.discover.found import Discovery
from monitor.discover.leads import LinkRules, for_foreigners
from monitor.discover.proposal import Proposal, propose
from monitor.discover.survey.opened import OpenedAddress, ToOpen, declared_addresses, open_once
from monitor.discover.survey.sources import SourceRow
from monitor.discover.walk import PAGES, WalkTools, discover
from monitor.read.platforms.booking import booking_of
from monitor.values import dataclass


@dataclass(slots=True, kw_only=True)
class SurveyedPrefecture:
    """What a survey brought of one préfecture. rows: what sources say of it. opened: declared addresses, then those of
    the rows that name foreigners."""

    prefecture: Prefecture
    discovery: Discovery
    proposal: Proposal
    opened: list[OpenedAddress]
    rows: list[SourceRow] = field(default_factory=list)
    simulated: bool = False

    def of(self, subject: str, slug: str) -> OpenedAddress | None:
        """What came of one declared address."""
        return next((one for one in self.opened if (one.subject, one.slug) == (subject, slug)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyTools:
    """What a survey works with. name: the identifier in the User-Agent for what is looked at. report: told each address
    as it is about to be asked for. pages: opened at most by a walk."""

    visitor: Visitor
    clock: Clock
    rules: LinkRules
    name: Callable[[str], str]
    simulated: bool
    pages: int = PAGES
    report: Callable[[str, str], None] = lambda code, url: None


async def survey_one(one: Prefecture, tools: SurveyTools, rows: Sequence[SourceRow] = ()) -> SurveyedPrefecture:
    """Walk its site and open what is declared, side by side; each host keeps its own pace, whoever asks."""
    elsewhere = [what for what in declared_addresses(one) if what.subject == "desk"]
    elsewhere += list(candidates(one, tools.rules, rows))
    found, *booked = await asyncio.gather(_walk(one, tools), *(_open(what, one, tools) for what in elsewhere))
    assert isinstance(found, Discovery)
    asked = {page.candidate.key: page.asked for page in found.pages}
    opened = []
    for what in declared_addresses(one):
        if what.subject != "desk":  # as the walk spelt it: the answer is known already
            spelt = ToOpen(what.subject, what.slug, asked.get(twin_key(what.url), what.url))
            opened.append(await _open(spelt, one, tools))
    opened += [answer for answer in booked if isinstance(answer, OpenedAddress)]
    proposal = propose(found, one, simulated=tools.simulated)
    return SurveyedPrefecture(
        prefecture=one,
        discovery=found,
        proposal=proposal,
        opened=opened,
        rows=list(rows),
        simulated=tools.simulated,
    )


def candidates(one: Prefecture, rules: LinkRules, rows: Sequence[SourceRow]) -> list[ToOpen]:
    """The booking addresses that rows name for foreigners in so many words and that are not declared, each once."""
    known = {twin_key(desk.platform.url) for desk in one.desks}
    out: list[ToOpen] = []
    for row in rows:
        booking = booking_of(row.url) if row.url else None
        if booking is None or booking.platform is None or not for_foreigners(rules, (row.label,)):
            continue
        url = booking.platform.url
        if twin_key(url) not in known:
            known.add(twin_key(url))
            out.append(ToOpen("candidate", f"candidate-{len(out) + 1}", url, booking.platform))
    return out


async def _walk(one: Prefecture, tools: SurveyTools) -> Discovery:
    def told(_opened: int, url: str) -> None:
        tools.report(one.code, url)

    means = WalkTools(
        visitor=tools.visitor, clock=tools.clock, rules=tools.rules, check_id=tools.name(one.code), report=told
    )
    return await discover(one, means, pages=tools.pages)


async def _open(what: ToOpen, one: Prefecture, tools: SurveyTools) -> OpenedAddress:
    tools.report(one.code, what.url)
    rules = tools.rules.notices
    return await open_once(what, one, tools.visitor, tools.clock, rules, tools.name(f"{one.code}/{what.slug}"))
