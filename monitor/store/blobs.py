"""The bytes that were seen, verified by SHA-256: over the original bytes, in lower-case hexadecimal.

What a check saw is one bundle (`written.bundle`), found by its observation: the record's digests tell its parts. It is
whole, or leans on a whole one of the same desk and UTC day, so that one lost entry costs at most one day of one page.
Pictures and what they are drawn with are blobs of their own, each stored once, raw or as a zstd frame, and found by
digest; so are bytes that versions before 0.2 kept, some of them as a delta: a zstd frame with another blob as
raw-content dictionary (`zstd --patch-from`).
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monitor.core.errors import StoreError
from monitor.store.packs import (
    RAW,
    ZSTD,
    AnyEntry,
    BundleEntry,
    OpenPacks,
    Pack,
    PackEntry,
    encode,
    encode_bundle,
    read,
    scan,
    sync_file,
)
from monitor.store.rows import DAY_US, instant, micros
from monitor.store.written.bundle import LEVEL, bundled, opened, parted

if TYPE_CHECKING:
    import zstandard

_CONTENTS_KEPT: Final = 4  # whole bundles, of the desks read last


class BlobDamagedError(StoreError):
    """The bytes under a digest are missing or are not the ones that were stored."""


class BlobDroppedError(BlobDamagedError):
    """The bytes under a digest were removed by policy, and that was written down: nothing is wrong with the store."""


class Blobs:
    """The blobs of a data folder, read by digest."""

    def __init__(self, folder: Path, db: sqlite3.Connection) -> None:
        self.root = folder / "store"
        self._db = db
        self._contents: dict[int, bytes] = {}

    def has(self, digest: str) -> bool:
        """True when the blob was stored by itself."""
        return self._place(digest) is not None

    def get(self, digest: str, seq: int | None = None) -> bytes:
        """The original bytes, verified against their digest. seq: the observation that names it, if one does.

        Raises BlobDroppedError where policy removed them, BlobDamagedError naming the digest, StoreError when the disk
        or a permission stands in the way.
        """
        if seq is not None:
            if (found := self._part(seq, digest)) is not None:
                return found
            if (at := self.let_go(seq)) is not None:
                raise _dropped(digest, at)
        return self._read(digest, None)

    def is_sound(self, digest: str, seq: int | None = None) -> bool:
        """True when `get` gives the bytes."""
        try:
            self.get(digest, seq)
        except BlobDamagedError:
            return False
        return True

    def forget(self) -> None:
        """Read from the disk again what was kept in memory."""
        self._contents.clear()

    def parts(self, seq: int) -> Sequence[bytes] | None:
        """What is kept of a check, unverified: None where that is nothing. Raises BlobDamagedError."""
        place = self._bundle_place(seq)
        if place is None:
            return None
        try:
            return parted(self._content(seq, *place))
        except ValueError as error:
            words = _("the bytes of observation {seq} in {path} are damaged")
            raise BlobDamagedError(words.format(seq=seq, path=self.root / place[0])) from error

    def _part(self, seq: int, digest: str) -> bytes | None:
        for part in self.parts(seq) or ():
            if hashlib.sha256(part).hexdigest() == digest:
                return part
        return None

    def _content(self, seq: int, file: str, offset: int) -> bytes:
        """The content of a bundle. Raises ValueError on damage."""
        entry, stored = self._bundle(seq, file, offset)
        if entry.base is None:
            return opened(stored, None)
        return opened(stored, self._whole_content(entry.base))

    def _whole_content(self, seq: int) -> bytes:
        """The content of a bundle that leans on none. Raises ValueError."""
        if seq not in self._contents:
            place = self._bundle_place(seq)
            if place is None:
                raise ValueError("what it leans on is gone")
            entry, stored = self._bundle(seq, *place)
            if entry.base is not None:
                raise ValueError("it leans on what leans itself")
            if len(self._contents) >= _CONTENTS_KEPT:
                del self._contents[next(iter(self._contents))]
            self._contents[seq] = opened(stored, None)
        return self._contents[seq]

    def _bundle(self, seq: int, file: str, offset: int) -> tuple[BundleEntry, bytes]:
        found = self._stored(file, offset)
        if found is not None and isinstance(found[0], BundleEntry):
            entry, stored = found[0], found[1]
            if entry.seq == seq and entry.holds(stored):
                return entry, stored
        raise ValueError("not what was stored")

    def _bundle_place(self, seq: int) -> tuple[str, int] | None:
        found: tuple[str, int] | None = self._db.execute(
            "SELECT file, offset FROM bundle JOIN pack ON pack.id = pack WHERE seq = ?", (seq,)
        ).fetchone()
        return found

    def let_go(self, seq: int) -> datetime | None:
        """When policy removed the bytes of a check (aware UTC); None where they are kept or there were none."""
        query = "SELECT at FROM let_go WHERE first <= ?1 AND last >= ?1 ORDER BY first DESC LIMIT 1"
        found = self._db.execute(query, (seq,)).fetchone()
        return found and instant(found[0])

    def dropped(self, digest: str) -> datetime | None:
        """When policy removed this blob (aware UTC, the last time); None where it is kept or never was."""
        if self.has(digest):
            return None
        query = "SELECT max(at) FROM dropped WHERE digest = ?"
        (at,) = self._db.execute(query, (bytes.fromhex(digest),)).fetchone()
        return None if at is None else instant(at)

    def files(self, digests: Iterable[str]) -> set[Path]:
        """The packs that hold these blobs."""
        return {self.root / place[0] for place in map(self._place, digests) if place is not None}

    def _stored(self, file: str, offset: int) -> tuple[AnyEntry, bytes] | None:
        return read(self.root / file, offset)

    def _place(self, digest: str) -> tuple[str, int] | None:
        found: tuple[str, int] | None = self._db.execute(
            "SELECT file, offset FROM blob JOIN pack ON pack.id = pack WHERE digest = ?", (bytes.fromhex(digest),)
        ).fetchone()
        return found

    def _read(self, digest: str, delta: str | None) -> bytes:
        place = self._place(digest)
        if place is None:
            if (at := self.dropped(digest)) is not None:
                raise _dropped(digest, at)
            raise BlobDamagedError(_("blob {digest} is not in the store").format(digest=digest))
        path = self.root / place[0]
        found = self._stored(place[0], place[1])
        if found is None or not isinstance(found[0], PackEntry) or found[0].digest != digest:
            raise _damaged(digest, path)
        entry, stored = found[0], found[1]
        if entry.base and delta:
            raise _damaged(digest, path)
        try:
            base = self._read(entry.base, digest) if entry.base else None
        except BlobDamagedError as error:
            raise _damaged(digest, path) from error
        data = stored if entry.kind == RAW else _inflate(stored, entry.size, base)
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            raise _damaged(digest, path)
        return data


def _dropped(digest: str, at: datetime) -> BlobDroppedError:
    words = _("blob {digest} was dropped on {day}, as retention asks")
    return BlobDroppedError(words.format(digest=digest, day=f"{at:%Y-%m-%d}"))


def _damaged(digest: str, path: Path) -> BlobDamagedError:
    return BlobDamagedError(_("blob {digest} in {path} is damaged").format(digest=digest, path=path))


def _inflate(stored: bytes, size: int, base: bytes | None) -> bytes | None:
    import zstandard

    try:
        if zstandard.frame_content_size(stored) != size:  # never room for more than the entry says
            return None
        dictionary = _dictionary(base) if base is not None else None
        return zstandard.ZstdDecompressor(dict_data=dictionary).decompress(stored, max_output_size=size)
    except zstandard.ZstdError:
        return None


def _dictionary(base: bytes) -> zstandard.ZstdCompressionDict:
    import zstandard

    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


class BlobWriter(Blobs):
    """Blobs of the running sweep: bytes go to its pack at once, the index follows with the observation naming them."""

    def __init__(self, folder: Path, db: sqlite3.Connection) -> None:
        super().__init__(folder, db)
        self._pack: Pack | None = None
        self._packs = OpenPacks(self.root)
        self._pack_id, self._of_died = 0, ""
        self._day = 0
        self._offsets: dict[str, int] = {}  # of what is in the pack, in the index or not yet
        self._whole: zstandard.ZstdCompressor | None = None

    def begin(self, sweep: int, started: datetime) -> None:
        """Open the pack of a sweep; inside the transaction that records the sweep."""
        self.close()
        self._pack = Pack(self.root, sweep)
        self._day = micros(started) // DAY_US
        added = self._db.execute("INSERT INTO pack (sweep, file) VALUES (?, ?)", (sweep, self._pack.file))
        self._pack_id = added.lastrowid or 0

    def begin_again(self, sweep: int) -> dict[int, int]:
        """Go back to the pack of a sweep that died. Returns where the bundle of each observation begins in it."""
        found = self._db.execute("SELECT id, file FROM pack WHERE sweep = ? ORDER BY id DESC", (sweep,)).fetchone()
        if found is None or not (self.root / found[1]).exists():
            return {}
        self._pack_id, self._of_died = found[0], found[1]
        sync_file(self.root / found[1])
        return {one.seq: one.offset for one in scan(self.root / found[1]) if isinstance(one, BundleEntry)}

    def names_all(self, line: bytes, seq: int, offset: int | None, *, needed: bool) -> bool:
        """Whether a line names all that its bundle holds, after `begin_again`. needed: it names bytes."""
        if offset is None:
            return not needed
        try:
            parts = parted(self._content(seq, self._of_died, offset))
        except ValueError:
            return False
        return all(hashlib.sha256(part).hexdigest().encode() in line for part in parts)

    def put(self, data: bytes) -> str:
        """Store bytes once and return their digest; `index` lets the blob be found again later."""
        digest = hashlib.sha256(data).hexdigest()
        if self.has(digest):
            return digest
        import zstandard

        self._whole = self._whole or zstandard.ZstdCompressor(level=LEVEL)
        whole = self._whole.compress(data)
        kind, stored = (ZSTD, whole) if len(whole) < len(data) else (RAW, data)
        self._offsets[digest] = self._open.append(encode(kind, stored, len(data), digest, None))
        return digest

    def put_bundle(self, seq: int, read: Sequence[bytes], wire: Sequence[bytes], near: int | None) -> int:
        """Store the bytes of a check and return where; `index_bundle` lets them be found again later.

        read, wire: see `bundled`. near: an earlier observation of that desk, whose bytes are likely close to these.
        """
        base, content = self._todays(near) if near is not None else (None, None)
        stored, leans = bundled(read, wire, content)
        return self._open.append(encode_bundle(stored, seq, base if leans else None))

    @property
    def _open(self) -> Pack:
        if self._pack is None:
            raise RuntimeError("bytes are stored within a sweep")
        return self._pack

    def _todays(self, near: int) -> tuple[int | None, bytes | None]:
        """The observation of the whole bundle to lean on and its content, where it is of the day of this sweep."""
        place = self._db.execute(
            "SELECT file, offset, started FROM bundle JOIN pack ON pack.id = pack JOIN sweep ON number = sweep "
            "WHERE seq = ?",
            (near,),
        ).fetchone()
        if place is None or place[2] // DAY_US != self._day:  # a delta is of the day of what it leans on
            return None, None
        try:
            entry, _stored = self._bundle(near, place[0], place[1])
            whole = near if entry.base is None else entry.base
            return whole, self._whole_content(whole)
        except ValueError:
            return None, None

    def _stored(self, file: str, offset: int) -> tuple[AnyEntry, bytes] | None:
        return self._packs.read(file, offset)

    def _place(self, digest: str) -> tuple[str, int] | None:
        if digest in self._offsets and self._pack is not None:
            return self._pack.file, self._offsets[digest]
        return super()._place(digest)

    def index(self, digests: Iterable[str]) -> None:
        """Inside a transaction: let these be found from now on. Raises ValueError on one that was never stored."""
        rows = []
        for digest in digests:
            if digest in self._offsets:
                rows.append((bytes.fromhex(digest), self._pack_id, self._offsets[digest]))
            elif not self.has(digest):
                raise ValueError(f"an observation names blob {digest}, which was never stored")
        self._db.executemany("INSERT OR IGNORE INTO blob (digest, pack, offset) VALUES (?, ?, ?)", rows)

    def index_bundle(self, seq: int, offset: int) -> None:
        """Inside a transaction: let the bytes of a check be found from now on. offset: as `put_bundle` gave it."""
        self._db.execute("INSERT INTO bundle VALUES (?, ?, ?)", (seq, self._pack_id, offset))

    def sync(self) -> None:
        """Bring the pack to the disk."""
        if self._pack is not None:
            self._pack.sync()

    def close(self) -> None:
        """Leave the pack as it is."""
        self._packs.close()
        if self._pack is not None:
            self._pack.close()
        self._pack = None
        self._offsets.clear()
        self._contents.clear()
