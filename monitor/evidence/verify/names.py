"""The names of an export (docs/FORMAT.md, 3), and what signs the list of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.core.record import digest
from monitor.evidence.checkpoint import SignedNote, VerifierKey
from monitor.evidence.exported.names import LINES, PACKED, SIGNED
from monitor.evidence.exported.signed import ExportStatement
from monitor.evidence.rules.findings import Report
from monitor.evidence.sums import SUMS, parse_sums
from monitor.evidence.verify.archive import is_litter
from monitor.values import pattern

if TYPE_CHECKING:
    from monitor.evidence.verify.archive import FolderArchive
    from monitor.evidence.verify.crypto import Verifiers

_PEM = r"[0-9a-z-]+\.[0-9a-z]{16}\.pem"
_CLOSED = pattern(
    r"LISEZ-MOI\.txt|(SIMULATION-)?(releve\.pdf|observations\.csv)|SIMULATION\.txt|figures\.json|scope\.txt"
    rf"|({'|'.join(sorted(map(re.escape, LINES)))}|deposits\.jsonl)({re.escape(PACKED)})?"
    r"|sealed/[0-9a-f]{64}\.jsonl?|captures/.*"
    rf"|trust/(roots|untrusted|crls|log)/{_PEM}|verify\.sh|verifier\.html|{SIGNED}"
)


def verify_sums(archive: FolderArchive, report: Report) -> None:
    """The list at the top covers every file of the export, and nothing else is there."""
    for name in archive.odd():
        report.fail("unlisted", name)
    try:
        sums = parse_sums(archive.read(SUMS))
    except (KeyError, ValueError) as error:
        report.fail("sums", SUMS, str(error))
        return
    names = set(archive.names()) - {SUMS, SIGNED}
    for name in sorted(names - sums.keys()):
        report.fail("unlisted", name)
    for name, digest_told in sums.items():
        if is_litter(name):
            report.reserve("extra", name)
        elif name not in names or archive.digest(name) != digest_told:
            report.fail("file", name)


def verify_names(archive: FolderArchive, report: Report) -> None:
    """No file but those the format names; of a file of lines one spelling."""
    listed = _listed(archive)
    names = set(archive.names())
    for name in sorted(names & listed):
        if not _CLOSED.fullmatch(name) or (name.endswith(PACKED) and name.removesuffix(PACKED) in names):
            report.reserve("extra", name)


def _listed(archive: FolderArchive) -> set[str]:
    try:
        return set(parse_sums(archive.read(SUMS)))
    except (KeyError, ValueError):
        return set()


def verify_signed(archive: FolderArchive, tools: Verifiers, key: VerifierKey | None, report: Report) -> None:
    """SHA256SUMS.signed names these sums, by the key that signed the last checkpoint. key: None where none did."""
    if SIGNED not in archive.names():
        report.reserve("signed", SIGNED)
        return
    if key is None:
        return  # told as `key` or `checkpoint`
    try:
        note = SignedNote.parse(archive.read(SIGNED))
        told = ExportStatement.parse(note.text)
        sums = digest(archive.read(SUMS))
    except (ValueError, KeyError) as error:
        report.fail("signed", SIGNED, str(error))
        return
    if told.origin != key.name or told.sums != sums or note.signed_by([key], tools.signature) is None:
        report.fail("signed", SIGNED)
