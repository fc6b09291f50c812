"""`vigie assist`: a person does what a booking site asks, in their own window; what they were shown is kept.

The terminal beside the window tells them what is kept, and why capture ends.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from monitor import __version__
from monitor.case.assist.assist import FLOOR, Sitting, SittingTools
from monitor.case.assist.attempt import Ending
from monitor.case.assist.browser import AssistOptions, Started, banded, started, system
from monitor.case.assist.folder import keep, stamp
from monitor.case.assist.record import AttemptMade, Conditions, Taken, files_of, told
from monitor.cli.asked import catalogue, settings
from monitor.cli.layout import paint, say
from monitor.cli.show import local, quoted, words
from monitor.core.errors import UsageError, VigieError
from monitor.core.ports import BrowserError
from monitor.core.prefecture import Desk, Prefecture
from monitor.core.readings import from_json
from monitor.fetch.browser.needs import command, missing
from monitor.fetch.clock import SystemClock
from monitor.run.wiring import authorities, source_digests
from monitor.sweep.plan import desk_look

if TYPE_CHECKING:
    from monitor.catalogue.catalogue import Catalogue
    from monitor.evidence.stamps.authority import Timestamper
    from monitor.settings.settings import Settings


BELL: Final = "\a"


class Screen:
    """What the person reads meanwhile. Implements `monitor.case.assist.assist.Teller`."""

    def __init__(self, out: TextIO, lang: str, zone: str) -> None:
        self._out, self._lang, self._zone = out, lang, zone
        self._counting = False

    def say(self, text: str) -> None:
        """One line."""
        self._end_count()
        say(text, out=self._out)
        self._out.flush()

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


class NoBrowserError(VigieError):
    """No browser can be opened for the person here."""

    exit_code = 78


def run(args: argparse.Namespace) -> int:
    """Open the window, follow it, write the folder. Exit 0, or 3 where no page could be recorded."""
    chosen, declared = settings(args), catalogue(args)
    prefecture, desk = _desk(declared, args.code)
    if args.reload is not None and args.reload < FLOOR:
        raise UsageError(_("--reload wants {floor} minutes or more").format(floor=FLOOR))
    if missing() == "libraries":
        words = _("the browser's libraries are not installed. To have them: {command}")
        raise NoBrowserError(words.format(command=command("libraries")))
    out = Path(args.out or f"tentative-{args.code.replace('/', '-')}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    if out.exists():
        raise UsageError(_("{path} exists already: an attempt is never written over another").format(path=out))
    os.umask(0o077)  # what a person was shown: for its owner only
    screen = Screen(sys.stderr if args.json else sys.stdout, args.lang, prefecture.time_zone)
    try:
        return asyncio.run(_Sitting(args, chosen, declared, prefecture, desk, screen, out).follow())
    except BrowserError as error:
        raise NoBrowserError(str(error)) from None
    except asyncio.CancelledError:  # a signal before the first page, or after the last
        raise KeyboardInterrupt from None


def _desk(declared: Catalogue, code: str) -> tuple[Prefecture, Desk]:
    name, _slash, slug = code.partition("/")
    prefecture = declared.find(name)
    for desk in prefecture.active_desks:
        if desk.slug == slug:
            return prefecture, desk
    known = " ".join(f"{prefecture.code}/{desk.slug}" for desk in prefecture.active_desks) or "-"
    raise UsageError(_("no desk is called {desk}; known: {known}").format(desk=code, known=known))


class _Sitting:
    """One run of the command."""

    def __init__(
        self, args: argparse.Namespace, chosen: Settings, declared: Catalogue, prefecture: Prefecture, desk: Desk,
        screen: Screen, out: Path,
    ) -> None:  # fmt: skip
        self._args, self._chosen, self._declared, self._screen, self._out = args, chosen, declared, screen, out
        self._prefecture, self._desk, self._look = prefecture, desk, desk_look(prefecture, desk)
        self._clock = SystemClock(chosen.simulation.time_scale)

    async def follow(self) -> int:
        """From the window's opening to its end; the folder is written as soon as capture ends."""
        from monitor.case.assist.window import PersonWindow

        end_on_signals()
        table = self._chosen.browser
        options = AssistOptions(
            binary=table.binary,
            sandbox=table.sandbox,
            headless=self._args.headless,
            simulator=self._chosen.simulation.address,
        )
        async with started(options) as browser:
            window = PersonWindow(browser.context, self._clock.now)
            self._screen.say(welcome(self._desk.platform.url))
            attempt = Sitting(self._prefecture, self._desk, self._look.subject, self._means(window))
            began = self._clock.now()
            stampers = authorities(self._chosen, self._clock)
            try:
                how: Ending = await attempt.follow()
            except asyncio.CancelledError:
                end_at_once_on_signals()
                how = "interrupted"
            except Exception:  # a bug of ours: what the person was shown cannot be had again
                window.stop_watching()
                await self._write(
                    self._made(attempt, began, "interrupted", browser, stampers, window.unsettled), stampers
                )
                raise
            window.stop_watching()
            made = self._made(attempt, began, how, browser, stampers, window.unsettled)
            code = await self._write(made, stampers)
            if how not in ("window_closed", "interrupted"):
                self._screen.say(_("the window stays yours: close it when you are done"))
                await window.gone.wait()
        return code

    def _means(self, window: Any) -> SittingTools:
        return SittingTools(
            window=window,
            clock=self._clock,
            teller=self._screen,
            banded=banded,
            author=self._author,
            reload_minutes=self._args.reload,
            simulated=bool(self._chosen.simulation.address),
        )

    @property
    def _author(self) -> Any:
        return "authorised_helper" if self._args.helper else "person"

    def _made(
        self, attempt: Sitting, began: datetime, how: Ending, browser: Started, stampers: Sequence[Timestamper],
        unsettled: int,
    ) -> AttemptMade:  # fmt: skip
        return AttemptMade(
            author=self._author,
            subject=self._look.subject,
            office=self._prefecture.office,
            started=began,
            finished=self._clock.now(),
            ended=how,
            taken=attempt.taken,
            unsettled=unsettled,
            conditions=Conditions(
                browser=browser.name,
                system=system(),
                program=__version__,
                sources=source_digests(self._declared).of(self._look.rule, self._prefecture.code),
                reload_minutes=self._args.reload,
                simulated=bool(self._chosen.simulation.address),
                authorities=tuple(one.name for one in stampers),
            ),
        )

    async def _write(self, made: AttemptMade, stampers: Sequence[Timestamper]) -> int:
        screen = self._screen
        if made.ended == "slots_open":
            screen.ring()
        screen.say(ending(made.ended))
        if not made.taken:
            screen.say(_("no page was recorded: nothing is written"))
            if self._args.json:
                print(json.dumps({"folder": None, "ended": made.ended, "steps": []}))
            return 3
        keep(self._out, files_of(made))
        count = len(made.taken)
        words = ngettext("written: {folder} ({count} page)", "written: {folder} ({count} pages)", count)
        screen.say(words.format(folder=self._out, count=count))
        rows = await stamp(self._out, stampers)
        for row in rows:
            screen.say(stamped(row))
        if self._args.json:
            steps = [told(taken.reading) | {"trigger": taken.trigger} for taken in made.taken]
            document = {"folder": str(self._out), "ended": made.ended, "steps": steps, "stamps": rows}
            print(json.dumps(document, ensure_ascii=False, indent=1, default=str))
        return 0


_POLITE: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # the last two where the system has them


def end_on_signals() -> None:
    """A polite end by a signal, or by the terminal's closing, cancels the task that called this: what was seen is kept.

    The loop listens, for it is woken by a signal. A handler of Python's own runs only when the interpreter goes on: a
    signal that came just before the loop fell asleep would wait for the next page, in a window where nothing moves for
    hours. Windows has no such call, and no need: its loop wakes at every signal (`asyncio.ProactorEventLoop`).
    """
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None
    for number in _signals():
        try:
            loop.add_signal_handler(number, task.cancel)
        except NotImplementedError:
            signal.signal(number, signal.getsignal(signal.SIGINT))


def end_at_once_on_signals() -> None:
    """Whoever asks a second time does not wait for time-stamps: what was seen is written by then."""
    task = asyncio.current_task()
    assert task is not None
    task.uncancel()
    for number in _signals():
        with suppress(NotImplementedError):
            asyncio.get_running_loop().remove_signal_handler(number)


def _signals() -> list[signal.Signals]:
    return [getattr(signal, name) for name in _POLITE if hasattr(signal, name)]
