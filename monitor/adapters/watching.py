"""Who watches the watcher: a ping after each sweep, and a file of figures for Prometheus.

Neither can fail a sweep: what could not be told is one line of the log. The ping's address is a secret and stands in
no line.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

TOLD_WITHIN: Final = 10.0  # seconds
BODY_AT_MOST: Final = 100_000  # bytes that healthchecks.io keeps (its documentation, read 2026-11)


class Ping:
    """A healthchecks-style address: `/start` before, `/<exit code>` after, tied together by one run id.

    See https://healthchecks.io/docs/http_api/. url: without a trailing stroke; None: nothing is told.
    """

    def __init__(self, url: str | None) -> None:
        self._url, self._run = url, uuid4()

    def start(self) -> str | None:
        """Say that a sweep begins. Returns why that could not be told, None when it was or there is nobody to tell."""
        return self._tell("start", b"")

    def end(self, code: int, summary: str) -> str | None:
        """Say how it ended. code: exit code of the command. summary: what is kept with it; no personal data."""
        return self._tell(str(code), summary.encode()[:BODY_AT_MOST])

    def _tell(self, what: str, body: bytes) -> str | None:
        if self._url is None:
            return None
        import httpx

        try:
            with httpx.Client(trust_env=False, timeout=TOLD_WITHIN) as client:
                answer = client.post(f"{self._url}/{what}", params={"rid": str(self._run)}, content=body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return type(error).__name__  # its text holds the address
        return None if answer.is_success else f"HTTP status {answer.status_code}"


def write_textfile(
    path: Path, *, ended: datetime, due: int, done: int, readings: Mapping[str, int], seconds: float
) -> None:
    """Replace the file node_exporter's textfile collector reads. ended: aware UTC. Raises OSError."""
    from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

    registry = CollectorRegistry()

    def gauge(name: str, says: str, value: float) -> None:
        Gauge(f"vigie_{name}", says, registry=registry).set(value)

    gauge("last_sweep_timestamp_seconds", "End of the last sweep, seconds since 1970 UTC.", ended.timestamp())
    gauge("last_sweep_duration_seconds", "How long it took.", seconds)
    gauge("last_sweep_due", "Checks that were due.", due)
    gauge("last_sweep_done", "Checks that were made.", done)
    by_reading = Gauge("vigie_last_sweep_readings", "Observations by class.", ["reading"], registry=registry)
    for name, count in readings.items():
        by_reading.labels(name).set(count)
    write_to_textfile(str(path), registry)
