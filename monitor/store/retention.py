"""Removes old bytes from the packs. A pack of which nothing is needed goes; of any other, what is needed is copied.

Order, so that no moment of a crash loses a needed byte: the new pack is written and synced, one transaction moves the
index and writes down what was dropped, then the old file is unlinked. A file left by a crash in between holds nothing
that is not dropped or indexed elsewhere, and goes the next time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import Final

from monitor.core.errors import StoreError
from monitor.store.files import Lock, sync_folder
from monitor.store.packs import MAGIC, AnyEntry, BundleEntry, Pack, PackEntry, encode, encode_bundle, read, scan
from monitor.store.policy import OldPack
from monitor.store.records import Records
from monitor.store.rows import instant, micros
from monitor.store.schema import FILE, disk_told, open_reader, open_writer, told
from monitor.values import pattern

_DIGEST: Final = pattern(rb'"([0-9a-f]{64})"')
_BATCH: Final = 1000  # records whose digests are marked at once


@contextmanager
def old_bytes(folder: Path) -> Iterator[PackStore | None]:
    """For a dry run; also while a sweep runs. None: nothing was recorded yet."""
    db = open_reader(folder)
    if db is None:
        yield None
        return
    try:
        yield PackStore(folder, db)
    finally:
        db.close()


@contextmanager
def removable_bytes(lock: Lock) -> Iterator[PackStore]:
    """For removal, by the holder of the lock."""
    if not lock.held:
        raise RuntimeError("the lock of this data folder was released")
    db = open_writer(lock.folder)
    try:
        db.execute("PRAGMA synchronous=FULL")
        db.execute("PRAGMA foreign_keys=OFF")  # removing a pack would search every blob for it; `_move` takes its blobs
        yield PackStore(lock.folder, db)
    finally:
        with told(lock.folder / FILE):
            db.close()


class PackStore:
    """Implements `monitor.store.policy.Old` over a data folder."""

    def __init__(self, folder: Path, db: sqlite3.Connection) -> None:
        self._root, self._db, self._path = folder / "store", db, folder / FILE
        self._records = Records(folder, db)

    def packs(self, before: datetime) -> Iterator[OldPack]:
        """The packs of sweeps begun before an instant (aware UTC midnight), of which something would go."""
        with told(self._path):
            rows = self._db.execute(
                "SELECT id, file, started FROM pack JOIN sweep ON number = sweep WHERE started < ? ORDER BY id",
                (micros(before),),
            ).fetchall()
            if rows:
                self._mark_needed(before, rows)
            for pack, file, started in rows:
                found = self._weigh(pack, file, instant(started))
                if found.freed or found.damaged:
                    yield found

    def _mark_needed(self, before: datetime, packs: Sequence[tuple[int, str, int]]) -> None:
        """Fill the temporary table `old`: every blob of old packs, and whether a record from `before` on needs it."""
        db = self._db
        db.execute("DROP TABLE IF EXISTS temp.old")
        db.execute("DROP TABLE IF EXISTS temp.old_bundle")
        db.execute(
            "CREATE TEMP TABLE old (digest BLOB PRIMARY KEY, pack INTEGER NOT NULL, offset INTEGER NOT NULL, "
            "needed INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID"
        )
        db.execute(
            "CREATE TEMP TABLE old_bundle (seq INTEGER PRIMARY KEY, pack INTEGER NOT NULL, offset INTEGER NOT NULL, "
            "needed INTEGER NOT NULL)"
        )
        db.execute("BEGIN")  # one transaction over the temporary table; nothing of the ledger is written
        try:
            db.execute(
                "INSERT INTO temp.old (digest, pack, offset) SELECT digest, pack, offset FROM blob WHERE pack IN "
                "(SELECT id FROM pack JOIN sweep ON number = sweep WHERE started < ?)",
                (micros(before),),
            )
            db.execute("CREATE INDEX temp.old_by_pack ON old (pack, needed)")
            db.execute(
                "INSERT INTO temp.old_bundle SELECT b.seq, b.pack, b.offset, o.started >= ?1 FROM pack p "
                "JOIN sweep s ON s.number = p.sweep JOIN observation o ON o.sweep = s.number "
                "JOIN bundle b ON b.seq = o.seq AND b.pack = p.id WHERE s.started < ?1",
                (micros(before),),
            )
            db.execute("CREATE INDEX temp.old_bundle_by_pack ON old_bundle (pack, needed)")
            first = db.execute("SELECT min(seq) FROM observation WHERE started >= ?", (micros(before),)).fetchone()[0]
            for digests in self._named_since(first, before):
                db.executemany("UPDATE temp.old SET needed = 1 WHERE digest = ?", digests)
            for pack, file, _started in packs:
                bases = [one for one, _stored in self._needed(pack, file) if one is not None and one.base is not None]
                blobs = [(bytes.fromhex(one.base or ""),) for one in bases if isinstance(one, PackEntry)]
                db.executemany("UPDATE temp.old SET needed = 1 WHERE digest = ?", blobs)
                bundles = [(one.base,) for one in bases if isinstance(one, BundleEntry)]
                db.executemany("UPDATE temp.old_bundle SET needed = 1 WHERE seq = ?", bundles)
        finally:
            db.execute("COMMIT")

    def _named_since(self, first: int | None, before: datetime) -> Iterator[list[tuple[bytes]]]:
        """Digests that records begun at `before` or later name. Order is the sequence's: a clock may have gone back."""
        if first is None:
            return
        batch: set[bytes] = set()
        for count, row in enumerate(self._records.rows(first), 1):
            if row.started >= before:
                batch.update(bytes.fromhex(found.decode()) for found in _DIGEST.findall(row.line))
            if count % _BATCH == 0:
                yield [(digest,) for digest in batch]
                batch.clear()
        for line in self._records.shots(first):
            batch.update(bytes.fromhex(found.decode()) for found in _DIGEST.findall(line))
        yield [(digest,) for digest in batch]

    def _needed(self, pack: int, file: str) -> Iterator[tuple[AnyEntry | None, bytes]]:
        """The entries of a pack that stay, with their stored bytes. None for one that cannot be read.

        What a delta leans on is whole: one step from the needed ones reaches all.
        """
        query = (
            "SELECT digest, NULL, offset FROM temp.old WHERE pack = ?1 AND needed "
            "UNION ALL SELECT NULL, seq, offset FROM temp.old_bundle WHERE pack = ?1 AND needed ORDER BY offset"
        )
        for digest, seq, offset in self._db.execute(query, (pack,)).fetchall():
            found = read(self._root / file, offset)
            entry, stored = found or (None, b"")
            if isinstance(entry, BundleEntry):
                yield (entry if entry.seq == seq and entry.holds(stored) else None), stored
            else:
                yield (entry if entry and digest and entry.digest == digest.hex() else None), stored

    def _weigh(self, pack: int, file: str, started: datetime) -> OldPack:
        entries = [entry for entry, _stored in self._needed(pack, file)]
        stay = [entry for entry in entries if entry is not None]
        count = (
            "SELECT (SELECT count(*) FROM temp.old WHERE pack = ?1) + "
            "(SELECT count(*) FROM temp.old_bundle WHERE pack = ?1)"
        )
        (total,) = self._db.execute(count, (pack,)).fetchone()
        path = self._root / file
        with disk_told(path):
            size = path.stat().st_size if path.exists() else 0
        keeps = sum(entry.payload - entry.offset + entry.stored for entry in stay) + len(MAGIC) if stay else 0
        damaged = len(stay) < len(entries)
        nothing = damaged or total == len(entries) > 0
        return OldPack(
            file=file,
            started=started,
            size=size,
            freed=0 if nothing else max(size - keeps, 0),
            dropped=0 if nothing else total - len(entries),
            kept=total if nothing else len(entries),
            damaged=damaged,
        )

    def drop(self, pack: OldPack, at: datetime) -> None:
        """Remove what may go of one pack; `packs` came before, on this very object. at: aware."""
        with told(self._path):
            number, sweep = self._db.execute("SELECT id, sweep FROM pack WHERE file = ?", (pack.file,)).fetchone()
            copied = self._copy(number, pack.file, sweep) if pack.kept else None
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._move(number, copied, sweep, micros(at))
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
        self._unlink(self._root / pack.file)

    def _copy(self, number: int, file: str, sweep: int) -> tuple[str, list[tuple[int, AnyEntry]]]:
        """Copy the entries that stay into a pack of their own, as they are stored, and bring it to the disk."""
        new, moved = Pack(self._root, sweep), []
        try:
            for entry, stored in self._needed(number, file):
                if entry is None:  # readable a moment ago
                    raise StoreError(_("{file} is damaged: left as it is").format(file=file))
                if isinstance(entry, BundleEntry):
                    copy = encode_bundle(stored, entry.seq, entry.base)
                else:
                    copy = encode(entry.kind, stored, entry.size, entry.digest, entry.base)
                moved.append((new.append(copy), entry))
            new.sync()
        finally:
            new.close()
        return new.file, moved

    def _move(self, number: int, copied: tuple[str, list[tuple[int, AnyEntry]]] | None, sweep: int, at: int) -> None:
        db = self._db
        if copied is not None:
            file, moved = copied
            new = db.execute("INSERT INTO pack (sweep, file) VALUES (?, ?)", (sweep, file)).lastrowid
            blobs = [(new, offset, bytes.fromhex(one.digest)) for offset, one in moved if isinstance(one, PackEntry)]
            db.executemany("UPDATE blob SET pack = ?, offset = ? WHERE digest = ?", blobs)
            bundles = [(new, offset, one.seq) for offset, one in moved if isinstance(one, BundleEntry)]
            db.executemany("UPDATE bundle SET pack = ?, offset = ? WHERE seq = ?", bundles)
        gone = "SELECT digest FROM temp.old WHERE pack = ? AND NOT needed"
        db.execute(f"INSERT OR IGNORE INTO dropped SELECT digest, ? FROM ({gone})", (at, number))  # noqa: S608 - a constant
        db.execute(f"DELETE FROM blob WHERE digest IN ({gone})", (number,))  # noqa: S608 - a constant
        db.execute(
            "INSERT INTO let_go SELECT min(seq), max(seq), ? FROM "
            "(SELECT seq, seq - row_number() OVER (ORDER BY seq) AS run FROM temp.old_bundle "
            "WHERE pack = ? AND NOT needed) GROUP BY run",
            (at, number),
        )
        db.execute("DELETE FROM bundle WHERE seq IN (SELECT seq FROM temp.old_bundle WHERE pack = ? AND NOT needed)",
                   (number,))  # fmt: skip
        db.execute("DELETE FROM pack WHERE id = ?", (number,))

    def sweep_up(self) -> int:
        """Remove pack files the index does not know, all of whose entries are dropped or indexed elsewhere."""
        freed = 0
        with told(self._path):
            known = {file for (file,) in self._db.execute("SELECT file FROM pack")}
            for path in sorted((self._root / "packs").glob("*.pack")):
                if f"packs/{path.name}" not in known and self._is_spare(path):
                    freed += path.stat().st_size
                    self._unlink(path)
        return freed

    def _is_spare(self, path: Path) -> bool:
        entries = [*scan(path)]
        end = entries[-1].payload + entries[-1].stored if entries else len(MAGIC)
        if end != path.stat().st_size:
            return False  # what cannot be read to its end may hold what nobody else has
        return all(map(self._is_spare_entry, entries))

    def _is_spare_entry(self, entry: AnyEntry) -> bool:
        if isinstance(entry, BundleEntry):
            query = "SELECT file, offset FROM bundle JOIN pack ON pack.id = pack WHERE seq = ?"
            place = self._db.execute(query, (entry.seq,)).fetchone()
            if place is not None:  # of another history, where a database was put back older: other bytes
                found = read(self._root / place[0], place[1])
                return bool(found and isinstance(found[0], BundleEntry) and found[0].crc == entry.crc)
            query = "SELECT EXISTS (SELECT 1 FROM let_go WHERE first <= ?1 AND last >= ?1)"
            return bool(self._db.execute(query, (entry.seq,)).fetchone()[0])
        query = "SELECT ?1 IN (SELECT digest FROM blob) OR ?1 IN (SELECT digest FROM dropped)"
        return bool(self._db.execute(query, (bytes.fromhex(entry.digest),)).fetchone()[0])

    def _unlink(self, path: Path) -> None:
        with disk_told(path):
            path.unlink(missing_ok=True)
            if path.parent.is_dir():
                sync_folder(path.parent)
