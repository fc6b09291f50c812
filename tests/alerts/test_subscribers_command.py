"""A subscriber's way through the commands, with a mail server and a mailbox on loopback; no address on the way."""

from __future__ import annotations

import json
import logging
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from monitor.alerts.news.events import SUBSCRIBER_KINDS
from monitor.alerts.send.outbox import Operator
from monitor.catalogue.catalogue import Catalogue
from monitor.fetch.clock import SystemClock
from monitor.run.accounts import register
from monitor.run.alerting import Alerting
from monitor.settings.settings import load
from tests.alerts.test_notify import Box as MailServer
from tests.alerts.test_notify import free_port
from tests.support.commands import Vigie, called, environment, settings
from tests.support.imap import PASSWORD, USER, Box, mailbox
from tests.support.outbox import event, tell

NOTHING_HEARD = {"confirmed": [], "stopped": [], "nudged": [], "unknown": 0, "unclear": 0, "came": 0, "refused": []}
SEED = "graine.a7f3@exemple.test"
CONFIG = """\
[operator]
name = "Permanence"
contact = "ops@exemple.test"
[mail]
server = "127.0.0.1"
port = {smtp}
security = "none"
sender = "alerte@exemple.test"
[inbox]
server = "127.0.0.1"
port = {imap}
user = "alerte@exemple.test"
password = {{ env = "IMAP_PASSWORD" }}
[timestamps]
presets = []
"""


