"""Tallies brought forward, in any portions, are those of a count from nothing; figures are those of plain words."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from monitor.report.rereadings import Uncounted
from monitor.report.statistics import Counted, DeskPlace, Key, ReadingTally
from monitor.report.tallies import counted
from monitor.store.forward import AT_ONCE, SETTLED_AFTER, bring_forward
from monitor.store.records import Records
from monitor.store.rows import Sweep
from monitor.store.store import Store
from tests.support.records import keep, opened

BEGAN = datetime(2026, 11, 21, 21, tzinfo=UTC)  # Saturday evening: weeks of legal time end in what follows
CHECKS = ("95/a", "95/b", "974/d", "33/none")
PLACES = {
    "95/a": DeskPlace(check="95/a", prefecture="95", procedure="renewal", zone=ZoneInfo("Europe/Paris")),
    "95/b": DeskPlace(check="95/b", prefecture="95", procedure="renewal", zone=ZoneInfo("Europe/Paris")),
    "974/d": DeskPlace(check="974/d", prefecture="974", procedure="aes", zone=ZoneInfo("Indian/Reunion")),
}
SAID = (
    ("NoSlot", None), ("NoSlot", "by_data"), ("Obstructed", "captcha"), ("Obstructed", "robots"),
    ("Unreached", "vantage_offline"), ("SlotsOpen", None), ("SlotsOpen", "weak"),
)  # fmt: skip


def plainly(records: Records, without: Uncounted, until: datetime | None) -> tuple[dict[Key, ReadingTally], int]:
    """The figures by the words of `report.statistics`, observation after observation."""
    tallies: dict[Key, ReadingTally] = {}
    last: dict[tuple[str, bool], datetime] = {}
    simulated, left_out, sweeps = False, 0, records.sweeps()

    def of(check: str, at: datetime, played: bool) -> ReadingTally:
        year, week, _day = at.astimezone(PLACES[check].zone).isocalendar()
        key = Key(PLACES[check].prefecture, PLACES[check].procedure, f"{year}-W{week:02d}", played)
        return tallies.setdefault(key, ReadingTally())

    for sweep in reversed(sweeps):
        seen = [row for row in records.rows(sweep.first_seq, sweep.end_seq) if not row.damaged]
        if until and max([sweep.finished or sweep.started, *(row.started for row in seen)]) > until:
            left_out += 1
            continue
        simulated = seen[0].simulated if seen else simulated
        done: set[str] = set()
        for row in seen:
            if row.subject in PLACES:
                _look(of(row.subject, row.started, row.simulated), row, row.subject not in done, without, last)
                done.add(row.subject)
        for check in dict.fromkeys(sweep.plan["due"]):
            if check in PLACES and check not in done:
                why = _skipped(sweep).get(check)
                if why is None and sweep.finished is None and sweep is sweeps[0]:
                    continue
                tally = of(check, sweep.started, simulated)
                tally.due += 1
                tally.missing += why is None
                tally.skipped.update([] if why is None else [why])
    return tallies, left_out


def _skipped(sweep: Sweep) -> dict[str, str]:
    return {one["check"]: one["why"] for one in (sweep.report or {}).get("skipped", ())}


def _look(tally: ReadingTally, row: Any, first: bool, without: Uncounted, last: dict[Any, datetime]) -> None:
    tally.due, tally.done = tally.due + first, tally.done + first
    if (row.subject, row.seq) in without:
        tally.corrected += 1
        return
    tally.said[Counted(row.reading, row.detail)] += 1
    day = row.line.partition(b'"first_day":"')[2][:10].decode()
    if row.reading == "SlotsOpen" and day:
        wait = (date.fromisoformat(day) - row.started.astimezone(PLACES[row.subject].zone).date()).days
        tally.waits += [wait] if wait >= 0 else []
    before = last.get((row.subject, row.simulated))
    last[row.subject, row.simulated] = row.started
    if before is not None:
        gap = timedelta(seconds=max((row.started - before) // timedelta(seconds=1), 1))
        tally.longest_gap = max(tally.longest_gap or timedelta(0), gap)


def same(one: dict[Key, ReadingTally]) -> dict[Key, ReadingTally]:
    """With waits in order: they are a heap, of which a median is made."""
    return {
        key: replace(tally, waits=sorted(tally.waits), said=+tally.said, skipped=+Counter(tally.skipped))
        for key, tally in one.items()
    }


look = st.tuples(
    st.sampled_from(CHECKS),
    st.sampled_from(SAID),
    st.integers(0, 50),
    st.sampled_from([None, "2026-11-20", "2026-12-24"]),
)
one_sweep = st.fixed_dictionaries(
    {
        "after": st.sampled_from([20, 60, 700, -90]),  # minutes; below none, the clock was set back
        "looks": st.lists(look, max_size=5),
        "due": st.lists(st.sampled_from(CHECKS), max_size=4),
        "skipped": st.dictionaries(st.sampled_from(CHECKS), st.sampled_from(["host", "deadline"]), max_size=2),
        "ended": st.booleans(),
        "played": st.booleans(),
        "damaged": st.booleans(),
        "forward": st.sampled_from([None, None, 1, AT_ONCE]),
    }
)


def play(store: Store, sweeps: Sequence[dict[str, Any]], *, forward: bool) -> datetime:
    """Make the sweeps, bringing tallies forward where it is said. Returns the last instant."""
    at = BEGAN
    for one in sweeps:
        at += timedelta(minutes=one["after"])
        number = store.begin_sweep(at, {"due": one["due"], "skipped": []})
        for check, (said, detail), minutes, day in one["looks"]:
            more = {"first_day": day} if day and said == "SlotsOpen" else {}
            keep(
                store, sweep=number, check=check, reading=said, detail=detail, simulated=one["played"],
                at=at + timedelta(minutes=minutes), **more,
            )  # fmt: skip
        if one["damaged"] and one["looks"]:
            with store.transaction() as tx:
                tx.db.execute("INSERT INTO declared_damage SELECT max(seq), 0, 'line' FROM observation")
        if one["ended"]:
            skipped = [{"check": check, "why": why} for check, why in one["skipped"].items()]
            store.end_sweep(number, at + timedelta(minutes=50), {"skipped": skipped})
        store.barrier(at)
        if forward and one["forward"]:
            with store.transaction() as tx:
                bring_forward(tx.db, store.records, at + SETTLED_AFTER - timedelta(minutes=30), one["forward"])
    return at


@given(
    sweeps=st.lists(one_sweep, max_size=6),
    seqs=st.frozensets(st.integers(0, 12), max_size=2),
    wrong=st.sampled_from([(), ("95/b",)]),
    public=st.sampled_from([None, -800, -30, 60]),
)
def test_figures_are_those_of_a_count_from_nothing(
    sweeps: list[dict[str, Any]], seqs: frozenset[int], wrong: tuple[str, ...], public: int | None
) -> None:
    """public: minutes from the last sweep to the instant until which figures are shown; None: all of them."""
    with tempfile.TemporaryDirectory() as name, opened(Path(name), BEGAN) as store:
        at = play(store, sweeps, forward=True)
        records, until = store.records, None if public is None else at + timedelta(minutes=public)
        partly = frozenset(row.subject for row in records.rows() if row.seq in seqs)
        without = Uncounted(frozenset(wrong), seqs, partly)
        figures = counted(records, PLACES, without, until)
        plain, left_out = plainly(records, without, until)
        assert same(dict(figures.rows())) == same(plain)
        assert figures.left_out == left_out


@given(sweeps=st.lists(one_sweep, max_size=6))
def test_portions_leave_what_one_count_leaves(sweeps: list[dict[str, Any]]) -> None:
    kept = []
    for forward in (True, False):
        with tempfile.TemporaryDirectory() as name, opened(Path(name), BEGAN) as store:
            end = play(store, sweeps, forward=forward) + timedelta(days=30)
            with store.transaction() as tx:
                while bring_forward(tx.db, store.records, end, limit=2):
                    pass
            kept.append({check: sorted(map(repr, store.records.tallies(check))) for check in CHECKS})
    assert kept[0] == kept[1]


def test_what_is_not_a_day_old_waits(tmp_path: Path) -> None:
    with opened(tmp_path, BEGAN) as store:
        number = store.begin_sweep(BEGAN, {"due": ["95/a"], "skipped": []})
        keep(store, sweep=number, check="95/a", at=BEGAN)
        store.end_sweep(number, BEGAN + timedelta(minutes=1), {})
        store.barrier(BEGAN)
        day_old = BEGAN + timedelta(minutes=1) + SETTLED_AFTER
        with store.transaction() as tx:
            assert bring_forward(tx.db, store.records, day_old - timedelta(seconds=1)) == 0
            assert store.records.tallied() is None
            assert bring_forward(tx.db, store.records, day_old) == 1
            assert bring_forward(tx.db, store.records, day_old) == 0
        ((day, kind, hours),) = store.records.tallies("95/a")
        assert (day, kind.what, kind.reading, kind.detail, hours[21], sum(hours)) == (
            20778,
            "look",
            "NoSlot",
            None,
            1,
            1,
        )
