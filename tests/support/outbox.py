"""Subscribers, events and outboxes for tests, without a sweep."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.alerts.news.events import Event, EventKind
from monitor.alerts.people.address_key import AddressKey
from monitor.alerts.people.subscribers import Subscribers
from monitor.alerts.people.subscriptions import Subscription
from monitor.alerts.send.outbox import Operator, put
from monitor.alerts.send.queue import OutboxQueue
from monitor.alerts.text.samples import sample
from monitor.store.beside import beside, written

NOW = datetime(2026, 11, 24, 9, 14, tzinfo=UTC)
KEY = AddressKey(bytes(range(32)))
BOOT = "boot-1"
NOBODY = Operator()


@dataclass
class Clocks:
    """Implements `monitor.core.ports.Clock`, set by hand: the wall clock may go anywhere, the monotonic one forward."""

    wall: datetime = NOW
    ns: int = 10**15

    def now(self) -> datetime:
        return self.wall

    def monotonic_ns(self) -> int:
        return self.ns

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing waits here")

    def forward(self, by: timedelta) -> None:
        self.wall += by
        self.ns += by // timedelta(microseconds=1) * 1000


def wishes(**more: Any) -> Subscription:
    return Subscription(**{"id": 0, "channel": "email", "state": "pending", "prefectures": ("95",), **more})


def event(number: int, kind: EventKind = "pan_changed", **more: Any) -> Event:
    """The made-up event of a kind under a key of its own."""
    key = hashlib.sha256(f"{kind} {number}".encode()).hexdigest()[:32]
    return replace(sample(kind), key=key, at=NOW, simulated=False, **more)


@contextmanager
def subscribers(folder: Path, key: AddressKey = KEY) -> Iterator[tuple[sqlite3.Connection, Subscribers]]:
    with beside(folder) as db:
        yield db, Subscribers(db, lambda: key)


def enter(people: Subscribers, count: int, *, first: int = 0, now: datetime = NOW, **more: Any) -> list[int]:
    """So many subscribers who have said yes, `p0@exemple.test` and so on."""
    numbers = [people.add(f"p{n}@exemple.test", wishes(**more), now) for n in range(first, first + count)]
    for number in numbers:
        assert people.confirm(people.codes(number)[0], "2026-11-24", now) == number
    return numbers


def tell(db: sqlite3.Connection, events: Sequence[Event], now: datetime = NOW, operator: Operator = NOBODY) -> bool:
    with written(db):
        return put(db, events, now, operator)


def queue(db: sqlite3.Connection, people: Subscribers, clocks: Clocks, **more: Any) -> OutboxQueue:
    return OutboxQueue(db, people, clocks, **{"boot": BOOT, "operator": NOBODY, "chance": lambda: 0.5, **more})
