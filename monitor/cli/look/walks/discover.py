"""`vigie discover CODE`: find the pages of one préfecture, and print a declaration with its evidence."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from monitor import PROJECT_PAGE
from monitor.cli.asked import catalogue, holding, settings
from monitor.cli.look.walks.listed import listed_in
from monitor.cli.look.walks.walked import difference, doors, report
from monitor.core.errors import UsageError
from monitor.discover.found import Discovery
from monitor.run import wiring

if TYPE_CHECKING:
    from monitor.core.prefecture import Prefecture
    from monitor.discover.meeting import Listed
    from monitor.fetch.http.robots import Memory
    from monitor.settings.settings import Settings

UNREAD = 3
PAGES_AT_MOST = 400


def run(args: argparse.Namespace) -> int:
    """Walk, then print: what was found, what is in the way, the difference, the declaration."""
    if not 1 <= args.pages <= PAGES_AT_MOST:
        raise UsageError(_("--pages wants a number from 1 to {most}").format(most=PAGES_AT_MOST))
    chosen = settings(args)
    prefecture = catalogue(args).find(args.code)
    rows, refused = ([], []) if args.listed is None else listed_in(Path(args.listed))
    found = _walked(args, chosen, prefecture, rows)
    if isinstance(found, int):
        return 128 + found
    found.refused = sorted([*refused, *found.refused])
    _say(args, found, prefecture, simulated=bool(chosen.simulation.address))
    return UNREAD if found.home is not None else 0


def _walked(
    args: argparse.Namespace, chosen: Settings, prefecture: Prefecture, rows: Sequence[Listed]
) -> Discovery | int:
    """The walk, or the number of the signal that stopped it. Where observations are kept, what politeness remembers of
    hosts is used and kept there, under the lock; no observation is made."""
    from monitor.discover.leads import link_rules
    from monitor.discover.walk import WalkTools, discover
    from monitor.evidence.sums import check_id, first_anchor
    from monitor.fetch.clock import SystemClock
    from monitor.run.sweeping import Stop

    clock = SystemClock(chosen.simulation.time_scale)
    now = clock.now()
    progress = _Progress(args)
    with ExitStack() as held:
        visitor = wiring.visitor(chosen, _memory(chosen, held, now))
        means = WalkTools(
            visitor=visitor,
            clock=clock,
            rules=link_rules(),
            check_id=check_id(first_anchor(PROJECT_PAGE), 0, f"discover {prefecture.code} {now.isoformat()}"),
            report=progress.step,
        )

        async def live() -> Discovery | int:
            found: list[Discovery] = []

            async def walk() -> None:
                found.append(await discover(prefecture, means, pages=args.pages, listed=rows))

            stop = Stop()
            try:
                await stop.until(walk)
            finally:
                await visitor.aclose()
            return found[0] if found else stop.number

        try:
            return asyncio.run(live())
        finally:
            progress.end()


def _memory(chosen: Settings, held: ExitStack, now: datetime) -> Memory:
    from monitor.store.schema import FILE

    if not any((chosen.data / name).exists() for name in (FILE, "lock")):
        from monitor.fetch.http.robots import ShortMemory

        return ShortMemory()
    from monitor.run.ledger import StoreMemory
    from monitor.store.store import Store

    lock = held.enter_context(holding(chosen.data))
    store = held.enter_context(Store(lock, at=now.astimezone(UTC)))
    wiring.same_world(chosen, store.records)
    return StoreMemory(store)


class _Progress:
    """One line on a terminal that says how many pages were opened; nothing anywhere else."""

    def __init__(self, args: argparse.Namespace) -> None:
        self._limit, self._said = args.pages, False
        self._shown = sys.stderr.isatty() and not args.json

    def step(self, opened: int, url: str) -> None:
        if self._shown:
            self._said = True
            print(f"\r\x1b[K{opened}/{self._limit}  {url[:100]}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._said:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _say(args: argparse.Namespace, found: Discovery, prefecture: Prefecture, *, simulated: bool) -> None:
    from monitor.discover.declare import declaration
    from monitor.discover.proposal import propose

    proposal = propose(found, prefecture, simulated=simulated)
    text = declaration(found, proposal) if found.home is None else ""
    if args.json:
        from monitor.discover.json import document

        print(json.dumps(document(found, proposal, text, simulated=simulated), ensure_ascii=False, indent=1))
        return
    for line in (*report(found, args.lang, simulated=simulated), *doors(proposal), *difference(proposal.changes)):
        print(line)
    if text:
        print(_("Declaration, to paste into the préfecture's file:") + "\n")
        print(f"```python\n{text}```")
