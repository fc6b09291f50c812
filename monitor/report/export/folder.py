"""An export on disk: a folder that is there whole, with the sums of all its files, or not at all."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import zipfile
from collections.abc import Callable, Iterable, Mapping
from gettext import gettext as _
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from monitor.core.errors import UsageError
from monitor.core.record import digest
from monitor.evidence.exported.names import LINES, PACKED, PLAIN_AT_MOST, SIGNED
from monitor.evidence.exported.signed import Sign, unsigned
from monitor.evidence.sums import SUMS, render_sums
from monitor.store.files import sync_folder
from monitor.store.schema import disk_told

PACKED_PROOF = "preuve.zip"  # in the small set
CHUNK = 1 << 20


def write(
    out: Path,
    files: Iterable[tuple[str, bytes]],
    sign: Sign = unsigned,
    check: Callable[[Path], None] = lambda _folder: None,
) -> int:
    """Write the files, their SHA256SUMS and its signature into a new folder; returns the bytes written.

    Files of lines come piece by piece: a name that comes again goes on with that file. check: looks at the folder
    before it has its name; what it raises leaves no folder. Raises UsageError when `out` is there already, StoreError
    for what a disk or a permission does.
    """
    if out.exists():
        raise UsageError(_("{path} exists already: an export is never written over another").format(path=out))
    staging = out.with_name(f"{out.name}.unfinished")
    with disk_told(out):
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        try:
            size = _fill(staging, files, sign)
            check(staging)
            os.rename(staging, out)
            sync_folder(out.parent)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
    return size


def _fill(folder: Path, files: Iterable[tuple[str, bytes]], sign: Sign) -> int:
    growing: dict[str, BinaryIO] = {}
    digests: dict[str, str] = {}
    size = 0
    try:
        for name, data in files:
            if name in LINES:
                if name not in growing:
                    growing[name] = (folder / name).open("wb")
                growing[name].write(data)
            else:
                _write(folder / name, data)
                digests[name] = digest(data)
                size += len(data)
    finally:
        for file in growing.values():
            file.close()
    for name in growing:
        path = _settled(folder / name)
        size += path.stat().st_size
        with path.open("rb") as file:
            digests[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    for name, data in _sealed(digests, sign).items():
        _write(folder / name, data)
        size += len(data)
    return size


def _settled(path: Path) -> Path:
    """The finished file of lines on disk for good, packed where it is large."""
    if path.stat().st_size > PLAIN_AT_MOST:
        packed = path.with_name(path.name + PACKED)
        with path.open("rb") as plain, packed.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as squeezed:
            shutil.copyfileobj(plain, squeezed, CHUNK)
        path.unlink()
        path = packed
    with path.open("rb") as done:
        os.fsync(done.fileno())
    return path


def _sealed(digests: Mapping[str, str], sign: Sign) -> dict[str, bytes]:
    sums = render_sums(digests)
    note = sign(sums)
    return {SUMS: sums} if note is None else {SUMS: sums, SIGNED: note}


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def collected(files: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """Small files whole, by name."""
    pieces: dict[str, list[bytes]] = {}
    for name, data in files:
        pieces.setdefault(name, []).append(data)
    return {name: b"".join(parts) for name, parts in pieces.items()}


def pack(files: Mapping[str, bytes], sign: Sign = unsigned) -> bytes:
    """The files, their SHA256SUMS and its signature as one ZIP."""
    out = BytesIO()
    sealed = _sealed({name: digest(data) for name, data in files.items()}, sign)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [*sorted(files.items()), *sealed.items()]:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
