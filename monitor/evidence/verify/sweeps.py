"""The walk over sealed sweeps: each one's sums, place in the chain, stamps and checkpoint."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from monitor.core.record import canonical
from monitor.evidence.checkpoint import Checkpoint, SignedNote, VerifierKey
from monitor.evidence.seal import CHECKPOINT, ENV, PREVIOUS, RECORDS, SEAL, SHOTS, SWEEP
from monitor.evidence.sums import SUMS, parse_sums
from monitor.evidence.verify.findings import Report
from monitor.evidence.verify.trust import Trust

if TYPE_CHECKING:
    from monitor.evidence.verify.archive import FolderArchive

SWEEP_FOLDER = re.compile(r"sweeps/\d{4}/\d\d/\d\d/\d{9}(?=/)")

LATE = 600  # seconds from the end of a sweep to its stamp, from which on a reader is told

_REQUIRED = frozenset({RECORDS, SWEEP, ENV, SEAL, CHECKPOINT})
_STAMP = re.compile(rf"{SUMS}\.([a-z0-9-]+)\.ts[qr]")
_ENCLOSED = re.compile(rf"{re.escape(PREVIOUS)}([a-z0-9-]+)\.tsr")


@dataclass(slots=True, kw_only=True)
class ReadSweep:
    """What one sweep shows. enclosed: genTime of the enclosed stamps; stamps: of its own; both by authority.

    checks: (sequence number, check) of the records it announces. checkpoint: None where it is worth nothing.
    """

    folder: str
    number: int
    sums: Mapping[str, str] = field(default_factory=dict)
    enclosed: dict[str, datetime] = field(default_factory=dict)
    stamps: dict[str, datetime] = field(default_factory=dict)
    first: int = 0
    size: int = 0
    declared: list[dict[str, Any]] = field(default_factory=list)
    checks: dict[int, str] = field(default_factory=dict)
    checkpoint: Checkpoint | None = None


@dataclass(slots=True)
class _Keys:
    """Which key must sign next. origin: the log's name so far."""

    origin: str | None = None
    expected: VerifierKey | None = None


def walk(
    folders: Sequence[str], archive: FolderArchive, trust: Trust, report: Report, *, records_needed: bool
) -> list[ReadSweep]:  # fmt: skip
    """Every sweep in order of its number. records_needed: False where records are given by selection."""
    seen: list[ReadSweep] = []
    keys = _Keys()
    bearing = _bearing(folders, archive)
    for folder in folders:
        sweep = ReadSweep(folder=folder, number=int(folder[-9:]))
        previous = seen[-1] if seen else None
        seen.append(sweep)
        if not _files(sweep, archive, report, records_needed=records_needed):
            continue
        if previous is not None and sweep.number != previous.number + 1:
            report.fail("number", folder)
        _facts(sweep, archive, report)
        _chain(sweep, previous, archive, report)
        _enclosed_stamps(sweep, previous, archive, trust, report)
        _own_stamps(sweep, bearing, archive, trust, report)
        _checkpoint(sweep, previous, keys, archive, trust, report)
    return seen


def _bearing(folders: Sequence[str], archive: FolderArchive) -> set[str]:
    """The first and the last stamp of each authority: through the chain the last covers every sweep before it."""
    names: dict[str, list[str]] = {}
    for folder in folders:
        for name in archive.within(folder):
            if (match := _STAMP.fullmatch(name)) and name.endswith(".tsr"):
                names.setdefault(match[1], []).append(f"{folder}/{name}")
    return {name for given in names.values() for name in (given[0], given[-1])}


def _files(sweep: ReadSweep, archive: FolderArchive, report: Report, *, records_needed: bool) -> bool:
    """Its list of sums, and the files the list names. False when nothing more can be said of the sweep."""
    folder = sweep.folder
    try:
        sums = parse_sums(archive.read(f"{folder}/{SUMS}"))
    except (KeyError, ValueError):
        report.fail("sums", f"{folder}/{SUMS}")
        return False
    enclosed = [name for name in sums if _ENCLOSED.fullmatch(name)]
    allowed = _REQUIRED | {SHOTS, PREVIOUS + SUMS, *enclosed}
    if not _REQUIRED <= sums.keys() <= allowed or (enclosed and PREVIOUS + SUMS not in sums):
        report.fail("sums", f"{folder}/{SUMS}")
        return False
    here = {*archive.within(folder)}
    for name in sorted(here - sums.keys() - {SUMS}):
        if not _STAMP.fullmatch(name):
            report.fail("unlisted", f"{folder}/{name}")
    whole = True
    for name, digest in sums.items():
        if name not in here:
            if name == RECORDS and not records_needed:
                continue
        elif archive.digest(f"{folder}/{name}") == digest:
            continue
        report.fail("file", f"{folder}/{name}")
        whole = False
    sweep.sums = sums
    return whole


