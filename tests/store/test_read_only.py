"""A data folder on a medium that cannot be written, such as a disc: it is read all the same."""

from __future__ import annotations

import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.commands import ROOT, environment
from tests.support.exporting import NO_SLOT, OPEN, fill, seal
from tests.support.parts import part

pytestmark = pytest.mark.integration
MOUNT = "mount --bind {0} {0} && mount -o remount,bind,ro {0}"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    fill(folder, [NO_SLOT, OPEN])
    seal(folder)
    part("unshare")
    probe = f"unshare --mount --map-root-user sh -c {shlex.quote(MOUNT.format(folder))}"
    if subprocess.run(probe, shell=True, capture_output=True, check=False).returncode:
        pytest.skip("mounts are not allowed here")
    return folder


def read_only(data: Path, words: str) -> subprocess.CompletedProcess[str]:
    """The command, in a world of its own where the data folder is read-only."""
    config = data.with_name("monitor.toml")
    config.write_text("", encoding="utf-8")
    command = f"{sys.executable} -m monitor --lang en {words} --config {config} --data {data}"
    inside = f"{MOUNT.format(shlex.quote(str(data)))} && {command}"
    return subprocess.run(
        ["unshare", "--mount", "--map-root-user", "sh", "-c", inside],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("status", {0}),
        ("history 95", {0}),
        ("table", {0}),
        ("stats", {0}),
        ("health", {0, 3}),
        ("export 95 --out {out}", {0}),
        ("verify --all", {0, 3}),
        ("verify --all --replay", {0, 1, 3}),
    ],
)
def test_what_reads_works_and_leaves_nothing(data: Path, words: str, codes: set[int]) -> None:
    before = sorted(path.name for path in data.rglob("*"))
    done = read_only(data, words.format(out=data.with_name("out")))
    assert done.returncode in codes, done.stderr
    assert "cannot be" not in done.stderr
    assert sorted(path.name for path in data.rglob("*")) == before


@pytest.mark.parametrize("words", ["check 95", "run", "rebuild", "gc --apply"])
def test_what_writes_says_so_in_one_sentence(data: Path, words: str) -> None:
    done = read_only(data, words)
    assert done.returncode == 74
    assert done.stderr.count("\n") == 1
    assert "cannot be written: the file system is read-only" in done.stderr


def test_a_journal_that_cannot_be_read_there_is_not_passed_over(data: Path) -> None:
    """Copied while a sweep was writing: what the journal holds alone would be missing without a word."""
    with closing(sqlite3.connect(data / "vigie.db")) as db:
        db.execute("INSERT INTO host_state VALUES ('x', '{}')")
        db.commit()
        shutil.copy(data / "vigie.db-wal", data / "kept")
    (data / "kept").rename(data / "vigie.db-wal")
    done = read_only(data, "status")
    assert done.returncode == 74
    assert "has a journal, which cannot be read on a read-only medium: copy the folder to a disk" in done.stderr
