"""What is due leaves: questions, messages, the operator's notices. Beside a sweep, opened slots alone."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from gettext import gettext as _
from typing import TYPE_CHECKING, Final

from monitor.alerts.people.subscriptions import Channel
from monitor.alerts.send.deliver import Attach, Sender, deliver
from monitor.alerts.send.outcome import Later, Outcome, Sent, plain
from monitor.alerts.text.compose import Letterhead, compose
from monitor.alerts.text.letters import confirmation
from monitor.alerts.text.message import Message
from monitor.run.accounts import letterhead, mailbox_address, notifier, operator, register
from monitor.settings import logs

if TYPE_CHECKING:
    from monitor.alerts.people.subscribers import Subscribers
    from monitor.alerts.send.channels import Notifier
    from monitor.alerts.send.queue import OutboxQueue
    from monitor.catalogue.catalogue import Catalogue
    from monitor.core.ports import Clock
    from monitor.settings.settings import Settings

AGAIN: Final = 20.0  # seconds between looks at the outbox beside a sweep: a server that says "later" is asked again
AT_ONCE: Final = 16  # plain notices leased together


class Channels:
    """The channels of the settings; apprise is imported when the first message leaves. Threads share it."""

    def __init__(self, chosen: Settings) -> None:
        self._chosen = chosen
        self._lock = threading.Lock()
        self._notifier: Notifier | None = None

    def send(self, channel: Channel, address: str, message: Message) -> Outcome:
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
            done.update(_ask(subscribers, channels, head, clock))
            done.update(_notices(queue, head))
    return done


def _ask(subscribers: Subscribers, channels: Channels, head: Letterhead, clock: Clock) -> Counter[str]:
    """The question before consent, to who was not asked yet. Only a "later" asks again: nobody is asked twice."""
    done: Counter[str] = Counter()
    for number in subscribers.unasked():
        to = subscribers.get(number).to
        yes, stop = subscribers.codes(number)
        message = confirmation(to, head, yes=yes, stop=stop)
        outcome = channels.send(to.channel, subscribers.address(number), message)
        if not isinstance(outcome, Later):
            subscribers.asked(number, clock.now())
        if not isinstance(outcome, Sent):
            words = _("the question to subscriber {number} was not taken: {why}")
            logs.tell(logs.WARNING, "question_not_taken", words.format(number=number, why=outcome.why))
        done[type(outcome).__name__] += 1
    return done


def _notices(queue: OutboxQueue, head: Letterhead) -> Counter[str]:
    """The operator's plain addresses: each event kind is checked once more by `plain`."""
    from monitor.alerts.send.outbox import PLAIN

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
