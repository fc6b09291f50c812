"""The walk over sealed sweeps: each one's sums, place in the chain, stamps and checkpoint (docs/FORMAT.md, 4.3 to 4.6).

Wherever the sweeps come from, a folder each or a line each, they are given here in the same shape.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from typing import Any, Final

from monitor.core.record import digest
from monitor.evidence.checkpoint import Checkpoint, SignedNote, VerifierKey
from monitor.evidence.folder import PLAN, RECORDS, SHOTS
from monitor.evidence.rules.declared import Declared, clock_error, is_late
from monitor.evidence.rules.findings import Bound, Report
from monitor.evidence.rules.spelling import parse_canonical, parse_instant, tree_of, whole
from monitor.evidence.rules.sweep import ReadSweep
from monitor.evidence.seal import CHECKPOINT, ENV, PREVIOUS, SEAL, SWEEP
from monitor.evidence.sums import SUMS, first_anchor, parse_sums
from monitor.evidence.verify.trust import Trust
from monitor.values import dataclass, pattern

KNOWN: Final = 2  # the newest version this verifier knows
Rows = Sequence[Mapping[str, Any]]

_REQUIRED = frozenset({RECORDS, SWEEP, ENV, SEAL, CHECKPOINT})
_ENCLOSED = pattern(rf"{re.escape(PREVIOUS)}([a-z0-9-]+)\.tsr")


@dataclass(frozen=True, slots=True)
class GivenStamp:
    """A response as it was found. where: for a finding."""

    where: str
    reply: bytes


@dataclass(slots=True, kw_only=True)
class GivenSweep:
    """A sweep as it was found, nothing of it checked. number: None where only `sweep.json` says it.

    where: names it in a finding, and, with a name added, one of its files. files: the bytes of `checkpoint`,
    `seal.json` and `sweep.json`. stamps: by authority. sums: None where they are missing.
    """

    where: str
    number: int | None
    sums: bytes | None
    files: Mapping[str, bytes]
    stamps: Mapping[str, GivenStamp]

    def place(self, name: str) -> str:
        """One of its files, in a finding."""
        return f"{self.where}/{name}"


@dataclass(slots=True)
class _Keys:
    """Which key must sign next. origin: the log's name so far. signer: of the last checkpoint, None where none did."""

    origin: str | None = None
    expected: VerifierKey | None = None
    signer: VerifierKey | None = None


