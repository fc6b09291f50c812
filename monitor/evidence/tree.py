"""The hashes of the log's tree on disk, so that a proof is made without reading the records again.

One file for every eighth level (`level-00`, `level-08` ...): 32 bytes for each complete subtree, in order. The levels
between are computed from at most 128 neighbours. All of it can be made again from the records.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from gettext import gettext as _
from pathlib import Path

from monitor.core.errors import StoreError
from monitor.evidence.merkle import HASH_BYTES, Frontier, node_hash
from monitor.store.files import make_folder
from monitor.store.schema import disk_told

STEP = 8  # levels from one file to the next
FAN = 1 << STEP


class TreeFiles:
    """An append-only tree in a folder. Raises StoreError when the disk fails or hashes are missing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._node = lru_cache(maxsize=4096)(self._read_node)
        with disk_told(folder):
            make_folder(folder)

    @property
    def size(self) -> int:
        """Number of leaves on disk; those past the last checkpoint are of a seal that was cut short."""
        return self._count(0)

    def node(self, level: int, index: int) -> bytes:
        """Hash of a complete subtree (`merkle.Node`)."""
        return self._node(level, index)

    def extend(self, size: int, leaves: Iterable[bytes]) -> Frontier:
        """Cut the tree to `size` leaves, append leaf hashes, sync. Returns the frontier of the whole."""
        with disk_told(self._folder):
            if self.size < size:
                raise StoreError(
                    _(
                        "{folder} holds {found} hashes of the {known} the log has: `vigie rebuild` makes them again"
                    ).format(folder=self._folder, found=self.size, known=size)
                )
            self._node.cache_clear()
            level, first, new = 0, size, list(leaves)
            total = size + len(new)
            self._append(level, first, new)
            while total >> level >= FAN:
                level += STEP
                first = min(self._count(level), size >> level)
                new = [self._fold(level - STEP, i * FAN, FAN) for i in range(first, total >> level)]
                self._append(level, first, new)
            return Frontier.of(total, self.node)

    def _count(self, level: int) -> int:
        with suppress(FileNotFoundError):
            return self._path(level).stat().st_size // HASH_BYTES
        return 0

    def _append(self, level: int, at: int, hashes: Iterable[bytes]) -> None:
        descriptor = os.open(self._path(level), os.O_RDWR | os.O_CREAT, 0o600)
        with open(descriptor, "r+b") as file:
            file.truncate(at * HASH_BYTES)
            file.seek(at * HASH_BYTES)
            file.write(b"".join(hashes))
            file.flush()
            os.fsync(file.fileno())

    def _read_node(self, level: int, index: int) -> bytes:
        base = level - level % STEP
        count = 1 << level - base
        return self._fold(base, index * count, count)

    def _fold(self, level: int, start: int, count: int) -> bytes:
        with disk_told(self._folder), open(self._path(level), "rb") as file:
            file.seek(start * HASH_BYTES)
            data = file.read(count * HASH_BYTES)
        if len(data) != count * HASH_BYTES:
            raise StoreError(_("{folder} lacks hashes: `vigie rebuild` makes them again").format(folder=self._folder))
        hashes = [data[i : i + HASH_BYTES] for i in range(0, len(data), HASH_BYTES)]
        while len(hashes) > 1:
            hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
        return hashes[0]

    def _path(self, level: int) -> Path:
        return self._folder / f"level-{level:02d}"
