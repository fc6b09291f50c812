"""What one sealed sweep shows, once it was read: the facts that rules are held against. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime

from monitor.evidence.checkpoint import Checkpoint
from monitor.evidence.rules.findings import Bound
from monitor.values import dataclass


@dataclass(slots=True, kw_only=True)
class ReadSweep:
    """What one sweep shows. enclosed: the stamps of the sweep before that it encloses; stamps: of its own.

    sums: SHA256SUMS as it stands; files: digest of each name in it; replies: of each response, by authority. span: when
    it started and finished. checks: check by sequence number, of those it announces (version 1). plan, shots: root and
    size of the trees of rows. late: authorities whose stamp was declared late. checkpoint: None where it is worth
    nothing. records, outside: how many of its observations were read, and how many lie outside its bounds.
    """

    where: str
    number: int
    version: int = 0
    sums: bytes = b""
    files: Mapping[str, str] = field(default_factory=dict)
    replies: Mapping[str, str] = field(default_factory=dict)
    enclosed: dict[str, Bound] = field(default_factory=dict)
    stamps: dict[str, Bound] = field(default_factory=dict)
    first: int = 0
    size: int = 0
    span: tuple[datetime, ...] = ()
    checks: dict[int, str] = field(default_factory=dict)
    plan: tuple[bytes, int] | None = None
    shots: tuple[bytes, int] | None = None
    late: set[str] = field(default_factory=set)
    checkpoint: Checkpoint | None = None
    records: int = 0
    outside: int = 0

    @property
    def read(self) -> bool:
        """Whether its facts could be read at all."""
        return bool(self.span)


def heads(seen: Iterable[ReadSweep]) -> dict[int, Checkpoint]:
    """The checkpoints that hold, by size."""
    return {sweep.checkpoint.size: sweep.checkpoint for sweep in seen if sweep.checkpoint}
