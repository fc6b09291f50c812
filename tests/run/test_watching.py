"""A sweep is told to who watches it; nobody there, or an error, costs nothing and tells no secret."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from monitor.run.watching import BODY_AT_MOST, TOLD_WITHIN, Ping, write_textfile


@contextmanager
def _listening(status: int) -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    came: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            came.append((self.path, body))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/secret-uuid", came
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_start_and_end_are_one_run() -> None:
    with _listening(200) as (url, came):
        ping = Ping(url)
        ping.start()
        assert ping.end(3, "x" * (BODY_AT_MOST + 5)) == {"start": None, "end": None}
    (start, _), (end, body) = came
    assert start.startswith("/secret-uuid/start?rid=")
    assert end.startswith("/secret-uuid/3?rid=")
    assert start.partition("?")[2] == end.partition("?")[2]
    assert len(body) == BODY_AT_MOST


def test_failures_are_told_without_the_address() -> None:
    with _listening(500) as (url, _came):
        assert Ping(url).end(0, "") == {"end": "HTTP status 500"}
    assert Ping(url).end(0, "") == {"end": "ConnectError"}


def test_who_does_not_answer_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ping = Ping(f"http://127.0.0.1:{silent.getsockname()[1]}/secret-uuid")
        began = time.monotonic()
        ping.start()
        assert time.monotonic() - began < TOLD_WITHIN
        assert ping.end(143, "", within=0.3) == {"start": "not told in time", "end": "not told in time"}
        assert time.monotonic() - began < 2 * TOLD_WITHIN, "each of the two would wait that long"


def test_textfile(tmp_path: Path) -> None:
    path = tmp_path / "vigie.prom"
    at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    write_textfile(path, ended=at, due=3, done=2, readings={"NoSlot": 2}, seconds=1.5)
    lines = path.read_text("utf-8").splitlines()
    assert f"vigie_last_sweep_timestamp_seconds {at.timestamp():.9e}".split()[0] in {line.split()[0] for line in lines}
    assert 'vigie_last_sweep_readings{reading="NoSlot"} 2.0' in lines
    assert "vigie_last_sweep_due 3.0" in lines
