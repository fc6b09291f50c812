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

from monitor.cli.asked import begin_log, not_read, settings, shown_on_stdout
from monitor.cli.show import observation_row, table
from monitor.core.errors import ConfigurationError
from monitor.core.readings import detail_of, from_json, is_failure
from monitor.core.record import RecordLine
from monitor.run import run as running
from monitor.run.choose import RunRequest

if TYPE_CHECKING:
    from monitor.run.run import Ended
    from monitor.settings.settings import Settings
    from monitor.sweep.plan import Skipped
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
    progress = Progress(args)
    try:
        return running.run(request, chosen, progress.step), progress.told
    finally:
        progress.end()


class Progress:
    """Each observation as it is made: a line of the log, and on a terminal how far the sweep is."""

    def __init__(self, args: argparse.Namespace) -> None:
        self._lang, self._said = args.lang, False
        self._shown = sys.stderr.isatty() and not args.json
        self._wanted = args.json or shown_on_stdout(args)  # from cron nobody is shown them: thousands are much memory
        self.told: list[RecordLine] = []

    def step(self, record: RecordLine, made: int, due: int) -> None:
        _log(record, self._lang)
        if self._wanted:
            self.told.append(record)
        if self._shown:
            self._said = True
            print(f"\r\x1b[K{made}/{due}  {record['check']}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._said:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


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
            print(_skip_words(one))
        print(_("`vigie status` shows the last readings."))
    elif args.verbose or sys.stdout.isatty():
        print(_("Nothing is due. `vigie status` shows the last readings."))


def _say_sweep(
    args: argparse.Namespace, chosen: Settings, ended: Ended, summary: Summary, told: Sequence[RecordLine]
) -> None:
    _log_end(summary)
    if args.json:
        print(json.dumps(ended.to_json() | {"observations": told}, ensure_ascii=False))
    elif shown_on_stdout(args):
        table([observation_row(record, args.lang) for record in told])
        for one in summary.skipped:
            print(_skip_words(one))
        print(_words(summary))
        if not chosen.operator.contact and not chosen.simulation.address:
            print(_("No contact is set: at half pace. Set [operator] contact so that a préfecture can reach you."))


def _log(record: RecordLine, lang: str) -> None:
    """One observation; a warning when it could not be read or reached by what is not our own network."""
    from monitor.settings import logs

    reading = from_json(dict(record))
    failed = is_failure(reading) and not _is_offline(record)  # one line for all those, at the end
    if not logs.heard(logs.WARNING if failed else logs.INFO):
        return
    facts = {"check": record["check"], "reading": record["reading"], "detail": detail_of(reading)}
    row = "  ".join(cell for cell in observation_row(record, lang) if cell)
    logs.tell(logs.WARNING if failed else logs.INFO, "check_failed" if failed else "check", row, shown=True, **facts)


def _log_end(summary: Summary) -> None:
    """What was skipped, and how the sweep ended."""
    from monitor.settings import logs

    for one in summary.skipped:
        logs.tell(logs.INFO, "skipped", _skip_words(one), shown=True, **one.to_json())
    if summary.late:
        left = sum(one.why == "deadline" for one in summary.skipped)
        words = _("the sweep's time was up: {n} checks were not made").format(n=left)
        logs.tell(logs.WARNING, "deadline", words, sweep=summary.sweep, left=left)
    if offline := summary.failures["Unreached", "vantage_offline"]:
        words = _("Our own network did not answer: that says nothing of the préfectures. `make demo` runs offline.")
        logs.tell(logs.WARNING, "offline", words, sweep=summary.sweep, checks=offline)
    told = {name: value for name, value in summary.to_json().items() if name != "skipped"}
    logs.tell(logs.INFO, "sweep", _words(summary), shown=True, **told)


def _words(summary: Summary) -> str:
    told = summary.to_json()
    text = _("sweep {n}: {done} of {due} looked at").format(n=told["sweep"], done=told["done"], due=told["due"])
    counts = ", ".join(f"{name} {n}" for name, n in told["readings"].items())
    return f"{text} ({counts})" if counts else text


def _skip_words(skipped: Skipped) -> str:
    match skipped.why:
        case "floor":
            return _("{check}: seen less than ten minutes ago; may be looked at again from {when}").format(
                check=skipped.key, when=skipped.detail
            )
        case "host":
            return _("{check}: not asked, the host is left alone ({why})").format(check=skipped.key, why=skipped.detail)
        case "browser":
            return _("{check}: not looked at, its page needs a browser ({why})").format(
                check=skipped.key, why=skipped.detail
            )
    return _("{check}: not looked at ({why})").format(check=skipped.key, why=skipped.why)


def _is_offline(record: RecordLine) -> bool:
    return record.get("cause") == "vantage_offline"
