"""The database file of a data folder: its schema, its migrations, and its failures told as one sentence.

`PRAGMA user_version` is the schema's number. A migration is a script that brings the database from one number to the
next; scripts are only ever added. What is proof is append-only: triggers refuse UPDATE and DELETE.

A folder of an older schema is brought forward when it is opened for writing, as long as that is over at once; what goes
through the rows of a large database waits for `vigie upgrade --apply`, which makes a backup first and tells the time.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from gettext import gettext as _
from pathlib import Path
from typing import Final

from monitor.core.errors import NewerStoreError, StoreError
from monitor.core.words import os_words
from monitor.store.kept.tables import KEPT
from monitor.store.migrate.lines import lines_to_journals
from monitor.store.migrate.steps import SchemaStep, migrate, steps
from monitor.store.sealed import EVIDENCE, FORMAT, LogEnd, log_end, misfit

FILE: Final = "vigie.db"
APPLICATION_ID: Final = 0x56494749  # "VIGI", so that a foreign SQLite file is not taken for ours
SMALL: Final = 1 << 30  # bytes: the steps took seconds on 10 million rows, 2 GB; nobody waits up for a sweep at night
PACED_CHECKPOINT_PAGES: Final = 16384  # a sweep writes about 1 MB of WAL: checkpoints wait for its end (fsyncs)

_V1: Final = """
CREATE TABLE subject (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);

CREATE TABLE sweep (number INTEGER PRIMARY KEY, started INTEGER NOT NULL, first_seq INTEGER NOT NULL,
                    plan BLOB NOT NULL);
CREATE TABLE sweep_end (sweep INTEGER PRIMARY KEY REFERENCES sweep, finished INTEGER NOT NULL, report BLOB NOT NULL);

-- line: the canonical record line; where base is given, deflated with that observation's line as dictionary.
-- since: first observation of the unbroken run of this reading. started: microseconds since 1970, UTC.
CREATE TABLE observation (
  seq INTEGER PRIMARY KEY, subject INTEGER NOT NULL REFERENCES subject, sweep INTEGER NOT NULL REFERENCES sweep,
  started INTEGER NOT NULL, reading TEXT NOT NULL, detail TEXT, simulated INTEGER NOT NULL,
  since INTEGER NOT NULL, base INTEGER REFERENCES observation, line BLOB NOT NULL);
CREATE INDEX observation_by_subject ON observation (subject);

