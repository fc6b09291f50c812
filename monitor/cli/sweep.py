"""`vigie run` (what is due) and `vigie check` (what is named): one use case, two ways to choose."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from monitor.adapters.store import reading
from monitor.cli import wiring
from monitor.cli.choosing import choose, looks_of
from monitor.cli.telling import Progress, nothing, say

if TYPE_CHECKING:
    import asyncio

    from monitor.app.sweep import Summary
    from monitor.catalogue import Catalogue
    from monitor.settings import Settings

FAILED = 3


def run(args: argparse.Namespace) -> int:
    """Choose, look, say. Nothing due: nothing is opened, asked or said."""
    chosen, declared = wiring.settings(args), wiring.catalogue(args)
    with reading(chosen.data) as opened:
        last, facts = (opened[0].last_visits(), opened[0].last_facts()) if opened else ({}, {})
    looks, skipped = choose(args, chosen, declared, last, facts)
    if not looks:
        nothing(args, skipped)
        return 0
    done = _sweep(args, chosen, declared)
    if done is None:
        return 0
    if isinstance(done, int):
        return 128 + done
    say(args, chosen, done)
    return FAILED if done.failed else 0


def _sweep(args: argparse.Namespace, chosen: Settings, declared: Catalogue) -> Summary | int | None:
    """The sweep itself, under the lock: its summary, the number of the signal that stopped it, None when all was done.

    What is due is asked again under the lock: another sweep may have ended meanwhile.
    """
    import asyncio

    from monitor import __version__
    from monitor.adapters.browser_session import BrowserVisitor
    from monitor.adapters.clock import SystemClock
    from monitor.adapters.environment import boot_id
    from monitor.adapters.hostmemory import StoreMemory
    from monitor.adapters.ledger import StoreLedger
    from monitor.adapters.lock import hold
    from monitor.adapters.store import Store
    from monitor.adapters.timekeeping import clock_state
    from monitor.app.second import second_looks, second_looks_due
    from monitor.app.sweep import Means, sweep
    from monitor.cli.sealing import open_evidence
    from monitor.cli.shots import take_pictures
    from monitor.domain.checkid import check_id

    clock = SystemClock(chosen.simulation.time_scale)
    with hold(chosen.data) as lock, Store(lock, at=clock.now()) as store:
        evidence = open_evidence(chosen, clock)
        evidence.seal(store.records, clock.now())  # what an earlier run left unsealed
        anchor = evidence.anchor(store.records)
        looks, skipped = choose(args, chosen, declared, store.records.last_visits(), store.records.last_facts())
        if not looks:
            nothing(args, skipped)
            return None
        everything = looks_of(declared, chosen.watch.prefectures, chosen.watch.procedures, {})
        again = second_looks_due(looks, everything, store.records.last_visits(), clock.now())
        browser = wiring.browser(chosen)
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
            browser=BrowserVisitor(browser, visitor, agent=visitor.agent),
        )
        seconds: list[dict[str, Any]] = []
        progress = Progress(len(looks), args)

        async def swept() -> Summary:
            done = await sweep(looks, means, skipped=skipped, report=progress.step)
            await take_pictures(chosen, store, visitor, clock, means.check_id, browser)
            if chosen.browser.second_look:
                seconds.extend(await second_looks(again, done, means))
            return done

        async def live() -> Summary | int:
            await evidence.stamp()  # what an earlier run left unstamped
            task = asyncio.ensure_future(swept())
            stopped_by = stop_on_signals(task)
            try:
                return await task
            except asyncio.CancelledError:
                return stopped_by[0]
            finally:
                await browser.aclose()
                await visitor.aclose()
                number = store.records.sweeps(1)[0].number
                env = wiring.conditions(chosen, args.command, looks, digests, browser)
                env |= {"second_looks": seconds} if seconds else {}
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
