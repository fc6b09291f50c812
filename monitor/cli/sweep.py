"""`vigie run` (what is due) and `vigie check` (what is named): one use case, two ways to choose."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from monitor.adapters.store import reading
from monitor.app.plan import Look, Skipped, above_floor, desk_look, due
from monitor.cli import wiring
from monitor.cli.show import observation_row, table
from monitor.domain.errors import UsageError
from monitor.domain.readings import from_json, is_failure

if TYPE_CHECKING:
    from monitor.app.sweep import Summary
    from monitor.settings import Settings

FAILED = 3
STOPPED = 143


def run(args: argparse.Namespace) -> int:
    """Choose, look, say. Nothing due: nothing is opened, asked or said."""
    chosen = wiring.settings(args)
    with reading(chosen.data) as opened:
        last = opened[0].last_visits() if opened else {}
    looks, skipped = _choose(args, chosen, last)
    if not looks:
        _nothing(args, skipped)
        return 0
    summary = _sweep(args, chosen)
    if summary is None:
        return STOPPED
    _say(args, chosen, summary)
    return FAILED if summary.failed else 0


def _choose(
    args: argparse.Namespace, chosen: Settings, last: Mapping[str, datetime]
) -> tuple[tuple[Look, ...], tuple[Skipped, ...]]:
    """A named look keeps to the floor between two visits; the others to their interval."""
    declared = wiring.catalogue(args)
    now, scale = datetime.now(UTC), chosen.simulation.time_scale
    if args.command == "run":
        pairs = declared.desks(chosen.watch.prefectures, chosen.watch.procedures)
        calendar, day = timedelta(minutes=chosen.pace.calendar_minutes), timedelta(hours=chosen.pace.notice_hours)
        intervals = {"calendar": calendar, "request_form": day, "notice": day}
        return due((desk_look(*pair) for pair in pairs), last, now, intervals, scale), ()  # type: ignore[arg-type]
    names = [code.partition("/")[0] for code in args.codes] or chosen.watch.prefectures
    pairs = declared.desks(names, [args.procedure] if args.procedure else [])
    looks = [desk_look(*pair) for pair in pairs]
    slugs = {code for code in args.codes if "/" in code}
    if slugs:
        whole = {declared.find(code).code for code in args.codes if "/" not in code}
        wanted = {f"{declared.find(code.partition('/')[0]).code}/{code.partition('/')[2]}": code for code in slugs}
        for key in wanted.keys() - {look.subject.key for look in looks}:
            raise UsageError(_("no desk {key} can be visited; `vigie list` shows them").format(key=key))
        looks = [x for x in looks if x.subject.key in wanted or x.subject.prefecture in whole]
    if not looks:
        raise UsageError(_("no desk of that choice can be visited; `vigie list` says why"))
    return above_floor(looks, last, now, scale)


def _sweep(args: argparse.Namespace, chosen: Settings) -> Summary | None:
    """The sweep itself, under the lock. None when a signal stopped it."""
    import asyncio

    from monitor import __version__
    from monitor.adapters.clock import SystemClock
    from monitor.adapters.environment import boot_id
    from monitor.adapters.hostmemory import StoreMemory
    from monitor.adapters.ledger import StoreLedger
    from monitor.adapters.lock import hold
    from monitor.adapters.store import Store
    from monitor.app.sweep import Means, sweep
    from monitor.domain.checkid import check_id, first_anchor

    clock = SystemClock(chosen.simulation.time_scale)
    anchor = first_anchor(wiring.PROJECT_PAGE)
    with hold(chosen.data) as lock, Store(lock, at=clock.now()) as store:
        looks, skipped = _choose(args, chosen, store.records.last_visits())  # another sweep may have ended meanwhile
        visitor = wiring.visitor(chosen, StoreMemory(store))
        means = Means(
            visitor=visitor,
            ledger=StoreLedger(store),
            clock=clock,
            program=__version__,
            check_id=lambda number, key: check_id(anchor, number, key),
            boot_id=boot_id(),
            simulated=bool(chosen.simulation.address),
        )
        progress = _Progress(len(looks), args)

        async def live() -> Summary | None:
            task = asyncio.ensure_future(sweep(looks, means, skipped=skipped, report=progress.step))
            stop_on_signals(task)
            try:
                return await task
            except asyncio.CancelledError:
                return None
            finally:
                await visitor.aclose()

        try:
            return asyncio.run(live())
        finally:
            progress.end()


def stop_on_signals(task: Any) -> None:
    """SIGTERM and SIGINT cancel the sweep: what is finished is kept, the check in hand is a declared gap."""
    import asyncio
    import signal

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)


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
        print(json.dumps({"due": 0, "done": 0, "skipped": [s.key for s in skipped], "observations": []}))
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
    text = _("sweep {n}: {done} of {due} looked at").format(
        n=summary.sweep, done=len(summary.observations), due=summary.due
    )
    counts = ", ".join(f"{name} {n}" for name, n in summary.to_json()["readings"].items())
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
