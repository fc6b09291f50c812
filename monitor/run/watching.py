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
from typing import TYPE_CHECKING, Any, Final

from monitor.core.errors import StoreError
from monitor.core.words import os_words

if TYPE_CHECKING:
    from monitor.settings.settings import Settings


NO_FAILURE: Final = (0, 3, 75)  # exit codes: done, done with something unread, the last sweep is still running
TOLD_WITHIN: Final = 10.0  # seconds
BODY_AT_MOST: Final = 100_000  # bytes that healthchecks.io keeps (its documentation, read 2026-11)


class Ping:
    """A healthchecks-style address: `/start` before, `/0` or `/fail` after, tied together by one run id.

    Its server takes every number but 0 for a failure (https://healthchecks.io/docs/signaling_failures/), and a page of
    a hundred préfectures that could not be read is none of the monitor: `NO_FAILURE` decides. url: without a trailing
    stroke.
    """

    def __init__(self, url: str) -> None:
        from uuid import uuid4  # where somebody is told only: it brings `platform` along

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
        word = "0" if code in NO_FAILURE else "fail"
        last = _Call(f"{self._url}/{word}", str(self._run), summary.encode()[:BODY_AT_MOST])
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


HURRIED = 3.0  # seconds for the last word of a run that a signal stopped


class Watchers:
    """Those of the settings. scheduled: False for a sweep asked for by hand, which concerns nobody else."""

    def __init__(self, chosen: Settings, *, scheduled: bool) -> None:
        table = chosen.watching
        self._url = table.ping if scheduled else None
        self._textfile, self._data = table.textfile if scheduled else None, chosen.data
        self._ping: Ping | None = None
        self._began = time.monotonic()

    def begins(self) -> None:
        """A sweep begins; told in the background."""
        if self._url is not None:
            self._ping = self._new()
            self._ping.start()

    def ended(
        self, code: int, summary: Mapping[str, Any] | None = None, failed: Mapping[tuple[str, str], int] | None = None
    ) -> dict[str, str | None] | None:
        """How the run ended. summary, failed (looks by class and cause): of a sweep that came to its end.

        Returns why the ping could not be told, by part; None where nobody is to be told.
        """
        failed = failed or {}
        if summary is not None:
            self._write(code, summary, failed)
        if self._url is None:
            return None
        ping = self._ping or self._new()
        kept = {"exit_code": code} | {name: value for name, value in (summary or {}).items() if name != "skipped"}
        if summary is not None:
            kept["failed"] = {" ".join(words).strip(): count for words, count in sorted(failed.items())}
        troubles = ping.end(code, json.dumps(kept), HURRIED if code > 128 else None)
        for what, why in troubles.items():
            if why is not None:
                words = _("the watcher could not be told ({what}): {why}").format(what=what, why=why)
                _warn("ping_failed", words, what=what, why=why)
        return troubles

    def _new(self) -> Ping:

        assert self._url is not None
        return Ping(self._url.reveal().rstrip("/"))

    def _write(self, code: int, summary: Mapping[str, Any], failed: Mapping[tuple[str, str], int]) -> None:
        if self._textfile is None:
            return
        from monitor.ops.figures import SweepFigures, folder_figures, write_figures

        swept = SweepFigures(
            ended=datetime.now(UTC),
            due=summary["due"],
            done=summary["done"],
            readings=summary["readings"],
            failed=failed,
            seconds=time.monotonic() - self._began,
            code=code,
        )
        words = _("the file of figures {path} cannot be written: {why}")
        try:
            write_figures(self._textfile, swept, folder_figures(self._data))
        except OSError as error:
            _warn("textfile_failed", words.format(path=self._textfile, why=os_words(error)), why=error.strerror)
        except StoreError as error:
            _warn("textfile_failed", words.format(path=self._textfile, why=error), why=str(error))


def _warn(event: str, words: str, **facts: Any) -> None:
    from monitor.settings import logs

    logs.tell(logs.WARNING, event, words, **facts)
