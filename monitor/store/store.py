"""The ledger of a data folder: the one place where observations are written. Nothing written is updated or deleted.

Each check is one committed transaction with `synchronous=NORMAL`, which survives the death of the process. `barrier`
makes what was committed survive a loss of power: blobs first, then a commit with `FULL`. A loss of power may keep rows
whose blobs it lost (the kernel writes as it likes), so on opening every record after the last barrier is checked
against its bytes; one that does not match stays, is declared damaged and never counted.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from monitor.core.errors import StoreError
from monitor.core.record import RecordLine, canonical
from monitor.store.blobs import Blobs, BlobWriter
from monitor.store.files import Lock
from monitor.store.packs import sync_file
from monitor.store.records import Records
from monitor.store.rows import DAY_US, deflate, micros
from monitor.store.schema import FILE, open_reader, open_writer, told


@contextmanager
def reading(folder: Path) -> Iterator[tuple[Records, Blobs] | None]:
    """A data folder for reading only, also while a sweep writes. None: nothing was recorded there yet."""
    db = open_reader(folder)
    if db is None:
        yield None
        return
    try:
        yield Records(folder, db), Blobs(folder, db)
    finally:
        db.close()


_LAST = """
SELECT s.id, o.since, o.started, o.reading, o.detail, o.simulated, b.seq, b.line FROM subject s
LEFT JOIN observation o ON o.seq = (SELECT c.seq FROM counted c WHERE c.subject = s.id ORDER BY c.seq DESC LIMIT 1)
LEFT JOIN observation b ON b.seq = ifnull(o.base, o.seq)
WHERE s.key = ?"""
_DIGEST = re.compile(rb'"([0-9a-f]{64})"')


class Transaction:
    """What stands or falls together. `db` is for rows of other tables of this database, such as messages to send."""

    def __init__(self, db: sqlite3.Connection, records: Records, blobs: BlobWriter) -> None:
        self.db = db
        self._records = records
        self._blobs = blobs

    def next_seq(self) -> int:
        """The sequence number of the next observation, from 0 without a gap."""
        return self._records.size()

    def append(self, record: RecordLine, *, detail: str | None = None, blobs: Iterable[str] = ()) -> bytes:
        """Append one observation and return its canonical line.

        record: as `core.record.observation` gives it, with `seq` from `next_seq`; the indexed columns are taken from
        it. detail: what tells readings of one class apart (`detail_of`). blobs: digests of the stored bytes it names.
        Raises ValueError for a float and for a blob never stored or not named, IntegrityError for a wrong `seq`.
        """
        line, key, seq = canonical(record), record["check"], record["seq"]
        digests = set(blobs)
        for digest in digests:
            if digest.encode() not in line:
                raise ValueError(f"blob {digest} is not named by its record")
        started = micros(datetime.fromisoformat(record["started"]))
        said = (record["reading"], detail, int(record.get("simulated", False)))
        subject, since, base, stored = self._beside(key, said, started, line)
        row = (seq, subject, record["sweep"], started, *said, seq if since is None else since, base, stored)
        self.db.execute("INSERT INTO observation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        self._blobs.index(digests)
        return line

    def _beside(
        self, key: str, said: tuple[str, str | None, int], started: int, line: bytes
    ) -> tuple[int, int | None, int | None, bytes]:
        """Beside the last counted observation of its subject: (subject, since, base, line as stored).

        The line leans on the subject's whole line of the same UTC day where that halves it.
        """
        last = self.db.execute(_LAST, (key,)).fetchone()
        if last is None:
            added = self.db.execute("INSERT INTO subject (key) VALUES (?)", (key,)).lastrowid
            return added or 0, None, None, line
        subject, since, before, reading, detail, simulated, base, whole = last
        since = since if (reading, detail, simulated) == said else None
        if whole is not None and before // DAY_US == started // DAY_US:
            stored = deflate(line, whole)
            if len(stored) * 2 < len(line):
                return subject, since, base, stored
        return subject, since, None, line


class Store:
    """A data folder open for writing by the holder of its lock."""

    def __init__(self, lock: Lock, *, at: datetime) -> None:
        """Open, made or migrated if need be, and check what the last barrier did not cover.

        at: now, aware. Raises StoreError: newer schema, damaged or foreign file, no room, no permission.
        """
        if not lock.held:
            raise RuntimeError("the lock of this data folder was released")
        self.path = lock.folder / FILE
        self._db = open_writer(lock.folder)
        self.records = Records(lock.folder, self._db)
        self.blobs = BlobWriter(lock.folder, self._db)
        self._unsynced = False
        try:
            self._recover(at)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files. Promises nothing about power: call `barrier` first."""
        self.blobs.close()
        with told(self.path):
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """All of the block is committed at its end, or none of it. No `await` inside."""
        tx = Transaction(self._db, self.records, self.blobs)
        with told(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield tx
                self._db.execute("COMMIT")
            except BaseException:
                self.records.forget()
                if self._db.in_transaction:  # a full disk may have undone it already
                    self._db.execute("ROLLBACK")
                raise
        self._unsynced = True

    def begin_sweep(self, started: datetime, plan: Mapping[str, Any]) -> int:
        """Record a sweep before its first request, proof against loss of power, and open its pack. Returns its number.

        started: aware. plan: what is due and what is skipped, why; kept as canonical JSON.
        """
        with self._full(), self.transaction() as tx:
            number: int = tx.db.execute("SELECT ifnull(max(number), 0) + 1 FROM sweep").fetchone()[0]
            row = (number, micros(started), tx.next_seq(), canonical(plan))
            tx.db.execute("INSERT INTO sweep VALUES (?, ?, ?, ?)", row)
            self.blobs.begin(number, started)
        return number

    def end_sweep(self, number: int, finished: datetime, report: Mapping[str, Any]) -> None:
        """Record that a sweep ended, with its gaps. A sweep without this died. `barrier` comes after."""
        with self.transaction() as tx:
            tx.db.execute("INSERT INTO sweep_end VALUES (?, ?, ?)", (number, micros(finished), canonical(report)))

    def barrier(self, at: datetime) -> None:
        """Make all that was committed survive a loss of power. at: now, aware. Two syncs; none when nothing is new.

        At most 2 s after a check ended, at SIGTERM, at the end, and before any word of it leaves the machine.
        """
        if not self._unsynced:
            return
        self.blobs.sync()
        with self._full(), self.transaction() as tx:
            tx.db.execute("INSERT INTO barrier (seq, at) VALUES (?, ?)", (tx.next_seq() - 1, micros(at)))
        self._unsynced = False

    def one(self, query: str, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """One row of this database, for who keeps a table of their own in it."""
        with told(self.path):
            row: tuple[Any, ...] | None = self._db.execute(query, values).fetchone()
        return row

    @contextmanager
    def _full(self) -> Iterator[None]:
        self._db.execute("PRAGMA synchronous=FULL")
        try:
            yield
        finally:
            self._db.execute("PRAGMA synchronous=NORMAL")

    def _recover(self, at: datetime) -> None:
        """Check what the last barrier did not cover against its bytes, then cover it."""
        with told(self.path):
            last = self._db.execute("SELECT seq FROM barrier ORDER BY id DESC LIMIT 1").fetchone()
        first, end = (last[0] + 1 if last else 0), self.records.size()
        if first == end:
            return
        sound: dict[str, bool] = {}
        with self.transaction() as tx:
            for seq in range(first, end):
                what = self._fault(seq, sound)
                if what:
                    tx.db.execute("INSERT INTO declared_damage VALUES (?, ?, ?)", (seq, micros(at), what))
            lost = [(bytes.fromhex(digest),) for digest, good in sound.items() if not good]
            tx.db.executemany("DELETE FROM blob WHERE digest = ?", lost)  # so that the same bytes can be stored again
        for file in self.blobs.files(digest for digest, good in sound.items() if good):
            sync_file(file)
        self.barrier(at)

    def _fault(self, seq: int, sound: dict[str, bool]) -> str | None:
        """What is wrong with a record: its line, or the first of its blobs that is not what was stored."""
        try:
            ((_same, line),) = self.records.lines(seq, seq + 1)
            record = json.loads(line)
            if not isinstance(record, dict) or canonical(record) != line or record.get("seq") != seq:
                return "line"
        except (StoreError, ValueError):
            return "line"
        named = {found.decode() for found in _DIGEST.findall(line)}
        for digest in named:  # a digest of something that is not kept is not in the index
            if digest not in sound and self.blobs.has(digest):
                sound[digest] = self.blobs.is_sound(digest)
        return next((f"blob {digest}" for digest in sorted(named) if not sound.get(digest, True)), None)
