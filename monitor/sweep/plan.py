"""What to look at now: desks as looks, what is due, what the floor forbids. Imports no network."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from monitor.core.pace import FLOOR, INTERVAL, Kind, may_visit
from monitor.core.pace import due as due_at
from monitor.core.prefecture import (
    Context,
    Desk,
    Notice,
    Platform,
    Prefecture,
    Service,
    Visit,
    desk_key,
    notice_key,
    territory,
)
from monitor.core.record import RecordLine, Subject
from monitor.read.platforms.demarche_numerique import DemarcheNumerique
from monitor.read.platforms.form_figures import FormFigures
from monitor.values import dataclass

if TYPE_CHECKING:
    from monitor.catalogue.catalogue import Catalogue
    from monitor.read.notices.rules import Rules

NOTICE_RULE = "monitor.read.notices.visit"
NATIONAL, NATIONAL_ZONE = "national", "Europe/Paris"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look that can be taken: its subject, the host it starts at, and the walk, begun at an aware instant.

    earlier: the last record in which this notice was read, to tell what changed since. rule: dotted name of the module
    that reads its pages. needs_browser: the page says nothing before its own script ran.
    """

    subject: Subject
    host: str
    kind: Kind
    begin: Callable[[datetime], Visit]
    earlier: RecordLine | None = None
    rule: str = ""
    needs_browser: bool = False


FindLook = Callable[[str, RecordLine | None], Look | None]
"""What a record's key names, given the last record in which it was read; None where nothing is declared so."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A look that was chosen and not taken.

    why: `floor` (seen too lately), `host` (left alone), `browser` (ours is missing or failed), `stopped`,
    `deadline` (the sweep's time was up), `crashed`.
    """

    key: str
    why: str
    detail: str = ""

    def to_json(self) -> dict[str, str]:
        """`{"check", "why"}`, and `detail` where there is one."""
        return {"check": self.key, "why": self.why} | ({"detail": self.detail} if self.detail else {})


def desk_look(prefecture: Prefecture, desk: Desk) -> Look:
    """A desk as something to look at."""
    platform, zone = desk.platform, prefecture.zone

    def begin(at: datetime) -> Visit:
        return platform.visit(Context(zone=zone, at=at, label=desk.pattern, opening=desk.opening))

    return Look(
        subject=Subject(
            key=desk_key(prefecture, desk),
            look="desk",
            prefecture=prefecture.code,
            procedure=desk.procedure,
            label=desk.label,
            platform=platform.name,
            url=platform.url,
            time_zone=prefecture.time_zone,
        ),
        host=urlsplit(platform.url).hostname or "",
        kind="request_form" if platform.name == "demarche_numerique" else "calendar",
        begin=begin,
        rule=type(platform).__module__,
        needs_browser=platform.needs_browser,
    )


def service_look(service: Service) -> Look:
    """A national service as something to look at: its key is `national/SLUG`, so no préfecture's file holds it."""
    return _national(service.slug, service.name, service.platform, "calendar")


def figures_look(desk: Desk) -> Look | None:
    """The figures the State publishes of a desk's request form; None for a desk that is no form."""
    if not isinstance(desk.platform, DemarcheNumerique):
        return None
    return _national(f"figures/{desk.platform.slug}", desk.label, FormFigures(desk.platform.slug), "request_form")


def _national(slug: str, label: str, platform: Platform, kind: Kind) -> Look:
    def begin(at: datetime) -> Visit:
        return platform.visit(Context(zone=ZoneInfo(NATIONAL_ZONE), at=at))

    return Look(
        subject=Subject(
            key=f"{NATIONAL}/{slug}",
            look="service",
            prefecture=NATIONAL,
            label=label,
            platform=platform.name,
            url=platform.url,
            time_zone=NATIONAL_ZONE,
        ),
        host=urlsplit(platform.url).hostname or "",
        kind=kind,
        begin=begin,
        rule=type(platform).__module__,
        needs_browser=platform.needs_browser,
    )