@dataclass
class Installation:
    folder: Path
    mail: MailServer
    box: Box
    said: list[str]

    def __call__(self, *words: str, typed: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        own = ("--config", str(self.folder / "monitor.toml"), "--data", str(self.folder / "data"), "--lang", "en")
        secrets = environment(IMAP_PASSWORD=PASSWORD, SSL_CERT_FILE=str(self.box.ca_file))
        done = called([*words, *own], secrets | env, typed)
        if words[:2] != ("subscribers", "export"):
            self.said.append(done.stdout + done.stderr)
        return done

    def json(self, *words: str, typed: str = "") -> Any:
        done = self(*words, "--json", typed=typed)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def add(self, address: str = SEED, *words: str) -> int:
        return int(self.json("subscribers", "add", "--prefecture", "95", *words, typed=f"{address}\n")["number"])

    def mails(self) -> list[Any]:
        return [message_from_bytes(raw, policy=policy.default) for _to, raw in self.mail.kept]

    def tell(self, *events: Any) -> None:
        chosen = load(str(self.folder / "monitor.toml"), str(self.folder / "data"), {}, self.folder)
        with register(chosen) as (db, _people):
            tell(db, events, operator=Operator(mail="ops@exemple.test"))


@pytest.fixture
def vigie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    monkeypatch.setenv("IMAP_PASSWORD", PASSWORD)
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with mailbox(tmp_path) as box:
            config = CONFIG.format(smtp=controller.port, imap=box.port)
            (tmp_path / "monitor.toml").write_text(config, encoding="utf-8")
            yield Installation(tmp_path, server, box, [])
    finally:
        controller.stop()


def code(mail: Any, word: str) -> str:
    text = mail.get_body(("plain",)).get_content()
    return next(part for part in str(text).split() if part.startswith(f"{word}-"))


def test_from_the_question_to_the_last_word(vigie: Installation) -> None:
    number = vigie.add()
    vigie.tell(event(1, "slots_open"))
    assert vigie("outbox", "--send").returncode == 0
    assert vigie("outbox", "--send").returncode == 0
    (question,) = vigie.mails()  # nothing but the question, and once
    assert (question["To"], question["Subject"]) == (SEED, "Confirm whether you want these messages")
    assert "95" not in question["Subject"]

    yes, stop = code(question, "OUI"), code(question, "STOP")
    vigie.box.put(4, "Bonjour")
    vigie.box.put(7, f"Re: {yes}")
    vigie.box.put(9, "=?utf-8?q?R=C3=A9ponse_OUI-ABCDEFGHIJKLMNOP?=")
    assert vigie.json("inbox") == {**NOTHING_HEARD, "confirmed": [number], "unknown": 1}
    assert vigie.box.seen == {7}
    assert vigie.json("subscribers", "show", str(number))["state"] == "active"

    vigie.tell(event(2, "slots_open"), event(3), event(4))
    shown = vigie.json("outbox")
    assert {(one["subscriber"], one["kind"]) for one in shown["waiting"]} == {
        (number, "slots_open"), (number, "pan_changed")
    }  # fmt: skip
    assert vigie.json("outbox", "--send")["sent"] == {"Sent": 2}
    slot, rest = vigie.mails()[1:]
    assert (slot["To"], rest["To"]) == (SEED, SEED)
    assert slot["List-Unsubscribe"] == f"<mailto:{USER}?subject={stop}>"

    vigie.box.put(11, f"stop: {stop.lower()}")
    assert vigie.json("inbox")["stopped"] == [number]
    assert vigie.json("subscribers", "list") == []
    vigie.tell(event(5, "slots_open"))
    assert vigie.json("outbox", "--send")["sent"] == {}
    assert "--again" in vigie("subscribers", "add", "--prefecture", "95", typed=SEED).stderr


def test_no_trial_reaches_who_has_not_said_yes(vigie: Installation) -> None:
    number = vigie.add()
    assert vigie("notify", "--test", str(number)).returncode == 64
    assert vigie.mails() == []


def test_nothing_is_read_but_what_may_be_an_answer(vigie: Installation) -> None:
    """No sender ever; no body but that of an answer to a message of ours."""
    vigie.box.put(1, "OUI-ABCDEFGHIJKLMNOP", "secret")
    vigie.box.put(2, "Bonjour", "secret")
    vigie.box.put(3, "Re: autre chose", "oui", In_Reply_To="<vigie.0123456789ab.1.aaaaaaaaaaaaaaaa@exemple.test>")
    assert vigie.json("inbox")["unclear"] == 0, "what answers none of ours is not counted among answers"
    fetched = [one for one in vigie.box.asked if "FETCH" in one]
    assert [one.split()[2] for one in fetched] == ["1", "3"]
    assert all("BODY.PEEK[HEADER.FIELDS (SUBJECT" in one and "FROM" not in one for one in fetched)
    assert vigie.box.seen == set()


UTF8 = {"Content_Type": "text/plain; charset=utf-8"}


def answered(mail: Any, text: str, **more: str) -> dict[str, str]:
    """What a mail program writes beside an answer to `mail`."""
    return {"subject": f"Re: {mail['Subject']}", "body": text, "In_Reply_To": mail["Message-ID"], **UTF8, **more}


def test_a_plain_answer_is_enough_to_agree_and_to_leave(vigie: Installation) -> None:
    number = vigie.add()
    assert vigie("outbox", "--send").returncode == 0
    (question,) = vigie.mails()
    assert question["Reply-To"] == USER
    quoted = "Oui, merci !\r\n\r\nLe lun. 30 nov. 2026, la veille a écrit :\r\n> Pour refuser : STOP"
    vigie.box.put(1, **answered(question, "Je suis absent jusqu'au 5.", Auto_Submitted="auto-replied"))
    vigie.box.put(2, **answered(question, "oui mais pas tout de suite"))
    assert vigie.json("inbox") == {**NOTHING_HEARD, "unclear": 1}
    vigie.box.put(3, **answered(question, quoted))
    assert vigie.json("inbox")["confirmed"] == [number]
    vigie.box.put(5, **answered(question, "Oui"))  # pressed twice
    assert vigie.json("inbox") == {**NOTHING_HEARD, "unclear": 1}
    vigie.tell(event(2, "slots_open"))
    assert vigie.json("outbox", "--send")["sent"] == {"Sent": 1}
    slot = vigie.mails()[-1]
    vigie.box.put(4, **answered(slot, "Arrêt"))
    assert vigie.json("inbox")["stopped"] == [number]
    assert vigie.box.seen == {3, 4, 5}


def test_an_answer_is_known_by_its_address_too_where_the_mailbox_takes_it(vigie: Installation) -> None:
    config = vigie.folder / "monitor.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("[inbox]", "[inbox]\nplus = true"), encoding="utf-8")
    number = vigie.add()
    assert vigie("outbox", "--send").returncode == 0
    (question,) = vigie.mails()
    local, _at, domain = question["Reply-To"].rpartition("@")
    assert local.startswith(f"{USER.partition('@')[0]}+vigie.")
    assert len(local) <= 64  # RFC 5321, 4.5.3.1.1
    vigie.box.put(1, "Oui", To=f"{local}@{domain}")
    assert vigie.json("inbox")["confirmed"] == [number]


def test_a_mailbox_that_is_not_ours_or_not_trusted_is_one_sentence_without_its_user(vigie: Installation) -> None:
    for env in ({"IMAP_PASSWORD": "wrong"}, {"SSL_CERT_FILE": "/etc/hostname"}):
        done = vigie("inbox", **env)
        assert done.returncode == 69
        assert done.stderr.count("\n") == 1
        assert USER not in done.stderr


def test_no_address_or_code_is_written_anywhere(vigie: Installation) -> None:
    """One grep over what commands print, every byte of the data folder, and a backup."""
    number = vigie.add(SEED, "--quiet", "22:00-07:00", "--cadence", "weekly")
    other = vigie.add("r550@exemple.test")
    vigie("outbox", "--send")
    yes, stop = code(vigie.mails()[0], "OUI"), code(vigie.mails()[0], "STOP")
    vigie("subscribers", "confirm", typed=f"{yes}\n")
    vigie("subscribers", "confirm", str(other))
    vigie.tell(event(1, "slots_open"), event(2))
    for words in (
        ("outbox", "--send"), ("outbox", "--send", "--json"), ("outbox",), ("subscribers", "list"),
        ("subscribers", "show", str(number)), ("notify", "--test", str(number)), ("notify", "--test", str(other)),
        ("subscribers", "add", "--prefecture", "95"), ("subscribers", "show"), ("inbox", "-v"),
        ("backup", str(vigie.folder / "backup")), ("doctor",), ("config",),
    ):  # fmt: skip
        vigie(*words, typed=f"{SEED}\n")
    assert any(f"{number}" in one for one in vigie.said)
    assert vigie.json("subscribers", "show", str(other))["state"] == "suspended"
    written = "\n".join(vigie.said).encode()
    folders = (vigie.folder / "data", vigie.folder / "backup")
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert any(path.name == "vigie.db" for path in files)
    written += b"\n".join(path.read_bytes() for path in files)
    for secret in (SEED, SEED.partition("@")[0], "r550", yes, stop, yes[4:], stop[5:], PASSWORD):
        assert secret.encode() not in written
        assert secret.lower().encode() not in written


def test_what_cannot_be_asked_for_is_said_before_anything_is_kept(vigie: Installation) -> None:
    def refused(*words: str, typed: str = SEED) -> str:
        done = vigie("subscribers", "add", *words, typed=typed)
        assert done.returncode == 64
        return done.stderr

    assert "2 préfectures at most" in refused("--prefecture", "95", "--prefecture", "93", "--prefecture", "92")
    assert "nearest" in refused("--prefecture", "atlantide") or "called" in refused("--prefecture", "atlantide")
    assert "--quiet" in refused("--prefecture", "95", "--quiet", "22:00")
    assert "administration" in refused("--prefecture", "95", typed="pref@val-doise.gouv.fr")
    refused("--prefecture", "95", "--procedure", "renewall")
    refused("--prefecture", "95", typed="")
    refused("--prefecture", "95", SEED)  # an address on the command line is not even an argument
    assert vigie.json("subscribers", "list") == []


def test_what_is_shown_is_in_words(vigie: Installation) -> None:
    assert vigie("subscribers", "list").stdout == "nobody has subscribed\n"
    number = vigie.add("+33 6 12 34 56 78", "--channel", "signal", "--cadence", "daily", "--quiet", "22:00-07:00")
    assert "not confirmed" in vigie("subscribers", "list").stdout
    done = vigie("outbox", "--send")  # no [signal] is set
    assert (done.returncode, "sent just now: 0 of 1" in done.stdout) == (3, True)
    assert json.loads(done.stderr)["event"] == "question_not_taken"
    assert vigie.json("outbox")["unasked"] == 1
    assert "did not leave yet: 1" in vigie("outbox").stdout
    found = vigie("subscribers", "show", typed="06.12.34.56.78\n").stdout  # found however it is typed
    assert (f"number: {number}\n" in found, "confirmed: -" in found) == (True, True)
    vigie("subscribers", "confirm", str(number))
    vigie.tell(event(2))
    assert "still to be told: 1" in vigie("outbox").stdout


def test_every_kind_of_event_can_be_asked_for(vigie: Installation) -> None:
    words = [word for kind in SUBSCRIBER_KINDS for word in ("--kind", kind)]
    assert vigie.json("subscribers", "show", str(vigie.add(SEED, *words)))["kinds"] == list(SUBSCRIBER_KINDS)


def test_pause_export_import_and_erase(vigie: Installation) -> None:
    number = vigie.add(SEED, "--procedure", "renewal", "--kind", "slots_open", "--no-log")
    assert vigie("subscribers", "pause", str(number)).returncode == 64  # nobody to pause before consent
    vigie("subscribers", "confirm", str(number))
    assert vigie.json("subscribers", "pause", str(number)) == {"number": number}
    exported = vigie("subscribers", "export", str(number)).stdout
    (kept,) = json.loads(exported)
    assert (kept["address"], kept["state"], kept["wishes"]["attach"]) == (SEED, "paused", False)
    vigie("subscribers", "erase", str(number))
    assert vigie("subscribers", "show", str(number)).returncode == 64

    done = vigie("subscribers", "import", typed=json.dumps([kept, {"address": "x"}, 7, {**kept, "address": "b@c.fr"}]))
    assert done.returncode == 65
    assert "entry 1" in done.stderr  # who was erased is not taken in again
    assert "entry 2" in done.stderr
    (moved,) = vigie.json("subscribers", "list")
    assert (moved["state"], moved["confirmed"]) == ("paused", kept["consent"]["at"][:19] + "+00:00")
    assert vigie("subscribers", "import", typed="no JSON").returncode == 64
    vigie("subscribers", "pause", "--resume", str(moved["number"]))
    assert vigie.json("subscribers", "show", str(moved["number"]))["state"] == "active"


def test_at_the_end_of_a_run_a_mailbox_that_fails_stops_no_message(
    vigie: Installation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setattr(logging.getLogger("vigie"), "propagate", True)
    chosen = load(str(vigie.folder / "monitor.toml"), str(vigie.folder / "data"), {}, vigie.folder)
    assert Alerting(chosen, Catalogue(()), SystemClock()).send() == {}
    assert not chosen.data.exists()
    number = vigie.add()
    assert Alerting(chosen, Catalogue(()), SystemClock()).send() == {"Sent": 1}
    assert [one.__dict__["event"] for one in caplog.records if one.name == "vigie"] == ["inbox_failed"]
    monkeypatch.setenv("SSL_CERT_FILE", str(vigie.box.ca_file))
    vigie("subscribers", "confirm", str(number))
    vigie.tell(event(1, "slots_open"))
    vigie.box.put(1, code(vigie.mails()[0], "STOP"))
    assert Alerting(chosen, Catalogue(()), SystemClock()).send() == {}  # stop was heard first
    assert len(vigie.mails()) == 1


def test_a_lost_key_is_said_and_no_other_is_made(vigie: Installation) -> None:
    vigie.add()
    key = vigie.folder / "data" / "keys" / "addresses"
    held = key.read_bytes()
    key.unlink()
    for words in (("subscribers", "export"), ("outbox", "--send")):
        done = vigie(*words)
        assert (done.returncode, done.stderr.count("\n")) == (74, 1), done.stderr
    assert not key.exists()
    key.write_bytes(held)
    assert vigie("subscribers", "export").returncode == 0


@pytest.mark.parametrize(
    ("channel", "typed", "table"), [("email", SEED, "[mail]"), ("signal", "+33612345678", "[signal]")]
)
def test_where_nothing_can_leave_that_is_said(tmp_path: Path, channel: str, typed: str, table: str) -> None:
    vigie = Vigie(tmp_path / "data", settings(tmp_path))
    words = ("subscribers", "add", "--prefecture", "95", "--channel", channel, "--lang", "en")
    done = called([*words, "--config", str(vigie.config), "--data", str(vigie.data)], environment(), f"{typed}\n")
    assert (done.returncode, done.stderr.count("\n")) == (0, 0)
    assert f"nothing can leave, since no {table} is set" in done.stdout
    assert "48 hours" in done.stdout
    assert "leaves with the next" not in done.stdout
