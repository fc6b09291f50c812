"""Files that survive a crash, and the lock of a data folder: what is synced, in which order, under which modes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from monitor.core.errors import LockedError, StoreError
from monitor.store import files
from monitor.store.files import create, hold, replace, sync_folder


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was brought to the disk, as it was then, and what got its name."""
    seen: list[str] = []
    fsync, rename = os.fsync, os.replace

    def syncing(handle: int) -> None:
        held = os.fstat(handle)
        seen.append("folder" if stat.S_ISDIR(held.st_mode) else f"file of {held.st_size}")
        fsync(handle)

    def renaming(old: Path, new: Path) -> None:
        seen.append(f"named {new.name}")
        rename(old, new)

    monkeypatch.setattr(files.os, "fsync", syncing)
    monkeypatch.setattr(files.os, "replace", renaming)
    return seen


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_on_disk_whole_before_it_has_its_name_and_the_name_after(tmp_path: Path, steps: list[str]) -> None:
    path = tmp_path / "kept"
    path.write_bytes(b"old")
    replace(path, b"newer", 0o600)
    assert steps == ["file of 5", "named kept", "folder"]
    assert (path.read_bytes(), mode(path), sorted(os.listdir(tmp_path))) == (b"newer", 0o600, ["kept"])


def test_what_a_crash_left_of_an_earlier_try_is_in_nobody_s_way(tmp_path: Path) -> None:
    (tmp_path / ".kept.new").write_bytes(b"half")
    replace(tmp_path / "kept", b"whole")
    assert (tmp_path / "kept").read_bytes() == b"whole"
    assert os.listdir(tmp_path) == ["kept"]


def test_a_new_file_is_synced_and_never_put_over_another(tmp_path: Path, steps: list[str]) -> None:
    create(tmp_path / "a", b"123", 0o640)
    assert steps == ["file of 3"]
    assert mode(tmp_path / "a") == 0o640 & ~_umask()
    with pytest.raises(FileExistsError):
        create(tmp_path / "a", b"")
    assert (tmp_path / "a").read_bytes() == b"123"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_where_the_system_cannot_sync_a_folder_nothing_is_tried(
    tmp_path: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sync_folder(tmp_path)
    assert steps == ["folder"]
    monkeypatch.delattr(os, "O_DIRECTORY")
    sync_folder(tmp_path / "absent")
    assert steps == ["folder"]


def test_a_data_folder_is_its_owner_s_and_held_once(tmp_path: Path) -> None:
    folder = tmp_path / "some" / "data"
    with hold(folder) as lock:
        assert (lock.folder, lock.held) == (folder, True)
        assert (mode(folder), mode(folder / "lock")) == (0o700, 0o600)
        with pytest.raises(LockedError, match="another sweep holds the data folder"), hold(folder):
            pass
        assert lock.held
    assert not lock.held
    with hold(folder) as again:
        assert again.held


def test_a_data_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with (
        pytest.raises(StoreError, match=r"file/data cannot be written: part of its path is no folder"),
        hold(tmp_path / "file/data"),
    ):
        pass
