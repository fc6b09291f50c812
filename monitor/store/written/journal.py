"""The record lines of a data folder: of a sealed sweep in its segment of the log, of another in its journal.

A journal is a file of canonical lines, `store/journal/NNNNNNNNN.jsonl`, appended to as checks end. Once the log holds
the same lines on the disk, it goes: each line stands once.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from monitor.store import files as durable
from monitor.store.files import journal_path
from monitor.store.packs import GrowingFile, sync_file
from monitor.store.rows import instant
from monitor.store.schema import disk_told
from monitor.store.sealed import RECORDS, segment, sweep_folder

_ROOM: Final = 8 << 20  # bytes of lines kept in memory, of the sweeps read last


def journalled(data: Path) -> list[int]:
    """The sweeps that have a journal, in order."""
    with disk_told(data), suppress(FileNotFoundError):
        names = os.listdir(journal_path(data, 0).parent)
        return sorted(int(name[:9]) for name in names if len(name) == 15 and name[:9].isdecimal())
    return []


def kept_lines(data: Path, sweep: int) -> list[bytes]:
    """The whole lines of a journal, none where there is none; what follows the last line end was not finished."""
    path = journal_path(data, sweep)
    with disk_told(path), suppress(FileNotFoundError):
        return path.read_bytes().split(b"\n")[:-1]
    return []


def keep_first(data: Path, sweep: int, lines: Sequence[bytes]) -> None:
    """Bring the journal of a sweep that does not run to the disk, cut behind the lines with which it begins.

    No room is needed for it: a disk that filled up is one of the reasons why there is something to cut.
    """
    path = journal_path(data, sweep)
    with disk_told(path):
        handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            os.ftruncate(handle, sum(len(line) + 1 for line in lines))
            os.fsync(handle)
        finally:
            os.close(handle)


def let_go(data: Path, sweep: int, started: datetime) -> None:
    """Remove the journal of a sweep, if its segment of the log holds the same lines byte for byte on the disk."""
    folder, path = sweep_folder(data, sweep, started), journal_path(data, sweep)
    with disk_told(path):
        if segment(data, sweep, started) != kept_lines(data, sweep):
            return
        for file in folder.glob(f"{RECORDS}*"):  # what a death kept from the disk while the sweep was sealed
            sync_file(file)
        for above in (folder, *list(folder.parents)[:4]):
            durable.sync_folder(above)
        path.unlink()


class Journal(GrowingFile):
    """The journal of the running sweep."""

    def __init__(self, data: Path, sweep: int) -> None:
        self.path = journal_path(data, sweep)
        with disk_told(self.path):
            if not self.path.parent.is_dir():
                durable.make_folder(self.path.parent)
                durable.sync_folder(self.path.parent.parent)
            with suppress(FileNotFoundError):
                if self.path.stat().st_size:  # of a database that is lost: no sweep of this one ever wrote to it
                    os.rename(self.path, self.path.with_suffix(".left"))
                else:  # of a sweep that died before it was begun in the database
                    self.path.unlink()
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            durable.sync_folder(self.path.parent)
        super().__init__(self.path, handle)

    def append(self, line: bytes) -> int:
        """Write one line whole, or nothing."""
        return super().append(line + b"\n")


class Lines:
    """The lines of a data folder by observation. Raises StoreError for what a disk does."""

    def __init__(self, data: Path, db: sqlite3.Connection) -> None:
        self._data, self._db = data, db
        self._known: dict[int, tuple[int, Sequence[bytes]]] = {}  # by sweep: number of the first line, lines

    def line(self, sweep: int, seq: int) -> bytes | None:
        """The line of an observation; None where it is lost."""
        first, lines = self._known.get(sweep, (0, ()))
        if not first <= seq < first + len(lines):
            first, lines = self._read(sweep)
        return lines[seq - first] if first <= seq < first + len(lines) else None

    def _read(self, sweep: int) -> tuple[int, Sequence[bytes]]:
        row = self._db.execute("SELECT started, first_seq FROM sweep WHERE number = ?", (sweep,)).fetchone()
        if row is None:
            return 0, ()
        known = row[1], read_lines(self._data, sweep, instant(row[0]))
        self._known.pop(sweep, None)
        while self._known and sum(map(_size, self._known.values())) > _ROOM:
            del self._known[next(iter(self._known))]
        self._known[sweep] = known
        return known

    def forget(self) -> None:
        """After a journal went, or began again."""
        self._known.clear()


def _size(known: tuple[int, Sequence[bytes]]) -> int:
    return sum(map(len, known[1]))


def read_lines(data: Path, sweep: int, started: datetime) -> list[bytes]:
    """The lines of a sweep, as sealed, else as its journal has them; none where both are gone.

    A sweep that is sealed meanwhile takes its journal away: then its segment is there.
    """
    for _again in range(2):
        with disk_told(data):
            found = segment(data, sweep, started)
        if found is not None:
            return found
        if journal_path(data, sweep).exists():
            return kept_lines(data, sweep)
    return []
