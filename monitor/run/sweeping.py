"""One sweep under the lock, in order: late stamps, looks, pictures, second looks, a weekly walk, seal, stamps, the
witness, news.

On SIGTERM and SIGINT what is under way is abandoned, what is finished is kept, nothing new is begun.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import field
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from monitor.evidence.sums import StampFailure
from monitor.fetch.browser.session import ChromiumVisitor
from monitor.fetch.clock import clock_state
from monitor.run import weekly, wiring
from monitor.run.choose import looks_of
from monitor.run.ledger import StoreLedger, StoreMemory
from monitor.settings import logs
from monitor.sweep import pictures
from monitor.sweep.conditions.conditions import boot_id
from monitor.sweep.follow import FirstOf
from monitor.sweep.second import WITHIN, second_looks, second_looks_due
from monitor.sweep.sweep import Summary, Vantage, sweep
from monitor.values import dataclass

if TYPE_CHECKING:
    from monitor.catalogue.catalogue import Catalogue
    from monitor.core.record import RecordLine
    from monitor.evidence.seal import Evidence
    from monitor.fetch.clock import SystemClock
    from monitor.run.alerting import Alerting
    from monitor.run.choose import RunRequest
    from monitor.settings.settings import Settings
    from monitor.store.store import Store
    from monitor.sweep.follow import Follower
    from monitor.sweep.plan import Look, Skipped

PICTURES_ANYWAY = 30.0  # seconds: an opening found by a sweep whose time is up gets its picture
STAMPS_WITHIN = 60.0  # seconds; what is still owed then is asked for by the next run
WITNESS_WITHIN = 30.0  # seconds


@dataclass(slots=True)
class Swept:
    """What came of a sweep, filled in as it goes on.

    stopped: number of the signal that cut it short, 0 when none did. summary: None until its looks are over. pictures:
    how many were made. second_looks: see `monitor.sweep.second`. stamps: had and missed, by authority. witness: what
    came of asking it, None where it was not its turn. walked: code of the préfecture whose site was walked over.
    """

    stopped: int = 0
    summary: Summary | None = None
    pictures: int = 0
    second_looks: list[dict[str, Any]] = field(default_factory=list)
    stamps: list[dict[str, str]] = field(default_factory=list)
    witness: dict[str, str] | None = None
    walked: str | None = None

    def to_json(self) -> dict[str, Any]:
        """What is told beside the summary, second looks in short."""
        short = ("check", "reading", "certificate", "not_made")
        return {
            "pictures": self.pictures,
            "second_looks": [{k: one[k] for k in short if k in one} for one in self.second_looks],
            "stamps": self.stamps,
            "witness": self.witness,
            "walked": self.walked,
        }


class Stop:
    """The signals of one process, from the moment this is made inside its event loop.

    number: of the first signal that came, 0 before. The first cancels what runs; more of them interrupt no clean-up.
    """

    def __init__(self) -> None:
        self.number = 0
        self._running: asyncio.Task[object] | None = None
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._came, int(number))

    async def until(self, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
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


class Sweeping:
    """One sweep and all that it works with. `run` does it once."""

    def __init__(
        self,
        request: RunRequest,
        chosen: Settings,
        declared: Catalogue,
        store: Store,
        evidence: Evidence,
        alerting: Alerting,
        clock: SystemClock,
    ) -> None:
        self._request, self._chosen, self._declared = request, chosen, declared
        self._store, self._evidence, self._alerting, self._clock = store, evidence, alerting, clock
        self._browser = wiring.browser(chosen)
        self._visitor = wiring.visitor(chosen, StoreMemory(store))
        self._witness = wiring.witness(chosen)
        self._digests = wiring.source_digests(declared)
        self._vantage = self._made()
        self._until = 0.0
        self._swept = Swept()
        self._first: dict[str, RecordLine] = {}  # by key, of the checks that get a second look

    def _made(self) -> Vantage:
        return Vantage(
            visitor=self._visitor,
            ledger=StoreLedger(self._store, self._alerting.newsroom),
            clock=self._clock,
            anchor=self._evidence.anchor(),
            boot_id=boot_id(),
            simulated=bool(self._chosen.simulation.address),
            clock_state=clock_state,
            digests=self._digests,
            browser=ChromiumVisitor(self._browser, self._visitor, agent=self._visitor.agent),
        )

    def run(self, looks: Sequence[Look], skipped: Sequence[Skipped], follower: Follower) -> Swept:
        """All of it. Raises StoreError, and what bugs were met while looking once every other check is kept."""
        self._alerting.begins(self._store)
        return asyncio.run(self._live(looks, skipped, follower))

    async def _live(self, looks: Sequence[Look], skipped: Sequence[Skipped], follower: Follower) -> Swept:
        """The order. What waits for others is abandoned at a signal; closing, sealing and news are done anyway."""
        self._until = time.monotonic() + self._chosen.watch.deadline_minutes * 60
        again = self._to_look_at_again(looks)
        stop = Stop()
        public: dict[str, str] = {}
        try:
            await stop.until(lambda: self._public_address(public))
            await stop.until(self._late_stamps)
            follower.begins(looks)
            await stop.until(lambda: self._looks(looks, skipped, again, follower))
            follower.turns_to("pictures")
            await stop.until(self._pictures)
            follower.turns_to("second_looks")
            await stop.until(lambda: self._second_looks(again))
            follower.turns_to("walk")
            await stop.until(self._weekly_walk)
        finally:
            await self._browser.aclose()
            await self._visitor.aclose()
            follower.turns_to("seal")
            self._seal(looks, public)
            await stop.until(self._stamps)
            await stop.until(self._cosignature)
            self._alerting.ended(self._store)
        self._swept.stopped = stop.number
        return self._swept

    def _left(self) -> float:
        """Seconds to the deadline of the sweep."""
        return self._until - time.monotonic()

    def _to_look_at_again(self, looks: Sequence[Look]) -> Sequence[Look]:
        watch, last = self._chosen.watch, self._store.records.last_visits()
        everything = looks_of(self._declared, watch.prefectures, watch.procedures)
        return second_looks_due(looks, everything, last, self._clock.now())

    async def _looks(
        self, looks: Sequence[Look], skipped: Sequence[Skipped], again: Sequence[Look], follower: Follower
    ) -> None:
        kept = FirstOf({look.subject.key for look in again}, self._first, follower)
        self._swept.summary = await sweep(looks, self._vantage, skipped=skipped, follower=kept, within=self._left())

    async def _pictures(self) -> None:
        """Those of the sweep that just ended, brought to the disk before it is sealed; none where none are wanted."""
        if not self._chosen.captures.screenshots:
            return
        number = next(self._store.records.sweep_ends(1)).number
        within = min(pictures.TIME, max(self._left(), PICTURES_ANYWAY))
        try:
            self._swept.pictures = await pictures.take(
                number, self._store, self._browser, self._vantage, one_in=self._chosen.captures.sample, within=within
            )
        finally:
            self._store.barrier(self._clock.now())

    async def _second_looks(self, due: Sequence[Look]) -> None:
        assert self._swept.summary is not None
        if self._chosen.browser.second_look and self._left() >= WITHIN:
            self._swept.second_looks.extend(
                await second_looks(due, self._swept.summary.sweep, self._first, self._vantage)
            )

    async def _weekly_walk(self) -> None:
        """The site of one préfecture whose week is over; not beside a check by hand."""
        summary, data = self._swept.summary, self._chosen.data
        assert summary is not None
        if not self._request.scheduled or self._left() < WITHIN or summary.online != (True, True):
            return
        first = next(self._store.records.sweeps_after(-1))  # at least the sweep that has just ended
        watched = self._declared.select(self._chosen.watch.prefectures)
        one = weekly.due(watched, data, self._clock.now(), first.started)
        if one is not None:
            name = self._vantage.check_id(summary.sweep, f"discover {one.code}")
            simulated = self._vantage.simulated
            await weekly.walk(one, data, self._visitor, self._clock, name, within=self._left(), simulated=simulated)
            self._swept.walked = one.code

    async def _public_address(self, told: dict[str, str]) -> None:
        """As the service the operator named sees it, and the provider as the operator says; empty without either."""
        probes = self._chosen.probes
        if probes.provider:
            told["provider"] = probes.provider
        if probes.echo and not self._chosen.simulation.address:
            told |= await self._visitor.public_address(probes.echo)

    def _seal(self, looks: Sequence[Look], public: dict[str, str]) -> None:
        env = wiring.conditions(self._chosen, self._request.command, looks, self._digests, self._browser, public)
        env |= {"second_looks": self._swept.second_looks} if self._swept.second_looks else {}
        self._store.barrier(self._clock.now())
        records = self._store.records
        self._evidence.seal(records, self._clock.now(), {one.number: env for one in records.sweep_ends(1)})
        self._store.let_go()

    async def _late_stamps(self) -> None:
        """What an earlier run left unstamped; an authority that was never asked is asked once our network is known."""
        if not wiring.new_authorities(self._chosen, self._evidence):
            await self._evidence.stamp()

    async def _stamps(self) -> None:
        """Those of this sweep. Where our own network did not answer nobody is asked: the next run does, and says so."""
        if self._swept.summary is not None and not any(self._swept.summary.online):
            return
        wiring.tell_who_stamps(self._chosen, self._evidence)
        try:
            async with asyncio.timeout(STAMPS_WITHIN):
                answers = await self._evidence.stamp()
        except TimeoutError:
            return
        for answer in answers:
            if isinstance(answer, StampFailure):
                self._swept.stamps.append({"authority": answer.authority, "trouble": answer.trouble})
                words = _("no time-stamp by {authority}: {why}; it is asked again at the next run")
                words = words.format(authority=answer.authority, why=answer.detail)
                logs.tell(logs.INFO, "stamp_failed", words, authority=answer.authority, trouble=answer.trouble)
            else:
                self._swept.stamps.append({"authority": answer.authority, "gen_time": answer.gen_time.isoformat()})

    async def _cosignature(self) -> None:
        """The day's, of the witness in the settings: one that fails is late; only a log that was cut is a warning."""
        from monitor.evidence.witness.daily import cosign_daily
        from monitor.evidence.witness.witness import Cosigned

        witness = self._witness
        if witness is None:
            return
        try:
            async with asyncio.timeout(WITNESS_WITHIN):
                got = await cosign_daily(self._chosen.data, witness, self._clock.now())
        except TimeoutError:
            return
        if isinstance(got, Cosigned):
            self._swept.witness = {"name": witness.key.name, "at": got.at.isoformat()}
        elif got is not None:
            self._swept.witness = {"name": witness.key.name, "trouble": got.kind}
            words = _("no cosignature by the witness {name}: {why}").format(name=witness.key.name, why=got.detail)
            level = logs.WARNING if got.grave else logs.INFO
            logs.tell(level, "witness_failed", words, witness=witness.key.name, trouble=got.kind)
