"""Files of a data folder: one writer at a time, and each file on disk whole or not at all when the call returns.

What is made is for its owner alone, whatever the umask: what people wish and who they are stands there. The lock is
`flock` on the folder's file `lock`; the kernel frees it however the process ends.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import gettext as _
from pathlib import Path

from monitor.core.errors import LockedError, StoreError
from monitor.core.words import os_words


class Lock:
    """The proof that this process holds a data folder: what `Store` asks for before it writes.

    closed: others could look into the folder, and no longer can.
    """

    __slots__ = ("closed", "folder", "held")

    def __init__(self, folder: Path, *, closed: bool = False) -> None:
        self.folder, self.closed = folder, closed
        self.held = True


@contextmanager
def hold(folder: Path) -> Iterator[Lock]:
    """Hold a data folder, made if need be and closed to others, for the length of the `with` block.

    Raises LockedError at once when another process holds it, StoreError when the folder cannot be made or written.
    """
    import fcntl  # POSIX only: what runs on a person's own Windows machine writes files and holds no data folder

    path = folder / "lock"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(
            _("the data folder {path} cannot be written: {why}").format(path=folder, why=os_words(error))
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockedError(
                _("another sweep holds the data folder {path}; nothing was requested").format(path=folder)
            ) from error
        except OSError as error:
            raise StoreError(_("{path} cannot be locked: {why}").format(path=path, why=os_words(error))) from error
        lock = Lock(folder, closed=_close(folder))
        try:
            yield lock
        finally:
            lock.held = False
    finally:
        os.close(handle)


def _close(folder: Path) -> bool:
    """Leave a folder to its owner alone; False where it was so, or is not ours to close (the doctor tells)."""
    if not folder.stat().st_mode & 0o077:
        return False
    try:
        folder.chmod(0o700)
    except OSError:
        return False
    return True


def closed_words(folder: Path) -> str:
    """The word about it."""
    return _("{path} could be read by others: it is yours alone now (0700)").format(path=folder)


def journal_path(data: Path, sweep: int) -> Path:
    """Where the record lines of a sweep stand until the log has them."""
    return data / "store" / "journal" / f"{sweep:09d}.jsonl"


def make_folder(folder: Path) -> None:
    """A folder for its owner alone, and those above it that are not there yet. One that is there stays as it is."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def create(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write a new file and sync it. Its folder is synced by `sync_folder`. Raises FileExistsError."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace(path: Path, data: bytes, mode: int = 0o600) -> None:
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
