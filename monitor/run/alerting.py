"""What a sweep tells, from its observations to the messages: the newsroom, the courier beside it, the rest after it.

Beside a sweep opened slots alone leave; after it all that is due: questions, messages, the operator's notices.
"""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from gettext import gettext as _
from typing import TYPE_CHECKING, Final

from monitor.alerts.news.troubles import machine, missing_sweep
from monitor.alerts.send.newsroom import Newsroom
from monitor.alerts.send.outbox import waits
from monitor.core.errors import VigieError
from monitor.evidence.folder import SweepFolders
from monitor.evidence.stamps.stamping import State
from monitor.fetch.clock import clock_state
from monitor.run.accounts import hear, letterhead, mailbox_address, notifier, operator, register
from monitor.settings import logs
from monitor.store.schema import FILE
from monitor.store.sealed import EVIDENCE

if TYPE_CHECKING:  # a sweep of which nothing is told needs none of what writes and sends
    from monitor.alerts.people.subscribers import Subscribers
    from monitor.alerts.people.subscriptions import Via
    from monitor.alerts.send.channels import Notifier
    from monitor.alerts.send.deliver import Attach
    from monitor.alerts.send.outcome import Outcome
    from monitor.alerts.send.queue import OutboxQueue
    from monitor.alerts.text.compose import Letterhead
    from monitor.alerts.text.message import Message
    from monitor.catalogue.catalogue import Catalogue
    from monitor.core.ports import Clock
    from monitor.settings.settings import Settings
    from monitor.store.store import Store

AGAIN: Final = 20.0  # seconds between looks at the outbox beside a sweep: a server that says "later" is asked again
AT_ONCE: Final = 16  # plain notices leased together


class Alerting:
    """One sweep's. newsroom: for the ledger. Opened before the lock is taken, closed after it is free.

    courier: sends opened slots while the sweep goes on.
    """

    def __init__(self, chosen: Settings, declared: Catalogue, clock: Clock) -> None:
        self._chosen, self._declared, self._clock = chosen, declared, clock
        self.courier = Courier(lambda enough: self._send(urgent_only=True, enough=enough))
        self.newsroom = Newsroom(
            operator=operator(chosen), hand_over=self.courier.wake, watched=watched_codes(declared)
        )

    def begins(self, store: Store) -> None:
        """Before the sweep's first request: desks that were none of foreigners', and whether a sweep was missed."""
        last = next(store.records.sweep_ends(1), None)
        if last is None:
            return
        interval = timedelta(minutes=self._chosen.pace.calendar_minutes)
        now = self._clock.now()
        with store.transaction() as tx:
            self.newsroom.correct(tx.db, now)
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
        read = self._chosen.inbox.server or self._chosen.web.signal
        if not read or not (self._chosen.data / FILE).exists():
            return
        try:
            hear(self._chosen, self._declared)
        except VigieError as error:
            logs.tell(logs.WARNING, "inbox_failed", str(error))

    def _send(self, *, urgent_only: bool = False, enough: Callable[[], bool] = lambda: False) -> Mapping[str, int]:
        from monitor.run.export import AT_ONCE, SPAN, attachments

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
        oldest: dict[str, datetime] = {}
        for row in due:
            sweep = store.records.sweep(row["sweep"])
            if sweep is not None:
                end = sweep.finished or sweep.started
                oldest[row["authority"]] = min(end, oldest.get(row["authority"], end))
        return oldest

    def _stamped(self) -> datetime | None:
        """When the newest sealed sweep was stamped; None where it was not."""
        from monitor.evidence.stamps.tokens import read_token

        last = SweepFolders(self._chosen.data / EVIDENCE).latest()
        return max((read_token(reply).gen_time for reply in last.stamps().values()), default=None) if last else None


def watched_codes(declared: Catalogue) -> frozenset[str]:
    """The préfectures of which a desk or a page may be looked at."""
    return frozenset(one.code for one in declared.prefectures if not one.nothing_known)


class Channels:
    """The channels of the settings; apprise is imported when the first message leaves. Threads share it."""

    def __init__(self, chosen: Settings) -> None:
        self._chosen = chosen
        self._lock = threading.Lock()
        self._notifier: Notifier | None = None

    def send(self, channel: Via, address: str, message: Message) -> Outcome:
        """Hand one message to its channel."""
        with self._lock:
            self._notifier = self._notifier or notifier(self._chosen)
        return self._notifier.send(channel, address, message)


