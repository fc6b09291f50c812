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
    """Every line names bytes that are there, and every number is there once."""
    lines = list(records.lines())
    assert [seq for seq, _line in lines] == list(range(records.size()))
    for seq, line in lines:
        for digest in DIGEST.findall(line):
            assert blobs.get(digest.decode(), seq)


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
            assert store.records.size() in (announced + 1, announced + 2), "the last may be kept and not yet said"
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

JOURNAL, PACK = "store/journal/000000001.jsonl", "store/packs/000000001.pack"


@dataclass(frozen=True)
class Before:
    """A data folder as the disk may hold it. covered: observations up to the last barrier; size: all that were kept;
    synced: bytes of each file by then.
    """

    folder: Path
    covered: int
    size: int
    synced: dict[str, int]


def bodies_of(i: int) -> dict[str, bytes]:
    return {"head": b"head %d" % i, "decoded_body": b"page %d " % i * 300 + Random(i).randbytes(2000)}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Before:
    work, folder = tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("power") / "data"
    with sweeping(work) as (store, _number):
        for i in range(14):
            keep(store, check=f"95/desk-{i % 3}", bodies=bodies_of(i), covered=i == 7)
            if i == 7:
                synced = {name: (work / name).stat().st_size for name in (f"{FILE}-wal", JOURNAL, PACK)}
        shutil.copytree(work, folder)
    (folder / f"{FILE}-shm").unlink()
    return Before(folder, 8, 14, synced)


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
@pytest.mark.parametrize("journal", ["cut", "zeros", "hole", "noise", "gone", "kept"])
def test_loss_of_power_costs_at_most_what_no_barrier_covered(
    before: Before, tmp_path: Path, journal: str, pack: str
) -> None:
    """What is left is a beginning of what was kept, each record with its bytes, and nothing damaged in it."""
    chance = Random(f"{journal} {pack}")
    written = (before.folder / JOURNAL).read_bytes().splitlines()
    for round_ in range(3):
        folder = shutil.copytree(before.folder, tmp_path / str(round_))
        for name, how in ((JOURNAL, journal), (PACK, pack)):
            tear(folder / name, before.synced[name], how, chance)
        with opened(folder) as store:
            kept = [line for _seq, line in store.records.lines()]
            assert kept == written[: len(kept)]
            assert len(kept) >= before.covered
            if journal == pack == "kept":
                assert len(kept) == before.size
            assert store.records.damages() == []
            assert_whole(store.records, store.blobs)
            assert store.one("PRAGMA integrity_check", ()) == ("ok",)
            number = store.begin_sweep(NOON, {})
            keep(store, sweep=number, bodies=bodies_of(13))  # and it goes on
        with opened(folder) as again:
            assert [line for _seq, line in again.records.lines()][:-1] == kept
            assert_whole(again.records, again.blobs)


@pytest.mark.parametrize("how", ["cut", "zeros", "hole", "noise", "gone"])
def test_no_row_is_on_the_disk_before_its_line(before: Before, tmp_path: Path, how: str) -> None:
    """A journal of the database that was torn behind the last barrier takes no record with it."""
    folder = shutil.copytree(before.folder, tmp_path / "data")
    tear(folder / f"{FILE}-wal", before.synced[f"{FILE}-wal"], how, Random(how))
    with opened(folder) as store:
        assert store.records.size() == before.size
        assert_whole(store.records, store.blobs)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line[:-1],
        lambda line: line.replace(b":", b": ", 1),
        lambda line: line.replace(b'"seq":1', b'"seq":7'),
    ],
    ids=["cut", "not canonical", "another number"],
)
def test_a_line_that_is_not_what_was_written_is_not_brought_in(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    with sweeping(tmp_path) as (store, _number):
        keep(store)
        for check in ("2A/aes", "2A/other"):
            keep(store, check=check, covered=False)
    first, second, third = (tmp_path / JOURNAL).read_bytes().splitlines()
    (tmp_path / JOURNAL).write_bytes(b"\n".join((first, spoil(second), third, b"")))
    with opened(tmp_path) as store:
        assert [*store.records.lines()] == [(0, first)]
        assert (tmp_path / JOURNAL).read_bytes() == first + b"\n"
        assert list(store.records.latest()) == ["95/renewal"]


# --- what a barrier costs ---------------------------------------------------------------------------------------------


def test_a_barrier_is_a_sync_of_pack_and_journal_and_one_full_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(os, "fdatasync", lambda handle: calls.append("fdatasync"))
    monkeypatch.setattr(os, "fsync", lambda handle: calls.append("fsync"))

    def statement(sql: str) -> None:
        if sql.startswith(("PRAGMA synchronous", "COMMIT")):
            calls.append(sql.removeprefix("PRAGMA synchronous="))

    with sweeping(tmp_path) as (store, _number):
        with store.transaction() as tx:
            tx.db.set_trace_callback(statement)
        store.barrier(NOON)
        calls.clear()
        for i in range(50):
            keep(store, bodies={"head": b"%d" % i}, covered=False)
        assert calls == [], "a check waits for no disk and for no database"
        store.barrier(NOON)
        assert calls == ["fdatasync", "fdatasync", "FULL", "COMMIT", "NORMAL"], "bytes and lines first"
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
        keep(store, bodies={"head": b"bytes"}, covered=False)
    for _opening in range(2):
        with opened(tmp_path) as store:
            assert store.one("SELECT count(*), max(seq) FROM barrier", ()) == (1, 0)
