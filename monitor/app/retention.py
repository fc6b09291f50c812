"""Removes what is past its time, or says what would go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.domain.retention import OldPack, kept_from


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
