"""Sending through apprise: what each answer of a mail server or Signal gateway becomes, and what never gets out."""

from __future__ import annotations

import email
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from email.message import Message as Received
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from jsonschema import Draft4Validator

from monitor.alerts.news.events import Event
from monitor.alerts.send.channels import CONNECT, MailAccount, Notifier, SignalAccount, tell
from monitor.alerts.send.outcome import Later, Outcome, Refused, Sent, Unknown, plain
from monitor.alerts.text.message import Message
from monitor.paper.document import Attachment
from tests.support.clock import AT

REDUCED = Path(__file__).parents[1] / "fixtures" / "signal-v2-send.schema.json"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "contracts" / "signal-cli-rest-api.swagger.json"
NUMBER = "+33612345678"
MESSAGE = Message(
    subject="Créneau affiché",
    text="Le texte, à nous : « é »\n" + "mot " * 60 + "\n.\nFin",
    html="<p>Le texte <a href='https://exemple.test/'>là</a></p>",
    headers={"Auto-Submitted": "auto-generated", "List-Unsubscribe": "<mailto:a@exemple.test?subject=STOP-JETON>"},
    attachments=(Attachment("releve.pdf", b"%PDF-1.7\x00\xff", "application/pdf", ""),),
)


class Box:
    """A mail server that answers by the recipient: `r550@…`, `d554@…` after the content, `drop@…` cut after it."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, bytes]] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        answers = {
            "r550": "550 5.1.1 <r550@exemple.test> no such user",
            "r450": "450 4.2.1 <r450@exemple.test> try later",
            "r452": "452 4.2.2 full",
            "policy": "550 5.7.1 not from you",
            "full": "552 5.2.2 full for good",
        }
        name = address.partition("@")[0]
        if name in answers:
            return answers[name]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        name = envelope.rcpt_tos[0].partition("@")[0]
        if name == "d554":
            return "554 5.6.0 content"
        if name == "d451":
            return "451 4.3.0 later"
        self.kept.append((envelope.rcpt_tos[0], envelope.content))
        if name == "drop":
            server.transport.abort()
        return "250 2.0.0 Ok: queued as 4ABC12"


@pytest.fixture
def box() -> Iterator[tuple[Box, Notifier]]:
    handler = Box()
    server = Controller(handler, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        yield handler, Notifier(mail=account(server.port), timeout=60)
    finally:
        server.stop()


def account(port: int) -> MailAccount:
    return MailAccount(
        server="127.0.0.1",
        port=port,
        security="none",
        sender="alerte@exemple.test",
        name="Permanence",
        reply_to="contact@exemple.test",
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def parsed(raw: bytes) -> EmailMessage:
    found: Received = email.message_from_bytes(raw, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def test_nothing_is_sent_to_an_administration_whoever_asks(box: tuple[Box, Notifier]) -> None:
    handler, notifier = box
    refused = Refused("an address of an administration")
    assert notifier.send("email", "pref@val-doise.gouv.fr", MESSAGE) == refused
    event = Event(key="0" * 32, kind="disk_low", at=AT)
    url = f"mailto://127.0.0.1:{notifier.mail.port if notifier.mail else 0}/?from=a@exemple.test&to=b%40Ants.gouv.fr"
    assert tell(url, plain((event,), MESSAGE)) == refused
    assert handler.kept == []


def test_a_mail_arrives_whole_with_our_own_text_and_one_message_id(box: tuple[Box, Notifier]) -> None:
    handler, notifier = box
    assert notifier.send("email", "abonnee@exemple.test", MESSAGE) == Sent("4ABC12")
    ((recipient, raw),) = handler.kept
    got = parsed(raw)
    assert recipient == "abonnee@exemple.test"
    assert got["Subject"] == MESSAGE.subject
    assert got["From"] == "Permanence <alerte@exemple.test>"
    assert got["Reply-To"] == "contact@exemple.test"
    assert got["To"] == "abonnee@exemple.test"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["List-Unsubscribe"] == MESSAGE.headers["List-Unsubscribe"]
    (number,) = got.get_all("Message-ID", [])
    assert number.strip().endswith("@exemple.test>")
    text, html = got.get_body(("plain",)), got.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n").rstrip("\n") == MESSAGE.text
    assert html.get_content().strip() == MESSAGE.html
    (attached,) = got.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("releve.pdf", "application/pdf")
    assert attached.get_content() == MESSAGE.attachments[0].data
    assert max(map(len, raw.split(b"\r\n"))) <= 998  # RFC 5322, 2.1.1


def test_the_sender_has_its_name_as_it_is_written(box: tuple[Box, Notifier]) -> None:
    handler, notifier = box
    assert notifier.mail is not None
    for name in ("Veille des préfectures", "Veille + relevé (95)", "L'Aide, « ici »", ""):
        named = Notifier(mail=replace(notifier.mail, name=name), timeout=60)
        assert isinstance(named.send("email", "abonnee@exemple.test", MESSAGE), Sent)
        (sender,) = parsed(handler.kept[-1][1])["From"].addresses
        assert (sender.display_name, sender.addr_spec) == (name, "alerte@exemple.test")


@pytest.mark.parametrize(
    "address", ["o'neil@exemple.test", "a+b@exemple.test", "x&y%z=1@exemple.test", "!#$*/?^`{|}~@a.fr"]
)
def test_an_address_is_written_to_as_it_is(box: tuple[Box, Notifier], address: str) -> None:
    handler, notifier = box
    assert isinstance(notifier.send("email", address, MESSAGE), Sent)
    ((to, raw),) = handler.kept
    assert to == address
    assert parsed(raw)["To"] == address


def test_the_same_parcel_twice_is_one_message_and_another_persons_is_another(box: tuple[Box, Notifier]) -> None:
    handler, notifier = box
    told = replace(MESSAGE, headers={**MESSAGE.headers, "X-Vigie-Reference": "a1" * 16})
    other = replace(MESSAGE, headers={**MESSAGE.headers, "X-Vigie-Reference": "b2" * 16})
    sent = [("a", told), ("a", told), ("b", told), ("a", other), ("a", MESSAGE), ("a", MESSAGE)]
    for name, message in sent:
        assert isinstance(notifier.send("email", f"{name}@exemple.test", message), Sent)
    found = [str(parsed(raw)["Message-ID"]) for _to, raw in handler.kept]
    assert found[0] == found[1]
    assert len(set(found)) == 5
    assert all(one.endswith("@exemple.test>") for one in found)


def test_a_letter_names_its_list_and_its_subject_is_plain_where_it_can_be(box: tuple[Box, Notifier]) -> None:
    handler, notifier = box
    for subject in ("Slot shown: Val-d'Oise", "Créneau affiché"):
        assert isinstance(notifier.send("email", "a@exemple.test", replace(MESSAGE, subject=subject)), Sent)
    plain, accented = (raw for _to, raw in handler.kept)
    assert b"\nSubject: Slot shown: Val-d'Oise\r\n" in b"\n" + plain
    assert parsed(accented)["Subject"] == "Créneau affiché"
    assert parsed(plain)["List-Id"] == "<vigie.exemple.test>"


def test_a_server_that_refuses_at_the_word_data_has_certainly_not_taken_it() -> None:
    class NoData(SMTP):
        async def smtp_DATA(self, arg: str) -> None:
            await self.push("554 5.5.1 no valid recipients")

    class Refusing(Controller):
        def factory(self) -> SMTP:
            return NoData(self.handler, **self.SMTP_kwargs)

    server = Refusing(Box(), hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        outcome = Notifier(mail=account(server.port), timeout=60).send("email", "a@exemple.test", MESSAGE)
    finally:
        server.stop()
    assert outcome == Later("554 5.5.1", firm=True)


def test_a_refused_login_is_our_own_fault(box: tuple[Box, Notifier]) -> None:
    """It offers no login at all: a message would be refused as well."""
    _handler, notifier = box
    assert notifier.mail is not None
    for wrong in (replace(notifier.mail, user="x", password="y"), replace(notifier.mail, security="starttls")):
        outcome = Notifier(mail=wrong, timeout=60).send("email", "a@exemple.test", MESSAGE)
        assert isinstance(outcome, Later)
        assert outcome.ours


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("r550", Refused("550 5.1.1")),
        ("r450", Later("450 4.2.1")),
        ("r452", Later("452 4.2.2")),
        ("policy", Later("550 5.7.1", firm=True)),
        ("full", Later("552 5.2.2", firm=True)),
        ("d554", Later("554 5.6.0", firm=True)),
        ("d451", Later("451 4.3.0")),
    ],
)
def test_a_reply_code_becomes_an_outcome(box: tuple[Box, Notifier], name: str, outcome: Outcome) -> None:
    handler, notifier = box
    assert notifier.send("email", f"{name}@exemple.test", MESSAGE) == outcome
    assert not handler.kept


def test_a_line_cut_after_the_content_is_unknown(box: tuple[Box, Notifier]) -> None:
    handler, notifier = box
    assert isinstance(notifier.send("email", "drop@exemple.test", MESSAGE), Unknown)
    assert len(handler.kept) == 1


@pytest.mark.parametrize("address", ["pas une adresse", "é@exemple.test", "a@exemple.test\r\nBcc: b@exemple.test", ""])
def test_what_is_no_address_is_refused_and_nothing_leaves(box: tuple[Box, Notifier], address: str) -> None:
    handler, notifier = box
    assert notifier.send("email", address, MESSAGE) == Refused("not an e-mail address")
    assert not handler.kept


def test_a_server_that_is_not_there_is_later() -> None:
    assert isinstance(Notifier(mail=account(free_port())).send("email", "a@exemple.test", MESSAGE), Later)


@contextmanager
def silent() -> Iterator[int]:
    """A server that accepts and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(8)
        yield int(server.getsockname()[1])


