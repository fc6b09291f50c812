"""`vigie run` (what is due) and `vigie check` (what is named): one use case, two ways to choose.

What `vigie run` and `vigie check` say of a sweep: progress, log lines, a table, what was skipped and why.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from monitor.cli.show import observation_row, table
from monitor.core.errors import LockedError, VigieError
from monitor.core.readings import detail_of, from_json, is_failure
from monitor.run import wiring
from monitor.run.choose import choose
from monitor.run.watching import Watchers
from monitor.store.store import reading
from monitor.sweep.plan import Skipped

if TYPE_CHECKING:
    from monitor.catalogue.catalogue import Catalogue
    from monitor.run.run import Sweeping
    from monitor.settings.settings import Settings
    from monitor.store.files import Lock
    from monitor.sweep.summary import Summary


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
    from monitor.settings import logs

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


FAILED = 3


def run(args: argparse.Namespace) -> int:
    """Choose, look, say. Nothing due: nothing is opened, asked or said, but to who watches this monitor."""
    chosen, declared = wiring.settings(args), wiring.catalogue(args)
    watchers = Watchers(chosen, scheduled=args.command == "run")
    try:
        with reading(chosen.data) as opened:
            if opened:
                wiring.same_world(chosen, opened[0])
            last, facts = (opened[0].last_visits(), opened[0].last_facts()) if opened else ({}, {})
        looks, skipped = choose(args, chosen, declared, last, facts)
        if not looks:
            _send_waiting(args, chosen, declared)
            watchers.ended(0)
            nothing(args, skipped)
            return 0
        return _sweep(args, chosen, declared, watchers)
    except LockedError:
        raise  # the sweep that holds the lock has its own start and end
    except VigieError as error:
        watchers.ended(error.exit_code)
        raise
    except Exception:
        watchers.ended(1)
        raise


def _sweep(args: argparse.Namespace, chosen: Settings, declared: Catalogue, watchers: Watchers) -> int:
    """The sweep itself, under the lock; its exit code.

    What is due is asked again under the lock: another sweep may have ended meanwhile.
    """
    from monitor.fetch.clock import SystemClock
    from monitor.run.alerting import Alerting
    from monitor.run.evidence import open_evidence
    from monitor.run.run import Sweeping
    from monitor.settings import logs
    from monitor.store.files import hold
    from monitor.store.store import Store

    logs.begin(args)
    clock = SystemClock(chosen.simulation.time_scale)
    alerting = Alerting(chosen, declared, clock)
    more: dict[str, Any] = {}
    with hold(chosen.data) as lock:
        watchers.begins()
        with Store(lock, at=clock.now()) as store:
            wiring.same_world(chosen, store.records)
            evidence = open_evidence(chosen, clock)
            evidence.seal(store.records, clock.now())  # what an earlier run left unsealed
            looks, skipped = choose(args, chosen, declared, store.records.last_visits(), store.records.last_facts())
            if not looks:
                watchers.ended(0)
                nothing(args, skipped)
                return 0
            sweeping = Sweeping(args, chosen, declared, store, evidence, clock, alerting)
            stopped = sweeping.run(looks, skipped)
            daily = args.command == "run" and sweeping.is_first_of_the_day()
        if daily and chosen.retention.automatic and not stopped:
            more["freed"] = _collect(chosen, lock)
    if not stopped:
        more["messages"] = dict(alerting.send())
    return _ended(args, chosen, sweeping, watchers, stopped, more)


def _send_waiting(args: argparse.Namespace, chosen: Settings, declared: Catalogue) -> None:
    """What an earlier run could not send; costs a glance at the database where there is nothing."""
    from datetime import UTC, datetime

    from monitor.alerts.send.outbox import waits

    if waits(chosen.data, datetime.now(UTC)):
        from monitor.fetch.clock import SystemClock
        from monitor.run.alerting import Alerting
        from monitor.settings import logs

        logs.begin(args)
        Alerting(chosen, declared, SystemClock(chosen.simulation.time_scale)).send()


def _ended(
    args: argparse.Namespace,
    chosen: Settings,
    sweeping: Sweeping,
    watchers: Watchers,
    stopped: int,
    more: dict[str, Any],
) -> int:
    """Tell who watches, then who reads."""
    summary = sweeping.summary
    if stopped or summary is None:
        from monitor.settings import logs

        logs.tell(logs.WARNING, "stopped", _("stopped: what was read is kept and sealed, the rest is a declared gap"))
        watchers.ended(128 + stopped)
        return 128 + stopped
    code = FAILED if summary.failed or summary.late else 0
    more = {"deadline": summary.late, **sweeping.to_json(), **more}
    told = watchers.ended(code, summary.to_json() | more)
    if told is not None:
        more["ping"] = told
    say(args, chosen, summary, more)
    return code


def _collect(chosen: Settings, lock: Lock) -> int | None:
    """Bytes freed by the daily removal of what is past its time; None where the disk stood in the way."""
    from monitor.cli.evidence.gc import collect_daily
    from monitor.settings import logs

    try:
        done = collect_daily(chosen, lock)
    except VigieError as error:
        logs.tell(logs.WARNING, "gc_failed", str(error))
        return None
    for pack in done.packs:
        if pack.damaged:
            words = _("{file} is damaged: left as it is").format(file=pack.file)
            logs.tell(logs.WARNING, "gc_damaged", words, file=pack.file)
    logs.tell(logs.INFO, "gc", _("removed: {size} bytes").format(size=done.freed), freed=done.freed)
    return done.freed
