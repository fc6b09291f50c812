"""`vigie run` (what is due) and `vigie check` (what is named): one use case, two ways to choose."""

from __future__ import annotations

import argparse
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from monitor.adapters.store import reading
from monitor.cli import wiring
from monitor.cli.choosing import choose
from monitor.cli.telling import nothing, say
from monitor.cli.watchers import Watchers
from monitor.domain.errors import LockedError, VigieError

if TYPE_CHECKING:
    from monitor.adapters.lock import Lock
    from monitor.catalogue import Catalogue
    from monitor.cli.sweeping import Sweeping
    from monitor.settings import Settings

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
    from monitor.adapters.clock import SystemClock
    from monitor.adapters.lock import hold
    from monitor.adapters.store import Store
    from monitor.cli import logs
    from monitor.cli.alerting import Alerting
    from monitor.cli.sealing import open_evidence
    from monitor.cli.sweeping import Sweeping

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

    from monitor.adapters.outbox import waits

    if waits(chosen.data, datetime.now(UTC)):
        from monitor.adapters.clock import SystemClock
        from monitor.cli import logs
        from monitor.cli.alerting import Alerting

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
        from monitor.cli import logs

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
    from monitor.cli import logs
    from monitor.cli.gc import collect_daily

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
