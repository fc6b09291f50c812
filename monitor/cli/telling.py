"""What `vigie run` and `vigie check` say of a sweep: a line of progress, a table, what was skipped and why."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from monitor.app.plan import Skipped
from monitor.cli.show import observation_row, table
from monitor.domain.readings import from_json, is_failure

if TYPE_CHECKING:
    from monitor.app.sweep import Summary
    from monitor.settings import Settings


class Progress:
    """One line on a terminal that says how far the sweep is; nothing anywhere else."""

    def __init__(self, total: int, args: argparse.Namespace) -> None:
        self._total, self._done = total, 0
        self._shown = sys.stderr.isatty() and not args.json

    def step(self, record: Mapping[str, Any]) -> None:
        self._done += 1
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


def say(args: argparse.Namespace, chosen: Settings, summary: Summary) -> None:
    """Silent from cron when all is well; otherwise what could not be read, on standard error so that cron mails it."""
    if args.json:
        print(json.dumps({**summary.to_json(), "observations": summary.observations}, ensure_ascii=False))
        return
    if args.command == "check" or args.verbose or sys.stdout.isatty():
        table([observation_row(record, args.lang) for record in summary.observations])
        for one in summary.skipped:
            print(_skip_words(one))
        print(_words(summary))
        if not chosen.operator.contact and not chosen.simulation.address:
            print(_("No contact is set: at half pace. Set [operator] contact so that a préfecture can reach you."))
    elif summary.failed:
        table([observation_row(r, args.lang) for r in summary.observations if is_failure(from_json(r))], sys.stderr)
    if _all_offline(summary):
        print(
            _("Our own network did not answer: that says nothing of the préfectures. `make demo` runs offline."),
            file=sys.stderr,
        )


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


def _all_offline(summary: Summary) -> bool:
    return bool(summary.observations) and all(o.get("cause") == "vantage_offline" for o in summary.observations)
