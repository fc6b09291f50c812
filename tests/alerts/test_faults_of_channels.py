"""Whatever a gateway or a mail server says, to whomever: no alert is lost, and never is everybody suspended."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from monitor.alerts.people.subscriptions import Channel
from monitor.alerts.send.answers import Handover, by_mail, by_signal
from monitor.alerts.send.deliver import Sender, deliver
from monitor.alerts.send.outbox import counts
from monitor.alerts.send.outcome import Later, Outcome, Refused, Sent, Unknown
from monitor.alerts.send.queue import FEW
from monitor.alerts.text.compose import Letterhead
from monitor.alerts.text.message import Message
from tests.alerts.test_answers import GONE, OTHER, OURS, OWN, PASSING
from tests.support.outbox import Clocks, event, queue, subscribers, tell, wishes

PEOPLE: Final = 20
SENDER: Final = "veille@exemple.test"

# Replies as servers give them (Postfix 3.7, Exim 4.96, Exchange Online, Gmail, qmail; their manuals and source texts).
# {to}, {own}: the addresses a sentence names.
MAILBOX: Final = (
    "550 5.1.1 <{to}>: Recipient address rejected: User unknown in virtual mailbox table",
    "550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking the address",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    "550 No such user here",
    "553 5.1.3 The recipient address <{to}> is not a valid RFC 5321 address",
    "550 5.1.2 <{to}>: Domain not found",
    "550 unknown user <{to}>",
)
OURSELVES: Final = (
    "554 5.7.1 <{to}>: Relay access denied",
    "550 relay not permitted",
    "553 5.7.1 <{own}>: Sender address rejected: not owned by user veille",
    "550 5.1.0 <{own}>: Sender address rejected: User unknown in virtual mailbox table",
    "550 5.1.8 <{own}>: Sender address rejected: Domain not found",
    "550 Sender verify failed",
    "530 5.7.0 Authentication required",
    "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
)
PASSING_MAIL: Final = (
    "550 5.4.5 Daily user sending limit exceeded",
    "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
    "550 5.7.26 This mail is unauthenticated, which poses a security risk",
    "552 5.2.2 The email account that you tried to reach is over quota",
    "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents delivery",
    "550 5.4.1 Recipient address rejected: Access denied",
    "550 Greylisted, please try again later",
    "550 5.7.1 Message rejected as spam by content filtering",
    # An address is no code (RFC 2034: that one begins the text), nor is a code of another class than the reply.
    "550 Client host [5.1.1.20] blocked using dnsbl.exemple.test",
    "550 rejected, see https://exemple.test/5.1.1",
    "550 4.1.1 greylisted",
    "450 4.2.1 try later",
    "421 4.7.0 too many connections",
    "550 ",
)


def replied(reply: str, *, of_address: bool, to: str) -> Outcome:
    handover = Handover()
    if not of_address:
        handover.begin()
    code, _blank, text = reply.format(to=to, own=SENDER).partition(" ")
    handover.answered(int(code), text, of="recipient" if of_address else "message")
    return by_mail(handover, recipient=to, sender=SENDER)


@pytest.mark.parametrize("reply", MAILBOX)
def test_a_mailbox_is_given_up_where_the_server_says_that_there_is_none(reply: str) -> None:
    assert isinstance(replied(reply, of_address=True, to="amina@exemple.test"), Refused)
    assert isinstance(replied(reply, of_address=False, to="amina@exemple.test"), Later), "said of the content"


@pytest.mark.parametrize("reply", OURSELVES)
def test_what_is_said_of_the_sender_is_our_own_fault(reply: str) -> None:
    for to in ("amina@exemple.test", "unknown.user@exemple.test"):
        outcome = replied(reply, of_address=True, to=to)
        assert isinstance(outcome, Later)
        assert outcome.ours


@pytest.mark.parametrize("reply", PASSING_MAIL)
@pytest.mark.parametrize("of_address", [True, False])
def test_quotas_policies_and_block_lists_pass(reply: str, of_address: bool) -> None:
    outcome = replied(reply, of_address=of_address, to="amina@exemple.test")
    assert isinstance(outcome, Later)
    assert not outcome.ours
    assert outcome.firm == reply.startswith("5"), "said for good: hours lie between two tries"


@pytest.mark.parametrize("code", [200, 250, 251, 252, 299])
def test_the_first_digit_says_yes(code: int) -> None:
    assert replied(f"{code} 2.0.0 Ok: queued as 4ABC12", of_address=False, to="a@exemple.test") == Sent("4ABC12")


@pytest.mark.parametrize("reply", ["552 5.3.4 Message size exceeds fixed limit", "554 5.2.3 too long", "552 too large"])
def test_a_message_too_large_is_known(reply: str) -> None:
    outcome = replied(reply, of_address=False, to="amina@exemple.test")
    assert isinstance(outcome, Later)
    assert outcome.too_large


def drained(channel: Channel, answer: Callable[[str], Outcome], drains: int) -> tuple[int, dict[str, int], set[str]]:
    """After so many drains, hours apart, in which the channel answers so: how many are suspended, rows by state, what
    became of them."""
    clocks, seen = Clocks(), set()

    def send(_channel: Channel, address: str, _message: Message) -> Outcome:
        outcome = answer(address)
        seen.add(type(outcome).__name__)
        return outcome

    with tempfile.TemporaryDirectory() as folder, subscribers(Path(folder)) as (db, people):
        form = "+336123456{:02d}" if channel == "signal" else "p{}@exemple.test"
        numbers = [people.add(form.format(n), wishes(channel=channel), clocks.now()) for n in range(PEOPLE)]
        for number in numbers:
            people.confirm(people.codes(number)[0], "2026-11-30", clocks.now())
        tell(db, [event(1, "slots_open")])
        for _drain in range(drains):
            deliver(queue(db, people, clocks), Sender(send=send, head=Letterhead(), attach=lambda scope, seq: ()))
            clocks.forward(timedelta(hours=6))
        return sum(people.get(number).to.state != "active" for number in numbers), counts(db), seen


SAID = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from([*GONE, *OURS, *PASSING, *MAILBOX, *OURSELVES, *PASSING_MAIL]),
        st.sampled_from(["{who}", "{to}", "{own}", OTHER, "unregistered", "user unknown", "5.1.1", "429", "\n"]),
    ),
    max_size=5,
)


def filled(parts: list[str], to: str, own: str) -> str:
    text = " ".join(parts)
    for name, value in (("{who}", to), ("{to}", to), ("{own}", own)):
        text = text.replace(name, value)
    return text


def told_to(channel: Channel, code: int, parts: list[str], *, of_address: bool) -> Callable[[str], Outcome]:
    """The channel says the same to everybody, each sentence with the recipient's own address."""

    def answer(address: str) -> Outcome:
        handover = Handover()
        if channel == "signal":
            handover.begin()
            handover.answered(code, json.dumps({"error": filled(parts, address, OWN)}))
            return by_signal(handover, recipient=address, own=OWN)
        if not of_address:
            handover.begin()
        handover.answered(code, filled(parts, address, SENDER), of="recipient" if of_address else "message")
        return by_mail(handover, recipient=address, sender=SENDER)

    return answer


