"""The sweep as a process: one at a time, stopped, killed, out of room, and told of its bugs."""

from __future__ import annotations

import resource
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.store.files import hold
from monitor.store.rows import Sweep
from monitor.store.store import Store, reading
from monitor.sweep.sweep import BARRIER_WITHIN
from tests.simulator.client import Simulator
from tests.simulator.fixture import in_process
from tests.support.commands import Vigie, settings
from tests.support.records import NOON
from tests.support.sweeps import SCALE

SLOW, QUICK = "www.ain.gouv.fr", "www.aisne.gouv.fr"


@pytest.fixture(scope="module")
def simulator_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with in_process(tmp_path_factory.mktemp("ca"), "--time-scale", str(SCALE)) as running:
        yield running


@pytest.fixture
def simulator(simulator_of_module: Simulator) -> Iterator[Simulator]:
    simulator_of_module.reset()
    yield simulator_of_module
    assert simulator_of_module.violations() == []


def madeup(folder: Path, simulator: Simulator, hosts: str) -> Vigie:
    return Vigie(folder / "data", settings(folder, simulator), "tests.support.madeup", {"MADEUP": hosts})


def until(simulator: Simulator, *states: str, seconds: float = 60.0) -> None:
    """Wait until each of the states was met by a request."""
    end = time.monotonic() + seconds
    while not set(states) <= {r["state"] for r in simulator.log()}:
        assert time.monotonic() < end, "the sweep did not get there"
        time.sleep(0.02)


def kept(vigie: Vigie) -> list[str]:
    """Keys of all observations that count, in order."""
    with reading(vigie.data) as opened:
        assert opened is not None
        assert opened[0].damages() == []
        return [row.subject for row in opened[0].rows()]


def last_sweep(vigie: Vigie) -> Sweep:
    with reading(vigie.data) as opened:
        assert opened is not None
        return opened[0].sweeps(1)[0]


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


# --- one at a time ----------------------------------------------------------------------------------------------------


def test_a_second_sweep_exits_75_at_once_and_asks_nothing(simulator: Simulator, tmp_path: Path) -> None:
    simulator.show(SLOW, "/booking/create/4000", "hang")
    vigie = madeup(tmp_path, simulator, f"{SLOW}:1 {QUICK}:1")
    first = vigie.start("run")
    assert first.stdout is not None
    assert first.stdout.readline().strip() == "02/d0"
    until(simulator, "hang")
    asked = len(simulator.log(QUICK))  # what hangs is asked once more, later
    for words in (("run",), ("check", "01", "--json")):
        second = vigie(*words)
        assert second.returncode == 75
        assert second.stdout == ""
        assert len(second.stderr.splitlines()) == 1
        assert str(vigie.data) in second.stderr
    assert len(simulator.log(QUICK)) == asked > 0
    assert vigie("status").returncode == 0, "reading does not wait for the sweep"
    first.send_signal(signal.SIGTERM)
    ended(first)


# --- stopped ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_stopped_it_keeps_what_is_finished_and_declares_the_rest(
    simulator: Simulator, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    simulator.show(SLOW, "/booking/create/4001", "hang")
    vigie = madeup(tmp_path, simulator, f"{SLOW}:3 {QUICK}:2")
    process = vigie.start("run")
    announced = [process.stdout.readline().strip() for _ in range(3)] if process.stdout else []
    until(simulator, "hang")
    stopped = time.monotonic()
    process.send_signal(number)
    assert ended(process)[0] == code
    assert time.monotonic() - stopped < 15, "the site that hangs would hold it for 20 s"
    assert sorted(announced) == ["01/d0", "02/d0", "02/d1"] == sorted(kept(vigie))
    sweep = last_sweep(vigie)
    assert sweep.finished is not None
    assert sweep.report is not None
    skipped = [(one["check"], one["why"]) for one in sweep.report["skipped"]]
    assert skipped == [("01/d1", "stopped"), ("01/d2", "stopped")]
    with hold(vigie.data) as lock, Store(lock, at=NOON) as store:
        assert store.records.size() == 3, "the lock is free"


def test_stopped_before_the_first_answer_the_gap_is_declared_too(simulator: Simulator, tmp_path: Path) -> None:
    simulator.host("*", latency=1000.0)  # twenty real seconds: the probes still wait
    vigie = madeup(tmp_path, simulator, f"{SLOW}:1")
    process = vigie.start("run")
    end = time.monotonic() + 60
    while not simulator.log():
        assert time.monotonic() < end
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    assert ended(process)[0] == 143
    report = last_sweep(vigie).report
    assert report is not None
    assert [(one["check"], one["why"]) for one in report["skipped"]] == [("01/d0", "stopped")]


