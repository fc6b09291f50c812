"""The interpreters that the unit tests are run on are found where people install them, and counted once."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from tests.house import pythons
from tests.house.pythons import Interpreter, found, oldest, places
from tests.support.commands import ROOT


def installed(folder: Path, name: str, *told: object, code: int = 0) -> Path:
    """An interpreter that says of itself what it is told to."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    words = str(list(told)).replace("'", '"')
    path.write_text(f"#!/bin/sh\necho '{words}'\nexit {code}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_each_version_is_tried_once_oldest_first_and_what_is_no_cpython_is_left(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    installed(first, "python3.13", "cpython", 3, 13, 2)
    installed(first, "python3.10", "cpython", 3, 10, 1)
    installed(first, "python3.14", "pypy", 3, 14, 0)
    installed(first, "python3.13-config", "cpython", 3, 15, 0)
    (first / "python3.15").write_text("#!/nowhere/sh\n", encoding="ascii")  # a shim that leads nowhere
    (first / "python3.15").chmod(0o755)
    installed(second, "python3.13", "cpython", 3, 13, 9)
    installed(second, "python3.12", "cpython", 3, 12, 1)
    assert found([tmp_path / "absent", first, second], (3, 11)) == [
        Interpreter((3, 12), "3.12.1", second / "python3.12"),
        Interpreter((3, 13), "3.13.2", first / "python3.13"),
    ]


def test_where_pyenv_and_uv_put_them_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path / "uv"))
    wanted = [tmp_path / "pyenv/versions/3.12.1/bin", tmp_path / "uv/cpython-3.13.2-linux-x86_64-gnu/bin"]
    for folder in wanted:
        folder.mkdir(parents=True)
    assert set(wanted) <= set(places())


@pytest.mark.parametrize(
    ("versions", "failing", "code"),
    [([(3, 11), (3, 13)], None, 0), ([(3, 11), (3, 13)], (3, 13), 1), ([(3, 11)], None, 1), ([], None, 1)],
)
def test_a_failure_or_the_oldest_alone_is_a_fault(
    versions: list[tuple[int, int]], failing: tuple[int, int] | None, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = [Interpreter(version, f"{version[0]}.{version[1]}.0", Path(sys.executable)) for version in versions]
    monkeypatch.setattr(pythons, "found", lambda _folders, _oldest: there)
    monkeypatch.setattr(pythons, "tried", lambda one: one.version != failing)
    assert pythons.main() == code


def test_the_classifiers_begin_with_the_oldest_and_leave_none_out() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["classifiers"]
    minors = sorted(
        int(one.rpartition(".")[2]) for one in told if one.startswith("Programming Language :: Python :: 3.")
    )
    assert minors == list(range(oldest()[1], minors[-1] + 1))
