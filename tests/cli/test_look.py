"""`vigie list`, `status`, `history`, `config check`: on an empty folder, a full one, and while a sweep runs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.catalogue.catalogue import load
from tests.simulator.fixture import in_process
from tests.support.commands import Vigie, settings
from tests.support.records import NOON, keep, opened

FIRST, SECOND, OTHER = "95/renouvellement-cergy", "95/cergy-11343", "38/titre-de-sejour"


@pytest.fixture
def vigie(tmp_path: Path) -> Vigie:
    return Vigie(tmp_path / "data", settings(tmp_path))


@pytest.fixture
def full(vigie: Vigie) -> Vigie:
    """Five sweeps: the first desk without a slot, then with one, then without; the second only once."""
    for number, word in enumerate(("NoSlot", "NoSlot", "SlotsOpen", "NoSlot", "NoSlot"), 1):
        at = NOON + number * timedelta(minutes=20)
        with opened(vigie.data, at) as store:
            sweep = store.begin_sweep(at, {"due": [FIRST]})
            fields: dict[str, Any] = {
                "sweep": sweep,
                "at": at,
                "reading": word,
                "time_zone": "Europe/Paris",
                "selector": "form",
            }
            keep(store, check=FIRST, **fields)
            if number == 1:
                keep(store, check=SECOND, **fields)
            store.end_sweep(sweep, at, {})
            store.barrier(at)
    return vigie


def state(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file that keeps something (SQLite makes and removes two beside the database)."""
    files = [p for p in folder.rglob("*") if p.is_file() and not p.name.endswith(("-wal", "-shm"))]
    return {str(p): (p.stat().st_mtime_ns, p.stat().st_size) for p in files}


# --- an empty folder --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", [("status",), ("history", "95"), ("history", FIRST), ("list",), ("status", "95"), ("outbox",)]
)
def test_an_empty_folder_is_no_error_and_stays_empty(vigie: Vigie, words: tuple[str, ...]) -> None:
    done = vigie(*words)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
    assert not vigie.data.exists()


def test_an_empty_folder_as_json(vigie: Vigie) -> None:
    assert vigie("history", "95", "--json").stdout == ""
    assert isinstance(vigie.json("status"), list)
    assert vigie.json("list")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("history", "95/no-such-desk"), "nothing is declared as 95/no-such-desk"),
        (("status", FIRST), f"`vigie history {FIRST}`"),
        (("table", FIRST), f"`vigie history {FIRST}`"),
        (("check", "95", "--procedure", "zz"), "known: first_request, renewal"),
    ],
)
def test_a_name_that_stands_for_nothing_here_is_one_sentence(vigie: Vigie, words: tuple[str, ...], says: str) -> None:
    done = vigie(*words, "--lang", "en")
    assert (done.returncode, done.stderr.count("\n"), says in done.stderr) == (64, 1, True), done.stderr


# --- list -------------------------------------------------------------------------------------------------------------


def test_list_tells_every_declared_prefecture(vigie: Vigie) -> None:
    told = vigie.json("list")
    declared = load("prefectures").prefectures
    assert [one["code"] for one in told] == [one.code for one in declared]
    for shown, one in zip(told, declared, strict=True):
        assert len(shown["desks"]) == len(one.desks)
        assert bool(shown["no_desk"]) is (not one.active_desks)
        assert all(desk["source"] and desk["confidence"] != "guess" for desk in shown["desks"])


def test_list_for_people_says_why_there_is_no_desk(vigie: Vigie) -> None:
    done = vigie("list", "33", "val-doise")
    assert "Gironde" in done.stdout
    assert load("prefectures").find("33").no_desk in done.stdout  # type: ignore[operator]
    assert FIRST in done.stdout
    assert "https://www.val-doise.gouv.fr/booking/create/13860" in done.stdout


# --- status and history -----------------------------------------------------------------------------------------------


def test_status_shows_the_last_reading_since_when_and_the_words(full: Vigie) -> None:
    before = state(full.data)
    done = full("status", "--lang", "en")
    lines = [line for line in done.stdout.splitlines() if FIRST in line and "never" not in line]
    assert len(lines) == 1
    assert "no slot, says the site" in lines[0]
    assert "«\N{NO-BREAK SPACE}Il n'existe plus de plage horaire libre" in lines[0]
    assert lines[0].index("2026-11-21 14:40 +0100") < lines[0].index("2026-11-21 14:20 +0100")
    assert OTHER in done.stdout, "never looked at, and said so"
    assert state(full.data) == before, "looking changes nothing"


