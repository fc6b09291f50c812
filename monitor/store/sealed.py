"""The sealed log beside a database, as far as opening the database asks: where it ends, and whose records it seals.

A database that was lost, emptied, or put back older would begin numbers again that are sealed already: nothing of it
could ever be sealed, and a stranger would see two histories. So the two are compared before anything is read.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import Final

from monitor.store.rows import micros

EVIDENCE, LOG = "evidence", "log"  # in the data folder, and in the evidence folder
_SWEEPS: Final = "sweeps"  # in the evidence folder: YYYY/MM/DD/NNNNNNNNN
_LEAVES: Final = "level-00"  # in the log folder: the hash of each record, one after the other
_CHECKPOINT: Final = "checkpoint"  # in a sweep's folder: the second line is the number of records sealed
_SWEEP: Final = "sweep.json"  # beside it: when the sweep began
_HASH: Final = 32


def sweep_folder(data: Path, sweep: int, started: datetime) -> Path:
    """Where a sweep of a data folder stands once it is sealed. started: aware UTC."""
    return data / EVIDENCE / _SWEEPS / f"{started:%Y/%m/%d}" / f"{sweep:09d}"


@dataclass(frozen=True, slots=True)
class LogEnd:
    """Where a sealed log ends. sweep: number of its newest sweep. size: observations sealed, 0 where it is not told.

    leaf: RFC 6962 hash of the last of them; None where the stored hashes do not reach so far. started: when that sweep
    began, to the microsecond, aware UTC; None where it is not told.
    """

    sweep: int
    size: int
    leaf: bytes | None
    started: datetime | None


def sweep_folders(evidence: Path) -> Iterator[Path]:
    """The folders of the days, in no order, in which sealed sweeps stand by their numbers."""
    with suppress(FileNotFoundError):
        for year in _digits(evidence / _SWEEPS, 4):
            for month in _digits(year, 2):
                yield from _digits(month, 2)


def numbers(day: Path) -> list[str]:
    """Names of the sealed sweeps of a day."""
    return [name for name in os.listdir(day) if len(name) == 9 and name.isdecimal()]


def _digits(folder: Path, length: int) -> list[Path]:
    names = os.listdir(folder)
    return [folder / name for name in names if len(name) == length and name.isdecimal()]


def log_end(data: Path) -> LogEnd | None:
    """Where the log of a data folder ends; None where nothing was sealed. Raises OSError.

    Every day is looked into: after a clock was set back, the newest day need not hold the last sweep.
    """
    newest = max(((max(names), day) for day in sweep_folders(data / EVIDENCE) if (names := numbers(day))), default=None)
    if newest is None:
        return None
    name, day = newest
    size = _size(day / name / _CHECKPOINT)
    leaf = _leaf(data / EVIDENCE / LOG / _LEAVES, size - 1) if size else None
    return LogEnd(int(name), size, leaf, _started(day / name / _SWEEP))


def _size(checkpoint: Path) -> int:
    with suppress(OSError, ValueError, IndexError):
        return int(checkpoint.read_bytes().split(b"\n")[1])
    return 0


def _started(sweep: Path) -> datetime | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return datetime.fromisoformat(json.loads(sweep.read_bytes())["started"])
    return None


def _leaf(leaves: Path, at: int) -> bytes | None:
    with suppress(FileNotFoundError), leaves.open("rb") as file:
        file.seek(at * _HASH)
        found = file.read(_HASH)
        return found if len(found) == _HASH else None
    return None


def misfit(db: sqlite3.Connection, end: LogEnd) -> str | None:
    """Why an open database is not the one of the log that ends there; None when it is. Raises sqlite3.DatabaseError."""
    sweep: int = db.execute("SELECT ifnull(max(number), 0) FROM sweep").fetchone()[0]
    size: int = db.execute("SELECT ifnull(max(seq) + 1, 0) FROM observation").fetchone()[0]
    if sweep < end.sweep or size < end.size:
        words = _("it ends at sweep {sweep} and observation {size}, the log at sweep {sealed} and observation {last}")
        return words.format(sweep=sweep, size=size, sealed=end.sweep, last=end.size)
    began = db.execute("SELECT started FROM sweep WHERE number = ?", (end.sweep,)).fetchone()
    if end.started is not None and began != (micros(end.started),):
        return _("its sweep {n} is not the one that was sealed").format(n=end.sweep)
    return None
