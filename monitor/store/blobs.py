"""The bytes that were seen: stored once, found and verified by SHA-256.

A digest is over the original bytes, in lower-case hexadecimal. Bytes are kept raw, as a zstd frame, or as a delta: a
zstd frame with another blob as raw-content dictionary (`zstd --patch-from`). A delta leans on a whole blob of the same
UTC day, never on a delta, so that one lost blob costs at most one day of one page.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monitor.core.errors import StoreError
from monitor.store.packs import DELTA, RAW, ZSTD, OpenPacks, Pack, PackEntry, encode, read
from monitor.store.rows import DAY_US, instant, micros

if TYPE_CHECKING:
    import zstandard

LEVEL: Final = 3


class BlobDamagedError(StoreError):
    """The bytes under a digest are missing or are not the ones that were stored."""


class BlobDroppedError(BlobDamagedError):
    """The bytes under a digest were removed by policy, and that was written down: nothing is wrong with the store."""


class Blobs:
    """The blobs of a data folder, read by digest."""

    def __init__(self, folder: Path, db: sqlite3.Connection) -> None:
        self.root = folder / "store"
        self._db = db

    def has(self, digest: str) -> bool:
        """True when the blob was stored."""
        return self._place(digest) is not None

    def get(self, digest: str) -> bytes:
        """The original bytes, verified against their digest.

        Raises BlobDroppedError where policy removed them, BlobDamagedError naming the digest, StoreError when the disk
        or a permission stands in the way.
        """
        return self._read(digest, None)

    def dropped(self, digest: str) -> datetime | None:
        """When policy removed these bytes (aware UTC, the last time); None where they are kept or never were."""
        if self.has(digest):
            return None
        query = "SELECT max(at) FROM dropped WHERE digest = ?"
        (at,) = self._db.execute(query, (bytes.fromhex(digest),)).fetchone()
        return None if at is None else instant(at)

    def is_sound(self, digest: str) -> bool:
        """True when `get` gives the bytes."""
        try:
            self.get(digest)
        except BlobDamagedError:
            return False
        return True

    def leans(self, digest: str) -> bool:
        """True when these bytes are kept as a difference from others of that day."""
        place = self._place(digest)
        found = place and self._stored(place[0], place[1])
        return bool(found and found[0].base)

    def files(self, digests: Iterable[str]) -> set[Path]:
        """The packs that hold these blobs."""
        return {self.root / place[0] for place in map(self._place, digests) if place is not None}

    def _stored(self, file: str, offset: int) -> tuple[PackEntry, bytes] | None:
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
                words = _("blob {digest} was dropped on {day}, as retention asks")
                raise BlobDroppedError(words.format(digest=digest, day=f"{at:%Y-%m-%d}"))
            raise BlobDamagedError(_("blob {digest} is not in the store").format(digest=digest))
        path = self.root / place[0]
        found = self._stored(place[0], place[1])
        if found is None or found[0].digest != digest or (found[0].base and delta):
            raise _damaged(digest, path)
        entry, stored = found
        try:
            base = self._read(entry.base, digest) if entry.base else None
        except BlobDamagedError as error:
            raise _damaged(digest, path) from error
        data = stored if entry.kind == RAW else _inflate(stored, entry.size, base)
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            raise _damaged(digest, path)
        return data


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


def _patch(data: bytes, base: bytes) -> bytes:
    import zstandard

    parameters = zstandard.ZstdCompressionParameters.from_level(LEVEL, source_size=len(data) + len(base))
    return zstandard.ZstdCompressor(compression_params=parameters, dict_data=_dictionary(base)).compress(data)


class BlobWriter(Blobs):
    """Blobs of the running sweep: bytes go to its pack at once, the index follows with the observation naming them."""

    def __init__(self, folder: Path, db: sqlite3.Connection) -> None:
        super().__init__(folder, db)
        self._pack: Pack | None = None
        self._packs = OpenPacks(self.root)
        self._pack_id = 0
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

    def put(self, data: bytes, base: str | None = None) -> str:
        """Store bytes once and return their digest; an observation must name it for the blob to be found again later.

        base: digest of an earlier, similar blob, e.g. the same page at the last check. Used only where it helps.
        """
        digest = hashlib.sha256(data).hexdigest()
        if self.has(digest):
            return digest
        if self._pack is None:
            raise RuntimeError("a blob is stored within a sweep")
        kind, stored, lean = self._squeeze(data, base)
        self._offsets[digest] = self._pack.append(encode(kind, stored, len(data), digest, lean))
        return digest

    def _squeeze(self, data: bytes, near: str | None) -> tuple[int, bytes, str | None]:
        import zstandard

        lean, base = self._todays(near) if near else (None, b"")
        patch = _patch(data, base) if lean else None
        if patch is not None and len(patch) * 20 < len(data):  # usual: a token and a date differ; spare a compression
            return DELTA, patch, lean
        self._whole = self._whole or zstandard.ZstdCompressor(level=LEVEL)
        whole = self._whole.compress(data)
        if patch is not None and len(patch) + 32 < min(len(whole), len(data)):
            return DELTA, patch, lean
        return (ZSTD, whole, None) if len(whole) < len(data) else (RAW, data, None)

    def _todays(self, near: str) -> tuple[str | None, bytes]:
        """The whole blob to lean on and its bytes, where it is of the day of this sweep and undamaged.

        Only one in the index, which an observation names: after a loss of power that is what is checked.
        """
        place = self._db.execute(
            "SELECT file, offset, started FROM blob JOIN pack ON pack.id = pack JOIN sweep ON number = sweep "
            "WHERE digest = ?",
            (bytes.fromhex(near),),
        ).fetchone()
        if place is None or place[2] // DAY_US != self._day:  # a delta is of the day of what it leans on
            return None, b""
        found = self._stored(place[0], place[1])
        if found and found[0].digest == near:
            whole = found[0].base or near
            with suppress(BlobDamagedError):
                return whole, self.get(whole)
        return None, b""

    def _stored(self, file: str, offset: int) -> tuple[PackEntry, bytes] | None:
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
