"""A data folder of an older program brought to the present one: what that takes, a backup, then the database's steps.

The backup is there whole or not at all, and the steps are one transaction: whatever ends it in between, the folder is
as it was, and beginning again goes on behind a backup that is whole. Sealed sweeps are never rewritten: those of an
earlier format stay, and new ones follow them in the present format.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from gettext import gettext as _
from pathlib import Path
from typing import Final

from monitor.core.errors import StoreError, UsageError
from monitor.ops.backup import back_up, check_database, to_copy
from monitor.store.files import Lock
from monitor.store.migrate.steps import SchemaStep
from monitor.store.schema import FILE, disk_told, open_reader, open_writer, steps_after, told
from monitor.store.sealed import FORMAT, log_end
from monitor.values import dataclass

MARGIN: Final = 16_000_000  # bytes: the journal of steps that go through no rows, and folders


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A folder that is written into. needed, free: bytes on its disk."""

    folder: Path
    needed: int
    free: int

    @property
    def enough(self) -> bool:
        """Whether it fits."""
        return self.needed <= self.free


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """What lies between a data folder and this program. schema, known: of the database, and of the program.

    steps: none where nothing is due. sweeps: number of the newest sealed sweep, 0 where nothing is sealed; format: of
    that sweep, format_known: of those sealed from now on. backup: where it goes; size: bytes of it; made: it is there.
    rooms: what is written, by disk.
    """

    schema: int
    known: int
    steps: Sequence[SchemaStep]
    sweeps: int
    format: int
    format_known: int
    backup: Path
    size: int
    made: bool
    rooms: Sequence[Room]

    @property
    def due(self) -> bool:
        """Whether there is something to do."""
        return bool(self.steps)


@dataclass(frozen=True, slots=True)
class UpgradeFollower:
    """Who is told how far it is. copied: bytes more of `2 * size`; reached: the database is at that schema."""

    copied: Callable[[int], None] = lambda _size: None
    reached: Callable[[int], None] = lambda _number: None


def examine(data: Path, backup: Path | None = None) -> Upgrade:
    """What an upgrade of a data folder takes; changes nothing. backup: where to put it, by default beside the folder.

    Raises NewerStoreError for one of a newer program, UsageError where nothing was recorded, StoreError.
    """
    db = open_reader(data, older=True)
    if db is None:
        raise UsageError(_("nothing was ever recorded in {path}").format(path=data))
    with closing(db), told(data / FILE):
        schema: int = db.execute("PRAGMA user_version").fetchone()[0]
    end, due = log_end(data), steps_after(schema)
    to = backup or data.absolute().with_name(f"{data.absolute().name}.schema-{schema}")
    size, made = to_copy(data), bool(due) and to.exists()
    return Upgrade(
        schema=schema,
        known=schema + len(due),
        steps=due,
        sweeps=end.sweep if end else 0,
        format=end.format if end else 0,
        format_known=FORMAT,
        backup=to,
        size=size,
        made=made,
        rooms=_rooms(data, due, to, 0 if made else size) if due else (),
    )


def apply(lock: Lock, backup: Path | None, follow: UpgradeFollower) -> Upgrade:
    """Bring a data folder that is held to the present. Returns what was due. Raises as `examine`, and StoreError where
    there is no room, or a backup of another state stands where this one is to go.
    """
    found = examine(lock.folder, backup)
    if not found.due:
        return found
    for room in found.rooms:
        if not room.enough:
            words = _(
                "no room: {needed:.1f} MB are needed in {path}, {free:.1f} MB are free (--backup FOLDER elsewhere)"
            )
            raise StoreError(words.format(path=room.folder, needed=room.needed / 1e6, free=room.free / 1e6))
    if not found.made:
        back_up(lock, found.backup, None, follow.copied)
    elif _state(found.backup) != _state(lock.folder):
        words = _("{path} is there and is no backup of this data folder as it is now: move it, or say --backup FOLDER")
        raise UsageError(words.format(path=found.backup))
    open_writer(lock.folder, reached=follow.reached).close()
    check_database(lock.folder)
    return found


def _rooms(data: Path, due: Sequence[SchemaStep], backup: Path, copy: int) -> list[Room]:
    """What is written beside the folder and in it: one sum where both are on one disk."""
    with disk_told(data):
        rows = (data / FILE).stat().st_size if any(step.visits for step in due) else 0
        above = next(one for one in (backup.absolute(), *backup.absolute().parents) if one.is_dir())
        inside = Room(folder=data, needed=rows + MARGIN, free=shutil.disk_usage(data).free)
        if not copy:
            return [inside]
        if above.stat().st_dev == data.stat().st_dev:
            return [Room(folder=data, needed=copy + inside.needed, free=inside.free)]
        return [Room(folder=above, needed=copy + MARGIN, free=shutil.disk_usage(above).free), inside]


def _state(data: Path) -> tuple[int, ...] | None:
    """How far the record of a folder goes, and under which schema; None where it is no data folder."""
    try:
        db = open_reader(data, older=True)
    except StoreError:
        return None
    if db is None:
        return None
    with closing(db), told(data / FILE):
        queries = ("PRAGMA user_version", "SELECT count(*) FROM observation", "SELECT count(*) FROM sweep")
        return tuple(db.execute(query).fetchone()[0] for query in queries)
