"""Desks compared, where they can be: those read in at least 80 % of the looks of 30 days. The others stand beside them,
by cause: were the worst to hide behind a captcha, a list without them would honour them for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from monitor.core.labels import label
from monitor.site.counts import Counts, place_of
from monitor.site.frame import Output, SiteFrame, SitePage
from monitor.site.model import MONTH, DeskView, PrefectureView
from monitor.site.pages.trends import readable
from monitor.site.tongues import PageTongue

Cause = tuple[str, str | None]


class Placed(NamedTuple):
    """One desk among the others, with its last 30 days."""

    view: PrefectureView
    desk: DeskView
    counts: Counts


def comparison(frame: SiteFrame) -> Iterator[Output]:
    """`classement.html` of each language."""
    placed = [
        Placed(one, desk, counts)
        for one in frame.data.prefectures
        for desk in one.desks
        if (counts := desk.lately(one.last)).looks
    ]
    compared = sorted((one for one in placed if readable(one.counts)), key=_hardest)
    beside = by_cause([one for one in placed if not readable(one.counts)])
    for tongue in frame.tongues:
        body = frame.body(
            "comparison.html.j2",
            tongue,
            "classement",
            compared=compared,
            beside=[(said(tongue, cause), found) for cause, found in beside],
            month=MONTH,
        )
        yield frame.draw(tongue, SitePage(name="classement", title=tongue.gettext("Comparison"), body=body))


def _hardest(one: Placed) -> tuple[float, int, str]:
    return -one.counts.none / one.counts.looks, -one.counts.looks, one.desk.key


def cause_of(desk: DeskView) -> Cause | None:
    """Why most of the unread looks at a desk were not read; None where all were."""
    return next((cause for cause in desk.causes if place_of(*cause) == 3), None)


def by_cause(placed: Sequence[Placed]) -> Sequence[tuple[Cause | None, Sequence[Placed]]]:
    """Desks by why they were not read, the most frequent cause first."""
    found: dict[Cause | None, list[Placed]] = {}
    for one in placed:
        found.setdefault(cause_of(one.desk), []).append(one)
    return sorted(found.items(), key=lambda item: (-len(item[1]), str(item[0])))


def said(tongue: PageTongue, cause: Cause | None) -> str:
    """A cause in words."""
    return tongue.gettext("fewer than five looks") if cause is None else tongue.gettext(label(*cause).words)
