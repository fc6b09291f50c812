"""The fault table: each line plants one kind of fault in real sweeps and counts what it cost.

`python -m tests.faults [--rounds N] [--only NAME ...]` prints it. A further line is a function from folder and rounds
to `Outcome`, listed in `tests.faults.table`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a fault cost, summed over its rounds.

    planted: faults that took effect. lost: finished checks or messages that are gone, or planted faults nobody noticed.
    duplicated: checks kept twice by one sweep, or messages that came twice under one identity; twice: the promise
    allows the latter. unsaid: the most checks of one round that were kept before anybody was told (one may be under
    way). corrupt: records or bytes that are not what was written, logs that do not verify, messages that came a third
    time or to whom nothing was to be sent.
    """

    planted: int
    lost: int = 0
    duplicated: int = 0
    unsaid: int = 0
    corrupt: int = 0
    twice: bool = False

    @property
    def ok(self) -> bool:
        """Something was planted, nothing is lost or corrupt, and at most one check stands to be told twice."""
        doubled = 0 if self.twice else self.duplicated
        return self.planted > 0 and self.lost == doubled == self.corrupt == 0 and self.unsaid <= 1


@dataclass(frozen=True, slots=True)
class Fault:
    """One line. rounds: as the promise asks for; play: folder of its own, and rounds."""

    name: str
    what: str
    rounds: int
    play: Callable[[Path, int], Outcome]
