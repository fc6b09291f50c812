"""`vigie run` as a scheduler meets it: its deadline, a signal in any part, who watches it, its log, its daily gc."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.core.record import digest
from monitor.evidence.folder import SweepFolders
from monitor.evidence.verify.archive import FolderArchive
from monitor.evidence.verify.crypto import Verifiers
from monitor.evidence.verify.verify import verify_ledger
from monitor.store.store import reading
from tests.simulator.client import Simulator
from tests.simulator.fixture import in_process
from tests.support.authority import Tsa, served
from tests.support.browsers import needs_chromium
from tests.support.commands import ROOT, Vigie, settings
from tests.support.records import opened, record
from tests.support.sweeps import SCALE
from tests.support.terminal import drained
from tests.support.watchman import GRACE, PERIOD, UUID_OF_CHECK, watchman

SLOW, QUICK = "www.ain.gouv.fr", "www.aisne.gouv.fr"
HOST, MODULE, CHECK = "www.val-doise.gouv.fr", "/booking/create/13860", "95/renouvellement-cergy"
ONE = '[watch]\nprefectures = ["95"]\nprocedures = ["renewal"]\n'
AT_ONCE = 18.0  # seconds from a signal to the end of the process


@pytest.fixture(scope="module")
def simulator_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with in_process(tmp_path_factory.mktemp("ca"), "--time-scale", str(SCALE)) as running:
        yield running


@pytest.fixture
def simulator(simulator_of_module: Simulator) -> Iterator[Simulator]:
    simulator_of_module.reset()
    yield simulator_of_module
    assert simulator_of_module.violations() == []


def madeup(folder: Path, simulator: Simulator, hosts: str, more: str = "") -> Vigie:
    return Vigie(folder / "data", settings(folder, simulator, more=more), "tests.support.madeup", {"MADEUP": hosts})


def events(stderr: str) -> list[dict[str, Any]]:
    """The log: every line of standard error is one JSON object."""
    return [json.loads(line) for line in stderr.splitlines()]


def wait_for(there: Callable[[], bool], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, "it did not get there"
        time.sleep(0.02)


def stopped(process: subprocess.Popen[str]) -> None:
    """SIGTERM, and the end in time."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=120)
    assert process.returncode == 143
    assert time.monotonic() - began < AT_ONCE


def sealed(data: Path) -> dict[str, Any]:
    """`sweep.json` of the last sealed sweep, its rows under `checks`; the whole log is sound and only lacks stamps."""
    report = verify_ledger(FolderArchive(data / "evidence", packed=True), Verifiers())
    assert {finding.code for finding in report.findings} - {"simulated"} == {"unstamped", "bounds"}
    latest = SweepFolders(data / "evidence").latest()
    assert latest is not None
    told: dict[str, Any] = json.loads(latest.read("sweep.json"))
    return told | {"checks": [json.loads(line) for line in latest.read("plan.jsonl").splitlines()]}


# --- the deadline -----------------------------------------------------------------------------------------------------


def test_at_its_deadline_a_sweep_keeps_what_is_finished_and_declares_the_rest(
    simulator: Simulator, tmp_path: Path
) -> None:
    simulator.show(SLOW, "/booking/create/4000", "hang")
    vigie = madeup(tmp_path, simulator, f"{SLOW}:2 {QUICK}:2", "[watch]\ndeadline_minutes = 0.05\n")
    began = time.monotonic()
    done = vigie("run", "--json")
    assert time.monotonic() - began < 60, "sites that hang would hold it for 80 s"
    assert done.returncode == 3
    told = json.loads(done.stdout[done.stdout.index("{") :])
    assert told["deadline"] is True
    assert sorted(o["check"] for o in told["observations"]) == ["02/d0", "02/d1"]
    assert [(s["check"], s["why"]) for s in told["skipped"]] == [("01/d0", "deadline"), ("01/d1", "deadline")]
    assert told["online"] == {"start": True, "end": None}, "nothing is said of what was not asked"
    (line,) = events(done.stderr)
    assert (line["event"], line["level"], line["left"]) == ("deadline", "WARNING", 2)
    assert sealed(vigie.data)["unfinished"] == "deadline"


# --- a signal in every part -------------------------------------------------------------------------------------------


@contextmanager
def hanging() -> Iterator[tuple[str, threading.Event]]:
    """An authority that never answers, and whether it was asked."""
    asked, over = threading.Event(), threading.Event()

    def answer(query: bytes) -> bytes:
        asked.set()
        over.wait(60)
        return b""

    with served(answer) as url:
        try:
            yield url, asked
        finally:
            over.set()


