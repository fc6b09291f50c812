"""The folder a site is served from: built beside, swapped whole, never half of one and half of another.

`OUT` is a symbolic link to a folder beside it, `.OUT.DIGEST`, named by what is in it. A build is written to `.OUT.new`,
made durable, renamed, and the link is put in place of the one before in one step (rename(2)). Whoever is killed leaves
the old site or the new one; what a build left behind is removed by the next. The same files again change nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from typing import Final

from monitor.core.errors import LockedError, StoreError, UsageError
from monitor.core.words import os_words
from monitor.site.frame import Output
from monitor.store.files import create, sync_folder
from monitor.values import dataclass, pattern

MARK: Final = ".vigie-site"  # in a folder of ours: what was built there may be replaced and removed
_MARKED: Final = b"Made by `vigie site`, which replaces this folder as a whole and removes it with --remove.\n"
_FILES, _FOLDERS = 0o644, 0o755  # a web server reads them
_PATH: Final = pattern(r"[A-Za-z0-9-]+(?:[./][A-Za-z0-9-]+)*")


@dataclass(frozen=True, slots=True)
class Built:
    """What a build wrote. size: bytes; changed: False where the site that stood there was the same."""

    files: int
    size: int
    changed: bool


def build(out: Path, outputs: Iterable[Output]) -> Built:
    """Write a site and put it in the place of the one before.

    Raises UsageError where something that is not ours stands there, LockedError while another build goes on, StoreError
    for what the disk refuses.
    """
    with _told(out), _alone(out):
        _refuse_others(out)
        staging = _beside(out, "new")
        shutil.rmtree(staging, ignore_errors=True)
        old = _standing(out)
        files, size, name = _written(staging, old, outputs)
        final = _beside(out, name)
        changed = old != final
        if changed:
            shutil.rmtree(final, ignore_errors=True)
            os.rename(staging, final)
            _link(out, final)
        else:
            shutil.rmtree(staging)
            os.utime(final / MARK)
        _sweep(out, keep=final)
    return Built(files, size, changed)


def remove(out: Path) -> bool:
    """Take down what was built there; False where nothing is. Raises as `build`."""
    with _told(out), _alone(out):
        _refuse_others(out)
        there = out.is_symlink()
        if there:
            out.unlink()
        _sweep(out, keep=None)
    _beside(out, "lock").unlink(missing_ok=True)
    return there


def built_at(out: Path) -> datetime | None:
    """When the site there was last built, whether or not it changed then (aware UTC); None where there is none."""
    try:
        return datetime.fromtimestamp((out / MARK).stat().st_mtime, UTC)
    except OSError:
        return None


def _beside(out: Path, name: str) -> Path:
    return out.with_name(f".{out.name}.{name}")


def _standing(out: Path) -> Path | None:
    """The folder the link leads to; None where there is no link."""
    return out.with_name(os.readlink(out)) if out.is_symlink() else None


@contextmanager
def _told(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(_("the site {path} cannot be written: {why}").format(path=out, why=os_words(error))) from error


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """One build at a time. The kernel frees the lock however the process ends."""
    import fcntl  # POSIX only, as in store.files

    out.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(_beside(out, "lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise LockedError(_("another build of the site {path} goes on; it was left to it").format(path=out)) from error
    finally:
        os.close(handle)


def _refuse_others(out: Path) -> None:
    """Only a link of ours, an empty folder (which makes room) or nothing may stand there."""
    if out.is_symlink():
        if not os.readlink(out).startswith(f".{out.name}.") or not (out / MARK).is_file():
            raise UsageError(
                _("{path} leads to something that `vigie site` did not make: name another folder").format(path=out)
            )
    elif out.is_dir() and not os.listdir(out):
        out.rmdir()
    elif out.exists():
        raise UsageError(
            _("{path} holds something that `vigie site` did not make: name another folder").format(path=out)
        )


def _written(staging: Path, old: Path | None, outputs: Iterable[Output]) -> tuple[int, int, str]:
    """Write all files, durable. Returns how many, their bytes, and the name of what they are together.

    old: the site that stands there: a file of it that is the same is taken over, with its date, so that what copies or
    caches the site by dates moves only what changed.
    """
    files = size = 0
    whole = hashlib.sha256()
    folders = dict.fromkeys((staging,))
    for path, data in (*_checked(outputs), Output(MARK, _MARKED)):
        at = staging / path
        for folder in [*at.parents][::-1]:
            if folder not in folders and staging in folder.parents:
                folders[folder] = None
        at.parent.mkdir(mode=_FOLDERS, parents=True, exist_ok=True)
        if old is None or path == MARK or not _taken_over(old / path, at, data):
            create(at, data, _FILES)
        whole.update(f"{path}\0{len(data)}\0".encode() + data)
        files, size = files + 1, size + len(data)
    for folder in folders:
        folder.chmod(_FOLDERS)
        sync_folder(folder)
    return files, size, whole.hexdigest()[:16]


def _checked(outputs: Iterable[Output]) -> Iterator[Output]:
    """No two files of one place, and none outside of the site."""
    seen: set[str] = set()
    for one in outputs:
        if one.path in seen or not _PATH.fullmatch(one.path):
            raise ValueError(f"no file of a site, or twice: {one.path}")
        seen.add(one.path)
        yield one


def _taken_over(old: Path, new: Path, data: bytes) -> bool:
    try:
        if old.stat().st_size != len(data) or old.read_bytes() != data:
            return False
        os.link(old, new)
    except OSError:
        return False
    return True


def _link(out: Path, final: Path) -> None:
    link = _beside(out, "link")
    link.unlink(missing_ok=True)
    link.symlink_to(final.name)
    os.replace(link, out)
    sync_folder(out.parent)


def _sweep(out: Path, keep: Path | None) -> None:
    """Remove earlier builds, and what a build that was killed left."""
    ours = re.compile(rf"\.{re.escape(out.name)}\.(?:new|link|[0-9a-f]{{16}})")
    for one in out.parent.iterdir():
        if ours.fullmatch(one.name) and one != keep:
            if one.is_symlink():
                one.unlink()
            else:
                shutil.rmtree(one)
