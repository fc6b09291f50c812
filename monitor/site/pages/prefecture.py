"""A page for each préfecture: the three answers, each desk's days and hours, the site's own sentences, what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from monitor.case.guide import guide
from monitor.core.changes import CHANNELS
from monitor.core.labels import PROCEDURES, label
from monitor.core.words import N_
from monitor.report.picture import Fact
from monitor.site.counts import STATES
from monitor.site.drawing.bars import StateRun, bars, runs
from monitor.site.drawing.heat import Heat, heat, heat_rows
from monitor.site.frame import Output, SiteFrame, SitePage
from monitor.site.model import BARS, MONTH, WEEKS, Contested, DeskView, PrefectureView
from monitor.site.pages.standing import Lately, barred, last_slot, lately_of
from monitor.site.tongues import PageTongue
from monitor.site.words import SHORT_DAYS, STATE_WORDS
from monitor.values import dataclass

PAN_WORDS: Final[Mapping[str, str]] = {
    "published": N_("The préfecture publishes one."),
    "closed": N_("The préfecture says that it is closed."),
    "contradictory": N_("Its pages contradict each other."),
    "none_found": N_("None was found on the pages read. There may be one all the same."),
    "not_read": N_("No page was read: nothing is known."),
}
CHANNEL_WORDS: Final[Mapping[str, str]] = {
    "counter": N_("At a counter"),
    "postal": N_("By post"),
    "email": N_("By e-mail"),
    "phone": N_("By phone"),
}
CHANGE_WORDS: Final[Mapping[str, str]] = {
    "published": N_("published"),
    "no_longer_found": N_("no longer found"),
    "reworded": N_("said in other words"),
    "changed": N_("changed"),
    "moved": N_("moved"),
}
TOGETHER: Final = 8  # desks whose tables stand on the page itself: with more it is no page for a cheap phone


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskDrawn:
    """A desk with what is drawn of it, the same in all languages but for the words."""

    view: DeskView
    lately: Lately
    runs: Sequence[StateRun]
    heat: Heat
    rows: Markup
    last_slot: date | None
    contested: Sequence[Contested]


def prefectures(frame: SiteFrame) -> Iterator[Output]:
    """`NN.html` of each préfecture and language; of one with many desks, their tables in `NN-chiffres.html`."""
    for one in frame.data.prefectures:
        desks = [_drawn(frame, one, desk) for desk in one.desks]
        for tongue in frame.tongues:
            yield frame.draw(tongue, _page(frame, tongue, one, desks))
            if len(desks) > TOGETHER:
                yield frame.draw(tongue, _figures(frame, tongue, one, desks))


def _drawn(frame: SiteFrame, one: PrefectureView, desk: DeskView) -> DeskDrawn:
    hours = heat(desk, frame.options.openings)
    return DeskDrawn(
        view=desk,
        lately=lately_of(desk, one.last),
        runs=[*runs(barred(desk, one.last))] if one.last and desk.days else (),
        heat=hours,
        rows=heat_rows(hours),
        last_slot=last_slot(desk),
        contested=[row for row in frame.data.contested if desk.said and row.seq == desk.said.seq],
    )


def _page(frame: SiteFrame, tongue: PageTongue, one: PrefectureView, desks: Sequence[DeskDrawn]) -> SitePage:
    body = _body(frame, tongue, "prefecture.html.j2", one.code, one, desks)
    return SitePage(name=one.code, title=f"{one.code} {one.name}", body=body)


def _figures(frame: SiteFrame, tongue: PageTongue, one: PrefectureView, desks: Sequence[DeskDrawn]) -> SitePage:
    name = f"{one.code}-chiffres"
    title = tongue.gettext("{place}: days and hours").format(place=f"{one.code} {one.name}")
    return SitePage(name=name, title=title, body=_body(frame, tongue, "figures.html.j2", name, one, desks))


def _body(
    frame: SiteFrame, tongue: PageTongue, template: str, name: str, one: PrefectureView, desks: Sequence[DeskDrawn]
) -> Markup:
    return frame.body(
        template,
        tongue,
        name,
        one=one,
        together=len(desks) <= TOGETHER,
        desks=desks,
        words=DeskWords(tongue, one.prefecture.zone),
        month=MONTH,
        span=BARS,
        legend=[(state, tongue.gettext(STATE_WORDS[state])) for state in STATES],
        legend_of={state: tongue.gettext(words) for state, words in STATE_WORDS.items()},
        weeks=WEEKS,
        weekdays=[tongue.gettext(day) for day in SHORT_DAYS],
        ccc=guide().telephone,
    )


class DeskWords:
    """What is said of a préfecture's desks and pages, in one language."""

    def __init__(self, tongue: PageTongue, zone: ZoneInfo) -> None:
        self._tongue, self._zone = tongue, zone

    def procedure(self, desk: DeskView) -> str:
        """The démarche, where the desk has one."""
        return self._tongue.gettext(PROCEDURES.get(desk.procedure, "")) if desk.procedure in PROCEDURES else ""

    def said(self, desk: DeskView) -> str:
        """The mark and words of its last answer."""
        if desk.said is None:
            young, never = N_("looked at within the last 24 hours only: not told yet"), N_("never looked at")
            return "· " + self._tongue.gettext(young if desk.withheld else never)
        found = desk.said.remark.label if desk.said.remark else label(desk.said.reading, desk.said.detail)
        return f"{found.mark} {self._tongue.gettext(found.words)}"

    def bars(self, drawn: DeskDrawn, last: date) -> Markup:
        """Its ninety days as a drawing, named by how many days are in each state."""
        days = {state: sum(run.days for run in drawn.runs if run.state == state) for state in STATES}
        told = ", ".join(f"{self._tongue.gettext(STATE_WORDS[state])} ({n})" for state, n in days.items() if n)
        name = self._tongue.gettext("The last {n} days, in days: {told}").format(n=BARS, told=told)
        return bars(barred(drawn.view, last), name)

    def run(self, run: StateRun) -> str:
        """The days of one run."""
        day = self._tongue.day
        return day(run.first) if run.first == run.last else f"{day(run.first)} – {day(run.last)}"

    def pan(self, one: PrefectureView) -> str:
        """The answer about the point d'accueil numérique."""
        return self._tongue.gettext(PAN_WORDS[one.picture.pan])

    def channels(self, one: PrefectureView) -> Sequence[tuple[str, Fact]]:
        """The ways of filing that are published, each with its fact."""
        return [
            (self._tongue.gettext(CHANNEL_WORDS[name]), fact)
            for name in CHANNELS
            if (fact := one.picture.channels[name]) is not None
        ]

    def fact(self, fact: str) -> str:
        """What changed, from its name in the records (`pan`, `channel:postal`)."""
        name = fact.removeprefix("channel:")
        return self._tongue.gettext(CHANNEL_WORDS[name]) if name in CHANNEL_WORDS else self._pan

    @property
    def _pan(self) -> str:
        return self._tongue.gettext("Point d'accueil numérique (help on the spot)")

    def change(self, kind: str) -> str:
        """How it changed."""
        return self._tongue.gettext(CHANGE_WORDS[kind])

    def read_on(self, at: str | datetime | None) -> str:
        """The legal day of an instant (ISO text or aware)."""
        if at is None:
            return ""
        found = datetime.fromisoformat(at) if isinstance(at, str) else at
        return self._tongue.day(found.astimezone(self._zone).date())
