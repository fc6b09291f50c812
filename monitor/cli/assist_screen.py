"""What a person reads on the terminal during an assisted attempt."""

from __future__ import annotations

from datetime import UTC
from gettext import gettext as _
from typing import Any, Final, TextIO

from monitor.app.assist_record import Taken, told
from monitor.cli.show import local, paint, quoted, words
from monitor.domain.attempt import Ending
from monitor.domain.readings import from_json

BELL: Final = "\a"


class Screen:
    """What the person reads meanwhile. Implements `monitor.app.assist.Teller`."""

    def __init__(self, out: TextIO, lang: str, zone: str) -> None:
        self._out, self._lang, self._zone = out, lang, zone
        self._counting = False

    def say(self, text: str) -> None:
        """One line."""
        self._end_count()
        print(text, file=self._out, flush=True)

    def step(self, taken: Taken) -> None:
        """See `Teller`: the reading, the site's words, the hour."""
        record = told(taken.reading)
        at = local(taken.at.astimezone(UTC), self._zone)
        self.say(f"{paint(words(from_json(record), self._lang), self._out)}  {at}")
        if record["seen"]:
            self.say(f"  {quoted(record['seen'][:300])}")
        if "typed" in taken.left_out:
            self.say("  " + _("something was already typed in this page: no picture of it is kept"))

    def countdown(self, seconds: int) -> None:
        """See `Teller`: each second on a terminal, each minute elsewhere."""
        minutes, rest = divmod(seconds, 60)
        text = _("this page is loaded again in {time} (close the window to end)").format(time=f"{minutes}:{rest:02d}")
        if self._out.isatty():
            self._counting = True
            print(f"\r{text} ", end="", file=self._out, flush=True)
        elif rest == 0:
            self.say(text)

    def waiting(self) -> None:
        """See `Teller`."""
        self.say(_("this page is not loaded again by itself: it is your turn"))

    def ring(self) -> None:
        """The terminal's bell."""
        print(BELL, end="", file=self._out, flush=True)

    def _end_count(self) -> None:
        if self._counting:
            print(file=self._out)
            self._counting = False


def welcome(url: str) -> str:
    return _(
        "The window opens {url}.\n"
        "Do what the site asks yourself: vigie fills and presses nothing. It keeps each page as it is shown, and\n"
        "stops at an open slot and before any form for personal data. Close the window to end."
    ).format(url=url)


def ending(ending: Ending) -> str:
    return {
        "slots_open": _("A slot is shown: book it yourself. Nothing more is recorded."),
        "personal_data": _("This page asks for personal data: from here on nothing is recorded."),
        "beyond_steps": _("This page is past the steps that show slots: from here on nothing is recorded."),
        "window_closed": _("The window was closed."),
        "interrupted": _("Interrupted."),
    }[ending]


def stamped(row: dict[str, Any]) -> str:
    if row["what"] == "stamped":
        return _("time-stamped by {authority}: {at}").format(authority=row["authority"], at=row["gen_time"])
    if row["why"] == "no_authority":
        return _("not time-stamped: no authority is named in [timestamps]")
    return _("not time-stamped by {authority}: {why}").format(authority=row["authority"], why=row["why"])
