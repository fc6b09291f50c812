"""`vigie run` (what is due) and `vigie check` (what is named): one use case, two ways to choose."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from monitor.adapters.store import reading
from monitor.app.plan import Look, Skipped, above_floor, desk_look, due, notice_key, notice_look
from monitor.cli import wiring
from monitor.cli.show import observation_row, table
from monitor.domain.errors import UsageError
from monitor.domain.readings import from_json, is_failure

if TYPE_CHECKING:
    import asyncio

    from monitor.adapters.records import Row
    from monitor.app.sweep import Summary
    from monitor.catalogue import Catalogue
    from monitor.domain.pace import Kind
    from monitor.settings import Settings

FAILED = 3


def run(args: argparse.Namespace) -> int:
    """Choose, look, say. Nothing due: nothing is opened, asked or said."""
    chosen, declared = wiring.settings(args), wiring.catalogue(args)
    with reading(chosen.data) as opened:
        last, facts = (opened[0].last_visits(), opened[0].last_facts()) if opened else ({}, {})
    looks, skipped = _choose(args, chosen, declared, last, facts)
    if not looks:
        _nothing(args, skipped)
        return 0
    done = _sweep(args, chosen, declared)
    if done is None:
        return 0
    if isinstance(done, int):
        return 128 + done
    _say(args, chosen, done)
    return FAILED if done.failed else 0


def _choose(
    args: argparse.Namespace,
    chosen: Settings,
    declared: Catalogue,
    last: Mapping[str, datetime],
    facts: Mapping[str, Row],
) -> tuple[tuple[Look, ...], tuple[Skipped, ...]]:
    """A named look keeps to the floor between two visits; the others to their interval."""
    now, scale = datetime.now(UTC), chosen.simulation.time_scale
    if args.command == "run":
        looks = _looks(declared, chosen.watch.prefectures, chosen.watch.procedures, facts)
        day = timedelta(hours=chosen.pace.notice_hours)
        intervals: dict[Kind, timedelta] = {
            "calendar": timedelta(minutes=chosen.pace.calendar_minutes),
            "request_form": day,
            "notice": day,
        }
        return due(looks, last, now, intervals, scale), ()
    names = [code.partition("/")[0] for code in args.codes] or chosen.watch.prefectures
    procedures = [args.procedure] if args.procedure else () if args.codes else chosen.watch.procedures
    looks = _looks(declared, names, procedures, facts)
    if any("/" in code for code in args.codes):
        looks = _named(declared, args.codes, looks)
    if not looks:
        raise UsageError(_("no desk of that choice can be visited; `vigie list` says why"))
    return above_floor(looks, last, now, scale)


def _looks(
    declared: Catalogue, names: Sequence[str], procedures: Sequence[str], facts: Mapping[str, Row]
) -> list[Look]:
    """Desks and notices that may be visited. Who asks for procedures asks for desks: a notice has none."""
    from monitor.adapters.rules import notice_rules

    # A page that says nothing without its script is not asked for: what came back could not be read.
    pairs = [pair for pair in declared.desks(names, procedures) if not pair[1].platform.needs_browser]
    looks = [desk_look(*pair) for pair in pairs]
    if procedures:
        return looks
    for one in declared.select(names):
        for notice in one.notices:
            if notice.retired is None:
                row = facts.get(notice_key(one, notice))
                looks.append(notice_look(one, notice, notice_rules, json.loads(row.line) if row else None))
    return looks


def _named(declared: Catalogue, codes: Sequence[str], looks: Sequence[Look]) -> list[Look]:
    """The looks of CODE, and those named CODE/DESK. Raises UsageError for one that cannot be visited."""
    whole = {declared.find(code).code for code in codes if "/" not in code}
    keys = set()
    for code in codes:
        name, stroke, slug = code.partition("/")
        if stroke:
            keys.add(f"{declared.find(name).code}/{slug}")
    for key in sorted(keys - {look.subject.key for look in looks}):
        raise UsageError(_("no desk {key} can be visited; `vigie list` shows them").format(key=key))
    return [look for look in looks if look.subject.key in keys or look.subject.prefecture in whole]


def _sweep(args: argparse.Namespace, chosen: Settings, declared: Catalogue) -> Summary | int | None:
    """The sweep itself, under the lock: its summary, the number of the signal that stopped it, None when all was done.

    What is due is asked again under the lock: another sweep may have ended meanwhile.
    """
    import asyncio

    from monitor import __version__
    from monitor.adapters.clock import SystemClock
    from monitor.adapters.environment import boot_id
    from monitor.adapters.hostmemory import StoreMemory
    from monitor.adapters.ledger import StoreLedger
    from monitor.adapters.lock import hold
    from monitor.adapters.store import Store
    from monitor.adapters.timekeeping import clock_state
    from monitor.app.sweep import Means, sweep
    from monitor.cli.sealing import open_evidence
    from monitor.domain.checkid import check_id

    clock = SystemClock(chosen.simulation.time_scale)
    with hold(chosen.data) as lock, Store(lock, at=clock.now()) as store:
        evidence = open_evidence(chosen, clock)
        evidence.seal(store.records, clock.now())  # what an earlier run left unsealed
        anchor = evidence.anchor(store.records)
        looks, skipped = _choose(args, chosen, declared, store.records.last_visits(), store.records.last_facts())
        if not looks:
            _nothing(args, skipped)
            return None
        visitor, digests = wiring.visitor(chosen, StoreMemory(store)), wiring.source_digests(declared)
        means = Means(
            visitor=visitor,
            ledger=StoreLedger(store),
            clock=clock,
            program=__version__,
            check_id=lambda number, key: check_id(anchor, number, key),
            boot_id=boot_id(),
            simulated=bool(chosen.simulation.address),
            clock_state=clock_state,
            sources=lambda look: digests.of(look.rule, look.subject.prefecture),
        )
        progress = _Progress(len(looks), args)

        async def live() -> Summary | int:
            await evidence.stamp()  # what an earlier run left unstamped
            task = asyncio.ensure_future(sweep(looks, means, skipped=skipped, report=progress.step))
            stopped_by = stop_on_signals(task)
            try:
                return await task
            except asyncio.CancelledError:
                return stopped_by[0]
            finally:
                await visitor.aclose()
                number = store.records.sweeps(1)[0].number
                env = wiring.conditions(chosen, args.command, looks, digests)
                evidence.seal(store.records, clock.now(), {number: env})
                if not stopped_by:
                    await evidence.stamp()

        try:
            return asyncio.run(live())
        finally:
            progress.end()


def stop_on_signals(task: asyncio.Task[Any]) -> list[int]:
    """SIGTERM and SIGINT cancel the sweep: what is finished is kept, the check in hand is a declared gap.

    Returns the list in which the signals that came stand.
    """
    import asyncio
    import signal

    came: list[int] = []

    def stop(number: int) -> None:
        came.append(number)
        task.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop, int(number))
    return came


class _Progress:
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


def _nothing(args: argparse.Namespace, skipped: tuple[Skipped, ...]) -> None:
    if args.json:
        print(json.dumps({"due": 0, "done": 0, "skipped": [s.to_json() for s in skipped], "observations": []}))
    elif skipped:
        for one in skipped:
            print(_skip_words(one))
        print(_("`vigie status` shows the last readings."))
    elif args.verbose or sys.stdout.isatty():
        print(_("Nothing is due. `vigie status` shows the last readings."))


def _say(args: argparse.Namespace, chosen: Settings, summary: Summary) -> None:
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
    return _("{check}: not looked at ({why})").format(check=skipped.key, why=skipped.why)


def _all_offline(summary: Summary) -> bool:
    return bool(summary.observations) and all(o.get("cause") == "vantage_offline" for o in summary.observations)
