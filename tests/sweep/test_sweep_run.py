"""A sweep over the simulator in real https: what is read, what is skipped and why, and whose failure a failure is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.api import DemarcheNumerique, EzBooking, RdvPrefecture
from monitor.core.errors import StoreError
from monitor.core.pace import LEFT_ALONE_AT
from monitor.core.prefecture import Context, Open, Page, Visit
from monitor.core.readings import Reading
from monitor.fetch.http.connection import Limits
from monitor.store.files import hold
from monitor.store.rows import Sweep
from monitor.store.store import Store, reading
from monitor.sweep.sweep import Vantage
from tests.simulator.client import Simulator
from tests.simulator.fixture import in_process
from tests.support.sweeps import MODULE, SCALE, Swept, ez, host_of, look, swept

HOST = "www.ain.gouv.fr"
WORDS = "Il n'existe plus de plage horaire libre"


@pytest.fixture(scope="module")
def simulator_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with in_process(tmp_path_factory.mktemp("ca"), "--time-scale", str(SCALE)) as running:
        yield running


@pytest.fixture
def simulator(simulator_of_module: Simulator) -> Iterator[Simulator]:
    simulator_of_module.reset()
    yield simulator_of_module
    assert simulator_of_module.violations() == []


def last_sweep(folder: Path) -> Sweep:
    with reading(folder) as opened:
        assert opened is not None
        return opened[0].sweeps(1)[0]


def last_visits(folder: Path) -> dict[str, datetime]:
    with reading(folder) as opened:
        assert opened is not None
        return opened[0].last_visits()


def history(folder: Path, key: str) -> list[str]:
    """Class names of a desk's observations, oldest first."""
    with reading(folder) as opened:
        assert opened is not None
        return [row.reading for row in reversed(opened[0].history(key))]


def pages_of(simulator: Simulator, host: str = HOST) -> list[str]:
    """Targets asked of a host, robots.txt apart."""
    return [r["target"] for r in simulator.log(host) if r["target"] != "/robots.txt"]


async def until(simulator: Simulator, states: set[str]) -> None:
    """Wait until each of the states was met by a request. The server runs elsewhere: there is no event to wait for."""
    while not states <= {r["state"] for r in await asyncio.to_thread(simulator.log)}:  # noqa: ASYNC110
        await asyncio.sleep(0.02)


# --- readings ---------------------------------------------------------------------------------------------------------


def test_several_hosts_each_give_what_they_were_told_to_show(simulator: Simulator, tmp_path: Path) -> None:
    script: dict[str, str] = {
        "a": "no_slot",
        "b": "slots",
        "c": "captcha",
        "d": "503",
        "e": "layout_changed",
        "f": "disabled",
        "g": "truncated",
    }
    for slug, state in script.items():
        simulator.show(host_of(slug), MODULE, state)
    others = [look("rdv", RdvPrefecture(2246)), look("form", DemarcheNumerique("titre-de-sejour"))]
    done = swept(simulator, tmp_path, [*map(ez, script), *others])
    assert {slug: done.read(slug) for slug in (*script, "rdv", "form")} == {
        "a": ("NoSlot", None),
        "b": ("SlotsOpen", None),
        "c": ("Obstructed", "captcha"),
        "d": ("Unavailable", "overloaded"),
        "e": ("Unreadable", "layout_changed"),
        "f": ("Closed", None),
        "g": ("Unreached", "truncated"),
        "rdv": ("Obstructed", "captcha"),
        "form": ("RequestForm", None),
    }
    assert done.records["a"]["seen"].startswith(WORDS)
    assert date.fromisoformat(done.records["b"]["first_day"]) > datetime.now(UTC).date()
    assert done.summary.failed
    counts = {"Closed": 1, "NoSlot": 1, "Obstructed": 2, "RequestForm": 1, "SlotsOpen": 1, "Unavailable": 1}
    assert done.summary.to_json()["readings"] == {**counts, "Unreadable": 1, "Unreached": 1}


def test_the_record_names_the_bytes_and_the_store_has_them(simulator: Simulator, tmp_path: Path) -> None:
    done = swept(simulator, tmp_path, [ez("a", HOST)])
    exchanges = done.records["a"]["exchanges"]
    assert [e["url"].removeprefix(f"https://{HOST}") for e in exchanges][:2] == ["/robots.txt", MODULE]
    with reading(tmp_path) as opened:
        assert opened is not None
        _records, blobs = opened
        seq = done.records["a"]["seq"]
        page = blobs.get(exchanges[-1]["decoded_body_sha256"], seq)
        sent = blobs.get(exchanges[-1]["sent_sha256"], seq)
    assert WORDS.encode() in page
    assert done.records["a"]["id"].encode() in sent, "the site can find the visit in its own log"
    assert b"vigie/" in sent


