"""The promise of the README: kill -9 loses no finished check; loss of power loses at most what no barrier covered."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from monitor.core.errors import LockedError
from monitor.store.blobs import Blobs
from monitor.store.files import hold
from monitor.store.records import Records
from monitor.store.schema import FILE
from monitor.store.store import reading
from tests.support.records import NOON, keep, opened, sweeping

ROOT = Path(__file__).resolve().parents[2]
DIGEST = re.compile(rb'_sha256":"([0-9a-f]{64})"')


def appender(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.support.appender", str(folder), *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def assert_whole(records: Records, blobs: Blobs) -> None:
    """Every line names blobs that are there, and every number is there once."""
    lines = list(records.lines())
    assert [seq for seq, _line in lines] == list(range(records.size()))
    for _seq, line in lines:
        for digest in DIGEST.findall(line):
            assert blobs.get(digest.decode())


def test_killed_anywhere_no_finished_check_is_lost(tmp_path: Path) -> None:
    chance = Random(20)
    announced = -1
    for _round in range(20):
        child = appender(tmp_path)
        assert child.stdout is not None
        assert child.stdout.readline() == "begun\n"
        with pytest.raises(LockedError), hold(tmp_path):
            pass
        said = [int(child.stdout.readline()) for _check in range(chance.randrange(12))]
        time.sleep(chance.uniform(0, 0.003))  # so that the kill falls anywhere in a check, not just after one
        child.send_signal(signal.SIGKILL)
        said += [int(line) for line in child.stdout.read().split()]
        assert child.wait() == -signal.SIGKILL
        announced = max([announced, *said])
        with opened(tmp_path) as store:  # the lock went with the process
            assert store.records.size() in (announced + 1, announced + 2), "the last may be committed and not yet said"
            assert store.records.damages() == []
            assert store.one("PRAGMA integrity_check", ()) == ("ok",)
            assert_whole(store.records, store.blobs)
            announced = store.records.size() - 1
    assert announced > 40
    with reading(tmp_path) as found:
        assert found is not None
        assert [sweep.finished for sweep in found[0].sweeps()] == [None] * 20


def test_a_disk_that_fills_up_keeps_what_was_announced(tmp_path: Path) -> None:
    child = appender(tmp_path, "400000")
    said = child.communicate(timeout=120)[0].splitlines()
    assert child.returncode == 0
    assert re.search("no room is left|failed", said[-1])
    numbers = [int(line) for line in said[1:-1]]
    assert len(numbers) > 5
    with opened(tmp_path) as store:
        assert store.records.size() == len(numbers)
        assert store.records.damages() == []
        assert_whole(store.records, store.blobs)
        number = store.begin_sweep(NOON, {})
        keep(store, sweep=number, bodies={"head": b"room again"})


# --- loss of power ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Before:
    """A data folder as the disk may hold it. covered: observations up to the last barrier; wal, pack: sizes then."""

    folder: Path
    covered: int
    size: int
    wal: int
    pack: int


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Before:
    work, folder = tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("power") / "data"
    with sweeping(work) as (store, _number):
        for i in range(8):
            keep(store, check=f"95/desk-{i % 3}", bodies={"head": b"head %d" % i, "body": b"page %d " % i * 300})
        store.barrier(NOON)
        wal, pack = (work / f"{FILE}-wal").stat().st_size, (work / "store/packs/000000001.pack").stat().st_size
        for i in range(8, 14):
            bodies = {"head": b"head %d" % i, "body": Random(i).randbytes(5000), "again": b"head 3"}
            keep(store, check=f"95/desk-{i % 3}", bodies=bodies, reading="Closed")
        shutil.copytree(work, folder)
    (folder / f"{FILE}-shm").unlink()
    return Before(folder, 8, 14, wal, pack)


def tear(file: Path, synced: int, how: str, chance: Random) -> None:
    """What a disk may hold of a file whose last bytes were never synced."""
    data = bytearray(file.read_bytes())
    at = chance.randrange(synced, len(data) + 1)
    match how:
        case "cut":
            del data[at:]
        case "zeros":
            data[at:] = bytes(len(data) - at)
        case "hole":
            end = min(at + 512, len(data))
            data[at:end] = bytes(end - at)
        case "noise":
            end = min(at + 64, len(data))
            data[at:end] = chance.randbytes(end - at)
        case "gone":
            del data[synced:]
    file.write_bytes(data)


@pytest.mark.parametrize("pack", ["cut", "zeros", "hole", "noise", "gone", "kept"])
@pytest.mark.parametrize("wal", ["cut", "zeros", "hole", "noise", "gone", "kept"])
def test_loss_of_power_costs_at_most_what_no_barrier_covered(
    before: Before, tmp_path: Path, wal: str, pack: str
) -> None:
    chance = Random(f"{wal} {pack}")
    for round_ in range(3):
        folder = shutil.copytree(before.folder, tmp_path / str(round_))
        with reading(shutil.copytree(before.folder, tmp_path / f"whole {round_}")) as found:
            assert found is not None
            lines = list(found[0].lines())
        tear(folder / f"{FILE}-wal", before.wal, wal, chance)
        tear(folder / "store/packs/000000001.pack", before.pack, pack, chance)
        with opened(folder) as store:
            kept = list(store.records.lines())
            damaged = {seq for seq, _at, _what in store.records.damages()}
            assert kept == lines[: len(kept)], "a prefix, each line as it was"
            assert len(kept) >= before.covered
            assert not damaged & set(range(before.covered)), "what a barrier covered is whole"
            if wal == "kept":
                assert len(kept) == before.size
            if pack == "kept":
                assert not damaged
            for seq, line in kept:
                sound = all(store.blobs.is_sound(digest.decode()) for digest in DIGEST.findall(line))
                assert sound != (seq in damaged), "declared if and only if its bytes are not there"
            assert store.one("PRAGMA integrity_check", ()) == ("ok",)
        with opened(folder) as again:
            assert {seq for seq, _at, _what in again.records.damages()} == damaged


def test_damage_is_marked_never_counted_and_can_be_seen_again(before: Before, tmp_path: Path) -> None:
    folder = shutil.copytree(before.folder, tmp_path / "data")
    tear(folder / "store/packs/000000001.pack", before.pack, "gone", Random(0))
    with opened(folder) as store:
        assert [seq for seq, _at, _what in store.records.damages()] == list(range(8, 14))
        assert all(re.fullmatch("blob [0-9a-f]{64}", what) for _seq, _at, what in store.records.damages())
        assert {standing.row.seq for standing in store.records.latest().values()} == {5, 6, 7}
        assert [row.damaged for row in store.records.history("95")] == [True] * 6 + [False] * 8
        assert store.records.size() == 14, "what is damaged stays"
        number = store.begin_sweep(NOON, {})
        keep(store, sweep=number, bodies={"head": b"head 9"})  # the very bytes that were lost
        (head,) = DIGEST.findall(next(store.records.lines(14))[1])
        assert store.blobs.get(head.decode()) == b"head 9"
        keep(store, sweep=number, check="95/desk-0")
        assert store.records.latest()["95/desk-0"].since == NOON, "NoSlot all along, as far as counted"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line[:-1],
        lambda line: line.replace(b":", b": ", 1),
        lambda line: line.replace(b'"seq":1', b'"seq":7'),
    ],
    ids=["cut", "not canonical", "another number"],
)
def test_a_line_that_is_not_what_was_written_is_declared(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    with sweeping(tmp_path) as (store, _number):
        keep(store)
        store.barrier(NOON)
        keep(store, check="2A/aes")
        with store.transaction() as tx:
            (trigger,) = tx.db.execute("SELECT sql FROM sqlite_master WHERE name = 'observation_no_update'").fetchone()
            tx.db.execute("DROP TRIGGER observation_no_update")
            (line,) = tx.db.execute("SELECT line FROM observation WHERE seq = 1").fetchone()
            tx.db.execute("UPDATE observation SET line = ? WHERE seq = 1", (spoil(line),))
            tx.db.execute(trigger)
    with opened(tmp_path) as store:
        assert store.records.damages() == [(1, NOON, "line")]
        assert list(store.records.latest()) == ["95/renewal"]


# --- what a barrier costs ---------------------------------------------------------------------------------------------


def test_a_barrier_is_one_sync_of_the_pack_and_one_full_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr(os, "fdatasync", lambda handle: calls.append("fdatasync"))
    monkeypatch.setattr(os, "fsync", lambda handle: calls.append("fsync"))

    def statement(sql: str) -> None:
        if sql.startswith(("PRAGMA synchronous", "COMMIT")):
            calls.append(sql.removeprefix("PRAGMA synchronous="))

    with sweeping(tmp_path) as (store, _number):
        with store.transaction() as tx:
            tx.db.set_trace_callback(statement)
        calls.clear()
        for i in range(50):
            keep(store, bodies={"head": b"%d" % i})
        assert calls == ["COMMIT"] * 50, "a check waits for no disk"
        calls.clear()
        store.barrier(NOON)
        assert calls == ["fdatasync", "FULL", "COMMIT", "NORMAL"], "blobs first"
        calls.clear()
        store.barrier(NOON)
        assert calls == []


def test_an_opening_after_a_clean_end_syncs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sweeping(tmp_path) as (store, _number):
        keep(store, bodies={"head": b"bytes"})
        store.barrier(NOON)
    synced: list[int] = []
    monkeypatch.setattr(os, "fdatasync", synced.append)
    with opened(tmp_path) as store:
        assert synced == []


def test_an_opening_after_a_kill_covers_what_it_checked(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        keep(store, bodies={"head": b"bytes"})
    for _opening in range(2):
        with opened(tmp_path) as store:
            assert store.one("SELECT count(*), max(seq) FROM barrier", ()) == (1, 0)
