"""The files of an export or evidence folder, read with distrust: it may come from an opponent."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import zlib
from collections.abc import Iterator, Sequence
from gettext import gettext as _
from pathlib import Path
from typing import BinaryIO

from monitor.core.errors import StoreError, VigieError
from monitor.evidence.folder import RECORDS
from monitor.store.log.segment import unpacked
from monitor.store.schema import disk_told
from monitor.values import pattern

MAX_READ = 64 * 1024 * 1024  # bytes read at once; records and captures are streamed instead
MAX_LINE = 16 * 1024 * 1024
CHUNK = 1 << 20
# What an operating system puts into a folder that somebody opens, or into an archive of it.
_LITTER = pattern(r"(.*/)?(\.DS_Store|\._[^/]*|Thumbs\.db|desktop\.ini)", re.DOTALL)


def is_litter(name: str) -> bool:
    """Whether an operating system leaves a file of that name: nobody reads it, and it is no fault of the folder."""
    return _LITTER.fullmatch(name) is not None


class ArchiveError(VigieError):
    """The folder given is none, or holds a file no honest export holds."""

    exit_code = 2


class FolderArchive:
    """A folder on disk. Links are not followed; `NAME.zst` is read as `NAME` where `packed`. Raises ArchiveError.

    litter: files that an operating system left there, which are no part of it.
    """

    def __init__(self, root: Path, *, packed: bool = False) -> None:
        if not root.is_dir():
            raise ArchiveError(_("{path} is not a folder").format(path=root))
        self._root, self._packed = root, packed
        self._paths: dict[str, Path] = {}
        self._folders: dict[str, list[str]] = {}
        self._odd: list[str] = []
        self.litter: list[str] = []
        with disk_told(root):
            self._list()
        self._names = sorted(self._paths)

    def _list(self) -> None:
        folders = [""]
        while folders:
            prefix = folders.pop()
            with os.scandir(self._root / prefix) as entries:
                for entry in sorted(entries, key=lambda e: e.name):
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(f"{prefix}{entry.name}/")
                    elif entry.is_file(follow_symlinks=False) and is_litter(prefix + entry.name):
                        self.litter.append(prefix + entry.name)
                    elif entry.is_file(follow_symlinks=False):
                        name = entry.name.removesuffix(".zst") if self._packed else entry.name
                        self._paths[prefix + name] = Path(entry.path)
                        self._folders.setdefault(prefix.removesuffix("/"), []).append(name)
                    else:
                        self._odd.append(prefix + entry.name)

    def names(self) -> Sequence[str]:
        """Every file, sorted."""
        return self._names

    def within(self, folder: str) -> Sequence[str]:
        """The names of the files right in a folder, sorted."""
        return self._folders.get(folder, ())

    def odd(self) -> Sequence[str]:
        """What is neither a file nor a folder."""
        return self._odd

    def read(self, name: str) -> bytes:
        """The original bytes of a file. Raises KeyError."""
        path = self._paths[name]
        with disk_told(path):
            if path.stat().st_size > MAX_READ:
                raise ArchiveError(_("{path} is too large to be read").format(path=path))
            data = path.read_bytes()
        return unpacked(data, path, lambda: self._beside(name)) if self._inflates(name) else data

    def _beside(self, name: str) -> list[bytes]:
        """The records of the sweep to which a packed plan belongs."""
        records = f"{name.rpartition('/')[0]}/{RECORDS}"
        return self.read(records).split(b"\n")[:-1] if records in self._paths and records != name else []

    def digest(self, name: str) -> str:
        """SHA-256 of the original bytes; empty, like no digest, where a packed file cannot be unpacked."""
        if self._inflates(name):
            try:
                return hashlib.sha256(self.read(name)).hexdigest()
            except StoreError:
                return ""
        with disk_told(self._paths[name]), open(self._paths[name], "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a file, or of `NAME.gz`, without their line feeds; none where it is absent."""
        if name not in self._paths:
            yield from self._unzipped(f"{name}.gz") if f"{name}.gz" in self._paths else ()
            return
        if self._inflates(name):
            data = self.read(name)
            yield from data.removesuffix(b"\n").split(b"\n") if data else ()
            return
        with disk_told(self._paths[name]), open(self._paths[name], "rb") as file:
            yield from self._split(file, self._paths[name])

    def _unzipped(self, name: str) -> Iterator[bytes]:
        path = self._paths[name]
        with disk_told(path):
            try:
                with gzip.open(path) as file:
                    yield from self._split(file, path)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise ArchiveError(_("{path} is damaged ({why})").format(path=path, why=error)) from error

    @staticmethod
    def _split(file: BinaryIO | gzip.GzipFile, path: Path) -> Iterator[bytes]:
        while line := file.readline(MAX_LINE):
            if len(line) == MAX_LINE:
                raise ArchiveError(_("{path} has a line too long to be read").format(path=path))
            yield line.removesuffix(b"\n")

    def _inflates(self, name: str) -> bool:
        return self._paths[name].name != name.rpartition("/")[2]
