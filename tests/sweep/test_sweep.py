"""A sweep in virtual time, over sites, a browser and a ledger that are played: queues, gaps, promises, bugs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor import __version__
from monitor.core.errors import StoreError
from monitor.core.exchange import Exchange
from monitor.core.ports import BrowserError
from monitor.core.prefecture import Move, Open, Page, Visit
from monitor.core.readings import NoSlot, Obstructed, Published, Reading, Seen, SlotsOpen, Unreached
from monitor.core.record import Browsed, ClockState, RecordLine, Sources, Subject
from monitor.evidence.sums import check_id
from monitor.sweep.follow import Unheard
from monitor.sweep.plan import Look, Skipped
from monitor.sweep.sweep import NO_BROWSER, Summary, Vantage, sweep
from tests.core.test_changes import facts
from tests.support.clock import AT, LoopClock, virtually

SECOND = timedelta(seconds=1)
NO_SLOT = NoSlot(seen=Seen("plus de plage", "form"))
WEAK = SlotsOpen(seen=Seen("Étape 4", "h2"), weak=True)
Said = Reading | Exception
ANCHOR = b"what the ids of a sweep follow from"


def identity(key: str) -> str:
    """The id of a check of this key in sweep 7, as anybody can compute it."""
    return check_id(ANCHOR, 7, key)


class Digests:
    """Names the préfecture in place of a digest of the rule that reads its pages."""

    def of(self, rule: str, prefecture: str) -> Sources:
        return Sources(rule=f"rule of {prefecture}")


@dataclass(eq=False)
class World:
    """What is played. says: by check, what each of its looks reads, the last one for ever. takes: seconds of a look.

    log: what happened, with its second. offline: the looks of the probes (counted from 1) that fail.
    """

    says: dict[str, list[Said]] = field(default_factory=dict)
    takes: float = 1.0
    leaves: bool = True
    closed: dict[str, str] = field(default_factory=dict)
    offline: set[int] = field(default_factory=set)
    probes: int = 0
    log: list[tuple[float, str]] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    def note(self, what: str) -> None:
        self.log.append((asyncio.get_running_loop().time(), what))

    def session(self, check_id: str, *, zone: str = "", alone: bool = False) -> Session:
        self.sessions.append(Session(self, check_id, zone))
        return self.sessions[-1]

    def absent(self) -> str | None:
        return None

    async def reached(self) -> bool:
        self.probes += 1
        return self.probes not in self.offline

    async def aclose(self) -> None: ...


@dataclass(eq=False)
class Visitor:
    """The polite web of a world: its `closed` is a question here, not a table."""

    world: World

    def session(self, check_id: str) -> Session:
        return self.world.session(check_id)

    def leave(self, host: str) -> None:
        self.world.note(f"left {host}")

    def closed(self, host: str) -> str | None:
        return self.world.closed.get(host)

    async def reached(self) -> bool:
        return await self.world.reached()

    async def aclose(self) -> None: ...


@dataclass(eq=False)
class Session:
    world: World
    check_id: str
    zone: str
    exchanges: Sequence[Exchange] = ()
    asked: bool = False
    ended: bool = False
    browsed: Browsed | None = None

    async def perform(self, move: Move, page: Page | None) -> Page | Reading:
        (step,) = move
        assert isinstance(step, Open)
        self.world.note(f"asked {step.url}")
        self.asked = self.world.leaves
        await asyncio.sleep(self.world.takes)
        self.browsed = Browsed(name="played") if self.zone else None
        said = self.world.says.get(step.url, [NO_SLOT])
        one = said.pop(0) if len(said) > 1 else said[0]
        if isinstance(one, Exception):
            raise one
        return one

    def close(self) -> None:
        self.ended = True


@dataclass(eq=False)
class Ledger:
    """Remembers what it is told. full: no room from the so-manyth observation on. barriers: seconds."""

    world: World
    full: int = 10**6
    begun: list[tuple[datetime, Mapping[str, Any]]] = field(default_factory=list)
    kept: list[Mapping[str, Any]] = field(default_factory=list)
    details: list[str | None] = field(default_factory=list)
    bodies: list[tuple[int, str, bytes]] = field(default_factory=list)
    ended: list[tuple[int, datetime, Mapping[str, Any]]] = field(default_factory=list)
    barriers: list[tuple[float, int]] = field(default_factory=list)
    broken: bool = False

    def begin_sweep(self, started: datetime, plan: Mapping[str, Any]) -> int:
        self.begun.append((started, plan))
        return 7

    def next_seq(self) -> int:
        return len(self.kept)

    def append(
        self, record: Mapping[str, Any], *, detail: str | None, bodies: Iterable[tuple[int, str, bytes]]
    ) -> None:
        if len(self.kept) >= self.full:
            raise StoreError("no room is left")
        self.kept.append(record)
        self.details.append(detail)
        self.bodies += bodies
        self.world.note(f"kept {record['check']}")

    def barrier(self, at: datetime) -> None:
        if self.broken:
            raise StoreError("the disk failed")
        self.barriers.append((asyncio.get_running_loop().time(), len(self.kept)))

    def end_sweep(self, number: int, finished: datetime, report: Mapping[str, Any]) -> None:
        self.ended.append((number, finished, report))


def look(slug: str, host: str | None = None, **more: Any) -> Look:
    key = f"01/{slug}"

    def begin(at: datetime) -> Visit:
        yield (Open(key),)
        raise AssertionError("one page is enough")

    subject = Subject(
        key=key, look="desk", prefecture="01", label=slug, platform="played", url=f"https://{slug}.gouv.fr/",
        time_zone="Indian/Reunion",
    )  # fmt: skip
    return Look(subject=subject, host=host or f"{slug}.gouv.fr", kind="calendar", begin=begin, **more)


class Heard(Unheard):
    """A follower that keeps what it is told."""

    def __init__(self) -> None:
        self.records: list[RecordLine] = []
        self.not_taken: list[dict[str, str]] = []

    def kept(self, record: RecordLine) -> None:
        self.records.append(record)

    def passed(self, skipped: Skipped) -> None:
        self.not_taken.append(skipped.to_json())


@dataclass(eq=False)
class Made:
    """What came of a sweep."""

    world: World
    ledger: Ledger
    summary: Summary | None = None
    error: BaseException | None = None
    heard: Heard = field(default_factory=lambda: Heard())

    @property
    def reported(self) -> list[RecordLine]:
        return self.heard.records

    @property
    def skipped(self) -> list[dict[str, str]]:
        ((_number, _at, report),) = self.ledger.ended
        return list(report["skipped"])

    def asked(self) -> list[tuple[float, str]]:
        return [(at, what.removeprefix("asked 01/")) for at, what in self.world.log if what.startswith("asked")]


def swept(
    looks: Sequence[Look],
    world: World | None = None,
    *,
    ledger: Callable[[World], Ledger] = Ledger,
    where: Mapping[str, Any] | None = None,
    cancelled_at: float | None = None,
    **more: Any,
) -> Made:
    world = world or World()
    made = Made(world, ledger(world))

    async def go() -> None:
        vantage = Vantage(visitor=Visitor(world), ledger=made.ledger, clock=LoopClock(), anchor=ANCHOR, **(where or {}))
        task = asyncio.ensure_future(sweep(looks, vantage, follower=made.heard, **more))
        if cancelled_at is not None:
            asyncio.get_running_loop().call_later(cancelled_at, task.cancel)
        try:
            made.summary = await task
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - what is raised is what is tested
            made.error = error

    virtually(go())
    return made


# --- queues -----------------------------------------------------------------------------------------------------------


def test_one_look_at_a_time_a_host_and_hosts_beside_each_other() -> None:
    made = swept([look("a", "x.gouv.fr"), look("b", "x.gouv.fr"), look("c", "y.gouv.fr")])
    assert sorted(made.asked()) == [(0.0, "a"), (0.0, "c"), (1.0, "b")]
    assert [(at, what) for at, what in made.world.log if what.startswith("kept")] == [
        (1.0, "kept 01/a"), (1.0, "kept 01/c"), (2.0, "kept 01/b"),
    ]  # fmt: skip
    assert all(session.ended for session in made.world.sessions)


def test_a_weak_opening_is_looked_at_once_more_after_a_minute_of_its_host() -> None:
    world = World({"01/a": [WEAK], "01/b": [SlotsOpen(seen=Seen("3 places", "td"))]})
    made = swept([look("a", "x.gouv.fr"), look("b", "x.gouv.fr"), look("c", "x.gouv.fr")], world)
    assert made.asked() == [(0.0, "a"), (1.0, "b"), (2.0, "c"), (63.0, "a")]
    assert [record["check"] for record in made.ledger.kept] == ["01/a", "01/b", "01/c", "01/a"]
    assert made.ledger.details == ["weak", None, None, "weak"]
    assert made.summary is not None
    assert made.summary.to_json()["done"] == 3


# --- what is written --------------------------------------------------------------------------------------------------


def test_a_record_says_who_looked_with_what_and_is_reported_once_kept() -> None:
    clocks = iter([ClockState(synchronised=True, max_error_us=n, source="chrony") for n in (1, 2)])
    made = swept(
        [look("a")],
        World({"01/a": [Obstructed(obstacle="captcha", seen=Seen("Recopiez", "img"))]}),
        where={
            "boot_id": "boot", "simulated": True, "clock_state": lambda: next(clocks),
            "digests": Digests(),
        },
    )  # fmt: skip
    (record,) = made.ledger.kept
    assert made.reported == [record]
    assert (record["seq"], record["sweep"], record["id"], record["boot_id"]) == (0, 7, identity("01/a"), "boot")
    assert (record["program"], record["rule"]) == ({"version": __version__}, {"id": "played", "sha256": "rule of 01"})
    assert (record["simulated"], made.ledger.details) == (True, ["captcha"])
    assert [record["clock"][when]["max_error_us"] for when in ("start", "end")] == [1, 2]
    assert [session.check_id for session in made.world.sessions] == [identity("01/a")]


def test_the_bytes_of_every_exchange_are_handed_over_with_their_place() -> None:
    exchange = Exchange(
        method="GET", url="https://a.gouv.fr/", started=AT, finished=AT, started_mono_ns=1, finished_mono_ns=2,
        sent=b"GET", status=200, head=b"HTTP/1.1 200", wire_body=b"w", decoded_body=b"d",
    )  # fmt: skip

    class Seeing(World):
        def session(self, check_id: str, *, zone: str = "", alone: bool = False) -> Session:
            session = super().session(check_id)
            session.exchanges = (exchange, replace(exchange, wire_body=b"", decoded_body=b"e"))
            return session

    made = swept([look("a")], Seeing())
    assert made.ledger.bodies == [
        (0, "sent", b"GET"), (0, "head", b"HTTP/1.1 200"), (0, "wire_body", b"w"), (0, "decoded_body", b"d"),
        (1, "sent", b"GET"), (1, "head", b"HTTP/1.1 200"), (1, "decoded_body", b"e"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("earlier", "reading", "kinds"),
    [
        (None, Published(seen=Seen("Le PAN", ""), facts=facts("published", "Le PAN")), None),
        ({"facts": facts()}, Published(seen=Seen("Le PAN", ""), facts=facts("published", "Le PAN")), ["published"]),
        ({"facts": facts()}, Published(seen=Seen("x", ""), facts=facts()), None),
        ({"facts": facts()}, Unreached(cause="dns"), None),
    ],
)
def test_what_a_notice_says_anew_stands_in_its_record(
    earlier: Mapping[str, Any] | None, reading: Reading, kinds: list[str] | None
) -> None:
    made = swept([look("a", earlier=earlier)], World({"01/a": [reading]}))
    (record,) = made.ledger.kept
    assert [change["kind"] for change in record.get("changes", ())] == (kinds or [])


def test_the_plan_is_kept_before_the_first_request_and_the_report_after_the_last() -> None:
    held = Skipped("01/z", "floor", "until noon")
    made = swept([look("a"), look("b")], World({"01/b": [Unreached(cause="dns")]}), skipped=[held])
    ((begun, plan),) = made.ledger.begun
    assert (begun, plan) == (AT, {"due": ["01/a", "01/b"], "skipped": [held.to_json()]})
    ((number, ended, report),) = made.ledger.ended
    assert (number, ended) == (7, AT + SECOND)
    assert report == {
        "sweep": 7, "due": 2, "done": 2, "readings": {"NoSlot": 1, "Unreached": 1}, "skipped": [held.to_json()],
        "crashed": 0, "online": {"start": True, "end": True},
    }  # fmt: skip
    assert made.ledger.barriers[-1] == (1.0, 2)
    assert made.summary is not None
    assert (made.summary.looked, made.summary.late) == ({"01/a", "01/b"}, False)
    assert made.summary.failed == {one["check"] for one in made.reported if one["reading"] == "Unreached"}
    assert sum(made.summary.failures.values()) == len(made.summary.failed) == 1
    assert swept([look("a")]).summary.failed == set()  # type: ignore[union-attr]


def test_a_host_is_left_when_its_last_look_was_taken() -> None:
    log = [what for _at, what in swept([look("a", "x"), look("b", "y"), look("c", "x")]).world.log]
    assert log.index("left x") > log.index("kept 01/c")
    assert sorted(what for what in log if what.startswith("left")) == ["left x", "left y"]


# --- the promise about loss of power ----------------------------------------------------------------------------------


def test_no_observation_waits_more_than_two_seconds_to_be_proof_against_loss_of_power() -> None:
    world = World(takes=0.7)
    made = swept([look(name, "x.gouv.fr") for name in "abcdefgh"], world)
    for number, (at, _what) in enumerate((one for one in world.log if one[1].startswith("kept")), start=1):
        assert any(at <= when <= at + 2.0 and kept >= number for when, kept in made.ledger.barriers)
    assert len(made.ledger.barriers) < 8, "and not one barrier each"


def test_a_barrier_that_fails_is_told_by_the_next_look_that_ends() -> None:
    def breaking(world: World) -> Ledger:
        ledger = Ledger(world)
        asyncio.get_running_loop().call_later(1.5, setattr, ledger, "broken", True)
        asyncio.get_running_loop().call_later(2.8, setattr, ledger, "broken", False)
        return ledger

    async def go() -> list[Any]:
        world = World()
        ledger = breaking(world)
        vantage = Vantage(visitor=Visitor(world), ledger=ledger, clock=LoopClock(), anchor=ANCHOR)
        with pytest.raises(StoreError, match="the disk failed"):
            await sweep([look(name, "x.gouv.fr") for name in "abcd"], vantage)
        return [record["check"] for record in ledger.kept]

    assert virtually(go()) == ["01/a"]


def test_after_the_sweep_no_timer_of_it_is_left() -> None:
    async def go() -> int:
        world = World()
        ledger = Ledger(world)
        vantage = Vantage(visitor=Visitor(world), ledger=ledger, clock=LoopClock(), anchor=ANCHOR)
        await sweep([look("a")], vantage)
        before = len(ledger.barriers)
        await asyncio.sleep(10)
        return len(ledger.barriers) - before

    assert virtually(go()) == 0


# --- gaps -------------------------------------------------------------------------------------------------------------


def test_offline_from_the_start_nothing_is_asked_and_nothing_is_said_of_a_site() -> None:
    made = swept([look("a"), look("b")], World(offline={1}))
    assert made.asked() == made.world.sessions == []
    assert [(r["reading"], r["cause"], r["detail"], r["started"]) for r in made.ledger.kept] == [
        ("Unreached", "vantage_offline", "probes", "2026-11-23T08:14:05.000000Z")
    ] * 2
    assert made.ledger.ended[0][2]["online"] == {"start": False, "end": True}


def test_a_host_that_is_left_alone_is_a_declared_gap() -> None:
    made = swept([look("a"), look("b")], World(closed={"a.gouv.fr": "until noon"}))
    assert made.skipped == [{"check": "01/a", "why": "host", "detail": "until noon"}]
    assert made.heard.not_taken == made.skipped
    assert [name for _at, name in made.asked()] == ["b"]


def test_a_look_that_needs_a_browser_is_a_declared_gap_without_one() -> None:
    class Missing(World):
        def absent(self) -> str | None:
            return "chromium is not installed"

    looks = [look("a", needs_browser=True), look("b")]
    assert swept(looks).skipped == [{"check": "01/a", "why": "browser", "detail": NO_BROWSER}]
    made = swept(looks, where={"browser": Missing()})
    assert made.skipped == [{"check": "01/a", "why": "browser", "detail": "chromium is not installed"}]
    assert [name for _at, name in made.asked()] == ["b"]


def test_a_browser_looks_only_where_one_is_needed_in_the_time_zone_of_the_desk() -> None:
    browser = World()
    made = swept([look("a", needs_browser=True), look("b")], where={"browser": browser})
    assert [(one.check_id, one.zone, one.ended) for one in browser.sessions] == [
        (identity("01/a"), "Indian/Reunion", True)
    ]
    assert [one.check_id for one in made.world.sessions] == [identity("01/b")]
    by_check = {record["check"]: record for record in made.ledger.kept}
    assert by_check["01/a"]["browser"] == {"name": "played"}
    assert "browser" not in by_check["01/b"]


def test_a_browser_that_died_says_nothing_of_the_site_but_the_visit_counts() -> None:
    made = swept([look("a")], World({"01/a": [BrowserError("it died")]}))
    assert made.skipped == [
        {"check": "01/a", "why": "browser", "detail": "it died", "asked": "2026-11-23T08:14:05.000000Z"}
    ]
    assert made.error is None
    kept_back = swept([look("a")], World({"01/a": [BrowserError("it died")]}, leaves=False))
    assert kept_back.skipped == [{"check": "01/a", "why": "browser", "detail": "it died"}]


def test_a_bug_in_one_reader_costs_no_other_check_and_is_raised_at_the_end() -> None:
    made = swept([look("a", "x.gouv.fr"), look("b", "x.gouv.fr")], World({"01/a": [KeyError("calendar")]}))
    assert isinstance(made.error, ExceptionGroup)
    assert [type(bug) for bug in made.error.exceptions] == [KeyError]
    assert [record["check"] for record in made.ledger.kept] == ["01/b"]
    assert made.skipped[0] | {"asked": ""} == {"check": "01/a", "why": "crashed", "detail": "KeyError", "asked": ""}
    assert made.ledger.ended[0][2]["crashed"] == 1
    assert all(session.ended for session in made.world.sessions)


def test_a_data_folder_that_fails_is_one_error_for_the_operator_and_the_rest_is_declared() -> None:
    made = swept([look("a"), look("b"), look("c", "a.gouv.fr")], ledger=lambda world: Ledger(world, full=1))
    assert isinstance(made.error, StoreError)
    assert str(made.error) == "no room is left"
    assert {(one["check"], one["why"]) for one in made.skipped} == {("01/b", "stopped"), ("01/c", "stopped")}


def test_a_bug_beside_a_failing_data_folder_is_not_hidden_by_it() -> None:
    """Both at the same moment: the folder fails for the look of one host, a question about the other host is a bug."""

    class Failing(Ledger):
        def append(self, record: Mapping[str, Any], **more: Any) -> None:
            if record["check"] == "01/a":
                raise StoreError("no room is left")
            super().append(record, **more)

    class Asked(dict[str, str]):
        times = 0

        def get(self, host: str, default: Any = None) -> Any:
            self.times += host == "y.gouv.fr"
            if self.times > 1:
                raise KeyError(host)
            return None

    made = swept(
        [look("a", "x.gouv.fr"), look("b", "y.gouv.fr"), look("c", "y.gouv.fr")], World(closed=Asked()), ledger=Failing
    )
    assert isinstance(made.error, ExceptionGroup)
    assert {type(error) for error in made.error.exceptions} == {StoreError, KeyError}


@pytest.mark.parametrize("deadline", [True, False])
def test_what_is_cut_short_is_declared_and_what_was_finished_is_kept(deadline: bool) -> None:
    looks = [look("a", "x.gouv.fr"), look("b", "x.gouv.fr"), look("c", "x.gouv.fr")]
    made = swept(looks, within=1.5 if deadline else None, cancelled_at=None if deadline else 1.5)
    assert [record["check"] for record in made.ledger.kept] == ["01/a"]
    why = "deadline" if deadline else "stopped"
    assert made.skipped == [
        {"check": "01/b", "why": why, "asked": "2026-11-23T08:14:06.000000Z"}, {"check": "01/c", "why": why},
    ]  # fmt: skip
    assert made.ledger.barriers[-1] == (1.5, 1)
    assert all(session.ended for session in made.world.sessions)
    if deadline:
        assert made.summary is not None
        assert (made.summary.late, made.summary.online) == (True, (True, None))
    else:
        assert isinstance(made.error, asyncio.CancelledError)


def test_a_timeout_of_another_is_no_deadline_of_ours() -> None:
    class Slow(World):
        async def reached(self) -> bool:
            raise TimeoutError("the probes'")

    made = swept([look("a")], Slow(), within=60.0)
    assert isinstance(made.error, TimeoutError)
    assert made.skipped == [{"check": "01/a", "why": "stopped"}]
