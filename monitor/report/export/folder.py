"""An export on disk: a folder that is there whole, with the sums of all its files, or not at all."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from gettext import gettext as _
from io import BytesIO
from pathlib import Path

from monitor.core.errors import UsageError
from monitor.core.record import digest
from monitor.evidence.sums import SUMS, render_sums
from monitor.store.files import sync_folder
from monitor.store.schema import disk_told


def write(out: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write the files and their SHA256SUMS into a new folder; returns the bytes written.

    Raises UsageError when `out` is there already, StoreError for what a disk or a permission does.
    """
    if out.exists():
        raise UsageError(_("{path} exists already: an export is never written over another").format(path=out))
    staging = out.with_name(f"{out.name}.unfinished")
    digests: dict[str, str] = {}
    size = 0
    with disk_told(out):
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        try:
            for name, data in files:
                path = staging / name
                path.parent.mkdir(parents=True, exist_ok=True)
                _write(path, data)
                digests[name] = digest(data)
                size += len(data)
            sums = render_sums(digests)
            _write(staging / SUMS, sums)
            os.rename(staging, out)
            sync_folder(out.parent)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
    return size + len(sums)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def pack(files: Mapping[str, bytes]) -> bytes:
    """The files and their SHA256SUMS as one ZIP."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
        sums = render_sums({name: digest(data) for name, data in files.items()})
        archive.writestr(zipfile.ZipInfo(SUMS), sums, zipfile.ZIP_DEFLATED)
    return out.getvalue()
