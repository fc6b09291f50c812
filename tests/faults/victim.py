"""Small real sweeps in a process of their own, told check by check, and what a data folder holds after them."""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from monitor.evidence.seal import Evidence
from monitor.evidence.verify.archive import FolderArchive
from monitor.evidence.verify.crypto import Verifiers
from monitor.evidence.verify.verify import verify_ledger
from monitor.fetch.clock import SystemClock
from monitor.run.ledger import StoreLedger
from monitor.store.files import hold
from monitor.store.sealed import EVIDENCE
from monitor.store.store import Store
from monitor.store.written.journal import journalled
from monitor.sweep.sweep import Vantage
from tests.simulator.client import Simulator
from tests.support.sweeps import ez, swept

SCALE = 0.002  # of waits: a sweep of six desks ends in a fraction of a second
LOOKS = [ez(f"guichet_{number}") for number in range(6)]
NO_STAMP = 3  # exit code of a log that is whole and bears no stamp
_KEPT = re.compile(rb'"(?:sent|head|decoded_body)_sha256":"([0-9a-f]{64})"')


def sweep_and_seal(
    simulator: Simulator, folder: Path, vantage: Callable[[Vantage], Vantage] = lambda made: made
) -> None:
    """What `vigie run` does: the seal of what was left, a sweep, its seal; what is sealed leaves the journal."""
    _seal(folder)
    anchor = Evidence(folder).anchor()
    swept(simulator, folder, LOOKS, scale=SCALE, vantage=lambda made: replace(vantage(made), anchor=anchor))
    _seal(folder)


def _seal(folder: Path) -> int:
    """What is not sealed yet. Number of observations."""
    with hold(folder) as lock, Store(lock, at=SystemClock().now()) as store:
        Evidence(folder).seal(store.records, SystemClock().now())
        store.let_go()
        return store.records.size()


@dataclass
class Child:
    """A forked process. pid; told: where it writes the sequence number of each check, once it is committed."""

    pid: int
    told: int

    def numbers(self) -> list[int]:
        """All it said, when it has ended."""
        with os.fdopen(self.told, "rb") as pipe:
            said = [int(line) for line in pipe.read().splitlines()]
        os.waitpid(self.pid, 0)
        return said


def forked(work: Callable[[], None]) -> Child:
    """Begin `work` in a copy of this process: nothing has to be imported again."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return Child(pid, reading)
    try:
        os.close(reading)
        _announce(writing)
        with suppress(Exception):
            work()
    finally:
        os._exit(0)


def _announce(pipe: int) -> None:
    append = StoreLedger.append

    def told(
        self: StoreLedger, record: Mapping[str, Any], *, detail: str | None, bodies: Iterable[tuple[int, str, bytes]]
    ) -> None:
        append(self, record, detail=detail, bodies=bodies)
        os.write(pipe, b"%d\n" % record["seq"])

    StoreLedger.append = told  # type: ignore[method-assign]


def kill(child: Child) -> None:
    """As a power button does: at once."""
    os.kill(child.pid, signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Held:
    """What a folder holds. size: observations; doubled: kept twice by one sweep; corrupt: see `Outcome`."""

    size: int
    doubled: int
    corrupt: int


def examine(folder: Path, since: int = 0) -> Held:
    """Open it as the next run does, and look at every record, and at every byte of those from `since` on."""
    with hold(folder) as lock, Store(lock, at=SystemClock().now()) as store:
        rows = [*store.records.rows()]
        corrupt = len(store.records.damages()) + (store.one("PRAGMA integrity_check", ()) != ("ok",))
        corrupt += [row.seq for row in rows] != list(range(store.records.size()))
        named = {(found.decode(), row.seq) for row in rows[since:] for found in _KEPT.findall(row.line)}
        corrupt += sum(not store.blobs.is_sound(digest, seq) for digest, seq in named)
        counts = Counter((row.sweep, row.subject) for row in rows)
        return Held(len(rows), sum(count - 1 for count in counts.values()), corrupt)


def seal_and_verify(folder: Path) -> bool:
    """Seal what was left unsealed; True when the whole log then verifies and holds every record."""
    size, kept_twice = _seal(folder), journalled(folder)
    report = verify_ledger(FolderArchive(folder / EVIDENCE, packed=True), Verifiers())
    return report.exit_code in (0, NO_STAMP) and report.records == size and not kept_twice
