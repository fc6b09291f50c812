"""The ledger of a data folder: the one place where observations are written. Nothing written is updated or deleted.

A check is kept once its bytes are in the pack and its line in the journal of the sweep: both survive the death of the
process. Its row follows in the database, with those of others, in the next `barrier`, which makes all of it survive a
loss of power: first the files, then one commit with `FULL`. So no row is ever on the disk before its line and bytes. On
opening, the checks that a death kept from the database are brought in; of what no barrier covered, a loss of power may
have spoilt the end, and there it is cut.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from monitor.core.errors import StoreError
from monitor.core.readings import detail_of, from_json
from monitor.core.record import BODY_PARTS, RecordLine, canonical, digest
from monitor.store.blobs import BlobDamagedError, Blobs, BlobWriter
from monitor.store.files import Lock
from monitor.store.records import Records
from monitor.store.rows import instant, micros
from monitor.store.schema import FILE, empty_journal, open_reader, open_writer, told
from monitor.store.written import journal
from monitor.store.written.journal import Journal, journalled
from monitor.values import dataclass, pattern


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
SELECT s.id, o.since, o.reading, o.detail, o.simulated FROM subject s
LEFT JOIN observation o ON o.seq = (SELECT c.seq FROM counted c WHERE c.subject = s.id ORDER BY c.seq DESC LIMIT 1)
WHERE s.key = ?"""
_NEAR = """
SELECT c.seq FROM counted c WHERE c.subject = (SELECT id FROM subject WHERE key = ?) ORDER BY c.seq DESC LIMIT 1"""
_DIGEST = pattern(rb'"([0-9a-f]{64})"')


class Transaction:
    """What stands or falls together. `db` is for rows of other tables of this database, such as messages to send."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def append(self, record: RecordLine, *, detail: str | None = None) -> None:
        """The row of one observation whose line stands elsewhere.

        record: as `core.record.observation` gives it. detail: what tells readings of one class apart (`detail_of`).
        Raises IntegrityError for a wrong `seq`.
        """
        seq, started = record["seq"], micros(datetime.fromisoformat(record["started"]))
        said = (record["reading"], detail, int(record.get("simulated", False)))
        last = self.db.execute(_LAST, (record["check"],)).fetchone()
        if last is None:
            added = self.db.execute("INSERT INTO subject (key) VALUES (?)", (record["check"],)).lastrowid
            last = (added or 0, None, None, None, None)
        since = last[1] if last[2:] == said else None
        row = (seq, last[0], record["sweep"], started, *said, seq if since is None else since)
        self.db.execute("INSERT INTO observation VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)


Beside = Callable[[Transaction], None]
"""What stands or falls with an observation: called in the transaction that brings it into the database."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A check that is kept and has no row yet. offset: of its bytes in the pack, None where it has none."""

    record: RecordLine
    detail: str | None
    offset: int | None
    beside: Beside | None


