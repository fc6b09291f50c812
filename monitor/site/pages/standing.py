"""What may be said of a préfecture's appointments in one word and one sentence, the same on every page. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, Literal

from monitor.core.words import N_
from monitor.site.counts import Counts, State
from monitor.site.drawing.bars import Day
from monitor.site.model import BARS, MONTH, DeskView, PrefectureView
from monitor.site.tongues import PageTongue
from monitor.values import dataclass

Look = Literal["slot", "some", "none", "other", "unread", "nobody"]
LOOKS: Final = {  # classes of the map, with the words of its legend
    "slot": N_("a slot was shown on at least half of the days"),
    "some": N_("a slot was shown on some days"),
    "none": N_("no slot was shown"),
    "other": N_("only other answers: a form, closed, overloaded"),
    "unread": N_("could not be read: captcha, firewall, failure"),
    "nobody": N_("nobody looked, or no desk is known"),
}


@dataclass(frozen=True, slots=True)
class Lately:
    """The last 30 days of something. days: those on which anybody looked; slot_days: on which a slot was shown."""

    counts: Counts
    days: int
    slot_days: int

    @property
    def look(self) -> Look:
        """Its class on the map."""
        state: State = self.counts.state
        if state == "slot":
            return "slot" if 2 * self.slot_days >= self.days else "some"
        return state

    def said(self, tongue: PageTongue) -> str:
        """The sentence: what was seen, and of how many looks."""
        n, counts = tongue.number, self.counts
        if counts.slot:
            form = tongue.ngettext(
                "a slot was shown on {days} day of {all} (looks: {n} of {looks})",
                "a slot was shown on {days} days of {all} (looks: {n} of {looks})",
                self.slot_days,
            )
            return form.format(days=self.slot_days, all=self.days, n=n(counts.slot), looks=n(counts.looks))
        if counts.none:
            form = tongue.gettext("no slot was shown; the site said so (looks: {n} of {looks})")
            return form.format(n=n(counts.none), looks=n(counts.looks))
        if counts.other:
            form = tongue.gettext("another answer (looks: {n} of {looks})")
            return form.format(n=n(counts.other), looks=n(counts.looks))
        if counts.unread:
            form = tongue.gettext("could not be read (looks: {n} of {looks})")
            return form.format(n=n(counts.unread), looks=n(counts.looks))
        return tongue.gettext("nobody looked")


def lately_of(view: PrefectureView | DeskView, last: date | None) -> Lately:
    """The last 30 days of a préfecture, or of a desk."""
    days = [] if last is None else [view.day(day) for day in span(last, MONTH)]
    counts = Counts(*map(sum, zip(*days, strict=True))) if days else Counts()
    return Lately(counts, sum(1 for day in days if day.looks), sum(1 for day in days if day.slot))


def span(last: date, days: int) -> Sequence[date]:
    """So many days up to a day, included, oldest first."""
    return [last - timedelta(days=n) for n in range(days - 1, -1, -1)]


def barred(view: PrefectureView | DeskView, last: date) -> Sequence[Day]:
    """The days of the bars."""
    return [(day, view.day(day)) for day in span(last, BARS)]


def last_slot(desk: DeskView) -> date | None:
    """The last day on which a slot was shown; None where none ever was."""
    return max((day for day, counts in desk.days.items() if counts.slot), default=None)
