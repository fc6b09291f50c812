"""A watchman in the manner of Healthchecks, as far as `vigie run` meets one: its pinging API and the status it shows.

From its documentation (https://healthchecks.io/docs/: http_api/, signaling_failures/, measuring_script_run_time/,
configuring_checks/; read 2026-11): `/start`, `/fail`, `/log`, `/<exit status>` of 0 to 255, nothing for a
success; 0 is success and every other number a failure; `rid` is a UUID, and a start and an end of one make a duration;
bodies are kept up to 100,000 bytes. A check is late from its period on and down once its grace is over as well, or the
grace after a start that nothing ended. Recorded of a real one: a start and a 0 of one run make it "up" with the run's
duration; a 3 makes it "down". The server itself is in no package registry.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Final, Literal
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

UUID_OF_CHECK: Final = "5bf66975-d4c7-4bf5-bcc8-b8d8a82ea278"
KEPT: Final = 100_000
PERIOD: Final = timedelta(days=1)
GRACE: Final = timedelta(hours=1)
Status = Literal["new", "up", "down"]
Shown = Literal["new", "up", "late", "started", "down"]
_PATH: Final = re.compile(rf"/{UUID_OF_CHECK}(?:/(start|fail|log|\d{{1,3}}))?")


@dataclass
class Watchman:
    """status: by the last end that was told. flips: every change of it. came: path, body. durations: of the runs.

    started: when the run under way began, told: when the last end came; aware UTC. answer: HTTP status of every answer.
    """

    answer: int = 200
    url: str = ""
    status: Status = "new"
    started: datetime | None = None
    told: datetime | None = None
    durations: list[timedelta] = field(default_factory=list)
    flips: list[Status] = field(default_factory=list)
    came: list[tuple[str, bytes]] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """What was said, in order: `start`, `0`, `fail`."""
        return [path.rpartition("/")[2] for path, _body in self.came]

    def ping(self, target: str, body: bytes) -> int:
        """One request; its HTTP status."""
        parts = urlsplit(target)
        found = _PATH.fullmatch(parts.path)
        if found is None or ((found[1] or "0").isdecimal() and int(found[1] or 0) > 255):
            return 404
        (run,) = parse_qs(parts.query).get("rid", [""])
        try:
            UUID(run)
        except ValueError:
            return 400
        self.came.append((parts.path, body[:KEPT]))
        self._heard(found[1] or "0", run)
        self.runs.append(run)
        return self.answer

    def _heard(self, word: str, run: str) -> None:
        now = datetime.now(UTC)
        if word == "log":
            return
        if word == "start":
            self.started = now
            return
        if self.started is not None and self.runs[-1:] == [run]:
            self.durations.append(now - self.started)
        self.started, self.told = None, now
        status: Status = "up" if word.isdecimal() and int(word) == 0 else "down"
        if status != self.status:
            self.flips.append(status)
        self.status = status

    def shows(self, at: datetime) -> Shown:
        """What its page shows at an instant, aware UTC, when nothing more came."""
        if self.started is not None:
            return "down" if at >= self.started + GRACE else "started"
        if self.status != "up" or self.told is None:
            return self.status
        late = self.told + PERIOD
        return "down" if at >= late + GRACE else "late" if at >= late else "up"


@contextmanager
def watchman(answer: int = 200) -> Iterator[Watchman]:
    """One that listens on loopback, at `url`."""
    one = Watchman(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status = one.ping(self.path, self.rfile.read(int(self.headers.get("Content-Length", 0))))
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"OK")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    one.url = f"http://127.0.0.1:{server.server_port}/{UUID_OF_CHECK}"
    try:
        yield one
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
