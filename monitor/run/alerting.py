"""What a sweep tells, from its observations to the messages: the newsroom, the courier beside it, the rest after it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.alerts.news.troubles import machine, missing_sweep
from monitor.alerts.send.newsroom import Newsroom
from monitor.alerts.send.outbox import waits
from monitor.core.errors import VigieError
from monitor.evidence.folder import SweepFolders
from monitor.evidence.stamping import State
from monitor.fetch.clock import clock_state
from monitor.run.accounts import operator
from monitor.run.evidence import EVIDENCE
from monitor.run.send import Courier, send_due
from monitor.settings import logs
from monitor.store.schema import FILE

if TYPE_CHECKING:
    from monitor.catalogue.catalogue import Catalogue
    from monitor.core.ports import Clock
    from monitor.settings.settings import Settings
    from monitor.store.store import Store


class Alerting:
    """One sweep's. newsroom: for the ledger. Opened before the lock is taken, closed after it is free.

    courier: sends opened slots while the sweep goes on.
    """

    def __init__(self, chosen: Settings, declared: Catalogue, clock: Clock) -> None:
        self._chosen, self._declared, self._clock = chosen, declared, clock
        self.courier = Courier(lambda enough: self._send(urgent_only=True, enough=enough))
        self.newsroom = Newsroom(operator=operator(chosen), hand_over=self.courier.wake)

    def begins(self, store: Store) -> None:
        """Before the sweep's first request: whether one was missed."""
        last = next(iter(store.records.sweeps(1)), None)
        if last is None:
            return
        interval = timedelta(minutes=self._chosen.pace.calendar_minutes)
        now = self._clock.now()
        with store.transaction() as tx:
            self.newsroom.tell(tx.db, missing_sweep(last.number, last.finished or last.started, now, interval), now)

    def ended(self, store: Store) -> None:
        """After the seal: what several checks show together, and what is wrong with this machine."""
        now, clock = self._clock.now(), clock_state()
        found = machine(
            now,
            free=shutil.disk_usage(self._chosen.data).free,
            synchronised=None if clock is None else clock.synchronised,
            error_us=0 if clock is None else clock.max_error_us,
            owed=self._owed(store),
        )
        with store.transaction() as tx:
            self.newsroom.sweep_ended(tx.db, now, found)

    def send(self) -> Mapping[str, int]:
        """After the lock is free: wait for the courier, hear who says stop, send all that is due. Messages by outcome.

        Raises what went wrong with the courier: nothing is lost by it, the outbox keeps what is due.
        """
        self.courier.close()
        self._hear()
        done = self._send() if waits(self._chosen.data, self._clock.now()) else {}
        if self.courier.trouble is not None:
            raise self.courier.trouble
        return done

    def _hear(self) -> None:
        """Read the mailbox, where there is one. One that cannot be read holds up no message."""
        if not self._chosen.inbox.server or not (self._chosen.data / FILE).exists():
            return
        from monitor.cli.alerts.outbox import listen

        try:
            listen(self._chosen)
        except VigieError as error:
            logs.tell(logs.WARNING, "inbox_failed", str(error))

    def _send(self, *, urgent_only: bool = False, enough: Callable[[], bool] = lambda: False) -> Mapping[str, int]:
        from monitor.run.attach import AT_ONCE, SPAN, attachments

        return send_due(
            self._chosen,
            self._declared,
            self._clock,
            attach=attachments(self._chosen, self._declared, self._clock, AT_ONCE if urgent_only else SPAN),
            previous_stamp=self._stamped(),
            urgent_only=urgent_only,
            enough=enough,
        )

    def _owed(self, store: Store) -> Mapping[str, datetime]:
        """By authority, when the oldest sweep that it has not stamped ended."""
        due = State.load(SweepFolders(self._chosen.data / EVIDENCE)).due
        ends = {one.number: one.finished or one.started for one in store.records.sweeps()} if due else {}
        oldest: dict[str, datetime] = {}
        for row in due:
            end = ends.get(row["sweep"])
            if end is not None:
                oldest[row["authority"]] = min(end, oldest.get(row["authority"], end))
        return oldest

    def _stamped(self) -> datetime | None:
        """When the newest sealed sweep was stamped; None where it was not."""
        from monitor.evidence.tokens import read_token

        last = SweepFolders(self._chosen.data / EVIDENCE).latest()
        return max((read_token(reply).gen_time for reply in last.stamps().values()), default=None) if last else None
