"""How a monitor is: whether its sweeps end, and what still reads, by desk, plugin and platform."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from monitor.core.health import (
    GRAVITY,
    NEEDS_A_PERSON,
    Asleep,
    Fall,
    Glance,
    Judgement,
    State,
    fall,
    judge,
    platform_state,
    plugin_state,
)
from monitor.core.prefecture import Desk, Prefecture, Service, desk_key, notice_key
from monitor.sweep.plan import NATIONAL, service_look
from monitor.values import dataclass

LATE: Final = timedelta(hours=2)  # six calendars' intervals, and room for a reboot and its first sweep
MISSED: Final = 2  # intervals of what is looked at most often, where the settings make them longer than that


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A desk, a page or a national service, judged. key: `95/slug`. file: the declaration it stands in."""

    key: str
    label: str
    platform: str
    url: str
    judged: Judgement

    def to_json(self) -> dict[str, Any]:
        """For machines: instants ISO 8601 UTC."""
        one = self.judged
        return {
            "check": self.key,
            "label": self.label,
            "platform": self.platform,
            "url": self.url,
            "state": one.state,
            "why": one.why or None,
            "looks": one.looks,
            "since": one.since and one.since.isoformat(),
            "last": one.last and one.last.isoformat(),
            "simulated": one.simulated,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """One préfecture's declaration, or that of the national services (`national`)."""

    code: str
    name: str
    parts: tuple[Part, ...]

    @property
    def state(self) -> State:
        """The gravest of its parts."""
        return plugin_state(part.judged for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformHealth:
    """One booking product. counts: its declared desks by state. fell: the one event that stands for all of them."""

    name: str
    state: State
    counts: Mapping[State, int]
    fell: Fall | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepHealth:
    """The last sweep that ended with our own network answering. ended: aware UTC, None when there was none."""

    number: int | None
    ended: datetime | None
    limit: timedelta
    lately: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """A monitor's. unusable: plugins that do not load (file: sentence); while there is one, no sweep is made."""

    at: datetime
    sweep: SweepHealth
    platforms: tuple[PlatformHealth, ...]
    plugins: tuple[Plugin, ...]
    unusable: Mapping[str, str]

    @property
    def at_work(self) -> bool:
        """Whether the monitor itself does its work. What one site did to one desk is no matter of the monitor's."""
        return self.sweep.lately and not self.unusable and all(one.fell is None for one in self.platforms)

    def parts(self, *states: State) -> Iterator[Part]:
        """The parts in one of these states."""
        return (part for one in self.plugins for part in one.parts if part.judged.state in states)

    def needing(self) -> tuple[Part, ...]:
        """What a person must look into: broken or gone, unless its whole platform fell."""
        fallen = {one.name for one in self.platforms if one.fell}
        return tuple(
            part for part in self.parts(*NEEDS_A_PERSON) if part.judged.state == "gone" or part.platform not in fallen
        )

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "at": self.at.isoformat(),
            "at_work": self.at_work,
            "sweep": {
                "number": self.sweep.number,
                "ended": self.sweep.ended and self.sweep.ended.isoformat(),
                "lately": self.sweep.lately,
                "limit_minutes": int(self.sweep.limit.total_seconds() // 60),
            },
            "unusable_plugins": [{"file": file, "why": why} for file, why in self.unusable.items()],
            "platforms": [_platform_json(one) for one in self.platforms],
            "plugins": [
                {"code": one.code, "state": one.state, "parts": [part.to_json() for part in one.parts]}
                for one in self.plugins
            ],
        }


def _platform_json(one: PlatformHealth) -> dict[str, Any]:
    fell = one.fell and {"unread": one.fell.unread, "of": one.fell.of, "since": one.fell.since.isoformat()}
    return {"platform": one.name, "state": one.state, "desks": dict(one.counts), "fell": fell}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sightings:
    """What is asked of a data folder, and when.

    looks: the observations of a key, newest first. sweeps: (number, end, whether our network answered), newest first.
    interval: between two looks at what is looked at most often. browser: whether one can be had.
    """

    now: datetime
    looks: Callable[[str], Iterable[Glance]]
    sweeps: Iterable[tuple[int, datetime | None, bool]]
    interval: timedelta
    browser: bool


def health(
    prefectures: Iterable[Prefecture], services: Iterable[Service], seen: Sightings, unusable: Mapping[str, str]
) -> Health:
    """Judge everything declared. unusable: what could not be loaded, file: sentence."""
    plugins = tuple(_plugin(one, seen) for one in prefectures)
    national = tuple(_service(one, seen) for one in services)
    if national:
        plugins += (Plugin(code=NATIONAL, name=NATIONAL, parts=national),)
    return Health(
        at=seen.now,
        sweep=_sweep(seen),
        platforms=tuple(_platforms(plugins, seen.now)),
        plugins=plugins,
        unusable=unusable,
    )


def _plugin(one: Prefecture, seen: Sightings) -> Plugin:
    desks = [_desk(one, desk, seen) for desk in one.desks]
    notices = [
        _part(seen, notice_key(one, n), n.label or n.kind, "notice", n.url, "retired" if n.retired else None)
        for n in one.notices
    ]
    return Plugin(code=one.code, name=one.name, parts=(*desks, *notices))


def _desk(one: Prefecture, desk: Desk, seen: Sightings) -> Part:
    return _part(
        seen,
        desk_key(one, desk),
        desk.label,
        desk.platform.name,
        desk.platform.url,
        _asleep(retired=desk.retired is not None, blind=desk.platform.needs_browser and not seen.browser),
    )


def _service(one: Service, seen: Sightings) -> Part:
    subject = service_look(one).subject
    asleep = _asleep(retired=one.retired is not None, blind=one.platform.needs_browser and not seen.browser)
    return _part(seen, subject.key, one.name, one.platform.name, one.platform.url, asleep)


def _asleep(*, retired: bool, blind: bool) -> Asleep | None:
    return "retired" if retired else "browser" if blind else None


def _part(seen: Sightings, key: str, label: str, platform: str, url: str, asleep: Asleep | None) -> Part:
    judged = judge(seen.looks(key), now=seen.now, asleep=asleep)
    return Part(key=key, label=label, platform=platform, url=url, judged=judged)


def _platforms(plugins: Iterable[Plugin], now: datetime) -> Iterator[PlatformHealth]:
    by_name: dict[str, list[Judgement]] = {}
    for part in (part for one in plugins for part in one.parts):
        by_name.setdefault(part.platform, []).append(part.judged)
    for name, desks in sorted(by_name.items()):
        fell = None if name == "notice" else fall(desks, now=now)  # pages of a hundred sites are no product
        counts = Counter(one.state for one in desks)
        ordered = {state: counts[state] for state in GRAVITY if counts[state]}
        yield PlatformHealth(name=name, state=platform_state(desks, fell), counts=ordered, fell=fell)


def _sweep(seen: Sightings) -> SweepHealth:
    limit = max(LATE, MISSED * seen.interval)
    for number, ended, online in seen.sweeps:
        if ended is not None and online:
            return SweepHealth(number=number, ended=ended, limit=limit, lately=seen.now - ended <= limit)
    return SweepHealth(number=None, ended=None, limit=limit, lately=False)
