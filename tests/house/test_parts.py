"""A test never starts a part of the system without asking whether it is there, and a run says what it went without."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.commands import ROOT, environment
from tests.support.parts import NO_SKIP, PACKAGES, missed, needs, part

ALWAYS = {"sh", "/bin/sh", "env"}  # Debian's minimal system has them, as POSIX asks
ELSEWHERE = ("mail", "container")  # folders whose modules ask for all they need before anything
STARTS = {"run", "Popen", "check_output", "check_call", "create_subprocess_exec", "execvp"}

MADE_UP = """
import pytest
from tests.support.parts import needs, part

@needs("pdfsig")
def test_marked(): raise AssertionError("not reached")

@pytest.fixture(scope="module")
def deep(): return part("openssl")

def test_through_a_fixture(deep): raise AssertionError("not reached")
def test_again(deep): raise AssertionError("not reached")
def test_other(): pytest.skip("for another reason")
"""


def started(tree: ast.AST) -> Iterator[str]:
    """The programs that this file starts under a name it writes down."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr=name), args=[ast.List(elts=[ast.Constant(value=str(program)), *_]), *_]
            ):
                if name in STARTS and node.func.value.id == "subprocess":  # type: ignore[attr-defined]
                    yield program


def asked(tree: ast.AST) -> set[str]:
    """The parts that this file asks for."""
    return {
        argument.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("needs", "part")
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


@pytest.mark.parametrize("folder", sorted({path.parent for path in ROOT.glob("tests/**/*.py")}), ids=lambda at: at.name)
def test_no_file_starts_a_part_it_does_not_ask_for(folder: Path) -> None:
    if folder.name in ELSEWHERE:
        return
    for path in folder.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert set(started(tree)) - ALWAYS <= asked(tree), f"{path}: see tests/support/parts.py"


def bare_run(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """pytest over MADE_UP where no part is found."""
    (folder / "test_made_up.py").write_text(MADE_UP, encoding="utf-8")
    (folder / "conftest.py").write_text("from tests.conftest import *\n", encoding="utf-8")
    (folder / "none").mkdir()
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), *words, str(folder)],
        cwd=folder,
        env={**environment(**env), "PATH": str(folder / "none"), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_ends_with_what_was_skipped_and_how_to_have_it(tmp_path: Path, workers: str) -> None:
    done = bare_run(tmp_path, "-n", workers)
    assert done.returncode == 0, done.stdout
    line = (
        "skipped, as parts of the system are missing: openssl (2), pdfsig (1). "
        "To have them: apt-get install openssl poppler-utils"
    )
    assert done.stdout.splitlines().count(line) == 1
    assert "4 skipped" in done.stdout


def test_where_nothing_may_be_skipped_a_missing_part_fails_by_its_name(tmp_path: Path) -> None:
    done = bare_run(tmp_path, **{NO_SKIP: "1"})
    assert done.returncode == 1
    assert "needs pdfsig: apt-get install poppler-utils" in done.stdout
    assert "not reached" not in done.stdout
    assert "1 skipped, 3 errors" in done.stdout


def test_a_skip_for_another_reason_is_not_told_as_a_missing_part() -> None:
    assert missed([]) is None
    assert missed(["Skipped: the design material is not beside this checkout"]) is None


def test_a_part_without_a_package_is_a_mistake() -> None:
    with pytest.raises(AssertionError):
        needs("nothing")
    with pytest.raises(KeyError):
        part("no-such-part")
    assert all(PACKAGES.values())
