"""The Signal gateway between us and its own description: prism refuses what `POST /v2/send` does not name, either way.

prism stands as a proxy before a gateway that answers as real ones were reported to; a request or an answer that breaks
the description becomes a 4xx or 500 with prism's own `type`, which no outcome hides.
"""

from __future__ import annotations

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from monitor.alerts.send.channels import Notifier
from monitor.alerts.send.deliver import Sender, deliver
from monitor.alerts.send.lines import stopped_line
from monitor.alerts.send.outbox import counts
from monitor.alerts.send.outcome import Later, Outcome, Refused, Sent, Unknown
from monitor.alerts.send.queue import FEW
from monitor.alerts.text.compose import Letterhead
from tests.alerts.test_answers import GONE, OURS, OWN, PASSING, USERNAME
from tests.alerts.test_notify import MESSAGE, NUMBER, Gateway, free_port, gateway, signal_account
from tests.support.outbox import Clocks, event, queue, subscribers, tell, wishes
from tests.support.parts import needs, part

pytestmark = [pytest.mark.long, needs("prism")]

DESCRIPTION: Final = Path(__file__).parents[1] / "fixtures" / "signal-cli-rest-api.swagger.json"
PATIENCE: Final = 60.0  # seconds for node to start on a busy machine


@contextmanager
def described(upstream: int) -> Iterator[Notifier]:
    """Our channel, with prism before the gateway at a port."""
    port = free_port()
    where = [str(DESCRIPTION), f"http://127.0.0.1:{upstream}"]
    options = ["--errors", "--host", "127.0.0.1", "--port", str(port)]
    prism = subprocess.Popen([part("prism"), "proxy", *where, *options], stdout=subprocess.DEVNULL)
    try:
        _started(port, prism)
        yield Notifier(signal=signal_account(port), timeout=PATIENCE)
    finally:
        prism.terminate()
        prism.wait()


def _started(port: int, prism: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and prism.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/v2/nothing", timeout=PATIENCE)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("prism did not start")


@pytest.fixture(scope="module")
def stand_in() -> Iterator[tuple[type[Gateway], Notifier]]:
    with gateway(201, "{}") as (handler, direct):
        assert direct.signal is not None
        with described(direct.signal.port) as notifier:
            yield handler, notifier


def said(handler: type[Gateway], code: int, text: str) -> None:
    handler.seen.clear()
    handler.answer = (code, text)


def refusal(sentence: str) -> str:
    return json.dumps({"account": OWN, "error": sentence, "challenge_tokens": []})


@pytest.mark.parametrize("address", [NUMBER, USERNAME])
@pytest.mark.parametrize("attached", [True, False])
def test_what_is_sent_is_what_the_description_names(
    stand_in: tuple[type[Gateway], Notifier], address: str, attached: bool
) -> None:
    handler, notifier = stand_in
    said(handler, 201, '{"timestamp":"1763971200000"}')
    message = MESSAGE if attached else replace(MESSAGE, attachments=())
    assert notifier.send("signal", address, message) == Sent("1763971200000")
    assert [one["recipients"] for one in handler.seen] == [[address]]


def test_the_proxy_refuses_what_the_description_does_not_name(stand_in: tuple[type[Gateway], Notifier]) -> None:
    handler, notifier = stand_in
    said(handler, 201, '{"timestamp":"1"}')
    assert notifier.signal is not None
    wrong = urllib.request.Request(
        f"http://127.0.0.1:{notifier.signal.port}/v2/send", method="POST",
        data=json.dumps({"message": "x", "number": OWN, "recipients": [NUMBER], "colour": "red"}).encode(),
        headers={"Content-Type": "application/json"},
    )  # fmt: skip
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(wrong, timeout=PATIENCE)
    assert refused.value.code == 422
    assert handler.seen == []


@pytest.mark.parametrize("sentence", [*OURS, *GONE, *PASSING])
@pytest.mark.parametrize(("who", "code"), [(OWN, 400), (NUMBER, 400), (OWN, 429), (NUMBER, 500)])
def test_each_reported_sentence_through_the_description(
    stand_in: tuple[type[Gateway], Notifier], sentence: str, who: str, code: int
) -> None:
    handler, notifier = stand_in
    said(handler, code, refusal(sentence.format(who=who)))
    outcome = notifier.send("signal", NUMBER, MESSAGE)
    assert len(handler.seen) == 1, "one request, and prism let it through"
    named = "{who}" in sentence and sentence in (*OURS, *GONE) and who == NUMBER and code == 400
    expected: type[Outcome] = Refused if named else Unknown if code == 429 else Later
    assert isinstance(outcome, expected), outcome
    assert str(code) in getattr(outcome, "why", ""), "the gateway's own answer, not prism's"


@pytest.mark.parametrize(
    ("sentence", "suspended", "stopped"),
    [
        (OURS[0].format(who=OWN), 0, True),
        ("Specified account does not exist", 0, True),
        ("Captcha required for verification, use --captcha CAPTCHA", 0, True),
        ("Failed to send message due to rate limiting", 0, True),
        ("Failed to send message", 0, False),
        (GONE[0].format(who="+33612345601"), 1, False),
    ],
)
def test_twenty_subscribers_end_to_end(
    stand_in: tuple[type[Gateway], Notifier], tmp_path: Path, sentence: str, suspended: int, stopped: bool
) -> None:
    handler, notifier = stand_in
    said(handler, 400, refusal(sentence))
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        numbers = [people.add(f"+336123456{n:02d}", wishes(channel="signal"), clocks.now()) for n in range(20)]
        for number in numbers:
            people.confirm(people.codes(number)[0], "2026-11-30", clocks.now())
        tell(db, [event(1, "slots_open")])
        sender = Sender(send=notifier.send, head=Letterhead(), attach=lambda scope, seq: ())
        deliver(queue(db, people, clocks), sender)
        asked = len(handler.seen)
        assert asked <= (4 if stopped else 20), "a line at fault is not asked by everybody"
        assert (stopped_line(db, "signal") is not None) is stopped
        assert sum(people.get(number).to.state == "suspended" for number in numbers) == suspended <= FEW
        said(handler, 201, '{"timestamp":"1763971200000"}')
        for _hour in range(12):
            clocks.forward(timedelta(hours=1))
            deliver(queue(db, people, clocks), sender)
        assert counts(db) == {"sent": 20 - suspended} | ({"refused": suspended} if suspended else {})
        assert len(handler.seen) == 20 - suspended, "each once"