class Store:
    """A data folder open for writing by the holder of its lock."""

    def __init__(self, lock: Lock, *, at: datetime) -> None:
        """Open, made or migrated if need be, and bring in what was kept and had no row yet (`untold`).

        at: now, aware. Raises StoreError: newer schema, damaged or foreign file, no room, no permission.
        """
        if not lock.held:
            raise RuntimeError("the lock of this data folder was released")
        self.path = lock.folder / FILE
        self._db = open_writer(lock.folder)
        self.records = Records(lock.folder, self._db)
        self.blobs = BlobWriter(lock.folder, self._db)
        self._journal: Journal | None = None
        self._waiting: list[_Waiting] = []
        self._size = self.records.size()
        self._unsynced = False
        try:
            self._declare(at)
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
        self._leave_journal()
        with told(self.path):
            empty_journal(self._db)
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """All of the block is committed at its end, or none of it. No `await` inside."""
        with told(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(self._db)
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # a full disk may have undone it already
                    self._db.execute("ROLLBACK")
                raise
        self._unsynced = True

    def next_seq(self) -> int:
        """The sequence number of the next observation, from 0 without a gap."""
        return self._size

    def append(
        self,
        record: RecordLine,
        *,
        detail: str | None = None,
        bodies: Iterable[bytes] = (),
        wire: Iterable[bytes] = (),
        beside: Beside | None = None,
    ) -> bytes:
        """Keep one observation and its bytes, and return its canonical line; its row follows with the next barrier.

        record: with `seq` from `next_seq`. bodies, wire: the bytes whose digests it names, as they were read and as
        they came compressed (`written.bundle`). Raises ValueError for a float, for bytes that it does not name and for
        a wrong `seq`.
        """
        line, read, came = canonical(record), _once(bodies), _once(wire)
        if record["seq"] != self._size or self._journal is None:
            raise ValueError(f"observation {record['seq']} is not the next of a sweep: {self._size}")
        for body in (*read, *came):
            if digest(body).encode() not in line:
                raise ValueError("a record must name the bytes that are kept with it")
        offset = None
        if read or came:
            with told(self.path):
                near = self._db.execute(_NEAR, (record["check"],)).fetchone()
            offset = self.blobs.put_bundle(self._size, read, came, near and near[0])
        self._journal.append(line)
        self._waiting.append(_Waiting(record, detail, offset, beside))
        self._size += 1
        self._unsynced = True
        return line

    def begin_sweep(self, started: datetime, plan: Mapping[str, Any]) -> int:
        """Record a sweep before its first request, proof against loss of power, and open its pack. Returns its number.

        started: aware. plan: what is due and what is skipped, why; kept as canonical JSON.
        """
        if self._waiting:
            self.barrier(started)
        self._leave_journal()
        with self._full(), self.transaction() as tx:
            number: int = tx.db.execute("SELECT ifnull(max(number), 0) + 1 FROM sweep").fetchone()[0]
            row = (number, micros(started), self._size, canonical(plan))
            tx.db.execute("INSERT INTO sweep VALUES (?, ?, ?, ?)", row)
            self.blobs.begin(number, started)
            begun = Journal(self.path.parent, number)
        self._journal = begun  # once the database knows the sweep: no line without it
        return number

    def end_sweep(self, number: int, finished: datetime, report: Mapping[str, Any]) -> None:
        """Record that a sweep ended, with its gaps. A sweep without this died. It is a barrier, too."""
        with self._covered(finished) as tx:
            tx.db.execute("INSERT INTO sweep_end VALUES (?, ?, ?)", (number, micros(finished), canonical(report)))

    def barrier(self, at: datetime) -> None:
        """Make all that was kept survive a loss of power, and give it its rows. at: now, aware. No sync when nothing is
        new.

        At most 2 s after a check ended, at SIGTERM, at the end, and before any word of it leaves the machine.
        """
        if self._unsynced:
            with self._covered(at):
                pass

    @contextmanager
    def _covered(self, at: datetime) -> Iterator[Transaction]:
        """The files on the disk, then one transaction with what waits for its rows."""
        self.blobs.sync()
        if self._journal is not None:
            self._journal.sync()
        with self._full(), self.transaction() as tx:
            for one in self._waiting:
                tx.append(one.record, detail=one.detail)
                if one.offset is not None:
                    self.blobs.index_bundle(one.record["seq"], one.offset)
                if one.beside is not None:
                    one.beside(tx)
            yield tx
            tx.db.execute("INSERT INTO barrier (seq, at) VALUES (?, ?)", (self._size - 1, micros(at)))
        self._waiting.clear()
        self._unsynced = False

    def untold(self) -> list[int]:
        """The observations that a death kept from the database, and that were looked through for news by nobody yet."""
        with told(self.path):
            return [seq for (seq,) in self._db.execute("SELECT seq FROM untold ORDER BY seq").fetchall()]

    def let_go(self) -> None:
        """Remove the journals of sweeps whose lines the log holds on the disk, the same byte for byte."""
        for sweep in journalled(self.path.parent):
            began = self.one("SELECT started FROM sweep WHERE number = ?", (sweep,))
            if began is not None:
                journal.let_go(self.path.parent, sweep, instant(began[0]))

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

    def _leave_journal(self) -> None:
        if self._journal is not None:
            self._journal.close()
        self._journal = None

    def _declare(self, at: datetime) -> None:
        """Declare damaged what no barrier covered and is not what was written: rows that an earlier version left."""
        with told(self.path):
            last = self._db.execute("SELECT seq FROM barrier ORDER BY id DESC LIMIT 1").fetchone()
        first = last[0] + 1 if last else 0
        if first == self._size:
            return
        with self.transaction() as tx:
            for seq in range(first, self._size):
                if what := self._fault(seq):
                    tx.db.execute("INSERT INTO declared_damage VALUES (?, ?, ?)", (seq, micros(at), what))
        self.barrier(at)

    def _fault(self, seq: int) -> str | None:
        """What is wrong with a record: its line, or the first of its bytes that is not what was stored."""
        try:
            ((_same, line),) = self.records.lines(seq, seq + 1)
            if _sound(line, seq) is None:
                return "line"
            parts = self.blobs.parts(seq) or ()
        except BlobDamagedError:
            parts = (b"",)  # of which no record has the digest
        except StoreError:
            return "line"
        if any(digest(part).encode() not in line for part in parts):
            return "bytes"
        named = sorted(found.decode() for found in _DIGEST.findall(line))  # one that is not kept is not in the index
        lost = next((one for one in named if self.blobs.has(one) and not self.blobs.is_sound(one)), None)
        return None if lost is None else f"blob {lost}"

    def _recover(self, at: datetime) -> None:
        """Bring in the checks that are in the journal of the last sweep and have no row: those before the first that a
        loss of power spoilt.
        """
        with told(self.path):
            last = self._db.execute("SELECT number, first_seq FROM sweep ORDER BY number DESC LIMIT 1").fetchone()
        if last is None:
            return
        number, first = last
        lines = journal.kept_lines(self.path.parent, number)
        if len(lines) <= self._size - first:
            return
        found = self.blobs.begin_again(number)
        for line in lines[self._size - first :]:
            record, offset = _sound(line, self._size), found.get(self._size)
            if record is None or not self.blobs.names_all(line, self._size, offset, needed=_has_bytes(record)):
                break
            self._waiting.append(_Waiting(record, _detail(record), offset, partial(_untold, self._size)))
            self._size += 1
        self.blobs.close()
        journal.keep_first(self.path.parent, number, lines[: self._size - first])
        self._unsynced = bool(self._waiting)
        self.barrier(at)


def _untold(seq: int, tx: Transaction) -> None:
    tx.db.execute("INSERT INTO untold VALUES (?)", (seq,))


def _once(parts: Iterable[bytes]) -> list[bytes]:
    """Each of the same bytes once, the empty left out."""
    return [*dict.fromkeys(filter(None, parts))]


def _detail(record: RecordLine) -> str | None:
    with suppress(KeyError, ValueError, TypeError):  # of a version that knew another reading
        return detail_of(from_json(dict(record)))
    return None


def _has_bytes(record: RecordLine) -> bool:
    return any(f"{part}_sha256" in exchange for exchange in record.get("exchanges", ()) for part in BODY_PARTS)


def _sound(line: bytes, seq: int) -> RecordLine | None:
    """The record of a line that is what was written."""
    try:
        record: RecordLine = json.loads(line)
        return record if isinstance(record, dict) and canonical(record) == line and record.get("seq") == seq else None
    except ValueError:
        return None
