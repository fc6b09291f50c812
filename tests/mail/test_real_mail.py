"""Alerts through real postfix, opendkim and dovecot: TLS, AUTH, a signature that verifies, real refusals, speed."""

from __future__ import annotations

import email
import imaplib
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import dkim
import pytest

from monitor.alerts.people.subscriptions import Subscription
from monitor.alerts.send.channels import MailAccount, Notifier
from monitor.alerts.send.deliver import Sender, deliver
from monitor.alerts.send.outcome import Later, Refused, Sent
from monitor.alerts.text.compose import Letterhead, compose
from monitor.alerts.text.message import Message
from monitor.alerts.text.samples import OFFICES, sample
from monitor.paper.document import Attachment
from tests.alerts.test_deliver import Parcel, Queue
from tests.mail.server import DOMAIN, PASSWORD, MailServer, missing, running

pytestmark = [pytest.mark.mail, pytest.mark.skipif(bool(missing()), reason=missing())]

HEAD = Letterhead(operator="Permanence", contact=f"contact@{DOMAIN}", mailbox=f"alerte@{DOMAIN}", offices=OFFICES)
TO = Subscription(id=1, channel="email", state="active", prefectures=("95",))
PDF = Attachment("relevé.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 200, "application/pdf", "")


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with (
        tempfile.TemporaryDirectory(prefix="vigie-mail-", dir="/tmp") as folder,  # socket paths must stay short
        running(Path(folder)) as started,
    ):
        yield started


@pytest.fixture
def account(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> MailAccount:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.ca))
    return MailAccount(
        server="localhost",
        port=server.smtp,
        security="starttls",
        user="alerte",
        password=PASSWORD,
        sender=f"alerte@{DOMAIN}",
        name="Permanence",
        reply_to=f"contact@{DOMAIN}",
    )


def alert() -> Message:
    return compose([sample("slots_open")], TO, HEAD, stop="STOP-ABCD", reference="ref-1", attachments=(PDF,))


def parsed(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def test_an_alert_arrives_signed_with_its_file(server: MailServer, account: MailAccount) -> None:
    outcome = Notifier(mail=account).send("email", f"abonnee@{DOMAIN}", alert())
    assert isinstance(outcome, Sent)
    assert re.fullmatch(r"[A-Za-z0-9]+", outcome.reference)
    (raw,) = server.received("abonnee")
    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: server.dkim.encode())
    got = parsed(raw)
    signed = re.search(r"\bh=([^;]*)", re.sub(r"\s", "", str(got["DKIM-Signature"])))
    assert signed is not None
    assert {"list-unsubscribe", "message-id", "auto-submitted"} <= set(signed[1].lower().split(":"))
    assert len(got.get_all("Message-ID", [])) == 1
    assert got["X-Vigie-Reference"] == "ref-1"
    assert str(got["Subject"]).startswith("SIMULATION - Créneau affiché")
    (attached,) = got.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("releve.pdf", PDF.data)
    box = imaplib.IMAP4("127.0.0.1", server.imap)
    box.login("abonnee", PASSWORD)
    assert box.select("INBOX") == ("OK", [b"1"])
    box.logout()


def test_an_apostrophe_and_a_plus_in_an_address_arrive(server: MailServer, account: MailAccount) -> None:
    named = replace(account, name="Veille des préfectures")
    assert isinstance(Notifier(mail=named).send("email", f"o'neil@{DOMAIN}", alert()), Sent)
    (raw,) = server.received("o'neil")
    assert parsed(raw)["From"] == f"Veille des préfectures <alerte@{DOMAIN}>"


def test_a_parcel_sent_twice_is_one_message(server: MailServer, account: MailAccount) -> None:
    for _time in range(2):
        assert isinstance(Notifier(mail=account).send("email", f"deux@{DOMAIN}", alert()), Sent)
    first, second = (parsed(raw) for raw in server.received("deux", 2))
    assert first["Message-ID"] == second["Message-ID"]
    assert first["List-Id"] == f"<vigie.{DOMAIN}>"


def test_real_refusals_and_real_delays(account: MailAccount) -> None:
    notifier = Notifier(mail=account)
    assert notifier.send("email", f"inconnu@{DOMAIN}", alert()) == Refused("550 5.1.1")
    assert notifier.send("email", f"plein@{DOMAIN}", alert()) == Later("452 4.2.2")


def test_our_own_wrong_settings_suspend_nobody(account: MailAccount) -> None:
    for wrong in (
        replace(account, password="faux"),
        replace(account, server="127.0.0.2"),
        replace(account, security="none"),
    ):
        assert isinstance(Notifier(mail=wrong, timeout=20).send("email", f"abonnee@{DOMAIN}", alert()), Later)


def test_a_certificate_nobody_vouches_for_is_not_accepted(
    account: MailAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert isinstance(Notifier(mail=account).send("email", f"abonnee@{DOMAIN}", alert()), Later)


def test_a_crowd_is_handed_over_once_each(server: MailServer, account: MailAccount) -> None:
    """How long it takes is measured by `python -m bench.alerts`."""

    def attach(scope: str, seq: int | None) -> Sequence[Attachment]:
        return (PDF,)

    queue = Queue([Parcel(f"p{n}", replace(TO, id=n), f"foule{n % 5}@{DOMAIN}") for n in range(100)])
    done = deliver(queue, Sender(send=Notifier(mail=account).send, head=HEAD, attach=attach))
    assert done == {"Sent": 100}
    for name in range(5):
        letters = [parsed(raw) for raw in server.received(f"foule{name}", 20, patience=60)]
        assert len({letter["Message-ID"] for letter in letters}) == len(letters) == 20
