"""A name that begins with an underscore is its file's own: no other file imports it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    path for folder in ("monitor", "prefectures", "tests", "bench") for path in (ROOT / folder).rglob("*.py")
)


def borrowed(tree: ast.AST) -> list[str]:
    """What a file imports that is private elsewhere."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            parts = (node.module or "").split(".") + [one.name for one in node.names]
        elif isinstance(node, ast.Import):
            parts = [part for one in node.names for part in one.name.split(".")]
        else:
            continue
        own = (isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0]) or parts[0]
        if own in ("monitor", "prefectures", "tests", "bench"):
            found += [part for part in parts if part.startswith("_") and not part.startswith("__")]
    return found


@pytest.mark.parametrize(
    "line", ["from monitor.run.run import _sweep", "from tests.support import _x as x", "import monitor._y"]
)
def test_a_borrowed_name_is_seen(line: str) -> None:
    assert borrowed(ast.parse(line))


def test_no_private_name_is_imported_across_files() -> None:
    told = {str(path.relative_to(ROOT)): borrowed(ast.parse(path.read_text(encoding="utf-8"))) for path in FILES}
    assert {file: names for file, names in told.items() if names} == {}


def test_a_class_name_stands_for_one_thing_in_the_house() -> None:
    homes: dict[str, list[str]] = {}
    for path in sorted((ROOT / "monitor").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, []).append(path.relative_to(ROOT).as_posix())
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}
