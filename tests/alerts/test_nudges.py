"""A nudge beside the message: real apprise against stand-ins for ntfy, Matrix and Telegram, and nothing told in it."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from apprise.plugins.telegram import NotifyTelegram

from monitor.alerts.people.inbox import answer
from monitor.alerts.people.nudges import ANSWER_WITHIN, HELD, USEFUL_FOR
from monitor.alerts.people.subscribers import Subscribers
from monitor.alerts.people.subscriptions import Via
from monitor.alerts.send.channels import TIMEOUT, Notifier
from monitor.alerts.send.deliver import Sender, deliver
from monitor.alerts.send.knock import made, service_of
from monitor.alerts.send.outbox import counts
from monitor.alerts.send.outcome import Later, Outcome, Refused, Sent, Unknown
from monitor.alerts.text.compose import Letterhead
from monitor.alerts.text.letters import nudge, nudge_question
from monitor.alerts.text.message import Message
from monitor.core.errors import UsageError
from tests.alerts.test_inbox import Mailbox
from tests.alerts.test_subscribers_command import Installation, answered, vigie
from tests.support.outbox import NOW, Clocks, enter, event, queue, subscribers, tell, wishes

__all__ = ["vigie"]

SALT = bytes(range(16))
TOPIC = "ntfys://tk_jeton123@push.exemple.test/sujet-a7f3"
FOUND_OUT = re.compile(r"95|cergy|val-d|oise|préfecture|titre|renouvel|rendez|créneau|slot|http|vigie", re.IGNORECASE)


@dataclass
class Elsewhere:
    """The servers of the three services on one port. says: the status of the next answers, 200 after them; a
    redirection leads to itself. waits: not set, no answer comes."""

    port: int = 0
    heard: list[tuple[str, str, Any]] = field(default_factory=list)
    says: list[int] = field(default_factory=list)
    waits: threading.Event = field(default_factory=threading.Event)

    @property
    def ntfy(self) -> str:
        return f"ntfy://tk_jeton123@127.0.0.1:{self.port}/sujet-a7f3"

    @property
    def matrix(self) -> str:
        return f"matrix://jeton-secret@127.0.0.1:{self.port}/!salon:exemple.test"

    def texts(self) -> list[str]:
        """What could be read there, each message once."""
        bodies = [body for _path, _who, body in self.heard if isinstance(body, dict)]
        return [found for one in bodies if (found := one.get("message") or one.get("text") or one.get("body"))]


ANSWERS = {
    "whoami": {"user_id": "@vigie:exemple.test", "device_id": "D1"},
    "join": {"room_id": "!salon:exemple.test"},
    "sendMessage": {"ok": True, "result": {"message_id": 7}},
}


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Elsewhere]:
    kept = Elsewhere()
    kept.waits.set()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            kept.heard.append((self.path, self.headers.get("Authorization", ""), json.loads(body) if body else None))
            told = next((value for name, value in ANSWERS.items() if name in self.path), {"event_id": "$1", "id": "1"})
            kept.waits.wait()
            self.send_response(kept.says.pop(0) if kept.says else 200)
            self.send_header("Location", f"http://127.0.0.1:{kept.port}/ailleurs")
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        do_GET = do_POST = do_PUT = answer

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.port = server.server_port
    monkeypatch.setattr(NotifyTelegram, "notify_url", f"http://127.0.0.1:{kept.port}/bot")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Ways:
    """Channels that keep what they are handed. says: outcomes of the next nudges; mail: of the next messages."""

    says: list[Outcome] = field(default_factory=list)
    mail: list[Outcome] = field(default_factory=list)
    handed: list[tuple[Via, str, Message]] = field(default_factory=list)

    def send(self, channel: Via, address: str, message: Message) -> Outcome:
        self.handed.append((channel, address, message))
        said = self.says if channel == "nudge" else self.mail
        return said.pop(0) if said else Sent()

    def nudged(self) -> int:
        return sum(channel == "nudge" for channel, _address, _message in self.handed)


def with_nudge(people: Subscribers, **more: Any) -> int:
    (number,) = enter(people, 1, **more)
    people.nudges.add(number, "ntfy", TOPIC, SALT, NOW)
    assert people.confirm_nudge(people.nudges.code(number), None, NOW) == number
    return number


def drain(db: sqlite3.Connection, people: Subscribers, clocks: Clocks, ways: Ways, **more: Any) -> None:
    sender = Sender(send=ways.send, head=Letterhead(), attach=lambda _scope, _seq: ())
    deliver(queue(db, people, clocks, **more), sender)


# --- what is said there -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "en", "es", "pt", "ar"])
@pytest.mark.parametrize("channel", ["email", "signal"])
def test_nothing_is_found_out_from_what_is_said_there(language: Any, channel: Any) -> None:
    to = wishes(language=language, channel=channel)
    for message in (nudge(to), nudge_question(to, "ICI-ABCDEFGHIJKLMNOP")):
        assert message.subject == ""
        assert not FOUND_OUT.search(message.text), message.text
        assert message.attachments == ()
    assert len({nudge(wishes(language=one)).text for one in ("fr", "en", "es", "pt", "ar")}) == 5
    assert nudge(wishes()).text == "Regardez votre courriel."


# --- which addresses --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "service"),
    [
        (TOPIC, "ntfy"),
        ("ntfys://push.exemple.test/sujet?token=tk_jeton", "ntfy"),
        ("ntfy://tk_jeton@127.0.0.1:8080/sujet", "ntfy"),
        ("matrixs://jeton@matrix.exemple.test/!abc:exemple.test", "matrix"),
        ("matrixs://nom:jeton@matrix.exemple.test/@moi", "matrix"),
        ("tgram://123456789:abcdefghijklmnopqrstuvwxyz_ABCDE12345/12315544", "telegram"),
    ],
)
def test_the_three_services_are_known(url: str, service: str) -> None:
    assert service_of(url) == service


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ntfys://tk_jeton@ntfy.sh/sujet", "ntfy.sh"),
        ("ntfys://sujet", "one topic"),
        ("ntfys://push.exemple.test/sujet", "one topic"),
        ("ntfys://tk_jeton@push.exemple.test/un/deux", "one topic"),
        ("ntfy://tk_jeton@push.exemple.test/sujet", "ntfys://"),
        ("matrix://jeton@matrix.exemple.test/!abc:exemple.test", "matrixs://"),
        ("matrixs://jeton@matrix.exemple.test/", "one topic"),
        ("tgram://123456789:abcdefghijklmnopqrstuvwxyz_ABCDE12345", "one topic"),
        ("mailto://u:p@exemple.test", "one topic"),
        ("ntfys://tk_jeton@www.val-doise.gouv.fr/sujet", "gouv.fr"),
        ("", "one topic"),
    ],
)
def test_other_places_are_refused_and_not_repeated(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)) as told:
        service_of(url)
    assert "jeton" not in str(told.value)
    assert Notifier().send("nudge", url, nudge(wishes())) == Refused("not an address for a nudge")


# --- handing over -----------------------------------------------------------------------------------------------------


def test_ntfy_gets_the_sentence_and_the_token_alone(elsewhere: Elsewhere) -> None:
    assert Notifier().send("nudge", elsewhere.ntfy, nudge(wishes())) == Sent()
    ((_path, who, body),) = elsewhere.heard
    assert who == "Bearer tk_jeton123"
    assert body["message"] == "Regardez votre courriel."
    assert not FOUND_OUT.search(json.dumps(body, ensure_ascii=False))


def test_matrix_gets_the_sentence_in_its_room(elsewhere: Elsewhere) -> None:
    assert Notifier().send("nudge", elsewhere.matrix, nudge(wishes())) == Sent()
    assert any("/send/m.room.message/" in path for path, _who, _body in elsewhere.heard)
    assert elsewhere.texts() == ["Regardez votre courriel."]


def test_telegram_gets_the_sentence_in_its_chat(elsewhere: Elsewhere) -> None:
    url = "tgram://123456789:abcdefghijklmnopqrstuvwxyz_ABCDE12345/12315544"
    assert Notifier().send("nudge", url, nudge(wishes())) == Sent()
    (body,) = [body for path, _who, body in elsewhere.heard if path.endswith("/sendMessage")]
    assert (body["chat_id"], body["text"].strip()) == (12315544, "Regardez votre courriel.")


@pytest.mark.parametrize("status", [401, 404, 429, 500, 503])
def test_what_is_not_taken_may_be_tried_again(elsewhere: Elsewhere, status: int) -> None:
    elsewhere.says += [status] * 9
    assert isinstance(Notifier().send("nudge", elsewhere.ntfy, nudge(wishes())), Later)


@pytest.mark.parametrize("status", [302, 307])
def test_no_redirection_is_followed_whatever_the_address_asks(elsewhere: Elsewhere, status: int) -> None:
    elsewhere.says += [status]
    sent = Notifier().send("nudge", f"{elsewhere.ntfy}?redirect=yes&verify=no", nudge(wishes()))
    assert isinstance(sent, Later)
    assert len(elsewhere.heard) == 1
    for url in (TOPIC, "matrixs://j:s@m.test/!a:m.test", "tgram://123456789:abcdefghijklmnopqrstuvwxyz_ABCDE12345/1"):
        one = made(f"{url}?redirect=yes&verify=no")
        assert (one.redirects, one.verify_certificate) == (False, True)


def test_a_server_that_hangs_may_have_taken_it_and_is_not_asked_again(elsewhere: Elsewhere) -> None:
    elsewhere.waits.clear()
    try:
        sent = Notifier(timeout=0.5).send("nudge", elsewhere.ntfy, nudge(wishes()))
    finally:
        elsewhere.waits.set()
    assert sent == Unknown("no answer in time")
    assert made(elsewhere.ntfy).socket_read_timeout > TIMEOUT


# --- when -------------------------------------------------------------------------------------------------------------


def test_it_follows_the_message_and_waits_for_it(tmp_path: Path) -> None:
    clocks, ways = Clocks(), Ways(mail=[Later("451")])
    with subscribers(tmp_path) as (db, people):
        with_nudge(people)
        tell(db, [event(1, "slots_open")])
        drain(db, people, clocks, ways)
        assert ways.nudged() == 0  # there is nothing to look at yet
        clocks.forward(timedelta(hours=1))
        drain(db, people, clocks, ways)
        assert [(channel, address) for channel, address, _message in ways.handed[-2:]] == [
            ("email", "p0@exemple.test"), ("nudge", TOPIC),
        ]  # fmt: skip
        drain(db, people, clocks, ways)
        assert ways.nudged() == 1


def test_beside_a_sweep_it_follows_an_opened_slot(tmp_path: Path) -> None:
    ways = Ways()
    with subscribers(tmp_path) as (db, people):
        with_nudge(people)
        tell(db, [event(1, "slots_open"), event(2)])
        drain(db, people, Clocks(), ways, urgent_only=True)
        assert [channel for channel, _address, _message in ways.handed] == ["email", "nudge"]


@pytest.mark.parametrize("outcome", [Later("no"), Refused("no"), Unknown("no answer in time"), Later("no", ours=True)])
def test_one_that_fails_costs_the_message_nothing(tmp_path: Path, outcome: Outcome) -> None:
    clocks, ways = Clocks(), Ways(says=[outcome] * 50)
    with subscribers(tmp_path) as (db, people):
        number = with_nudge(people)
        for day in range(8):
            tell(db, [event(day)], clocks.now())
            for _hour in range(8):
                drain(db, people, clocks, ways)
                clocks.forward(timedelta(hours=3))
        assert people.get(number).to.state == "active"
        assert counts(db) == {"sent": 8}
        held = people.nudges.get(number)
        assert held is not None
        assert held.failing is not None
        ways.says.clear()
        tell(db, [event(99)], clocks.now())
        drain(db, people, clocks, ways)
        held = people.nudges.get(number)
        assert held is not None
        assert held.failing is None


def test_it_is_tried_again_while_it_is_of_use(tmp_path: Path) -> None:
    clocks, ways = Clocks(), Ways(says=[Later("no")] * 99)
    with subscribers(tmp_path) as (db, people):
        with_nudge(people)
        tell(db, [event(1)])
        while clocks.now() < NOW + USEFUL_FOR * 2:
            drain(db, people, clocks, ways)
            clocks.forward(timedelta(minutes=1))
        assert 5 < ways.nudged() < 20
        ways.says.clear()
        drain(db, people, clocks, ways)
        assert ways.handed[-1][0] == "nudge"
        (due,) = db.execute("SELECT due FROM nudge").fetchone()
        assert due is None


def test_a_quiet_time_is_kept(tmp_path: Path) -> None:
    night = {"quiet": (time(9), time(18))}  # NOW is 10:14 in Paris
    clocks, ways = Clocks(), Ways()
    with subscribers(tmp_path) as (db, people):
        number = with_nudge(people, **night)
        people.nudges.wake(number, clocks.now(), urgent=False)
        drain(db, people, clocks, ways)
        assert ways.nudged() == 0
        clocks.forward(timedelta(hours=8))
        drain(db, people, clocks, ways)
        assert ways.nudged() == 1


@pytest.mark.parametrize(("slots_too", "told"), [(False, 1), (True, 0)])
def test_an_opened_slot_knocks_at_night_unless_asked_otherwise(tmp_path: Path, slots_too: bool, told: int) -> None:
    ways = Ways()
    with subscribers(tmp_path) as (db, people):
        with_nudge(people, quiet=(time(9), time(18)), quiet_slots=slots_too)
        tell(db, [event(1, "slots_open")])
        drain(db, people, Clocks(), ways)
        assert ways.nudged() == told


def test_two_senders_knock_once_and_one_that_died_holds_nothing_for_ever(tmp_path: Path) -> None:
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        number = with_nudge(people)
        people.nudges.wake(number, clocks.now(), urgent=True)
        first, second = queue(db, people, clocks), queue(db, people, clocks)
        assert len(first.lease("nudge", 4)) == 1
        assert second.lease("nudge", 4) == []
        clocks.forward(HELD)
        (parcel,) = second.lease("nudge", 4)
        people.nudges.wake(number, clocks.now(), urgent=False)  # a message more, while it is under way
        second.settle(parcel, Sent())
        assert len(second.lease("nudge", 4)) == 1


def test_a_clock_set_back_keeps_none_waiting_for_years(tmp_path: Path) -> None:
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        number = with_nudge(people)
        people.nudges.wake(number, clocks.now() + timedelta(days=900), urgent=False)
        assert len(queue(db, people, clocks).lease("nudge", 4)) == 1


# --- who --------------------------------------------------------------------------------------------------------------


def test_nothing_knocks_before_its_code_came_back(tmp_path: Path) -> None:
    ways = Ways()
    with subscribers(tmp_path) as (db, people):
        (number,) = enter(people, 1)
        people.nudges.add(number, "ntfy", TOPIC, SALT, NOW)
        tell(db, [event(1, "slots_open")])
        drain(db, people, Clocks(), ways)
        assert [channel for channel, _address, _message in ways.handed] == ["email"]
        assert people.confirm_nudge("ICI-AAAAAAAAAAAAAAAA", None, NOW) is None
        late = NOW + ANSWER_WITHIN + timedelta(minutes=1)
        assert people.confirm_nudge(people.nudges.code(number), None, late) is None
        assert people.nudges.get(number) is None


def test_the_code_is_heard_in_a_subject_and_within_an_answer(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (_db, people):
        first, second = enter(people, 2)
        for number in (first, second):
            people.nudges.add(number, "ntfy", TOPIC, bytes([number] * 16), NOW)
        ticket = people.ticket(first, "abc")
        heard = answer(Mailbox([f"Re: {people.nudges.code(first)}"], [ticket]), people, "t", NOW)
        assert (heard.nudged, heard.confirmed, heard.stopped) == ((first,), (), ())

        box = Mailbox(["Re: Créneau affiché"], [people.ticket(second, "abc")], ["Voici :", people.nudges.code(second)])
        assert answer(box, people, "t", NOW).nudged == (second,)
        assert box.seen == ["0"]


@pytest.mark.parametrize("where", ["subject", "answer"])
def test_the_code_of_one_is_not_confirmed_by_another_nor_by_a_stranger(tmp_path: Path, where: str) -> None:
    with subscribers(tmp_path) as (_db, people):
        mine, other = enter(people, 2)
        people.nudges.add(mine, "ntfy", TOPIC, SALT, NOW)  # typed wrong: it is the other's topic
        code = people.nudges.code(mine)
        for tickets in ([people.ticket(other, "abc")], []):
            box = Mailbox([code if where == "subject" else "Re: Bonjour"], tickets, [code])
            heard = answer(box, people, "t", NOW)
            assert (heard.nudged, heard.unknown, box.seen) == ((), int(bool(tickets) or where == "subject"), [])
        held = people.nudges.get(mine)
        assert held is not None
        assert held.confirmed is None


def test_the_address_is_kept_encrypted_and_goes_with_the_subscriber(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (db, people):
        for end in ("remove", "erase", "stop", "nudge"):
            number = with_nudge(people)
            with pytest.raises(UsageError):
                people.nudges.remove(number + 1)
            match end:
                case "remove":
                    people.remove(number, NOW)
                case "erase":
                    people.erase(number, NOW)
                case "stop":
                    assert people.stop(people.codes(number)[1], NOW) == number
                case _:
                    people.nudges.remove(number)
            assert db.execute("SELECT count(*) FROM nudge").fetchone() == (0,)
            db.execute("DELETE FROM suppression")
        with_nudge_again = people.add("autre@exemple.test", wishes(), NOW)
        people.nudges.add(with_nudge_again, "ntfy", TOPIC, SALT, NOW)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert b"jeton" not in (tmp_path / "vigie.db").read_bytes()
        people.expire(NOW + timedelta(hours=49))
        assert db.execute("SELECT count(*) FROM nudge").fetchone() == (0,)


def test_it_moves_with_the_subscriber(tmp_path: Path) -> None:
    with subscribers(tmp_path / "old") as (_db, people):
        kept = people.export(with_nudge(people))
    assert kept["nudge"]["address"] == TOPIC
    with subscribers(tmp_path / "new") as (_db, people):
        number = people.restore(json.loads(json.dumps(kept)), NOW)
        assert people.nudges.address(number) == TOPIC
        held = people.nudges.get(number)
        assert held is not None
        assert held.confirmed == NOW


def test_one_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    ways = Ways()
    with subscribers(tmp_path) as (db, people):
        first, second = enter(people, 2)
        for number in (first, second):
            people.nudges.add(number, "ntfy", TOPIC, bytes([number] * 16), NOW)
            people.confirm_nudge(people.nudges.code(number), None, NOW)
        db.execute("UPDATE nudge SET address = x'00' WHERE subscriber = ?", (first,))
        tell(db, [event(1)])
        drain(db, people, Clocks(), ways)
        assert ways.nudged() == 1
        assert counts(db) == {"sent": 2}
        assert people.nudges.readable(first) == ""  # asked with the code, it is refused and the next is asked


# --- the commands -----------------------------------------------------------------------------------------------------


def agreed(vigie: Installation) -> int:
    number = vigie.add()
    vigie.json("subscribers", "confirm", str(number))
    return number


def test_from_its_address_to_the_last_knock(vigie: Installation, elsewhere: Elsewhere) -> None:
    number = agreed(vigie)
    told = vigie.json("subscribers", "nudge", str(number), typed=f"{elsewhere.ntfy}\n")
    assert told == {"number": number, "nudge": {"service": "ntfy", "state": "pending"}}
    vigie.tell(event(1, "slots_open"))
    vigie.json("outbox", "--send")
    (question,) = elsewhere.texts()
    assert vigie("outbox", "--send").returncode == 0
    assert len(elsewhere.texts()) == 1  # once
    (found,) = re.findall(r"ICI-[A-Z2-7]{16}", question)
    slot = vigie.mails()[-1]
    vigie.box.put(3, **answered(slot, f"voici\r\n{found}"))
    assert vigie.json("inbox")["nudged"] == [number]
    assert vigie.json("subscribers", "show", str(number))["nudge"]["state"] == "active"

    vigie.tell(event(2, "slots_open"))
    assert vigie.json("outbox", "--send")["sent"] == {"Sent": 2}
    assert elsewhere.texts()[1:] == ["Look at your e-mail."]
    assert [one["channel"] for one in vigie.json("notify", "--test", str(number))] == [
        f"subscriber {number}", f"nudge of subscriber {number}",
    ]  # fmt: skip

    assert vigie("subscribers", "nudge", str(number), "--remove").returncode == 0
    assert vigie.json("subscribers", "show", str(number))["nudge"] is None
    said = "".join(vigie.said)
    assert "tk_jeton123" not in said
    assert "sujet-a7f3" not in said


def test_by_hand_the_code_is_typed(vigie: Installation, elsewhere: Elsewhere) -> None:
    number = agreed(vigie)
    vigie.json("subscribers", "nudge", str(number), typed=f"{elsewhere.ntfy}\n")
    vigie.json("outbox", "--send")
    (found,) = re.findall(r"ICI-[A-Z2-7]{16}", elsewhere.texts()[0])
    assert vigie("subscribers", "confirm", typed="ICI-AAAAAAAAAAAAAAAA\n").returncode == 64
    assert vigie.json("subscribers", "confirm", typed=f"{found.lower()}\n") == {"number": number}
    assert "nudge: ntfy" in vigie("subscribers", "show", str(number)).stdout


def test_a_wrong_address_is_told_in_one_sentence(vigie: Installation) -> None:
    number = agreed(vigie)
    done = vigie("subscribers", "nudge", str(number), typed="ntfy://tk_x@a.test/b\n")
    assert (done.returncode, done.stderr.count("\n")) == (64, 1)
    assert "ntfys://" in done.stderr
    assert vigie("subscribers", "nudge", "77", typed=f"{TOPIC}\n").returncode == 64
