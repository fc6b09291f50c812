"""How far a sweep is, on one line of the terminal: what is in hand, how many of how many, how long it still takes."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING, Final, TextIO

from monitor.sweep.follow import Forecast, Unheard

if TYPE_CHECKING:
    from monitor.core.record import RecordLine, Subject
    from monitor.sweep.follow import Stage
    from monitor.sweep.plan import Look, Skipped

HINT_AFTER: Final = 30.0  # seconds: somebody who came for one préfecture has waited long enough


class Progress(Unheard):
    """Follows a sweep for a person who looks on. spacing: seconds expected between two requests to a host.

    names: of the préfectures, by code. hint: how to be quicker, said once after half a minute. now: monotonic seconds.
    """

    def __init__(
        self,
        spacing: float,
        names: Mapping[str, str],
        hint: str = "",
        out: TextIO | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._spacing, self._names, self._hint, self._out, self._now = spacing, names, hint, out or sys.stderr, now
        self._forecast = Forecast((), spacing)
        self._labels: dict[str, str] = {}
        self._began = now()

    def begins(self, looks: Sequence[Look]) -> None:
        """See `Follower`."""
        self._forecast, self._began = Forecast(looks, self._spacing), self._now()
        self._labels = {one.subject.key: self._label(one.subject) for one in looks}
        sites = len({look.host for look in looks})
        self._show(ngettext("{n} site, never hurried", "{n} sites, none of them hurried", sites).format(n=sites))

    def kept(self, record: RecordLine) -> None:
        """See `Follower`."""
        self._over(record["check"])

    def passed(self, skipped: Skipped) -> None:
        """See `Follower`."""
        self._over(skipped.key)

    def turns_to(self, stage: Stage) -> None:
        """See `Follower`."""
        words = {
            "looks": "",
            "pictures": _("pictures of the pages"),
            "second_looks": _("a second look at some, as a browser sees them"),
            "walk": _("a walk over a site of which nothing is known"),
            "seal": _("what was read is sealed and time-stamped"),
        }
        self._line(words[stage] + " …")

    def end(self) -> None:
        """Leave an empty line."""
        self._write("\r\x1b[K")

    def _label(self, subject: Subject) -> str:
        name = self._names.get(subject.prefecture)
        return f"{subject.prefecture} {name}" if name else subject.label

    def _over(self, key: str) -> None:
        self._forecast.over(key)
        elapsed = self._now() - self._began
        if self._hint and elapsed >= HINT_AFTER and self._forecast.seconds_left(elapsed) >= HINT_AFTER:
            self._write(f"\r\x1b[K{self._hint}\n")
            self._hint = ""
        self._show(self._labels.get(key, ""))

    def _show(self, what: str) -> None:
        cast = self._forecast
        left = _still(cast.seconds_left(self._now() - self._began))
        self._line(_("{made} of {due} looked at, {left} · {what}").format(
            made=cast.made, due=cast.due, left=left, what=what
        ))  # fmt: skip

    def _line(self, text: str) -> None:
        room = shutil.get_terminal_size((80, 24)).columns - 1
        shown = text if len(text) <= room else text[: room - 1] + "…"
        self._write(f"\r\x1b[K{shown}")

    def _write(self, text: str) -> None:
        with suppress(OSError):  # the terminal was closed: the sweep goes on, and is sealed
            print(text, end="", file=self._out, flush=True)


def _still(seconds: float) -> str:
    if seconds < 50:
        return _("less than a minute left")
    minutes = round(seconds / 60) or 1
    return ngettext("about {n} minute left", "about {n} minutes left", minutes).format(n=minutes)
