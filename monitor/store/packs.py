"""The pack file: the bytes of one sweep, one entry after the other, only ever appended to.

A pack is `MAGIC` and then entries: a blob (digest, kind, base, lengths), or the bundle of a check (its observation, the
one whose bundle it leans on, length, CRC-32). So the index in the database can be rebuilt from packs alone; of two
bundles of one observation the later counts: the first was of a check that did not come to be kept. A tail torn by a
loss of power is where reading ends; nothing is ever appended behind it, because each sweep begins a file of its own.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from gettext import gettext as _
from pathlib import Path
from typing import Final

from monitor.store.files import make_folder, sync_folder
from monitor.store.schema import disk_told
from monitor.values import dataclass

MAGIC: Final = b"VIGIEPK1"
RAW, ZSTD, DELTA, BUNDLE = 0, 1, 2, 3
_MARK: Final = b"\xb5e"
_HEAD: Final = struct.Struct(">2sBII32s")  # mark, kind, length stored, length of the original, digest; a base's follows

_BUNDLE: Final = struct.Struct(">2sBIIII")  # mark, kind, length stored, observation, how far back its base is, CRC-32
_CHECKED: Final = struct.Struct(">II")


@dataclass(frozen=True, slots=True)
class BundleEntry:
    """A check's bundle in a pack. seq: its observation; base: the one on whose bundle it leans, None where on none."""

    offset: int
    stored: int
    seq: int
    base: int | None
    crc: int

    @property
    def payload(self) -> int:
        """Where the stored bytes begin in the file."""
        return self.offset + _BUNDLE.size

    def holds(self, stored: bytes) -> bool:
        """Whether these are the bytes that were stored."""
        return _crc(self.seq, _back(self.seq, self.base), stored) == self.crc


def _back(seq: int, base: int | None) -> int:
    return 0 if base is None else seq - base


def _crc(seq: int, back: int, stored: bytes) -> int:
    return zlib.crc32(stored, zlib.crc32(_CHECKED.pack(seq, back)))


def encode_bundle(stored: bytes, seq: int, base: int | None) -> bytes:
    """A bundle as it stands in a pack. base: of an earlier observation."""
    back = _back(seq, base)
    return _BUNDLE.pack(_MARK, BUNDLE, len(stored), seq, back, _crc(seq, back, stored)) + stored


@dataclass(frozen=True, slots=True)
class PackEntry:
    """A blob in a pack. offset: where it begins in the file; base: hexadecimal digest, of a delta only."""

    offset: int
    kind: int
    stored: int
    size: int
    digest: str
    base: str | None

    @property
    def payload(self) -> int:
        """Where the stored bytes begin in the file."""
        return self.offset + _HEAD.size + (32 if self.base else 0)


def encode(kind: int, stored: bytes, size: int, digest: str, base: str | None) -> bytes:
    """One entry as it stands in a pack."""
    head = _HEAD.pack(_MARK, kind, len(stored), size, bytes.fromhex(digest))
    return b"".join((head, bytes.fromhex(base or ""), stored))


AnyEntry = PackEntry | BundleEntry


def read(path: Path, offset: int) -> tuple[AnyEntry, bytes] | None:
    """The entry that begins at `offset` of a pack, and its stored bytes. None: no pack, or no whole entry there."""
    with disk_told(path), suppress(FileNotFoundError), path.open("rb", buffering=0) as file:
        entry = _entry(file.fileno(), offset)
        if entry is not None:
            return entry, os.pread(file.fileno(), entry.stored, entry.payload)
    return None


class OpenPacks:
    """Packs of one store kept open for reading: a check reads several entries of a few of them."""

    AT_MOST: Final = 64

    def __init__(self, root: Path) -> None:
        self._root = root
        self._handles: dict[str, int] = {}

    def read(self, file: str, offset: int) -> tuple[AnyEntry, bytes] | None:
        """See `read`."""
        path = self._root / file
        with disk_told(path), suppress(FileNotFoundError):
            handle = self._handles.get(file)
            if handle is None:
                if len(self._handles) >= self.AT_MOST:
                    self.close()
                handle = self._handles[file] = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            entry = _entry(handle, offset)
            if entry is not None:
                return entry, os.pread(handle, entry.stored, entry.payload)
        return None

    def close(self) -> None:
        """Close them all; the next reading opens anew."""
        for handle in self._handles.values():
            os.close(handle)
        self._handles.clear()


