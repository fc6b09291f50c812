"""Rows of a sealed sweep, and the trees over them: what was due, and the pictures.

`plan.jsonl` has a row for each check that was due, sorted by check; its root stands in `sweep.json`, whose digest the
log's key signs. So a few rows with a proof of their range show every row in a scope, and that there is no other.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from monitor.core.record import canonical, digest
from monitor.evidence.merkle import Frontier, range_proof
from monitor.values import dataclass

EVERYTHING: Final = "all"  # as a line of a scope


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCheck:
    """One check that was due. check: `CODE/slug`. seq: its record's; None when it was not made: then why says why."""

    check: str
    seq: int | None = None
    why: str | None = None

    def row(self, record: str | None) -> dict[str, Any]:
        """Its row of `plan.jsonl`. record: digest of the record's line, None when it was not made."""
        if self.seq is None:
            return {"check": self.check, "why": self.why or "unknown"}
        return {"check": self.check, "record": record, "seq": self.seq}


def plan_lines(checks: Iterable[PlannedCheck], records: Mapping[int, bytes]) -> list[bytes]:
    """Lines of `plan.jsonl`, without line feeds. records: record lines by sequence number."""
    ordered = sorted(checks, key=lambda one: (one.check, -1 if one.seq is None else one.seq))
    return [canonical(one.row(None if one.seq is None else digest(records[one.seq]))) for one in ordered]


class RowTree:
    """The tree over the digests of lines. lines: without line feeds."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self._lines = lines

    @property
    def size(self) -> int:
        """Number of lines."""
        return len(self._lines)

    @property
    def root(self) -> bytes:
        """Root of all of them."""
        return Frontier.of(self.size, self._node).root()

    def proof(self, first: int, count: int) -> list[bytes]:
        """Of a range of lines (`merkle.range_proof`)."""
        return range_proof(first, count, self.size, self._node)

    def to_json(self) -> dict[str, Any]:
        """As `sweep.json` has it."""
        return {"root": self.root.hex(), "size": self.size}

    def _node(self, level: int, index: int) -> bytes:
        return self._levels[level][index]

    @cached_property
    def _levels(self) -> list[list[bytes]]:
        sha256 = hashlib.sha256  # by name: a year of 366 rows a sweep is thirty million hashes
        levels = [[sha256(b"\x00" + sha256(line).digest()).digest() for line in self._lines]]
        while len(below := levels[-1]) > 1:
            levels.append(
                [sha256(b"\x01" + left + right).digest() for left, right in zip(below[::2], below[1::2], strict=False)]
            )
        return levels


def row_hash(line: bytes) -> bytes:
    """Leaf of a tree of rows: of the digest of the line."""
    return hashlib.sha256(b"\x00" + hashlib.sha256(line).digest()).digest()


def span(rows: Sequence[bytes], scope: str) -> tuple[range, range]:
    """Which lines of `plan.jsonl` are in scope, and these with their neighbours on both sides.

    scope: a check (`95/slug`), a `CODE/`, or `all`. Canonical rows begin with their check, so that bytes sort as checks
    do: no character of a check comes before the quote that ends it.
    """
    if scope == EVERYTHING:
        return range(len(rows)), range(len(rows))
    wanted = b'{"check":"' + scope.encode() + (b"" if scope.endswith("/") else b'"')
    first = stop = bisect_left(rows, wanted)
    while stop < len(rows) and rows[stop].startswith(wanted):
        stop += 1
    return range(first, stop), range(max(first - 1, 0), min(stop + 1, len(rows)))
