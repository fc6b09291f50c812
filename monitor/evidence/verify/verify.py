"""Verifies an export, or the evidence folder itself, and says what is proven. `verify.sh` does the same in the shell.

All verifiers follow the same page, docs/FORMAT.md, and must agree: sums of everything; then, sweep after sweep, its
sums, its number, the sums and stamps of the one before, its own stamps, its signed checkpoint; then the records against
the plans; then the dates of both against the stamps.
"""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from monitor.evidence.exported.names import SWEEPS
from monitor.evidence.rules.dates import bounds_of, report_bounds
from monitor.evidence.rules.findings import Report, sweep_name
from monitor.evidence.verify.captures import Named
from monitor.evidence.verify.exported import RecordWalk, read_scope, verify_sealed, verify_shots_lines
from monitor.evidence.verify.given import SweepsInFolders, SweepsInLines
from monitor.evidence.verify.names import verify_names, verify_signed, verify_sums
from monitor.evidence.verify.records import PROOFS, verify_ledger_records, verify_records
from monitor.evidence.verify.sweeps import SweepWalk
from monitor.evidence.verify.trust import Trust
from monitor.evidence.verify.witnessed import verify_cosigned, verify_kept

if TYPE_CHECKING:
    from monitor.evidence.verify.archive import FolderArchive
    from monitor.evidence.verify.crypto import Verifiers


def verify_export(archive: FolderArchive, tools: Verifiers, *, witness: bytes | None = None) -> Report:
    """Verify an export. witness: a checkpoint kept elsewhere, against which a cut-off end or a fork shows."""
    report = Report()
    verify_sums(archive, report)
    names = archive.names()
    if PROOFS in names and SWEEPS not in names and f"{SWEEPS}.gz" not in names:
        return _of_format_1(archive, tools, witness, report)
    trust, sweeps, named = Trust(archive, tools), SweepsInLines(archive, report), Named(archive)
    verify_names(archive, report)
    walk = SweepWalk(trust, report, sweeps.bearing())
    sweeps.feed(walk)
    if not walk.seen:
        report.fail("file", SWEEPS)
    _bounded(walk, report)
    records = RecordWalk(archive, report, read_scope(archive, report), named)
    records.read(walk.seen, walk.anchor)
    verify_shots_lines(archive, walk.seen, named, report)
    verify_sealed(archive, walk.seen, report)
    named.verify(report)
    records.said.tell(report)
    verify_signed(archive, tools, walk.signer, report)
    verify_cosigned(archive, trust, walk.seen, report)
    return _ended(walk, archive, trust, witness, report)


def verify_ledger(archive: FolderArchive, tools: Verifiers, *, witness: bytes | None = None) -> Report:
    """Verify an evidence folder as it grows: every sweep from the first, every record."""
    report = Report()
    trust, sweeps = Trust(archive, tools), SweepsInFolders(archive, report, records_needed=True)
    walk = SweepWalk(trust, report, sweeps.bearing())
    sweeps.feed(walk)
    if not walk.seen:
        report.fail("file", "sweeps")
    _bounded(walk, report)
    verify_ledger_records(archive, walk.seen, report).tell(report)
    return _ended(walk, archive, trust, witness, report)


def _of_format_1(archive: FolderArchive, tools: Verifiers, witness: bytes | None, report: Report) -> Report:
    """As an export of format 1 was written; what came with format 2 is no more than open there."""
    trust, sweeps = Trust(archive, tools), SweepsInFolders(archive, report, records_needed=False)
    walk = SweepWalk(trust, report, sweeps.bearing())
    sweeps.feed(walk)
    if not walk.seen:
        report.fail("file", "sweeps")
    _bounded(walk, report)
    verify_records(archive, walk.seen, report).tell(report)
    report.notes.append(_("an export of format 1: nothing binds its list of files, its table or its document"))
    return _ended(walk, archive, trust, witness, report)


def _bounded(walk: SweepWalk, report: Report) -> None:
    """What the stamps prove, before any record is read."""
    walk.end()
    report.sweeps += bounds_of(walk.seen)


def _ended(
    walk: SweepWalk, archive: FolderArchive, trust: Trust, witness: bytes | None, report: Report
) -> Report:  # fmt: skip
    """What is said last: dates, once every record was read, a witness, and what is to be known."""
    report_bounds(walk.seen, report)
    verify_kept(witness, trust, walk.seen, report)
    report.notes += [_clock_error(number, error) for number, error in walk.clock_errors]
    report.notes += [*trust.notes(), *trust.tools.notes(), *map(_left, archive.litter)]
    return report


def _left(name: str) -> str:
    return _("{name}: left there by an operating system, neither read nor believed").format(name=name)


def _clock_error(number: int, milliseconds: int) -> str:
    words = (
        _("{sweep}: the clock of this machine was at least {seconds} s ahead of the authority's")
        if milliseconds > 0
        else _("{sweep}: the clock of this machine was at least {seconds} s behind the authority's")
    )
    return words.format(sweep=sweep_name(number), seconds=abs(milliseconds) // 1000)