def send_due(
    chosen: Settings,
    declared: Catalogue,
    clock: Clock,
    *,
    attach: Attach,
    previous_stamp: datetime | None,
    urgent_only: bool = False,
    enough: Callable[[], bool] = lambda: False,
) -> Mapping[str, int]:
    """Send all that is due now. Returns messages by outcome (`Sent`, `Later` ...).

    urgent_only: opened slots alone. enough: asked again and again; True begins nothing new.
    """
    from monitor.alerts.send.asking import ask
    from monitor.alerts.send.deliver import Sender, deliver
    from monitor.alerts.send.lines import stopped_lines
    from monitor.alerts.send.queue import OutboxQueue
    from monitor.sweep.conditions.conditions import boot_id

    channels, head = Channels(chosen), letterhead(chosen, declared, mailbox_address(chosen))
    done: Counter[str] = Counter()
    with register(chosen) as (db, subscribers):
        queue = OutboxQueue(
            db, subscribers, clock, boot=boot_id() or "", operator=operator(chosen), urgent_only=urgent_only
        )
        sender = Sender(send=channels.send, head=head, attach=attach, previous_stamp=previous_stamp)
        done.update(deliver(queue, sender, enough=enough))
        if not urgent_only and not enough():
            subscribers.expire(clock.now())
            subscribers.end_corrected(watched_codes(declared), clock.now())
            resting = {one.channel for one in stopped_lines(db) if one.rests(clock.now())}
            done.update(ask(subscribers, channels.send, head, clock, resting))
            done.update(_ask_nudges(subscribers, channels, clock))
            done.update(_notices(queue, head))
    return done


def _ask_nudges(subscribers: Subscribers, channels: Channels, clock: Clock) -> Counter[str]:
    """The code to each place where a knock is wished for, once: only a "later" asks again."""
    from monitor.alerts.send.outcome import Later, Sent
    from monitor.alerts.text.letters import nudge_question

    done: Counter[str] = Counter()
    for number in subscribers.nudges.unasked():
        message = nudge_question(subscribers.get(number).to, subscribers.nudges.code(number))
        outcome = channels.send("nudge", subscribers.nudges.readable(number), message)
        if not isinstance(outcome, Later):
            subscribers.nudges.asked(number, clock.now())
        if not isinstance(outcome, Sent):
            words = _("the code for the nudge of subscriber {number} was not taken: {why}")
            logs.tell(logs.WARNING, "nudge_code_not_taken", words.format(number=number, why=f"`{outcome.why}`"))
        done[type(outcome).__name__] += 1
    return done


def _notices(queue: OutboxQueue, head: Letterhead) -> Counter[str]:
    """The operator's plain addresses: each event kind is checked once more by `plain`."""
    from monitor.alerts.send.outbox import PLAIN
    from monitor.alerts.send.outcome import plain
    from monitor.alerts.text.compose import compose

    done: Counter[str] = Counter()
    while parcels := queue.lease(PLAIN, AT_ONCE):
        from monitor.alerts.send.channels import tell

        for parcel in parcels:
            message = compose(parcel.events, parcel.to, replace(head, mailbox=""), reference=parcel.id)
            outcome = tell(parcel.address, plain(tuple(parcel.events), message))
            queue.settle(parcel, outcome)
            done[type(outcome).__name__] += 1
    return done


class Courier:
    """Sends opened slots beside a sweep, in a thread of its own that starts with the first. `send`: one round of it.

    trouble: what went wrong in the thread, for the end of the sweep to tell.
    """

    def __init__(self, send: Callable[[Callable[[], bool]], object], *, again: float = AGAIN) -> None:
        self._send, self._again = send, again
        self._wake, self._stopped = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self.trouble: Exception | None = None

    def wake(self) -> None:
        """Something urgent was committed, and made proof against loss of power. Returns at once."""
        self._wake.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="courier", daemon=True)
            self._thread.start()

    def close(self, within: float | None = None) -> None:
        """Begin nothing new, and wait for what is under way, `within` seconds at most."""
        self._stopped.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(within)

    def _work(self) -> None:
        while not self._stopped.is_set():
            self._wake.wait(self._again)
            self._wake.clear()
            try:
                self._send(self._stopped.is_set)
                self.trouble = None
            except Exception as error:  # noqa: BLE001 - told at the end; the sweep goes on, and the outbox keeps what is due
                self.trouble = error
