"""News is written with the observation it rests on, or not at all; and what a bad day does to the outbox."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts.news.troubles import Trouble
from monitor.alerts.send.newsroom import Newsroom
from monitor.alerts.send.outbox import Operator, counts, waiting, waits
from monitor.alerts.send.outcome import Later, Sent
from monitor.alerts.send.queue import OutboxQueue, QueuedParcel
from monitor.core.errors import StoreError
from monitor.run.ledger import StoreLedger
from monitor.store import schema
from tests.support.outbox import Clocks, enter, event, queue, subscribers, tell
from tests.support.records import NOON, record, sweeping

MAIL = Operator(mail="ops@exemple.test")


def looked(ledger: StoreLedger, reading: str, at: datetime = NOON, **more: Any) -> None:
    about = {"look": "desk", "prefecture": "95", "procedure": "renewal", "platform": "ez_booking"}
    entry = record(ledger.next_seq(), at=at, reading=reading, **{**about, "time_zone": "Europe/Paris", **more})
    ledger.append(entry, detail=None, bodies=[])


def told(folder: Path) -> list[tuple[str, str, int]]:
    """(kind, check, recipient) of what waits."""
    with subscribers(folder) as (db, _people):
        return [(one.kind, one.check, one.to) for one in waiting(db)]


def test_an_opened_slot_is_handed_over_when_it_would_survive_a_loss_of_power(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (_db, people):
        numbers = enter(people, 2)
    seen: list[tuple[int, int]] = []

    def hand_over() -> None:
        with closing(sqlite3.connect(tmp_path / schema.FILE)) as other:
            (covered,) = other.execute("SELECT max(seq) FROM barrier").fetchone()
            (rows,) = other.execute("SELECT count(*) FROM outbox WHERE urgent").fetchone()
        seen.append((covered, rows))

    with sweeping(tmp_path) as (store, _number):
        ledger = StoreLedger(store, Newsroom(operator=MAIL, hand_over=hand_over))
        looked(ledger, "NoSlot")
        assert seen == []
        looked(ledger, "SlotsOpen", seen="Choisissez votre créneau")
        assert seen == [(1, 2)]
        looked(ledger, "SlotsOpen", seen="Choisissez votre créneau")
        looked(ledger, "NoSlot")
        ledger.barrier(NOON)
        assert len(seen) == 1
    assert told(tmp_path) == [
        (kind, "95/renewal", number) for kind in ("slots_open", "slots_gone") for number in numbers
    ]


def test_without_room_in_the_database_an_observation_and_its_news_wait_and_both_are_there_when_there_is_room(
    tmp_path: Path,
) -> None:
    with subscribers(tmp_path) as (_db, people):
        enter(people, 1)
    woken: list[bool] = []
    with sweeping(tmp_path) as (store, _number):
        ledger = StoreLedger(store, Newsroom(operator=MAIL, hand_over=lambda: woken.append(True)))
        looked(ledger, "NoSlot")
        with store.transaction() as tx:
            (pages,) = tx.db.execute("PRAGMA page_count").fetchone()
            (room,) = tx.db.execute(f"PRAGMA max_page_count={pages}").fetchone()
            assert room == pages
        with pytest.raises(StoreError, match="no room is left"):
            looked(ledger, "SlotsOpen", seen="Un créneau " * 9000)
        assert (told(tmp_path), woken, store.records.size(), ledger.next_seq()) == ([], [], 0, 2)
        with store.transaction() as tx:
            tx.db.execute("PRAGMA max_page_count=1000000")
        ledger.barrier(NOON)
        assert store.records.size() == 2
    assert [kind for kind, *_rest in told(tmp_path)] == ["slots_open"]
    assert woken == [True]


def test_what_a_simulator_played_is_not_compared_with_what_a_site_said(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (_db, people):
        enter(people, 1)
    with sweeping(tmp_path) as (store, _number):
        ledger = StoreLedger(store, Newsroom(operator=MAIL))
        looked(ledger, "SlotsOpen", seen="Un créneau")
        looked(ledger, "NoSlot", simulated=True)
        looked(ledger, "SlotsOpen", seen="Un créneau")
    assert [kind for kind, *_rest in told(tmp_path)] == ["slots_open"]


def test_a_trouble_is_told_once_while_it_lasts_and_the_state_survives_the_process(tmp_path: Path) -> None:
    def low(at: datetime) -> list[Trouble]:
        return [Trouble(kind="disk_low", facts={"free_mb": "412"})]

    newsroom = Newsroom(operator=MAIL)
    with sweeping(tmp_path) as (store, _number):
        for hours in range(3):
            with store.transaction() as tx:
                newsroom.sweep_ended(tx.db, NOON + timedelta(hours=hours), low(NOON))
    assert told(tmp_path) == [("disk_low", "", 0)]
    with sweeping(tmp_path, NOON + timedelta(hours=4)) as (store, _number):
        for hours, troubles in ((4, ()), (5, ()), (6, low(NOON))):
            with store.transaction() as tx:
                newsroom.sweep_ended(tx.db, NOON + timedelta(hours=hours), troubles)
    assert told(tmp_path) == [("disk_low", "", 0)] * 2


def test_a_platform_that_fell_is_one_message_and_not_one_a_desk(tmp_path: Path) -> None:
    newsroom = Newsroom(operator=MAIL)
    with sweeping(tmp_path) as (store, _number):
        ledger = StoreLedger(store, newsroom)
        for look in range(4):
            for desk in range(5):
                looked(
                    ledger, "Unreadable", NOON + timedelta(minutes=20 * look), why="layout_changed", check=f"95/{desk}"
                )
            ledger.barrier(NOON)
            with store.transaction() as tx:
                newsroom.sweep_ended(tx.db, NOON + timedelta(minutes=20 * look + 5))
    assert told(tmp_path) == [("platform_fell", "", 0)]


def drained(sender: OutboxQueue) -> Sequence[QueuedParcel]:
    return sender.lease("email", 1000)


def test_a_channel_down_for_a_day_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        enter(people, 20)
        sender = queue(db, people, clocks)
        tell(db, [event(0, "slots_open"), *(event(n) for n in range(1, 4))], clocks.now())
        tries = taken = 0
        for _ten_minutes in range(24 * 6):
            for parcel in drained(sender):
                sender.settle(parcel, Later("connection refused"))
                tries += 1
            clocks.forward(timedelta(minutes=10))
        assert counts(db) == {"due": 80}
        assert 20 * 2 * 20 < tries < 20 * 2 * 40, "about one try an hour a message, of 144 drains"
        clocks.forward(timedelta(hours=2))
        while parcels := drained(sender):
            for parcel in parcels:
                sender.settle(parcel, Sent())
                taken += len(parcel.events)
        assert (taken, counts(db)) == (80, {"sent": 80})


def test_what_may_have_come_through_keeps_its_identity_through_refusals_too(tmp_path: Path) -> None:
    """A sender died, and the next was told "later": the message must not be joined with what came meanwhile."""
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        enter(people, 1)
        tell(db, [event(1), event(2)], clocks.now())
        (first,) = drained(queue(db, people, clocks))
        rebooted = queue(db, people, clocks, boot="boot-2")
        (again,) = drained(rebooted)
        assert (again.id, again.rows) == (first.id, first.rows)
        rebooted.settle(again, Later("451"))
        tell(db, [event(3)], clocks.now())
        clocks.forward(timedelta(hours=2))
        assert sorted(len(one.events) for one in drained(rebooted)) == [1, 2]


def test_a_tick_knows_at_little_cost_whether_a_sender_has_work(tmp_path: Path) -> None:
    clocks = Clocks()
    assert not waits(tmp_path / "absent", clocks.now())
    with subscribers(tmp_path) as (db, people):
        assert not waits(tmp_path, clocks.now())
        enter(people, 1)
        tell(db, [event(1)], clocks.now())
        assert waits(tmp_path, clocks.now())
        (parcel,) = drained(sender := queue(db, people, clocks))
        sender.settle(parcel, Later("451"))
        assert not waits(tmp_path, clocks.now())
        assert waits(tmp_path, clocks.now() + timedelta(minutes=2))
        assert waits(tmp_path, clocks.now() - timedelta(days=1)), "the clock was set back"