def notice_look(
    prefecture: Prefecture, notice: Notice, rules: Callable[[], Rules], earlier: RecordLine | None = None
) -> Look:
    """A notice as something to look at. rules: loads them; earlier: the last record in which it was read."""

    def begin(at: datetime) -> Visit:
        from monitor.read.notices.visit import (
            Earlier,
            notice_visit,
        )  # 0.1 s of import that a tick with nothing due is spared

        before = Earlier.of(earlier) if earlier else None
        return notice_visit(notice.url, rules(), territory=territory(prefecture.code), at=at, earlier=before)

    return Look(
        subject=Subject(
            key=notice_key(prefecture, notice),
            look="notice",
            prefecture=prefecture.code,
            label=notice.label or notice.kind,
            platform="notice",
            url=notice.url,
            time_zone=prefecture.time_zone,
        ),
        host=urlsplit(notice.url).hostname or "",
        kind="notice",
        begin=begin,
        earlier=earlier,
        rule=NOTICE_RULE,
    )


def declared_looks(declared: Catalogue, rules: Callable[[], Rules]) -> FindLook:
    """What the keys of records name: desks, notices, services, figures of forms. rules: loads those of notices."""
    desks = {desk_key(one, desk): (one, desk) for one in declared.prefectures for desk in one.desks}
    notices = {notice_key(one, notice): (one, notice) for one in declared.prefectures for notice in one.notices}
    figures = (figures_look(desk) for _one, desk in desks.values())
    national = {look.subject.key: look for look in (*filter(None, figures), *map(service_look, declared.services))}

    def look(key: str, earlier: RecordLine | None) -> Look | None:
        if key in desks:
            return desk_look(*desks[key])
        if key in national:
            return national[key]
        return notice_look(*notices[key], rules, earlier) if key in notices else None

    return look


def most_telling_first(looks: Iterable[Look]) -> list[Look]:
    """In the order in which looks teach most: calendars, request forms, notices, the State's own figures.

    A host's looks are taken one after the other: a first sweep, and one cut short, begin with the slots.
    """
    kinds = tuple(INTERVAL)
    return sorted(looks, key=lambda look: (look.rule == FormFigures.__module__, kinds.index(look.kind)))


def due(
    looks: Iterable[Look],
    last: Mapping[str, datetime],
    now: datetime,
    intervals: Mapping[Kind, timedelta],
    scale: float = 1.0,
) -> tuple[Look, ...]:
    """The looks whose interval has passed at `now`. last: start of the last visit by key. scale: a simulation's."""

    def is_due(look: Look) -> bool:
        seen = _seen(look, last, now)
        if seen is None:
            return True
        return due_at(seen, look.kind, _jitter(look, seen), interval=intervals[look.kind], scale=scale) <= now

    return tuple(filter(is_due, looks))


def above_floor(
    looks: Iterable[Look], last: Mapping[str, datetime], now: datetime, scale: float = 1.0
) -> tuple[tuple[Look, ...], tuple[Skipped, ...]]:
    """Looks that may be taken at `now`, and those seen too lately, with the instant they may be looked at again."""
    free, held = [], []
    for look in looks:
        seen = _seen(look, last, now)
        if seen is None or may_visit(seen, now, scale=scale):
            free.append(look)
        else:
            held.append(Skipped(look.subject.key, "floor", (seen + FLOOR * scale).isoformat(timespec="seconds")))
    return tuple(free), tuple(held)


def _seen(look: Look, last: Mapping[str, datetime], now: datetime) -> datetime | None:
    """When it was last visited; None also for an instant to come: a clock that was set back must not silence a desk."""
    seen = last.get(look.subject.key)
    return None if seen is None or seen > now else seen


def _jitter(look: Look, seen: datetime) -> float:
    """-1 to 1, the same for a desk until it is visited again: cron asks every few minutes, and must not draw anew."""
    drawn = hashlib.sha256(f"{look.subject.key} {seen.isoformat()}".encode()).digest()
    return int.from_bytes(drawn[:4], "big") / 0xFFFFFFFF * 2 - 1
