"""Checkpoints that others keep or cosigned: one given from elsewhere, and those enclosed (docs/FORMAT.md, 4.11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from monitor.evidence.checkpoint import Checkpoint, CosignerKey, SignedNote, cosigned_at
from monitor.evidence.exported.names import WITNESS
from monitor.evidence.rules.findings import Report, observations
from monitor.evidence.rules.spelling import parse_canonical
from monitor.evidence.rules.sweep import ReadSweep, heads

if TYPE_CHECKING:
    from monitor.evidence.verify.archive import FolderArchive
    from monitor.evidence.verify.trust import Trust


def verify_kept(data: bytes | None, trust: Trust, seen: Sequence[ReadSweep], report: Report) -> None:
    """A checkpoint kept outside must be one of those the sweeps hold. data: None where none was given."""
    if data is None:
        return
    known = heads(seen)
    where = _("witness")
    try:
        note = SignedNote.parse(data)
        outside = Checkpoint.parse(note.text)
    except ValueError as error:
        report.fail("witness", where, str(error))
        return
    if note.signed_by([*trust.log_keys(outside.origin)], trust.tools.signature) is None:
        report.fail("witness", where, _("its signature"))
    elif outside.size < min(known, default=0):
        report.reserve("witness", where, _("older than this folder: not compared"))
    elif outside.size > max(known, default=0):
        words = _("observations known to the witness: {known}; in this folder: {here}")
        report.fail("witness", where, words.format(known=outside.size, here=max(known, default=0)))
    elif outside.size not in known or known[outside.size].root != outside.root:
        report.fail(
            "witness", where, _("another log at {observations}").format(observations=observations(outside.size))
        )


def verify_cosigned(archive: FolderArchive, trust: Trust, seen: Sequence[ReadSweep], report: Report) -> None:
    """The cosigned checkpoints enclosed: each that of its sweep, and cosigned by the key that its line gives.

    Who that is, nobody can tell from the folder: name, key and times are noted, to be compared.
    """
    sweeps = {sweep.number: sweep for sweep in seen}
    times: dict[str, list[datetime]] = {}
    for at, line in enumerate(archive.lines(WITNESS), start=1):
        where = f"{WITNESS}:{at}"
        try:
            told = parse_canonical(line)
        except ValueError:
            report.fail("canonical", where)
            continue
        try:
            key, cosigned = _cosigned(told, sweeps, trust)
        except (ValueError, KeyError, TypeError) as error:
            report.fail("witness", where, str(error))
            continue
        times.setdefault(key, []).append(cosigned)
    words = _("checkpoints cosigned by {key}: {count}, from {first} to {last}; compare the key with the witness's own")
    for key, some in sorted(times.items()):
        first, last = (f"{at:%Y-%m-%d %H:%M:%S} UTC" for at in (min(some), max(some)))
        report.notes.append(words.format(key=key, count=len(some), first=first, last=last))


def _cosigned(told: dict[str, Any], sweeps: dict[int, ReadSweep], trust: Trust) -> tuple[str, datetime]:
    """Key and time of a line. Raises ValueError, KeyError or TypeError for one that is false."""
    if not isinstance(told["note"], str) or not isinstance(told["key"], str):
        raise ValueError("not a line of a witness")
    key, note = CosignerKey.parse(told["key"]), SignedNote.parse(told["note"].encode())
    head, sealed = Checkpoint.parse(note.text), sweeps[told["sweep"]].checkpoint
    if sealed is None or (head.origin, head.size, head.root) != (sealed.origin, sealed.size, sealed.root):
        raise ValueError("not the checkpoint of its sweep")
    if note.signed_by([*trust.log_keys(head.origin)], trust.tools.signature) is None:
        raise ValueError("not signed by the log")
    at = cosigned_at(note, key, trust.tools.signature)
    if at is None:
        raise ValueError("not cosigned by that key")
    return str(key), at