CREATE TABLE barrier (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE TABLE declared_damage (seq INTEGER PRIMARY KEY REFERENCES observation, at INTEGER NOT NULL, what TEXT NOT NULL);
CREATE VIEW counted AS SELECT * FROM observation WHERE seq NOT IN (SELECT seq FROM declared_damage);

-- Where a blob's bytes begin. All else about it stands in the pack itself, from which these two can be rebuilt.
CREATE TABLE pack (id INTEGER PRIMARY KEY, sweep INTEGER NOT NULL REFERENCES sweep, file TEXT NOT NULL UNIQUE);
CREATE TABLE blob (digest BLOB PRIMARY KEY, pack INTEGER NOT NULL REFERENCES pack, offset INTEGER NOT NULL)
  WITHOUT ROWID;

CREATE TABLE host_state (host TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE robots (origin TEXT PRIMARY KEY, status INTEGER NOT NULL, body BLOB NOT NULL, fetched INTEGER NOT NULL,
                     expires INTEGER NOT NULL);

CREATE TRIGGER observation_next BEFORE INSERT ON observation
  WHEN NEW.seq IS NOT (SELECT ifnull(max(seq) + 1, 0) FROM observation)
  BEGIN SELECT RAISE(ABORT, 'observations are numbered without a gap'); END;
"""

_APPEND_ONLY: Final = ("observation", "sweep", "sweep_end", "barrier", "declared_damage")


def _append_only(tables: Sequence[str]) -> str:
    return "".join(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;\n"
        for table in tables
        for verb in ("UPDATE", "DELETE")
    )


# at: microseconds since 1970, UTC. The same bytes may be seen again later, be kept again, and be dropped again.
_V2: Final = """
CREATE TABLE dropped (digest BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (digest, at)) WITHOUT ROWID;
"""

# line: what `shots.jsonl` says of an observation's picture. resource: styles, images and fonts fetched for pictures;
# digest: none where it could not be had.
_V3: Final = """
CREATE TABLE shot (seq INTEGER PRIMARY KEY REFERENCES observation, line BLOB NOT NULL);
CREATE TABLE resource (url TEXT PRIMARY KEY, host TEXT NOT NULL, fetched INTEGER NOT NULL, content_type TEXT NOT NULL,
                       digest BLOB) WITHOUT ROWID;
CREATE INDEX resource_by_host ON resource (host, fetched);
"""

# standing: what news is told from, by check (`alerts.news.standing`) and, under `@`, of the monitor itself.
# subscriber: address is encrypted; blind, yes, stop, suppression: keyed or plain digests, never the thing itself.
# outbox.subscriber: 0 the operator, below 0 one of the operator's plain addresses. parcel: rows sent as one message,
# the same if it is sent again. A lease holds until lease_ns of the monotonic clock of the boot named: no wall clock.
# decided: when `due` was; a clock that is behind it was set back. doubts: attempts of which nobody knows what became.
_V4: Final = """
CREATE TABLE standing (key TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE event (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, at INTEGER NOT NULL,
                    urgent INTEGER NOT NULL, body TEXT NOT NULL);

CREATE TABLE address_key (id INTEGER PRIMARY KEY CHECK (id = 0), proof BLOB NOT NULL);
CREATE TABLE subscriber (
  id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL, wishes TEXT NOT NULL, blind BLOB UNIQUE, address BLOB,
  salt BLOB NOT NULL, yes BLOB NOT NULL UNIQUE, stop BLOB NOT NULL UNIQUE,
  added INTEGER NOT NULL, asked INTEGER, confirmed INTEGER, consent_text TEXT, consent_token BLOB, ended INTEGER);
CREATE TABLE suppression (blind BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY, event INTEGER NOT NULL REFERENCES event, subscriber INTEGER NOT NULL, channel TEXT NOT NULL,
  urgent INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'due', made INTEGER NOT NULL, decided INTEGER NOT NULL,
  due INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, doubts INTEGER NOT NULL DEFAULT 0, parcel TEXT,
  lease_boot TEXT, lease_ns INTEGER, lease_by TEXT, reason TEXT, settled INTEGER, UNIQUE (event, subscriber));
CREATE INDEX outbox_due ON outbox (channel, urgent, due) WHERE state = 'due';
CREATE INDEX outbox_by_subscriber ON outbox (subscriber);
"""

# nudge: one a subscriber, beside the address (`alerts.people.nudges`). address is encrypted, bound to the salt; code: a
# digest of what was sent there. due: when a knock may leave, none where there is nothing to say; made: when its message
# left.
_NUDGE: Final = """
CREATE TABLE nudge (
  subscriber INTEGER PRIMARY KEY REFERENCES subscriber ON DELETE CASCADE, service TEXT NOT NULL, salt BLOB NOT NULL,
  address BLOB NOT NULL, code BLOB NOT NULL UNIQUE, added INTEGER NOT NULL, asked INTEGER, confirmed INTEGER,
  due INTEGER, urgent INTEGER NOT NULL DEFAULT 0, made INTEGER, attempts INTEGER NOT NULL DEFAULT 0, failing INTEGER);
"""

# link_asked: who asked for the link to their own choices, which did not leave yet. spent: messages that strangers made
# this program send; who: a keyed digest of the address, never the address. handing: a question or a link that a sender
# has begun to hand over; the row goes when it is known what became of it. help_desk: who subscribes people
# face to face, with the digest of the code; brought: whom. A desk is counted, and shown nobody.
_WEB: Final = """
CREATE TABLE link_asked (subscriber INTEGER PRIMARY KEY REFERENCES subscriber ON DELETE CASCADE, at INTEGER NOT NULL);
CREATE TABLE spent (id INTEGER PRIMARY KEY, who BLOB NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE handing (
  subscriber INTEGER NOT NULL REFERENCES subscriber ON DELETE CASCADE, kind TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (subscriber, kind));
CREATE TABLE help_desk (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, code BLOB NOT NULL UNIQUE, added INTEGER NOT NULL,
  until INTEGER NOT NULL);
CREATE TABLE brought (
  subscriber INTEGER PRIMARY KEY REFERENCES subscriber ON DELETE CASCADE, desk INTEGER NOT NULL REFERENCES help_desk,
  at INTEGER NOT NULL);
CREATE INDEX spent_by_who ON spent (who, at);
CREATE INDEX spent_at ON spent (at);
"""

# Lines stand in the journal of a sweep until it is sealed, from then on in its segment of the log. bundle: where the
# bytes of a check begin. let_go: observations, from the first to the last, whose bytes retention removed. untold: those
# that a death kept from the database, and so from the news, until the next sweep looks for news in them.
_WITHOUT_LINES: Final = """
CREATE TABLE bundle (seq INTEGER PRIMARY KEY REFERENCES observation, pack INTEGER NOT NULL REFERENCES pack,
                     offset INTEGER NOT NULL);
CREATE TABLE let_go (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE TABLE untold (seq INTEGER PRIMARY KEY REFERENCES observation);
ALTER TABLE observation DROP COLUMN line;
ALTER TABLE observation DROP COLUMN base;
"""

MIGRATIONS: Final[tuple[str, ...]] = (
    _V1 + _append_only(_APPEND_ONLY),
    _V2 + _append_only(("dropped",)),
    _V3 + _append_only(("shot",)),
    _V4,
    KEPT,
    _WITHOUT_LINES + _append_only(("let_go",)),
    _NUDGE,
    _WEB,
)
LINES_LEFT: Final = 1 + next(number for number, script in enumerate(MIGRATIONS) if script.startswith(_WITHOUT_LINES))


class UnfitDatabaseError(StoreError):
    """The database is damaged, or is not the one of the sealed log beside it."""


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what a full disk, a permission or damage does to the database into one sentence. Bugs stay bugs."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        sentence = _database_sentence(error)
        if sentence is None:
            raise
        raise _kind(error)(sentence.format(path=path, why=error)) from error


@contextmanager
def disk_told(path: Path) -> Iterator[None]:
    """The same for a file of our own."""
    try:
        yield
    except OSError as error:
        raise StoreError(_os_sentence(error).format(path=path, why=os_words(error))) from error


def _kind(error: sqlite3.DatabaseError) -> type[StoreError]:
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return UnfitDatabaseError if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) else StoreError


def _no_room() -> str:
    return _("no room is left where {path} lives; free some space (what was recorded before is intact)")


def _no_permission() -> str:
    return _("{path} cannot be opened or written; check who owns it and its folder, and their permissions")


def _database_sentence(error: sqlite3.DatabaseError) -> str | None:
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    match primary:
        case sqlite3.SQLITE_FULL:
            return _no_room()
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return _("{path} is held by another program; try again in a moment")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN:
            return _no_permission()
        case sqlite3.SQLITE_IOERR:
            return _("reading or writing {path} failed ({why}); look at the disk and at its free space")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return _("{path} is damaged or no database of Vigie ({why}): `vigie restore` a backup, or `vigie rebuild`")
    return None


def _os_sentence(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return _no_room()
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return _no_permission()
    return _("reading or writing {path} failed ({why}); look at the disk and at its free space")


def open_writer(
    folder: Path, migrations: Sequence[str] | None = None, *, reached: Callable[[int], None] | None = None
) -> sqlite3.Connection:
    """Open a data folder's database for writing, made or migrated if need be.

    reached: told the number of each schema on the way, from inside the one transaction; who follows it lets it take
    as long as it does. WAL, `synchronous=NORMAL`, autocommit. Raises NewerStoreError; StoreError for an older schema
    that takes a while, a foreign or damaged file, no room, no permission; UnfitDatabaseError where it is not that of
    the sealed log beside it, before anything is written.
    """
    path = folder / FILE
    migrations = MIGRATIONS if migrations is None else migrations
    end = _sealed(path)
    with disk_told(path):
        _private(path)
    with told(path):
        db = sqlite3.connect(path, isolation_level=None, timeout=10.0)
        try:
            version = _version(db, path, len(migrations))
            _same_log(db, version, end, path)
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            db.execute("PRAGMA foreign_keys=ON")
            db.execute(f"PRAGMA wal_autocheckpoint={PACED_CHECKPOINT_PAGES}")
            if version < len(migrations):
                if (
                    reached is None
                    and path.stat().st_size > SMALL
                    and any(one.visits for one in steps(migrations, version))
                ):
                    raise _older(path, version, len(migrations))
                if 0 < version < LINES_LEFT <= len(migrations):
                    with disk_told(folder):
                        lines_to_journals(db, folder)
                migrate(db, version, migrations, APPLICATION_ID, reached)
        except BaseException:
            db.close()
            raise
    return db


def open_reader(folder: Path, *, older: bool = False) -> sqlite3.Connection | None:
    """Open a data folder's database for reading only, also while a sweep writes. None: nothing was recorded yet.

    older: of an earlier schema too, for who copies or examines it. Raises StoreError as `open_writer`, and for an
    earlier schema.
    """
    path = folder / FILE
    end = _sealed(path)
    with disk_told(path):
        if not path.exists():
            return None
    with told(path):
        db = _read_only(path)
        try:
            version = _version(db, path, len(MIGRATIONS))
            _same_log(db, version, end, path)
            if 0 < version < len(MIGRATIONS) and not older:
                raise _older(path, version, len(MIGRATIONS))
        except BaseException:
            db.close()
            raise
        if version == 0:
            db.close()
            return None
    return db


def empty_journal(db: sqlite3.Connection) -> None:
    """Move what stands in the journal of an open database into it, as far as who reads at this moment allows.

    SQLite does so at the end of the last connection; a courier or a reader beside a sweep is often the last, and does
    not. What fails here is lost by nobody: the journal has it, and the next one tries again.
    """
    with suppress(sqlite3.Error):
        db.execute("PRAGMA busy_timeout=0")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _private(path: Path) -> None:
    """Make the file for its owner alone before SQLite does, which gives its journal the same bits."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    if path.stat().st_mode & 0o077:
        with suppress(PermissionError):  # it may be written, and is not ours: its folder is closed all the same
            path.chmod(0o600)


def _read_only(path: Path) -> sqlite3.Connection:
    """A connection that reads. On a read-only medium SQLite cannot share the journal, and nobody else can write."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    if hasattr(os, "statvfs") and os.statvfs(path).f_flag & os.ST_RDONLY:
        journal = path.with_name(f"{path.name}-wal")
        if journal.exists() and journal.stat().st_size:
            words = _("{path} has a journal, which cannot be read on a read-only medium: copy the folder to a disk")
            raise StoreError(words.format(path=path))
        uri += "&immutable=1"
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=10.0)


def _sealed(path: Path) -> LogEnd | None:
    """Where the log beside a database ends, looked up before the database: a sweep that goes on writes that first."""
    with disk_told(path):
        end = log_end(path.parent)
        if end is not None and not (path.exists() and path.stat().st_size):
            raise _unfit(path, _("there is none, and the log has {n} sweeps").format(n=end.sweep))
    refuse_newer(path.parent, end)
    return end


def refuse_newer(data: Path, end: LogEnd | None) -> None:
    """Raise NewerStoreError where the log of a data folder, which ends there, was sealed by a newer program."""
    if end is not None and end.format > FORMAT:
        words = _(
            "the sweeps in {path} are sealed in format {found}, this version of Vigie knows up to {known}: install a"
            " newer one"
        )
        raise NewerStoreError(words.format(path=data / EVIDENCE, found=end.format, known=FORMAT))


def _same_log(db: sqlite3.Connection, version: int, end: LogEnd | None, path: Path) -> None:
    if end is not None:
        why = misfit(db, end) if version else _("it is empty, and the log has {n} sweeps").format(n=end.sweep)
        if why:
            raise _unfit(path, why)


def _unfit(path: Path, why: str) -> UnfitDatabaseError:
    words = _(
        "{path} is not the database of the sealed log beside it ({why}): `vigie restore` a backup, or `vigie rebuild`"
        " makes it again from the log"
    )
    return UnfitDatabaseError(words.format(path=path, why=why))


def _version(db: sqlite3.Connection, path: Path, known: int) -> int:
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    application: int = db.execute("PRAGMA application_id").fetchone()[0]
    ours = application == APPLICATION_ID
    if not ours and db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise StoreError(_("{path} is a database of another program; choose another data folder").format(path=path))
    if ours and version > known:
        raise NewerStoreError(
            _("{path} has schema {found}, this version of Vigie knows up to {known}: install a newer one").format(
                path=path, found=version, known=known
            )
        )
    return version if ours else 0


def _older(path: Path, found: int, known: int) -> StoreError:
    words = _("{path} has schema {found}, this version works with {known}: `vigie upgrade --apply` brings it forward")
    return StoreError(words.format(path=path, found=found, known=known))


def steps_after(version: int) -> Sequence[SchemaStep]:
    """What still is to be done to a database of an earlier schema; nothing where it is of this one."""
    return steps(MIGRATIONS, version)
