"""A desk that was never the foreigners': who was told of it hears so once, and its series ends."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from monitor.alerts.people.subscribers import Subscribers
from monitor.alerts.send.newsroom import Newsroom
from monitor.alerts.send.outcome import Later, Refused, Sent
from monitor.alerts.text.compose import Letterhead, compose
from monitor.catalogue.catalogue import load
from monitor.run.accounts import register
from monitor.run.alerting import Alerting, send_due, watched_codes
from monitor.run.ledger import StoreLedger
from monitor.settings.settings import Settings
from monitor.store import schema
from tests.support.outbox import NOBODY, Clocks, enter, queue, subscribers
from tests.support.records import NOON, record, sweeping

BOARD = "https://www.rdv.ain.gouv.fr/booking/create/804"
WRONG, RIGHT = "01/module-804", "95/renouvellement-cergy"
WATCHED = ("95",)


def looked(ledger: StoreLedger, check: str, url: str, reading: str = "NoSlot", **more: Any) -> None:
    about = {"look": "desk", "prefecture": check[:2], "procedure": "other", "platform": "ez_booking", "url": url}
    entry = record(ledger.next_seq(), check=check, at=NOON, reading=reading, time_zone="Europe/Paris", **about, **more)
    ledger.append(entry, detail=None, bodies=[])


def corrected(folder: Path, sweeps: int = 2, watched: tuple[str, ...] = WATCHED) -> None:
    """A sweep that still looked at the board, then the beginning of later ones, by the program of today."""
    newsroom = Newsroom(operator=NOBODY, watched=watched)
    with sweeping(folder) as (store, _number):
        ledger = StoreLedger(store, newsroom)
        for _ in range(2):
            looked(ledger, WRONG, BOARD, "SlotsOpen", seen="Choisissez votre créneau")
            looked(ledger, RIGHT, "https://www.val-doise.gouv.fr/booking/create/13860")
        ledger.barrier(NOON)
        for number in range(sweeps):
            with store.transaction() as tx:
                newsroom.correct(tx.db, NOON + number * timedelta(hours=1))


def rows(folder: Path) -> list[tuple[str, int, str, str]]:
    """(kind, recipient, state, reason) of the outbox."""
    with closing(sqlite3.connect(folder / schema.FILE)) as db:
        query = (
            "SELECT kind, subscriber, state, ifnull(reason, '') FROM outbox JOIN event e ON e.id = event ORDER BY 2, 1"
        )
        return db.execute(query).fetchall()


def test_followers_are_told_once_and_what_waited_of_that_desk_is_not_sent(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (_db, people):
        (follower,) = enter(people, 1, prefectures=("01",), kinds=("no_slot_digest",))
        (told_of_slots,) = enter(people, 1, first=1, prefectures=("01", "95"))
        enter(people, 1, first=2, prefectures=("95",))
        enter(people, 1, first=3, prefectures=("01",), procedures=("renewal",))
    corrected(tmp_path, sweeps=3)
    assert rows(tmp_path) == [
        ("desk_corrected", follower, "due", ""),
        ("desk_corrected", told_of_slots, "due", ""),
        ("slots_open", told_of_slots, "dropped", "corrected"),
    ], "whatever kinds were asked for; once, however many sweeps end; nobody whom that desk did not concern"
    with closing(sqlite3.connect(tmp_path / schema.FILE)) as db:
        standing = {key for (key,) in db.execute("SELECT key FROM standing")}
    assert (WRONG in standing, RIGHT in standing) == (False, True)


def test_who_follows_nothing_else_ends_after_the_message_and_not_before(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (_db, people):
        (ends,) = enter(people, 1, prefectures=("01",))
        (moves,) = enter(people, 1, first=1, prefectures=("01", "95"))
        (waits,) = enter(people, 1, first=2, prefectures=("01",))
    corrected(tmp_path)
    clocks = Clocks(NOON + timedelta(days=1))
    with subscribers(tmp_path) as (db, people):
        assert people.end_corrected(WATCHED, clocks.now()) == []
        for parcel in queue(db, people, clocks).lease("email", 9):
            assert [event.kind for event in parcel.events][-1] == "desk_corrected"
            outcome = {ends: Sent("x"), moves: Sent("y"), waits: Later("try again")}[parcel.to.id]
            queue(db, people, clocks).settle(parcel, outcome)
        assert people.end_corrected(WATCHED, clocks.now()) == [ends]
        assert people.end_corrected(WATCHED, clocks.now()) == []
        assert people.find(ends) is None
        assert people.find(moves) is not None
        assert people.find(waits) is not None
        assert enter(people, 1, prefectures=("01",)), "who ended so may ask again, without more ado"
        kept = db.execute("SELECT address, blind, wishes, confirmed FROM subscriber WHERE id = ?", (ends,)).fetchone()
        assert kept[:3] == (None, None, "{}")
        assert kept[3] is not None


def test_a_desk_declared_since_under_that_name_is_not_compared_with_it(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (_db, people):
        (follower,) = enter(people, 1, prefectures=("01",))
    alerting = Alerting(Settings(data=tmp_path), load("prefectures"), Clocks(NOON))
    with sweeping(tmp_path) as (store, _number):
        ledger = StoreLedger(store, alerting.newsroom)
        looked(ledger, WRONG, BOARD, "SlotsOpen", seen="Choisissez votre créneau")
        alerting.begins(store)
        looked(ledger, WRONG, "https://www.rdv.ain.gouv.fr/booking/create/9999")
        alerting.ended(store)
    assert rows(tmp_path) == [
        ("desk_corrected", follower, "due", ""),
        ("slots_open", follower, "dropped", "corrected"),
    ], "no word of slots that are gone: they were another desk's"


def handed_over(db: sqlite3.Connection, people: Subscribers) -> Clocks:
    clocks = Clocks(NOON + timedelta(days=1))
    for parcel in queue(db, people, clocks).lease("email", 9):
        queue(db, people, clocks).settle(parcel, Sent("x"))
    return clocks


def test_who_was_told_that_messages_go_on_is_not_ended_when_the_prefecture_is_left_later(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (_db, people):
        enter(people, 1, prefectures=("01",))
    corrected(tmp_path, watched=("01", "95"))
    with subscribers(tmp_path) as (db, people):
        clocks = handed_over(db, people)
        assert people.end_corrected(WATCHED, clocks.now()) == []


def test_who_follows_another_prefecture_is_not_ended_though_nothing_of_it_is_looked_at_today(tmp_path: Path) -> None:
    """The message says that the subscription ends where no other is followed: nobody was told so of the other one."""
    with subscribers(tmp_path) as (_db, people):
        enter(people, 1, prefectures=("01", "83"))
    corrected(tmp_path)
    with subscribers(tmp_path) as (db, people):
        clocks = handed_over(db, people)
        assert people.end_corrected(WATCHED, clocks.now()) == []


def test_a_message_that_was_refused_ends_nobody(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (_db, people):
        enter(people, 1, prefectures=("01",))
    corrected(tmp_path)
    clocks = Clocks(NOON + timedelta(days=1))
    with subscribers(tmp_path) as (db, people):
        (parcel,) = queue(db, people, clocks).lease("email", 9)
        queue(db, people, clocks).settle(parcel, Refused("550"))
        assert people.end_corrected(WATCHED, clocks.now()) == []


def test_the_message_says_in_both_languages_what_the_desk_was_and_what_becomes_of_the_rest(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (_db, people):
        enter(people, 1, prefectures=("01",))
        enter(people, 1, first=1, prefectures=("01",), language="en")
    corrected(tmp_path, watched=("01", "95"))
    clocks = Clocks(NOON + timedelta(days=1))
    with subscribers(tmp_path) as (db, people):
        parcels = queue(db, people, clocks).lease("email", 9)
        texts = [compose(one.events[-1:], one.to, Letterhead()).text.replace("\xa0", " ") for one in parcels]
    french, english = texts
    assert "sert à autre chose : commission médicale du permis de conduire" in french
    assert "dimanche 29 novembre 2026" in french
    assert "Les messages sur ce qui est encore suivi de cette préfecture continuent." in french
    assert "serves somebody else: commission médicale du permis de conduire" in english
    assert "your subscription ends" not in english
    assert BOARD in french


def test_a_delivery_ends_the_subscriptions_that_follow_nothing_else(tmp_path: Path) -> None:
    chosen = Settings(data=tmp_path)
    with register(chosen) as (_db, people):
        (number,) = enter(people, 1, prefectures=("01",))
    corrected(tmp_path)
    with register(chosen) as (db, people):
        clocks = Clocks(NOON + timedelta(days=1))
        (parcel,) = queue(db, people, clocks).lease("email", 9)
        queue(db, people, clocks).settle(parcel, Sent("x"))
        assert people.find(number) is not None
    send_due(chosen, load("prefectures"), Clocks(NOON + timedelta(days=2)), attach=lambda *_: (), previous_stamp=None)
    with register(chosen) as (_db, people):
        assert people.find(number) is None


def test_a_prefecture_is_watched_where_a_desk_or_a_page_of_it_is() -> None:
    watched = watched_codes(load("prefectures"))
    assert {"95", "63"} <= watched, "63 has no desk left, and pages"
    assert not {"01", "83"} & watched