@pytest.mark.parametrize("site", ["no_slot", "hang"])
def test_stopped_while_an_authority_hangs_the_sums_are_there_and_the_stamp_is_left(
    simulator: Simulator, tmp_path: Path, site: str
) -> None:
    tsa = Tsa(tmp_path / "tsa")
    (tmp_path / "roots.pem").write_bytes(tsa.root.pem)
    with hanging() as (away, asked):
        more = f'[[timestamps.authority]]\nname = "essai"\nurl = "{away}"\nroots = "roots.pem"\n'
        vigie = madeup(tmp_path, simulator, f"{SLOW}:1 {QUICK}:1", more)
        simulator.show(SLOW, "/booking/create/4000", site)
        process = vigie.start("run")
        if site == "hang":
            wait_for(lambda: "hang" in {r["state"] for r in simulator.log()})
        else:
            wait_for(asked.is_set)
        stopped(process)
        assert asked.is_set() == (site == "no_slot"), "a stopped sweep asks no authority"
    assert sealed(vigie.data).get("unfinished") == ("stopped" if site == "hang" else None)
    with served(tsa.reply) as url:
        file = tmp_path / "monitor.toml"
        file.write_text(file.read_text().replace(away, url))
        simulator.show(SLOW, "/booking/create/4000", "no_slot")
        wait_for(lambda: vigie("run").returncode == 0 and _stamps(vigie.data, 1))


def _stamps(data: Path, number: int) -> bool:
    found = SweepFolders(data / "evidence").sweep(number)
    return bool(found and found.stamps())


FORM, FORMS = "35/accompagnant-etranger-malade", "demarche.numerique.gouv.fr"
ADDRESS = "/commencer/demande-premier-titre-sejour-accompagnant-enfant-etranger-malade"
STYLE = "/var/ide_site/cache/public/stylesheets/all.css"


@needs_chromium
@pytest.mark.parametrize("part", ["picture", "second look"])
def test_stopped_while_chromium_waits_for_a_site_that_hangs(simulator: Simulator, part: str) -> None:
    table = "" if os.geteuid() else "sandbox = false\n"  # Chromium refuses its sandbox under root
    with tempfile.TemporaryDirectory(prefix="vs-") as name:  # Chromium's sockets do not fit below pytest's
        folder = Path(name)
        if part == "picture":
            simulator.show(HOST, STYLE, "hang")
            words, more, table = ("check", CHECK), "[captures]\nsample = 0\n", table + "second_look = false\n"
        else:
            simulator.plan(FORMS, ADDRESS, [["open", 1], ["hang", 99]])
            words, more = ("check", FORM), '[watch]\nprefectures = ["35"]\n'
        config = settings(folder, simulator, more=more, browser=table)
        vigie = Vigie(folder / "data", config, env={"TMPDIR": name})
        process = vigie.start(*words)
        wait_for(lambda: "hang" in {r["state"] for r in simulator.log()})
        stopped(process)
        told = sealed(vigie.data)
        assert told.get("unfinished") is None, "every look was over"
        assert [row["check"] for row in told["checks"] if "seq" in row] == [words[1]]


# --- who watches ------------------------------------------------------------------------------------------------------


def watched(folder: Path, simulator: Simulator, url: str, more: str = "") -> Vigie:
    (folder / "ping").write_text(url + "\n")
    table = f'[watching]\nping = {{ file = "ping" }}\ntextfile = "vigie.prom"\n{more}'
    return Vigie(folder / "data", settings(folder, simulator, more=ONE + table))


def test_the_watcher_is_told_of_start_and_end_and_of_a_tick_with_nothing_due(
    simulator: Simulator, tmp_path: Path
) -> None:
    with watchman() as seen:
        vigie = watched(tmp_path, simulator, seen.url)
        simulator.show(HOST, MODULE, "layout_changed")
        assert vigie.json("run", codes=(3,))["ping"] == {"start": None, "end": None}
        assert (seen.words, seen.status, seen.started) == (["start", "0"], "up", None)
        assert len(seen.durations) == 1
        assert len(set(seen.runs)) == 1
        body = json.loads(seen.came[1][1])
        assert (body["exit_code"], body["readings"]["Unreadable"], body["due"]) == (3, 1, body["done"])
        assert sum(body["failed"].values()) == 1
        figures = (tmp_path / "vigie.prom").read_text()
        assert figures.count("vigie_last_sweep_done") == 3
        assert 'vigie_last_sweep_failed_looks{cause="' in figures
        assert "vigie_last_seal_timestamp_seconds" in figures
        done = vigie("run")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert seen.words[2:] == ["0"]
        assert vigie("check", "93/aes-bobigny").returncode == 0
        assert len(seen.came) == 3, "a look by hand concerns no watcher"
        assert seen.flips == ["up"], "a page that is not read makes nobody cry"
        assert seen.told is not None
        later = [timedelta(), PERIOD - timedelta(seconds=1), PERIOD, PERIOD + GRACE]
        assert [seen.shows(seen.told + one) for one in later] == ["up", "up", "late", "down"]


