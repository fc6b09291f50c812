"""The records against the checkpoints: nothing changed, nothing rewritten, nothing left out, no capture of elsewhere.

An export carries, line by line beside `records.jsonl`, `proofs.txt` (`SWEEP INDEX SIZE HASH...`: the path of that
record to the root its own sweep signed) and, for each pair of sweeps that follow each other, a line of
`consistency.txt` (`OLD NEW HASH...`). `scope.txt` says which checks the export is about: each line a check, a `CODE/`
or `all`. The pictures of a data folder are held against their lines too: there and unchanged, dropped by retention, or
damaged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Literal

from monitor.evidence.folder import picture_files
from monitor.evidence.merkle import Frontier, leaf_hash, verify_consistency, verify_inclusion
from monitor.evidence.seal import RECORDS, SHOTS
from monitor.evidence.verify.findings import Report

if TYPE_CHECKING:
    from monitor.evidence.verify.archive import FolderArchive
    from monitor.evidence.verify.sweeps import ReadSweep


PROOFS, CONSISTENCY, SCOPE = "proofs.txt", "consistency.txt", "scope.txt"
CAPTURES = "captures/"
EVERYTHING = "all"

_DIGEST = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_PROOF = re.compile(rb"(\d{9}) (0|[1-9]\d{0,14}) ([1-9]\d{0,14})((?: [0-9a-f]{64})*)")
_PAIR = re.compile(rb"(0|[1-9]\d{0,14}) (0|[1-9]\d{0,14})((?: [0-9a-f]{64})*)")
_SCOPE = re.compile(rb"all|[0-9A-Za-z]+/(notices/[a-z0-9-]+|[a-z0-9-]*)")


def verify_records(archive: FolderArchive, seen: Sequence[ReadSweep], report: Report) -> None:
    """The records of an export."""
    missing = {RECORDS, PROOFS, CONSISTENCY, SCOPE} - set(archive.names())
    for name in sorted(missing):
        report.fail("file", name)
    if missing:
        return
    found, digests = _included(archive, seen, report)
    for sweep in seen:
        if SHOTS in archive.within(sweep.folder):
            digests.update(d for line in archive.lines(f"{sweep.folder}/{SHOTS}") for d in _DIGEST.findall(line))
    _consistent(archive, seen, report)
    _complete(archive, seen, found, report)
    for name in archive.names():
        if name.startswith(CAPTURES) and archive.digest(name).encode() not in digests:
            report.fail("capture", name)


def _included(archive: FolderArchive, seen: Sequence[ReadSweep], report: Report) -> tuple[dict[int, str], set[bytes]]:
    """Check of each proven record by its sequence number, and every digest the records name."""
    sweeps = {sweep.number: sweep for sweep in seen}
    found: dict[int, str] = {}
    digests: set[bytes] = set()
    last = -1
    lines = zip_longest(archive.lines(RECORDS), archive.lines(PROOFS))
    for at, (record, proof) in enumerate(lines, start=1):
        match = _PROOF.fullmatch(proof or b"")
        sweep = sweeps.get(int(match[1])) if match else None
        if record is None or match is None or sweep is None or not _proven(record, match, sweep, last):
            report.fail("inclusion", f"{RECORDS}:{at}")
            continue
        last = int(match[2])
        found[last] = _check_of(record)
        digests.update(_DIGEST.findall(record))
    report.records = len(found)
    return found, digests


def _proven(record: bytes, proof: re.Match[bytes], sweep: ReadSweep, last: int) -> bool:
    """In its sweep's part of the log, under the root of that sweep's checkpoint, after the record before it."""
    index, size, head = int(proof[2]), int(proof[3]), sweep.checkpoint
    if head is None or size != head.size or index < sweep.first or index <= last:
        return False
    return verify_inclusion(leaf_hash(record), index, size, _hashes(proof[4]), head.root)


def _check_of(record: bytes) -> str:
    try:
        return str(json.loads(record)["check"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


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
            report.fail("consistency", new.folder)


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
            report.fail("plan", sweep.folder)


def in_scope(scope: Iterable[str]) -> Callable[[str], bool]:
    """Whether a check is among these: named, under a `CODE/`, or all of them."""
    lines = set(scope)
    return lambda check: EVERYTHING in lines or check in lines or check.partition("/")[0] + "/" in lines


def _hashes(text: bytes) -> list[bytes]:
    return [bytes.fromhex(part.decode()) for part in text.split()]


def verify_ledger_records(archive: FolderArchive, seen: Sequence[ReadSweep], report: Report) -> None:
    """All records of an evidence folder, from the first: each checkpoint is the root of every line up to it."""
    frontier = Frontier()
    for sweep in seen:
        if RECORDS not in sweep.sums or RECORDS not in archive.within(sweep.folder):
            report.fail("inclusion", sweep.folder)
            return
        for line in archive.lines(f"{sweep.folder}/{RECORDS}"):
            if sweep.checks.get(frontier.size) != _check_of(line):
                report.fail("plan", f"{sweep.folder}/{RECORDS}")
            frontier.append(leaf_hash(line))
        head = sweep.checkpoint
        if head is None or (frontier.size, frontier.root()) != (head.size, head.root):
            report.fail("inclusion", sweep.folder)
            return
        report.records = frontier.size


NOTE = "images : {sound} conformes à leur empreinte, {dropped} supprimées par la politique de conservation"


def verify_shots(
    lines: Iterable[bytes], kept: Callable[[str], bytes | Literal["dropped", "not_enclosed", "damaged"]], report: Report
) -> None:
    """Verify every file the lines name. kept: bytes that have the digest asked for, or why there are none."""
    told: dict[str, str] = {}
    for line in lines:
        for body in picture_files(json.loads(line)):
            found = kept(body)
            told[body] = found if isinstance(found, str) else "sound"
    for body, state in told.items():
        if state == "damaged":
            report.fail("capture", f"image {body}", "octets absents ou endommagés")
    if told:
        states = list(told.values())
        report.notes.append(NOTE.format(sound=states.count("sound"), dropped=states.count("dropped")))
