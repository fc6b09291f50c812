"""The lines of observations, which earlier schemas kept in the database, put into journals."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from monitor.store import files
from monitor.store.rows import inflate

LINES_LEFT: Final = 6  # the schema with which the lines left the database


def lines_to_journals(db: sqlite3.Connection, data: Path) -> None:
    """Before the column of lines goes; done again from the start where it was cut short.

    The lines the log has, too, leave their journals as those of any sealed sweep do. Raises OSError.
    """
    folder = files.journal_path(data, 0).parent
    files.make_folder(folder)
    files.sync_folder(folder.parent)
    for (sweep,) in db.execute("SELECT DISTINCT sweep FROM observation ORDER BY sweep").fetchall():
        files.replace(files.journal_path(data, sweep), b"".join(line + b"\n" for line in _lines(db, sweep)))


def _lines(db: sqlite3.Connection, sweep: int) -> Iterator[bytes]:
    """As they were kept. One that is damaged stands as it is, but for line ends: what follows must keep its place."""
    for base, stored in db.execute("SELECT base, line FROM observation WHERE sweep = ? ORDER BY seq", (sweep,)):
        line = bytes(stored)
        if base is not None:
            whole = db.execute("SELECT line FROM observation WHERE seq = ?", (base,)).fetchone()
            with suppress(zlib.error, TypeError):
                line = inflate(line, whole[0])
        yield line.replace(b"\n", b" ")
