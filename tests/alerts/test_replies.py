"""A plain answer: whose it is cannot be guessed, what a machine sends is none, and only a plain yes is a yes."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.people.replies import by_itself, own_lines, tickets, word_of
from tests.support.outbox import NOW, enter, subscribers, wishes

TICKET = "vigie.0123456789ab.12.abcdefghijklmnop"


def mail(text: str, kind: str = "plain", **headers: str) -> EmailMessage:
    made = EmailMessage(policy=email.policy.SMTP)
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text, subtype=kind)
    return email.message_from_bytes(made.as_bytes(), EmailMessage, policy=email.policy.default)


@pytest.mark.parametrize(
    ("subject", "text", "said"),
    [
        ("Re: Confirmez", "oui", "yes"),
        ("Re: Confirmez", "OUI !", "yes"),
        ("Re: Confirmez", "Bonjour,\n\nOui merci", "yes"),
        ("Re: Confirmez", "yes please", "yes"),
        ("Re: Confirmez", "Sí", "yes"),
        ("Re: Confirmez", "نَعَمْ", "yes"),
        ("OUI", "", "yes"),
        ("RE : stop", "", "stop"),
        ("Re: Confirmez", "Arrêtez svp", "stop"),
        ("Re: Confirmez", "Non merci", "stop"),
        ("Re: Confirmez", "لا", "stop"),
        ("Re: Confirmez", "STOP", "stop"),
        ("Re: Créneau affiché", "No hay citas", None),
        ("Re: Créneau affiché", "Non disponible", None),
        ("Re: Slot shown", "No slot there", None),
        ("Re: Créneau affiché", "لا يوجد موعد", None),
        ("Re: Confirmez", "oui mais je ne comprends pas", None),
        ("Re: Confirmez", "Qui êtes-vous ?", None),
        ("Re: Confirmez", "Ouistiti", None),
        ("Re: Confirmez", "", None),
        ("Re: No slot shown any more: Renouvellement, Préfecture du Val-d'Oise", "Merci", None),
        ("Re: Confirmez", "> oui", None),
        ("Re: Confirmez", "Le lun. 30 nov., veille@exemple.test a écrit :\n> Pour accepter : oui\n\nStop", "stop"),
        ("Re: Confirmez", "On Monday, vigie wrote:\n\n> STOP\n", None),
    ],
)
def test_what_an_answer_says(subject: str, text: str, said: str | None) -> None:
    assert word_of(subject, own_lines(mail(text))) == said


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<div>Oui</div><blockquote>STOP</blockquote>", "yes"),
        ("<p>stop</p><div class='gmail_quote'>Le lundi : <p>OUI</p></div>", "stop"),
        ("<blockquote>OUI</blockquote>", None),
        ("<style>oui</style>", None),
    ],
)
def test_an_answer_in_html_alone_is_read_without_what_it_quotes(html: str, said: str | None) -> None:
    assert word_of("Re: x", own_lines(mail(html, "html"))) == said


@given(st.binary(max_size=400), st.text(max_size=40))
def test_any_message_says_one_of_three_things(body: bytes, subject: str) -> None:
    raw = b"Content-Type: text/html; charset=x-none\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body
    for whole in (raw, b"\r\n" + body, body):
        lines = own_lines(email.message_from_bytes(whole, EmailMessage, policy=email.policy.default))
        assert word_of(subject, lines) in ("yes", "stop", None)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated; type=vacation"},
        {"Precedence": "bulk"},
        {"X-Autoreply": "yes"},
        {"Return-Path": "<>"},
        {"Content-Type": "multipart/report; report-type=delivery-status"},
    ],
)
def test_what_a_machine_sends_by_itself_is_no_answer(headers: dict[str, str]) -> None:
    assert by_itself(headers)
    assert not by_itself({"Auto-Submitted": "no", "Return-Path": "<p@exemple.test>", "Content-Type": "text/plain"})


def test_a_ticket_is_found_in_each_place_and_in_no_other() -> None:
    for name in ("In-Reply-To", "References", "To", "Delivered-To"):
        assert tickets({name: f"<x@y> <{TICKET.upper()}@exemple.test>"}) == (TICKET,)
    assert tickets({"To": f"alerte+{TICKET}@exemple.test"}) == (TICKET,)
    assert tickets({"Subject": TICKET, "To": "vigie.1.2.x@exemple.test"}) == ()


def test_a_ticket_cannot_be_guessed_nor_turned_to_somebody_else(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (_db, people):
        one, other = enter(people, 2)
        ticket = people.ticket(one, "0123456789abcdef")
        assert people.answering(ticket) == one
        assert people.ticket(one, "0123456789abcdef") == ticket, "the same message is the same"
        for forged in (
            re.sub(rf"\.{one}\.", f".{other}.", ticket),
            ticket.replace("0123456789ab", "0123456789ac"),
            ticket[:-1] + ("a" if ticket[-1] != "a" else "b"),
            re.sub(rf"\.{one}\.", ".999.", ticket),
        ):
            assert people.answering(forged) is None
        people.remove(one, NOW)
        assert people.answering(ticket) is None, "who left answers nothing any more"
        again = people.add("p0@exemple.test", wishes(), NOW, again=True)
        assert people.answering(ticket) is None
        assert people.ticket(again, "0123456789abcdef") != ticket
