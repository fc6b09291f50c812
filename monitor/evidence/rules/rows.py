"""Rows of a sweep's plan against its root and its scope, and what a record must say of itself. Pure.

docs/FORMAT.md, 4.7.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from monitor.evidence.exported.names import in_scope
from monitor.evidence.merkle import range_root
from monitor.evidence.plan import EVERYTHING, row_hash
from monitor.evidence.rules.spelling import COUNTED, hashes, parse_instant, respelt, whole
from monitor.values import dataclass, pattern

_DIGEST = pattern(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class DueRecord:
    """A record that a plan announces. sha256: of its line; None in version 1, where its place in the log binds it."""

    seq: int
    check: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class PlanRange:
    """Rows of one plan with the proof of their place. first: of the first row."""

    first: int
    nodes: Sequence[bytes]
    rows: Sequence[Mapping[str, Any]]

    @classmethod
    def parse(cls, told: Mapping[str, Any]) -> PlanRange:
        """From a line of `plan.jsonl`. Raises ValueError, KeyError."""
        rows = told["rows"]
        if not isinstance(rows, list) or not all(map(_is_row, rows)):
            raise ValueError("not rows of a plan")
        return cls(whole(told["from"]), hashes(told["nodes"]), rows)

    def leads_to(self, root: bytes, size: int) -> bool:
        """Whether these rows, at this place, are those of the tree. Only of an empty one none may be given."""
        try:
            return range_root([row_hash(respelt(row)) for row in self.rows], self.first, size, self.nodes) == root
        except ValueError:
            return False

    def closes(self, scope: str, size: int) -> bool:
        """Whether nothing of the plan that is in scope can be missing: a row on each side is not, or there is none."""
        keys = [_key(row) for row in self.rows]
        if any(one >= other for one, other in pairwise(keys)):
            return False
        if scope == EVERYTHING:
            return (self.first, len(self.rows)) == (0, size)
        wanted = in_scope([scope])
        sides = ["in" if wanted(check) else "before" if check < scope else "after" for check, _seq in keys]
        before, after = sides.count("before"), sides.count("after")
        return (
            before <= 1
            and after <= 1
            and (before == 1 or self.first == 0)
            and (after == 1 or self.first + len(self.rows) == size)
        )

    def due(self, scope: str) -> list[DueRecord]:
        """The records in scope."""
        wanted = in_scope([scope])
        return [
            DueRecord(row["seq"], row["check"], row["record"])
            for row in self.rows
            if "record" in row and wanted(row["check"])
        ]


def agree(ranges: Sequence[PlanRange]) -> bool:
    """Whether ranges of one plan show one row in one place, and all of them in order."""
    placed: dict[int, Mapping[str, Any]] = {}
    for given in ranges:
        for at, row in enumerate(given.rows, start=given.first):
            if placed.setdefault(at, row) != row:
                return False
    return all(_key(placed[one]) < _key(placed[other]) for one, other in pairwise(sorted(placed)))


def _is_row(row: Any) -> bool:
    if not isinstance(row, dict) or not isinstance(row.get("check"), str):
        return False
    if row.keys() == {"check", "why"}:
        return isinstance(row["why"], str)
    seq, record = row.get("seq"), row.get("record")
    return (
        row.keys() == {"check", "record", "seq"}
        and type(seq) is int
        and 0 <= seq < COUNTED
        and bool(_DIGEST.fullmatch(str(record)))
    )


def _key(row: Mapping[str, Any]) -> tuple[str, int]:
    return str(row["check"]), int(row.get("seq", -1))


def record_fault(
    record: Mapping[str, Any], due: DueRecord, sweep: int, span: Sequence[datetime], sums_before: bytes | None
) -> str | None:
    """The first thing a record says that its sweep does not; None where all of it agrees.

    span: start and end of the sweep. sums_before: what its identifier follows from; None where that is not at hand.
    """
    expected = {"seq": due.seq, "sweep": sweep, "check": due.check}
    for name, value in expected.items():
        if type(record.get(name)) is not type(value) or record[name] != value:
            return name
    for name in ("started", "finished"):
        try:
            at = parse_instant(record.get(name))
        except ValueError:
            return name
        if not span[0] <= at <= span[1]:
            return name
    if sums_before is not None and record.get("id") != _visit(sums_before, sweep, due.check):
        return "id"
    return None


def _visit(sums_before: bytes, sweep: int, check: str) -> str:
    """The identifier of a visit, which nobody could know before the sweep before was sealed."""
    return hashlib.sha256(sums_before + f"{sweep:09d}{check}".encode()).hexdigest()[:16]