def test_history_is_newest_last_and_keeps_counter_evidence(full: Vigie) -> None:
    told = [json.loads(line) for line in full("history", FIRST, "--json").stdout.splitlines()]
    assert [one["reading"] for one in told] == ["NoSlot", "NoSlot", "SlotsOpen", "NoSlot", "NoSlot"]
    assert [one["seq"] for one in told] == sorted(one["seq"] for one in told)
    assert "créneau affiché" in full("history", FIRST).stdout


@pytest.mark.parametrize(
    ("words", "count"),
    [(("95",), 6), ((FIRST,), 5), ((SECOND,), 1), (("95", "--last", "2"), 2), (("95", "--last", "0"), 6), (("38",), 0)],
)
def test_history_of_a_prefecture_or_a_desk_and_how_much_of_it(full: Vigie, words: tuple[str, ...], count: int) -> None:
    lines = full("history", *words, "--json").stdout.splitlines()
    assert len(lines) == count
    if "--last" in words and count:
        assert json.loads(lines[-1])["seq"] == 5, "the last are the newest"


def test_a_folder_that_cannot_be_read_is_one_sentence_and_exit_74(full: Vigie) -> None:
    (full.data / "vigie.db").write_bytes(b"not a database, and longer than a header of one hundred bytes" * 3)
    for name in ("vigie.db-wal", "vigie.db-shm"):
        (full.data / name).unlink(missing_ok=True)
    for words in (("status",), ("history", "95"), ("run",)):
        done = full(*words)
        assert done.returncode == 74
        assert done.stderr.count("\n") == 1
        assert "vigie.db" in done.stderr


def test_status_reads_a_copy_made_elsewhere(full: Vigie, tmp_path: Path) -> None:
    shutil.copytree(full.data, tmp_path / "copy")
    done = Vigie(tmp_path / "copy", full.config)("history", FIRST, "--json")
    assert len(done.stdout.splitlines()) == 5


# --- config check -----------------------------------------------------------------------------------------------------


def test_config_check_shows_what_is_in_force(vigie: Vigie) -> None:
    told = vigie.json("config", "check")
    assert told["operator"]["contact"] == "ops@example.org"
    assert told["pace"]["calendar_minutes"] == 20
    done = vigie("config", "check", "--lang", "en")
    assert done.returncode == 0
    assert "monitor.toml" in done.stdout
    assert "No contact is set" not in done.stdout


def test_config_check_without_a_contact_says_how_to_set_one(tmp_path: Path) -> None:
    config = tmp_path / "monitor.toml"
    config.write_text("[watch]\nprefectures = []\n")
    done = Vigie(tmp_path / "data", config)("config", "check", "--lang", "en")
    assert done.returncode == 0
    assert "[operator] contact" in done.stdout


def test_a_settings_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    done = Vigie(tmp_path / "data", tmp_path / "absent.toml")("status")
    assert done.returncode == 78
    assert done.stderr.count("\n") == 1
    assert "absent.toml" in done.stderr


# --- while a sweep runs -----------------------------------------------------------------------------------------------


@pytest.fixture
def hanging(tmp_path: Path) -> Iterator[Vigie]:
    with in_process(tmp_path / "ca", "--time-scale", "0.02") as simulator:
        simulator.show("www.val-doise.gouv.fr", "/booking/create/*", "hang")
        yield Vigie(tmp_path / "data", settings(tmp_path, simulator))


def test_looking_does_not_wait_for_a_sweep(hanging: Vigie) -> None:
    sweep = hanging.start("check", FIRST, OTHER)
    try:
        seen = ""
        begun = datetime.now().astimezone()
        while OTHER not in seen or "never" in seen:
            seen = hanging("history", OTHER, "--json").stdout
            assert datetime.now().astimezone() - begun < timedelta(seconds=15)
        assert sweep.poll() is None, "the sweep still waits for the other site"
    finally:
        sweep.terminate()
        assert sweep.communicate(timeout=120)
    assert sweep.returncode == 143
