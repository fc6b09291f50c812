"""A database belongs to the log beside it; where it does not, nothing is done, and `vigie rebuild` makes it again."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.core.errors import StoreError
from monitor.evidence.folder import SweepFolders
from monitor.evidence.seal import Evidence
from monitor.store.beside import beside
from monitor.store.forward import bring_forward
from monitor.store.schema import UnfitDatabaseError
from monitor.store.store import reading
from tests.support.commands import Vigie
from tests.support.exporting import DESK, FIRST, NO_SLOT, OPEN, SKIPPED, fill, observe, seal
from tests.support.records import opened

SAID = [NO_SLOT, OPEN, SKIPPED, NO_SLOT, NO_SLOT]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Five sealed sweeps, one of which left its check out."""
    folder = tmp_path / "data"
    fill(folder, SAID)
    seal(folder)
    return folder


@pytest.fixture
def vigie(data: Path, tmp_path: Path) -> Callable[..., str]:
    """Runs a command in English: its exit code, a line feed, and what it says on both outputs."""
    config = tmp_path / "monitor.toml"
    config.write_text("[timestamps]\npresets = []\n", encoding="utf-8")

    def call(*words: str | Path) -> str:
        done = Vigie(data, config)(*words, "--lang", "en")
        return f"{done.returncode}\n{done.stdout}{done.stderr}"

    return call


def gone(data: Path) -> None:
    for file in data.glob("vigie.db*"):
        file.unlink()


def emptied(data: Path) -> None:
    gone(data)
    (data / "vigie.db").touch()


def journal_left(data: Path) -> None:
    gone(data)
    (data / "vigie.db-wal").write_bytes(b"\x37\x7f\x06\x82" * 1024)


def begun_anew(data: Path) -> None:
    """As after a disk that was replaced: sweeps of a new database, as many as the log has and more."""
    _other(data, [OPEN] * 7)
    _at_other_instants(data)


def older(data: Path) -> None:
    """As after an older copy was put back: the same history, shorter."""
    _other(data, SAID[:3])


def another_history(data: Path) -> None:
    """The same number of sweeps and observations, of another monitor: none began at the same instant."""
    _other(data, SAID)
    _at_other_instants(data)


def _at_other_instants(data: Path) -> None:
    with closing(sqlite3.connect(data / "vigie.db")) as db:
        db.execute("DROP TRIGGER sweep_no_update")
        db.execute("UPDATE sweep SET started = started + 1")
        db.commit()


