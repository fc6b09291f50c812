"""The country by month, from those desks alone that could be read through the whole of it.

Were all desks counted, a product that hides behind a captcha from one month to the next would look like fewer refusals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from monitor.site.counts import Counts, summed
from monitor.site.drawing.bars import stacked
from monitor.site.frame import Output, SiteFrame, SitePage
from monitor.site.model import DeskView

MONTHS_BACK: Final = 12
READABLE: Final = 0.8  # of the looks of a month


def trends(frame: SiteFrame) -> Iterator[Output]:
    """`tendances.html` of each language."""
    desks = [desk for one in frame.data.prefectures for desk in one.desks if desk.days]
    lasts = [one.last for one in frame.data.prefectures if one.last is not None]
    months = whole_months(desks, min(lasts)) if lasts else []
    kept = [desk for desk in desks if months and all(readable(by_month(desk, month)) for month in months)]
    rows = [(month, summed(by_month(desk, month) for desk in kept)) for month in months] if kept else []
    for tongue in frame.tongues:
        body = frame.body(
            "trends.html.j2",
            tongue,
            "tendances",
            rows=rows,
            months=len(months),
            kept=len(kept),
            desks=len(desks),
            drawing=stacked([counts for _month, counts in rows], tongue.gettext("The four numbers by month")),
        )
        yield frame.draw(tongue, SitePage(name="tendances", title=tongue.gettext("Trends"), body=body))


def whole_months(desks: Sequence[DeskView], last: date) -> Sequence[date]:
    """The first days of the whole months up to `last` that somebody looked in from their first day on, oldest first."""
    first = min((min(desk.days) for desk in desks), default=last)
    month = (last + timedelta(days=1)).replace(day=1)
    out: list[date] = []
    while len(out) < MONTHS_BACK and (month := (month - timedelta(days=1)).replace(day=1)) >= first:
        out.append(month)
    return out[::-1]


def by_month(desk: DeskView, month: date) -> Counts:
    """What was counted of a desk in the month that begins on that day."""
    after = (month + timedelta(days=31)).replace(day=1)
    return summed(desk.day(month + timedelta(days=n)) for n in range((after - month).days))


def readable(counts: Counts) -> bool:
    """Whether so much of it was read that what it says can be compared."""
    share = counts.share(counts.read)
    return share is not None and share >= READABLE
