"""What the steps of a database's schema do, found by taking them on an empty database: nobody has to write it down.

A step is a script that brings the database from one number to the next (`store.schema`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Final

from monitor.values import dataclass

_ROWS: Final = frozenset({sqlite3.SQLITE_READ, sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})
_Schema = dict[str, tuple[str, frozenset[str]]]  # from `table NAME`, `index NAME` ... to its words and its columns


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaStep:
    """One step. number: the schema it leads to. adds, drops, alters: `table NAME`, `index NAME`, sorted.

    visits: tables that were there and whose rows it goes through, so that it takes as long as they are large.
    """

    number: int
    adds: Sequence[str]
    drops: Sequence[str]
    alters: Sequence[str]
    visits: Sequence[str]


def steps(migrations: Sequence[str], since: int) -> list[SchemaStep]:
    """The steps after a schema. Raises sqlite3.Error for a script that is none."""
    out = []
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        for number, script in enumerate(migrations, start=1):
            before = _schema(db)
            visits = _taken(db, script, {name.removeprefix("table ") for name in before})
            if number > since:
                out.append(_step(number, before, _schema(db), visits))
    return out


def _step(number: int, before: _Schema, after: _Schema, visits: set[str]) -> SchemaStep:
    alters = sorted(name for name in before.keys() & after.keys() if before[name] != after[name])
    narrowed = {name.removeprefix("table ") for name in alters if not before[name][1] <= after[name][1]}
    return SchemaStep(
        number=number,
        adds=sorted(after.keys() - before.keys()),
        drops=sorted(before.keys() - after.keys()),
        alters=alters,
        visits=sorted(visits | narrowed),  # a column that goes is taken out of every row, without asking for any
    )


def _schema(db: sqlite3.Connection) -> _Schema:
    """Triggers apart: they keep what was written, and hold nothing."""
    query = "SELECT type, name, ifnull(sql, '') FROM sqlite_master WHERE type != 'trigger' AND name NOT LIKE 'sqlite%'"
    return {f"{kind} {name}": (made, _columns(db, name)) for kind, name, made in db.execute(query).fetchall()}


def _columns(db: sqlite3.Connection, table: str) -> frozenset[str]:
    return frozenset(name for (name,) in db.execute("SELECT name FROM pragma_table_info(?)", (table,)))


def _taken(db: sqlite3.Connection, script: str, there: set[str]) -> set[str]:
    """Take a step; of the tables that were there, those whose rows SQLite was asked for."""
    visits: set[str] = set()

    def see(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
        table = second if action == sqlite3.SQLITE_CREATE_INDEX else first if action in _ROWS else None
        if table in there:
            visits.add(table)
        return sqlite3.SQLITE_OK

    db.set_authorizer(see)
    try:
        db.executescript(script)
    finally:
        db.set_authorizer(None)
    return visits


def migrate(
    db: sqlite3.Connection,
    version: int,
    migrations: Sequence[str],
    application: int,
    reached: Callable[[int], None] | None,
) -> None:
    """Bring an open database forward from a schema, all steps or none. application: `PRAGMA application_id` it bears.

    reached: told the number of each schema, as soon as it is reached, before anything is committed.
    """
    db.create_function("reached", 1, reached or (lambda _number: None))
    taken = enumerate(migrations[version:], start=version + 1)
    script = "".join(f"{one}\nSELECT reached({number});\n" for number, one in taken)
    try:
        db.executescript(
            f"BEGIN IMMEDIATE;\n{script}\nPRAGMA application_id={application};\n"
            f"PRAGMA user_version={len(migrations)};\nCOMMIT;"
        )
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
