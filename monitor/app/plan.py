"""What to look at now: desks as looks, what is due, what the floor forbids. Imports no network."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.domain.model import Context, Desk, Prefecture, Visit
from monitor.domain.pace import FLOOR, Kind, may_visit
from monitor.domain.pace import due as due_at
from monitor.domain.record import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look that can be taken: its subject, the host it starts at, and the walk, begun at an aware instant."""

    subject: Subject
    host: str
    kind: Kind
    begin: Callable[[datetime], Visit]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A look that was chosen and not taken.

    why: `floor` (seen too lately), `host` (left alone), `stopped`, `crashed`.
    """

    key: str
    why: str
    detail: str = ""


def desk_look(prefecture: Prefecture, desk: Desk) -> Look:
    """A desk as something to look at."""
    platform, zone = desk.platform, prefecture.zone

    def begin(at: datetime) -> Visit:
        return platform.visit(Context(zone=zone, at=at, label=desk.pattern, opening=desk.opening))

    return Look(
        subject=Subject(
            key=f"{prefecture.code}/{desk.slug}",
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
    )


def due(
    looks: Iterable[Look],
    last: Mapping[str, datetime],
    now: datetime,
    intervals: Mapping[Kind, timedelta],
    scale: float = 1.0,
) -> tuple[Look, ...]:
    """The looks whose interval has passed at `now`. last: start of the last visit by key. scale: a simulation's."""
    return tuple(
        look
        for look in looks
        if (seen := last.get(look.subject.key)) is None
        or due_at(seen, look.kind, _jitter(look, seen), interval=intervals[look.kind], scale=scale) <= now
    )


def above_floor(
    looks: Iterable[Look], last: Mapping[str, datetime], now: datetime, scale: float = 1.0
) -> tuple[tuple[Look, ...], tuple[Skipped, ...]]:
    """Looks that may be taken at `now`, and those seen too lately, with the instant they may be looked at again."""
    free, held = [], []
    for look in looks:
        seen = last.get(look.subject.key)
        if may_visit(seen, now, scale=scale) or seen is None:
            free.append(look)
        else:
            held.append(Skipped(look.subject.key, "floor", (seen + FLOOR * scale).isoformat(timespec="seconds")))
    return tuple(free), tuple(held)


def _jitter(look: Look, seen: datetime) -> float:
    """-1 to 1, the same for a desk until it is visited again: cron asks every few minutes, and must not draw anew."""
    drawn = hashlib.sha256(f"{look.subject.key} {seen.isoformat()}".encode()).digest()
    return int.from_bytes(drawn[:4], "big") / 0xFFFFFFFF * 2 - 1
