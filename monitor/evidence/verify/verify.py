"""Verifies an export, or the evidence folder itself, and says what is proven. `verify.sh` does the same in the shell.

Both follow the same steps and must agree: sums of everything; then, sweep after sweep, its sums, its number, the sums
and stamps of the one before, its own stamps, its signed checkpoint; then the records against the checkpoints.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from monitor.evidence.checkpoint import Checkpoint, SignedNote
from monitor.evidence.sums import SUMS, parse_sums
from monitor.evidence.verify.findings import Bounds, Report
from monitor.evidence.verify.records import verify_ledger_records, verify_records
from monitor.evidence.verify.sweeps import SWEEP_FOLDER, ReadSweep, walk
from monitor.evidence.verify.trust import Trust

if TYPE_CHECKING:
    from monitor.evidence.verify.archive import FolderArchive
    from monitor.evidence.verify.crypto import Verifiers


def verify_export(archive: FolderArchive, tools: Verifiers, *, witness: bytes | None = None) -> Report:
    """Verify an export. witness: a checkpoint kept elsewhere, against which a cut-off end or a fork shows."""
    report = Report()
    _sums(archive, report)
    seen = _sweeps(archive, tools, report, records_needed=False)
    verify_records(archive, seen, report)
    _witness(witness, archive, tools, seen, report)
    report.notes += tools.notes()
    return report


def verify_ledger(archive: FolderArchive, tools: Verifiers, *, witness: bytes | None = None) -> Report:
    """Verify an evidence folder as it grows: every sweep from the first, every record."""
    report = Report()
    seen = _sweeps(archive, tools, report, records_needed=True)
    verify_ledger_records(archive, seen, report)
    _witness(witness, archive, tools, seen, report)
    report.notes += tools.notes()
    return report


def _sums(archive: FolderArchive, report: Report) -> None:
    """The list at the top covers every file of the export, and nothing else is there."""
    for name in archive.odd():
        report.fail("unlisted", name)
    try:
        sums = parse_sums(archive.read(SUMS))
    except (KeyError, ValueError) as error:
        report.fail("sums", SUMS, str(error))
        return
    names = set(archive.names()) - {SUMS}
    for name in sorted(names - sums.keys()):
        report.fail("unlisted", name)
    for name, digest in sums.items():
        if name not in names or archive.digest(name) != digest:
            report.fail("file", name)


def _sweeps(archive: FolderArchive, tools: Verifiers, report: Report, *, records_needed: bool) -> list[ReadSweep]:
    folders = sorted({m[0] for m in map(SWEEP_FOLDER.match, archive.names()) if m}, key=lambda f: (f[-9:], f))
    if not folders:
        report.fail("file", "sweeps")
    seen = walk(folders, archive, Trust(archive, tools), report, records_needed=records_needed)
    _bounds(seen, report)
    return seen


def _bounds(seen: Sequence[ReadSweep], report: Report) -> None:
    """A sweep with no stamp enclosed or of its own lies between its neighbours' bounds: they are chained."""
    after = None
    for sweep in seen:
        after = max(sweep.enclosed.values(), default=after)
        report.sweeps.append(Bounds(number=sweep.number, after=after, before=None))
    before = None
    for bounds, sweep, follower in reversed([*zip(report.sweeps, seen, [*seen[1:], None], strict=False)]):
        own = [*sweep.stamps.values(), *(follower.enclosed.values() if follower else ())]
        before = bounds.before = min(own, default=before)
    for bounds in report.sweeps:
        if bounds.before is None:
            report.reserve("unstamped", f"relevé {bounds.number:09d}")
        elif bounds.after is not None and bounds.after > bounds.before:
            report.reserve("clocks", f"relevé {bounds.number:09d}")


def _witness(
    data: bytes | None, archive: FolderArchive, tools: Verifiers, seen: Sequence[ReadSweep], report: Report
) -> None:
    """A checkpoint kept outside must be one of those the sweeps hold."""
    if data is None:
        return
    heads = {s.checkpoint.size: s.checkpoint for s in seen if s.checkpoint}
    try:
        note = SignedNote.parse(data)
        outside = Checkpoint.parse(note.text)
    except ValueError as error:
        report.fail("witness", "témoin", str(error))
        return
    if note.signed_by([*Trust(archive, tools).log_keys(outside.origin)], tools.signature) is None:
        report.fail("witness", "témoin", "signature")
    elif outside.size < min(heads, default=0):
        report.reserve("witness", "témoin", "antérieur au dossier : non comparé")
    elif outside.size > max(heads, default=0):
        report.fail("witness", "témoin", f"{outside.size} observations connues du témoin, {max(heads, default=0)} ici")
    elif outside.size not in heads or heads[outside.size].root != outside.root:
        report.fail("witness", "témoin", f"autre journal à {outside.size} observations")
