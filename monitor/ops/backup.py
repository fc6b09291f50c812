"""Copies of a data folder: the database by SQLite's own backup, the rest as it is, keys apart or not at all.

A backup is a folder that is there whole or not at all, with the `SHA256SUMS` of its files. Keys never stand in it: who
steals a backup must not be able to sign in the log's name, nor to read subscribers' addresses.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from gettext import gettext as _
from pathlib import Path
from typing import Final

from monitor.core.errors import UsageError
from monitor.evidence.sums import SUMS, parse_sums, render_sums
from monitor.store import files as durable
from monitor.store.files import Lock
from monitor.store.schema import FILE, UnfitDatabaseError, disk_told, open_reader, told
from monitor.values import dataclass

KEYS: Final = "keys"
KEYS_COPIED: Final = "keys-copied"  # an empty file whose date says when
_NOT_COPIED: Final = frozenset((FILE, f"{FILE}-wal", f"{FILE}-shm", "lock", KEYS, KEYS_COPIED))
_BLOCK: Final = 1 << 20
_PAGES: Final = 4096  # of the database, copied between two words of progress


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied. files, size: of the data without keys, size in bytes. keys: key files copied."""

    files: int
    size: int
    keys: int


def back_up(lock: Lock, to: Path, keys: Path | None, progress: Callable[[int], None] = lambda _size: None) -> Copied:
    """Copy a data folder that is held into the new folder `to`, and its keys into the new folder `keys`.

    progress: told how many more bytes are done, `to_copy` twice in all: once copied, once read again for their sums.
    Raises UsageError when one is there already, StoreError for what a disk, a permission or damage does.
    """
    for target in filter(None, (to, keys)):
        if target.exists():
            raise UsageError(_("{path} exists already: a backup is never written over another").format(path=target))
    staging = to.with_name(f"{to.name}.unfinished")
    with disk_told(to):
        shutil.rmtree(staging, ignore_errors=True)
        durable.make_folder(staging)
        try:
            _database(lock.folder, staging, progress)
            for path in _copied(lock.folder):
                progress(_copy(lock.folder / path, staging / path))
            sums = {path.as_posix(): sha256(staging / path, progress) for path in _files(staging)}
            durable.create(staging / SUMS, render_sums(sums))
            size = sum((staging / name).stat().st_size for name in sums)
            os.rename(staging, to)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
        copied = _copy_keys(lock.folder / KEYS, keys) if keys else 0
        if copied:
            (lock.folder / KEYS_COPIED).touch(0o600)
    return Copied(files=len(sums), size=size, keys=copied)


def to_copy(data: Path) -> int:
    """Bytes that a backup of a data folder takes. Raises StoreError."""
    with disk_told(data):
        return _database_size(data) + sum((data / path).stat().st_size for path in _copied(data))


def restore(source: Path, data: Path, keys: Path | None) -> Copied:
    """Copy a backup, whose sums must all be right, into a data folder that holds nothing yet.

    Raises UsageError for no backup, a damaged one, or a folder that holds something; NewerStoreError for one of a newer
    program; StoreError for a disk's fault.
    """
    if data.exists() and any(path.name != "lock" for path in data.iterdir()):
        raise UsageError(_("{path} is not empty: restore into a new data folder").format(path=data))
    with disk_told(source):
        try:
            sums = parse_sums((source / SUMS).read_bytes())
        except (FileNotFoundError, ValueError) as error:
            raise UsageError(_("{path} is no backup: no readable SHA256SUMS in it").format(path=source)) from error
        wrong = next((n for n, d in sums.items() if not (source / n).is_file() or sha256(source / n) != d), None)
        if wrong or FILE not in sums:
            raise UsageError(_("the backup {path} is damaged at {name}").format(path=source, name=wrong or FILE))
    _opened(source).close()  # one of a newer program is refused before anything is copied
    with disk_told(data):
        durable.make_folder(data)
        for name in sorted(sums, key=lambda name: name == FILE):  # the database last: without it nothing is there
            _copy(source / name, data / name)
        durable.sync_folder(data)
        copied = _copy_keys(keys, data / KEYS) if keys else 0
    return Copied(files=len(sums), size=sum((source / name).stat().st_size for name in sums), keys=copied)


def check_database(data: Path) -> None:
    """Raise StoreError unless SQLite finds the database of a data folder sound, of whatever schema it is."""
    with closing(_opened(data)) as db, told(data / FILE):
        said = db.execute("PRAGMA integrity_check").fetchone()[0]
    if said != "ok":
        raise UnfitDatabaseError(_("{path} is damaged: {why}").format(path=data / FILE, why=said))


def sha256(path: Path, progress: Callable[[int], None] = lambda _size: None) -> str:
    """Digest of a file, read in blocks. progress: told the bytes of each."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
            progress(len(block))
    return found.hexdigest()


def _opened(data: Path) -> sqlite3.Connection:
    db = open_reader(data, older=True)
    if db is None:
        raise UsageError(_("nothing was ever recorded in {path}").format(path=data))
    return db


def _database_size(data: Path) -> int:
    with closing(_opened(data)) as db, told(data / FILE):
        pages, size = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    return int(pages * size)


def _database(data: Path, to: Path, progress: Callable[[int], None]) -> None:
    whole = done = _database_size(data)

    def follow(_status: int, remaining: int, total: int) -> None:
        nonlocal done
        left = whole * remaining // max(total, 1)
        progress(done - left)
        done = left

    with closing(_opened(data)) as source, told(data / FILE), closing(sqlite3.connect(to / FILE)) as target:
        (to / FILE).chmod(0o600)
        source.backup(target, pages=_PAGES, progress=follow)
        target.execute("PRAGMA journal_mode=DELETE")
    check_database(to)


def _copied(data: Path) -> Iterator[Path]:
    """The files of a data folder that a backup copies as they are, relative, sorted."""
    return (path for path in _files(data) if path.parts[0] not in _NOT_COPIED)


def _files(folder: Path) -> Iterator[Path]:
    """Every file below, relative, sorted."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            yield path.relative_to(folder)


def _copy(source: Path, target: Path) -> int:
    """Copy a file onto the disk for good. Returns its bytes."""
    durable.make_folder(target.parent)
    shutil.copy2(source, target)
    target.chmod(target.stat().st_mode & 0o700)
    with target.open("rb") as file:
        os.fsync(file.fileno())
        return os.fstat(file.fileno()).st_size


def _copy_keys(source: Path, target: Path) -> int:
    if not source.is_dir():
        return 0
    durable.make_folder(target)
    names = list(_files(source))
    for name in names:
        _copy(source / name, target / name)
    return len(names)
