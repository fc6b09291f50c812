"""`vigie run` (what is due) and `vigie check` (what is named), and what is said of them: progress, log lines, a table,
what was skipped and why.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from gettext import gettext as _
from typing import TYPE_CHECKING

from monitor.cli.asked import begin_log, catalogue, not_read, settings, shown_on_stdout
from monitor.cli.layout import say as say_line
from monitor.cli.layout import table
from monitor.cli.running.following.outcome import (
    OFFLINE,
    is_offline,
    our_network,
    readings_words,
    say_outcome,
    skip_words,
)
from monitor.cli.running.following.progress import Progress
from monitor.cli.show import observation_row
from monitor.core.errors import ConfigurationError
from monitor.core.pace import spacing
from monitor.core.readings import detail_of, from_json, is_failure
from monitor.core.record import RecordLine
from monitor.run import run as running
from monitor.run.choose import RunRequest
from monitor.sweep.follow import Unheard

if TYPE_CHECKING:
    from monitor.run.run import Ended
    from monitor.settings.settings import Settings
    from monitor.sweep.follow import Stage
    from monitor.sweep.plan import Look, Skipped
    from monitor.sweep.sweep import Summary


def run(args: argparse.Namespace) -> int:
    """Run, then say what came of it."""
    scheduled = args.command == "run"
    codes, procedure = ((), None) if scheduled else (tuple(args.codes), args.procedure)
    request = RunRequest(codes=codes, procedure=procedure, scheduled=scheduled)
    chosen = settings(args)
    if chosen.passed_over:  # to look in other ways than its operator decided is worse than not to look
        raise ConfigurationError(not_read(chosen.passed_over))
    return say(args, chosen, *followed(args, chosen, request))


def followed(args: argparse.Namespace, chosen: Settings, request: RunRequest) -> tuple[Ended, Sequence[RecordLine]]:
    """The run, followed on the terminal and in the log; with its observations where they are to be shown."""
    begin_log(args)
    follower = Followed(args, chosen)
    try:
        return running.run(request, chosen, follower), follower.told
    finally:
        follower.end()


class Followed(Unheard):
    """Each observation as it is made: a line of the log, and on a terminal how far the sweep is."""

    def __init__(self, args: argparse.Namespace, chosen: Settings) -> None:
        self._lang = args.lang
        self._shown: Progress | None = None
        self._wanted = args.json or shown_on_stdout(args)  # from cron nobody is shown them: thousands are much memory
        self.told: list[RecordLine] = []
        if sys.stderr.isatty() and not args.json:
            hint = _(
                "Ctrl-C ends it and loses nothing that was read; `vigie check 95` looks at one préfecture in seconds."
            )
            self._shown = Progress(_spacing(chosen), _names(args), hint if args.command == "run" else "")

    def begins(self, looks: Sequence[Look]) -> None:
        """See `Follower`."""
        if self._shown:
            self._shown.begins(looks)

    def kept(self, record: RecordLine) -> None:
        """See `Follower`."""
        _log(record, self._lang)
        if self._wanted:
            self.told.append(record)
        if self._shown:
            self._shown.kept(record)

    def passed(self, skipped: Skipped) -> None:
        """See `Follower`."""
        if self._shown:
            self._shown.passed(skipped)

    def turns_to(self, stage: Stage) -> None:
        """See `Follower`."""
        if self._shown:
            self._shown.turns_to(stage)

    def end(self) -> None:
        """Wipe the line."""
        if self._shown:
            self._shown.end()


def _names(args: argparse.Namespace) -> dict[str, str]:
    return {one.code: one.name for one in catalogue(args).prefectures}


def _spacing(chosen: Settings) -> float:
    """Seconds to expect between two requests to a host."""
    least, contact = chosen.pace.spacing_seconds, bool(chosen.operator.contact)
    return spacing(0.5, contact=contact, least=least) * chosen.simulation.time_scale


def say(args: argparse.Namespace, chosen: Settings, ended: Ended, told: Sequence[RecordLine]) -> int:
    """Silent from cron when all is well; what could not be read stands in the log, so that cron mails it."""
    if ended.swept is None:
        _say_nothing(args, ended.skipped)
    elif ended.swept.summary is None or ended.stopped:
        from monitor.settings import logs

        logs.tell(logs.WARNING, "stopped", _("stopped: what was read is kept and sealed, the rest is a declared gap"))
    else:
        _say_sweep(args, chosen, ended, ended.swept.summary, told)
    return ended.code


def _say_nothing(args: argparse.Namespace, skipped: Sequence[Skipped]) -> None:
    """No look to take."""
    if args.json:
        print(json.dumps({"due": 0, "done": 0, "skipped": [s.to_json() for s in skipped], "observations": []}))
    elif skipped:
        for one in skipped:
            print(skip_words(one))
        print(_("`vigie status` shows the last readings."))
    elif args.verbose or sys.stdout.isatty():
        print(_("Nothing is due. `vigie status` shows the last readings."))


def _say_sweep(
    args: argparse.Namespace, chosen: Settings, ended: Ended, summary: Summary, told: Sequence[RecordLine]
) -> None:
    _log_end(summary, args.lang)
    if args.json:
        print(json.dumps(ended.to_json() | {"observations": told}, ensure_ascii=False))
        return
    if not shown_on_stdout(args):
        return
    offline = bool(summary.looked) and summary.readings.total() == summary.failures[OFFLINE]
    if args.verbose or (args.command == "check" and not offline):
        table([observation_row(record, args.lang) for record in told])
        for one in summary.skipped:
            print(skip_words(one))
        print(_words(summary, args.lang))
    if offline:
        for line in our_network().splitlines():
            say_line(line)
    elif args.command == "run":
        say_outcome(summary, told, chosen, _names(args), args.lang)


def _log(record: RecordLine, lang: str) -> None:
    """One observation; a warning when it could not be read or reached by what is not our own network."""
    from monitor.settings import logs

    reading = from_json(dict(record))
    failed = is_failure(reading) and not is_offline(record)  # one line for all those, at the end
    if not logs.heard(logs.WARNING if failed else logs.INFO):
        return
    facts = {"check": record["check"], "reading": record["reading"], "detail": detail_of(reading)}
    row = "  ".join(cell for cell in observation_row(record, lang) if cell)
    logs.tell(logs.WARNING if failed else logs.INFO, "check_failed" if failed else "check", row, shown=True, **facts)


def _log_end(summary: Summary, lang: str) -> None:
    """What was skipped, and how the sweep ended."""
    from monitor.settings import logs

    for one in summary.skipped:
        logs.tell(logs.INFO, "skipped", skip_words(one), shown=True, **one.to_json())
    if summary.late:
        left = sum(one.why == "deadline" for one in summary.skipped)
        words = _("the sweep's time was up: {n} checks were not made").format(n=left)
        logs.tell(logs.WARNING, "deadline", words, shown=True, sweep=summary.sweep, left=left)
    if offline := summary.failures[OFFLINE]:
        words = our_network().replace("\n", " ")
        logs.tell(logs.WARNING, "offline", words, shown=True, sweep=summary.sweep, checks=offline)
    told = {name: value for name, value in summary.to_json().items() if name != "skipped"}
    logs.tell(logs.INFO, "sweep", _words(summary, lang), shown=True, **told)


def _words(summary: Summary, lang: str) -> str:
    told = summary.to_json()
    text = _("sweep {n}: {done} of {due} looked at").format(n=told["sweep"], done=told["done"], due=told["due"])
    counts = readings_words(summary.readings, lang)
    return f"{text} ({counts})" if counts else text