def test_above_the_operators_share_a_sweep_is_a_failure(simulator: Simulator, tmp_path: Path) -> None:
    with watchman() as seen:
        vigie = watched(tmp_path, simulator, seen.url, "unread_share = 0.1\n")
        simulator.show(HOST, MODULE, "layout_changed")
        body = vigie.json("run", codes=(1,))
        assert body["readings"]["Unreadable"] == 1
        assert (seen.words, seen.status) == (["start", "fail"], "down")
        by_hand = Vigie(tmp_path / "by hand", vigie.config)
        assert by_hand("check", CHECK).returncode == 3, "a look by hand has no share"


def test_a_watcher_that_is_away_is_one_line_without_its_address(simulator: Simulator, tmp_path: Path) -> None:
    with watchman() as seen:
        pass
    vigie = watched(tmp_path, simulator, seen.url)
    (tmp_path / "vigie.prom").mkdir()
    done = vigie("run")
    assert done.returncode == 0
    told = events(done.stderr)
    assert [line["event"] for line in told] == ["textfile_failed", "ping_failed", "ping_failed"]
    assert UUID_OF_CHECK not in done.stderr


def test_a_run_that_fails_tells_its_exit_code(simulator: Simulator, tmp_path: Path) -> None:
    with watchman() as seen:
        vigie = watched(tmp_path, simulator, seen.url)
        vigie.data.mkdir()
        (vigie.data / "vigie.db").write_bytes(b"no database at all, and long enough to be sure of it" * 40)
        assert vigie("run").returncode == 74
        assert seen.words == ["fail"]
        assert json.loads(seen.came[0][1]) == {"exit_code": 74}


def test_a_sweep_that_cannot_be_sealed_is_a_failure(simulator: Simulator, tmp_path: Path) -> None:
    with watchman() as seen:
        vigie = watched(tmp_path, simulator, seen.url)
        vigie.data.mkdir()
        (vigie.data / "evidence").write_text("no folder")
        assert vigie("run").returncode == 74
        assert (seen.words[-1], seen.status) == ("fail", "down")


# --- the log ----------------------------------------------------------------------------------------------------------


def test_with_verbose_the_log_says_what_happened(simulator: Simulator, tmp_path: Path) -> None:
    vigie = Vigie(tmp_path / "data", settings(tmp_path, simulator, more=ONE))
    done = vigie("run", "-v")
    told = events(done.stderr)
    checks = [line for line in told if line["event"] == "check"]
    assert any((line["check"], line["reading"]) == (CHECK, "NoSlot") for line in checks)
    assert all(line["level"] == "INFO" and line["time"].endswith("+00:00") for line in told)
    assert told[-1]["event"] == "sweep"
    assert (told[-1]["done"], told[-1]["sweep"]) == (len(checks), 1)


def test_what_failed_is_one_line_in_the_language_of_people(simulator: Simulator, tmp_path: Path) -> None:
    vigie = Vigie(tmp_path / "data", settings(tmp_path, simulator, more=ONE))
    simulator.show(HOST, MODULE, "layout_changed")
    (line,) = events(vigie("run").stderr)
    assert (line["event"], line["level"], line["check"]) == ("check_failed", "WARNING", CHECK)
    assert (line["reading"], line["detail"]) == ("Unreadable", "layout_changed")
    assert "page non reconnue" in line["message"]


def test_on_a_terminal_there_are_words_and_no_json(simulator: Simulator, tmp_path: Path) -> None:
    vigie = Vigie(tmp_path / "data", settings(tmp_path, simulator, more=ONE))
    simulator.show(HOST, MODULE, "layout_changed")
    master, slave = pty.openpty()
    process = subprocess.Popen(
        vigie.command("run"), cwd=ROOT, env=vigie.env, stdin=slave, stdout=subprocess.PIPE, stderr=slave, text=True
    )
    os.close(slave)
    said = drained(master)
    assert process.communicate(timeout=120)[0] == ""
    assert process.returncode == 3
    assert said.decode().count("page non reconnue") == 1
    assert '{"time"' not in said.decode()


# --- gc ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("automatic", [True, False])
def test_the_first_sweep_of_a_day_removes_what_is_past_its_time_where_asked(
    simulator: Simulator, tmp_path: Path, automatic: bool
) -> None:
    table = f"[retention]\nmonths = 6\nautomatic = {str(automatic).lower()}\n"
    vigie = Vigie(tmp_path / "data", settings(tmp_path, simulator, more=ONE + table))
    at = datetime.now(UTC) - timedelta(days=400)
    with opened(vigie.data, at) as store:
        number = store.begin_sweep(at, {"due": [CHECK]})
        body = b"<p>seen long ago</p>" * 50
        line = record(store.next_seq(), sweep=number, check=CHECK, at=at, digests={"decoded_body": digest(body)})
        store.append(line | {"simulated": True}, bodies=[body])
        store.end_sweep(number, at, {"done": 1})
        store.barrier(at)
    told = vigie.json("run")
    assert (told.get("freed", 0) > 0) == automatic
    with reading(vigie.data) as found:
        assert found is not None
        assert (found[1].parts(0) == [body]) == (not automatic)
    wait_for(lambda: bool((again := vigie.json("run"))["done"]) and "freed" not in again)
