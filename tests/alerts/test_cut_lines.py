"""A line cut at any byte, and other programs at the channel's address: what may have been taken, and what was not."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

import apprise
import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from monitor.alerts.send.answers import Handover
from monitor.alerts.send.channels import Notifier, SignalAccount
from monitor.alerts.send.email import VigieEmail, connected, hand_over
from monitor.alerts.send.outcome import Later, Outcome, Sent, Unknown
from tests.alerts.test_notify import MESSAGE, account, free_port, gateway, signal_account

NUMBER = "+33612345678"
SAYS = {
    "greeting": b"220 exemple.test ESMTP\r\n",
    "EHLO": b"250-exemple.test\r\n250 SIZE 10000000\r\n",
    "MAIL": b"250 2.1.0 Ok\r\n",
    "RCPT": b"250 2.1.5 Ok\r\n",
    "DATA": b"354 go on\r\n",
    "dot": b"250 2.0.0 Ok: queued as 4ABC12\r\n",
}
STEPS = tuple(SAYS)


class CutServer:
    """Speaks SMTP to one client, and cuts the line after `left` bytes of its reply at one step.

    heard: the content, where its dot came.
    """

    def __init__(self, step: str, left: int) -> None:
        self._step, self._left = step, left
        self.heard: bytes | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        with suppress(OSError):
            line, _from = self._listener.accept()
            with line, line.makefile("rb") as read:
                for step in STEPS:
                    if step != "greeting" and not self._listened(step, read):
                        return
                    line.sendall(SAYS[step][: self._left] if step == self._step else SAYS[step])
                    if step == self._step:
                        return
                read.readline()

    def _listened(self, step: str, read: BinaryIO) -> bool:
        """Whether the client came to this step."""
        if step != "dot":
            return read.readline().upper().startswith(step.encode())
        content = []
        while (one := read.readline()) not in (b"", b".\r\n"):
            content.append(one)
        self.heard = b"".join(content) if one else None
        return bool(one)


@contextmanager
def cut(step: str, left: int) -> Iterator[CutServer]:
    server = CutServer(step, left)
    try:
        yield server
    finally:
        server.close()


def plugin(port: int) -> VigieEmail:
    service = apprise.Apprise.instantiate(account(port).url())
    assert isinstance(service, VigieEmail)
    return service


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("left", [0, 1, 2])
def test_a_mail_may_have_been_taken_only_after_its_closing_dot(step: str, left: int) -> None:
    with cut(step, left) as server:
        outcome = Notifier(mail=account(server.port), timeout=60).send("email", "a@exemple.test", MESSAGE)
    assert isinstance(outcome, Unknown if step == "dot" else Later)
    assert (server.heard is not None) == (step == "dot")


def test_a_reply_of_three_digits_is_one() -> None:
    with cut("dot", 3) as server:
        assert Notifier(mail=account(server.port), timeout=60).send("email", "a@exemple.test", MESSAGE) == Sent()


def test_a_message_given_up_before_its_dot_never_gets_one() -> None:
    handover = Handover()
    assert not handover.abandon()
    with cut("", 0) as server, connected(plugin(server.port)) as smtp:
        hand_over(smtp, "b@exemple.test", "a@exemple.test", b"Subject: x\r\n\r\nx", handover)
    assert (server.heard, handover.code) == (None, None)


@given(st.lists(st.sampled_from([b".", b"..", b"a", b"", b".a", "\u00e9".encode()]), max_size=8))
@tried(max_examples=30, deadline=None)
def test_dots_arrive_as_they_were(lines: list[bytes]) -> None:
    message = b"\r\n".join([b"Subject: x", b"", *lines])
    handover = Handover()
    with cut("", 0) as server, connected(plugin(server.port)) as smtp:
        hand_over(smtp, "b@exemple.test", "a@exemple.test", message, handover)
    assert server.heard is not None
    assert re.sub(rb"(?m)^\.", b"", server.heard) == (message if message.endswith(b"\r\n") else message + b"\r\n")
    assert (handover.code, handover.begun) == (250, True)


# --- Signal -----------------------------------------------------------------------------------------------------------

GONE = json.dumps({"error": f'Unregistered user "{NUMBER}"'}).encode()
TAKEN = json.dumps({"timestamp": "1763971200000"}).encode()


def answer(status: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def said_by(reply: bytes) -> Outcome:
    """What is made of a gateway that takes the request, says so much and closes the line."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])

        def serve() -> None:
            line, _from = listener.accept()
            with line, line.makefile("rb") as read:
                head = b"".join(iter(read.readline, b"\r\n"))
                length = re.search(rb"Content-Length: (\d+)", head, re.IGNORECASE)
                assert length is not None
                read.read(int(length[1]))
                line.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        outcome = Notifier(signal=signal_account(port), timeout=60).send("signal", NUMBER, MESSAGE)
        thread.join()
    return outcome


