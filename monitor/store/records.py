"""What a data folder remembers, for reading only: observations in the order of their sequence, sweeps, hosts.

Order is always the sequence's, never the wall clock's. Sequence numbers begin at 0: they are the leaf index of the log.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any, Final

from monitor.core.errors import StoreError
from monitor.store.rows import LastReading, Row, Sweep, instant, micros
from monitor.store.schema import FILE, told
from monitor.store.written.journal import Lines

_NO_END: Final = 2**62
_LATELY: Final = 200  # sweeps: a tick each five minutes of more than half a day, where the floor asks for ten minutes
_COLUMNS: Final = (
    "o.seq, s.key, o.sweep, o.started, o.reading, o.detail, o.simulated, "
    "EXISTS (SELECT 1 FROM declared_damage d WHERE d.seq = o.seq)"
)


def _maybe(read: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else read(value)


class Records:
    """Questions to a data folder. Each answer is of one consistent moment, also while a sweep writes."""

    def __init__(self, folder: Path, db: sqlite3.Connection) -> None:
        self._path = folder / FILE
        self._db = db
        self._lines = Lines(folder, db)

    def size(self) -> int:
        """Number of observations; the next one's sequence number."""
        with told(self._path):
            size: int = self._db.execute("SELECT ifnull(max(seq) + 1, 0) FROM observation").fetchone()[0]
        return size

    def latest(self, until: datetime | None = None) -> dict[str, LastReading]:
        """The last counted observation of every subject, by key; until: of those begun by then (aware)."""
        with told(self._path):
            rows = self._db.execute(
                f"SELECT {_COLUMNS}, f.started FROM subject s "  # noqa: S608 - a constant
                "JOIN observation o ON o.seq = "
                "(SELECT c.seq FROM counted c WHERE c.subject = s.id AND c.started <= ? ORDER BY c.seq DESC LIMIT 1) "
                "JOIN observation f ON f.seq = "
                "(SELECT c.seq FROM counted c WHERE c.subject = s.id AND c.seq >= o.since ORDER BY c.seq LIMIT 1) "
                "ORDER BY o.seq",  # so that the lines of a sweep are read at once
                (_NO_END if until is None else micros(until),),
            ).fetchall()
            found = {row[1]: LastReading(self._row(row[:-1]), instant(row[-1])) for row in rows}
        return dict(sorted(found.items()))

    def firsts(self) -> dict[str, Row]:
        """The first counted observation of every subject, by key."""
        with told(self._path):
            rows = self._db.execute(
                f"SELECT {_COLUMNS} FROM subject s JOIN observation o ON o.seq = "  # noqa: S608 - a constant
                "(SELECT min(c.seq) FROM counted c WHERE c.subject = s.id)"
            ).fetchall()
            return {row[1]: self._row(row) for row in rows}

    def last_visits(self) -> dict[str, datetime]:
        """When every subject was last visited (start of the check, aware UTC), damaged records included.

        What our own network kept from leaving was no visit: the site saw nothing of it. A look that was given up after
        a request left (our browser died, the sweep was stopped) was one, though no observation came of it.
        """
        with told(self._path):
            rows = self._db.execute(
                "SELECT s.key, o.started FROM subject s JOIN observation o ON o.seq = "
                "(SELECT max(seq) FROM observation WHERE subject = s.id AND detail IS NOT 'vantage_offline')"
            ).fetchall()
            given_up = self._db.execute(
                "SELECT report FROM sweep_end WHERE sweep > (SELECT max(sweep) FROM sweep_end) - ? "
                "AND instr(report, CAST('\"asked\"' AS BLOB))",
                (_LATELY,),
            ).fetchall()
        visits = {key: instant(started) for key, started in rows}
        for skipped in (one for (report,) in given_up for one in json.loads(report)["skipped"] if "asked" in one):
            at = datetime.fromisoformat(skipped["asked"])
            visits[skipped["check"]] = max(at, visits.get(skipped["check"], at))
        return visits

    def simulated(self) -> bool | None:
        """Whether what this folder holds was played by a simulator; None while it holds nothing."""
        with told(self._path):
            row = self._db.execute("SELECT simulated FROM observation ORDER BY seq DESC LIMIT 1").fetchone()
        return None if row is None else bool(row[0])

    def last_facts(self, keys: Sequence[str] | None = None) -> dict[str, Row]:
        """The last counted observation in which each notice was read, by key: failures since are passed over.

        keys: of these alone.
        """
        with told(self._path):
            rows = self._db.execute(
                f"SELECT {_COLUMNS} FROM subject s JOIN observation o ON o.seq = "  # noqa: S608 - a constant
                "(SELECT c.seq FROM counted c WHERE c.subject = s.id "
                "AND c.reading IN ('Published', 'NotFound', 'Contradictory') ORDER BY c.seq DESC LIMIT 1) "
                "WHERE ?1 IS NULL OR s.key IN (SELECT value FROM json_each(?1)) ORDER BY o.seq",
                (None if keys is None else json.dumps([*keys]),),
            ).fetchall()
            return {row[1]: self._row(row) for row in rows}

    def last_good(self, readings: Sequence[str], without: Iterable[int] = ()) -> dict[str, datetime]:
        """When every subject last gave one of these readings (class names) on a real site, by key: aware UTC.

        without: numbers of observations that do not count.
        """
        marks = ", ".join("?" * len(readings))
        with told(self._path):
            rows = self._db.execute(
                "SELECT s.key, max(o.started) FROM subject s JOIN counted c ON c.subject = s.id "  # noqa: S608 - marks
                f"JOIN observation o ON o.seq = c.seq WHERE c.reading IN ({marks}) AND NOT o.simulated "
                "AND c.seq NOT IN (SELECT value FROM json_each(?)) GROUP BY s.key",
                (*readings, json.dumps([*without])),
            ).fetchall()
        return {key: instant(started) for key, started in rows}

    def back(self, key: str) -> Iterator[tuple[datetime, str, str | None, bool]]:
        """Counted observations of one subject, lines left out, newest first: started, reading, detail, simulated."""
        with told(self._path):
            for started, reading, detail, simulated in self._db.execute(
                "SELECT started, reading, detail, simulated FROM counted "
                "WHERE subject = (SELECT id FROM subject WHERE key = ?) ORDER BY seq DESC",
                (key,),
            ):
                yield instant(started), reading, detail, bool(simulated)

    def history(self, prefix: str, limit: int | None = None) -> list[Row]:
        """Observations of a prefecture (`95`) or of one subject (`95/slug`), newest first, damaged ones marked."""
        with told(self._path):
            rows = self._db.execute(
                f"SELECT {_COLUMNS} FROM (SELECT seq FROM observation WHERE subject IN "  # noqa: S608 - a constant
                "(SELECT id FROM subject WHERE key = ?1 OR (key >= ?1 || '/' AND key < ?1 || '0')) "
                "ORDER BY seq DESC LIMIT ?2) AS h JOIN observation o ON o.seq = h.seq "
                "JOIN subject s ON s.id = o.subject ORDER BY o.seq DESC",
                (prefix, -1 if limit is None else limit),
            ).fetchall()
            return [self._row(row) for row in rows]

    def rows(self, start: int = 0, stop: int | None = None) -> Iterator[Row]:
        """Observations `start` <= seq < `stop` in order, damaged ones marked."""
        with told(self._path):
            for row in self._db.execute(
                f"SELECT {_COLUMNS} FROM observation o JOIN subject s ON s.id = o.subject "  # noqa: S608 - a constant
                "WHERE o.seq >= ? AND o.seq < ? ORDER BY o.seq",
                (start, _NO_END if stop is None else stop),
            ):
                yield self._row(row)

    def lines(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Sequence numbers and canonical lines, `start` <= seq < `stop`, in order: what is sealed, nothing left out."""
        with told(self._path):
            for seq, sweep, damaged in self._db.execute(
                "SELECT seq, sweep, EXISTS (SELECT 1 FROM declared_damage d WHERE d.seq = o.seq) "
                "FROM observation o WHERE seq >= ? AND seq < ? ORDER BY seq",
                (start, _NO_END if stop is None else stop),
            ):
                yield seq, self._line(seq, sweep, damaged)

    def shots(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Lines of the pictures of observations `start` <= seq < `stop`, in order, without line ends."""
        with told(self._path):
            query = "SELECT line FROM shot WHERE seq >= ? AND seq < ? ORDER BY seq"
            for (line,) in self._db.execute(query, (start, _NO_END if stop is None else stop)):
                yield line

    def outlines(self, start: int, stop: int) -> Iterator[tuple[int, str, datetime, str, str | None, bool]]:
        """Counted observations without their lines: sequence, subject, started, reading, detail, simulated."""
        with told(self._path):
            for seq, key, started, *said, simulated in self._db.execute(
                "SELECT seq, key, started, reading, detail, simulated FROM counted JOIN subject ON id = subject "
                "WHERE seq >= ? AND seq < ? ORDER BY seq",
                (start, stop),
            ):
                yield seq, key, instant(started), said[0], said[1], bool(simulated)

    def sweeps(self, limit: int | None = None) -> list[Sweep]:
        """Sweeps, newest first."""
        return [*self.each_sweep(limit)]

    def each_sweep(self, limit: int | None = None) -> Iterator[Sweep]:
        """The same, one at a time: a year's plans together take most of a gigabyte."""
        with told(self._path):
            for number, begun, done, plan, report, first, end in self._db.execute(
                "SELECT number, started, finished, plan, report, first_seq, "
                "ifnull(lead(first_seq) OVER (ORDER BY number), (SELECT ifnull(max(seq) + 1, 0) FROM observation)) "
                "FROM sweep LEFT JOIN sweep_end ON sweep = number "
                "ORDER BY number DESC LIMIT ?",
                (-1 if limit is None else limit,),
            ):
                due, ended = json.loads(plan), _maybe(json.loads, report)
                yield Sweep(number, instant(begun), _maybe(instant, done), due, ended, first, end)

    def damages(self) -> list[tuple[int, datetime, str]]:
        """Declared damage: sequence number, when it was found (aware UTC), what."""
        with told(self._path):
            rows = self._db.execute("SELECT seq, at, what FROM declared_damage ORDER BY seq").fetchall()
        return [(seq, instant(at), what) for seq, at, what in rows]

    def host_states(self) -> dict[str, dict[str, Any]]:
        """What the pace keeps of each host between sweeps."""
        with told(self._path):
            return {host: json.loads(state) for host, state in self._db.execute("SELECT host, state FROM host_state")}

    def _row(self, row: tuple[Any, ...]) -> Row:
        seq, key, sweep, started, reading, detail, simulated, damaged = row
        line = self._line(seq, sweep, damaged)
        return Row(seq, key, sweep, instant(started), reading, detail, bool(simulated), bool(damaged), line)

    def _line(self, seq: int, sweep: int, damaged: int) -> bytes:
        line = self._lines.line(sweep, seq)
        if line is None and not damaged:
            raise StoreError(_("record {seq} in {path} is damaged").format(seq=seq, path=self._path))
        return line or b""
