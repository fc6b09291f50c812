"""The database made again from sweeps as they were sealed. Each pack says itself what it holds, so the index follows.

What stands in no log (subscribers, the pauses of hosts, what retention dropped) is taken over from the database that
was there, where that can still be read; messages that waited are not. That database is put aside, never deleted.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from monitor.core.readings import detail_of, from_json
from monitor.core.record import canonical
from monitor.store.files import Lock, sync_folder
from monitor.store.forward import bring_forward
from monitor.store.packs import PackEntry, scan
from monitor.store.records import Records
from monitor.store.rows import micros
from monitor.store.schema import FILE, MIGRATIONS, disk_told, open_writer, told
from monitor.store.store import Transaction
from monitor.values import dataclass

STAGING: Final = "rebuilding"  # in the data folder, while it lasts
_NOT_IN_THE_LOG: Final = (
    "address_key", "subscriber", "nudge", "suppression", "host_state", "robots", "dropped", "let_go",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepAsSealed:
    """A sweep as its seal has it. started, finished: aware UTC; finished None where it died.

    first: number of its first observation. checks: check of each observation. lines: their canonical lines, in order,
    without line ends; shots: lines of their pictures.
    """

    number: int
    started: datetime
    finished: datetime | None
    first: int
    plan: Mapping[str, Any]
    report: Mapping[str, Any]
    checks: Mapping[int, str]
    lines: Sequence[bytes]
    shots: Sequence[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remade:
    """A database made again. pages: bodies found in the packs. aside: what the old database is called now.

    taken_over: rows of it that stand in no log, by table.
    """

    sweeps: int
    observations: int
    pages: int
    aside: Path | None
    taken_over: Mapping[str, int]


def remake(lock: Lock, sweeps: Iterable[SweepAsSealed], at: datetime) -> Remade:
    """Make the database of a held data folder again. at: now, aware. Raises StoreError for what a disk does.

    The old one keeps its place until the new one is whole and on the disk.
    """
    data, staging = lock.folder, lock.folder / STAGING
    with disk_told(staging):
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=0o700)
    try:
        with told(staging / FILE), closing(open_writer(staging)) as db:
            db.execute("PRAGMA synchronous=OFF")  # all of it is synced at the end
            db.execute("BEGIN IMMEDIATE")
            made = _filled(db, data, sweeps, at)
            db.execute("COMMIT")
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with disk_told(data):
            aside = _put_aside(data, at)
            os.replace(staging / FILE, data / FILE)
            sync_folder(data)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Remade(**made, aside=aside)


def _filled(db: sqlite3.Connection, data: Path, sweeps: Iterable[SweepAsSealed], at: datetime) -> dict[str, Any]:
    tx, size = Transaction(db), 0
    numbers = set()
    for sweep in sweeps:
        numbers.add(sweep.number)
        _sweep(db, sweep)
        for line in sweep.lines:
            _observation(tx, sweep, size, line, at)
            size += 1
        for line in sweep.shots:
            db.execute("INSERT INTO shot VALUES (?, ?)", (json.loads(line)["seq"], line))
    _index(db, data, numbers, size)
    db.execute("INSERT INTO barrier (seq, at) VALUES (?, ?)", (size - 1, micros(at)))
    while bring_forward(db, Records(data, db), at):  # in portions, so that memory does not grow with history
        pass
    taken_over = {table: _take_over(db, data / FILE, table) for table in _NOT_IN_THE_LOG}
    pages = db.execute("SELECT (SELECT count(*) FROM blob) + (SELECT count(*) FROM bundle)").fetchone()[0]
    return {"sweeps": len(numbers), "observations": size, "pages": pages, "taken_over": taken_over}


def _sweep(db: sqlite3.Connection, sweep: SweepAsSealed) -> None:
    row = (sweep.number, micros(sweep.started), sweep.first, canonical(sweep.plan))
    db.execute("INSERT INTO sweep VALUES (?, ?, ?, ?)", row)
    if sweep.finished is not None:
        end = (sweep.number, micros(sweep.finished), canonical(sweep.report))
        db.execute("INSERT INTO sweep_end VALUES (?, ?, ?)", end)


def _observation(tx: Transaction, sweep: SweepAsSealed, seq: int, line: bytes, at: datetime) -> None:
    try:
        record = json.loads(line)
        sound = record["seq"] == seq and canonical(record) == line
    except (ValueError, TypeError, KeyError):
        sound = False
    if sound:
        tx.append(record, detail=detail_of(from_json(dict(record))))
        return
    # Sealed as it was found after a loss of power: declared damaged, and never counted.
    tx.db.execute("INSERT OR IGNORE INTO subject (key) VALUES (?)", (sweep.checks[seq],))
    (subject,) = tx.db.execute("SELECT id FROM subject WHERE key = ?", (sweep.checks[seq],)).fetchone()
    row = (seq, subject, sweep.number, micros(sweep.started), "Unreadable", None, 0, seq)
    tx.db.execute("INSERT INTO observation VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    tx.db.execute("INSERT INTO declared_damage VALUES (?, ?, ?)", (seq, micros(at), "line"))


def _index(db: sqlite3.Connection, data: Path, sweeps: set[int], size: int) -> None:
    """The index of bodies, from the packs of these sweeps: one of a sweep that was never sealed stays where it is."""
    for path in sorted((data / "store" / "packs").glob("*.pack")):
        sweep = int(path.name[:9])
        if sweep in sweeps:
            pack = db.execute("INSERT INTO pack (sweep, file) VALUES (?, ?)", (sweep, f"packs/{path.name}")).lastrowid
            for entry in scan(path):
                if isinstance(entry, PackEntry):
                    row = (bytes.fromhex(entry.digest), pack, entry.offset)
                    db.execute("INSERT OR IGNORE INTO blob (digest, pack, offset) VALUES (?, ?, ?)", row)
                elif entry.seq < size:  # of two the later counts, and of one that was sealed
                    db.execute("REPLACE INTO bundle VALUES (?, ?, ?)", (entry.seq, pack, entry.offset))


def _take_over(db: sqlite3.Connection, old: Path, table: str) -> int:
    """Rows of a table of the database that was there; none where it is not there, damaged or of another schema."""
    uri = f"{old.absolute().as_uri()}?mode=ro"
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(uri, uri=True)) as source:
        if source.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS):
            rows = source.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - one of our own tables
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - the same
            return len(rows)
    return 0


def _put_aside(data: Path, at: datetime) -> Path | None:
    """Rename the database that was there, with its journal, so that it can still be opened."""
    aside = f"{FILE}.before-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    moved = [_renamed(data / f"{FILE}{end}", data / f"{aside}{end}") for end in ("-wal", "-shm", "")]
    return data / aside if any(moved) else None


def _renamed(path: Path, to: Path) -> bool:
    with suppress(FileNotFoundError):
        os.rename(path, to)
        return True
    return False
