"""The first page: where an appointment can be had, the map, the table equal to it, and the country in four numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from monitor.site.counts import Counts, summed
from monitor.site.drawing.bars import stacked
from monitor.site.drawing.basemap import MapPlace, basemap
from monitor.site.frame import Output, SiteFrame, SitePage
from monitor.site.model import BARS, MONTH, PrefectureView
from monitor.site.pages.standing import LOOKS, Lately, lately_of, span
from monitor.site.tongues import PageTongue
from monitor.site.words import NUMBER_STATES, NUMBER_WORDS


def national(frame: SiteFrame) -> Iterator[Output]:
    """`index.html` of each language."""
    rows = [(one, lately_of(one, one.last)) for one in frame.data.prefectures]
    days = country_days(frame.data.prefectures, BARS)
    for tongue in frame.tongues:
        yield frame.draw(tongue, _page(frame, tongue, rows, days))


def country_days(views: Sequence[PrefectureView], days: int) -> Sequence[tuple[date, Counts]]:
    """The whole country by day, up to the last that every préfecture has in its legal time; none while none is."""
    lasts = [one.last for one in views if one.last is not None]
    return [(day, summed(one.day(day) for one in views)) for day in span(min(lasts), days)] if lasts else []


def _page(
    frame: SiteFrame,
    tongue: PageTongue,
    rows: Sequence[tuple[PrefectureView, Lately]],
    days: Sequence[tuple[date, Counts]],
) -> SitePage:
    counts = summed(lately.counts for _one, lately in rows)
    places = [
        MapPlace(one.code, f"s-{lately.look}", f"{one.name}: {lately.said(tongue)}", f"{one.code}.html")
        for one, lately in rows
    ]
    title = tongue.gettext("Where can one get an appointment?")
    body = frame.body(
        "national.html.j2",
        tongue,
        "index",
        rows=rows,
        legend=[
            (look, tongue.gettext(words), sum(one.look == look for _view, one in rows)) for look, words in LOOKS.items()
        ],
        map=basemap(places, tongue.gettext("Map of the préfectures; each leads to its page")),
        numbers=[
            (state, tongue.gettext(words), number, counts.share(number))
            for state, words, number in zip(NUMBER_STATES, NUMBER_WORDS, counts, strict=True)
        ],
        counts=counts,
        month=MONTH,
        days=days,
        trend=stacked(
            [one for _day, one in days], tongue.gettext("The four numbers by day, as shares of the looks of that day")
        ),
    )
    return SitePage(name="index", title=title, body=body)
