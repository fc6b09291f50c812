"""Whole sweeps with a real Chromium: the two desks of Ille-et-Vilaine, and the second look at a page already read."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.evidence.folder import SweepFolders
from tests.simulator.client import Simulator
from tests.simulator.fixture import in_process
from tests.support.browsers import needs_chromium, processes
from tests.support.commands import Vigie, settings
from tests.support.sweeps import SCALE

pytestmark = needs_chromium
HOST = "esii-orion.com"
PATH = "/orion-reservation/slots?account=EVMSPI&config={}&usemode=app&code=REN1"
COLLECTION, RENEWAL = "35/remise-de-titre", "35/renouvellement"
FORM, FORMS = "35/accompagnant-etranger-malade", "demarche.numerique.gouv.fr"
UNBOXED = "sandbox = false\n" if os.geteuid() == 0 else ""  # Chromium refuses its sandbox under root


@pytest.fixture(scope="module")
def simulator_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with in_process(tmp_path_factory.mktemp("ca"), "--time-scale", str(SCALE)) as running:
        yield running


@pytest.fixture
def simulator(simulator_of_module: Simulator) -> Iterator[Simulator]:
    simulator_of_module.reset()
    yield simulator_of_module
    assert simulator_of_module.violations() == [], "pace, boundary and robots.txt hold for the browser too"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: Chromium's sockets do not fit below pytest's."""
    with tempfile.TemporaryDirectory(prefix="vs-") as name:
        yield Path(name)


def vigie(folder: Path, simulator: Simulator, browser: str = UNBOXED + "second_look = false\n") -> Vigie:
    return Vigie(folder / "data", settings(folder, simulator, browser=browser), env={"TMPDIR": str(folder)})


def records(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {record["check"]: record for record in told["observations"]}


def sealed(data: Path, name: str) -> bytes:
    """A file of the last sealed sweep."""
    latest = SweepFolders(data / "evidence").latest()
    assert latest is not None
    return latest.read(name)


def env_of(data: Path) -> dict[str, Any]:
    """The conditions of capture of the last sealed sweep."""
    found: dict[str, Any] = json.loads(sealed(data, "env.json"))
    return found


def desk(number: str) -> str:
    return {"collection": PATH.format("SEJOURREMISE"), "renewal": PATH.format("SEJOURUSARNVT")}[number]


def test_both_desks_are_read_by_one_browser_and_the_record_says_so(simulator: Simulator, folder: Path) -> None:
    simulator.show(HOST, desk("renewal"), "slots?first=2026-12-08")
    one = vigie(folder, simulator)
    read = records(one.json("check", COLLECTION, RENEWAL))
    none, slots = read[COLLECTION], read[RENEWAL]
    assert (none["reading"], none["by_data"], none["selector"]) == ("NoSlot", True, "$.daySlots")
    assert (slots["reading"], slots["first_day"]) == ("SlotsOpen", "2026-12-08")
    for record in (none, slots):
        assert record["steps"] == [{"open": record["url"], "answer": "/bookings/availableSlotByDay$"}]
        assert record["browser"]["name"].startswith(("Chrome/", "HeadlessChrome/"))
        (given,) = record["browser"]["used"]
        answer = record["exchanges"][-1]
        assert given == {"url": answer["url"], "kind": "xhr", "sha256": answer["decoded_body_sha256"]}
        assert answer["tls"]["leaf_sha256"]
    pages = [r for r in simulator.log(HOST) if r["target"] != "/robots.txt"]
    assert {r["check"] for r in pages} == {none["id"], slots["id"]}, "the site can find each check in its own log"
    assert all("HeadlessChrome/" in r["user_agent"] and " vigie/" in r["user_agent"] for r in pages)
    browser = env_of(one.data)["browser"]
    assert "--no-sandbox" in browser["command_line"] or browser["sandbox"]
    assert browser["home_before"] == []
    assert browser["storage_before"] == {"cookies": [], "origins": []}
    assert processes(f"{folder}/vigie-ch-") == []
    assert list(folder.glob("vigie-ch-*")) == []
    assert one("verify", "--all").returncode in (0, 3), "3: sound, and no authority has stamped it"


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("key_missing", ("Unreadable", "layout_changed")),
        ("cloudflare_challenge?at=page", ("Obstructed", None)),
        ("403_haproxy?at=page", ("Obstructed", None)),
        ("503?at=data", ("Unavailable", "overloaded")),
    ],
)
def test_what_stands_in_the_way_is_never_an_absence_of_slots(
    simulator: Simulator, folder: Path, state: str, expected: tuple[str, str | None]
) -> None:
    simulator.show(HOST, desk("renewal"), state)
    record = records(vigie(folder, simulator).json("check", RENEWAL, codes=(0, 3)))[RENEWAL]
    detail = next((record[k] for k in ("obstacle", "kind", "why", "cause") if k in record), None)
    assert record["reading"] == expected[0]
    assert expected[1] in (None, detail)


