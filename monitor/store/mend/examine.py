"""A quick look at a data folder, for `vigie doctor`: what a second tells of the database and the packs."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from gettext import gettext as _
from pathlib import Path
from typing import Final

from monitor.core.errors import StoreError
from monitor.store.packs import AnyEntry, BundleEntry, read
from monitor.store.schema import FILE, open_reader, told
from monitor.values import dataclass

WITHIN: Final = 2.0  # seconds for each part; what is not reached then was not looked at
_STEPS: Final = 100_000  # SQLite's own, between two looks at the clock: about a millisecond


@dataclass(frozen=True, slots=True)
class Glimpse:
    """wrong: the first fault found, a sentence, None when none was. whole: all was looked at, and not a sample."""

    wrong: str | None
    whole: bool


def database(folder: Path, within: float = WITHIN) -> Glimpse:
    """`PRAGMA quick_check`, table after table, the small ones first. Raises StoreError where it cannot be opened."""
    with _opened(folder) as db, told(folder / FILE):
        query = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name IN ('observation', 'bundle', 'blob')"
        tables = [name for (name,) in db.execute(query)]
        with _limited(db, within) as limit:
            for table in tables:
                said = db.execute(f"PRAGMA quick_check('{table}')").fetchone()[0]
                if said != "ok":
                    words = _("{path} is damaged: {why}")
                    return Glimpse(words.format(path=folder / FILE, why=" ".join(str(said).split())), whole=False)
    return Glimpse(None, whole=not limit.reached)


def packs(folder: Path, within: float = WITHIN) -> Glimpse:
    """Whether each pack reaches as far as the index says, the newest first. Raises StoreError."""
    with _opened(folder) as db, told(folder / FILE), _limited(db, within) as limit:
        query = (
            "SELECT file, hex(digest), NULL, max(offset) FROM blob JOIN pack ON pack.id = pack GROUP BY pack.id "
            "UNION ALL SELECT file, NULL, seq, max(offset) FROM bundle JOIN pack ON pack.id = pack GROUP BY pack.id"
        )
        for file, digest, seq, offset in sorted(db.execute(query).fetchall(), key=lambda row: row[0], reverse=True):
            found = read(folder / "store" / file, offset)
            if found is None or not _is(*found, digest, seq):
                words = _("{path} is gone, or shorter than it was: pages received are missing")
                return Glimpse(words.format(path=folder / "store" / file), whole=False)
            if limit.passed():
                break
    return Glimpse(None, whole=not limit.reached)


def _is(entry: AnyEntry, stored: bytes, digest: str | None, seq: int | None) -> bool:
    if isinstance(entry, BundleEntry):
        return entry.seq == seq and entry.holds(stored)
    return digest is not None and entry.digest == digest.lower()


class _Limit:
    """A length of time, and whether it ended something."""

    def __init__(self, seconds: float) -> None:
        self._until, self.reached = time.monotonic() + seconds, False

    def passed(self) -> bool:
        self.reached = self.reached or time.monotonic() > self._until
        return self.reached


@contextmanager
def _limited(db: sqlite3.Connection, within: float) -> Iterator[_Limit]:
    """Ends the block where it is when its time is up."""
    limit = _Limit(within)
    db.set_progress_handler(limit.passed, _STEPS)
    try:
        yield limit
    except sqlite3.OperationalError:
        if not limit.reached:
            raise
    finally:
        db.set_progress_handler(None, 0)


@contextmanager
def _opened(folder: Path) -> Iterator[sqlite3.Connection]:
    db = open_reader(folder)
    if db is None:
        raise StoreError(_("nothing was ever recorded in {path}").format(path=folder))
    with closing(db):
        yield db
