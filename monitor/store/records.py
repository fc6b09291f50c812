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
from monitor.store.kept.tally import Kind, TallyEnd, What, unpacked
from monitor.store.rows import LastReading, Row, Sweep, SweepEnd, instant, micros
from monitor.store.schema import FILE, told
from monitor.store.written.journal import Lines, kept_lines

_NO_END: Final = 2**62
_BATCH, _BACK = 1000, 50  # rows read at once; of one subject, where most of the time a few are asked for
_SWEEPS_AT_ONCE: Final = 20  # with their plans and reports, some 40 kB each
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
                "SELECT s.key, o.started FROM newest n JOIN observation o ON o.seq = n.visited "
                "JOIN subject s ON s.id = n.subject"
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

    def simulated_before(self, seq: int) -> bool:
        """Whether the last counted observation before one was played by a simulator; False where there is none."""
        query = "SELECT simulated FROM counted WHERE seq < ? ORDER BY seq DESC LIMIT 1"
        with told(self._path):
            row = self._db.execute(query, (seq,)).fetchone()
        return row is not None and bool(row[0])

    def last_facts(self, keys: Sequence[str] | None = None) -> dict[str, Row]:
        """The last counted observation in which each notice was read, by key: failures since are passed over.

        keys: of these alone.
        """
        with told(self._path):
            rows = self._db.execute(
                f"SELECT {_COLUMNS} FROM newest n JOIN observation o ON o.seq = n.facts "  # noqa: S608 - a constant
                "JOIN subject s ON s.id = n.subject "
                "WHERE ?1 IS NULL OR s.key IN (SELECT value FROM json_each(?1)) ORDER BY o.seq",
                (None if keys is None else json.dumps([*keys]),),
            ).fetchall()
            return {row[1]: self._row(row) for row in rows}

    def last_good(self, without: Iterable[int] = ()) -> dict[str, datetime]:
        """When every subject last answered the question a desk is asked, on a real site, by key: aware UTC.

        without: numbers of observations that do not count.
        """
        with told(self._path):
            rows = self._db.execute(
                "SELECT s.key, o.started FROM newest n JOIN subject s ON s.id = n.subject "
                "JOIN observation o ON o.seq = "
                "CASE WHEN n.good IN (SELECT value FROM json_each(?1)) THEN (SELECT m.seq FROM mark m "
                "WHERE m.subject = n.subject AND m.good NOTNULL AND m.seq NOT IN (SELECT value FROM json_each(?1)) "
                "ORDER BY m.seq DESC LIMIT 1) ELSE n.good END",
                (json.dumps([*without]),),
            ).fetchall()
        return {key: instant(started) for key, started in rows}

    def back(self, key: str) -> Iterator[tuple[datetime, str, str | None, bool]]:
        """Counted observations of one subject, lines left out, newest first: started, reading, detail, simulated."""
        query = (
            "SELECT seq, started, reading, detail, simulated FROM counted "
            "WHERE subject = (SELECT id FROM subject WHERE key = ?) AND seq < ? ORDER BY seq DESC LIMIT ?"
        )
        before = _NO_END
        while True:
            with told(self._path):
                found = self._db.execute(query, (key, before, _BACK)).fetchall()
            for _seq, started, reading, detail, simulated in found:
                yield instant(started), reading, detail, bool(simulated)
            if len(found) < _BACK:
                return
            before = found[-1][0]

    def history(self, prefix: str, limit: int | None = None, *, start: int = 0, stop: int | None = None) -> list[Row]:
        """Observations of a prefecture (`95`) or of one subject (`95/slug`), newest first, damaged ones marked.

        start, stop: of those with `start` <= seq < `stop`.
        """
        with told(self._path):
            rows = self._db.execute(
                f"SELECT {_COLUMNS} FROM (SELECT seq FROM observation WHERE subject IN "  # noqa: S608 - a constant
                "(SELECT id FROM subject WHERE key = ?1 OR (key >= ?1 || '/' AND key < ?1 || '0')) "
                "AND seq >= ?3 AND seq < ?4 ORDER BY seq DESC LIMIT ?2) AS h JOIN observation o ON o.seq = h.seq "
                "JOIN subject s ON s.id = o.subject ORDER BY o.seq DESC",
                (prefix, -1 if limit is None else limit, start, _NO_END if stop is None else stop),
            ).fetchall()
            return [self._row(row) for row in rows]

    def rows(self, start: int = 0, stop: int | None = None) -> Iterator[Row]:
        """Observations `start` <= seq < `stop` in order, damaged ones marked."""
        query = f"SELECT {_COLUMNS} FROM observation o JOIN subject s ON s.id = o.subject "  # noqa: S608 - a constant
        for row in self._batches(f"{query}WHERE o.seq >= ? AND o.seq < ? ORDER BY o.seq", start, stop):
            yield self._row(row)

    def _batches(self, query: str, start: int, stop: int | None, *values: Any) -> Iterator[tuple[Any, ...]]:
        """Rows whose first column is the number by which they are bounded and ordered, from `start` on.

        A batch is read at once, and between two of them nothing is held: who reads for minutes, an export of years,
        keeps no sweep from emptying the journal of the database.
        """
        end = self.size() if stop is None else stop
        while start < end:
            with told(self._path):
                found = self._db.execute(f"{query} LIMIT {_BATCH}", (start, end, *values)).fetchall()
            yield from found
            if len(found) < _BATCH:
                return
            start = found[-1][0] + 1

    def lines(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Sequence numbers and canonical lines, `start` <= seq < `stop`, in order: what is sealed, nothing left out."""
        query = (
            "SELECT seq, sweep, EXISTS (SELECT 1 FROM declared_damage d WHERE d.seq = o.seq) "
            "FROM observation o WHERE seq >= ? AND seq < ? ORDER BY seq"
        )
        for seq, sweep, damaged in self._batches(query, start, stop):
            yield seq, self._line(seq, sweep, damaged)

    def shots(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Lines of the pictures of observations `start` <= seq < `stop`, in order, without line ends."""
        query = "SELECT seq, line FROM shot WHERE seq >= ? AND seq < ? ORDER BY seq"
        for _seq, line in self._batches(query, start, stop):
            yield line

    def outlines(self, start: int, stop: int) -> Iterator[tuple[int, str, datetime, str, str | None, bool]]:
        """Counted observations without their lines: sequence, subject, started, reading, detail, simulated."""
        query = (
            "SELECT seq, key, started, reading, detail, simulated FROM counted JOIN subject ON id = subject "
            "WHERE seq >= ? AND seq < ? ORDER BY seq"
        )
        for seq, key, started, *said, simulated in self._batches(query, start, stop):
            yield seq, key, instant(started), said[0], said[1], bool(simulated)

    def outlines_of(
        self, key: str, stop: int
    ) -> Iterator[tuple[int, tuple[int, str, datetime, str, str | None, bool]]]:
        """The same of one subject, up to a number, each with its sweep before it."""
        query = (
            "SELECT seq, sweep, started, reading, detail, simulated FROM counted WHERE seq >= ?1 AND seq < ?2 "
            "AND subject = (SELECT id FROM subject WHERE key = ?3) ORDER BY seq"
        )
        for seq, sweep, started, *said, simulated in self._batches(query, 0, stop, key):
            yield sweep, (seq, key, instant(started), said[0], said[1], bool(simulated))

    def looked_before(self, key: str, seq: int, *, simulated: bool) -> datetime | None:
        """When a subject was last looked at before an observation, on its site or in a simulation (aware UTC)."""
        with told(self._path):
            row = self._db.execute(
                "SELECT started FROM counted WHERE subject = (SELECT id FROM subject WHERE key = ?) "
                "AND seq < ? AND simulated = ? ORDER BY seq DESC LIMIT 1",
                (key, seq, simulated),
            ).fetchone()
        return None if row is None else instant(row[0])

    def first_day(self, seq: int) -> str | None:
        """The first day an observation showed a slot for (ISO), where its page said it."""
        (row,) = self.rows(seq, seq + 1)
        said: str | None = json.loads(row.line).get("first_day")
        return said

    def tallied(self) -> TallyEnd | None:
        """How far the tallies that are kept go; None where none are."""
        with told(self._path):
            row = self._db.execute("SELECT sweep, until FROM tallied").fetchone()
        return TallyEnd(row[0], instant(row[1])) if row else None

    def tallies(self, key: str, only: What | None = None) -> Iterator[tuple[int, Kind, tuple[int, ...]]]:
        """What is kept counted of a subject: UTC day (days since 1970), kind, and the numbers of its 24 hours.

        only: kinds of this alone.
        """
        with told(self._path):
            for day, hours, what, simulated, *said in self._db.execute(
                "SELECT day, hours, what, simulated, reading, detail, first_day FROM tally JOIN kind ON id = kind "
                "WHERE subject = (SELECT id FROM subject WHERE key = ?1) AND (?2 IS NULL OR what = ?2) ORDER BY day",
                (key, only),
            ).fetchall():
                yield day, Kind(what, bool(simulated), *said), unpacked(hours)

    def made(self, start: int, stop: int) -> Iterator[tuple[int, str]]:
        """Number and subject of observations `start` <= seq < `stop` in order, damaged ones too."""
        query = "SELECT seq, key FROM observation JOIN subject ON id = subject WHERE seq >= ? AND seq < ? ORDER BY seq"
        yield from self._batches(query, start, stop)

    def sweeps(self, limit: int | None = None) -> list[Sweep]:
        """Sweeps, newest first. Of more than a few, ask `each_sweep`: a year's plans take most of a gigabyte."""
        return [*self.each_sweep(limit)]

    def each_sweep(self, limit: int | None = None) -> Iterator[Sweep]:
        """The same, one at a time."""
        return self._sweeps(newest=_NO_END if limit is None else limit)

    def sweeps_after(self, number: int) -> Iterator[Sweep]:
        """Sweeps with a higher number, oldest first, one at a time."""
        return self._sweeps(number + 1)

    def span(self, start: datetime | None, end: datetime | None) -> tuple[int, int] | None:
        """The lowest and the highest number of sweeps begun at `start` or later, and before `end` (aware instants)."""
        window = (0 if start is None else micros(start), _NO_END if end is None else micros(end))
        query = "SELECT min(number), max(number) FROM sweep WHERE started >= ? AND started < ?"
        with told(self._path):
            first, last = self._db.execute(query, window).fetchone()
        return None if first is None else (first, last)

    def sweeps_between(self, first: int, last: int) -> Iterator[Sweep]:
        """Sweeps from one number to another, both included, oldest first, one at a time."""
        return self._sweeps(first, last)

    def first_after(self, number: int) -> int:
        """The number of the first observation after those of a sweep."""
        query = "SELECT first_seq FROM sweep WHERE number > ? ORDER BY number LIMIT 1"
        with told(self._path):
            row = self._db.execute(query, (number,)).fetchone()
        return row[0] if row else self.size()

    def sweep(self, number: int) -> Sweep | None:
        """The sweep of that number."""
        return next(self._sweeps(number, number), None)

    def _sweeps(self, first: int = 0, last: int = _NO_END, *, newest: int | None = None) -> Iterator[Sweep]:
        query = (
            "SELECT number, started, finished, plan, report, first_seq, ifnull("
            "(SELECT n.first_seq FROM sweep n WHERE n.number > s.number ORDER BY n.number LIMIT 1), "
            "(SELECT ifnull(max(seq) + 1, 0) FROM observation)) FROM sweep s LEFT JOIN sweep_end ON sweep = number"
        )
        for number, begun, done, plan, report, start, end in self._numbered(query, first, last, newest):
            due, ended = json.loads(plan), _maybe(json.loads, report)
            yield Sweep(number, instant(begun), _maybe(instant, done), due, ended, start, end)

    def _numbered(self, query: str, first: int, last: int, newest: int | None) -> Iterator[tuple[Any, ...]]:
        """Rows of sweeps by number, from `first` to `last`, or so many of the newest; read as `_batches` does."""
        left, order = (_NO_END, "ASC") if newest is None else (newest, "DESC")
        while left > 0 and first <= last:
            bounded = f"{query} WHERE number BETWEEN ? AND ? ORDER BY number {order} LIMIT ?"
            with told(self._path):
                found = self._db.execute(bounded, (first, last, min(left, _SWEEPS_AT_ONCE))).fetchall()
            if not found:
                return
            yield from found
            left -= len(found)
            first, last = (found[-1][0] + 1, last) if newest is None else (first, found[-1][0] - 1)

    def all_in(self, sweep: Sweep) -> None:
        """Raise StoreError where the journal of a sweep holds checks that have no row yet: a seal would lose them."""
        rows = sweep.end_seq - sweep.first_seq
        if len(kept_lines(self._path.parent, sweep.number)) > rows:
            words = _("sweep {number} has checks that are kept and not in {path} yet: the next run brings them in")
            raise StoreError(words.format(number=sweep.number, path=self._path))

    def sweep_ends(self, limit: int | None = None) -> Iterator[SweepEnd]:
        """How sweeps ended, newest first, one at a time; one without an end died, or still runs."""
        query = "SELECT number, started, finished, report FROM sweep LEFT JOIN sweep_end ON sweep = number"
        for number, begun, done, report in self._numbered(query, 0, _NO_END, _NO_END if limit is None else limit):
            yield SweepEnd(number, instant(begun), _maybe(instant, done), _maybe(json.loads, report))

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