@given(code=st.integers(300, 599), parts=SAID, of_address=st.booleans(), channel=st.sampled_from(["signal", "email"]))
@tried(max_examples=60)
def test_no_answer_at_all_loses_an_alert_or_suspends_everybody(
    code: int, parts: list[str], of_address: bool, channel: Channel
) -> None:
    suspended, rows, seen = drained(channel, told_to(channel, code, parts, of_address=of_address), drains=3)
    assert suspended <= FEW
    assert set(rows) <= {"due", "refused", "unknown"}
    assert rows.get("refused", 0) == suspended
    assert rows.get("unknown", 0) == 0 or seen == {Unknown.__name__}, "left at that only where it may have come"


@pytest.mark.parametrize("sentence", [*OURS, *GONE, *PASSING])
@pytest.mark.parametrize("whose", ["own", "recipient"])
def test_twenty_subscribers_and_each_sentence_of_the_gateway(sentence: str, whose: str) -> None:
    parts = [sentence.replace("{who}", "{own}" if whose == "own" else "{to}")]
    suspended, rows, _seen = drained("signal", told_to("signal", 400, parts, of_address=True), drains=4)
    of_them = whose == "recipient" and (sentence in GONE or sentence in OURS) and "{who}" in sentence
    assert suspended == (FEW if of_them else 0)
    assert rows == ({"due": PEOPLE - FEW, "refused": FEW} if of_them else {"due": PEOPLE})


@pytest.mark.parametrize("channel", ["signal", "email"])
def test_a_channel_that_refuses_everybody_for_a_week_in_ever_other_words_suspends_a_few(channel: Channel) -> None:
    words = iter(range(10**6))
    suspended, rows, _seen = drained(channel, lambda _to: Refused(f"550 {next(words)}"), drains=28)
    assert suspended == FEW
    assert rows == {"given_up": PEOPLE - FEW, "refused": FEW}, "its news is three days old, and the operator knows"
