"""Answers read from a real dovecot over TLS: which messages are found, what is marked, and what is refused."""

from __future__ import annotations

import imaplib
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from email.header import Header
from pathlib import Path

import pytest

from monitor.alerts.people.inbox import MailboxAccount, MailboxError, answer, mailbox
from tests.mail.server import PASSWORD, MailServer, missing, running
from tests.support.outbox import NOW, enter, subscribers, wishes

pytestmark = [pytest.mark.mail, pytest.mark.skipif(bool(missing()), reason=missing())]


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with (
        tempfile.TemporaryDirectory(prefix="vigie-inbox-", dir="/tmp") as folder,  # socket paths must stay short
        running(Path(folder)) as started,
    ):
        yield started


@pytest.fixture
def account(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> MailboxAccount:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.ca))
    return MailboxAccount(server="127.0.0.1", port=server.imaps, user="alerte", password=PASSWORD, folder="INBOX")


def put(server: MailServer, *subjects: str) -> None:
    with imaplib.IMAP4("127.0.0.1", server.imap) as imap:
        imap.login("alerte", PASSWORD)
        for subject in subjects:
            header = Header(subject, "utf-8" if not subject.isascii() else None).encode()
            imap.append(
                "INBOX", "", None, f"From: p@exemple.test\r\nSubject: {header}\r\n\r\nOUI-BODYBODYBODYBODY".encode()
            )


def unseen(server: MailServer) -> int:
    with imaplib.IMAP4("127.0.0.1", server.imap) as imap:
        imap.login("alerte", PASSWORD)
        imap.select("INBOX", readonly=True)
        return len(imap.search(None, "UNSEEN")[1][0].split())


def test_codes_in_subjects_are_heard_and_only_those_are_marked(
    server: MailServer, account: MailboxAccount, tmp_path: Path
) -> None:
    with subscribers(tmp_path) as (_db, people):
        new = people.add("new@exemple.test", wishes(), NOW)
        (gone,) = enter(people, 1)
        yes, stop = people.codes(new)[0], people.codes(gone)[1]
        put(server, f"Réponse : {yes}", f"Re: {stop.lower()}", "Bonjour", "OUI-ABCDEFGHIJKLMNOP", "Hi " * 40 + yes)
        with mailbox(account) as box:
            heard = answer(box, people, "2026-11-24", NOW)
        assert (heard.confirmed, heard.stopped, heard.unknown) == ((new,), (gone,), 2)
        assert unseen(server) == 3
        with mailbox(account) as box:
            assert answer(box, people, "2026-11-24", NOW).confirmed == ()


def test_a_plain_answer_to_a_message_of_ours_is_heard(
    server: MailServer, account: MailboxAccount, tmp_path: Path
) -> None:
    """Dovecot finds it by the message it answers, and gives its first words alone."""
    with subscribers(tmp_path) as (_db, people):
        new = people.add("new@exemple.test", wishes(), NOW)
        ticket = people.ticket(new, "question")
        whole = (
            f"From: p@exemple.test\r\nSubject: Re: x\r\nIn-Reply-To: <{ticket}@exemple.test>\r\n"
            f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nOui\r\n\r\n> STOP\r\n"
        )
        with imaplib.IMAP4("127.0.0.1", server.imap) as imap:
            imap.login("alerte", PASSWORD)
            imap.append(
                "INBOX",
                "",
                None,
                whole.replace("Oui", "Absent").replace("MIME", "Auto-Submitted: auto-replied\r\nMIME").encode(),
            )
            imap.append("INBOX", "", None, whole.encode())
        with mailbox(account) as box:
            assert answer(box, people, "t", NOW).confirmed == (new,)


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"folder": "Absent"}, {"port": 1}])
def test_what_does_not_open_is_one_sentence(account: MailboxAccount, wrong: dict[str, str]) -> None:
    with pytest.raises(MailboxError) as refused, mailbox(replace(account, **wrong)):  # type: ignore[arg-type]
        pass
    assert "alerte" not in str(refused.value)


def test_a_server_whose_certificate_is_not_trusted_gets_no_password(
    server: MailServer, account: MailboxAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(MailboxError, match="TLS"), mailbox(account):
        pass