def test_everything_a_simulator_said_is_marked_so(simulator: Simulator, tmp_path: Path) -> None:
    done = swept(simulator, tmp_path, [ez("a"), ez("b")])
    assert all(record["simulated"] is True for record in done.observations)
    with reading(tmp_path) as opened:
        assert opened is not None
        assert all(row.simulated for row in opened[0].rows())


def test_slots_appear_and_vanish(simulator: Simulator, tmp_path: Path) -> None:
    simulator.plan(HOST, MODULE, [["no_slot", 2], ["slots", 2], ["no_slot", 9]])
    for _ in range(5):
        swept(simulator, tmp_path, [ez("a", HOST)])
    assert history(tmp_path, "01/a") == ["NoSlot", "NoSlot", "SlotsOpen", "SlotsOpen", "NoSlot"]
    with reading(tmp_path) as opened:
        assert opened is not None
        rows = list(opened[0].rows())
        assert opened[0].latest()["01/a"].since == rows[4].started
        assert [row.seq for row in rows] == [0, 1, 2, 3, 4]


def test_slots_open_on_the_minute(simulator: Simulator, tmp_path: Path) -> None:
    simulator.schedule(HOST, MODULE, [[0, "no_slot"], [3600, "slots"]])
    assert swept(simulator, tmp_path, [ez("a", HOST)]).read("a") == ("NoSlot", None)
    simulator.clock(advance=3600)
    assert swept(simulator, tmp_path, [ez("a", HOST)]).read("a") == ("SlotsOpen", None)


def test_an_announced_opening_is_told_only_while_it_is_to_come(simulator: Simulator, tmp_path: Path) -> None:
    words = "Les demandes seront ouvertes prochainement."
    for days, expected in ((3, "NotYetOpen"), (-3, "RequestForm")):
        form = look("form", DemarcheNumerique("x"), opening=(words, datetime.now(UTC) + timedelta(days=days)))
        simulator.show(form.host, "/commencer/x", "announced")
        assert swept(simulator, tmp_path, [form]).read("form")[0] == expected


# --- a weak opening ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("states", "readings"),
    [
        ([["slots_weak", 9]], [True, True]),
        ([["slots_weak", 1], ["slots", 9]], [True, False]),
        ([["slots", 9]], [False]),
    ],
)
def test_a_weak_opening_is_looked_at_once_more_after_a_minute(
    simulator: Simulator, tmp_path: Path, states: list[list[Any]], readings: list[bool]
) -> None:
    simulator.plan(HOST, MODULE, states)
    done = swept(simulator, tmp_path, [ez("a", HOST), ez("b", HOST, 2)])
    seen = [o for o in done.observations if o["check"] == "01/a"]
    assert [o["weak"] for o in seen] == readings
    if len(seen) == 2:
        assert (seen[1]["mono_start_ns"] - seen[0]["mono_end_ns"]) / 1e9 >= 60 * SCALE
    assert done.summary.to_json()["done"] == 2
    assert pages_of(simulator).count(MODULE) == len(readings)


def test_a_weak_opening_that_became_none_is_kept_as_both(simulator: Simulator, tmp_path: Path) -> None:
    simulator.plan(HOST, MODULE, [["slots_weak", 1], ["no_slot", 9]])
    swept(simulator, tmp_path, [ez("a", HOST)])
    assert history(tmp_path, "01/a") == ["SlotsOpen", "NoSlot"]


# --- ours or theirs ---------------------------------------------------------------------------------------------------


def test_offline_from_the_start_nothing_is_asked_and_nothing_is_said_of_the_site(
    simulator: Simulator, tmp_path: Path
) -> None:
    simulator.offline(True)
    done = swept(simulator, tmp_path, [ez("a", HOST), ez("b", HOST, 2), ez("c")])
    assert {done.read(slug) for slug in "abc"} == {("Unreached", "vantage_offline")}
    assert done.summary.online == (False, False)
    assert simulator.log() == []
    assert last_sweep(tmp_path).report is not None


