"""docs/ARCHITECTURE.md against the code: every folder, every setting, every exit code stands where a person looks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from monitor.settings.settings import Settings, effective
from tests.support.commands import ROOT

PAGE = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
FOLDERS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "monitor").rglob("*")
    if path.is_dir() and any(path.glob("*.py")) and "__pycache__" not in path.parts
)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_folder_is_on_the_page(folder: str) -> None:
    assert f"`{folder}`" in PAGE


def test_the_page_names_no_folder_and_no_module_that_is_not_there() -> None:
    named = set(re.findall(r"`(monitor/[\w/.]+)`", PAGE))
    assert [one for one in sorted(named) if not (ROOT / one).exists()] == []
    dotted = set(re.findall(r"`((?:alerts|core|evidence|fetch|read|report|run|sweep|store)\.[\w.]+)`", PAGE)) - {
        "run.py",
        "store.py",
        "sweep.py",
    }
    assert [one for one in sorted(dotted) if not _is_there(one)] == []


def _is_there(dotted: str) -> bool:
    """A module of monitor, a name that stands in one, or a method of a class there."""
    parts = dotted.split(".")
    for k in range(len(parts), 0, -1):
        path = ROOT / "monitor" / "/".join(parts[:k])
        if path.with_suffix(".py").is_file():
            text = path.with_suffix(".py").read_text(encoding="utf-8")
            return all(re.search(rf"(?:def|class) {name}\b", text) for name in parts[k:])
    return False


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_says_what_it_holds_and_has_room(folder: str) -> None:
    code = [path for path in (ROOT / folder).glob("*.py") if path.name != "__init__.py"]
    assert len(code) <= 12, "part it by idea"
    assert ast.get_docstring(ast.parse((ROOT / folder / "__init__.py").read_text(encoding="utf-8")))


def test_every_setting_stands_in_the_example() -> None:
    example = (ROOT / "config" / "monitor.example.toml").read_text(encoding="utf-8")
    for table, keys in effective(Settings()).items():
        assert re.search(rf"(?m)^#\[+{table}[\].]", example), table
        for name in keys:
            assert re.search(rf"(?m)^#{name} = |^#\[\[{table}\.{name}\]\]", example), f"{table}.{name}"


def exit_codes() -> Iterator[int]:
    for path in (ROOT / "monitor").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Assign(targets=[ast.Name(id="exit_code")], value=ast.Constant(value=int(code))):
                    yield code


def test_every_exit_code_is_explained() -> None:
    table = PAGE[PAGE.index("## Exit codes") :]
    explained = {int(code) for row in re.findall(r"(?m)^\| ([\d, ]+) \|", table) for code in row.split(", ")}
    assert set(exit_codes()) <= explained
