"""Names of the files of an export that prove, and which checks it is about (docs/FORMAT.md, 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from monitor.evidence.plan import EVERYTHING

SWEEPS, STAMPS, PLAN, RECORDS = "sweeps.jsonl", "stamps.jsonl", "plan.jsonl", "records.jsonl"
LOG, SHOTS, WITNESS = "log.jsonl", "shots.jsonl", "witness.jsonl"
LINES: Final = frozenset({SWEEPS, STAMPS, PLAN, RECORDS, LOG, SHOTS, WITNESS})
SCOPE, SEALED, CAPTURES, FIGURES, SIGNED = "scope.txt", "sealed", "captures", "figures.json", "SHA256SUMS.signed"

PACKED: Final = ".gz"
PLAIN_AT_MOST: Final = 8_000_000  # bytes; a file of lines over it may be packed


def in_scope(scope: Iterable[str]) -> Callable[[str], bool]:
    """Whether a check is among these: named, under a `CODE/`, or all of them."""
    lines = set(scope)
    return lambda check: EVERYTHING in lines or check in lines or check.partition("/")[0] + "/" in lines
