"""What the Signal gateway's answers mean: an address is given up only for a sentence that is about it alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monitor.alerts.send.answers import Handover, by_signal
from monitor.alerts.send.channels import Notifier, SignalAccount
from monitor.alerts.send.deliver import Sender, deliver
from monitor.alerts.send.outcome import Later, Outcome, Refused, Sent, Unknown
from monitor.alerts.text.compose import Letterhead
from tests.alerts.test_notify import MESSAGE, gateway
from tests.support.outbox import NOW, Clocks, event, queue, subscribers, tell, wishes

OWN, TO, USERNAME, OTHER = "+33600000001", "+33612345678", "amina.42", "+33698765432"

# Sentences of signal-cli (SendMessageResultUtils, App, SendCommand) and of the gateway before it, as people reported
# them (AsamK/signal-cli issues 708, 923, 1050, 1130, 1262, 1308, 1762; bbernhard/signal-cli-rest-api issues 141, 385,
# 412, 437, 528, 692, 696, 756, 881, 926). {who}: the address a sentence names.
GONE: Final = (
    'Unregistered user "{who}"',
    'Unregistered user "{who}": 404 not found',
    'Failed to send (some) messages:\n{who}: Unregistered user "{who}"\n1697566654816\n',
    "The user {who} is not registered.",
    "INFO  AccountHelper - The Signal protocol expects that messages are regularly received.\nUnregistered user {who}",
)
OURS: Final = ("User {who} is not registered.\n", "User {who} is not registered", "Account {who} is unregistered")
PASSING: Final = (
    "Specified account does not exist",
    "Failed to send message",
    "Failed to send message due to rate limiting",
    "Failed to send message: [413] Rate limit exceeded: 413",
    "Failed to send message: StatusCode: 428",
    'Failed to send (some) messages:\n{who}: Network failure for "{who}"\n1697566654816\n',
    'Untrusted Identity for "{who}"',
    'CAPTCHA proof required for sending to "{who}", available options "RECAPTCHA, PUSH_CHALLENGE" with challenge token '
    '"2fc05128-a86a-4b99-9b33-ce615fee9258", or wait "86400" seconds.',
    "Captcha required for verification, use --captcha CAPTCHA",
    "User is not registered",
    "Unregistered user",
    "Unregistered user 6c65f1bd-ed62-4b46-b45a-e3249f7a5a5e",
    "Couldn't process request - signal-cli process timed out",
    "Config file is in use by another instance, waiting",
    "couldn't read attachment",
    "",
)


def answered(code: int, text: str) -> Handover:
    handover = Handover()
    handover.begin()
    handover.answered(code, text)
    return handover


def read(code: int, error: str, to: str = TO, *, bare: bool = False) -> Outcome:
    text = error if bare else json.dumps({"error": error})
    return by_signal(answered(code, text), recipient=to, own=OWN)


@pytest.mark.parametrize("sentence", GONE)
@pytest.mark.parametrize("to", [TO, USERNAME])
@pytest.mark.parametrize("bare", [False, True])
def test_an_address_is_given_up_for_a_sentence_about_it(sentence: str, to: str, bare: bool) -> None:
    assert read(400, sentence.format(who=to), to, bare=bare) == Refused(
        "the Signal gateway said 400: unknown to Signal"
    )
    assert isinstance(read(500, sentence.format(who=to), to, bare=bare), Later)


def test_the_account_the_gateway_adds_to_its_answer_is_no_part_of_the_sentence() -> None:
    text = json.dumps({"account": OWN, "error": GONE[0].format(who=TO), "challenge_tokens": []})
    assert by_signal(answered(400, text), recipient=TO, own=OWN) == read(400, GONE[0].format(who=TO))
    text = json.dumps({"account": TO, "error": OURS[0].format(who=OWN)})
    assert isinstance(by_signal(answered(400, text), recipient=TO, own=OWN), Later)


@pytest.mark.parametrize("sentence", [*OURS, *GONE, *PASSING])
def test_a_text_that_names_ourselves_another_or_nobody_is_later(sentence: str) -> None:
    for who in (OWN, OWN.lstrip("+"), OTHER, "", f"{TO}9", f"9{TO.lstrip('+')}", f"une.{USERNAME}"):
        for code in (400, 404, 429, 500):
            for to in (TO, USERNAME):
                outcome = read(code, sentence.format(who=who), to)
                assert isinstance(outcome, Unknown if code == 429 else Later), (who, code, to)
                if not isinstance(outcome, Sent | Refused) and who and who.lstrip("+") == OWN.lstrip("+"):
                    assert outcome.ours or "{who}" not in sentence


@pytest.mark.parametrize("sentence", PASSING)
def test_a_fault_that_passes_is_later_whoever_it_names(sentence: str) -> None:
    assert isinstance(read(400, sentence.format(who=TO)), Later)


def test_a_sentence_on_ourselves_beside_one_on_the_recipient_is_ours() -> None:
    assert isinstance(read(400, f"{GONE[0].format(who=TO)}\n{OURS[0].format(who=OWN)}"), Later)
    assert isinstance(read(400, f"Network failure for {TO}\nUnregistered user {OTHER}"), Later)


@given(
    code=st.integers(300, 599),
    parts=st.lists(
        st.one_of(
            st.text(max_size=30),
            st.sampled_from([OWN, OTHER, "not registered", "unregistered", "user not found", "\n", *PASSING]),
            st.sampled_from([one.format(who=who) for one in (*OURS, *GONE) for who in (OWN, OTHER)]),
        ),
        max_size=6,
    ),
    to=st.sampled_from([TO, USERNAME]),
    bare=st.booleans(),
)
def test_no_text_that_does_not_name_the_recipient_suspends_or_refuses(
    code: int, parts: list[str], to: str, bare: bool
) -> None:
    text = " ".join(parts)
    assume(to.lstrip("+") not in text)
    assert isinstance(read(code, text, to, bare=bare), Later | Unknown)


@given(st.text(max_size=200), st.integers(0, 599))
def test_any_answer_at_all_has_an_outcome(text: str, code: int) -> None:
    outcome = by_signal(answered(code, text), recipient=TO, own=OWN)
    assert isinstance(outcome, Sent | Later | Unknown)


@pytest.mark.parametrize("sentence", [*OURS, *PASSING])
def test_a_fault_of_our_account_suspends_no_subscriber_and_loses_no_alert(tmp_path: Path, sentence: str) -> None:
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        numbers = [people.add(f"+336123456{n:02d}", wishes(channel="signal"), NOW) for n in range(20)]
        for number in numbers:
            people.confirm(people.codes(number)[0], "2026-11-24", NOW)
        tell(db, [event(1, "slots_open")])
        with gateway(400, json.dumps({"error": sentence.format(who=OWN)})) as (_seen, notifier):
            sender = Sender(send=notifier.send, head=Letterhead(), attach=lambda scope, seq: ())
            done = deliver(queue(db, people, clocks), sender)
        assert set(done) == {"Later"}
        assert [people.find(number).to.state for number in numbers] == ["active"] * 20  # type: ignore[union-attr]
        assert db.execute("SELECT state, count(*) FROM outbox GROUP BY 1").fetchall() == [("due", 20)]


def test_only_who_is_named_is_suspended(tmp_path: Path) -> None:
    gone = "+33612345601"
    with subscribers(tmp_path) as (db, people):
        numbers = [people.add(f"+336123456{n:02d}", wishes(channel="signal"), NOW) for n in range(4)]
        for number in numbers:
            people.confirm(people.codes(number)[0], "2026-11-24", NOW)
        tell(db, [event(1, "slots_open")])
        with gateway(400, json.dumps({"error": GONE[2].format(who=gone)})) as (_seen, notifier):
            sender = Sender(send=notifier.send, head=Letterhead(), attach=lambda scope, seq: ())
            deliver(queue(db, people, Clocks()), sender)
        found = [people.find(number) for number in numbers]
    assert [one and one.to.state for one in found] == ["active", "suspended", "active", "active"]


def test_our_number_is_known_however_the_settings_write_it() -> None:
    with gateway(400, json.dumps({"error": f"Unregistered user {TO}: {OURS[0].format(who=OWN)}"})) as (_seen, sending):
        assert sending.signal is not None
        spaced = SignalAccount(host="127.0.0.1", port=sending.signal.port, secure=False, number="+33 6 00 00 00 01")
        assert isinstance(Notifier(signal=spaced, timeout=60).send("signal", TO, MESSAGE), Later)
