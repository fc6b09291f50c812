"""One sweep under the lock, in order: late stamps, looks, pictures, second looks, seal, stamps.

SIGTERM and SIGINT: what is under way is abandoned, what is finished is kept, nothing new is begun.

The pictures of a sweep that just ended, before it is sealed.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterable, Sequence
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from monitor import __version__
from monitor.cli.running.run import Progress
from monitor.evidence.sums import StampFailure, check_id
from monitor.fetch.browser.session import BrowserVisitor
from monitor.fetch.clock import clock_state
from monitor.run import weekly, wiring
from monitor.run.choose import looks_of
from monitor.run.evidence import Evidence
from monitor.run.ledger import StoreLedger, StoreMemory
from monitor.settings import logs
from monitor.sweep.conditions.conditions import boot_id
from monitor.sweep.second import WITHIN, second_looks, second_looks_due
from monitor.sweep.summary import Summary
from monitor.sweep.sweep import Means, sweep

if TYPE_CHECKING:
    from monitor.catalogue.catalogue import Catalogue
    from monitor.core.ports import Clock, Visitor
    from monitor.fetch.browser.browser import Browser
    from monitor.fetch.clock import SystemClock
    from monitor.run.alerting import Alerting
    from monitor.settings.settings import Settings
    from monitor.store.store import Store
    from monitor.sweep.plan import Look, Skipped


class Stop:
    """The signals of one process, from the moment this is made inside its event loop.

    number: of the first signal that came, 0 before. The first cancels what runs; more of them interrupt no clean-up.
    """

    def __init__(self) -> None:
        self.number = 0
        self._running: asyncio.Task[None] | None = None
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._came, int(number))

    async def until(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do the work to its end or to a signal; nothing where one came already. Raises what the work raises."""
        if self.number:
            return
        self._running = asyncio.ensure_future(work())
        try:
            await self._running
        except asyncio.CancelledError:
            if not self.number:
                raise
        finally:
            self._running = None

    def _came(self, number: int) -> None:
        if self.number:
            return
        self.number = number
        if self._running is not None:
            self._running.cancel()


def stop_on_signals(task: asyncio.Task[Any]) -> list[int]:
    """SIGTERM and SIGINT cancel the task. Returns the list in which the signals that came stand."""
    came: list[int] = []

    def stop(number: int) -> None:
        came.append(number)
        task.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop, int(number))
    return came


SUBJECT = "captures"  # what the check id of a style or an image is derived from


async def take_pictures(
    chosen: Settings,
    store: Store,
    visitor: Visitor,
    clock: Clock,
    check_id: Callable[[int, str], str],
    browser: Browser,
    within: float,
) -> int:
    """Take them within so many seconds, and bring them to the disk; how many. None where the settings want none."""
    if not chosen.captures.screenshots:
        return 0
    from monitor.sweep.album import ChromiumStudio, StoreAlbum
    from monitor.sweep.pictures import TIME, Means, take

    number = store.records.sweeps(1)[0].number
    means = Means(
        album=StoreAlbum(store),
        studio=ChromiumStudio(browser),
        visitor=visitor,
        clock=clock,
        check_id=check_id(number, SUBJECT),
        one_in=chosen.captures.sample,
    )
    try:
        return await take(number, means, min(TIME, within))
    finally:
        store.barrier(clock.now())


PICTURES_ANYWAY = 30.0  # seconds: an opening found by a sweep whose time is up gets its picture
STAMPS_WITHIN = 60.0  # seconds; what is still owed then is asked for by the next run


