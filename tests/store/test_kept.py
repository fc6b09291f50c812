"""What is kept ready says what a walk over all observations says, at every moment and in every folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.store.store import Store, reading
from tests.support.records import NOON, keep, opened, sweeping

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "schema"
GOOD, FACTS = ("SlotsOpen", "NoSlot", "NotYetOpen", "RequestForm"), ("Published", "NotFound", "Contradictory")
SAID = [(one, None) for one in (*GOOD, *FACTS, "Closed")] + [
    ("Unreached", "timeout"), ("Unreached", "vantage_offline"), ("Obstructed", "captcha"),
]  # fmt: skip


def answers(store: Store, without: frozenset[int] = frozenset()) -> tuple[Any, ...]:
    """What is asked of the store."""
    records = store.records
    facts = {key: row.seq for key, row in records.last_facts().items()}
    return records.last_visits(), facts, records.last_good(without), pictured(store)


def pictured(store: Store) -> dict[str, int]:
    with store.transaction() as tx:
        query = "SELECT key, pictured FROM last JOIN subject ON id = subject WHERE pictured NOTNULL"
        return dict(tx.db.execute(query).fetchall())


def walked(store: Store, without: frozenset[int] = frozenset()) -> tuple[Any, ...]:
    """The same, from every observation there is."""
    visits: dict[str, datetime] = {}
    facts: dict[str, int] = {}
    good: dict[str, datetime] = {}
    shots: dict[str, int] = {}
    with store.transaction() as tx:
        drawn = {seq for (seq,) in tx.db.execute("SELECT seq FROM shot")}
    for row in store.records.rows():
        if row.detail != "vantage_offline":
            visits[row.subject] = row.started
        if row.reading in FACTS and not row.damaged:
            facts[row.subject] = row.seq
        if row.reading in GOOD and not row.damaged and not row.simulated and row.seq not in without:
            good[row.subject] = row.started
        if row.seq in drawn:
            shots[row.subject] = row.seq
    return visits, facts, good, shots


looks = st.tuples(st.just("look"), st.sampled_from(["95/a", "95/b", "2A/n"]), st.sampled_from(SAID), st.booleans())
deeds = st.lists(looks | st.sampled_from([("barrier",), ("shot",), ("lost",)]), max_size=14)


@given(done=deeds, without=st.frozensets(st.integers(0, 14)))
def test_the_last_of_each_kind_is_that_of_a_walk(done: list[tuple[Any, ...]], without: frozenset[int]) -> None:
    """lost: a loss of power took what no barrier covered; it is declared damaged and covered as the store opens."""
    with tempfile.TemporaryDirectory() as name, sweeping(Path(name)) as (store, _number):
        for deed in done:
            match deed:
                case ("look", check, (said, detail), played):
                    keep(store, covered=False, check=check, reading=said, detail=detail, simulated=played)
                case ("barrier",):
                    store.barrier(NOON)
                case ("shot",) if store.records.size():
                    with store.transaction() as tx:
                        tx.db.execute("INSERT OR IGNORE INTO shot SELECT max(seq), x'00' FROM observation")
                case ("lost",):
                    with store.transaction() as tx:
                        tx.db.execute(
                            "INSERT INTO declared_damage SELECT seq, 0, 'line' FROM observation WHERE seq > "
                            "ifnull((SELECT seq FROM barrier ORDER BY id DESC LIMIT 1), -1)"
                        )
                    store.barrier(NOON)
            assert answers(store, without) == walked(store, without)


@pytest.mark.parametrize("number", sorted(one.name for one in FIXTURES.iterdir() if one.name.isdigit()))
def test_a_folder_of_every_kept_schema_is_brought_forward_with_its_past(tmp_path: Path, number: str) -> None:
    folder = shutil.copytree(FIXTURES / number, tmp_path / "data")
    with opened(folder) as store:
        said = answers(store)
        assert said == walked(store)
        assert said[0]
        if int(number) >= 4:
            assert set(said[1]) == {"95/notices/pan"}
            assert said[3] == {"95/renewal": 3}
        sweep = store.begin_sweep(NOON + timedelta(days=1), {"due": []})
        keep(store, sweep=sweep, check="95/renewal", reading="Closed", at=NOON + timedelta(days=1))
        assert answers(store) == walked(store)
    with reading(folder) as read:
        assert read is not None
        assert read[0].last_visits() == {**said[0], "95/renewal": NOON + timedelta(days=1)}


def steps(store: Store, ask: Callable[[Store], object]) -> int:
    """How many tens of instructions of SQLite's machine an answer takes: work, and no time."""
    count = 0

    def one_more() -> int:
        nonlocal count
        count += 1
        return 0

    with store.transaction() as tx:
        db = tx.db
    db.set_progress_handler(one_more, 10)
    try:
        ask(store)
    finally:
        db.set_progress_handler(None, 0)
    return count


QUESTIONS: dict[str, Callable[[Store], object]] = {
    "visits": lambda store: store.records.last_visits(),
    "facts": lambda store: store.records.last_facts(),
    "good": lambda store: store.records.last_good(),
    "latest": lambda store: store.records.latest(),
    "simulated": lambda store: store.records.simulated(),
    "last sweeps": lambda store: [*store.records.sweep_ends(2)],
    "what is not sealed": lambda store: [*store.records.sweeps_after(store.records.sweeps(1)[0].number - 1)],
}


def test_no_question_of_a_tick_takes_more_work_in_a_longer_past(tmp_path: Path) -> None:
    """The desks here never answer, the notice was never read again: the worst a walk can meet."""
    work: list[dict[str, int]] = []
    for sweeps in (5, 50):
        folder = tmp_path / str(sweeps)
        for number in range(1, sweeps + 1):
            with sweeping(folder, NOON + timedelta(hours=number)) as (store, _number):
                for check in ("95/a", "95/b", "95/n"):
                    said = "Published" if number == 1 and check == "95/n" else "Obstructed"
                    keep(store, sweep=number, check=check, reading=said, at=NOON + timedelta(hours=number))
                store.end_sweep(number, NOON + timedelta(hours=number), {})
                store.barrier(NOON)
        with opened(folder) as store:
            work.append({name: steps(store, ask) for name, ask in QUESTIONS.items()})
    short, long = work
    assert {name: long[name] for name in QUESTIONS if long[name] > 1.5 * short[name] + 3} == {}
