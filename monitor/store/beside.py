"""A second connection to a data folder's database, for what is written beside a sweep: subscribers and the outbox.

Observations are written by the holder of the lock alone. Transactions here last milliseconds, so that a sweep never
waits for them; nothing is sent while one is open. What is deleted is overwritten (`secure_delete`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from monitor.store.files import hold
from monitor.store.schema import FILE, MIGRATIONS, disk_told, open_writer, told


@contextmanager
def beside(folder: Path) -> Iterator[sqlite3.Connection]:
    """A connection that may write, used by one thread. Makes or migrates the database first, under the lock.

    Raises LockedError when that is needed and a sweep holds the folder, StoreError as `schema.open_writer`.
    """
    if _version(folder) != len(MIGRATIONS):
        with hold(folder):
            open_writer(folder).close()
    with closing(open_writer(folder)) as db:
        db.execute("PRAGMA secure_delete=ON")
        yield db


@contextmanager
def written(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All of the block is committed at its end, or none of it; no other writer in between.

    A block within a block is part of it.
    """
    if _going_on(db):
        yield db
        return
    with told(Path(db.execute("PRAGMA database_list").fetchone()[2])):
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            if _going_on(db):  # a full disk may have undone it already
                db.execute("ROLLBACK")
            raise


def _going_on(db: sqlite3.Connection) -> bool:
    return db.in_transaction


def forget_deleted(db: sqlite3.Connection) -> None:
    """Move what stands in the journal into the database, so that deleted rows do not live on there."""
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _version(folder: Path) -> int | None:
    path = folder / FILE
    with disk_told(path):
        if not path.exists():
            return None
    with told(path), closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        found: int = db.execute("PRAGMA user_version").fetchone()[0]
        return found
