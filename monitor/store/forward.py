"""Tallies brought forward, sweep by sweep, as soon as all of a sweep is a day old: what is public is kept, and no more.

They lag on purpose. A figure that may be shown has them alone to read; what is younger is counted by who asks. A sweep
of another day's clock (one that went ahead) holds those after it back until its own day is over: they are counted, too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, Protocol

from monitor.store.kept.tally import Hours, Kind, Outcome, SweepSeen, Tallies, packed, unpacked
from monitor.store.records import Records
from monitor.store.rows import Sweep, micros

SETTLED_AFTER: Final = timedelta(hours=24)
AT_ONCE: Final = 100  # sweeps a run: a folder of years from before there were tallies is caught up with in some days


class LeftOut(Protocol):
    """What was recorded and counts no more."""

    def __contains__(self, one: tuple[str, int], /) -> bool:
        """Whether the observation of this check, with this number, is left out."""
        ...


NOTHING: Final[frozenset[tuple[str, int]]] = frozenset()


def bring_forward(db: sqlite3.Connection, records: Records, now: datetime, limit: int = AT_ONCE) -> int:
    """Count what settled since the last time, inside the caller's transaction. now: aware. limit: sweeps at most.

    Returns how many were counted; asked again until that is none, all of it is.
    """
    done = records.tallied()
    after, until = (done.sweep, done.until) if done else (0, None)
    tallies, count = new_tallies(records, after), 0
    for number, sweep in islice(_settled(records, after, now - SETTLED_AFTER), limit):
        tallies.add(sweep)
        after, until, count = number, max(until or sweep.latest, sweep.latest), count + 1
    if until is not None and count:
        _write(db, tallies.drain())
        db.execute("REPLACE INTO tallied VALUES (0, ?, ?)", (after, micros(until)))
    return count


def new_tallies(records: Records, after: int, only: Container[str] | None = None) -> Tallies:
    """Tallies of the sweeps after one, which know what was looked at before them. only: of these checks."""
    first = records.first_after(after)
    return Tallies(
        only,
        lambda check, simulated: records.looked_before(check, first, simulated=simulated),
        simulated=records.simulated_before(first),
    )


def sweeps_seen(
    records: Records, after: int = 0, without: LeftOut = NOTHING, *, until: datetime | None = None
) -> Iterator[tuple[int, SweepSeen]]:
    """Every sweep after one, oldest first, with its number. without: what counts no more.

    until: up to the first that ended later, whose observations need not be read to know it.
    """
    newest = next((one.number for one in records.sweep_ends(1)), 0)
    for sweep in records.sweeps_after(after):
        if until is not None and (sweep.finished or sweep.started) > until:
            return
        outcomes = records.outlines(sweep.first_seq, sweep.end_seq)
        yield (
            sweep.number,
            SweepSeen(
                started=sweep.started,
                finished=sweep.finished,
                due=sweep.plan.get("due", ()),
                skipped=_skipped(sweep),
                outcomes=[_outcome(records, one, without) for one in outcomes],
                may_run=sweep.finished is None and sweep.number == newest,
            ),
        )


def _skipped(sweep: Sweep) -> dict[str, str]:
    return {one["check"]: one["why"] for one in (sweep.report or {}).get("skipped", ())}


def _outcome(
    records: Records,
    outline: tuple[int, str, datetime, str, str | None, bool],
    without: LeftOut = NOTHING,
) -> Outcome:
    """An observation as it is counted. Of an opening, its line is read."""
    seq, check, started, reading, detail, simulated = outline
    return Outcome(
        check=check,
        started=started,
        reading=reading,
        detail=detail,
        simulated=simulated,
        first_day=records.first_day(seq) if reading == "SlotsOpen" else None,
        corrected=(check, seq) in without,
    )


def looks_again(records: Records, check: str, stop: int, without: LeftOut) -> Tallies:
    """The looks of one check counted again, up to a number, for something of it counts no more since they were kept."""
    tallies, sweep, together = Tallies(), None, list[Outcome]()
    for number, outline in records.outlines_of(check, stop):
        if number != sweep:
            tallies.looks(together)
            sweep, together = number, []
        together.append(_outcome(records, outline, without))
    tallies.looks(together)
    return tallies


def _settled(records: Records, after: int, until: datetime) -> Iterator[tuple[int, SweepSeen]]:
    for number, sweep in sweeps_seen(records, after, until=until):
        if sweep.may_run or not sweep.ended_by(until):
            return
        yield number, sweep


def _write(db: sqlite3.Connection, days: Iterable[tuple[str, int, dict[Kind, Hours]]]) -> None:
    """Join counts to the rows that are there."""
    kinds = {Kind(what, bool(played), *said): number for what, played, *said, number in db.execute(KINDS)}
    for check, day, counts in days:
        (subject,) = db.execute("SELECT id FROM subject WHERE key = ?", (check,)).fetchone() or (None,)
        if subject is None:
            subject = db.execute("INSERT INTO subject (key) VALUES (?)", (check,)).lastrowid
        query = "SELECT kind, hours FROM tally WHERE subject = ? AND day = ?"
        there = dict(db.execute(query, (subject, day)).fetchall())
        for kind, hours in counts.items():
            if kind not in kinds:
                row = (kind.what, kind.simulated, kind.reading, kind.detail, kind.first_day)
                new = "INSERT INTO kind (what, simulated, reading, detail, first_day) VALUES (?, ?, ?, ?, ?)"
                kinds[kind] = db.execute(new, row).lastrowid
            if (old := there.get(kinds[kind])) is not None:
                hours = [*map(kind.joined, hours, unpacked(old))]
            db.execute("REPLACE INTO tally VALUES (?, ?, ?, ?)", (subject, day, kinds[kind], packed(hours)))


KINDS: Final = "SELECT what, simulated, reading, detail, first_day, id FROM kind"
