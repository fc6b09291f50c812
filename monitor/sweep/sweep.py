"""A sweep: all looks that are due, one queue a host, every reading kept the moment it is made.

A check walks a visit move by move, and keeps what was read together with how it was come by.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import Any

from monitor import __version__
from monitor.core.changes import Change, changes
from monitor.core.errors import VigieError
from monitor.core.exchange import Exchange
from monitor.core.pace import CONFIRM_AFTER
from monitor.core.ports import (
    BrowserError,
    BrowserSession,
    BrowserVisitor,
    Clock,
    Ledger,
    LiveSession,
    Session,
    Visitor,
)
from monitor.core.prefecture import Move, NoPageError, Page, Visit
from monitor.core.readings import NoticeFacts, Reading, SlotsOpen, Unreached, detail_of, is_failure
from monitor.core.record import ClockState, Looked, Sources, bodies, instant, observation
from monitor.evidence.sums import check_id
from monitor.read.pages.html import TooBig, title_of
from monitor.sweep.conditions.sources import SourceDigests
from monitor.sweep.follow import Follower, Unheard
from monitor.sweep.plan import Look, Skipped
from monitor.values import dataclass, pattern

NO_BROWSER = "this sweep has no browser"
BARRIER_WITHIN = 2.0  # seconds after a check ended: what loss of power may cost at most
MOVES_AT_MOST = 40  # an eZ desk of a dozen calendars needs about 30; a visit that asks for more has lost its way
HEAD = 32_768  # bytes of a page in which its title is looked for
TITLES, TITLE_LETTERS = 8, 200
_BODY = pattern(rb"</head|<body", re.IGNORECASE)
CERTAINLY_THEIRS = ("too_large",)  # megabytes came: the network that brought them works


@dataclass(frozen=True, slots=True, kw_only=True)
class Vantage:
    """Where a sweep looks from, and where it writes.

    anchor: what the ids of its checks follow from (`monitor.evidence.sums.check_id`). clock_state: how well our clock
    is kept, asked before and after each check. digests: of what reads a look. browser: makes the checks that need one.
    """

    visitor: Visitor
    ledger: Ledger
    clock: Clock
    anchor: bytes
    boot_id: str | None = None
    simulated: bool = False
    clock_state: Callable[[], ClockState | None] = lambda: None
    digests: SourceDigests | None = None
    browser: BrowserVisitor | None = None

    def check_id(self, sweep: int, of: str) -> str:
        """The id of a check. of: key of what is looked at."""
        return check_id(self.anchor, sweep, of)

    def sources(self, look: Look) -> Sources:
        """Digests of what reads a look."""
        return Sources() if self.digests is None else self.digests.of(look.rule, look.subject.prefecture)


@dataclass(slots=True)
class Summary:
    """What a sweep did, in counts: its records are told as they are made, and kept by the ledger alone.

    looked: keys of the checks made. readings: observations by class. failed: keys of checks that could not be read or
    reached; failures: their observations by class and cause (`("Unreached", "timeout")`). late: its deadline came
    first. online: whether the control probes answered at its start and at its end; None where they were not asked.
    asked: start of each look (aware UTC) of which a request left, by key: the site saw a visit, also where nothing came
    of it.
    """

    sweep: int
    due: int
    looked: set[str] = field(default_factory=set)
    readings: Counter[str] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    failures: Counter[tuple[str, str]] = field(default_factory=Counter)
    late: bool = False
    crashes: list[Exception] = field(default_factory=list)
    online: tuple[bool | None, bool | None] = (None, None)
    asked: dict[str, datetime] = field(default_factory=dict)

    def count(self, key: str, reading: Reading) -> None:
        """One observation more, of the check `key`."""
        self.looked.add(key)
        self.readings[type(reading).__name__] += 1
        if is_failure(reading):
            self.failed.add(key)
            self.failures[type(reading).__name__, detail_of(reading) or ""] += 1

    def to_json(self) -> dict[str, Any]:
        """The sweep as one JSON object: checks done, observations by class, what was skipped and why.

        What was skipped after a request left says when its look began (`asked`): the floor counts it as a visit.
        """
        return {
            "sweep": self.sweep,
            "due": self.due,
            "done": len(self.looked),
            "readings": dict(sorted(self.readings.items())),
            "skipped": [one.to_json() | self._asked(one.key) for one in self.skipped],
            "crashed": len(self.crashes),
            "online": {"start": self.online[0], "end": self.online[1]},
        }

    def _asked(self, key: str) -> dict[str, str]:
        return {"asked": instant(self.asked[key])} if key in self.asked else {}


async def sweep(
    looks: Sequence[Look],
    vantage: Vantage,
    *,
    skipped: Iterable[Skipped] = (),
    follower: Follower | None = None,
    within: float | None = None,
) -> Summary:
    """Take every look, one at a time a host. Cancelled: keeps what is finished, declares the rest, re-raises.

    within: seconds for all of them; then the looks in hand are abandoned, what is finished is kept, the rest declared.
    """
    summary = Summary(sweep=0, due=len(looks), skipped=list(skipped))
    summary.sweep = vantage.ledger.begin_sweep(
        vantage.clock.now(),
        {"due": [x.subject.key for x in looks], "skipped": [one.to_json() for one in summary.skipped]},
    )
    keeper = _Keeper(vantage, summary, follower or Unheard())
    limit = asyncio.timeout(within)
    try:
        async with limit:
            begun = await vantage.visitor.reached()
            summary.online = (begun, None)
            async with asyncio.TaskGroup() as group:
                for queue in _by_host(looks):
                    group.create_task(_queue(queue, keeper, online=begun))
            summary.online = (begun, await vantage.visitor.reached())
    except TimeoutError:
        if not limit.expired():
            raise
        summary.late = True
    except ExceptionGroup as failures:
        ours, bugs = failures.split(VigieError)
        if ours is None or bugs is not None:
            raise
        raise _first(ours) from None  # the data folder failed: one sentence for the operator, not a group
    finally:
        keeper.close()
        _declare(looks, summary, "deadline" if summary.late else "stopped")
        vantage.ledger.end_sweep(summary.sweep, vantage.clock.now(), summary.to_json())
        vantage.ledger.barrier(vantage.clock.now())
    if summary.crashes:
        raise ExceptionGroup("bugs met while looking; every other check was made and kept", summary.crashes)
    return summary


def _by_host(looks: Iterable[Look]) -> Iterable[list[Look]]:
    queues: dict[str, list[Look]] = {}
    for look in looks:
        queues.setdefault(look.host, []).append(look)
    return queues.values()


async def _queue(queue: Sequence[Look], keeper: _Keeper, *, online: bool) -> None:
    """The looks of one host, one after the other; then each weak opening once more. Then its connection is closed."""
    weak = [look for look in queue if await _take(look, keeper, online=online)]
    if weak:
        await keeper.vantage.clock.sleep(CONFIRM_AFTER.total_seconds())
    for look in weak:
        await _take(look, keeper, online=online)
    keeper.vantage.visitor.leave(queue[0].host)


async def _take(look: Look, keeper: _Keeper, *, online: bool) -> bool:
    """Look once and keep it. True when the reading is a weak opening, which wants one confirming visit."""
    vantage = keeper.vantage
    before = vantage.clock_state()
    if not online:
        keeper.keep(look, _offline(vantage.clock), before)
        return False
    why = vantage.visitor.closed(look.host)
    if why is not None:
        keeper.skip(look, "host", why)
        return False
    if look.needs_browser and (why := vantage.browser.absent() if vantage.browser else NO_BROWSER):
        keeper.skip(look, "browser", why)
        return False
    browsing, session = _sessions(look, vantage, vantage.check_id(keeper.summary.sweep, look.subject.key))
    begun = vantage.clock.now()
    try:
        visit = look.begin(begun)
        looked = await check(visit, session, visitor=vantage.visitor, clock=vantage.clock)
        if browsing is not None:
            looked = replace(looked, browsed=browsing.browsed)
        keeper.keep(look, looked, before)
    except BrowserError as error:  # ours: nothing is said of the préfecture
        keeper.skip(look, "browser", str(error))
        return False
    except VigieError:
        raise
    except Exception as bug:  # noqa: BLE001 - a bug in one reader must not cost the other checks; it is raised again at the end
        keeper.summary.crashes.append(bug)
        keeper.skip(look, "crashed", type(bug).__name__)
        return False
    finally:
        if session.asked:
            keeper.summary.asked[look.subject.key] = begun
        session.close()
    return isinstance(looked.reading, SlotsOpen) and looked.reading.weak


async def walk(visit: Visit, session: Session) -> tuple[Reading, tuple[Move, ...]]:
    """Drive one visit to its reading. Returns the reading and the moves made, the last of them perhaps unanswered."""
    moves: list[Move] = []
    page: Page | None = None
    try:
        move = next(visit)
        while len(moves) < MOVES_AT_MOST:
            moves.append(move)
            came = await session.perform(move, page)
            if isinstance(came, Page):
                page = came
                move = visit.send(page)
            else:
                move = visit.throw(NoPageError(came))
    except StopIteration as end:
        return end.value, tuple(moves)
    except NoPageError as none:
        return none.reading, tuple(moves)
    finally:
        visit.close()
    raise RuntimeError(f"a visit wants more than {MOVES_AT_MOST} moves; last: {moves[-1]!r}")


async def check(visit: Visit, session: Session, *, visitor: Visitor, clock: Clock) -> Looked:
    """Look once. A failure of transport is the site's only while our own control probes answer.

    The bodies in what is returned are big: keep it, then close the session.
    """
    started, mono = clock.now(), clock.monotonic_ns()
    reading, moves = await walk(visit, session)
    if isinstance(reading, Unreached) and reading.cause not in CERTAINLY_THEIRS and not await visitor.reached():
        reading = Unreached(cause="vantage_offline", detail=reading.cause)
    return Looked(
        reading=reading,
        started=started,
        finished=clock.now(),
        started_mono_ns=mono,
        finished_mono_ns=clock.monotonic_ns(),
        moves=moves,
        exchanges=tuple(session.exchanges),
        titles=titles(session.exchanges),
    )


def titles(exchanges: Iterable[Exchange]) -> Sequence[str]:
    """The titles of the HTML pages of a visit, in order, each once."""
    found = dict.fromkeys(filter(None, map(_title, exchanges)))
    return [title[:TITLE_LETTERS] for title in found][:TITLES]


def _title(exchange: Exchange) -> str:
    """Of what stands at the head of the page; a redirect, a file and a page that cannot be read have none."""
    kind = next((value for name, value in exchange.headers if name.lower() == "content-type"), "")
    if exchange.status != 200 or "html" not in kind.lower():
        return ""
    head = _BODY.split(exchange.decoded_body[:HEAD], maxsplit=1)[0]  # a whole page would take ten times as long
    try:
        return title_of(Page(url=exchange.url, status=200, headers=exchange.headers, body=head))
    except (TooBig, ValueError):
        return ""


def _sessions(look: Look, vantage: Vantage, check_id: str) -> tuple[BrowserSession | None, LiveSession]:
    """The session of a look, and the same as a browser's where it is one."""
    if not look.needs_browser or vantage.browser is None:
        return None, vantage.visitor.session(check_id)
    browsing = vantage.browser.session(check_id, zone=look.subject.time_zone)
    return browsing, browsing