def _entry(handle: int, offset: int) -> AnyEntry | None:
    head = os.pread(handle, _HEAD.size + 32, offset)
    entry = _bundle(head, offset) if head[:3] == _MARK + bytes([BUNDLE]) else _blob(head, offset)
    return entry if entry and entry.payload + entry.stored <= os.fstat(handle).st_size else None


def _bundle(head: bytes, offset: int) -> BundleEntry | None:
    if len(head) < _BUNDLE.size:
        return None
    _mark, _kind, stored, seq, back, crc = _BUNDLE.unpack_from(head)
    return BundleEntry(offset, stored, seq, seq - back if back else None, crc)


def _blob(head: bytes, offset: int) -> PackEntry | None:
    if len(head) < _HEAD.size:
        return None
    mark, kind, stored, size, digest = _HEAD.unpack_from(head)
    base = head[_HEAD.size :].hex() if kind == DELTA else None
    if mark != _MARK or kind not in (RAW, ZSTD, DELTA):
        return None
    return PackEntry(offset, kind, stored, size, digest.hex(), base)


def scan(path: Path) -> Iterator[AnyEntry]:
    """The entries of a pack in order, up to its end or to a tail that a loss of power tore."""
    with disk_told(path), path.open("rb") as file:
        offset = len(MAGIC) if file.read(len(MAGIC)) == MAGIC else os.fstat(file.fileno()).st_size
        while (entry := _entry(file.fileno(), offset)) is not None:
            yield entry
            offset = entry.payload + entry.stored


class GrowingFile:
    """A new file to which entries are appended. handle: open for writing, empty; path: told in errors."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path, self._handle = path, handle
        self._synced = self._end = 0
        self._failed = False

    def append(self, data: bytes) -> int:
        """Write these bytes whole, or nothing. Returns where they begin."""
        offset, written = self._end, 0
        with disk_told(self.path):
            try:
                while written < len(data):
                    written += os.pwrite(self._handle, data[written:], offset + written)
            except OSError:
                with suppress(OSError):
                    os.ftruncate(self._handle, offset)
                raise
        self._end += len(data)
        return offset

    def sync(self) -> None:
        """Bring what was written to the disk; nothing to do, no system call."""
        if self._synced == self._end:
            return
        with disk_told(self.path):
            if self._failed:  # after a failed sync the kernel may have dropped the bytes and report success next time
                raise OSError(0, _("an earlier write never reached the disk"))
            self._failed = True
            os.fdatasync(self._handle)
            self._failed = False
        self._synced = self._end

    def close(self) -> None:
        """Leave the file as it is."""
        os.close(self._handle)


class Pack(GrowingFile):
    """One pack being written: a file of its own, never one that exists."""

    def __init__(self, root: Path, sweep: int) -> None:
        folder = root / "packs"
        with disk_told(folder):
            if not folder.is_dir():
                make_folder(folder)
                sync_folder(root)
                sync_folder(root.parent)
            self.file, handle = _create(folder, sweep)
            sync_folder(folder)
        super().__init__(root / self.file, handle)
        super().append(MAGIC)


def _create(folder: Path, sweep: int) -> tuple[str, int]:
    name, again = f"{sweep:09d}.pack", 0
    while True:
        try:
            handle = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            return f"packs/{name}", handle
        except FileExistsError:  # left by a sweep that lost power before its first commit
            again += 1
            name = f"{sweep:09d}-{again}.pack"


def sync_file(path: Path) -> None:
    """Bring a file that another process wrote to the disk."""
    with disk_told(path):
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fdatasync(handle)
        finally:
            os.close(handle)
