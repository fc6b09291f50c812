"""A sweep is told to who watches it; nobody there, or an error, costs nothing and tells no secret."""

from __future__ import annotations

import re
import socket
import time
from pathlib import Path

import pytest

from monitor.run.watching import BODY_AT_MOST, NO_FAILURE, TOLD_WITHIN, Ping
from tests.support.watchman import watchman

ROOT = Path(__file__).resolve().parents[2]


def test_start_and_end_are_one_run() -> None:
    with watchman() as seen:
        ping = Ping(seen.url)
        ping.start()
        assert ping.end(3, "x" * (BODY_AT_MOST + 5)) == {"start": None, "end": None}
    assert seen.words == ["start", "0"]
    assert len(set(seen.runs)) == 1
    assert len(seen.came[1][1]) == BODY_AT_MOST


@pytest.mark.parametrize(("code", "word"), [(0, "0"), (3, "0"), (1, "fail"), (74, "fail"), (78, "fail"), (143, "fail")])
def test_a_sweep_that_ended_is_a_success_whatever_it_could_not_read(code: int, word: str) -> None:
    with watchman() as seen:
        Ping(seen.url).end(code, "")
    assert seen.words == [word]
    assert seen.status == ("up" if word == "0" else "down")


@pytest.mark.parametrize("unit", ["systemd/vigie.service", "podman/vigie.container"])
def test_the_units_and_the_ping_have_one_rule(unit: str) -> None:
    text = (ROOT / "config" / unit).read_text("utf-8")
    (said,) = re.findall(r"^SuccessExitStatus=(.*)$", text, re.MULTILINE)
    assert {0, *map(int, said.split())} == set(NO_FAILURE)


def test_failures_are_told_without_the_address() -> None:
    with watchman(500) as seen:
        assert Ping(seen.url).end(0, "") == {"end": "HTTP status 500"}
    assert Ping(seen.url).end(0, "") == {"end": "ConnectError"}


def test_who_does_not_answer_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ping = Ping(f"http://127.0.0.1:{silent.getsockname()[1]}/secret-uuid")
        began = time.monotonic()
        ping.start()
        assert time.monotonic() - began < TOLD_WITHIN
        assert ping.end(143, "", within=0.3) == {"start": "not told in time", "end": "not told in time"}
        assert time.monotonic() - began < 2 * TOLD_WITHIN, "each of the two would wait that long"
