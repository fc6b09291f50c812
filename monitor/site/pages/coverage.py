"""What could be read and what could not: by préfecture, how many desks are known, what stands before the others, since
when; and the préfectures of which no desk is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from monitor.site.counts import Counts
from monitor.site.frame import Output, SiteFrame, SitePage
from monitor.site.model import MONTH, DeskView, PrefectureView
from monitor.site.pages.comparison import Cause, cause_of, said
from monitor.site.pages.trends import readable
from monitor.values import dataclass


@dataclass(frozen=True, slots=True)
class Barred:
    """A desk that could not be read enough. since: the day its last answer began to be what it is; None where its last
    answer was read after all."""

    desk: DeskView
    cause: Cause | None
    since: date | None


@dataclass(frozen=True, slots=True)
class Covered:
    """One préfecture. read: desks read in at least 80 % of the looks of 30 days; barred: the others by cause, the
    longest barred first; unseen: desks nobody looked at in that time. pages: notices read, of those known."""

    view: PrefectureView
    counts: Counts
    read: Sequence[DeskView]
    barred: Sequence[tuple[Cause | None, Sequence[Barred]]]
    unseen: Sequence[DeskView]
    pages: tuple[int, int]


def coverage(frame: SiteFrame) -> Iterator[Output]:
    """`couverture.html` of each language."""
    rows = [covered(one) for one in frame.data.prefectures]
    for tongue in frame.tongues:
        body = frame.body(
            "coverage.html.j2",
            tongue,
            "couverture",
            rows=rows,
            said=lambda cause, tongue=tongue: said(tongue, cause),
            month=MONTH,
            desks=sum(len(one.view.desks) for one in rows),
            read=sum(len(one.read) for one in rows),
            barred=sum(len(found) for one in rows for _cause, found in one.barred),
            unseen=sum(len(one.unseen) for one in rows),
            unknown=sum(not one.view.desks for one in rows),
        )
        yield frame.draw(tongue, SitePage(name="couverture", title=tongue.gettext("What we could read"), body=body))


def covered(one: PrefectureView) -> Covered:
    """One préfecture's row."""
    counted = [(desk, desk.lately(one.last)) for desk in one.desks]
    examined = len(one.picture.examined)
    return Covered(
        view=one,
        counts=one.lately(),
        read=[desk for desk, counts in counted if readable(counts)],
        barred=_by_cause([_barred(desk) for desk, counts in counted if counts.looks and not readable(counts)]),
        unseen=[desk for desk, counts in counted if not counts.looks],
        pages=(examined, examined + len(one.picture.unread)),
    )


def _barred(desk: DeskView) -> Barred:
    cause = cause_of(desk)
    last = desk.said and (desk.said.reading, desk.said.detail)
    return Barred(desk, cause, desk.said.since if desk.said and last == cause else None)


def _by_cause(barred: Sequence[Barred]) -> Sequence[tuple[Cause | None, Sequence[Barred]]]:
    found: dict[Cause | None, list[Barred]] = {}
    for one in sorted(barred, key=lambda one: one.since or date.max):
        found.setdefault(one.cause, []).append(one)
    return [*found.items()]
