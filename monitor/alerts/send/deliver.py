"""Drains the outbox: leases what is due, composes, hands over, settles, until nothing is due.

Each channel has workers of its own, so that one that hangs delays no other; within a channel the rest go on beside the
message that hangs, and its time-out bounds the wait. Files are made once a scope and shared by all who get them.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import field, replace
from datetime import datetime
from typing import Final, Generic, Protocol, TypeVar

from monitor.alerts.news.events import Event
from monitor.alerts.people.subscriptions import Subscription, Via
from monitor.alerts.send.outcome import Later, Outcome, Refused, Sent, Unknown
from monitor.alerts.text.compose import Letterhead, compose
from monitor.alerts.text.letters import nudge
from monitor.alerts.text.message import Message
from monitor.paper.document import Attachment
from monitor.values import dataclass

WORKERS: Final[Mapping[str, int]] = {
    "email": 8,
    "signal": 2,
    "nudge": 4,
}  # at a time; mail servers bear ten, signal-cli works singly
PATIENCE: Final = 16  # failures in a row after which a channel is left alone until the next drain


class Parcel(Protocol):
    """What one subscriber is told in one message, leased to this sender."""

    @property
    def id(self) -> str:
        """The same whenever it is sent again."""
        ...

    @property
    def events(self) -> Sequence[Event]:
        """At least one; none of a nudge."""
        ...

    @property
    def to(self) -> Subscription:
        """The subscriber as of now."""
        ...

    @property
    def address(self) -> str:
        """In clear, for this moment only."""
        ...

    @property
    def stop(self) -> str:
        """The subscriber's `STOP-…` code, empty when there is none."""
        ...

    @property
    def ticket(self) -> str:
        """By which an answer to it is known, empty where nobody answers."""
        ...

    @property
    def nudge(self) -> bool:
        """It only knocks elsewhere, after the message itself was taken."""
        ...


P = TypeVar("P", bound=Parcel)


class Queue(Protocol[P]):
    """The outbox as the sender needs it. Called from the thread that drains only."""

    def lease(self, channel: str, count: int) -> Sequence[P]:
        """Up to `count` parcels of a channel that are due, for this sender alone for a while; none when none is."""
        ...

    def settle(self, parcel: P, outcome: Outcome) -> None:
        """What became of one."""
        ...


Send = Callable[[Via, str, Message], Outcome]
Attach = Callable[[str, int | None], Sequence[Attachment]]


class Files:
    """The attachable set of each scope, made once and shared. attach: scope `95/slug` and last sequence number."""

    def __init__(self, attach: Attach) -> None:
        self._attach = attach
        self._made: dict[tuple[str, int | None], Sequence[Attachment]] = {}
        self._lock = threading.Lock()
        self._each: dict[tuple[str, int | None], threading.Lock] = {}

    def of(self, events: Iterable[Event]) -> Sequence[Attachment]:
        """Those of the scopes of `events`, each scope up to its newest observation."""
        newest: dict[str, int | None] = {}
        for event in events:
            if event.check:
                known = [seq for seq in (newest.get(event.check), event.seq) if seq is not None]
                newest[event.check] = max(known, default=None)
        return [one for scope, seq in newest.items() for one in self._one(scope, seq)]

    def _one(self, scope: str, seq: int | None) -> Sequence[Attachment]:
        with self._lock:
            turn = self._each.setdefault((scope, seq), threading.Lock())
        with turn:
            if (scope, seq) not in self._made:
                self._made[scope, seq] = tuple(self._attach(scope, seq))
            return self._made[scope, seq]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """What a drain is done with. previous_stamp: of the last sealed sweep, None without one."""

    send: Send
    head: Letterhead
    attach: Attach
    previous_stamp: datetime | None = None
    workers: Mapping[str, int] = field(default_factory=lambda: WORKERS)


def deliver(queue: Queue[P], sender: Sender, *, enough: Callable[[], bool] = lambda: False) -> Mapping[str, int]:
    """Send whatever is due. enough: asked again and again; True stops leasing. Returns outcomes by class name.

    A parcel whose sending raises is a bug: the others are settled first, then it is raised, and its lease runs out.
    """
    files = Files(sender.attach)
    done: Counter[str] = Counter()
    bugs: list[BaseException] = []
    lines: dict[str, _ChannelLine[P]] = {name: _ChannelLine(name, count) for name, count in sender.workers.items()}
    try:
        while True:
            for line in lines.values():
                if line.free and not enough():
                    for parcel in queue.lease(line.name, line.free):
                        line.start(parcel, lambda parcel, line=line: line.tried(lambda: _one(parcel, sender, files)))  # type: ignore[misc]
            flying = {future: line for line in lines.values() for future in line.flying}
            if not flying:
                break
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                parcel = flying[future].flying.pop(future)
                if error := future.exception():
                    bugs.append(error)
                    continue
                flying[future].heard(future.result())
                queue.settle(parcel, future.result())
                done[type(future.result()).__name__] += 1
    finally:
        for line in lines.values():
            line.pool.shutdown(wait=True, cancel_futures=True)
    if bugs:
        raise bugs[0]
    return done


def _one(parcel: Parcel, sender: Sender, files: Files) -> Outcome:
    """With its files, or without where they are too large for the recipient: the news itself always fits."""
    if parcel.nudge:
        return sender.send("nudge", parcel.address, nudge(parcel.to))

    def sent(attachments: Sequence[Attachment], *, left_out: bool = False) -> Outcome:
        message = compose(
            parcel.events,
            parcel.to,
            sender.head,
            stop=parcel.stop,
            reference=parcel.id,
            attachments=attachments,
            left_out=left_out,
            previous_stamp=sender.previous_stamp,
        )
        return sender.send(parcel.to.channel, parcel.address, replace(message, ticket=parcel.ticket))

    attachments = files.of(parcel.events) if parcel.to.attach else ()
    outcome = sent(attachments)
    if attachments and isinstance(outcome, Later) and outcome.too_large:
        return sent((), left_out=True)
    return outcome


class _ChannelLine(Generic[P]):
    """One channel: its workers, what is under way, and whether it is left alone for this drain."""

    def __init__(self, name: str, workers: int) -> None:
        self.name = name
        self.pool = ThreadPoolExecutor(workers, f"send-{name}")
        self.flying: dict[Future[Outcome], P] = {}
        self._room = 2 * workers
        self._failures = 0
        self._fault: str | None = None

    @property
    def free(self) -> int:
        """How many more may be leased: none while the channel fails again and again, or by a fault of our own."""
        left_alone = self._failures >= PATIENCE or self._fault is not None
        return 0 if left_alone else self._room - len(self.flying)

    def tried(self, send: Callable[[], Outcome]) -> Outcome:
        """What became of a message; none is begun any more once one heard that our own account is at fault."""
        if self._fault is None:
            outcome = send()
            if isinstance(outcome, Later | Unknown) and outcome.ours:
                self._fault = outcome.why
            return outcome
        return Later(self._fault, ours=True)

    def start(self, parcel: P, send: Callable[[P], Outcome]) -> None:
        """Hand one to a worker."""
        self.flying[self.pool.submit(send, parcel)] = parcel

    def heard(self, outcome: Outcome) -> None:
        """Sent and Refused show that somebody answers."""
        self._failures = 0 if isinstance(outcome, Sent | Refused) else self._failures + 1
