"""`vigie doctor` over a data folder with a planted fault: each is said, with what to do, and changes nothing."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.evidence.key import LogSigner
from monitor.evidence.seal import Evidence
from monitor.store.mend import examine
from tests.support.commands import Vigie
from tests.support.exporting import DESK, FIRST, NO_SLOT, OPEN, fill, observe, seal
from tests.support.records import opened

QUIET = """[probes]
hosts = ["https://127.0.0.1:1/", "https://127.0.0.2:1/"]
dns = "nothing.invalid"
[resolver]
servers = ["127.0.0.1"]
[browser]
binary = "/absent"
[timestamps]
presets = []
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    fill(folder, [NO_SLOT, OPEN, NO_SLOT])
    seal(folder)
    with closing(sqlite3.connect(folder / "vigie.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


def findings(data: Path) -> dict[str, tuple[str, str]]:
    """State and words, by what was examined."""
    config = data.with_name("monitor.toml")
    config.write_text(QUIET, encoding="utf-8")
    told = json.loads(Vigie(data, config)("doctor", "--json", "--lang", "en").stdout)["findings"]
    assert all(one["todo"] for one in told if one["state"] != "OK" and one["about"] != "clock")
    return {one["about"]: (one["state"], one["says"]) for one in told}


def no_database(data: Path) -> None:
    (data / "vigie.db").unlink()


def torn_page(data: Path) -> None:
    with (data / "vigie.db").open("r+b") as file:
        (page,) = _one(data, "SELECT rootpage FROM sqlite_master WHERE name = 'subject'")
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 512)


def _one(data: Path, query: str) -> tuple[int]:
    with closing(sqlite3.connect(data / "vigie.db")) as db:
        found: tuple[int] = db.execute(query).fetchone()
    return found


def cut_pack(data: Path) -> None:
    pack = next((data / "store" / "packs").iterdir())
    pack.write_bytes(pack.read_bytes()[:-3])


def no_pack(data: Path) -> None:
    next((data / "store" / "packs").iterdir()).unlink()


def lost_sweep(data: Path) -> None:
    (folder,) = data.glob("evidence/sweeps/*/*/*/000000002")
    shutil.rmtree(folder)


def cut_hashes(data: Path) -> None:
    leaves = data / "evidence" / "log" / "level-00"
    leaves.write_bytes(leaves.read_bytes()[:-17])


def left_unsealed(data: Path) -> None:
    with opened(data, FIRST + timedelta(days=1)) as store:
        for _ in range(2):
            observe(store, store.begin_sweep(FIRST, {"due": [DESK]}), FIRST + timedelta(days=1), OPEN)


def no_key(data: Path) -> None:
    (data / "keys" / "log.key").unlink()


def garbage_key(data: Path) -> None:
    (data / "keys" / "log.key").write_text("garbage")


def another_key(data: Path) -> None:
    LogSigner(data / "other")
    shutil.copy(data / "other" / "log.key", data / "keys" / "log.key")


def empty_origin(data: Path) -> None:
    (data / "keys" / "origin").write_text("")


@pytest.mark.parametrize(
    ("fault", "about", "state", "words"),
    [
        (no_database, "database", "FAIL", "there is none, and the log has 3 sweeps"),
        (torn_page, "database", "FAIL", "vigie.db is damaged"),
        (cut_pack, "packs", "FAIL", "is gone, or shorter than it was"),
        (no_pack, "packs", "FAIL", "is gone, or shorter than it was"),
        (lost_sweep, "log", "FAIL", "sealed sweeps are gone: 2"),
        (cut_hashes, "log", "FAIL", "its hashes were cut"),
        (left_unsealed, "log", "WARN", "sealed up to sweep 3, 2 later ones are not"),
        (no_key, "keys", "FAIL", "the log's key is gone"),
        (garbage_key, "keys", "FAIL", "is not the key of a log"),
        (another_key, "keys", "FAIL", "is not the one of this log"),
        (empty_origin, "keys", "FAIL", "is not the log's name"),
    ],
)
def test_a_planted_fault_is_said(data: Path, fault: Callable[[Path], None], about: str, state: str, words: str) -> None:
    before = findings(data)
    assert before[about][0] == ("WARN" if about == "keys" else "OK")  # never copied
    fault(data)
    after = findings(data)
    assert after[about][0] == state
    assert words in after[about][1]
    others = before.keys() - {about}
    if about != "database":
        assert {one: after[one][0] for one in others} == {one: before[one][0] for one in others}


def test_an_announced_change_of_key_is_no_trouble(data: Path) -> None:
    LogSigner(data / "keys").prepare_change()
    for _ in range(3):  # announced, taken over, gone on
        with opened(data, FIRST + timedelta(days=1)) as store:
            observe(store, store.begin_sweep(FIRST, {"due": [DESK]}), FIRST + timedelta(days=1), OPEN)
            store.barrier(FIRST)
            Evidence(data).seal(store.records, FIRST + timedelta(days=2))
        assert findings(data)["keys"][0] == "WARN"  # never copied


def test_an_examination_that_has_no_time_says_that_it_saw_a_sample(data: Path) -> None:
    assert examine.packs(data, within=-1).wrong is None
    assert not examine.packs(data, within=-1).whole
    assert examine.database(data).whole
