"""Who watches the watcher, told by `vigie run`: a ping after each sweep, and a file of figures for Prometheus.

Neither can fail a sweep: what could not be told is one line of the log. The ping's address is a secret and stands in
no line.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from monitor.core.words import os_words

if TYPE_CHECKING:
    from monitor.settings.settings import Settings


TOLD_WITHIN: Final = 10.0  # seconds
BODY_AT_MOST: Final = 100_000  # bytes that healthchecks.io keeps (its documentation, read 2026-11)


class Ping:
    """A healthchecks-style address: `/start` before, `/<exit code>` after, tied together by one run id.

    See https://healthchecks.io/docs/http_api/. url: without a trailing stroke.
    """

    def __init__(self, url: str) -> None:
        self._url, self._run = url, uuid4()
        self._begun: _Call | None = None

    def start(self) -> None:
        """Say that a sweep begins, in the background: the sweep does not wait for it."""
        self._begun = _Call(f"{self._url}/start", str(self._run), b"")

    def end(self, code: int, summary: str, within: float | None = None) -> dict[str, str | None]:
        """Say how it ended. code: exit code of the command. summary: what is kept with it; no personal data.

        within: seconds, TOLD_WITHIN by default. Returns, for `start` (where it was told) and `end`, None or why it
        could not be told.
        """
        until = time.monotonic() + (TOLD_WITHIN if within is None else within)
        told = {"start": self._begun.why(until)} if self._begun else {}
        last = _Call(f"{self._url}/{code}", str(self._run), summary.encode()[:BODY_AT_MOST])
        return told | {"end": last.why(until)}


class _Call:
    """One request in a thread that ends with the process: neither a slow name server nor a slow answer holds it up."""

    def __init__(self, url: str, run: str, body: bytes) -> None:
        self._why: str | None = "not told in time"
        self._thread = threading.Thread(target=self._tell, args=(url, run, body), daemon=True)
        self._thread.start()

    def why(self, until: float) -> str | None:
        """None once it was told, or why it was not by a monotonic instant in seconds."""
        self._thread.join(max(0.0, until - time.monotonic()))
        return self._why

    def _tell(self, url: str, run: str, body: bytes) -> None:
        import httpx

        try:
            with httpx.Client(trust_env=False, timeout=TOLD_WITHIN) as client:
                answer = client.post(url, params={"rid": run}, content=body)
            self._why = None if answer.is_success else f"HTTP status {answer.status_code}"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            self._why = type(error).__name__  # its text holds the address


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


HURRIED = 3.0  # seconds for the last word of a run that a signal stopped


class Watchers:
    """Those of the settings. scheduled: False for a sweep asked for by hand, which concerns nobody else."""

    def __init__(self, chosen: Settings, *, scheduled: bool) -> None:
        table = chosen.watching
        self._url = table.ping if scheduled else None
        self._textfile = table.textfile if scheduled else None
        self._ping: Ping | None = None
        self._began = time.monotonic()

    def begins(self) -> None:
        """A sweep begins; told in the background."""
        if self._url is not None:
            self._ping = self._new()
            self._ping.start()

    def ended(self, code: int, summary: Mapping[str, Any] | None = None) -> dict[str, str | None] | None:
        """How the run ended. summary: of a sweep that came to its end. Returns why the ping could not be told, by part.

        None where nobody is to be told.
        """
        if summary is not None:
            self._write(summary)
        if self._url is None:
            return None
        ping = self._ping or self._new()
        kept = {name: value for name, value in (summary or {}).items() if name != "skipped"}
        troubles = ping.end(code, json.dumps(kept), HURRIED if code > 128 else None)
        for what, why in troubles.items():
            if why is not None:
                words = _("the watcher could not be told ({what}): {why}").format(what=what, why=why)
                _warn("ping_failed", words, what=what, why=why)
        return troubles

    def _new(self) -> Ping:

        assert self._url is not None
        return Ping(self._url.reveal().rstrip("/"))

    def _write(self, summary: Mapping[str, Any]) -> None:
        if self._textfile is None:
            return

        try:
            write_textfile(
                self._textfile,
                ended=datetime.now(UTC),
                due=summary["due"],
                done=summary["done"],
                readings=summary["readings"],
                seconds=time.monotonic() - self._began,
            )
        except OSError as error:
            words = _("the file of figures {path} cannot be written: {why}")
            _warn("textfile_failed", words.format(path=self._textfile, why=os_words(error)), why=error.strerror)


def _warn(event: str, words: str, **facts: Any) -> None:
    from monitor.settings import logs

    logs.tell(logs.WARNING, event, words, **facts)
