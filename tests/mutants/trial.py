"""One trial: a copy of the tree, one fault in it, the tests that run the place. The checkout is never touched.

A copy is served by one process that has imported what the tests need from elsewhere, and forks for each trial: the
fork imports the program and its tests anew. Limits are in processor time, so that a busy machine kills nothing.
"""

from __future__ import annotations

import importlib
import itertools
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pytest

from tests.mutants.operators import Fault

Outcome = Literal["killed", "survived", "timeout", "no test"]
_LEFT_BEHIND: Final = {
    ".git",
    ".venv",
    "build",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    "node_modules",
}
_MEMORY: Final = 6 << 30  # bytes of address space; a fault may loop and gather
_LEAST: Final = 15.0  # seconds of processor time: importing and collecting take three on a slow machine
_LIBRARIES: Final = (
    "hypothesis",
    "lxml.html",
    "httpx",
    "jinja2",
    "cryptography.x509",
    "bs4",
    "zoneinfo",
    "sqlite3",
    "asyncio",
)
_DATES: Final = itertools.count(10**9)  # seconds; no file of ours is as old


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one fault. by: the first test that failed, else what happened."""

    fault: Fault
    outcome: Outcome
    by: str = ""


class Copy:
    """A copy of the tree in a folder of its own, with the process that tries faults in it."""

    def __init__(self, checkout: Path, folder: Path) -> None:
        self.tree = folder / "tree"
        self._log = folder / "trial.log"
        shutil.copytree(
            checkout, self.tree, symlinks=True, ignore=lambda _folder, names: [n for n in names if n in _LEFT_BEHIND]
        )
        if (checkout / ".venv").exists():
            (self.tree / ".venv").symlink_to((checkout / ".venv").resolve())
        self._server: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Begin the process."""
        self._server = subprocess.Popen(
            [sys.executable, "-c", "from tests.mutants.trial import serve; serve()"],
            cwd=self.tree, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": str(self.tree), "PYTHONHASHSEED": "0"},
        )  # fmt: skip

    def close(self) -> None:
        """End it."""
        if self._server is not None:
            self._server.communicate()

    def attempt(self, fault: Fault, tests: Sequence[str], *, seconds: float) -> Trial:
        """Plant, run, take out again. seconds: of processor time that the tests take without a fault."""
        assert self._server is not None
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        if not tests:
            return Trial(fault, "no test")
        file = self.tree / fault.file
        with planted(file, fault):
            request = {"tests": list(tests), "limit": _LEAST + 6 * seconds, "log": str(self._log)}
            print(json.dumps(request), file=self._server.stdin, flush=True)
            answer = json.loads(self._server.stdout.readline())
        return Trial(fault, answer["outcome"], answer["by"])


@contextmanager
def planted(file: Path, fault: Fault) -> Iterator[None]:
    """Each writing gets a date of its own, so that no compiled file of another is taken for it."""
    sound, dated = file.read_bytes(), file.stat()
    try:
        file.write_bytes(fault.planted(sound))
        os.utime(file, (dated.st_atime, next(_DATES)))
        yield
    finally:
        file.write_bytes(sound)
        os.utime(file, ns=(dated.st_atime_ns, dated.st_mtime_ns))


def serve() -> None:
    """Read requests from standard input, one JSON line each, and answer one line each."""
    for library in _LIBRARIES:
        importlib.import_module(library)
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(_forked(request["tests"], request["limit"], Path(request["log"]))), file=answers, flush=True)


def _forked(tests: Collection[str], limit: float, log: Path) -> dict[str, str]:
    failed = log.with_suffix(".failed")
    failed.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        os._exit(_tried(tests, limit, log, failed))
    ended = _waited(child, 20 * limit)
    by = failed.read_text(encoding="utf-8") if failed.exists() else ""
    if ended is None or (os.WIFSIGNALED(ended) and os.WTERMSIG(ended) in (signal.SIGXCPU, signal.SIGKILL)):
        return {"outcome": "timeout", "by": by or "time limit"}
    code = os.waitstatus_to_exitcode(ended)
    if code == pytest.ExitCode.NO_TESTS_COLLECTED and not by:
        return {"outcome": "no test", "by": ""}
    return {"outcome": "survived" if code == 0 else "killed", "by": by or f"exit {code}"}


def _waited(child: int, seconds: float) -> int | None:
    """Wait status; None where the limit of real time ended it: a fault that waits for ever uses no processor."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            _end_group(child)
            return status
        time.sleep(0.05)
    _end_group(child)
    os.waitpid(child, 0)
    return None


def _end_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def _tried(tests: Collection[str], limit: float, log: Path, failed: Path) -> int:
    """In the fork: pytest over the files of these tests, the first failure ends it."""
    os.setsid()
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit) + 5))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    for name in [name for name in sys.modules if name.partition(".")[0] in ("tests", "monitor", "prefectures")]:
        del sys.modules[name]
    files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
    code = pytest.main(
        ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=0", *files],
        plugins=[_Chosen(list(tests), failed)],
    )
    sys.stdout.flush()
    return int(code)


class _Chosen:
    """Runs these tests in this order, and notes the first that fails."""

    def __init__(self, tests: Sequence[str], failed: Path) -> None:
        self._place = {name: place for place, name in enumerate(tests)}
        self._failed = failed

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Choose."""
        items[:] = sorted((one for one in items if one.nodeid in self._place), key=lambda one: self._place[one.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note."""
        if report.failed and not self._failed.exists():
            self._failed.write_text(report.nodeid, encoding="utf-8")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module that cannot be imported any more is noticed too."""
        if report.failed and not self._failed.exists():
            self._failed.write_text(f"{report.nodeid} (collecting)", encoding="utf-8")
