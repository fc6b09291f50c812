"""Who is written to when a message's turn comes, and what a doubt or a refusal costs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts.send.outbox import OPERATOR, Operator, counts, waiting
from monitor.alerts.send.outcome import Later, Refused, Unknown
from monitor.alerts.send.queue import UNSURE_PAUSE
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


@pytest.mark.parametrize(("later", "hours"), [(timedelta(hours=5, minutes=59), "5"), (timedelta(hours=-3), "0")])
def test_the_operator_is_told_how_old_a_message_given_up_was(tmp_path: Path, later: timedelta, hours: str) -> None:
    """In whole hours; none where the clock was set back meanwhile."""
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        (number,) = enter(people, 1)
        tell(db, [event(1, "slots_open")])
        outbox = queue(db, people, clocks, operator=OPS)
        (parcel,) = outbox.lease("email", 1)
        clocks.wall += later
        outbox.settle(parcel, Refused("554 5.7.1"))
        (told,) = outbox.lease("email", 1)
        assert (told.to.id, told.events[0].kind) == (OPERATOR, "message_given_up")
        assert dict(told.events[0].facts) == {"subscriber": str(number), "hours": hours, "code": "554 5.7.1"}
