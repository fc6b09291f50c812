"""What is kept how long (the bytes that were seen for some months, records and the log for ever), and what would go.

A sealed log commits to record lines, and those are never touched; what goes is only what the lines name by digest. Each
digest that goes is written down, so that a later verification says "dropped" and not "failed".
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from monitor.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OldPack:
    """What would go of one pack. started: of its sweep, aware UTC. size: bytes now; freed: how many of them go.

    dropped, kept: numbers of blobs. file: its path in the store. damaged: a blob that must stay cannot be read, so the
    whole pack is left as it is.
    """

    file: str
    started: datetime
    size: int
    freed: int
    dropped: int
    kept: int
    damaged: bool = False

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "file": self.file,
            "started": self.started.isoformat(),
            "bytes": self.size,
            "freed": self.freed,
            "dropped": self.dropped,
            "kept": self.kept,
            "damaged": self.damaged,
        }


def kept_from(now: datetime, months: int) -> datetime:
    """The UTC midnight from which bytes are kept: `months` calendar months before `now`, and the whole of that day.

    A whole day, because a delta leans on bytes of the same UTC day: days go together.
    """
    day = now.astimezone(UTC)
    total = day.year * 12 + day.month - 1 - months
    year, month = divmod(total, 12)
    if year < 1:
        return datetime.min.replace(tzinfo=UTC)
    return datetime(year, month + 1, min(day.day, monthrange(year, month + 1)[1]), tzinfo=UTC)


class Old(Protocol):
    """The packs of a data folder as retention sees them."""

    def packs(self, before: datetime) -> Iterable[OldPack]:
        """The packs of sweeps that began before an instant (aware), of which something would go."""
        ...

    def drop(self, pack: OldPack, at: datetime) -> None:
        """Remove what may go of one pack, remembering each digest; whole or not at all."""
        ...

    def sweep_up(self) -> int:
        """Remove pack files that an interrupted removal left behind. Returns their bytes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What went, or would go. before: aware UTC midnight; packs: oldest first; left_over: bytes of an earlier run."""

    before: datetime
    packs: Sequence[OldPack]
    left_over: int = 0

    @property
    def freed(self) -> int:
        """Bytes."""
        return sum(pack.freed for pack in self.packs) + self.left_over


def collect(old: Old, now: datetime, months: int, *, apply: bool) -> Collected:
    """List what is past its time; with `apply`, remove it, pack by pack. Interrupted, the rest goes the next time."""
    before = kept_from(now, months)
    packs = tuple(sorted(old.packs(before), key=lambda pack: (pack.started, pack.file)))
    left_over = 0
    if apply:
        for pack in packs:
            if not pack.damaged:
                old.drop(pack, now)
        left_over = old.sweep_up()
    return Collected(before=before, packs=packs, left_over=left_over)
