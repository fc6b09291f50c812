"""The lines of observations, which earlier schemas kept in the database, put into journals."""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from monitor.core.errors import StoreError
from monitor.store import files
from monitor.store.rows import inflate, instant
from monitor.store.sealed import segment


def lines_to_journals(db: sqlite3.Connection, data: Path) -> None:
    """Before the column of lines goes; done again from the start where it was cut short.

    A sealed sweep whose lines the log has, the same byte for byte, needs none. Raises OSError.
    """
    folder = files.journal_path(data, 0).parent
    files.make_folder(folder)
    files.sync_folder(folder.parent)
    for sweep, started in db.execute("SELECT number, started FROM sweep ORDER BY number").fetchall():
        lines = [*_lines(db, sweep)]
        if lines and lines != _sealed(data, sweep, instant(started)):
            files.replace(files.journal_path(data, sweep), b"".join(line + b"\n" for line in lines))
    os.sync()  # of years of folders, those of which a death once kept an end from the disk


def _sealed(data: Path, sweep: int, started: datetime) -> list[bytes] | None:
    try:
        return segment(data, sweep, started)
    except StoreError:  # damaged: what the database has is the better copy
        return None


def _lines(db: sqlite3.Connection, sweep: int) -> Iterator[bytes]:
    """As they were kept. One that is damaged stands as it is, but for line ends: what follows must keep its place."""
    for base, stored in db.execute("SELECT base, line FROM observation WHERE sweep = ? ORDER BY seq", (sweep,)):
        line = bytes(stored)
        if base is not None:
            whole = db.execute("SELECT line FROM observation WHERE seq = ?", (base,)).fetchone()
            with suppress(zlib.error, TypeError):
                line = inflate(line, whole[0])
        yield line.replace(b"\n", b" ")
