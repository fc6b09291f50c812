"""A backup is the data folder again: what goes on from it is the same log. Keys never stand in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from monitor.cli import run
from monitor.core.errors import UsageError
from monitor.ops.backup import restore
from monitor.store.files import hold
from tests.support.exporting import NO_SLOT, OPEN, fill, seal


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    fill(folder, [NO_SLOT, OPEN, NO_SLOT])
    seal(folder)
    return folder


def _tree(folder: Path) -> dict[str, bytes]:
    left_out = ("vigie.db", "lock", "vigie.db-wal", "vigie.db-shm", "keys-copied")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in left_out
    }


def test_there_and_back(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to, keys, back = tmp_path / "backup", tmp_path / "keys", tmp_path / "back"
    assert run(["backup", str(to), "--keys", str(keys), "--data", str(data), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["verified"]
    assert told["keys"] > 0
    assert not [path for path in to.rglob("*") if "key" in path.name.lower() and b"PRIVATE" in path.read_bytes()]
    assert run(["restore", str(to), "--keys", str(keys), "--data", str(back)]) == 0
    assert _tree(back) == _tree(data)
    capsys.readouterr()
    assert run(["history", "95", "--data", str(data), "--json"]) == 0
    before = capsys.readouterr().out
    assert run(["history", "95", "--data", str(back), "--json"]) == 0
    assert capsys.readouterr().out == before
    assert run(["verify", "--all", "--data", str(back)]) == run(["verify", "--all", "--data", str(data)])


def test_keys_are_left_out_unless_named(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = tmp_path / "backup"
    assert run(["backup", str(to), "--data", str(data), "--lang", "en"]) == 0
    assert "Keys were not copied" in capsys.readouterr().out
    assert not (to / "keys").exists()


def test_every_damaged_byte_of_a_small_file_is_seen(data: Path, tmp_path: Path) -> None:
    to = tmp_path / "backup"
    assert run(["backup", str(to), "--data", str(data)]) == 0
    files = [path for path in to.rglob("*") if path.is_file() and path.name != "SHA256SUMS"]
    for path in files:
        good = path.read_bytes()
        path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]) if good else b"x")
        with pytest.raises(UsageError, match=re.escape("backup")):
            restore(to, tmp_path / "new", None)
        path.write_bytes(good)
    assert not (tmp_path / "new").exists()


def test_nothing_is_written_over(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = tmp_path / "backup"
    to.mkdir()
    assert run(["backup", str(to), "--data", str(data), "--lang", "en"]) == 64
    assert "exists already" in capsys.readouterr().err
    to.rmdir()
    assert run(["backup", str(to), "--data", str(data)]) == 0
    assert run(["restore", str(to), "--data", str(data), "--lang", "en"]) == 64
    assert "not empty" in capsys.readouterr().err


def test_it_waits_for_the_sweep(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.cli.running.backup.WAIT_MINUTES", 0)
    with hold(data):
        assert run(["backup", str(tmp_path / "backup"), "--data", str(data)]) == 75
    assert run(["backup", str(tmp_path / "backup"), "--data", str(data)]) == 0


def test_a_folder_in_which_nothing_is_sealed_is_not_said_to_verify(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    fill(data, [NO_SLOT])
    assert run(["backup", str(tmp_path / "one"), "--data", str(data), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "Nothing is sealed in it" in said
    assert "verifies" not in said
    assert run(["backup", str(tmp_path / "two"), "--data", str(data), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verified"] is None
