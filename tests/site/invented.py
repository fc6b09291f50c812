"""Invented data of a site: three préfectures of the catalogue, 120 days of counts, and a PAN that vanished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from monitor.catalogue.catalogue import load
from monitor.core.prefecture import Prefecture
from monitor.report.picture import picture
from monitor.site.counts import Counts
from monitor.site.frame import Output, SiteFrame
from monitor.site.model import DeskView, LastSaid, NoticeChange, PrefectureView, SiteData, SiteOptions
from monitor.site.outputs import outputs

UNTIL = datetime(2026, 11, 28, 6, 40, tzinfo=UTC)
LAST = date(2026, 11, 28)
BASE = "https://vigie.example.org"
OPTIONS = SiteOptions(
    base_url=BASE, contact="corrections@example.org", openings="hours", languages=("fr", "en", "facile")
)
VANISHED = NoticeChange(
    prefecture="95", notice="pan", url="https://www.val-doise.gouv.fr/pan", fact="pan", kind="no_longer_found",
    before="Un point d'accueil numérique vous reçoit à Cergy, sans rendez-vous.", after=None,
    at=datetime(2026, 11, 20, 9, 12, 44, tzinfo=UTC), seq=4711,
    was_at=datetime(2026, 11, 13, 9, 12, 40, tzinfo=UTC), was_seq=4012,
)  # fmt: skip
PUBLISHED = NoticeChange(
    prefecture="01", notice="foreigners", url="https://www.ain.gouv.fr/etrangers?a=1&b=2", fact="channel:postal",
    kind="published", before=None, after="Envoyez le dossier <par la poste> & gardez l'avis.",
    at=datetime(2026, 10, 2, 23, 30, 0, tzinfo=UTC), seq=1200, was_at=None, was_seq=None,
)  # fmt: skip


@cache
def known(code: str) -> Prefecture:
    """A declaration of the catalogue."""
    return next(one for one in load("prefectures").prefectures if one.code == code)


def said(url: str) -> LastSaid:
    """No slot, in the site's own words."""
    seen = "Il n'existe plus de plage horaire libre."
    return LastSaid(reading="NoSlot", detail=None, seen=seen, url=url, day=LAST, since=date(2026, 11, 3), seq=5000)


def desks(one: Prefecture) -> Sequence[DeskView]:
    """Its desks: the first with counts and an answer, the others never looked at."""
    days = {
        LAST - timedelta(days=n): Counts(20 - n % 7, int(n % 3 == 0), n % 5, n % 4) for n in range(120) if n % 11 != 10
    }
    week = {(day, hour): Counts(40, hour % 3, 2, 1) for day in range(5) for hour in range(8, 20)}
    bare = [
        DeskView(
            key=f"{one.code}/{desk.slug}",
            label=desk.label,
            procedure=desk.procedure,
            platform=desk.platform.name,
            url=desk.platform.url,
        )
        for desk in one.active_desks
    ]
    if not bare:
        return bare
    causes: dict[tuple[str, str | None], int] = {("NoSlot", None): 300, ("Obstructed", "captcha"): 12}
    looked = replace(
        bare[0], said=said(bare[0].url), days=days, week=week, causes=causes, episodes=9, weeks=13
    )  # fmt: skip
    return [looked, *bare[1:]]


def view(code: str, changes: Sequence[NoticeChange] = ()) -> PrefectureView:
    """One préfecture."""
    one = known(code)
    return PrefectureView(
        prefecture=one, desks=desks(one), picture=picture(()), withdrawn=(), changes=changes, last=LAST
    )  # fmt: skip


def data(*, simulated: bool = False, changes: Sequence[NoticeChange] = (VANISHED, PUBLISHED)) -> SiteData:
    """All of it, or with other changes."""
    return SiteData(
        prefectures=[view(code, [one for one in changes if one.prefecture == code]) for code in ("01", "93", "95")],
        until=UNTIL, sweep=400, size=5201, simulated=simulated,
        checkpoint=b"vigie.example.org/log\n5201\nq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=\n\n\xe2\x80\x94 x y\n",
    )  # fmt: skip


def country() -> SiteData:
    """Every préfecture of the catalogue: in turn slots on some days or on most, none, another answer, and captchas."""
    views = []
    for n, one in enumerate(load("prefectures").prefectures):
        made = view(one.code, [VANISHED] if one.code == "95" else [])
        turned = [
            replace(desk, days={day: _turned(counts, n) for day, counts in desk.days.items()}) for desk in made.desks
        ]
        views.append(replace(made, desks=turned))
    return replace(data(simulated=True), prefectures=views)


def _turned(counts: Counts, n: int) -> Counts:
    none, slot, other, unread = counts
    match n % 7:
        case 0:
            return Counts(none, slot + 1, other, unread)
        case 1 | 4:
            return Counts(none, 0, other, unread)
        case 2:
            return Counts(0, 0, other, none)
        case 3:
            return Counts(0, 0, none, unread)
    return counts


def empty() -> SiteData:
    """Before anything is old enough to be shown."""
    one = known("01")
    blank = [
        DeskView(key=f"01/{d.slug}", label=d.label, procedure=d.procedure, platform=d.platform.name, url=d.platform.url)
        for d in one.desks
    ]
    seen = PrefectureView(prefecture=one, desks=blank, picture=picture(()), withdrawn=(), changes=(), last=LAST)
    return SiteData(
        prefectures=[replace(seen, last=None)], until=None, sweep=0, size=0, simulated=False, checkpoint=None
    )


def frame(options: SiteOptions = OPTIONS) -> SiteFrame:
    """Of the invented data."""
    return SiteFrame(data(), options)


def built(given: SiteData | None = None, options: SiteOptions = OPTIONS) -> dict[str, bytes]:
    """Every file, by path; of the invented data they are made once. Raises AssertionError where two have one path."""
    if given is None and options == OPTIONS:
        return dict(_once())
    made: list[Output] = list(outputs(given or data(), options))
    assert len({one.path for one in made}) == len(made)
    return {one.path: one.data for one in made}


@cache
def _once() -> dict[str, bytes]:
    return built(data())
