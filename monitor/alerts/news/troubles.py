"""What is wrong at the end of a sweep, over several checks or with the monitor itself; told once while it lasts. Pure.

A trouble is found again at every sweep while it lasts. It is told when it is new, and may be told again only after CALM
sweeps in a row without it, and REST after it was last told where its kind has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from monitor.alerts.news.events import Event, EventKind
from monitor.alerts.news.look import event_key
from monitor.alerts.news.standing import Concerned, Standing
from monitor.core.health import LOOKS, WINDOW, Fall, Judgement, fall
from monitor.values import dataclass

CALM: Final = 2
UNREACHABLE_HOURS: Final = 24
DISK_LOW: Final = 1_000_000_000  # bytes: a hundred national sweeps
OWED: Final = timedelta(hours=24)  # an authority's maintenance is shorter; the seal stands meanwhile
MISSED: Final = 3  # intervals without a sweep: one may be cut short, two make a late cron
REST: Final[Mapping[str, timedelta]] = {"clock_unsynchronised": timedelta(days=1)}
_LATELY: Final = timedelta(days=2)  # what was not looked at since says nothing of today

_NONE: Final = Concerned()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something wrong now. what: tells troubles of one kind apart. subject: empty for the machine's own.

    since: start of the looks that show it (aware UTC), so that its event's key is the same whoever finds it and when;
    None where no look shows it: then it is told as of the moment it was found.
    """

    kind: EventKind
    what: str = ""
    facts: Mapping[str, str]
    subject: Concerned = _NONE
    seq: int | None = None
    since: datetime | None = None
    simulated: bool = False

    @property
    def name(self) -> str:
        """Its identity from sweep to sweep."""
        return f"{'~' if self.simulated else ''}{self.kind}|{self.what}"

    def event(self, at: datetime) -> Event:
        """The event that tells it, found at `at`."""
        return Event(
            key=event_key(self.kind, self.subject.check, self.what, (self.since or at).isoformat()),
            kind=self.kind,
            at=at,
            prefecture=self.subject.prefecture,
            check=self.subject.check,
            procedure=self.subject.procedure,
            label=self.subject.label,
            url=self.subject.url,
            time_zone=self.subject.time_zone,
            seq=self.seq,
            facts=self.facts,
            simulated=self.simulated,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A trouble that was told. since: when; calm: sweeps in a row without it."""

    since: datetime
    calm: int = 0

    def over(self, kind: str, at: datetime) -> bool:
        """Whether it may be told again should it come back."""
        return self.calm >= CALM and at - self.since >= REST.get(kind, timedelta())


def raised(
    alarms: Mapping[str, Alarm], troubles: Iterable[Trouble], at: datetime
) -> tuple[dict[str, Alarm], tuple[Event, ...]]:
    """The alarms that stand after a sweep, by name, and the events of those that are new. at: aware UTC."""
    found = {one.name: one for one in troubles}
    standing = {name: Alarm(since=alarms[name].since if name in alarms else at) for name in found}
    for name, alarm in alarms.items():
        calmer = replace(alarm, calm=alarm.calm + 1)
        if name not in found and not calmer.over(name.lstrip("~").partition("|")[0], at):
            standing[name] = calmer
    return standing, tuple(one.event(at) for name, one in found.items() if name not in alarms)


def troubles(standings: Iterable[Standing], now: datetime, *, hours: int = UNREACHABLE_HOURS) -> Iterator[Trouble]:
    """What several checks show together. hours: after which a site without an answer is told of.

    Only the world of the newest look is judged: what was played and what is real are never put together.
    """
    looked = [(one.last, one) for one in standings if one.last is not None and now - one.last <= _LATELY]
    simulated = bool(looked) and max(looked, key=lambda pair: pair[0])[1].simulated
    lately = [one for _, one in looked if one.simulated == simulated]
    fallen = dict(_fallen(lately, now))
    for platform, fell in fallen.items():
        yield Trouble(
            kind="platform_fell", what=platform, facts={"platform": platform, "desks": str(fell.unread)},
            since=fell.since, simulated=simulated,
        )  # fmt: skip
    for one in lately:
        if one.unread and one.unread.looks >= LOOKS and one.subject.platform not in fallen:
            facts = {"looks": str(one.unread.looks), "cause": one.unread.what}
            yield Trouble(
                kind="plugin_unreadable",
                what=one.subject.check,
                facts={**facts, "check": one.subject.check},
                subject=Concerned(check=one.subject.check, time_zone=one.subject.time_zone),
                seq=one.seq,
                since=one.unread.at,
                simulated=simulated,
            )
    yield from _unreachable(lately, now, hours)


def _fallen(standings: Iterable[Standing], now: datetime) -> Iterator[tuple[str, Fall]]:
    """Platforms more than half of whose desks are not read, by `core.health.fall`."""
    desks: dict[str, list[Judgement]] = {}
    for one in standings:
        if one.subject.look == "desk" and one.came is not None and now - one.came <= WINDOW:
            unread = one.unread
            desks.setdefault(one.subject.platform, []).append(
                Judgement(
                    state="doubtful" if unread else "well",
                    why=unread.what if unread else "",
                    since=unread.at if unread else None,
                    last=one.came,
                )
            )
    for platform, judged in sorted(desks.items()):
        if (fell := fall(judged, now=now)) is not None:
            yield platform, fell


def _unreachable(standings: Iterable[Standing], now: datetime, hours: int) -> Iterator[Trouble]:
    """Sites of a préfecture of which no check brought a page for so long: one trouble a site."""
    sites: dict[tuple[str, str], list[Standing]] = {}
    for one in standings:
        if one.subject.look != "service":
            sites.setdefault((one.subject.prefecture, urlsplit(one.subject.url).hostname or ""), []).append(one)
    for (prefecture, host), checks in sorted(sites.items()):
        runs = [one.silent for one in checks if one.silent is not None and one.silent.looks >= LOOKS]
        if len(runs) < len(checks) or now - (since := max(run.at for run in runs)) < timedelta(hours=hours):
            continue
        first = checks[0].subject
        yield Trouble(
            kind="unreachable",
            what=f"{prefecture} {host}",
            facts={"hours": str(hours), "cause": runs[-1].what, "site": host},
            subject=Concerned(prefecture=prefecture, url=first.url, label=host, time_zone=first.time_zone),
            since=since,
            simulated=checks[0].simulated,
        )


def machine(
    now: datetime, *, free: int, synchronised: bool | None, error_us: int = 0, owed: Mapping[str, datetime]
) -> Iterator[Trouble]:
    """What is wrong with this machine. free: bytes left. synchronised: None where the machine cannot tell.

    owed: by authority that has not stamped all sweeps, when the oldest of those it has not ended (aware UTC).
    """
    if free < DISK_LOW:
        yield Trouble(kind="disk_low", facts={"free_mb": str(free // 1_000_000)})
    if synchronised is False:
        yield Trouble(kind="clock_unsynchronised", facts={"max_error_seconds": str(error_us // 1_000_000)})
    for name, since in sorted(owed.items()):
        if now - since > OWED:
            facts = {"authority": name, "hours": str((now - since) // timedelta(hours=1))}
            yield Trouble(kind="authority_failing", what=name, facts=facts, since=since)


def missing_sweep(last: int, ended: datetime, now: datetime, interval: timedelta) -> Event | None:
    """The event that no sweep was made for more than MISSED intervals since sweep number `last` ended; None otherwise.

    ended: or began, where it never ended. It is asked before a sweep begins, or beside it, and has one key a gap.
    """
    if now - ended <= MISSED * interval:
        return None
    facts = {"expected": (ended + interval).isoformat()}
    return Event(key=event_key("sweep_missing", "", "", last), kind="sweep_missing", at=now, facts=facts)
