"""Who watches the watcher, told by `vigie run`: the ping and the file of figures. Neither fails a run."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.adapters.watching import Ping
    from monitor.settings import Settings

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
        from monitor.adapters.watching import Ping

        assert self._url is not None
        return Ping(self._url.reveal().rstrip("/"))

    def _write(self, summary: Mapping[str, Any]) -> None:
        if self._textfile is None:
            return
        from monitor.adapters.watching import write_textfile

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
            _warn("textfile_failed", words.format(path=self._textfile, why=error.strerror), why=error.strerror)


def _warn(event: str, words: str, **facts: Any) -> None:
    from monitor.cli import logs

    logs.tell(logs.WARNING, event, words, **facts)