def _facts(sweep: ReadSweep, archive: FolderArchive, report: Report) -> None:
    """What seal.json and sweep.json state, and that the checks announced are the leaves added."""
    folder = sweep.folder
    try:
        seal = _canonical_object(archive.read(f"{folder}/{SEAL}"))
        plan = _canonical_object(archive.read(f"{folder}/{SWEEP}"))
        first, size, declared = int(seal["first"]), int(seal["size"]), [dict(row) for row in seal["declared"]]
        checks = sorted((int(c["seq"]), str(c["check"])) for c in plan["checks"] if "seq" in c)
        told = [row for row in declared if row.get("what") != "stamped" or int(row.get("delay_s", 0)) > LATE]
        number = seal["sweep"]
    except (ValueError, KeyError, TypeError):
        report.fail("plan", folder)
        return
    sweep.first, sweep.size, sweep.declared, sweep.checks = first, size, declared, dict(checks)
    if number != sweep.number:
        report.fail("number", folder)
    if len(checks) != size - first or [seq for seq, _check in checks] != list(range(first, size)):
        report.fail("plan", folder)
    report.declared += (f"relevé {sweep.number:09d} : {canonical(row).decode()}" for row in told)


def _canonical_object(data: bytes) -> dict[str, Any]:
    """The object a canonical JSON file holds. Raises ValueError for another spelling, so that all readers read one."""
    try:
        value = json.loads(data)
        if isinstance(value, dict) and canonical(value) == data:
            return value
    except RecursionError:
        pass
    raise ValueError("not canonical JSON")


def _chain(sweep: ReadSweep, previous: ReadSweep | None, archive: FolderArchive, report: Report) -> None:
    enclosed = PREVIOUS + SUMS in sweep.sums
    if previous is None:
        if not enclosed and sweep.first != 0:
            report.fail("chain", sweep.folder)
    elif not enclosed or archive.read(f"{sweep.folder}/{PREVIOUS}{SUMS}") != _read(
        archive, f"{previous.folder}/{SUMS}"
    ):
        report.fail("chain", sweep.folder)
    unstamped = any(r.get("what") == "unstamped" and r.get("sweep") == sweep.number - 1 for r in sweep.declared)
    if enclosed and not any(map(_ENCLOSED.fullmatch, sweep.sums)) and not unstamped:
        report.fail("undeclared", sweep.folder)


def _enclosed_stamps(
    sweep: ReadSweep, previous: ReadSweep | None, archive: FolderArchive, trust: Trust, report: Report
) -> None:
    """The stamps of the sweep before: the same bytes as beside it, or verified here when that sweep is not at hand."""
    for name in filter(_ENCLOSED.fullmatch, sweep.sums):
        authority = name.removeprefix(PREVIOUS).removesuffix(".tsr")
        beside = _read(archive, f"{previous.folder}/{SUMS}.{authority}.tsr") if previous else None
        where = f"{sweep.folder}/{name}"
        if previous is not None and beside is not None:
            if beside != archive.read(where):
                report.fail("chain", where)
            elif authority in previous.stamps:
                sweep.enclosed[authority] = previous.stamps[authority]
            continue
        data = f"{sweep.folder}/{PREVIOUS}{SUMS}"
        _stamp(authority, where, data, sweep.enclosed, archive, trust, report, bearing=True)


def _own_stamps(sweep: ReadSweep, bearing: Set[str], archive: FolderArchive, trust: Trust, report: Report) -> None:
    for name in archive.within(sweep.folder):
        match, where = _STAMP.fullmatch(name), f"{sweep.folder}/{name}"
        if match and name.endswith(".tsr"):
            authority = match[1]
            data = f"{sweep.folder}/{SUMS}"
            _stamp(authority, where, data, sweep.stamps, archive, trust, report, bearing=where in bearing)
            before, own = sweep.enclosed.get(authority), sweep.stamps.get(authority)
            if before and own and own < before:
                report.fail("order", where)


def _stamp(
    authority: str, where: str, data: str, times: dict[str, datetime], archive: FolderArchive, trust: Trust,
    report: Report, *, bearing: bool,
) -> None:  # fmt: skip
    roots = trust.pem("roots", authority)
    if not roots:
        report.fail("authority", where)
        return
    reply, stamped, untrusted = archive.read(where), archive.read(data), trust.pem("untrusted", authority)
    got = trust.tools.stamp(reply, stamped, roots, untrusted, bearing=bearing)
    if isinstance(got, datetime):
        times[authority] = got
    else:
        report.fail("stamp", where, got)


def _checkpoint(
    sweep: ReadSweep, previous: ReadSweep | None, keys: _Keys, archive: FolderArchive, trust: Trust, report: Report
) -> None:  # fmt: skip
    where = f"{sweep.folder}/{CHECKPOINT}"
    try:
        note = SignedNote.parse(archive.read(where))
        head = Checkpoint.parse(note.text)
    except ValueError as error:
        report.fail("checkpoint", where, str(error))
        return
    old_origin = keys.origin
    if old_origin not in (None, head.origin):
        lost = any(r.get("what") == "log_key_lost" and r.get("old_origin") == old_origin for r in sweep.declared)
        keys.expected = None
        if not lost:
            report.fail("key", where)
            return
        report.reserve("key", where)
    candidates = [keys.expected] if keys.expected else [*trust.log_keys(head.origin)]
    signer = note.signed_by(candidates, trust.tools.signature)
    if signer is None:
        report.fail("key", where)
        return
    keys.origin, keys.expected = head.origin, head.next_key or signer
    known = previous.size if previous else sweep.first
    if not sweep.first <= head.size == sweep.size or sweep.first != known:
        report.fail("checkpoint", where)
        return
    sweep.checkpoint = head


def _read(archive: FolderArchive, name: str) -> bytes | None:
    try:
        return archive.read(name)
    except KeyError:
        return None