def _offline(clock: Clock) -> Looked:
    """Our control probes failed before the first request: nothing is asked of the site, and nothing is said of it."""
    now, mono = clock.now(), clock.monotonic_ns()
    reading = Unreached(cause="vantage_offline", detail="probes")
    return Looked(reading=reading, started=now, finished=now, started_mono_ns=mono, finished_mono_ns=mono)


class _Keeper:
    """Writes readings as they come and holds the promise about loss of power: a barrier at most 2 s after a check."""

    def __init__(self, vantage: Vantage, summary: Summary, follower: Follower) -> None:
        self.vantage, self.summary, self._follower = vantage, summary, follower
        self._timer: asyncio.TimerHandle | None = None
        self._broken: VigieError | None = None

    def keep(self, look: Look, looked: Looked, before: ClockState | None) -> None:
        if self._broken is not None:
            raise self._broken
        vantage = self.vantage
        record = observation(
            look.subject,
            looked,
            seq=vantage.ledger.next_seq(),
            sweep=self.summary.sweep,
            check_id=vantage.check_id(self.summary.sweep, look.subject.key),
            program=__version__,
            boot_id=vantage.boot_id,
            simulated=vantage.simulated,
            changed=_changed(look, looked.reading),
            clocks=(before, vantage.clock_state()),
            sources=vantage.sources(look),
        )
        kept = ((i, part, data) for i, e in enumerate(looked.exchanges) for part, data in bodies(e).items())
        vantage.ledger.append(record, detail=detail_of(looked.reading), bodies=kept)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(BARRIER_WITHIN / 2, self._barrier)
        self.summary.count(look.subject.key, looked.reading)
        self._follower.kept(record)

    def skip(self, look: Look, why: str, detail: str) -> None:
        skipped = Skipped(look.subject.key, why, detail)
        self.summary.skipped.append(skipped)
        self._follower.passed(skipped)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _barrier(self) -> None:
        self._timer = None
        try:
            self.vantage.ledger.barrier(self.vantage.clock.now())
        except VigieError as error:  # in a timer nobody hears it: the next check that ends raises it
            self._broken = error


def _changed(look: Look, reading: Reading) -> tuple[Change, ...]:
    """What a notice says that it did not say when it was last read."""
    if look.earlier is None or not isinstance(reading, NoticeFacts):
        return ()
    return changes(look.earlier["facts"], reading.facts)


def _first(group: BaseExceptionGroup[VigieError]) -> VigieError:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, VigieError)
    return error


def _declare(looks: Sequence[Look], summary: Summary, why: str) -> None:
    """A look that was due and neither made nor skipped was cut short: a declared gap."""
    known = summary.looked | {s.key for s in summary.skipped}
    summary.skipped += [Skipped(x.subject.key, why) for x in looks if x.subject.key not in known]