@pytest.mark.parametrize("status", ["400 Bad Request", "500 Internal Server Error", "403 Forbidden"])
@pytest.mark.parametrize("body", [GONE, b"{}", b"<html>no</html>"])
def test_a_status_holds_though_its_text_was_cut(status: str, body: bytes) -> None:
    whole = answer(status, body)
    for left in (len(whole) - len(body), len(whole) - 1):
        assert isinstance(said_by(whole[:left]), Later)


def test_an_answer_cut_before_its_status_is_unknown_and_one_of_success_is_once_its_time_has_come() -> None:
    whole = answer("201 Created", TAKEN)
    for left in (0, 8, 12):
        assert isinstance(said_by(whole[:left]), Unknown)
    assert isinstance(said_by(whole[: len(whole) - len(TAKEN)]), Unknown)
    assert said_by(whole) == Sent("1763971200000")


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        (200, "<html>Sign in to the network</html>", Unknown),
        (200, '{"error":"Failed to send message"}', Unknown),
        (200, '{"timestamp":"soon"}', Unknown),
        (201, "null", Unknown),
        (204, "", Unknown),
        (302, "", Later),
        (308, '{"timestamp":"1763971200000"}', Later),
        (404, "<html>nginx</html>", Later),
    ],
)
def test_another_program_at_the_gateways_address_stops_the_line_and_is_no_success(
    code: int, text: str, kind: type[Later | Unknown]
) -> None:
    with gateway(code, text) as (_seen, notifier):
        outcome = notifier.send("signal", NUMBER, MESSAGE)
    assert isinstance(outcome, kind)
    assert outcome.ours


def test_a_message_too_large_for_the_proxy_before_the_gateway_goes_without_its_files() -> None:
    with gateway(413, "<html>413 Request Entity Too Large</html>") as (_seen, notifier):
        outcome = notifier.send("signal", NUMBER, MESSAGE)
    assert isinstance(outcome, Later)
    assert outcome.too_large


def test_a_proxy_that_no_longer_waits_for_the_gateway_leaves_a_doubt() -> None:
    with gateway(504, "<html>504 Gateway Time-out</html>") as (_seen, notifier):
        assert isinstance(notifier.send("signal", NUMBER, MESSAGE), Unknown)


def test_no_proxy_of_the_environment_learns_what_is_told_to_whom(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    with gateway(201, TAKEN.decode()) as (_seen, notifier):
        assert isinstance(notifier.send("signal", NUMBER, MESSAGE), Sent)


@pytest.mark.parametrize("number", ["", "veille", "12", "+33600000001x"])
def test_a_number_of_ours_that_is_none_refuses_nobody(number: str) -> None:
    ours = SignalAccount(host="127.0.0.1", port=free_port(), secure=False, number=number)
    outcome = Notifier(signal=ours).send("signal", NUMBER, MESSAGE)
    assert isinstance(outcome, Later)
