"""The records of exports of format 1, and of data folders: nothing changed, nothing rewritten, nothing left out.

An export of format 1 carries, line by line beside `records.jsonl`, `proofs.txt` (`SWEEP INDEX SIZE HASH...`: the path
of that record to the root its own sweep signed) and, for each pair of sweeps that follow each other, a line of
`consistency.txt` (`OLD NEW HASH...`). `scope.txt` says which checks the export is about: each line a check, a `CODE/`
or `all`. The pictures of a data folder are held against their lines too: there and unchanged, dropped by retention, or
damaged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from gettext import gettext as _
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Any, Literal

from monitor.core.record import digest
from monitor.evidence.exported.names import CAPTURES, SCOPE, in_scope
from monitor.evidence.folder import PLAN, RECORDS, SHOTS, picture_files
from monitor.evidence.merkle import Frontier, leaf_hash, range_root, verify_consistency, verify_inclusion
from monitor.evidence.plan import EVERYTHING, row_hash
from monitor.evidence.rules.findings import Report
from monitor.evidence.rules.rows import DueRecord, PlanRange
from monitor.evidence.rules.said import SeenRecords, inside, spelt
from monitor.evidence.rules.spelling import parse_canonical
from monitor.evidence.sums import first_anchor
from monitor.values import pattern

if TYPE_CHECKING:
    from monitor.evidence.rules.sweep import ReadSweep
    from monitor.evidence.verify.archive import FolderArchive


PROOFS, CONSISTENCY = "proofs.txt", "consistency.txt"

_DIGEST = pattern(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_PROOF = pattern(rb"(\d{9}) (0|[1-9]\d{0,14}) ([1-9]\d{0,14})((?: [0-9a-f]{64})*)")
_PAIR = pattern(rb"(0|[1-9]\d{0,14}) (0|[1-9]\d{0,14})((?: [0-9a-f]{64})*)")
_SCOPE = pattern(rb"all|[0-9A-Za-z]+/(notices/[a-z0-9-]+|[a-z0-9-]*)")


def verify_records(archive: FolderArchive, seen: Sequence[ReadSweep], report: Report) -> SeenRecords:
    """The records of an export of format 1."""
    said = SeenRecords()
    missing = {RECORDS, PROOFS, CONSISTENCY, SCOPE} - set(archive.names())
    for name in sorted(missing):
        report.fail("file", name)
    if missing:
        return said
    found, digests = _included(archive, seen, report, said)
    for sweep in seen:
        if SHOTS in archive.within(sweep.where):
            digests.update(d for line in archive.lines(f"{sweep.where}/{SHOTS}") for d in _DIGEST.findall(line))
    _consistent(archive, seen, report)
    _complete(archive, seen, found, report)
    for name in archive.names():
        if name.startswith(f"{CAPTURES}/") and archive.digest(name).encode() not in digests:
            report.fail("capture", name)
    return said


def _included(
    archive: FolderArchive, seen: Sequence[ReadSweep], report: Report, said: SeenRecords
) -> tuple[dict[int, str], set[bytes]]:
    """Check of each proven record by its sequence number, and every digest the records name."""
    sweeps = {sweep.number: (sweep, bounds) for sweep, bounds in zip(seen, report.sweeps, strict=True)}
    found: dict[int, str] = {}
    digests: set[bytes] = set()
    last = -1
    lines = zip_longest(archive.lines(RECORDS), archive.lines(PROOFS))
    for at, (record, proof) in enumerate(lines, start=1):
        match = _PROOF.fullmatch(proof or b"")
        sweep, bounds = sweeps.get(int(match[1]), (None, None)) if match else (None, None)
        if record is None or match is None or sweep is None or not _proven(record, match, sweep, last):
            report.fail("inclusion", f"{RECORDS}:{at}")
            continue
        last = int(match[2])
        told = _object(record)
        found[last] = str(told.get("check", ""))
        digests.update(_DIGEST.findall(record))
        said.see(told)
        sweep.records += 1
        sweep.outside += bounds is not None and not inside(told, bounds)
    report.records = len(found)
    return found, digests


def _proven(record: bytes, proof: re.Match[bytes], sweep: ReadSweep, last: int) -> bool:
    """In its sweep's part of the log, under the root of that sweep's checkpoint, after the record before it."""
    index, size, head = int(proof[2]), int(proof[3]), sweep.checkpoint
    if head is None or size != head.size or index < sweep.first or index <= last:
        return False
    return verify_inclusion(leaf_hash(record), index, size, _hashes(proof[4]), head.root)


def _object(record: bytes) -> dict[str, Any]:
    """What a line says; nothing where it is no object."""
    try:
        told = json.loads(record)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _consistent(archive: FolderArchive, seen: Sequence[ReadSweep], report: Report) -> None:
    pairs, lines = [*pairwise(seen)], [*archive.lines(CONSISTENCY)]
    if len(lines) != len(pairs):
        report.fail("consistency", CONSISTENCY)
        return
    for (old, new), line in zip(pairs, lines, strict=True):
        match, first, second = _PAIR.fullmatch(line), old.checkpoint, new.checkpoint
        if (
            match is None
            or first is None
            or second is None
            or (int(match[1]), int(match[2])) != (first.size, second.size)
            or not verify_consistency(first.size, second.size, first.root, second.root, _hashes(match[3]))
        ):
            report.fail("consistency", new.where)


def _complete(archive: FolderArchive, seen: Sequence[ReadSweep], found: dict[int, str], report: Report) -> None:
    """Every record the sweeps announce for the checks in scope is there, under the name announced, and no other."""
    scope = [*archive.lines(SCOPE)]
    if not scope or not all(map(_SCOPE.fullmatch, scope)):
        report.fail("plan", SCOPE)
        return
    wanted = in_scope([line.decode() for line in scope])
    for sweep in seen:
        due = {seq: check for seq, check in sweep.checks.items() if wanted(check)}
        there = {seq: check for seq, check in found.items() if sweep.first <= seq < sweep.size}
        if due != there:
            report.fail("plan", sweep.where)


def _hashes(text: bytes) -> list[bytes]:
    return [bytes.fromhex(part.decode()) for part in text.split()]


def verify_ledger_records(archive: FolderArchive, seen: Sequence[ReadSweep], report: Report) -> SeenRecords:
    """All records of an evidence folder, from the first: each checkpoint is the root of every line up to it."""
    frontier, said = Frontier(), SeenRecords()
    before: ReadSweep | None = None
    for sweep, bounds in zip(seen, report.sweeps, strict=True):
        if RECORDS not in sweep.files or RECORDS not in archive.within(sweep.where):
            report.fail("inclusion", sweep.where)
            break
        due = {one.seq: one for one in _planned(archive, sweep, report)}
        anchor = before.sums if before else first_anchor(sweep.checkpoint.origin) if sweep.checkpoint else None
        for line in archive.lines(f"{sweep.where}/{RECORDS}"):
            one = due.pop(frontier.size, None)
            if one is None or (one.sha256 is not None and one.sha256 != digest(line)):
                report.fail("plan", f"{sweep.where}/{RECORDS}", str(frontier.size))
            elif (record := spelt(line, f"{sweep.where}/{RECORDS}", one, sweep, anchor, report)) is not None:
                said.see(record)
                sweep.outside += not inside(record, bounds)
            frontier.append(leaf_hash(line))
            sweep.records += 1
        if due:
            report.fail("plan", sweep.where)
        head = sweep.checkpoint
        if head is None or (frontier.size, frontier.root()) != (head.size, head.root):
            report.fail("inclusion", sweep.where)
            break
        report.records = frontier.size
        before = sweep
    return said


def _planned(archive: FolderArchive, sweep: ReadSweep, report: Report) -> Sequence[DueRecord]:
    """The records that a sweep announces: in version 2 by the rows of its plan, which are under its root."""
    if not sweep.read:
        return []
    if sweep.version == 1 or sweep.plan is None:
        return [DueRecord(seq, check) for seq, check in sweep.checks.items()]
    where = f"{sweep.where}/{PLAN}"
    root, size = sweep.plan
    try:
        given = PlanRange.parse(
            {"from": 0, "nodes": [], "rows": [parse_canonical(row) for row in archive.lines(where)]}
        )
    except ValueError:
        report.fail("canonical", where)
        return []
    if not given.leads_to(root, size):
        report.fail("inclusion", where)
    if not given.closes(EVERYTHING, size):
        report.fail("plan", where)
    _pictured(archive, sweep, report)
    return given.due(EVERYTHING)


def _pictured(archive: FolderArchive, sweep: ReadSweep, report: Report) -> None:
    """The lines of its pictures are under their root."""
    if sweep.shots is not None or SHOTS in sweep.files:
        where = f"{sweep.where}/{SHOTS}"
        leaves = [row_hash(line) for line in archive.lines(where)]
        root, size = sweep.shots or (b"", -1)
        if len(leaves) != size or range_root(leaves, 0, size, []) != root:
            report.fail("inclusion", where)


def verify_shots(
    lines: Iterable[bytes],
    kept: Callable[[str, int], bytes | Literal["dropped", "not_enclosed", "damaged"]],
    report: Report,
) -> None:
    """Verify every file the lines name. kept: bytes that have the digest asked for, which the observation
    of a number names, or why there are none.
    """
    told: dict[str, str] = {}
    for line in lines:
        shot = json.loads(line)
        for body in picture_files(shot):
            found = kept(body, shot["seq"])
            told[body] = found if isinstance(found, str) else "sound"
    for body, state in told.items():
        if state == "damaged":
            report.fail("capture", _("picture {digest}").format(digest=body), _("its bytes are missing or damaged"))
    if told:
        states = list(told.values())
        words = _("pictures: {sound} have their digest, {dropped} were dropped as the settings of retention say")
        report.notes.append(words.format(sound=states.count("sound"), dropped=states.count("dropped")))
