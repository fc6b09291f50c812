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
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import Final

from monitor.core.errors import StoreError
from monitor.store.log.segment import unpacked
from monitor.store.rows import micros
from monitor.values import dataclass, pattern

EVIDENCE, LOG = "evidence", "log"  # in the data folder, and in the evidence folder
NEWEST: Final = "newest"  # in the evidence folder: where its newest sweep stands, or was about to
FORMAT: Final = 2  # of the sweeps that are sealed today (docs/FORMAT.md); those of an earlier one stay as they are
RECORDS: Final = "records.jsonl"  # in a sweep's folder, or `records.jsonl.zst`: its lines
_SWEEPS: Final = "sweeps"  # in the evidence folder: YYYY/MM/DD/NNNNNNNNN
_LEAVES: Final = "level-00"  # in the log folder: the hash of each record, one after the other
_CHECKPOINT: Final = "checkpoint"  # in a sweep's folder: the second line is the number of records sealed
_SEAL: Final = "seal.json"  # in a sweep's folder, or `seal.json.zst`: its `v` is the format
_SWEEP: Final = "sweep.json"  # beside it: when the sweep began
_PLACE: Final = pattern(rf"{_SWEEPS}/[0-9]{{4}}/[0-9]{{2}}/[0-9]{{2}}/[0-9]{{9}}")
_HASH: Final = 32


def sweep_folder(data: Path, sweep: int, started: datetime) -> Path:
    """Where a sweep of a data folder stands once it is sealed. started: aware UTC."""
    return data / EVIDENCE / _SWEEPS / f"{started:%Y/%m/%d}" / f"{sweep:09d}"


def segment(data: Path, sweep: int, started: datetime) -> list[bytes] | None:
    """The lines of a sweep as they were sealed; None where they were not. started: aware UTC.

    Raises StoreError for a file that is damaged, OSError for what a disk does.
    """
    folder = sweep_folder(data, sweep, started)
    for path in (folder / f"{RECORDS}.zst", folder / RECORDS):
        with suppress(FileNotFoundError):
            stored = path.read_bytes()
            return (unpacked(stored, path) if path.suffix == ".zst" else stored).split(b"\n")[:-1]
    return None


@dataclass(frozen=True, slots=True)
class LogEnd:
    """Where a sealed log ends. sweep: number of its newest sweep. size: observations sealed, 0 where it is not told.

    leaf: RFC 6962 hash of the last of them; None where the stored hashes do not reach so far. format: version of the
    format of that sweep, 0 where it is not told. started: when it began, to the microsecond, aware UTC; None where that
    is not told.
    """

    sweep: int
    size: int
    leaf: bytes | None
    format: int
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


def newest_sweep(evidence: Path) -> Path | None:
    """The folder of the sealed sweep with the highest number; None where nothing was sealed. Raises OSError.

    The newest day need not hold it, after a clock was set back, and years of days are many to look into: so each seal
    first writes down where its sweep will stand. Where that is not to be found, every day is looked into; where a
    version that wrote nothing down sealed more, they stand in the newest day.
    """
    told = _told(evidence)
    days = sweep_folders(evidence) if told is None else _newest_day(evidence)
    found = [day / max(names) for day in days if (names := numbers(day))]
    return max([*found, told] if told else found, key=lambda path: path.name, default=None)


def _told(evidence: Path) -> Path | None:
    with suppress(FileNotFoundError, UnicodeDecodeError):
        place = (evidence / NEWEST).read_text("ascii")
        if _PLACE.fullmatch(place) and (evidence / place).is_dir():
            return evidence / place
    return None


def _newest_day(evidence: Path) -> list[Path]:
    days = [evidence / _SWEEPS]
    for length in (4, 2, 2):
        days = [max(found) for folder in days if (found := _digits(folder, length))]
    return days


def _digits(folder: Path, length: int) -> list[Path]:
    names = os.listdir(folder)
    return [folder / name for name in names if len(name) == length and name.isdecimal()]


def log_end(data: Path) -> LogEnd | None:
    """Where the log of a data folder ends; None where nothing was sealed. Raises OSError."""
    newest = newest_sweep(data / EVIDENCE)
    if newest is None:
        return None
    size = _size(newest / _CHECKPOINT)
    leaf = _leaf(data / EVIDENCE / LOG / _LEAVES, size - 1) if size else None
    return LogEnd(int(newest.name), size, leaf, _format(newest / _SEAL), _started(newest / _SWEEP))


def _size(checkpoint: Path) -> int:
    with suppress(OSError, ValueError, IndexError):
        return int(checkpoint.read_bytes().split(b"\n")[1])
    return 0


def _format(seal: Path) -> int:
    with suppress(OSError, StoreError, ValueError, KeyError, TypeError):
        return int(json.loads(_read(seal))["v"])
    return 0


def _started(sweep: Path) -> datetime | None:
    with suppress(OSError, StoreError, ValueError, KeyError, TypeError):
        return datetime.fromisoformat(json.loads(_read(sweep))["started"])
    return None


def _read(path: Path) -> bytes:
    """A file larger than a disk block is sealed packed."""
    if path.exists():
        return path.read_bytes()
    stored = path.with_name(f"{path.name}.zst")
    return unpacked(stored.read_bytes(), stored)


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
