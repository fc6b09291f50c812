"""Which tests run which functions of the program: a pytest plugin that writes it down, and the map that reads it.

A test that passes here, and is quick (see `[slow]` of core.toml), is one that may notice a fault.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final

import pytest

_SLOW: Final = frozenset({"long", "fuzz", "mail", "container", "shared"})
_WRITTEN: Final = "VIGIE_MUTANTS_MAP"


class Recorder:
    """Notes, test by test, the functions of `monitor/` that were called. Registered where _WRITTEN names a file."""

    def __init__(self, root: Path, written: Path) -> None:
        self._root, self._written = f"{root}{os.sep}", written
        self._codes: set[CodeType] = set()
        self._tests: dict[str, dict[str, Any]] = {}
        self._left_out: set[str] = set()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Only the quick ones."""
        items[:] = [one for one in items if not _SLOW & {mark.name for mark in one.iter_markers()}]

    def _called(self, frame: FrameType, _event: str, _argument: object) -> None:
        self._codes.add(frame.f_code)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Set-up and tear-down included: what a fixture does first is this test's."""
        self._codes = set()
        began = time.process_time()
        threading.settrace(self._called)
        sys.settrace(self._called)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            threading.settrace(None)
            ours = sorted({where for code in self._codes if (where := self._place(code))})
            self._tests[item.nodeid] = {"seconds": round(time.process_time() - began, 3), "functions": ours}

    def _place(self, code: CodeType) -> str:
        file = code.co_filename.removeprefix(self._root)
        if not file.startswith(f"monitor{os.sep}"):
            return ""
        return f"{file}:{code.co_qualname.partition('.<')[0]}"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """What is skipped or fails notices nothing."""
        if not report.passed:
            self._left_out.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Write the map."""
        kept = {name: test for name, test in self._tests.items() if name not in self._left_out}
        self._written.write_text(json.dumps(kept), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Called by pytest where this module is named with `-p`."""
    if written := os.environ.get(_WRITTEN):
        config.pluginmanager.register(Recorder(config.rootpath, Path(written)))


@dataclass(frozen=True, slots=True)
class Test:
    """A test by its pytest name. seconds: of processor time, when traced."""

    name: str
    seconds: float


class Covering:
    """The map, read: `tests` of a place, those of the module's own test file first, then the quickest."""

    def __init__(self, tests: Mapping[str, Mapping[str, Any]]) -> None:
        self._by_place: dict[str, list[Test]] = {}
        self._by_file: dict[str, list[Test]] = {}
        for name, found in tests.items():
            test = Test(name, found["seconds"])
            for place in found["functions"]:
                self._by_place.setdefault(place, []).append(test)
            for file in {place.partition(":")[0] for place in found["functions"]}:
                self._by_file.setdefault(file, []).append(test)

    def tests(self, file: str, function: str, *, seconds: float) -> list[Test]:
        """Tests that run a function; of a module's body or a class, those that run anything of the module.

        seconds: those that follow when as much processor time is spent are left out.
        """
        found = self._by_place.get(f"{file}:{function}") or self._by_file.get(file, [])
        stem = Path(file).stem.lstrip("_")
        ordered = sorted(found, key=lambda test: (not _is_own(test.name, stem), test.seconds, test.name))
        kept, spent = [], 0.0
        for test in ordered:
            if spent > seconds:
                break
            kept.append(test)
            spent += test.seconds
        return kept


def _is_own(name: str, stem: str) -> bool:
    return stem in Path(name.partition("::")[0]).stem


def covering(tree: Path, home: Path, slow: Sequence[str], modules: Collection[str]) -> Covering:
    """The map of a tree for some modules: by the tests of their wings, and those that name them.

    slow: patterns of test files left out. What `home` keeps of an earlier map is taken for test files that are the same
    since; a change of the program, or of what tests share, makes all of it anew. Raises SystemExit where the tests
    cannot be run.
    """
    kept_in = home / "map.json"
    kept: dict[str, Any] = {"shared": "", "files": {}}
    if kept_in.exists():
        kept = json.loads(kept_in.read_text(encoding="utf-8"))
    files = {
        name: _hash([path])
        for path in sorted((tree / "tests").rglob("test_*.py"))
        if not any(fnmatch(name := path.relative_to(tree).as_posix(), pattern) for pattern in slow)
        and _concerns(name, path, modules)
    }
    shared = _hash(
        path
        for folder in ("monitor", "tests")
        for path in sorted((tree / folder).rglob("*"))
        if path.is_file()
        and path.suffix != ".pyc"
        and not path.name.startswith("test_")
        and "mutants" not in path.parts
    )
    same = kept["files"] if kept["shared"] == shared else {}
    known = {name: found for name, found in same.items() if files.get(name, found["hash"]) == found["hash"]}
    if stale := [name for name in files if name not in known]:
        print(f"running {len(stale)} files of quick tests once, to see which cover what (minutes at first)", flush=True)
        tests = _recorded(tree, home, stale)
        for name in stale:
            own = {test: found for test, found in tests.items() if test.partition("::")[0] == name}
            known[name] = {"hash": files[name], "tests": own}
        kept_in.write_text(json.dumps({"shared": shared, "files": known}), encoding="utf-8")
    return Covering({test: found for name in files for test, found in known[name]["tests"].items()})


def _concerns(name: str, path: Path, modules: Collection[str]) -> bool:
    """`tests/WING/...` for `monitor/WING/...`, wherever it lies below; elsewhere a test that imports the module."""
    wings = {module.split("/")[1] for module in modules}
    if name.split("/")[1] in wings:
        return True
    text = path.read_text(encoding="utf-8")
    return any(module.removesuffix(".py").replace("/", ".") in text for module in modules)


def _recorded(tree: Path, home: Path, files: Sequence[str]) -> dict[str, Any]:
    """Run test files in one process; what each test that passed took and called."""
    written = home / "recorded.json"
    written.unlink(missing_ok=True)
    plugins = ("-p", "tests.mutants.covering", "-p", "no:cacheprovider", "-p", "no:xdist")
    command = [sys.executable, "-m", "pytest", "-q", *plugins, *files]
    with (home / "map.log").open("wb") as log:
        subprocess.run(
            command, cwd=tree, env={**os.environ, _WRITTEN: str(written)}, stdout=log, stderr=log, check=False
        )
    if not written.exists():
        raise SystemExit(f"the tests could not be run; see {home / 'map.log'}")
    found: dict[str, Any] = json.loads(written.read_text(encoding="utf-8"))
    return found


def _hash(paths: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in paths:
        found.update(f"{path.name}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