def test_offline_in_the_middle_a_failure_is_not_the_sites(simulator: Simulator, tmp_path: Path) -> None:
    simulator.show(HOST, MODULE, "hang")

    async def cut() -> None:
        await until(simulator, {"hang", "no_slot"})
        await asyncio.to_thread(simulator.offline, True)

    done = swept(
        simulator,
        tmp_path,
        [ez("a", HOST), ez("b", HOST, 2), ez("c")],
        limits=Limits(connect=5.0, total=5.0),
        beside=cut,
    )
    assert done.read("c") == ("NoSlot", None)
    assert done.read("a") == ("Unreached", "vantage_offline")
    assert done.records["a"]["detail"] == "timeout"
    assert done.read("b") == ("Unreached", "vantage_offline")
    assert done.summary.online == (True, False)


def test_a_site_that_fails_while_our_network_answers_has_failed(simulator: Simulator, tmp_path: Path) -> None:
    simulator.show(HOST, MODULE, "reset")
    done = swept(simulator, tmp_path, [ez("a", HOST)])
    assert done.read("a") == ("Unreached", "reset")
    assert pages_of(simulator) == [MODULE, MODULE], "a transient failure is tried once more"


# --- a host that wants peace ------------------------------------------------------------------------------------------


def refused(simulator: Simulator, state: str, desks: int = 5) -> list[Any]:
    looks = [ez(f"d{i}", HOST, 100 + i) for i in range(desks)]
    simulator.show(HOST, "/booking/create/*", state)
    return [*looks, ez("other")]


def skipped(done: Swept, why: str) -> list[str]:
    return [s.key for s in done.summary.skipped if s.why == why]


@pytest.mark.parametrize("state", ["403_haproxy", "429", "502", "503"])
def test_a_host_that_refuses_three_times_is_left_alone_and_declared(
    simulator: Simulator, tmp_path: Path, state: str
) -> None:
    looks = refused(simulator, state)
    done = swept(simulator, tmp_path, looks)
    assert len(pages_of(simulator)) == LEFT_ALONE_AT
    assert skipped(done, "host") == ["01/d3", "01/d4"]
    assert done.read("other") == ("NoSlot", None)
    assert not done.summary.failed, "a refusal is a reading"
    report = last_sweep(tmp_path).report
    assert report is not None
    assert [s["check"] for s in report["skipped"]] == ["01/d3", "01/d4"]
    assert "until" in report["skipped"][0]["detail"]

    again = swept(simulator, tmp_path, looks)
    assert skipped(again, "host") == [f"01/d{i}" for i in range(5)]
    assert len(pages_of(simulator)) == LEFT_ALONE_AT, "kept across runs: not one request more"
    assert again.read("other") == ("NoSlot", None)


def test_retry_after_closes_a_host_at_once(simulator: Simulator, tmp_path: Path) -> None:
    looks = refused(simulator, "503?retry_after=3600")
    done = swept(simulator, tmp_path, looks)
    assert len(pages_of(simulator)) == 1
    assert skipped(done, "host") == ["01/d1", "01/d2", "01/d3", "01/d4"]
    assert "Retry-After" in done.summary.skipped[0].detail


def test_at_the_end_of_the_delay_the_host_is_tried_once(simulator: Simulator, tmp_path: Path) -> None:
    fast = 0.0005
    looks = refused(simulator, "403_haproxy")
    swept(simulator, tmp_path, looks, scale=fast)
    asked = len(pages_of(simulator))
    asyncio.run(asyncio.sleep(40 * 60 * fast))  # the third refusal in a row costs 40 minutes
    done = swept(simulator, tmp_path, looks, scale=0.05)  # the next delay lasts minutes, however slow the machine
    assert len(pages_of(simulator)) == asked + 1
    assert len(skipped(done, "host")) == 4


# --- robots.txt -------------------------------------------------------------------------------------------------------


def test_robots_forbid_one_path_and_not_the_other(simulator: Simulator, tmp_path: Path) -> None:
    simulator.host(HOST, robots=f"User-agent: *\nDisallow: {MODULE}\n")
    done = swept(simulator, tmp_path, [ez("a", HOST), ez("b", HOST, 2)])
    assert done.read("a") == ("Obstructed", "robots")
    assert done.records["a"]["seen"] == f"Disallow: {MODULE}"
    assert done.read("b") == ("NoSlot", None)
    assert MODULE not in pages_of(simulator)


def test_robots_are_asked_once_a_day(simulator: Simulator, tmp_path: Path) -> None:
    for _ in range(2):
        swept(simulator, tmp_path, [ez("a", HOST), ez("b", HOST, 2)])
    assert [r["target"] for r in simulator.log(HOST)].count("/robots.txt") == 1


