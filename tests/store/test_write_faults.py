"""Writes that fail, for real, at many points of a sweep and of its seal: a file that may not grow, a disk that is full.

What `Store.append` returned for is kept, whatever failed before and after it; and what is sealed is all of it.
"""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.core.errors import StoreError
from monitor.evidence.seal import Evidence
from monitor.evidence.verify.archive import FolderArchive
from monitor.evidence.verify.crypto import Verifiers
from monitor.evidence.verify.verify import verify_ledger
from monitor.store.schema import FILE
from monitor.store.sealed import EVIDENCE
from monitor.store.store import Store
from monitor.store.written.journal import journalled, kept_lines
from tests.support.records import NOON, keep, opened

LATER = NOON + timedelta(hours=1)
STEPS = ("check", "barrier", "end", "begin", "seal", "open")
FILES = ("store/journal/*.jsonl", "store/packs/*.pack", f"{FILE}-wal", FILE, "evidence/log/level-00", "nothing")


@dataclass
class Model:
    """What a folder must hold. kept: the lines that were appended; sweep: number of the one that runs, 0 for none."""

    data: Path
    kept: list[bytes] = field(default_factory=list)
    bodies: dict[int, bytes] = field(default_factory=dict)
    sweep: int = 0
    tries: int = 0

    def step(self, store: Store, what: str) -> None:
        """Do one thing as a run does it. Raises StoreError."""
        match what:
            case "begin":
                self.sweep = 0
                self.sweep = store.begin_sweep(NOON, {"due": []})
            case "check" if self.sweep:
                self.tries += 1
                body = b"page %d " % self.tries * 40 + Random(self.tries).randbytes(200 + self.tries * 97 % 3000)
                seq = store.next_seq()
                made = keep(
                    store, sweep=self.sweep, check=f"95/desk-{seq}", bodies={"decoded_body": body}, covered=False
                )
                self.kept.append(made)
                self.bodies[seq] = body
            case "barrier":
                store.barrier(NOON)
            case "end" if self.sweep:
                ending, self.sweep = self.sweep, 0
                store.end_sweep(ending, LATER, {"skipped": []})
            case "seal":
                self.sweep = 0  # a run seals when its sweep is over, however it ended
                Evidence(self.data).seal(store.records, LATER)
                store.let_go()

    def holds(self) -> None:
        """With room again: all of it is there to the byte, and sealed, once."""
        with opened(self.data) as store:
            assert [line for _seq, line in store.records.lines()] == self.kept
            assert [row.line for row in store.records.rows()] == self.kept
            assert store.records.damages() == []
            for seq, body in self.bodies.items():
                assert store.blobs.get(hashlib.sha256(body).hexdigest(), seq) == body
            Evidence(self.data).seal(store.records, LATER)
            store.let_go()
        assert unsealed(self.data) == 0
        with opened(self.data) as store:
            assert [line for _seq, line in store.records.lines()] == self.kept
        if (self.data / EVIDENCE / "sweeps").exists():
            sealed_whole(self.data, len(self.kept))


def unsealed(data: Path) -> int:
    """Lines that stand in journals. The journal of a sweep that could not even begin is empty."""
    return sum(len(kept_lines(data, sweep)) for sweep in journalled(data))