def test_a_hanging_mail_server_costs_the_time_out_and_is_later() -> None:
    with silent() as port:
        began = time.monotonic()
        outcome = Notifier(mail=account(port), timeout=0.3).send("email", "a@exemple.test", MESSAGE)
        assert outcome == Later("no answer in time")  # nothing had begun to leave, and now nothing will
        assert time.monotonic() - began < CONNECT, "smtplib alone would wait that long"


def test_many_hanging_messages_of_one_channel_hold_up_no_other(box: tuple[Box, Notifier]) -> None:
    """With apprise's own pool of CPU + 4 threads, the mail waited for Signal's time-outs (seen with 2.2.0)."""
    _handler, mail = box
    with silent() as port:
        hanging = Notifier(signal=signal_account(port), timeout=40)
        threads = [threading.Thread(target=hanging.send, args=("signal", NUMBER, MESSAGE)) for _ in range(40)]
        for thread in threads:
            thread.start()
        began = time.monotonic()
        assert isinstance(mail.send("email", "a@exemple.test", MESSAGE), Sent)
        assert time.monotonic() - began < 30, "the others hang for 40 s"
        assert any(thread.is_alive() for thread in threads)
    for thread in threads:
        thread.join()


def test_threads_do_not_mix_their_answers(box: tuple[Box, Notifier]) -> None:
    _handler, notifier = box
    names = ["r550", "ok", "r452", "d554"] * 4
    found: dict[int, Outcome] = {}

    def one(index: int) -> None:
        found[index] = notifier.send("email", f"{names[index]}@exemple.test", MESSAGE)

    threads = [threading.Thread(target=one, args=(index,)) for index in range(len(names))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = {
        "r550": Refused("550 5.1.1"),
        "ok": Sent("4ABC12"),
        "r452": Later("452 4.2.2"),
        "d554": Later("554 5.6.0", firm=True),
    }
    assert found == {index: expected[name] for index, name in enumerate(names)}


# --- Signal ----------------------------------------------------------------------------------------------------------


class Gateway(BaseHTTPRequestHandler):
    seen: list[dict[str, Any]]
    answer: tuple[int, str]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append({"path": self.path, **body})
        code, text = self.answer
        if code == 0:
            self.close_connection = True
            return
        self.send_response(code)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@contextmanager
def gateway(code: int, text: str) -> Iterator[tuple[type[Gateway], Notifier]]:
    handler = type("One", (Gateway,), {"seen": [], "answer": (code, text)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield handler, Notifier(signal=signal_account(server.server_port), timeout=60)
    finally:
        server.shutdown()
        server.server_close()


def signal_account(port: int) -> SignalAccount:
    return SignalAccount(host="127.0.0.1", port=port, secure=False, number="+33600000001")


def contract() -> list[dict[str, Any]]:
    schemas = [json.loads(REDUCED.read_text(encoding="utf-8"))]
    if SHARED.is_file():
        definitions = json.loads(SHARED.read_text(encoding="utf-8"))["definitions"]
        definitions["api.SendMessageV2"]["additionalProperties"] = False
        schemas.append({"$ref": "#/definitions/api.SendMessageV2", "definitions": definitions})
    return schemas


@pytest.mark.parametrize("address", [NUMBER, "pseudo.42"])
def test_a_signal_request_keeps_the_contract_and_the_file_names(address: str) -> None:
    with gateway(201, '{"timestamp":"1763971200000"}') as (seen, notifier):
        assert notifier.send("signal", address, MESSAGE) == Sent("1763971200000")
    (request,) = seen.seen
    assert request.pop("path") == "/v2/send"
    for schema in contract():
        Draft4Validator(schema).validate(request)
    assert request["recipients"] == [address]
    assert request["message"] == f"{MESSAGE.subject}\n\n{MESSAGE.text}"
    (attached,) = request["base64_attachments"]
    assert attached.startswith("data:application/pdf;filename=releve.pdf;base64,")


@pytest.mark.parametrize(
    ("code", "text", "outcome"),
    [
        (400, '{"error":"Unregistered user \\"+33612345678\\""}', Refused),
        (400, '{"error":"Specified account does not exist"}', Later),
        (400, '{"error":"rate limit","challenge_tokens":["t"]}', Later),
        (400, '{"error":"bad attachment"}', Later),
        (429, "{}", Unknown),
        (500, "{}", Later),
        (0, "", Unknown),
    ],
)
def test_an_answer_of_the_gateway_becomes_an_outcome(code: int, text: str, outcome: type[Outcome]) -> None:
    with gateway(code, text) as (_seen, notifier):
        found = notifier.send("signal", NUMBER, MESSAGE)
    assert isinstance(found, outcome)
    assert NUMBER not in repr(found)


def test_a_signal_time_out_is_unknown_and_no_gateway_is_later() -> None:
    with silent() as port:
        assert isinstance(Notifier(signal=signal_account(port), timeout=0.3).send("signal", NUMBER, MESSAGE), Unknown)
    assert isinstance(Notifier(signal=signal_account(free_port())).send("signal", NUMBER, MESSAGE), Later)


@pytest.mark.parametrize("address", ["@group.abc", "group.abc", "nobody", "", "+33600000001"])
def test_groups_and_ourselves_are_no_signal_address(address: str) -> None:
    with gateway(201, "{}") as (seen, notifier):
        assert isinstance(notifier.send("signal", address, MESSAGE), Refused)
    assert not seen.seen


# --- what never gets out ---------------------------------------------------------------------------------------------


def test_no_address_token_or_password_reaches_a_log_or_an_outcome(
    box: tuple[Box, Notifier], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    _handler, notifier = box
    caplog.set_level(logging.NOTSET)
    outcomes = [notifier.send("email", f"{name}@exemple.test", MESSAGE) for name in ("abonnee", "r550", "drop")]
    with gateway(400, '{"error":"Unregistered user +33612345678"}') as (_seen, other):
        outcomes.append(other.send("signal", NUMBER, MESSAGE))
    printed = capfd.readouterr()
    ours = "".join(r.getMessage() + str(r.exc_info) for r in caplog.records if r.name not in ("mail.log", "mail.debug"))
    written = ours + printed.out + printed.err + repr(outcomes)
    for secret in ("abonnee", "r550@", "drop@", "12345678", "JETON"):
        assert secret not in written


def test_an_opened_slot_never_goes_to_a_plain_address() -> None:
    opened = Event(key="0" * 32, kind="slots_open", at=AT)
    failing = Event(key="1" * 32, kind="disk_low", at=AT)
    for events in ((opened,), (failing, opened), ()):
        with pytest.raises(ValueError, match="plain address"):
            plain(events, MESSAGE)
    with gateway(200, "ok") as (seen, notifier):
        assert notifier.signal is not None
        url = f"json://127.0.0.1:{notifier.signal.port}/hook"
        assert tell(url, plain((failing,), MESSAGE)) == Sent()
    assert seen.seen[0]["title"] == MESSAGE.subject
