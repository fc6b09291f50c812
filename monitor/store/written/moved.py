"""Lines of a database of a schema before 5, each moved to the journal of its sweep unless the log has it already."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from monitor.core.errors import StoreError
from monitor.store.rows import inflate, instant
from monitor.store.written import journal


def lines_to_journals(db: sqlite3.Connection, data: Path) -> None:
    """Before the columns go; done again from the start where it was cut short."""
    for number, started in db.execute("SELECT number, started FROM sweep ORDER BY number").fetchall():
        lines = [*_lines(db, number)]
        sealed = None
        with suppress(StoreError):  # one that is damaged: the line of the database is the better one
            sealed = journal.segment(data, number, instant(started))
        if lines and lines != sealed:
            journal.write(data, number, lines)


def _lines(db: sqlite3.Connection, sweep: int) -> Iterator[bytes]:
    """As they were kept. One that is damaged stands as it is, but for line ends: what follows must keep its place."""
    for base, stored in db.execute("SELECT base, line FROM observation WHERE sweep = ? ORDER BY seq", (sweep,)):
        line = bytes(stored)
        if base is not None:
            whole = db.execute("SELECT line FROM observation WHERE seq = ?", (base,)).fetchone()
            with suppress(zlib.error, TypeError):
                line = inflate(line, whole[0])
        yield line.replace(b"\n", b" ")
