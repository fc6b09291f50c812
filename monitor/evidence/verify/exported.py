"""The records of an export of format 2: every one that is due in scope, as it was sealed, and none besides.

Read in one walk over the sweeps, beside `plan.jsonl`, `records.jsonl` and `log.jsonl`, all in the order of the log.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from monitor.core.record import digest
from monitor.evidence.exported.names import LOG, PLAN, RECORDS, SCOPE, SEALED, SHOTS, in_scope
from monitor.evidence.folder import picture_files
from monitor.evidence.merkle import leaf_hash, range_root
from monitor.evidence.plan import EVERYTHING, row_hash
from monitor.evidence.rules.findings import Report, sweep_name
from monitor.evidence.rules.rows import DueRecord, PlanRange, agree
from monitor.evidence.rules.said import SeenRecords, inside, spelt
from monitor.evidence.rules.spelling import hashes, respelt, whole
from monitor.evidence.seal import ENV
from monitor.evidence.verify.given import canonical_lines
from monitor.values import pattern

if TYPE_CHECKING:
    from monitor.evidence.rules.findings import Bounds
    from monitor.evidence.rules.sweep import ReadSweep
    from monitor.evidence.verify.archive import FolderArchive
    from monitor.evidence.verify.captures import Named

_SCOPE = pattern(r"all|[0-9A-Za-z]+/(notices/[a-z0-9-]+|[a-z0-9-]*)")
T = TypeVar("T")


class _Ahead(Generic[T]):
    """An iterator that can be looked at without taking from it."""

    def __init__(self, of: Iterator[T]) -> None:
        self._of = of
        self.next: T | None = next(of, None)

    def take(self) -> T:
        """The next one. Only where there is one."""
        assert self.next is not None
        taken, self.next = self.next, next(self._of, None)
        return taken


def read_scope(archive: FolderArchive, report: Report) -> Sequence[str]:
    """The lines of `scope.txt`; none, and a finding, where they are not such."""
    lines = [line.decode("ascii", "replace") for line in archive.lines(SCOPE)]
    if not lines or not all(map(_SCOPE.fullmatch, lines)) or any(a >= b for a, b in pairwise(lines)):
        report.fail("plan", SCOPE)
        return []
    return lines


class RecordWalk:
    """Every record in scope. named: learns which digests the records name."""

    def __init__(self, archive: FolderArchive, report: Report, scope: Sequence[str], named: Named) -> None:
        self._report, self._scope, self._named = report, scope, named
        self._plan = _Ahead(canonical_lines(archive, PLAN, report))
        self._log = _Ahead(canonical_lines(archive, LOG, report))
        self._lines = _Ahead(enumerate(archive.lines(RECORDS), start=1))
        self.said = SeenRecords()

    def read(self, sweeps: Sequence[ReadSweep], anchor: bytes | None) -> None:
        """All of them. anchor: what the identifiers of the first sweep follow from; None where that is not at hand."""
        for sweep, bounds in zip(sweeps, self._report.sweeps, strict=True):
            if sweep.read:
                due = self._listed(sweep) if sweep.version == 1 else self._planned(sweep)
                for line, one in self._matched(sweep, due):
                    self._record(line, one, sweep, anchor, bounds)
            else:
                self._pass_over(sweep.number)
            anchor = sweep.sums
        for at in self._rest():
            self._report.fail("plan", f"{RECORDS}:{at}")
        if self._plan.next is not None:
            self._report.fail("plan", PLAN)
        if self._log.next is not None:
            self._report.fail("plan", LOG)

    def _pass_over(self, number: int) -> None:
        """What is enclosed of a sweep whose facts cannot be read, which is told: nothing more can be said of it."""
        for lines in (self._plan, self._log):
            while lines.next is not None and lines.next.get("sweep") == number:
                lines.take()
        while self._lines.next is not None and _sweep_of(self._lines.next[1]) == number:
            self._lines.take()

    def _rest(self) -> Iterator[int]:
        """The first line that belongs to no sweep here, where there is one: it speaks for those that follow."""
        if self._lines.next is not None:
            yield self._lines.next[0]

    def _planned(self, sweep: ReadSweep) -> list[DueRecord]:
        """The records that the ranges of a plan announce, once these are proven and close over the scope."""
        if sweep.plan is None:  # a sweep of version 1 after one of version 2
            self._report.fail("plan", sweep.where)
            return []
        root, size = sweep.plan
        due: dict[int, DueRecord] = {}
        shown: list[PlanRange] = []
        for scope in self._scope:
            given = self._range(sweep.number)
            if given is None or not given.closes(scope, size):
                self._report.fail("plan", sweep.where, scope)
            if given is None:
                continue
            if not given.leads_to(root, size):
                self._report.fail("inclusion", f"{PLAN}, {sweep_name(sweep.number)}", scope)
            due.update((one.seq, one) for one in given.due(scope))
            shown.append(given)
        if not agree(shown):
            self._report.fail("plan", sweep.where)
        outside = [seq for seq in due if not sweep.first <= seq < sweep.size]
        if outside or (EVERYTHING in self._scope and len(due) != sweep.size - sweep.first):
            self._report.fail("plan", sweep.where)
        return [due[seq] for seq in sorted(due)]

    def _range(self, number: int) -> PlanRange | None:
        told = self._plan.next
        if told is None or told.get("sweep") != number:
            return None
        try:
            return PlanRange.parse(self._plan.take())
        except (ValueError, KeyError):
            return None

    def _listed(self, sweep: ReadSweep) -> list[DueRecord]:
        """The records that a sweep of version 1 announces."""
        wanted = in_scope(self._scope)
        return [DueRecord(seq, check) for seq, check in sorted(sweep.checks.items()) if wanted(check)]

    def _matched(self, sweep: ReadSweep, due: Sequence[DueRecord]) -> Iterator[tuple[bytes, DueRecord]]:
        """The lines of a sweep beside what it announces: each there, in order, and none besides."""
        proofs = self._proofs(sweep)
        waiting = list(due)
        while waiting and self._lines.next is not None:
            at, line = self._lines.next
            one = waiting[0]
            if one.sha256 is None:
                fits = one.seq in proofs
                if fits and not _included(line, one.seq, proofs[one.seq], sweep):
                    self._report.fail("inclusion", f"{RECORDS}:{at}")
            else:
                fits = digest(line) == one.sha256
            if fits:
                self._lines.take()
                yield line, waiting.pop(0)
            elif (_sweep_of(line) or 0) <= sweep.number and not any(digest(line) == o.sha256 for o in waiting):
                self._lines.take()  # a line that no row announces
                self._report.fail("plan", f"{RECORDS}:{at}")
            else:
                self._report.fail("plan", sweep.where, str(waiting.pop(0).seq))
        for one in waiting:
            self._report.fail("plan", sweep.where, str(one.seq))

    def _proofs(self, sweep: ReadSweep) -> dict[int, list[bytes]]:
        """Of a sweep of version 1, by sequence number."""
        out: dict[int, list[bytes]] = {}
        while self._log.next is not None and self._log.next.get("sweep") == sweep.number:
            told = self._log.take()
            try:
                out[whole(told["seq"])] = hashes(told["nodes"])
            except (ValueError, KeyError):
                self._report.fail("inclusion", f"{LOG}, {sweep_name(sweep.number)}")
        return out

    def _record(self, line: bytes, due: DueRecord, sweep: ReadSweep, anchor: bytes | None, bounds: Bounds) -> None:
        """One that is due and there: its spelling, what it says of itself, and when."""
        sweep.records += 1
        self._report.records += 1
        record = spelt(line, RECORDS, due, sweep, anchor, self._report)
        if record is not None:
            sweep.outside += not inside(record, bounds)
            self.said.see(record)
            self._named.by_record(line, record)


def _included(line: bytes, seq: int, nodes: Sequence[bytes], sweep: ReadSweep) -> bool:
    head = sweep.checkpoint
    try:
        return head is None or range_root([leaf_hash(line)], seq, head.size, nodes) == head.root
    except ValueError:
        return False


def _sweep_of(line: bytes) -> int | None:
    """What a line that no row announces says of itself, to know how far to read on."""
    match = re.search(rb'"sweep":(\d{1,9})[,}]', line)
    return int(match[1]) if match else None


def verify_shots_lines(archive: FolderArchive, sweeps: Sequence[ReadSweep], named: Named, report: Report) -> None:
    """Each picture's line enclosed is one of its sweep's `shots`; of version 1 the whole file is enclosed."""
    numbered = {sweep.number: sweep for sweep in sweeps}
    for at, told in enumerate(canonical_lines(archive, SHOTS, report), start=1):
        sweep = numbered.get(told.get("sweep", -1))
        shot = told.get("shot")
        if sweep is None or not isinstance(shot, dict) or not _shown(archive, told, sweep):
            report.fail("inclusion", f"{SHOTS}:{at}")
        else:
            named.by_shot(shot, picture_files)


def _shown(archive: FolderArchive, told: Mapping[str, Any], sweep: ReadSweep) -> bool:
    line, at = respelt(told["shot"]), whole(told["from"])
    try:
        if sweep.version == 1:
            name = f"{SEALED}/{sweep.files.get(SHOTS)}.jsonl"
            return name in archive.names() and [*archive.lines(name)][at] == line
        root, size = sweep.shots or (b"", 0)
        return range_root([row_hash(line)], at, size, hashes(told["nodes"])) == root
    except (ValueError, KeyError, IndexError):
        return False


def verify_sealed(archive: FolderArchive, sweeps: Sequence[ReadSweep], report: Report) -> None:
    """A sealed file enclosed whole has the digest it is named by, and a sweep names that digest."""
    environments = {sweep.files.get(ENV) for sweep in sweeps}
    pictures = {sweep.files.get(SHOTS) for sweep in sweeps}
    for name in archive.within(SEALED):
        body, _dot, ending = name.partition(".")
        known = environments if ending == "json" else pictures if ending == "jsonl" else set()
        if body not in known or archive.digest(f"{SEALED}/{name}") != body:
            report.fail("file", f"{SEALED}/{name}")