@pytest.mark.parametrize("binary", ["absent", "broken"])
def test_without_a_browser_the_desk_is_skipped_and_nothing_is_said_of_it(
    simulator: Simulator, folder: Path, binary: str
) -> None:
    program = folder / binary
    if binary == "broken":
        program.write_text("#!/bin/sh\nexit 1\n")
        program.chmod(0o700)
    one = vigie(folder, simulator, f'{UNBOXED}binary = "{program}"\n')
    told = one.json("check", RENEWAL)
    assert told["observations"] == []
    (skipped,) = told["skipped"]
    assert (skipped["check"], skipped["why"]) == (RENEWAL, "browser")
    assert "Chromium" in skipped["detail"]
    assert simulator.log(HOST) == []
    assert "browser" not in env_of(one.data)


def test_nothing_of_the_browser_is_left_when_the_sweep_is_killed(simulator: Simulator, folder: Path) -> None:
    simulator.show(HOST, desk("renewal"), "hang?at=data")
    process = vigie(folder, simulator).start("check", RENEWAL)
    private = f"{folder}/vigie-ch-"
    end = time.monotonic() + 120
    while not any((r["state"] or "").startswith("hang") for r in simulator.log(HOST)):
        assert time.monotonic() < end, "the browser did not get there"
        time.sleep(0.02)
    assert processes(private)
    process.kill()
    process.communicate(timeout=120)
    end = time.monotonic() + 60
    while processes(private):
        assert time.monotonic() < end, "Chromium outlived the sweep"
        time.sleep(0.05)


def test_a_visit_whose_browser_died_counts_for_the_floor(simulator: Simulator, folder: Path) -> None:
    """The site saw a request: the next run may not come back before ten minutes, though nothing was read."""
    simulator.show(HOST, desk("renewal"), "hang?at=data")
    config = settings(folder, simulator, scale=0.2, browser=UNBOXED + "second_look = false\n")
    one = Vigie(folder / "data", config, env={"TMPDIR": str(folder)})
    process = one.start("check", RENEWAL, "--json")
    end = time.monotonic() + 120
    while not any((r["state"] or "").startswith("hang") for r in simulator.log(HOST)):
        assert time.monotonic() < end, "the browser did not get there"
        time.sleep(0.02)
    for pid in set(processes(f"{folder}/vigie-ch-")) - {process.pid}:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    out, errors = process.communicate(timeout=120)
    told = json.loads(out)
    assert told["observations"] == [], errors
    (skipped,) = told["skipped"]
    assert (skipped["check"], skipped["why"]) == (RENEWAL, "browser")
    asked = len(simulator.log(HOST))
    (held,) = one.json("check", RENEWAL)["skipped"]
    assert held["why"] == "floor"
    begun, free = datetime.fromisoformat(skipped["asked"]), datetime.fromisoformat(held["detail"])
    assert 119 <= (free - begun).total_seconds() <= 121, "ten minutes of the simulation"
    assert len(simulator.log(HOST)) == asked


# --- the second look --------------------------------------------------------------------------------------------------


def test_a_page_read_is_opened_again_once_a_day_and_compared(simulator: Simulator, folder: Path) -> None:
    watched = UNBOXED + '[watch]\nprefectures = ["35"]\nprocedures = ["first_request"]\n'
    one = vigie(folder, simulator, watched)
    first = records(one.json("run", codes=(0, 3)))
    (told,) = env_of(one.data)["second_looks"]
    assert "not_made" not in told, told
    assert (told["check"], told["seq"]) == (FORM, first[FORM]["seq"])
    assert (told["reading"], told["certificate"]) == ("same", "same")
    assert "Chrome" in told["browser"]
    assert told["second"]["reading"] == first[FORM]["reading"]
    asked = [r for r in simulator.log(FORMS) if r["target"] and first[FORM]["url"].endswith(r["target"])]
    assert len(asked) == 2, "one request more"
    assert asked[-1]["check"] == told["id"]
    assert told["id"] != first[FORM]["id"]
    rows = [json.loads(line) for line in sealed(one.data, "records.jsonl").splitlines()]
    assert sorted(row["check"] for row in rows) == sorted(first), "a second look is no observation"
    assert one("verify", "--all").returncode in (0, 3), "3: sound, and no authority has stamped it"