class Sweeping:
    """A sweep and what belongs to it. summary: None until its looks are over; the rest is what its JSON tells beside.

    The parts that wait for others (`_late_stamps`, `_looks`, `_stamps`) are abandoned at a signal; closing and sealing
    are done whatever happens.
    """

    def __init__(
        self,
        args: argparse.Namespace,
        chosen: Settings,
        declared: Catalogue,
        store: Store,
        evidence: Evidence,
        clock: SystemClock,
        alerting: Alerting,
    ) -> None:
        self._args, self._chosen, self._declared, self._clock = args, chosen, declared, clock
        self._store, self._evidence, self._alerting = store, evidence, alerting
        self.summary: Summary | None = None
        self.pictures = 0
        self.walked: str | None = None
        self.seconds: list[dict[str, Any]] = []
        self.stamps: list[dict[str, str]] = []

    def run(self, looks: Sequence[Look], skipped: Iterable[Skipped]) -> int:
        """All of it. Returns the number of the signal that stopped it, 0 when none did."""
        self._looks_chosen, self._skipped = looks, skipped
        everything = looks_of(self._declared, self._chosen.watch.prefectures, self._chosen.watch.procedures, {})
        last = self._store.records.last_visits()
        self._again = second_looks_due(looks, everything, last, self._clock.now())
        self._browser = wiring.browser(self._chosen)
        self._visitor = wiring.visitor(self._chosen, StoreMemory(self._store))
        self._digests = wiring.source_digests(self._declared)
        self._progress = Progress(len(looks), self._args)
        self._alerting.begins(self._store)
        try:
            return asyncio.run(self._live())
        finally:
            self._progress.end()

    async def _live(self) -> int:
        self._until = asyncio.get_running_loop().time() + self._chosen.watch.deadline_minutes * 60
        stop = Stop()
        try:
            await stop.until(self._late_stamps)
            await stop.until(self._looks)
        finally:
            await self._browser.aclose()
            await self._visitor.aclose()
            self._seal()
            await stop.until(self._stamps)
            self._alerting.ended(self._store)
        return stop.number

    async def _looks(self) -> None:
        """The sweep proper, then what is made of the pages it read."""
        means = self._means()
        self.summary = await sweep(
            self._looks_chosen, means, skipped=self._skipped, report=self._progress.step, within=self._left()
        )
        self.pictures = await take_pictures(
            self._chosen, self._store, self._visitor, self._clock, means.check_id, self._browser,
            within=max(self._left(), PICTURES_ANYWAY),
        )  # fmt: skip
        if self._chosen.browser.second_look and self._left() >= WITHIN:
            self.seconds.extend(await second_looks(self._again, self.summary, means))
        if self._args.command == "run":
            await self._walk_one(means)

    async def _walk_one(self, means: Means) -> None:
        """The site of one préfecture of which nothing is known, where its week is over."""
        assert self.summary is not None
        data, now = self._chosen.data, self._clock.now()
        one = weekly.due(self._declared.select(self._chosen.watch.prefectures), data, now)
        if one is None or self._left() < WITHIN or self.summary.online != (True, True):
            return
        name = means.check_id(self.summary.sweep, f"discover {one.code}")
        await weekly.walk(
            one, data, self._visitor, self._clock, name, within=self._left(), simulated=means.simulated
        )  # fmt: skip
        self.walked = one.code

    def _left(self) -> float:
        """Seconds to the deadline of the sweep."""
        return self._until - asyncio.get_running_loop().time()

    def _means(self) -> Means:
        anchor = self._evidence.anchor(self._store.records)
        return Means(
            visitor=self._visitor,
            ledger=StoreLedger(self._store, self._alerting.newsroom),
            clock=self._clock,
            program=__version__,
            check_id=lambda number, key: check_id(anchor, number, key),
            boot_id=boot_id(),
            simulated=bool(self._chosen.simulation.address),
            clock_state=clock_state,
            sources=lambda look: self._digests.of(look.rule, look.subject.prefecture),
            browser=BrowserVisitor(self._browser, self._visitor, agent=self._visitor.agent),
        )

    def _seal(self) -> None:
        env = wiring.conditions(
            self._chosen, self._args.command, self._looks_chosen, self._digests, self._browser
        )  # fmt: skip
        env |= {"second_looks": self.seconds} if self.seconds else {}
        records = self._store.records
        self._evidence.seal(records, self._clock.now(), {one.number: env for one in records.sweeps(1)})

    async def _late_stamps(self) -> None:
        """What an earlier run left unstamped."""
        await self._evidence.stamp()

    async def _stamps(self) -> None:
        try:
            async with asyncio.timeout(STAMPS_WITHIN):
                answers = await self._evidence.stamp()
        except TimeoutError:
            return
        for answer in answers:
            if isinstance(answer, StampFailure):
                self.stamps.append({"authority": answer.authority, "trouble": answer.trouble})
                words = _("no time-stamp by {authority}: {why}; it is asked again at the next run")
                logs.tell(
                    logs.INFO, "stamp_failed", words.format(authority=answer.authority, why=answer.detail),
                    authority=answer.authority, trouble=answer.trouble,
                )  # fmt: skip
            else:
                self.stamps.append({"authority": answer.authority, "gen_time": answer.gen_time.isoformat()})

    def is_first_of_the_day(self) -> bool:
        """True when no earlier sweep began on the UTC day of the last one."""
        last = self._store.records.sweeps(2)
        return len(last) < 2 or last[0].started.date() != last[1].started.date()

    def to_json(self) -> dict[str, Any]:
        """What is told beside the summary: pictures made, second looks in short, stamps had and missed."""
        short = ("check", "reading", "certificate", "not_made")
        return {
            "pictures": self.pictures,
            "second_looks": [{k: one[k] for k in short if k in one} for one in self.seconds],
            "stamps": self.stamps,
            "walked": self.walked,
        }
