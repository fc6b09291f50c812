"""What `vigie run` and `vigie check` say of a sweep: progress, log lines, a table, what was skipped and why."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from monitor.app.plan import Skipped
from monitor.cli.show import observation_row, table
from monitor.domain.readings import detail_of, from_json, is_failure

if TYPE_CHECKING:
    from monitor.app.swept import Summary
    from monitor.settings import Settings


class Progress:
    """Each observation as it is made: a line of the log, and on a terminal how far the sweep is."""

    def __init__(self, total: int, args: argparse.Namespace) -> None:
        self._total, self._done, self._lang = total, 0, args.lang
        self._shown = sys.stderr.isatty() and not args.json

    def step(self, record: Mapping[str, Any]) -> None:
        self._done += 1
        _log(record, self._lang)
        if self._shown:
            print(f"\r\x1b[K{self._done}/{self._total}  {record['check']}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._shown and self._done:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def nothing(args: argparse.Namespace, skipped: Sequence[Skipped]) -> None:
    """No look to take."""
    if args.json:
        print(json.dumps({"due": 0, "done": 0, "skipped": [s.to_json() for s in skipped], "observations": []}))
    elif skipped:
        for one in skipped:
            print(_skip_words(one))
        print(_("`vigie status` shows the last readings."))
    elif args.verbose or sys.stdout.isatty():
        print(_("Nothing is due. `vigie status` shows the last readings."))


def say(args: argparse.Namespace, chosen: Settings, summary: Summary, more: Mapping[str, Any]) -> None:
    """Silent from cron when all is well; what could not be read stands in the log, so that cron mails it.

    more: what the JSON document says beside the summary.
    """
    from monitor.cli import logs

    _log_end(summary)
    if args.json:
        print(json.dumps({**summary.to_json(), **more, "observations": summary.observations}, ensure_ascii=False))
    elif logs.shown_on_stdout(args):
        table([observation_row(record, args.lang) for record in summary.observations])
        for one in summary.skipped:
            print(_skip_words(one))
        print(_words(summary))
        if not chosen.operator.contact and not chosen.simulation.address:
            print(_("No contact is set: at half pace. Set [operator] contact so that a préfecture can reach you."))


def _log(record: Mapping[str, Any], lang: str) -> None:
    """One observation; a warning when it could not be read or reached by what is not our own network."""
    from monitor.cli import logs

    reading = from_json(dict(record))
    failed = is_failure(reading) and not _is_offline(record)  # one line for all those, at the end
    if not logs.heard(logs.WARNING if failed else logs.INFO):
        return
    facts = {"check": record["check"], "reading": record["reading"], "detail": detail_of(reading)}
    row = "  ".join(cell for cell in observation_row(record, lang) if cell)
    logs.tell(logs.WARNING if failed else logs.INFO, "check_failed" if failed else "check", row, shown=True, **facts)


def _log_end(summary: Summary) -> None:
    """What was skipped, and how the sweep ended."""
    from monitor.cli import logs

    for one in summary.skipped:
        logs.tell(logs.INFO, "skipped", _skip_words(one), shown=True, **one.to_json())
    if summary.late:
        left = sum(one.why == "deadline" for one in summary.skipped)
        words = _("the sweep's time was up: {n} checks were not made").format(n=left)
        logs.tell(logs.WARNING, "deadline", words, sweep=summary.sweep, left=left)
    if offline := sum(map(_is_offline, summary.observations)):
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


def _is_offline(record: Mapping[str, Any]) -> bool:
    return record.get("cause") == "vantage_offline"