class SweepWalk:
    """Every sweep in order of its number. bearing: (sweep, authority) of the stamps that openssl must verify."""

    def __init__(self, trust: Trust, report: Report, bearing: Set[tuple[int, str]]) -> None:
        self._trust, self._report, self._bearing = trust, report, bearing
        self._keys, self._declared = _Keys(), Declared()
        self._latest: dict[str, Bound] = {}
        self._newest = 0
        self._previous: ReadSweep | None = None
        self._numbered: dict[int, ReadSweep] = {}
        self._sums_before: bytes | None = None
        self.clock_errors: list[tuple[int, int]] = []
        self.seen: list[ReadSweep] = []

    @property
    def signer(self) -> VerifierKey | None:
        """The key that signed the last checkpoint; None where it is not known."""
        return self._keys.signer

    @property
    def anchor(self) -> bytes | None:
        """What the identifiers of the first sweep's visits follow from; None where that is not at hand."""
        first = self.seen[0] if self.seen else None
        if self._sums_before is None and first and first.number == 1 and first.checkpoint:
            return first_anchor(first.checkpoint.origin)
        return self._sums_before

    def before(self, number: int, sums: bytes, stamps: Mapping[str, GivenStamp]) -> None:
        """The sweep before the first: its sums and the stamps it had."""
        sweep = ReadSweep(where=str(number), number=number, sums=sums)
        self._stamps(sweep, stamps)
        self._previous, self._sums_before = sweep, sums

    def see(self, given: GivenSweep) -> ReadSweep:
        """The next sweep, and all that can be said of it without its records."""
        previous = self._previous
        sweep = ReadSweep(where=given.where, number=given.number or 0)
        declared = self._facts(sweep, given) if self._listed(sweep, given) else None
        if declared is not None:
            self._follows(sweep, previous)
            self._chain(sweep, previous, declared)
            self._stamps(sweep, given.stamps)
            self._checkpoint(sweep, given, declared)
        self.seen.append(sweep)
        self._numbered[sweep.number] = sweep
        self._previous = sweep
        return sweep

    def end(self) -> None:
        """After the last: what the log declares of itself."""
        self._report.declared += self._declared.sentences()

    # --- one sweep ----------------------------------------------------------------------------------------------------

    def _listed(self, sweep: ReadSweep, given: GivenSweep) -> bool:
        """Its list of sums, and the small files the list names. False when nothing more can be said of the sweep."""
        try:
            sweep.files = parse_sums(given.sums or b"")
        except ValueError as error:
            self._report.fail("sums", given.place(SUMS), str(error) if given.sums else "")
            return False
        sweep.sums = given.sums or b""
        for name in (CHECKPOINT, SEAL, SWEEP):
            data = given.files.get(name)
            if name in sweep.files and (data is None or digest(data) != sweep.files[name]):
                self._report.fail("file", given.place(name))
        return all(name in given.files for name in (CHECKPOINT, SEAL, SWEEP))

    def _facts(self, sweep: ReadSweep, given: GivenSweep) -> Rows | None:
        """What seal.json and sweep.json state. Returns what is declared; None, and a finding, where nothing is read."""
        try:
            seal, told = (parse_canonical(given.files[name]) for name in (SEAL, SWEEP))
        except ValueError:
            self._report.fail("canonical", given.where)
            return None
        try:
            sweep.version, number = whole(told["v"]), whole(told["sweep"])
            sweep.first, sweep.size = whole(seal["first"]), whole(seal["size"])
            declared = [dict(row) for row in seal["declared"]]
            if sweep.version == 1:
                sweep.checks = {whole(row["seq"]): str(row["check"]) for row in told["checks"] if "seq" in row}
            else:
                sweep.plan = tree_of(told["plan"])
                sweep.shots = tree_of(told["shots"]) if "shots" in told else None
            sweep.span = (parse_instant(told["started"]), parse_instant(told["finished"]))
        except (ValueError, KeyError, TypeError):
            self._report.fail("plan", given.where)
            return None
        # A sweep of version 1 may stand before those of version 2, never after: its dates would be held less strictly.
        self._newest = sweep.version = max(sweep.version, min(self._newest, KNOWN))
        self._names(sweep, given)
        sweep.number = number if given.number is None else given.number
        if {number, seal.get("sweep")} != {sweep.number}:
            self._report.fail("number", given.where)
        if max(sweep.version, whole(seal.get("v", 0))) > KNOWN:
            self._report.reserve("format", given.where, f"v {sweep.version}")
        self._declare(sweep, declared)
        return declared

    def _names(self, sweep: ReadSweep, given: GivenSweep) -> None:
        """The list names what a sweep has, and nothing else."""
        required = _REQUIRED | ({PLAN} if sweep.version != 1 else set())
        enclosed = {name for name in sweep.files if _ENCLOSED.fullmatch(name)}
        allowed = required | {SHOTS, PREVIOUS + SUMS} | enclosed
        odd = sweep.files.keys() - allowed if sweep.version <= KNOWN else set()
        if not required <= sweep.files.keys() or odd or (enclosed and PREVIOUS + SUMS not in sweep.files):
            self._report.fail("sums", given.place(SUMS))

    def _declare(self, sweep: ReadSweep, declared: Rows) -> None:
        self._declared.see(sweep.number, declared)
        for row in declared:
            about = self._numbered.get(row.get("sweep", -1))
            if is_late(row) and about is not None:
                about.late.add(str(row.get("authority")))
            if (error := clock_error(row)) is not None:
                self.clock_errors.append((int(row.get("sweep", sweep.number)), error))

    def _follows(self, sweep: ReadSweep, previous: ReadSweep | None) -> None:
        """Its number, and its part of the log, come after those of the sweep before."""
        if previous is not None and sweep.number != previous.number + 1:
            self._report.fail("number", sweep.where)
        start = previous.size if previous is not None and previous.read else sweep.first
        announced = sorted(sweep.checks) == [*range(sweep.first, sweep.size)]
        if sweep.first != start or sweep.size < sweep.first or not (announced or sweep.version != 1):
            self._report.fail("plan", sweep.where)

    def _chain(self, sweep: ReadSweep, previous: ReadSweep | None, declared: Rows) -> None:
        """The sums of the sweep before, and the stamps it had by then."""
        enclosed = {m[1]: sweep.files[m[0]] for m in map(_ENCLOSED.fullmatch, sweep.files) if m}
        sums = sweep.files.get(PREVIOUS + SUMS)
        expected = digest(previous.sums) if previous is not None else None
        broken = sums != expected or (previous is None and sweep.first != 0)
        had = previous.replies if previous else {}
        odd = [name for name, tsr in enclosed.items() if had.get(name) != tsr]
        if broken or odd:
            self._report.fail("chain", sweep.where, ", ".join(odd))
        for name in sorted(enclosed.keys() - set(odd)):
            if previous is not None and name in previous.stamps:
                bound = sweep.enclosed[name] = previous.stamps[name]
                self._latest[name] = max(bound, self._latest.get(name, bound), key=lambda one: one.at)
        unstamped = any(row.get("what") == "unstamped" and row.get("sweep") == sweep.number - 1 for row in declared)
        if sums is not None and not enclosed and not unstamped:
            self._report.fail("undeclared", sweep.where)

    def _stamps(self, sweep: ReadSweep, stamps: Mapping[str, GivenStamp]) -> None:
        sweep.replies = {name: digest(given.reply) for name, given in stamps.items()}
        for name, given in stamps.items():
            bearing = (sweep.number, name) in self._bearing
            bound = self._trust.stamp(name, given.where, given.reply, sweep.sums, self._report, bearing=bearing)
            if bound is None:
                continue
            sweep.stamps[name] = bound
            if name in self._latest and bound.at < self._latest[name].at:
                self._report.fail("order", given.where)

    def _checkpoint(self, sweep: ReadSweep, given: GivenSweep, declared: Rows) -> None:
        where = given.place(CHECKPOINT)
        try:
            note = SignedNote.parse(given.files[CHECKPOINT])
            head = Checkpoint.parse(note.text)
        except ValueError as error:
            self._report.fail("checkpoint", where, str(error))
            return
        if not self._signed(note, head, where, declared):
            return
        if head.size != sweep.size:
            self._report.fail("checkpoint", where, f"{head.size}, {sweep.size}")
            return
        bound = head.sweep
        if sweep.version != 1 and (
            bound is None or (bound.number, bound.sha256) != (sweep.number, digest(given.files[SWEEP]))
        ):
            self._report.fail("checkpoint", where)
            return
        sweep.checkpoint = head

    def _signed(self, note: SignedNote, head: Checkpoint, where: str, declared: Rows) -> bool:
        """By the key that signed before, the one announced, or another whose predecessor is declared as lost."""
        keys, old = self._keys, self._keys.origin
        if old not in (None, head.origin):
            lost = any(row.get("what") == "log_key_lost" and row.get("old_origin") == old for row in declared)
            keys.expected = keys.signer = None
            if not lost:
                self._report.fail("key", where)
                return False
            self._report.reserve("key", where)
        candidates = [keys.expected] if keys.expected else [*self._trust.log_keys(head.origin)]
        keys.signer = note.signed_by(candidates, self._trust.tools.signature)
        if keys.signer is None:
            self._report.fail("key", where)
            return False
        keys.origin, keys.expected = head.origin, head.next_key or keys.signer
        return True
