"""Who is written to when a message's turn comes, and what a doubt or a refusal costs."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts.people.subscribers import Subscribers
from monitor.alerts.send.lines import stopped_line
from monitor.alerts.send.outbox import OPERATOR, Operator, counts, waiting
from monitor.alerts.send.outcome import Later, Refused, Sent, Unknown
from monitor.alerts.send.queue import FEW, LEASE, UNSURE_PAUSE
from monitor.store.beside import written
from tests.support.outbox import Clocks, enter, event, queue, subscribers, tell
from tests.support.records import keep, sweeping

OPS = Operator(mail="ops@exemple.test")


@pytest.mark.parametrize("state", ["pending", "paused", "suspended"])
def test_nothing_is_handed_over_for_somebody_who_is_not_active(tmp_path: Path, state: str) -> None:
    """However the state came about: what waits is looked at again when its turn comes."""
    with subscribers(tmp_path) as (db, people):
        other, number = enter(people, 2)
        tell(db, [event(1, "slots_open"), event(2)])
        with written(db):
            db.execute("UPDATE subscriber SET state = ? WHERE id = ?", (state, number))
        parcels = queue(db, people, Clocks()).lease("email", 9)
        assert {one.to.id for one in parcels} == {other}
        assert counts(db) == {"due": 2, "dropped": 2}
        assert db.execute("SELECT DISTINCT reason FROM outbox WHERE subscriber = ?", (number,)).fetchall() == [(state,)]


def test_nothing_is_handed_over_for_somebody_who_left(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (db, people):
        (number,) = enter(people, 1)
        tell(db, [event(1, "slots_open")])
        with written(db):
            db.execute("UPDATE subscriber SET state = 'removed', ended = 1 WHERE id = ?", (number,))
        assert queue(db, people, Clocks()).lease("email", 9) == []
        assert counts(db) == {"dropped": 1}


def test_a_doubtful_delivery_waits_half_an_hour_before_its_second_and_last_try(tmp_path: Path) -> None:
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        enter(people, 1)
        tell(db, [event(1, "slots_open")])
        outbox = queue(db, people, clocks)
        (parcel,) = outbox.lease("email", 1)
        outbox.settle(parcel, Unknown("no answer"))
        (row,) = waiting(db)
        assert (row.due, row.reason) == (clocks.now() + UNSURE_PAUSE, "no answer")
        assert timedelta(minutes=30) == UNSURE_PAUSE
        clocks.forward(UNSURE_PAUSE - timedelta(seconds=1))
        assert outbox.lease("email", 1) == []
        clocks.forward(timedelta(seconds=1))
        (again,) = outbox.lease("email", 1)
        assert (again.id, again.again) == (parcel.id, True)
        outbox.settle(again, Unknown("no answer"))
        assert counts(db) == {"unknown": 1}


def test_what_never_left_is_joined_with_newer_news_and_what_may_have_is_not(tmp_path: Path) -> None:
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        enter(people, 1)
        tell(db, [event(1)])
        outbox = queue(db, people, clocks)
        (parcel,) = outbox.lease("email", 1)
        outbox.settle(parcel, Later("421"))
        tell(db, [event(2)])
        clocks.forward(timedelta(hours=1))
        (joined,) = outbox.lease("email", 9)
        assert {one.key for one in joined.events} == {event(1).key, event(2).key}
        outbox.settle(joined, Unknown("no answer"))
        clocks.forward(timedelta(hours=1))
        (again,) = outbox.lease("email", 9)
        outbox.settle(again, Later("421"))  # it may still have come through the first time
        tell(db, [event(3)])
        clocks.forward(timedelta(hours=1))
        assert {one.id for one in outbox.lease("email", 9)} == {joined.id, event(3).key}


@pytest.mark.parametrize("tried_before", [False, True])
def test_a_clock_set_back_lets_a_retry_go_at_once_and_a_first_message_wait_for_its_morning(
    tmp_path: Path, tried_before: bool
) -> None:
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        enter(people, 1, cadence="daily")
        tell(db, [event(1)])
        outbox = queue(db, people, clocks)
        if tried_before:
            clocks.forward(timedelta(days=1))
            (parcel,) = outbox.lease("email", 1)
            outbox.settle(parcel, Later("421"))
        clocks.wall -= timedelta(days=2)
        assert len(outbox.lease("email", 1)) == tried_before


def test_a_clock_set_back_is_no_stumbling_block_where_nobody_is_left_to_be_told(tmp_path: Path) -> None:
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        tell(db, [event(1, "disk_low")], operator=OPS)
        clocks.wall -= timedelta(days=2)
        assert queue(db, people, clocks).lease("email", 1) == []  # the operator's address was taken out of the settings
        assert counts(db) == {"dropped": 1}


def test_only_an_opened_slot_that_rests_on_an_observation_can_be_late(tmp_path: Path) -> None:
    desk = "95/titre-de-sejour"
    with sweeping(tmp_path) as (store, _number):
        keep(store, check=desk, reading="SlotsOpen")
        keep(store, check=desk, reading="NoSlot")
    with subscribers(tmp_path) as (db, people):
        enter(people, 1)
        tell(db, [event(1, "slots_open", check=desk, seq=None), event(2, "pan_changed", check=desk, seq=0)])
        told = [one for parcel in queue(db, people, Clocks()).lease("email", 9) for one in parcel.events]
    assert [(one.kind, "gone_at" in one.facts) for one in told] == [("slots_open", False), ("pan_changed", False)]


def test_the_operator_is_told_how_old_a_message_given_up_was(tmp_path: Path) -> None:
    """In whole hours."""
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        (number,) = enter(people, 1)
        tell(db, [event(1, "slots_open")])
        outbox = queue(db, people, clocks, operator=OPS)
        while (parcel := outbox.lease("email", 1)[0]).to.id == number:
            outbox.settle(parcel, Later("554 5.7.1", firm=True))
            clocks.forward(timedelta(hours=7, minutes=1))
        assert (parcel.to.id, parcel.events[0].kind) == (OPERATOR, "message_given_up")
        facts = {"subscriber": str(number), "hours": "77", "code": "554 5.7.1"}
        assert dict(parcel.events[0].facts) == facts


# --- whose fault it is ------------------------------------------------------------------------------------------------


def active(people: Subscribers, numbers: Sequence[int]) -> int:
    return sum(people.get(number).to.state == "active" for number in numbers)


def told(db: sqlite3.Connection, kind: str) -> int:
    return int(db.execute("SELECT count(*) FROM event WHERE kind = ?", (kind,)).fetchone()[0])


def test_who_refuses_everybody_refuses_us(tmp_path: Path) -> None:
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        numbers = enter(people, 20)
        tell(db, [event(1, "slots_open")])
        for _drain in range(5):
            outbox = queue(db, people, clocks, operator=OPS)
            while parcels := [one for one in outbox.lease("email", 50) if one.to.id != OPERATOR]:
                for parcel in parcels:
                    outbox.settle(parcel, Refused("550 5.1.1"))
            clocks.forward(timedelta(hours=3))
        assert active(people, numbers) == 20 - FEW
        assert counts(db)["due"] >= 20 - FEW
        assert told(db, "addresses_spared") == 1
        clocks.forward(timedelta(hours=12))
        for parcel in outbox.lease("email", 50):
            outbox.settle(parcel, Sent())
        assert counts(db)["sent"] >= 20 - FEW, "nothing was lost"


def test_addresses_that_are_dead_one_by_one_among_many_that_live_are_given_up(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (db, people):
        numbers = enter(people, 100)
        tell(db, [event(1, "slots_open")])
        outbox = queue(db, people, Clocks())
        for parcel in outbox.lease("email", 100):
            outbox.settle(parcel, Refused("550 5.1.1") if parcel.to.id % 10 == 0 else Sent())
        assert active(people, numbers) == 90


def test_a_channel_of_which_our_account_is_at_fault_is_asked_by_one_at_a_time(tmp_path: Path) -> None:
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        enter(people, 20)
        tell(db, [event(1, "slots_open")])
        outbox = queue(db, people, clocks, operator=OPS)
        for parcel in outbox.lease("email", 4):  # under way together: they say the same once
            outbox.settle(parcel, Later("535 5.7.8", ours=True))
        rests, asked = [], []
        for _time in range(6):
            line = stopped_line(db, "email")
            assert line is not None
            rests.append(line.until - clocks.now())
            assert queue(db, people, clocks, operator=OPS).lease("email", 9) == []
            clocks.forward(rests[-1])
            (parcel,) = outbox.lease("email", 9)
            assert outbox.lease("email", 9) == [], "one at a time"
            asked.append(parcel.to.id)
            outbox.settle(parcel, Later("535 5.7.8", ours=True))
        assert rests == [timedelta(minutes=n) for n in (5, 10, 20, 40, 60, 60)]
        assert len(set(asked)) == 6, "another asks each time"
        assert told(db, "sending_stopped") == 1
        clocks.forward(timedelta(hours=1))
        (parcel,) = outbox.lease("email", 9)
        outbox.settle(parcel, Sent())
        assert stopped_line(db, "email") is None
        clocks.forward(timedelta(hours=2))
        assert len(outbox.lease("email", 50)) == 20, "the nineteen others, and the operator's notice"


def test_a_sender_that_died_asking_holds_a_stopped_channel_no_longer_than_its_lease(tmp_path: Path) -> None:
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        enter(people, 2)
        tell(db, [event(1, "slots_open")])
        outbox = queue(db, people, clocks)
        (first, _second) = outbox.lease("email", 2)
        outbox.settle(first, Unknown("429", ours=True))
        clocks.forward(LEASE)
        assert len(outbox.lease("email", 9)) == 1
        assert outbox.lease("email", 9) == []
        clocks.forward(LEASE)
        assert len(outbox.lease("email", 9)) == 1


def test_a_clock_set_back_frees_a_stopped_channel(tmp_path: Path) -> None:
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        enter(people, 2)
        tell(db, [event(1, "slots_open")])
        outbox = queue(db, people, clocks)
        outbox.settle(outbox.lease("email", 1)[0], Later("535", ours=True))
        clocks.wall -= timedelta(days=30)
        assert len(outbox.lease("email", 9)) == 1
