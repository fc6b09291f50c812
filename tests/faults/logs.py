"""Faults of the log: an authority that is down, and what an operator could do to the folder afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from monitor.core.record import digest
from monitor.evidence.sums import parse_sums, render_sums
from monitor.evidence.verify.archive import FolderArchive
from monitor.evidence.verify.crypto import Verifiers
from monitor.evidence.verify.verify import verify_ledger
from tests.faults import Outcome
from tests.support.authority import Tsa
from tests.support.ledger import AuthorityInProcess, Ledger, hours

CHECKS = [f"95/d{number}" for number in range(12)]


def _grown(folder: Path, sweeps: int) -> tuple[Ledger, AuthorityInProcess]:
    since, until = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    authority = AuthorityInProcess(Tsa(folder / "tsa", since=since, until=until, clock=hours()), "essai")
    ledger = Ledger(folder, [authority], checks=CHECKS)
    for _ in range(sweeps):
        ledger.sweep()
    return ledger, authority


def _code(ledger: Ledger, witness: bytes | None = None) -> int:
    return verify_ledger(FolderArchive(ledger.root / "evidence", packed=True), Verifiers(), witness=witness).exit_code


def authority_down(folder: Path, rounds: int) -> Outcome:
    """Down for some sweeps: they are sealed all the same, said to be unstamped, and stamped when it answers again."""
    ledger, authority = _grown(folder, 1)
    authority.down = True
    for _ in range(rounds):
        ledger.sweep()
    silent = _code(ledger) == 0  # a verifier that says nothing of stamps that are owed
    authority.down = False
    for _ in range(rounds + 2):
        ledger.sweep()
    late = sum(not sealed.stamps() for sealed in ledger.sweeps.sealed())
    size = sum(sealed.read("records.jsonl").count(b"\n") for sealed in ledger.sweeps.sealed())
    return Outcome(rounds, late + silent + len(ledger.records.all) - size, corrupt=_code(ledger) != 0)


def _seen(folder: Path, rounds: int, spoil: Callable[[Ledger, int], None], *, witnessed: bool = False) -> Outcome:
    ledger, _authority = _grown(folder / "whole", 4)
    witness = ledger.sweeps.sealed()[-1].read("checkpoint") if witnessed else None
    wrong = _code(ledger, witness) != 0  # a verifier that fails everything sees nothing
    unseen = 0
    for number in range(rounds):
        copy = shutil.copytree(ledger.root / "evidence", folder / str(number) / "evidence")
        spoilt = Ledger(copy.parent)
        spoil(spoilt, number)
        unseen += _code(spoilt, witness) == 0
    return Outcome(rounds, unseen, corrupt=wrong)


def _path(ledger: Ledger, number: int) -> Path:
    sealed = ledger.sweeps.sweep(number)
    assert sealed is not None
    return sealed.path


def middle_removed(folder: Path, rounds: int) -> Outcome:
    """A sweep that is neither first nor last is gone: the verifier has to see it."""
    return _seen(folder, rounds, lambda ledger, number: shutil.rmtree(_path(ledger, 2 + number % 2)))


def reordered(folder: Path, rounds: int) -> Outcome:
    """Two records exchanged and the sums made again: the verifier has to see it."""
    return _seen(folder, rounds, _exchange)


def _exchange(ledger: Ledger, number: int) -> None:
    sealed = ledger.sweeps.sweep(1 + number % 4)
    assert sealed is not None
    lines = sealed.read("records.jsonl").splitlines(keepends=True)
    at = number % (len(lines) - 1)
    lines[at : at + 2] = lines[at + 1], lines[at]
    data = b"".join(lines)
    (sealed.path / "records.jsonl.zst").unlink(missing_ok=True)
    (sealed.path / "records.jsonl").write_bytes(data)
    sums = {**parse_sums((sealed.path / "SHA256SUMS").read_bytes()), "records.jsonl": digest(data)}
    (sealed.path / "SHA256SUMS").write_bytes(render_sums(sums))


def cut_off(folder: Path, rounds: int) -> Outcome:
    """The last sweeps are gone: the verifier has to see it with a checkpoint kept elsewhere."""

    def cut(ledger: Ledger, number: int) -> None:
        for last in range(4 - number % 3, 5):
            shutil.rmtree(_path(ledger, last))

    return _seen(folder, rounds, cut, witnessed=True)
