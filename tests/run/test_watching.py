"""A sweep is told to who watches it; nobody there, or an error, costs nothing and tells no secret."""

from __future__ import annotations

import re
import socket
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from monitor.run.watching import BODY_AT_MOST, NO_FAILURE, TOLD_WITHIN, Ping
from tests.support.watchman import GRACE, UUID_OF_CHECK, watchman

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


def test_a_run_that_never_ends_is_seen_by_the_watchman() -> None:
    with watchman() as seen:
        Ping(seen.url).end(0, "")
        assert seen.ping(f"/{UUID_OF_CHECK}/start?rid={uuid4()}", b"") == 200
        assert seen.started is not None
        assert [seen.shows(seen.started + one) for one in (timedelta(), GRACE)] == ["started", "down"]


def test_the_watchman_takes_no_other_run_ids_and_no_other_exit_codes() -> None:
    with watchman() as seen:
        path = f"/{UUID_OF_CHECK}"
        rid = "rid=8ff9a7ad-4d6b-4a0f-8c4b-2f6a6c2b8a3e"
        asked = [f"{path}?rid=x", f"{path}/256?{rid}", f"/other?{rid}", f"{path}/255?{rid}", f"{path}/log?{rid}"]
        assert [seen.ping(one, b"") for one in asked] == [400, 404, 404, 200, 200]
    assert (seen.status, seen.flips) == ("down", ["down"])


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