def sealed_whole(data: Path, count: int) -> None:
    """The log verifies and holds so many records. Made-up records have no id that follows from the sums before them."""
    report = verify_ledger(FolderArchive(data / EVIDENCE, packed=True), Verifiers())
    assert [str(one) for one in report.findings if one.failed and "(id)" not in str(one)] == []
    assert report.records == count


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """The kernel refuses to let any file grow beyond so many bytes: a write is cut short there, and then fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def size_of(data: Path, pattern: str) -> int:
    return max((path.stat().st_size for path in data.glob(pattern)), default=0)


cramped = st.tuples(st.sampled_from(FILES), st.integers(0, 9000))
todo = st.lists(st.tuples(st.sampled_from(STEPS), st.none() | cramped), min_size=1, max_size=25)


@settings(max_examples=50, deadline=None)
@given(todo)
@example([("begin", None), ("check", None), ("barrier", (f"{FILE}-wal", 0)), ("seal", None)])
@example([("begin", None), ("check", None), ("check", (FILES[0], 300)), ("check", None), ("end", (FILES[2], 4200))])
def test_what_was_appended_is_kept_and_sealed_whatever_fails(steps: list[tuple[str, tuple[str, int] | None]]) -> None:
    with TemporaryDirectory() as folder:
        model = Model(Path(folder) / "data")
        with opened(model.data):
            pass
        at = 0
        while at < len(steps):
            with suppress(StoreError), opened(model.data) as store:
                model.sweep = 0
                while at < len(steps) and steps[at][0] != "open":
                    what, near = steps[at]
                    at += 1
                    if near is None:
                        with suppress(StoreError):
                            model.step(store, what)
                    else:
                        with no_file_beyond(size_of(model.data, near[0]) + near[1]), suppress(StoreError):
                            model.step(store, what)
            if at < len(steps) and steps[at][0] == "open":
                near, at = steps[at][1], at + 1
                if near is not None:  # the next opening fails in the middle of bringing in what was kept
                    room = size_of(model.data, near[0]) + near[1]
                    with no_file_beyond(room), suppress(StoreError), opened(model.data):
                        pass
        model.holds()


def a_run(data: Path, said: int) -> None:
    """What `vigie run` does with its folder: the seal of what was left, a sweep told check by check, and its seal."""
    with opened(data) as store:
        model = Model(data, tries=store.next_seq())
        model.step(store, "seal")
        model.step(store, "begin")
        try:
            for i in range(12):
                model.step(store, "check")
                os.write(said, b"%d\n" % (store.next_seq() - 1))
                if i % 4 == 3:
                    model.step(store, "barrier")
            model.step(store, "end")
        finally:
            store.barrier(NOON)
            model.step(store, "seal")


def apart(data: Path, room: int | None) -> tuple[int, list[int]]:
    """A run in a process of its own, no file of which may grow beyond `room` bytes: its exit code, what it said."""
    reading, writing = os.pipe()
    if not (pid := os.fork()):
        code = 1
        with suppress(BaseException):
            os.close(reading)
            if room is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
            with suppress(StoreError):
                a_run(data, writing)
                code = 0
            code = code or 0
        os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = [int(line) for line in pipe.read().splitlines()]
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said


def whole(data: Path, told: list[int]) -> None:
    with opened(data) as store:
        kept = [line for _seq, line in store.records.lines()]
        assert store.records.damages() == []
        assert len(kept) >= len(told)
        assert told == sorted(set(told))
        Evidence(data).seal(store.records, LATER)
        store.let_go()
        assert [line for _seq, line in store.records.lines()] == kept
    assert unsealed(data) == 0
    if kept:
        sealed_whole(data, len(kept))


@pytest.mark.parametrize("first", range(3))
def test_a_run_that_may_write_no_further_loses_nothing_that_it_said(tmp_path: Path, first: int) -> None:
    """Each folder meets limits that grow, as who frees some space and some more: every file is cut somewhere."""
    told: list[int] = []
    for room in range(1000 + first * 3500, 330_000, 14_000):
        _code, said = apart(tmp_path, room)
        told += said
    assert len(told) > 12, "some of it could be written"
    whole(tmp_path, told)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB; skipped where this process may mount none."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run([mount, "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], capture_output=True)
    if not made or made.returncode:
        pytest.skip("this process may mount no disk")
    try:
        yield disk
    finally:
        subprocess.run([str(mount).replace("mount", "umount"), disk], check=True)


def test_a_disk_that_is_full_keeps_all_that_was_said(small_disk: Path) -> None:
    """Something else fills the disk, a little less each time."""
    told: list[int] = []
    filler, data = small_disk / "filler", small_disk / "data"
    for free in (*range(4_000, 340_000, 16_000), 40_000, 8_000, 90_000):
        filler.unlink(missing_ok=True)
        room = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
        filler.write_bytes(bytes(max(0, room - free)))
        told += apart(data, None)[1]
    filler.unlink()
    assert len(told) > 12, "some of it could be written"
    whole(data, told)
