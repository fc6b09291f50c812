"""Subscribers as kept: nothing before consent, addresses unreadable at rest, and what leaves is gone."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.people.address_key import FILE, AddressKey, load
from monitor.alerts.people.subscribers import Subscribers
from monitor.alerts.people.subscriptions import Subscription
from monitor.alerts.send.outbox import counts
from monitor.core.errors import StoreError, UsageError
from monitor.store.beside import beside
from monitor.store.schema import MIGRATIONS
from tests.support.outbox import KEY, NOW, enter, event, subscribers, tell, wishes

KEPT = Path(__file__).resolve().parents[1] / "fixtures" / "schema"
ADDRESS = "Grain.Semé-x7@exemple.test".replace("é", "e")
HOURS_47, HOURS_49 = timedelta(hours=47), timedelta(hours=49)


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


# --- consent ----------------------------------------------------------------------------------------------------------


def test_nothing_is_told_before_the_code_came_back_and_its_proof_is_kept(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (db, people):
        number = people.add(ADDRESS, wishes(), NOW)
        yes, stop = people.codes(number)
        tell(db, [event(1)])
        assert (counts(db), people.unasked()) == ({}, [number])
        assert people.confirm(stop, "t", NOW) is None
        assert people.confirm(yes[:-1], "t", NOW) is None
        assert people.confirm(yes.lower(), "2026-11-24", NOW + HOURS_47) == number
        tell(db, [event(2)])
        assert counts(db) == {"due": 1}
        proof = people.export(number)["consent"]
        assert (proof["at"], proof["text"]) == ((NOW + HOURS_47).isoformat(), "2026-11-24")
        assert len(proof["code_sha256"]) == 64
        assert yes not in str(proof)


def test_who_does_not_answer_within_48_hours_of_the_question_is_forgotten(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (_db, people):
        late, asked = people.add("a@exemple.test", wishes(), NOW), people.add("b@exemple.test", wishes(), NOW)
        assert people.claim(asked, NOW + timedelta(hours=5))
        yes, _stop = people.codes(late)
        people.expire(NOW + HOURS_49)
        assert [one.to.id for one in people.all()] == [asked]
        assert people.confirm(yes, "t", NOW + HOURS_49) is None
        assert people.add("a@exemple.test", wishes(), NOW + HOURS_49) > asked  # not suppressed, a number of its own


def test_an_answer_that_comes_too_late_finds_nobody(tmp_path: Path) -> None:
    """Whether or not anybody has swept up in between."""
    with subscribers(tmp_path) as (db, people):
        number = people.add(ADDRESS, wishes(), NOW)
        yes, _stop = people.codes(number)
        assert people.confirm(yes, "t", NOW + HOURS_49) is None
        assert db.execute("SELECT count(*) FROM subscriber").fetchone() == (0,)


def test_who_has_not_confirmed_is_exported_and_taken_in_without_consent(tmp_path: Path) -> None:
    with subscribers(tmp_path / "a") as (_db, people):
        kept = people.export(people.add(ADDRESS, wishes(), NOW))
        assert (kept["state"], kept["consent"], kept["address"]) == ("pending", None, ADDRESS)
    with subscribers(tmp_path / "b") as (_db, people):
        number = people.restore(kept, NOW)
        holder = people.get(number)
        assert (holder.to.state, holder.confirmed, holder.consent_text) == ("pending", None, None)
        with pytest.raises(UsageError, match="has not confirmed"):
            people.set_state(number, "active", NOW)


def test_an_address_is_entered_once_whatever_its_capitals(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (_db, people):
        people.add(ADDRESS, wishes(), NOW)
        with pytest.raises(UsageError) as refused:
            people.add(f" {ADDRESS.upper()} ", wishes(), NOW)
        assert ADDRESS.casefold() not in str(refused.value).casefold()


def test_codes_differ_by_subscriber_and_word_and_only_their_digest_is_kept(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (_db, people):
        found = [code for number in enter(people, 20) for code in people.codes(number)]
    assert len(set(found)) == 40
    held = everything(tmp_path)
    assert not any(code.encode() in held or code.partition("-")[2].encode() in held for code in found)


# --- at rest ----------------------------------------------------------------------------------------------------------


def test_no_file_holds_an_address_nor_its_plain_digest(tmp_path: Path) -> None:
    import hashlib

    with subscribers(tmp_path) as (_db, people):
        number = people.add(ADDRESS, wishes(), NOW)
        assert people.address(number) == ADDRESS
        during = everything(tmp_path)
        people.remove(number, NOW)
    for held in (during, everything(tmp_path)):
        for form in (ADDRESS, ADDRESS.lower(), ADDRESS.partition("@")[0]):
            assert form.encode() not in held
            assert hashlib.sha256(form.encode()).digest() not in held


def test_an_encrypted_address_is_bound_to_its_row(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (db, people):
        first, second = enter(people, 2)
        db.execute("UPDATE subscriber SET address = (SELECT address FROM subscriber WHERE id = ?)", (first,))
        assert people.address(first) == "p0@exemple.test"
        with pytest.raises(StoreError):
            people.address(second)


def test_another_key_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (_db, people):
        enter(people, 1)
    with subscribers(tmp_path, AddressKey(b"\x01" * 32)) as (_db, people):
        with pytest.raises(StoreError, match="restore that one"):
            people.address(1)
        with pytest.raises(StoreError, match="restore that one"):
            people.add("new@exemple.test", wishes(), NOW)
        assert len(people.all()) == 1


def test_the_key_comes_from_the_credential_then_the_variable_then_a_file_made_once(tmp_path: Path) -> None:
    one, two = "01" * 32, "02" * 32
    (tmp_path / "vigie-address-key").write_text(one)
    keys = tmp_path / "keys"
    credential, variable = {"CREDENTIALS_DIRECTORY": str(tmp_path)}, {"VIGIE_ADDRESS_KEY": two}
    first, second = load(keys, credential | variable, make=True), load(keys, variable, make=True)
    assert first is not None
    assert second is not None
    assert (first.proof, second.proof) == (AddressKey(b"\x01" * 32).proof, AddressKey(b"\x02" * 32).proof)
    assert not keys.exists()
    assert load(keys, {}, make=False) is None
    made, again = load(keys, {}, make=True), load(keys, {}, make=True)
    assert made is not None
    assert again is not None
    assert made.proof == again.proof
    assert stat.S_IMODE(os.stat(keys / FILE).st_mode) == 0o400
    with pytest.raises(StoreError, match="64 hexadecimal"):
        load(keys, {"VIGIE_ADDRESS_KEY": "0102"}, make=True)


# --- leaving ----------------------------------------------------------------------------------------------------------


def test_stop_ends_it_and_the_address_is_not_entered_again_unless_asked(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (db, people):
        (number,) = enter(people, 1)
        tell(db, [event(1)])
        _yes, stop = people.codes(number)
        assert people.stop(stop, NOW) == number
        assert people.stop(stop, NOW) is None
        assert (people.all(), counts(db)) == ([], {"dropped": 1})
        with pytest.raises(UsageError, match="--again"):
            people.add("P0@exemple.test", wishes(), NOW)
        assert people.add("p0@exemple.test", wishes(), NOW, again=True) == number + 1


def test_erase_leaves_a_keyed_digest_and_nothing_else(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (db, people):
        (number,) = enter(people, 1, procedures=("naturalisation",))
        tell(db, [event(1, procedure="naturalisation")])
        (encrypted,) = db.execute("SELECT address FROM subscriber").fetchone()
        assert encrypted in everything(tmp_path)
        people.erase(number, NOW)
        assert encrypted not in everything(tmp_path)  # while the journal is still open, as it is beside a sweep
        for table in ("subscriber", "outbox"):
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        assert db.execute("SELECT blind FROM suppression").fetchall() == [(KEY.blind("p0@exemple.test"),)]
        with pytest.raises(UsageError):
            people.erase(number, NOW)


def test_what_waits_for_who_is_paused_is_dropped_and_they_can_come_back(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (db, people):
        (number,) = enter(people, 1)
        tell(db, [event(1)])
        people.set_state(number, "paused", NOW)
        tell(db, [event(2)])
        assert counts(db) == {"dropped": 1}
        people.set_state(number, "active", NOW)
        tell(db, [event(3)])
        assert counts(db) == {"dropped": 1, "due": 1}


def test_what_is_exported_can_be_taken_in_elsewhere_with_its_proof(tmp_path: Path) -> None:
    with subscribers(tmp_path / "here") as (_db, people):
        (number,) = enter(people, 1, quiet=(time(22), time(7)), language="en")
        kept = people.export(number)
    with subscribers(tmp_path / "there", AddressKey(b"\x07" * 32)) as (_db, people):
        enter(people, 3, first=5)
        moved = people.restore(kept, NOW + timedelta(days=400))
        again = people.export(moved)
        people.expire(NOW + timedelta(days=800))
        assert people.get(moved).to.state == "active"
    assert {**again, "number": 0, "added": ""} == {**kept, "number": 0, "added": ""}


@pytest.mark.parametrize(
    ("kept_as", "taken_in"), [("active", "active"), ("paused", "paused"), ("suspended", "suspended"), ("new", "active")]
)
def test_who_paused_or_was_suspended_stays_so_when_taken_in(tmp_path: Path, kept_as: str, taken_in: str) -> None:
    with subscribers(tmp_path / "here") as (_db, people):
        kept = people.export(enter(people, 1)[0]) | {"state": kept_as}
    with subscribers(tmp_path / "there") as (_db, people):
        assert people.get(people.restore(kept, NOW)).to.state == taken_in


# --- who is told, and when --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, True),
        ({"prefectures": ("93",)}, False),
        ({"procedures": ("renewal",)}, True),
        ({"procedures": ("aes",)}, False),
        ({"kinds": ("pan_changed",)}, True),
        ({"kinds": ("slots_open",)}, False),
        ({"state": "paused"}, False),
        ({"state": "pending"}, False),
    ],
)
def test_who_wants_what(change: dict[str, object], told: bool) -> None:
    assert wishes(**{"state": "active", **change}).wants(event(1)) is told
    assert wishes(state="active").wants(event(1, "disk_low")) is False


def local(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC)  # Paris is one hour ahead in November


@pytest.mark.parametrize(
    ("change", "now", "due"),
    [
        ({}, local(12), local(12)),
        ({"quiet": (time(22), time(7))}, local(23), local(7, day=25)),
        ({"quiet": (time(22), time(7))}, local(5), local(7)),
        ({"quiet": (time(22), time(7))}, local(7), local(7)),
        ({"quiet": (time(12), time(14))}, local(13), local(14)),
        ({"cadence": "daily"}, local(7), local(8)),
        ({"cadence": "daily"}, local(8), local(8, day=25)),
        ({"cadence": "weekly"}, local(12), local(8, day=30)),  # 30 November 2026 is a Monday
        ({"cadence": "daily", "quiet": (time(22), time(9, 30))}, local(12), local(9, 30, day=25)),
    ],
)
def test_when_it_is_due(change: dict[str, object], now: datetime, due: datetime) -> None:
    to = wishes(**change)
    assert to.due(now, now, urgent=False) == due
    assert to.due(now, now, urgent=True) == now


TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))
WHEN = st.timedeltas(timedelta(0), timedelta(days=2000)).map(lambda after: datetime(2024, 1, 1, tzinfo=UTC) + after)


@given(
    WHEN, st.none() | st.tuples(TIMES, TIMES), st.sampled_from(["at_once", "daily", "weekly"]),
    st.sampled_from(["Europe/Paris", "America/Cayenne", "Indian/Reunion", "Pacific/Noumea"]),
)  # fmt: skip
def test_due_is_never_past_nor_further_than_a_cadence_and_a_night(
    now: datetime, quiet: object, cadence: str, zone: str
) -> None:
    to = wishes(quiet=quiet, cadence=cadence, time_zone=zone)
    due = to.due(now, now, urgent=False)
    limit = {"at_once": 0, "daily": 1, "weekly": 7}[cadence]
    assert now <= due <= now + timedelta(days=limit + 1, hours=2)
    assert Subscription.from_json(to.to_json(), number=0, state="pending") == to


# --- older folders ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", sorted(int(one.name) for one in KEPT.iterdir() if one.name.isdigit()))
def test_subscribers_come_to_a_folder_of_every_kept_schema(tmp_path: Path, number: int) -> None:
    folder = shutil.copytree(KEPT / str(number), tmp_path / "data")
    with sqlite3.connect(folder / "vigie.db") as old:
        assert old.execute("PRAGMA user_version").fetchone() == (number,)
        before = old.execute("SELECT count(*) FROM observation").fetchone()
    with beside(folder) as db:
        people = Subscribers(db, lambda: KEY)
        enter(people, 1)
        tell(db, [event(1)])
        assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert db.execute("SELECT count(*) FROM observation").fetchone() == before
        assert counts(db) == {"due": 1}
