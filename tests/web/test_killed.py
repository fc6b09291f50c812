"""`kill -9` at named points: who was told that it is confirmed stays, nobody is asked twice, nothing heard is lost."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from monitor.run.accounts import register
from monitor.settings.settings import Settings
from monitor.store.beside import beside, written
from tests.alerts.test_notify import Box, free_port
from tests.support.commands import ROOT, environment
from tests.support.killed import POINTS
from tests.support.outbox import wishes
from tests.support.web import SEED, client, settings
from tests.web.test_serving import started

LEASE = 601 * 1_000_000  # microseconds


@contextmanager
def posted() -> Iterator[tuple[int, Box]]:
    port, box = free_port(), Box()
    mail = Controller(box, hostname="127.0.0.1", port=port)
    mail.start()
    try:
        yield port, box
    finally:
        mail.stop()


def does(folder: Path, deed: str, point: str = "") -> int:
    words = [sys.executable, "-m", "tests.support.killed", str(folder), deed, point]
    done = subprocess.run(words, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    assert done.returncode == (-signal.SIGKILL if point else 0), "the point was not reached"
    return done.returncode


def held(chosen: Settings) -> list[tuple[str, str]]:
    """Addresses and states; the database is whole."""
    with register(chosen) as (db, people):
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [(people.address(one.to.id), one.to.state) for one in people.all()]


def questions(box: Box) -> int:
    return sum(b"/c/OUI-" in raw for _to, raw in box.kept)


@pytest.mark.parametrize("point", [one for one in POINTS if not one.startswith("hears")])
def test_a_kill_asks_nobody_twice_and_loses_nobody(tmp_path: Path, point: str) -> None:
    """The person does what people do: asks, waits, asks again where nothing came, and says yes to what came."""
    with posted() as (port, box):
        chosen = settings(tmp_path, port)
        killed = point.partition(":")[0]
        does(tmp_path, "asks", point if killed == "asks" else "")
        if killed == "asks":
            assert held(chosen) == []
            does(tmp_path, "asks")  # the budget of the day was not spent for nothing
        does(tmp_path, "sends", point if killed == "sends" else "")
        does(tmp_path, "sends")
        came = questions(box)
        assert came == (0 if point == "sends: claimed, not handed over" else 1)
        does(tmp_path, "asks")
        does(tmp_path, "sends")
        assert questions(box) == came, "within the lease nobody knows whether it left"
        if not came:
            with beside(chosen.data) as db:
                db.execute("UPDATE handing SET at = at - ?", (LEASE,))
            does(tmp_path, "sends")
            assert questions(box) == 0, "it is not sent again by itself"
            does(tmp_path, "asks")
            does(tmp_path, "sends")
        assert questions(box) == 1
        does(tmp_path, "agrees", point if killed == "agrees" else "")
        if point == "agrees: not written":  # no page said that it is confirmed: the person presses once more
            assert held(chosen) == [(SEED, "pending")]
            does(tmp_path, "agrees")
        does(tmp_path, "sends")
        assert (held(chosen), questions(box)) == ([(SEED, "active")], 1)


@contextmanager
def gateway(*texts: str) -> Iterator[int]:
    """A stand-in for the gateway: each message is given once."""
    waiting = [{"envelope": {"sourceNumber": "+33612345678", "dataMessage": {"message": text}}} for text in texts]

    class Once(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = json.dumps(waiting).encode()
            waiting.clear()
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Once) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("point", [one for one in POINTS if one.startswith("hears")])
def test_a_message_that_the_gateway_gave_once_is_acted_on_after_a_kill(tmp_path: Path, point: str) -> None:
    with gateway("VIGIE 93") as port:
        account = f'[signal]\ngateway = "http://127.0.0.1:{port}"\naccount = "+33600000000"\n'
        chosen = settings(tmp_path, free_port(), 'signal = "+33600000000"', account)
        does(tmp_path, "hears", point)
        (letter,) = (chosen.data / "unheard" / "signal").iterdir()
        assert b"612345678" not in letter.read_bytes()
        does(tmp_path, "hears")
        assert held(chosen) == [("+33612345678", "active")]
        assert list((chosen.data / "unheard" / "signal").iterdir()) == []


def test_a_message_is_kept_where_it_cannot_be_acted_on_yet(tmp_path: Path) -> None:
    """The store refuses after the gateway has given: the next reading finds the message."""
    with gateway("VIGIE 93") as port:
        account = f'[signal]\ngateway = "http://127.0.0.1:{port}"\naccount = "+33600000000"\n'
        chosen = settings(tmp_path, free_port(), 'signal = "+33600000000"', account)
        with register(chosen) as (db, _people):
            refuse = "CREATE TRIGGER full BEFORE INSERT ON subscriber BEGIN SELECT RAISE(FAIL, 'full'); END"
            db.execute(refuse)
        words = [sys.executable, "-m", "tests.support.killed", str(tmp_path), "hears", ""]
        done = subprocess.run(words, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 1
        with register(chosen) as (db, _people):
            db.execute("DROP TRIGGER full")
        does(tmp_path, "hears")
        assert held(chosen) == [("+33612345678", "active")]


def test_what_is_pressed_while_the_store_is_held_outlives_the_server(tmp_path: Path) -> None:
    """Yes and stop are answered 202 and on the disk; the server is killed, and the next one acts on them."""
    with posted() as (port, _box):
        chosen = settings(tmp_path, port)
        for who in ("stays@exemple.test", "goes@exemple.test"):
            with register(chosen) as (_db, people):
                people.add(who, wishes(), datetime.now(UTC))
        with register(chosen) as (_db, people):
            (first, second) = [one.to.id for one in people.all()]
            people.confirm(people.codes(second)[0], "t", datetime.now(UTC))
            yes, stop = people.codes(first)[0], people.codes(second)[1]
        with started(chosen) as process, client(chosen) as asking, beside(chosen.data) as db, written(db):
            answers = [asking.post(f"/fr/c/{yes}"), asking.post(f"/fr/u/{stop}"), asking.post("/fr/u/STOP-X")]
            assert [one.status_code for one in answers] == [202, 202, 202]
            assert answers[1].text == answers[2].text
            letters = b"".join(one.read_bytes() for one in (chosen.data / "unheard" / "web").iterdir())
            assert yes.encode() not in letters
            process.kill()
        assert held(chosen) == [("stays@exemple.test", "pending"), ("goes@exemple.test", "active")]
        done = subprocess.run(
            [sys.executable, "-m", "monitor", "inbox", "--config", str(chosen.source), "--data", str(chosen.data),
             "--json"],
            cwd=ROOT, env=environment(), capture_output=True, text=True, check=True,
        )  # fmt: skip
        told: dict[str, Any] = json.loads(done.stdout)
        assert (told["confirmed"], told["stopped"], told["unknown"]) == ([first], [second], 1)
        assert held(chosen) == [("stays@exemple.test", "active")]
        assert list((chosen.data / "unheard" / "web").iterdir()) == []