# --- the barrier ------------------------------------------------------------------------------------------------------


def test_a_check_survives_loss_of_power_two_seconds_after_it_ended(simulator: Simulator, tmp_path: Path) -> None:
    simulator.show(SLOW, "/booking/create/4000", "hang")
    vigie = madeup(tmp_path, simulator, f"{SLOW}:1 {QUICK}:1")
    assert BARRIER_WITHIN <= 2
    process = vigie.start("run")
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "02/d0"
    ended_at, covered = time.monotonic(), -1
    while covered < 0:
        assert time.monotonic() - ended_at < 15, "no barrier covers the check before the sweep ends"
        time.sleep(0.05)
        with closing(sqlite3.connect(f"file:{vigie.data}/vigie.db?mode=ro", uri=True)) as db:
            covered = db.execute("SELECT ifnull(max(seq), -1) FROM barrier").fetchone()[0]
    assert process.poll() is None, "the sweep still waits for the other site"
    process.send_signal(signal.SIGTERM)
    ended(process)


# --- killed -----------------------------------------------------------------------------------------------------------


def killed(vigie: Vigie, after: int) -> list[str]:
    """Start a sweep, kill -9 it once `after` checks were announced; all that was announced by then."""
    process = vigie.start("run")
    assert process.stdout is not None
    announced = [process.stdout.readline().strip() for _ in range(after)]
    process.kill()
    rest, _err = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    return announced + rest.split()


def brought_in(vigie: Vigie) -> None:
    """What a sweep that ended in the middle kept has its rows from the next opening on."""
    with hold(vigie.data) as lock, Store(lock, at=datetime.now(UTC)):
        pass


HOSTS = 6


@pytest.mark.parametrize("after", [1, 2, 5, 9, 17])
def test_kill_9_loses_no_check_that_was_announced(simulator: Simulator, tmp_path: Path, after: int) -> None:
    vigie = madeup(tmp_path, simulator, " ".join(f"www.essai-{i}.gouv.fr:4" for i in range(HOSTS)))
    announced = killed(vigie, after)
    brought_in(vigie)
    found = kept(vigie)
    assert found[: len(announced)] == announced
    assert len(found) <= len(announced) + HOSTS, "of each host one may have been kept and not yet told"
    assert last_sweep(vigie).finished is None, "a sweep that died says so"

    again = vigie("run")
    assert (again.returncode, again.stderr) == (0, "")
    done = kept(vigie)
    assert sorted(set(done)) == sorted(f"0{p}/d{d}" for p in range(1, 7) for d in range(4))
    assert len(done) == 24, "what the dead sweep read is not asked again before it is due"
    with reading(vigie.data) as opened:
        assert opened is not None
        assert [seq for seq, _line in opened[0].lines()] == list(range(24))


# --- out of room ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("room", [200_000, 300_000])
def test_no_room_left_is_one_sentence_and_exit_74(simulator: Simulator, tmp_path: Path, room: int) -> None:
    vigie = madeup(tmp_path, simulator, " ".join(f"www.essai-{i}.gouv.fr:4" for i in range(6)))
    full = vigie.apart("run", limit=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)))
    assert full.returncode == 74
    assert full.stderr.count("\n") == 1, full.stderr
    assert full.stderr.startswith("vigie: ")
    announced = full.stdout.split()
    brought_in(vigie)
    assert kept(vigie)[: len(announced)] == announced

    again = vigie("run")
    assert (again.returncode, again.stderr) == (0, "")
    assert len(set(kept(vigie))) >= 18, "a look in hand, one a host, was asked of the site: it waits its turn"


def test_a_data_folder_that_cannot_be_made_is_one_sentence_and_exit_74(simulator: Simulator, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    done = madeup(tmp_path, simulator, f"{QUICK}:1")("run")
    assert done.returncode == 74
    assert done.stderr.count("\n") == 1
    assert simulator.log() == []


# --- a bug ------------------------------------------------------------------------------------------------------------


def test_a_bug_is_loud_and_costs_no_other_check(simulator: Simulator, tmp_path: Path) -> None:
    vigie = madeup(tmp_path, simulator, f"{SLOW}:3! {QUICK}:2")
    done = vigie("run")
    assert done.returncode == 1
    assert "LookupError: a bug planted in a reader" in done.stderr
    assert sorted(kept(vigie)) == ["01/d0", "01/d1", "02/d0", "02/d1"]
    report: dict[str, Any] = last_sweep(vigie).report or {}
    assert report["crashed"] == 1
