"""Files that survive a crash: written whole or not at all, and on disk when the call returns."""

from __future__ import annotations

import os
from pathlib import Path


def create(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a new file and sync it. Its folder is synced by `sync_folder`. Raises FileExistsError."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put `data` in place of whatever `path` was; a reader sees the old bytes or the new ones, never a mixture."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    create(new, data, mode)
    os.replace(new, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; nothing where the system has no way to (Windows)."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
