"""An evidence folder and exports of it, made with the real parts: store lines, seal, authorities, log."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from monitor.core.record import canonical, digest
from monitor.evidence.folder import SealedSweep, SweepFolders
from monitor.evidence.key import LogSigner
from monitor.evidence.seal import Evidence, PlannedCheck, SweepToSeal
from monitor.evidence.stamping import BACKLOG, StampAuthority, stamp
from monitor.evidence.sums import SUMS, Stamp, StampFailure, render_sums
from monitor.evidence.tree import TreeFiles
from monitor.report.export.export import proof_files
from tests.support.authority import Tsa

CHECKS = ("33/titres", "95/naturalisation", "95/titres")
START = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


@dataclass
class Lines:
    """The store's lines, as a list."""

    all: list[bytes] = field(default_factory=list)

    def lines(self, first: int) -> Sequence[bytes]:
        return self.all[first:]


@dataclass
class AuthorityInProcess:
    """A Tsa asked without a network, at the time its clock shows. down: answers nothing."""

    tsa: Tsa
    name: str
    down: bool = False
    every: timedelta = timedelta()
    late: int = BACKLOG

    @property
    def roots(self) -> bytes:
        return self.tsa.root.pem

    @property
    def crls(self) -> bytes:
        return b""

    @property
    def untrusted(self) -> bytes:
        return b""

    async def stamp(self, data: bytes) -> Stamp | StampFailure:
        clock = self.tsa.clock or (lambda: datetime.now(UTC))
        now = clock()
        if self.down:
            return StampFailure(authority=self.name, trouble="down", detail="ConnectError", at=now)
        reply = self.tsa.craft(hashlib.sha256(data).digest(), None, now)
        return Stamp(
            authority=self.name, query=b"query", reply=reply, gen_time=now, sent=now, received=now,
            clock_error_ms=(-2000, 1000),
        )  # fmt: skip


def page(seq: int) -> bytes:
    """What a site answered: no two are one bit apart."""
    token = digest(b"%d" % seq)[:16]
    return f"<p id=x>Il n'existe plus de plage horaire libre pour votre demande. Réf. È{token}…</p>".encode()


def record(seq: int, sweep: int, check: str, **more: Any) -> bytes:
    return canonical(
        {
            "v": 1,
            "seq": seq,
            "sweep": sweep,
            "check": check,
            "reading": "NoSlot",
            "seen": 'Il n\'existe plus de plage horaire libre ‡ "ici"',
            "decoded_body_sha256": digest(page(seq)),
            **more,
        }
    )


@dataclass
class Ledger:
    """An evidence folder that grows one sweep at a time."""

    root: Path
    authorities: Sequence[StampAuthority] = ()
    checks: Sequence[str] = CHECKS
    records: Lines = field(default_factory=Lines)
    number: int = 0

    def __post_init__(self) -> None:
        self.sweeps = SweepFolders(self.root / "evidence")
        self.tree = TreeFiles(self.root / "evidence" / "log")

    @property
    def signer(self) -> LogSigner:
        return LogSigner(self.root / "keys")

    def seal(self, sweep: SweepToSeal) -> SealedSweep:
        """As a run does, which opens the log anew."""
        return Evidence(self.root, self.authorities).seal_one(sweep, self.records.lines)

    def anchor(self) -> bytes:
        return Evidence(self.root).anchor()

    def observe(self, number: int, checks: Sequence[str] | None = None) -> list[PlannedCheck]:
        """Record the checks of a sweep."""
        planned = []
        for check in self.checks if checks is None else checks:
            seq = len(self.records.all)
            self.records.all.append(record(seq, number, check))
            planned.append(PlannedCheck(check=check, seq=seq))
        return planned

    def sweep(self, **more: Any) -> SealedSweep:
        """Observe, seal, stamp."""
        self.number += 1
        planned = self.observe(self.number)
        started = START + timedelta(minutes=15 * self.number)
        skipped = PlannedCheck(check="75/titres", why="host")
        self.seal(
            SweepToSeal(
                number=self.number, started=started, finished=started + timedelta(minutes=4),
                checks=[*planned, skipped], env={"os": "Debian"}, **more,
            )
        )  # fmt: skip
        self.stamp()
        sealed = self.sweeps.latest()
        assert sealed is not None
        return sealed

    def stamp(self) -> list[Stamp | StampFailure]:
        return asyncio.run(stamp(self.sweeps, self.authorities))

    def export(
        self, out: Path, scope: Sequence[str] = ("95/",), first: int = 1, last: int | None = None, node: Any = None
    ) -> Path:
        """A whole export of the sweeps from `first` to `last`."""
        numbers = range(first, (self.number if last is None else last) + 1)
        sweeps = [s for s in self.sweeps.sealed() if s.number in numbers]
        contents = dict(proof_files(sweeps, node or self.tree.node, scope, self.sweeps.trusted()))
        contents["observations.csv"] = b"seq\n"
        if contents["proofs.txt"]:
            seq = int(contents["proofs.txt"].split()[1])
            contents[f"captures/{seq}.html"] = page(seq)
        for name in ("verify.sh", "verify-inclusion.sh", "LISEZ-MOI.txt"):
            contents[name] = (files("monitor") / "data" / name).read_bytes()
        for name, data in contents.items():
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (out / name).write_bytes(data)
        reseal(out)
        return out


def reseal(export: Path) -> None:
    """Make the list of sums again, as an opponent who changed something would."""
    names = sorted(p.relative_to(export).as_posix() for p in export.rglob("*") if p.is_file())
    digests = {n: digest((export / n).read_bytes()) for n in names if n != SUMS}
    (export / SUMS).write_bytes(render_sums(digests))


def reseal_sweep(folder: Path) -> None:
    """Make the sums of one sweep again (its stamps then no longer hold)."""
    names = sorted(p.name for p in folder.iterdir() if not p.name.startswith(SUMS))
    digests = {n: digest((folder / n).read_bytes()) for n in names}
    old = (folder / SUMS).read_bytes().decode()
    for line in old.splitlines():
        digests.setdefault(line[66:], line[:64])  # records.jsonl, given by selection
    (folder / SUMS).write_bytes(render_sums(digests))


def hours(start: datetime = START) -> Callable[[], datetime]:
    """A clock that moves on by five minutes at each look."""
    state = {"now": start}

    def clock() -> datetime:
        state["now"] += timedelta(minutes=5)
        return state["now"]

    return clock