def torn(data: Path) -> None:
    with closing(sqlite3.connect(data / "vigie.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (data / "vigie.db").open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(8192))


def _other(data: Path, said: list[dict[str, object]]) -> None:
    other = data.with_name("other")
    fill(other, said)
    with closing(sqlite3.connect(other / "vigie.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    gone(data)
    shutil.copy(other / "vigie.db", data / "vigie.db")
    shutil.rmtree(other)


FAULTS = [gone, emptied, journal_left, begun_anew, older, another_history]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_database_that_is_not_the_logs_is_refused_whoever_opens_it(data: Path, fault: Callable[[Path], None]) -> None:
    fault(data)
    before = {path.name for path in data.iterdir()}
    with pytest.raises(UnfitDatabaseError, match="`vigie restore` a backup, or `vigie rebuild`"), reading(data):
        pass
    with pytest.raises(UnfitDatabaseError), opened(data):
        pass
    with pytest.raises(UnfitDatabaseError), beside(data):
        pass
    assert {path.name for path in data.iterdir()} <= before | {"lock", "vigie.db-wal", "vigie.db-shm"}


@pytest.mark.parametrize("fault", [gone, another_history])
@pytest.mark.parametrize(
    "command",
    ["status", "history 95", "table", "stats", "export 95", "health", "gc", "subscribers list", "outbox", "check 95"],
)
def test_every_command_says_it_in_one_sentence(
    data: Path, vigie: Callable[..., str], fault: Callable[[Path], None], command: str
) -> None:
    fault(data)
    code, *said = vigie(*command.split()).splitlines()
    assert code == "74"
    assert len(said) == 1
    assert "vigie.db is not the database of the sealed log beside it" in said[0]


def test_the_doctor_says_it_too(data: Path, vigie: Callable[..., str]) -> None:
    gone(data)
    said = vigie("doctor")
    assert said.startswith("1\n")
    assert "is not the database of the sealed log beside it" in said


def test_a_log_that_lags_behind_its_database_is_as_it_should_be(data: Path) -> None:
    with opened(data, FIRST + timedelta(days=1)) as store:
        sweep = store.begin_sweep(FIRST + timedelta(days=1), {"due": [DESK], "skipped": []})
        observe(store, sweep, FIRST + timedelta(days=1), OPEN)
    with reading(data) as found:
        assert found is not None
        assert found[0].size() == 5
        Evidence(data).seal(found[0], FIRST + timedelta(days=2))


def told(vigie: Callable[..., str], *words: str) -> str:
    return vigie(*words).partition("\n")[2]


def tables(data: Path) -> dict[str, list[tuple[object, ...]]]:
    """What the database says of sweeps, observations and bodies, in words that do not depend on how it was filled."""
    queries = {
        "sweep": "SELECT number, started, first_seq, plan FROM sweep",
        "sweep_end": "SELECT * FROM sweep_end",
        "observation": "SELECT seq, key, sweep, started, reading, detail, simulated, since FROM observation "
        "JOIN subject ON id = subject",
        "blob": "SELECT digest, file, offset FROM blob JOIN pack ON id = pack ORDER BY digest",
        "bundle": "SELECT seq, file, offset FROM bundle JOIN pack ON id = pack ORDER BY seq",
        "shot": "SELECT * FROM shot",
        "last": "SELECT key, visited, good, facts, pictured FROM last JOIN subject ON id = subject ORDER BY key",
        "tally": "SELECT key, day, what, kind.simulated, reading, detail, first_day, hours FROM tally "
        "JOIN subject ON subject.id = subject JOIN kind ON kind.id = kind ORDER BY key, day, what, reading, detail",
        "tallied": "SELECT * FROM tallied",
    }
    with closing(sqlite3.connect(data / "vigie.db")) as db:
        return {name: db.execute(query).fetchall() for name, query in queries.items()}


@pytest.mark.parametrize("fault", [*FAULTS, torn])
def test_rebuilt_it_says_what_it_said_before(
    data: Path, vigie: Callable[..., str], fault: Callable[[Path], None]
) -> None:
    commands = ("history", "95"), ("stats", "--csv"), ("verify", "--all", "--replay")
    with opened(data) as store, store.transaction() as tx:
        assert bring_forward(tx.db, store.records, FIRST + timedelta(days=30)) == 5
    before = [vigie(*words) for words in commands], tables(data)
    fault(data)
    said = vigie("rebuild")
    assert said.startswith("0\nThe database was made again from the sealed log: 5 sweeps, 4 observations, 4 pages.")
    assert ([vigie(*words) for words in commands], tables(data)) == before
    assert vigie("export", "95", "--out", data.with_name("out")).startswith("0\n")
    assert vigie("rebuild") == (
        "0\nThe database and the hashes are those of the sealed log: nothing was to be made again.\n"
    )
    assert {path.name for path in data.iterdir() if "rebuilding" in path.name} == set()


def test_the_log_goes_on_from_a_database_made_again(data: Path, vigie: Callable[..., str]) -> None:
    gone(data)
    vigie("rebuild")
    at = FIRST + timedelta(days=1)
    with opened(data, at) as store:
        observe(store, store.begin_sweep(at, {"due": [DESK], "skipped": []}), at, OPEN)
        store.barrier(at)
        assert store.records.damages() == []
        Evidence(data).seal(store.records, at)
    newest = SweepFolders(data / "evidence").latest()
    assert newest is not None
    assert newest.number == 6
    assert "ÉCHEC" not in vigie("verify", "--all")


def test_what_was_there_is_put_aside_and_what_no_log_holds_is_taken_over(data: Path, vigie: Callable[..., str]) -> None:
    older(data)
    with beside_anyway(data) as db:
        db.execute("INSERT INTO host_state VALUES ('www.ain.gouv.fr', '{}')")
        db.execute("INSERT INTO suppression VALUES (x'00', 1)")
        db.commit()
    rebuilt = json.loads(told(vigie, "rebuild", "--json"))
    assert Path(rebuilt["aside"]).is_file()
    assert rebuilt["taken_over"]["host_state"] == rebuilt["taken_over"]["suppression"] == 1
    with closing(sqlite3.connect(data / "vigie.db")) as db:
        assert db.execute("SELECT host FROM host_state").fetchall() == [("www.ain.gouv.fr",)]
    with closing(sqlite3.connect(rebuilt["aside"])) as db:
        assert db.execute("SELECT max(number) FROM sweep").fetchone() == (3,)


def beside_anyway(data: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(data / "vigie.db"))


def test_a_sweep_that_died_and_a_record_that_was_torn_come_back_as_they_were_sealed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    fill(data, [NO_SLOT])
    seal(data)
    at = FIRST + timedelta(hours=1)
    with opened(data, at) as store:
        sweep = store.begin_sweep(at, {"due": [DESK], "skipped": []})
        observe(store, sweep, at, NO_SLOT, anchor=Evidence(data).anchor())
        store.end_sweep(sweep, at + timedelta(minutes=2), {"skipped": []})
        store.begin_sweep(at + timedelta(days=1), {"due": [DESK], "skipped": []})
    (data / "store/journal/000000002.jsonl").write_bytes(b'{"\n')  # as a loss of power left it
    with closing(sqlite3.connect(data / "vigie.db")) as db:
        db.execute("INSERT INTO declared_damage VALUES (1, 0, 'line')")
        db.commit()
    seal(data)
    before = tables(data)
    gone(data)
    (tmp_path / "monitor.toml").write_text("[timestamps]\npresets = []\n", encoding="utf-8")
    assert Vigie(data, tmp_path / "monitor.toml")("rebuild").returncode == 0
    after = tables(data)
    assert after["sweep"] == before["sweep"]
    assert after["sweep_end"] == before["sweep_end"]
    with reading(data) as found:
        assert found is not None
        assert [(seq, what) for seq, _at, what in found[0].damages()] == [(1, "line")]
        assert [*found[0].lines(1, 2)] == [(1, b"\x7b\x22")]


@pytest.mark.parametrize("cut", [0, 17, 32, 64, 128])
def test_hashes_that_were_cut_are_refused_and_made_again(data: Path, vigie: Callable[..., str], cut: int) -> None:
    leaves = data / "evidence" / "log" / "level-00"
    whole = leaves.read_bytes()
    leaves.write_bytes(whole[: len(whole) - cut] if cut else b"\x00" * len(whole))
    at = FIRST + timedelta(days=1)
    if cut:
        with opened(data, at) as store:
            observe(store, store.begin_sweep(at, {"due": [DESK], "skipped": []}), at, OPEN)
            with pytest.raises(StoreError, match="`vigie rebuild` makes them again"):
                Evidence(data).seal(store.records, at)
    assert "The log's hashes were made again from its records." in vigie("rebuild")
    assert leaves.read_bytes()[: len(whole)] == whole
    assert "nothing was to be made again" in vigie("rebuild")


def test_nothing_is_made_from_a_log_that_does_not_verify(data: Path, vigie: Callable[..., str]) -> None:
    gone(data)
    (folder,) = data.glob("evidence/sweeps/*/*/*/000000003")
    shutil.rmtree(folder)
    said = vigie("rebuild")
    assert said.startswith("74\nvigie: the sealed log does not verify (number sweeps/")
    assert not (data / "vigie.db").exists()


def test_nothing_is_made_where_nothing_was_sealed(tmp_path: Path) -> None:
    (tmp_path / "monitor.toml").write_text("[timestamps]\npresets = []\n", encoding="utf-8")
    fill(tmp_path / "data", [NO_SLOT])
    done = Vigie(tmp_path / "data", tmp_path / "monitor.toml")("rebuild", "--lang", "en")
    assert (done.returncode, done.stderr.count("\n")) == (64, 1)
