"""What stands in a data folder is its owner's alone, whatever the umask and whatever was there."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.store.files import hold
from tests.support.commands import Vigie
from tests.support.exporting import NO_SLOT, fill, seal


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=["umask 000", "umask 022", "umask 077"])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def loose(folder: Path) -> list[str]:
    """What others may read or write there."""
    return [
        f"{path.relative_to(folder)} {stat.filemode(path.lstat().st_mode)}"
        for path in [folder, *folder.rglob("*")]
        if path.lstat().st_mode & 0o077
    ]


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("before", [None, 0o755, 0o777, 0o700])
def test_all_that_is_made_is_its_owners_alone(tmp_path: Path, before: int | None) -> None:
    data = tmp_path / "data"
    if before is not None:
        data.mkdir()
        data.chmod(before)
    (tmp_path / "monitor.toml").write_text("", encoding="utf-8")
    vigie = Vigie(data, tmp_path / "monitor.toml")
    fill(data, [NO_SLOT, NO_SLOT])
    seal(data)
    assert vigie("subscribers", "list").returncode == 0
    assert loose(data) == []
    assert vigie("backup", tmp_path / "copies" / "backup", "--keys", tmp_path / "keys").returncode == 0
    assert loose(tmp_path / "copies") == loose(tmp_path / "keys") == []
    for file in data.glob("vigie.db*"):
        file.unlink()
    assert vigie("rebuild").returncode == 0
    assert loose(data) == []


def test_an_older_database_that_others_could_read_is_closed(tmp_path: Path) -> None:
    fill(tmp_path, [NO_SLOT])
    (tmp_path / "vigie.db").chmod(0o644)
    fill(tmp_path, [NO_SLOT])
    assert loose(tmp_path) == []


def test_a_folder_that_was_open_is_closed_with_a_word_once(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with hold(tmp_path) as lock:
        assert lock.closed
    with hold(tmp_path) as lock:
        assert not lock.closed


def test_the_command_says_the_word(tmp_path: Path) -> None:
    data = tmp_path / "data"
    fill(data, [NO_SLOT])
    data.chmod(0o755)
    (tmp_path / "monitor.toml").write_text("", encoding="utf-8")
    vigie = Vigie(data, tmp_path / "monitor.toml")
    said = [vigie("gc", "--apply", "--lang", "en").stderr for _ in range(2)]
    assert said == [f"vigie: {data} could be read by others: it is yours alone now (0700)\n", ""]