# --- bugs and a failing disk ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bugged(EzBooking):
    """A platform whose walk raises after its first page."""

    def visit(self, context: Context) -> Visit:
        """One page, then a bug."""
        yield (Open(self.url),)
        raise LookupError("planted")

    def read(self, page: Page, context: Context) -> Reading:
        """Never called."""
        raise NotImplementedError  # a stand-in: what is tested never calls it


def test_a_bug_in_one_reader_costs_no_other_check_and_is_raised_at_the_end(
    simulator: Simulator, tmp_path: Path
) -> None:
    looks = [ez("before", HOST), look("bug", Bugged(HOST, 2)), ez("after", HOST, 3), ez("elsewhere")]
    with pytest.raises(ExceptionGroup) as caught:
        swept(simulator, tmp_path, looks)
    assert [type(e) for e in caught.value.exceptions] == [LookupError]
    for slug in ("before", "after", "elsewhere"):
        assert history(tmp_path, f"01/{slug}") == ["NoSlot"]
    report = last_sweep(tmp_path).report
    assert report is not None
    (told,) = report["skipped"]
    assert (told["check"], told["why"], told["detail"]) == ("01/bug", "crashed", "LookupError")
    assert last_visits(tmp_path)["01/bug"] == datetime.fromisoformat(told["asked"]), "the site saw a visit"
    assert report["crashed"] == 1


class Full:
    """A ledger whose disk is full at one call: `append`, `barrier` or `end_sweep`."""

    def __init__(self, ledger: Any, call: str, after: int) -> None:
        self._ledger, self._call, self._left = ledger, call, after

    def __getattr__(self, name: str) -> Any:
        asked: Callable[..., Any] = getattr(self._ledger, name)
        if name != self._call:
            return asked

        def guarded(*given: Any, **named: Any) -> Any:
            self._left -= 1
            if self._left < 0:
                raise StoreError("no room left")
            return asked(*given, **named)

        return guarded


@pytest.mark.parametrize(("call", "after"), [("append", 2), ("append", 0), ("end_sweep", 0), ("barrier", 0)])
def test_a_full_disk_is_one_error_and_keeps_what_was_kept(
    simulator: Simulator, tmp_path: Path, call: str, after: int
) -> None:
    def full(vantage: Vantage) -> Vantage:
        return replace(vantage, ledger=Full(vantage.ledger, call, after))

    looks = [ez(slug) for slug in "abcd"]
    with pytest.raises(StoreError, match="no room left"):
        swept(simulator, tmp_path, looks, vantage=full)
    with hold(tmp_path) as lock, Store(lock, at=datetime.now(UTC)) as store:
        kept = store.records.size()
        assert store.records.damages() == []
    assert kept == (after if call == "append" else 4)
    again = swept(simulator, tmp_path, looks)
    assert len(again.observations) == 4


def test_cancelled_it_keeps_what_is_finished_and_declares_the_rest(simulator: Simulator, tmp_path: Path) -> None:
    simulator.show(HOST, MODULE, "hang")
    target: list[asyncio.Task[Any]] = []

    async def cancel() -> None:
        await until(simulator, {"hang", "no_slot"})
        await asyncio.sleep(0.3)
        target[0].cancel()

    def remember(vantage: Vantage) -> Vantage:
        current = asyncio.current_task()
        assert current is not None
        target.append(current)
        return vantage

    with pytest.raises(asyncio.CancelledError):
        swept(simulator, tmp_path, [ez("a", HOST), ez("b", HOST, 2), ez("c")], vantage=remember, beside=cancel)
    assert history(tmp_path, "01/c") == ["NoSlot"]
    sweep = last_sweep(tmp_path)
    assert sweep.finished is not None
    assert sweep.report is not None
    under_way, waiting = sweep.report["skipped"]
    assert (under_way["check"], under_way["why"]) == ("01/a", "stopped")
    assert waiting == {"check": "01/b", "why": "stopped"}, "nothing was asked of it"
    visits = last_visits(tmp_path)
    assert set(visits) == {"01/a", "01/c"}
    assert visits["01/a"] == datetime.fromisoformat(under_way["asked"]), "the floor counts the visit that was cut short"
    assert sweep.started <= visits["01/a"] <= sweep.finished


def test_the_plan_is_written_before_the_first_request(simulator: Simulator, tmp_path: Path) -> None:
    swept(simulator, tmp_path, [ez("a"), ez("b")])
    sweep = last_sweep(tmp_path)
    assert sweep.plan == {"due": ["01/a", "01/b"], "skipped": []}
    assert json.dumps(sweep.report)
    assert sweep.report is not None
    assert sweep.report["online"] == {"start": True, "end": True}
