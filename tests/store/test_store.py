"""The ledger: what is appended stays as it was, in its order, and what cannot be is said in one sentence."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.errors import LockedError, StoreError
from monitor.core.record import canonical, digest, instant
from monitor.fetch.http.robots import RobotsCopy
from monitor.run.ledger import StoreMemory
from monitor.store import schema
from monitor.store.files import hold
from monitor.store.schema import MIGRATIONS, open_writer
from monitor.store.store import Beside, Store, Transaction, reading
from tests.support.records import NOON, keep, opened, record, sweeping

FIRST_SCHEMA = Path(__file__).resolve().parents[1] / "fixtures" / "schema" / "1"
PROOF = ("observation", "sweep", "sweep_end", "barrier", "declared_damage")


def raw(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / schema.FILE, isolation_level=None)


# --- appending and asking ---------------------------------------------------------------------------------------------


def test_an_empty_folder_says_nothing_yet(tmp_path: Path) -> None:
    for folder in (tmp_path / "absent", tmp_path):
        with reading(folder) as found:
            assert found is None
    (tmp_path / schema.FILE).touch()  # the process died while making it
    with reading(tmp_path) as found:
        assert found is None
    with opened(tmp_path) as store:
        assert store.records.size() == 0
    with reading(tmp_path) as found:
        assert found is not None
        assert found[0].latest() == {}


def test_the_line_is_kept_as_it_was_given(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        lines = [keep(store, bodies={"head": b"%d" % i}) for i in range(5)]
        assert lines[3] == canonical(
            record(3, digests={"head": "4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce"})
        )
    with reading(tmp_path) as found:
        assert found is not None
        assert list(found[0].lines()) == list(enumerate(lines))
        assert list(found[0].lines(1, 3)) == [(1, lines[1]), (2, lines[2])]


def test_a_sweep_begins_and_a_barrier_stands_proof_against_loss_of_power(tmp_path: Path) -> None:
    """SQLite promises that for a commit with FULL alone; a check in between need not wait for the disk."""
    with opened(tmp_path) as store:
        said: list[str] = []
        with store.transaction() as tx:
            tx.db.set_trace_callback(said.append)
        said.clear()
        number = store.begin_sweep(NOON, {})
        keep(store, sweep=number, covered=False)
        store.barrier(NOON)
        store.barrier(NOON)
        marks = [one for one in said if one.startswith("PRAGMA") or one == "COMMIT"]
        full = ["PRAGMA synchronous=FULL", "COMMIT", "PRAGMA synchronous=NORMAL"]
        assert marks == full * 2, "nothing new needs no second barrier"


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with sweeping(tmp_path_factory.mktemp("store")) as (store, _number):
        yield store


@given(st.lists(st.text(st.characters(codec="utf-8")) | st.integers(), max_size=6))
def test_any_line_comes_out_as_it_went_in(shared_store: Store, values: list[str | int]) -> None:
    start = shared_store.records.size()
    lines = [keep(shared_store, seen=value) for value in values]
    assert [line for _seq, line in shared_store.records.lines(start)] == lines


def test_the_last_reading_and_since_when(tmp_path: Path) -> None:
    said = [
        ("NoSlot", None),
        ("NoSlot", None),
        ("Unreached", "dns"),
        ("Unreached", "tls"),
        ("NoSlot", None),
        ("NoSlot", None),
    ]
    with sweeping(tmp_path) as (store, _number):
        for i, (word, detail) in enumerate(said):
            keep(store, reading=word, detail=detail)
            keep(store, check="2A/aes", reading="Closed", simulated=i < 3)
        latest = store.records.latest()
        assert list(latest) == ["2A/aes", "95/renewal"]
        standing = latest["95/renewal"]
        assert (standing.row.seq, standing.row.reading, standing.row.detail) == (10, "NoSlot", None)
        assert standing.since == NOON + timedelta(seconds=8)
        assert latest["2A/aes"].since == NOON + timedelta(seconds=7), "what a simulator said is another run"


def test_order_is_by_sequence_when_the_clock_is_set_back(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        keep(store, at=NOON, reading="NoSlot")
        keep(store, at=NOON - timedelta(days=400), reading="Closed")
        assert store.records.latest()["95/renewal"].row.reading == "Closed"
        assert [row.reading for row in store.records.history("95")] == ["Closed", "NoSlot"]
        assert [row.reading for row in store.records.history("95", 1)] == ["Closed"]
        assert store.records.last_visits() == {"95/renewal": NOON - timedelta(days=400)}


def test_a_look_given_up_after_a_request_left_was_a_visit(tmp_path: Path) -> None:
    minute = timedelta(minutes=1)
    given_up = [
        {"check": "95/renewal", "why": "browser", "asked": instant(NOON + minute)},
        {"check": "95/aes", "why": "stopped", "asked": instant(NOON - minute)},
        {"check": "95/first", "why": "browser", "asked": instant(NOON + minute)},
        {"check": "95/never", "why": "browser"},
    ]
    with sweeping(tmp_path) as (store, number):
        assert store.records.last_visits() == {}
        keep(store, at=NOON)
        keep(store, check="95/aes", at=NOON)
        store.end_sweep(number, NOON + 2 * minute, {"skipped": given_up})
        later = store.begin_sweep(NOON + 3 * minute, {"due": []})
        store.end_sweep(later, NOON + 3 * minute, {})
        assert store.records.last_visits() == {
            "95/renewal": NOON + minute,
            "95/aes": NOON,
            "95/first": NOON + minute,
        }


def test_the_last_reading_by_an_instant(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        keep(store, at=NOON, reading="NoSlot")
        keep(store, at=NOON + timedelta(hours=1), reading="SlotsOpen")
        assert store.records.latest(NOON)["95/renewal"].row.reading == "NoSlot"
        assert store.records.latest(NOON + timedelta(hours=1))["95/renewal"].row.reading == "SlotsOpen"
        assert store.records.latest(NOON - timedelta(seconds=1)) == {}


def test_history_is_of_a_prefecture_or_of_one_desk(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        for check in ("95/renewal", "95/aes", "97/aes", "95/renewal", "975/aes"):
            keep(store, check=check)
        history = store.records.history
        assert [row.seq for row in history("95")] == [3, 1, 0]
        assert [row.seq for row in history("95", 2)] == [3, 1]
        assert [row.seq for row in history("95/renewal")] == [3, 0]
        assert history("9") == history("95/") == []
        assert [row.subject for row in store.records.rows(2, 4)] == ["97/aes", "95/renewal"]


def test_sweeps_hold_their_observations_and_a_dead_one_shows(tmp_path: Path) -> None:
    for checks in (2, 0, 3):
        with sweeping(tmp_path) as (store, number):
            for _i in range(checks):
                keep(store, sweep=number)
            if number != 2:
                store.end_sweep(number, NOON + timedelta(seconds=9), {"done": checks})
    with reading(tmp_path) as found:
        assert found is not None
        third, second, first = found[0].sweeps()
        assert [(s.number, s.first_seq, s.end_seq) for s in (first, second, third)] == [(1, 0, 2), (2, 2, 2), (3, 2, 5)]
        assert (second.finished, second.report) == (None, None)
        assert (third.finished, third.report, third.plan) == (NOON + timedelta(seconds=9), {"done": 3}, {"due": []})
        assert found[0].sweeps(1) == [third]


def test_hosts_are_remembered(tmp_path: Path) -> None:
    copy = RobotsCopy(status=200, body=b"User-agent: *", fetched=NOON, expires=NOON + timedelta(days=1))
    with opened(tmp_path) as store:
        memory = StoreMemory(store)
        assert (memory.host_state("a.gouv.fr"), memory.robots("https://a.gouv.fr")) == (None, None)
        for refusals in (1, 2):
            memory.set_host_states({"a.gouv.fr": {"refusals": refusals}})
        memory.set_robots("https://a.gouv.fr", copy)
    with opened(tmp_path) as store:
        memory = StoreMemory(store)
        assert memory.host_state("a.gouv.fr") == {"refusals": 2}
        assert memory.robots("https://a.gouv.fr") == copy
        assert store.records.host_states() == {"a.gouv.fr": {"refusals": 2}}


# --- what an earlier version left that no barrier covered -------------------------------------------------------------


def uncovered(folder: Path) -> None:
    """As a version that gave each check its row at once left a folder when it died."""
    with sqlite3.connect(folder / schema.FILE) as db:
        db.execute("DROP TRIGGER barrier_no_delete")
        db.execute("DELETE FROM barrier")


def test_after_a_death_a_digest_of_bytes_that_were_never_kept_is_no_damage(tmp_path: Path) -> None:
    """Of compressed bytes beside a small difference the record keeps the digest alone."""
    with sweeping(tmp_path) as (store, _number):
        named = {"decoded_body": digest(b"bytes"), "wire_body": "0" * 64}
        store.append(record(0, digests=named), bodies=[b"bytes"])
        store.barrier(NOON)
    uncovered(tmp_path)
    with opened(tmp_path) as store:
        assert store.records.damages() == []
        assert store.blobs.get(digest(b"bytes"), 0) == b"bytes"


@pytest.mark.parametrize(
    ("line", "sound"),
    [
        (b'{"seq":0}', True), (b'{"seq": 0}', False), (b'{"seq":1}', False), (b"{}", False),
        (b"[]", False), (b"0", False), (b'"seq"', False), (b"{", False), (b"\xff", False),
        (b'{"seq":0,"x":0.5}', False), (b"", False),
    ],
)  # fmt: skip
def test_after_a_death_a_line_that_is_not_the_record_of_its_number_is_declared(
    tmp_path: Path, line: bytes, sound: bool
) -> None:
    with sweeping(tmp_path) as (store, _number):
        keep(store)
    (tmp_path / "store/journal/000000001.jsonl").write_bytes(line + b"\n")
    uncovered(tmp_path)
    with opened(tmp_path, NOON + timedelta(hours=1)) as store:
        assert store.records.damages() == ([] if sound else [(0, NOON + timedelta(hours=1), "line")])


def test_after_a_death_a_record_whose_bytes_are_gone_is_declared(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        keep(store, bodies={"head": b"head", "decoded_body": b"page" * 99})
        keep(store, bodies={"head": b"head"})
    (pack,) = (tmp_path / "store/packs").iterdir()
    data = pack.read_bytes()
    pack.write_bytes(data[: data.rindex(b"\xb5e") + 10])  # the tail that a loss of power tore
    uncovered(tmp_path)
    with sweeping(tmp_path, NOON + timedelta(hours=1)) as (store, number):
        assert store.records.damages() == [(1, NOON + timedelta(hours=1), "bytes")]
        keep(store, sweep=number, bodies={"head": b"head"})
        assert [row.damaged for row in store.records.rows()] == [False, True, False]
    with opened(tmp_path, NOON + timedelta(hours=2)) as store:
        assert len(store.records.damages()) == 1, "what was declared is not looked at again"


# --- what a death kept from the database -----------------------------------------------------------------------------


def test_a_check_that_was_kept_gets_its_row_at_the_next_opening(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        keep(store, bodies={"head": b"one"})
        keep(store, bodies={"head": b"two"}, reading="Unreached", cause="dns", seen=None, covered=False)
        assert (store.records.size(), store.next_seq()) == (1, 2)
    with opened(tmp_path) as store:
        assert store.untold() == [1]
        (row,) = store.records.rows(1)
        assert (row.reading, row.detail, row.damaged) == ("Unreached", "dns", False)
        assert store.blobs.get(digest(b"two"), 1) == b"two"
    with opened(tmp_path) as store:
        assert store.untold() == [1], "until a sweep looks for news in it"


def test_what_stands_beside_a_check_comes_with_its_row_or_not_at_all(tmp_path: Path) -> None:
    """As a message to send is written with the observation it tells of."""

    def letter(words: str) -> Beside:
        return lambda tx: tx.db.execute("INSERT INTO letter VALUES (?)", (words,)) and None

    def fails(_tx: Transaction) -> None:
        raise RuntimeError("killed")

    with sweeping(tmp_path) as (store, _number):
        with store.transaction() as tx:
            tx.db.execute("CREATE TABLE letter (words TEXT)")
        store.append(record(0), beside=letter("first"))
        store.append(record(1), beside=fails)
        with pytest.raises(RuntimeError, match="killed"):
            store.barrier(NOON)
        assert store.one("SELECT count(*) FROM letter", ()) == (0,)
        assert store.records.size() == 0
    with opened(tmp_path) as store:
        assert store.records.size() == 2, "they were kept, and told of to nobody"


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", PROOF)
@pytest.mark.parametrize("verb", ["UPDATE {} SET rowid = rowid", "DELETE FROM {}"])
def test_what_is_proof_can_be_neither_changed_nor_deleted(tmp_path: Path, table: str, verb: str) -> None:
    with sweeping(tmp_path) as (store, number):
        keep(store)
        store.end_sweep(number, NOON, {})
        store.barrier(NOON)
    db = raw(tmp_path)
    if table == "declared_damage":
        db.execute("INSERT INTO declared_damage VALUES (0, 0, 'line')")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(verb.format(table))


def test_an_observation_cannot_be_replaced_nor_a_number_left_out(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        keep(store)
        for seq in (0, 2, -1):
            with pytest.raises(sqlite3.IntegrityError, match="without a gap"), store.transaction() as tx:
                tx.append(record(seq))
    columns = "SELECT seq, subject, sweep, started, 'SlotsOpen', detail, simulated, since FROM observation"
    with pytest.raises(sqlite3.IntegrityError):
        raw(tmp_path).execute(f"REPLACE INTO observation {columns}")


def test_a_record_must_name_the_bytes_kept_with_it_and_follow_the_last(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        with pytest.raises(ValueError, match="must name"):
            store.append(record(0), bodies=[b"bytes"])
        with pytest.raises(ValueError, match="float"):
            store.append(record(0, wait=0.5))
        for seq in (1, -1):
            with pytest.raises(ValueError, match="is not the next"):
                store.append(record(seq))
        store.barrier(NOON)
        assert store.records.size() == 0
    with opened(tmp_path) as store, pytest.raises(ValueError, match="of a sweep"):
        store.append(record(0))


# --- other programs, other versions -----------------------------------------------------------------------------------


def test_a_newer_schema_is_refused_with_both_numbers(tmp_path: Path) -> None:
    with opened(tmp_path):
        pass
    raw(tmp_path).execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = (tmp_path / schema.FILE).read_bytes()
    words = rf"has schema {len(MIGRATIONS) + 1}, this version of Vigie knows up to {len(MIGRATIONS)}"
    with pytest.raises(StoreError, match=words), opened(tmp_path):
        pass
    with pytest.raises(StoreError, match=words), reading(tmp_path):
        pass
    assert (tmp_path / schema.FILE).read_bytes() == before


def test_a_foreign_database_is_left_alone(tmp_path: Path) -> None:
    raw(tmp_path).execute("CREATE TABLE theirs (a)")
    with pytest.raises(StoreError, match="of another program"), opened(tmp_path):
        pass
    with pytest.raises(StoreError, match="of another program"), reading(tmp_path):
        pass


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / schema.FILE).write_bytes(b"not a database at all" * 1000)
    with pytest.raises(StoreError, match=r"vigie\.db is damaged or no database"), opened(tmp_path):
        pass


def test_the_first_schema_is_still_read_and_written(tmp_path: Path) -> None:
    folder = shutil.copytree(FIRST_SCHEMA, tmp_path / "data")
    with opened(folder) as store:
        assert [line for _seq, line in store.records.lines()] == (
            FIRST_SCHEMA / "records.jsonl"
        ).read_bytes().splitlines()
        assert store.one("PRAGMA user_version", ()) == (len(MIGRATIONS),)
        assert store.records.damages() == []
        number = store.begin_sweep(NOON + timedelta(days=1), {})
        keep(store, sweep=number, bodies={"head": b"new"}, at=NOON + timedelta(days=1))
        assert store.records.latest()["95/renewal"].since == NOON
        assert [len(store.blobs.get(digest)) for (digest,) in tuples(store, "SELECT lower(hex(digest)) FROM blob")]
        assert StoreMemory(store).host_state("www.val-doise.gouv.fr") == {"refusals": 1}


def test_a_released_schema_is_frozen(tmp_path: Path) -> None:
    open_writer(tmp_path, MIGRATIONS[:1]).close()
    query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
    shutil.copy(FIRST_SCHEMA / schema.FILE, tmp_path / "first.db")
    first = sqlite3.connect(tmp_path / "first.db")
    assert raw(tmp_path).execute(query).fetchall() == first.execute(query).fetchall()


def tuples(store: Store, query: str) -> list[tuple[Any, ...]]:
    with store.transaction() as tx:
        return tx.db.execute(query).fetchall()


def test_a_migration_goes_forward_or_not_at_all(tmp_path: Path) -> None:
    folder = shutil.copytree(FIRST_SCHEMA, tmp_path / "data")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        open_writer(folder, (*MIGRATIONS, "CREATE TABLE half (a); INSERT INTO absent VALUES (1);"))
    assert raw(folder).execute("PRAGMA user_version").fetchone() == (1,)
    assert raw(folder).execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone() == (0,)
    db = open_writer(folder, (*MIGRATIONS, "CREATE TABLE later (seq INTEGER);"))
    assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
    assert db.execute("SELECT count(*) FROM later").fetchone() == (0,)
    assert db.execute("SELECT count(*) FROM observation").fetchone() == (3,)
    db.close()


def test_an_older_schema_is_not_misread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shutil.copytree(FIRST_SCHEMA, tmp_path / "data")
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, "CREATE TABLE later (seq INTEGER);"))
    with pytest.raises(StoreError, match="`vigie upgrade --apply` brings it forward"), reading(folder):
        pass


# --- readers, locks, permissions, room --------------------------------------------------------------------------------


def test_a_reader_sees_what_is_committed_while_a_sweep_writes(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        keep(store, bodies={"head": b"bytes"})
        keep(store, covered=False)
        with reading(tmp_path) as found:
            assert found is not None
            records, blobs = found
            assert [seq for seq, _line in records.lines()] == [0]
            assert blobs.get(digest(b"bytes"), 0) == b"bytes"
        store.barrier(NOON)
        with reading(tmp_path) as found:
            assert found is not None
            assert found[0].size() == 2


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    with opened(tmp_path):
        pass
    db = schema.open_reader(tmp_path)
    assert db is not None
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("INSERT INTO subject (key) VALUES ('95/renewal')")
    db.close()


def test_a_second_sweep_is_turned_away_at_once(tmp_path: Path) -> None:
    with hold(tmp_path / "data"):
        with pytest.raises(LockedError, match="another sweep") as caught, hold(tmp_path / "data"):
            pass
        assert caught.value.exit_code == 75
    with hold(tmp_path / "data") as lock:
        assert lock.held
    with pytest.raises(RuntimeError, match="released"):
        Store(lock, at=NOON)


def test_a_process_we_started_does_not_keep_the_lock(tmp_path: Path) -> None:
    """A browser that outlives a killed sweep must not shut out the next one."""
    with hold(tmp_path):
        child = subprocess.Popen(
            [sys.executable, "-c", "print(flush=True); input()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            close_fds=False,
        )
    assert child.stdout is not None
    child.stdout.readline()  # only once it runs has it left behind what this process had open
    try:
        with hold(tmp_path) as lock:
            assert lock.held
    finally:
        child.communicate(b"\n", timeout=60)


def test_a_held_database_is_said_to_be(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        store.one("PRAGMA busy_timeout = 1", ())
        other = raw(tmp_path)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="held by another program"):
            keep(store)
        other.execute("ROLLBACK")
        keep(store)


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Permissions mean nothing to root: while the block runs, be nobody."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_missing_permissions_are_named(tmp_path: Path) -> None:
    with opened(tmp_path / "data"):
        pass
    (tmp_path / "data").chmod(0o000)
    try:
        with ordinary_user():
            with pytest.raises(StoreError, match=r"data.*permission is denied"), opened(tmp_path / "data"):
                pass
            with pytest.raises(StoreError, match=r"vigie\.db cannot be opened"), reading(tmp_path / "data"):
                pass
    finally:
        (tmp_path / "data").chmod(0o700)


def test_a_database_without_room_keeps_what_it_had(tmp_path: Path) -> None:
    with sweeping(tmp_path) as (store, _number):
        lines = [keep(store)]
        store.one("PRAGMA max_page_count = 1", ())
        lines += [keep(store, check=f"95/desk-{i}", covered=False) for i in range(400)]
        with pytest.raises(StoreError, match="no room is left"):
            store.barrier(NOON)
        assert store.records.size() == 1
        store.one("PRAGMA max_page_count = 1000000", ())
        lines.append(keep(store, check="95/after"))
        assert [line for _seq, line in store.records.lines()] == lines
        assert store.one("PRAGMA integrity_check", ()) == ("ok",)
