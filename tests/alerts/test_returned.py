"""Messages that come back for good, and complaints, suspend whom they were sent to; what else comes back does not."""

from __future__ import annotations

from email import message_from_string
from pathlib import Path

import pytest

from monitor.alerts.people.inbox import Arrived, answer
from monitor.alerts.people.replies import returned
from tests.support.outbox import NOW, enter, subscribers

REPORT = """\
From: MAILER-DAEMON@exemple.test
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type={kind}; boundary=B

--B

It came back.
--B
Content-Type: message/{kind}

{said}
--B
Content-Type: {form}

From: alerte@exemple.test
Message-ID: <{ticket}@exemple.test>
Subject: one of ours

--B--
"""
GONE = "Reporting-MTA: dns; mx.exemple.test\n\nFinal-Recipient: rfc822; p0@exemple.test\nAction: {}\nStatus: {}\n"
UNWANTED = "Feedback-Type: {}\nUser-Agent: Some/1.0\nVersion: 1\n"


def read(kind: str, said: str, ticket: str, form: str = "text/rfc822-headers") -> tuple[str, ...]:
    text = REPORT.format(kind=kind, said=said, ticket=ticket, form=form)
    return returned(message_from_string(text))


@pytest.mark.parametrize("form", ["text/rfc822-headers", "message/rfc822"])
@pytest.mark.parametrize(
    ("kind", "said", "ends"),
    [
        ("delivery-status", GONE.format("failed", "5.1.1"), True),
        ("delivery-status", GONE.format("delayed", "4.4.1"), False),
        ("delivery-status", GONE.format("failed", "5.2.2"), False),
        ("delivery-status", GONE.format("failed", "5.7.1"), False),
        ("feedback-report", UNWANTED.format("abuse"), True),
        ("feedback-report", UNWANTED.format("not-spam"), False),
    ],
)
def test_what_comes_back_for_good_suspends(tmp_path: Path, form: str, kind: str, said: str, ends: bool) -> None:
    with subscribers(tmp_path) as (_db, people):
        first, other = enter(people, 2)
        found = read(kind, said, people.ticket(first, "e1"), form)
        heard = answer(Held(found), people, "t", NOW)
        assert heard.refused == ((first,) if ends else ())
        assert [people.get(one).to.state for one in (first, other)] == ["suspended" if ends else "active", "active"]


def test_a_report_without_a_ticket_of_ours_is_nobody_s(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (_db, people):
        (number,) = enter(people, 1)
        ticket = people.ticket(number, "e1")
        forged = read(
            "delivery-status", GONE.format("failed", "5.1.1"), ticket[:-1] + ("a" if ticket[-1] != "a" else "b")
        )
        assert answer(Held(forged), people, "t", NOW).refused == ()
        assert read("delivery-status", GONE.format("failed", "5.1.1"), "another") == ()
        assert people.get(number).to.state == "active"


class Held:
    """One report in a mailbox."""

    def __init__(self, found: tuple[str, ...]) -> None:
        self.found = found

    def arrived(self) -> list[Arrived]:
        return [Arrived(number="1", subject="Undelivered", by_itself=True, returned=self.found)]

    def lines(self, number: str) -> list[str]:
        return []

    def handled(self, number: str) -> None:
        assert self.found
