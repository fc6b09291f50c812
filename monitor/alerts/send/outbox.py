"""What is still to be told, to whom: one row an event and recipient, written in the transaction of the observation.

Recipients are subscribers by number; 0 is the operator's own address, numbers below 0 are the operator's plain
addresses (`plain_number`), which get the operator's events and notices and never an opened slot.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from monitor.alerts.news.events import OPERATOR_KINDS, Event
from monitor.alerts.people.subscriptions import Language, Subscription
from monitor.alerts.send.outcome import PLAIN_KINDS
from monitor.store.rows import instant, micros
from monitor.store.schema import open_reader
from monitor.values import dataclass

OPERATOR: Final = 0
PLAIN: Final = "plain"  # the channel of plain addresses
KEPT: Final = timedelta(days=90)  # what became of a message, for questions of its recipient


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Where the operator is told. mail: an e-mail address, empty for none. urls: apprise URLs, each a secret."""

    mail: str = ""
    urls: Sequence[str] = ()
    language: Language = "fr"

    def recipients(self, event: Event) -> Iterator[tuple[int, str]]:
        """Number and channel of those of the operator's addresses that are told of an event."""
        if self.mail and event.kind in OPERATOR_KINDS:
            yield OPERATOR, "email"
        if event.kind in PLAIN_KINDS:
            yield from ((plain_number(url), PLAIN) for url in self.urls)

    @property
    def by_number(self) -> Mapping[int, str]:
        """The addresses by number."""
        return ({OPERATOR: self.mail} if self.mail else {}) | {plain_number(url): url for url in self.urls}

    def subscription(self, number: int) -> Subscription:
        """The operator as somebody to write to."""
        return Subscription(
            id=number, channel="email", state="active", prefectures=(), language=self.language, attach=False
        )


def plain_number(url: str) -> int:
    """Below zero, and the same while the address is: the settings may name them in another order tomorrow."""
    return -1 - int.from_bytes(hashlib.sha256(url.encode()).digest()[:6], "big")


def put(db: sqlite3.Connection, events: Iterable[Event], now: datetime, operator: Operator) -> bool:
    """Write what is new, inside the caller's transaction. True when something must leave at once.

    An event whose key is known is no news and is passed over, with all its recipients.
    """
    subscriptions: list[Subscription] | None = None
    at_once = False
    for event in events:
        row = (event.key, event.kind, micros(event.at), event.urgent, json.dumps(event.to_json(), ensure_ascii=False))
        added = db.execute("INSERT OR IGNORE INTO event (key, kind, at, urgent, body) VALUES (?, ?, ?, ?, ?)", row)
        if not added.rowcount:
            continue
        if subscriptions is None:
            subscriptions = _active(db)
        rows: list[tuple[int, str, datetime]] = [
            (one.id, one.channel, one.due(now, now, urgent=event.urgent)) for one in subscriptions if one.wants(event)
        ]
        rows += [(number, channel, now) for number, channel in operator.recipients(event)]
        db.executemany(
            "INSERT INTO outbox (event, subscriber, channel, urgent, made, decided, due) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (added.lastrowid, number, channel, event.urgent, micros(now), micros(now), micros(due))
                for number, channel, due in rows
            ],
        )
        at_once |= event.urgent and bool(rows)
    return at_once


def _active(db: sqlite3.Connection) -> list[Subscription]:
    rows = db.execute("SELECT id, wishes FROM subscriber WHERE state = 'active' ORDER BY id")
    return [Subscription.from_json(json.loads(wishes), number=number, state="active") for number, wishes in rows]


def forget_settled(db: sqlite3.Connection, now: datetime) -> None:
    """Drop what was settled long ago; the events stay, so that none is told again."""
    db.execute("DELETE FROM outbox WHERE state != 'due' AND settled < ?", (micros(now - KEPT),))


def drop_untold(db: sqlite3.Connection, check: str, now: datetime) -> None:
    """What waits to be told of a check is not told any more, its correction excepted; in the caller's transaction."""
    db.execute(
        "UPDATE outbox SET state = 'dropped', reason = 'corrected', settled = ? WHERE state = 'due' "
        "AND event IN (SELECT id FROM event WHERE kind != 'desk_corrected' AND json_extract(body, '$.check') = ?)",
        (micros(now), check),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One row that is not settled. kind, check: of the event. to: number of the recipient. made, due: aware UTC.

    reason: what the channel last answered.
    """

    kind: str
    check: str
    to: int
    channel: str
    made: datetime
    due: datetime
    attempts: int
    reason: str


def waiting(db: sqlite3.Connection, limit: int = 200) -> list[Waiting]:
    """What is not settled, oldest first."""
    rows = db.execute(
        "SELECT kind, json_extract(body, '$.check'), subscriber, channel, made, due, attempts, ifnull(reason, '') "
        "FROM outbox o JOIN event e ON e.id = o.event WHERE state = 'due' ORDER BY o.id LIMIT ?",
        (limit,),
    )
    return [
        Waiting(
            kind=kind, check=check, to=to, channel=channel, made=instant(made), due=instant(due), attempts=attempts,
            reason=reason,
        )
        for kind, check, to, channel, made, due, attempts, reason in rows
    ]  # fmt: skip


def waits(folder: Path, now: datetime) -> bool:
    """Whether a sender has anything to do: asked at every tick of cron, which must stay cheap. Reads only."""
    db = open_reader(folder)
    if db is None:
        return False
    with closing(db):
        (found,) = db.execute(
            "SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'due' AND (due <= ?1 OR decided > ?1)) "
            "OR EXISTS (SELECT 1 FROM subscriber WHERE state = 'pending') OR EXISTS (SELECT 1 FROM link_asked) "
            "OR EXISTS (SELECT 1 FROM nudge WHERE due IS NOT NULL OR confirmed IS NULL)",
            (micros(now),),
        ).fetchone()
    return bool(found)


def unsent(db: sqlite3.Connection) -> dict[str, tuple[int, datetime]]:
    """By channel: how many messages are due, and when the oldest of them was decided (aware UTC)."""
    rows = db.execute("SELECT channel, count(*), min(made) FROM outbox WHERE state = 'due' GROUP BY channel")
    return {channel: (count, instant(made)) for channel, count, made in rows}


def counts(db: sqlite3.Connection) -> dict[str, int]:
    """Rows by state: `due`, `sent`, `unknown`, `refused`, `given_up`, `dropped`."""
    return dict(db.execute("SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state").fetchall())
