"""Questions to a data folder, one by one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.core.errors import StoreError
from monitor.store.store import reading
from monitor.store.written import journal
from tests.support.records import NOON, keep, opened, sweeping


@pytest.mark.parametrize("played", [True, False])
def test_whether_a_simulator_played_it_is_that_of_the_last_observation(tmp_path: Path, played: bool) -> None:
    with sweeping(tmp_path) as (store, _number):
        assert store.records.simulated() is None
        keep(store, simulated=not played)
        keep(store, simulated=played)
        assert store.records.simulated() is played


def test_outlines_are_of_a_stretch_and_of_what_counts(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        keep(store, check="95/a")
        keep(store, check="95/b", reading="Unreached", detail="dns", simulated=True)
        keep(store, check="95/a", reading="Closed")
        with store.transaction() as tx:
            tx.db.execute("INSERT INTO declared_damage VALUES (2, 0, 'line')")
        keep(store, check="95/c")
        second = timedelta(seconds=1)
        rows = [
            (0, "95/a", NOON, "NoSlot", None, False), (1, "95/b", NOON + second, "Unreached", "dns", True),
            (3, "95/c", NOON + 3 * second, "NoSlot", None, False),
        ]  # fmt: skip
        assert list(store.records.outlines(0, 4)) == rows
        assert list(store.records.outlines(1, 3)) == rows[1:2]
        assert list(store.records.back("95/a")) == [(NOON, "NoSlot", None, False)]


def test_the_last_good_reading_is_of_a_real_site(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        keep(store, check="95/a")
        keep(store, check="95/a", reading="Unreached", detail="dns")
        keep(store, check="95/a", simulated=True)
        keep(store, check="95/b", reading="SlotsOpen")
        keep(store, check="95/c", reading="Unreached", detail="dns")
        good = store.records.last_good()
        assert good == {"95/a": NOON, "95/b": NOON + timedelta(seconds=3)}
        assert store.records.last_good([0]) == {"95/b": NOON + timedelta(seconds=3)}


def test_our_own_network_s_failures_are_no_visits(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        keep(store, check="95/a")
        keep(store, check="95/a", reading="Unreached", detail="vantage_offline")
        keep(store, check="95/b", reading="Unreached", detail="vantage_offline")
        keep(store, check="95/c", reading="Unreached", detail="dns")
        assert store.records.last_visits() == {"95/a": NOON, "95/c": NOON + timedelta(seconds=3)}


def test_the_last_facts_of_a_notice_are_those_it_was_last_read_with(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        for said in ("Published", "NotFound", "Unreached"):
            keep(store, check="95/notices/pan", reading=said)
        keep(store, check="95/a")
        found = store.records.last_facts()
        assert {key: (row.seq, row.reading) for key, row in found.items()} == {"95/notices/pan": (1, "NotFound")}


def test_lines_are_the_same_whatever_is_remembered_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long walk remembers the sweeps read last, up to a size."""
    monkeypatch.setattr(journal, "_ROOM", 1500)
    with opened(tmp_path) as store:
        lines = []
        for _sweep in range(5):
            number = store.begin_sweep(NOON, {})
            lines += [keep(store, sweep=number, check=f"95/desk-{i}") for i in range(4)]
        assert [line for _seq, line in store.records.lines()] == lines
        assert [row.line for row in store.records.history("95")] == lines[::-1]


def test_a_lost_line_is_said_to_be_unless_that_was_declared(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        first = keep(store)
        keep(store)
        path = tmp_path / "store/journal/000000001.jsonl"
        path.write_bytes(first + b"\n")
        with pytest.raises(StoreError, match=r"record 1 in .* is damaged"):
            list(store.records.lines())
        with store.transaction() as tx:
            tx.db.execute("INSERT INTO declared_damage VALUES (1, ?, 'line')", (int(NOON.timestamp() * 10**6),))
        assert [line for _seq, line in store.records.lines(1)] == [b""]
        assert store.records.damages() == [(1, NOON, "line")]
        (row,) = store.records.rows(1)
        assert row.damaged


def test_pictures_are_of_a_stretch(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        for seq in range(3):
            keep(store)
            with store.transaction() as tx:
                tx.db.execute("INSERT INTO shot VALUES (?, ?)", (seq, b"shot %d" % seq))
        assert list(store.records.shots()) == [b"shot 0", b"shot 1", b"shot 2"]
        assert list(store.records.shots(1, 2)) == [b"shot 1"]


def test_the_newest_sweeps_come_first_and_as_many_as_are_asked_for(tmp_path: Path) -> None:
    for _sweep in range(3):
        with sweeping(tmp_path) as (store, number):
            keep(store, sweep=number)
    with reading(tmp_path) as found:
        assert found is not None
        assert [one.number for one in found[0].sweeps()] == [3, 2, 1]
        assert [(one.number, one.end_seq) for one in found[0].sweeps(2)] == [(3, 3), (2, 2)]
