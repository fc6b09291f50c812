"""Who may change a file that is run: plugins are Python, and whoever writes one acts in our name."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path


def changeable(path: Path) -> Path | None:
    """The file or folder by which a user other than us and root could change what stands at `path`; None: none can.

    That is the thing itself, and each folder above: who writes there can put another in its place, except in a folder
    such as /tmp, whose sticky bit leaves everybody's own alone. As ssh looks at its files (sshd_config, StrictModes).
    Nothing is looked at where files have no owner (Windows). Raises OSError.
    """
    if not hasattr(os, "geteuid"):
        return None
    whole = path.absolute()
    trusted = (0, os.geteuid())
    for one in dict.fromkeys((*_upwards(whole), *_upwards(whole.resolve()))):
        found = one.lstat()
        shared = not stat.S_ISLNK(found.st_mode) and found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        itself = one in (whole, whole.resolve())
        if found.st_uid not in trusted or (shared and (itself or not found.st_mode & stat.S_ISVTX)):
            return one
    return None


def _upwards(path: Path) -> Iterator[Path]:
    yield path
    yield from path.parents
