"""Where news is looked for: from each observation, and at the end of a sweep; written beside it, in its transaction.

What stands of each check is kept beside its observations.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from monitor.alerts.news.corrections import corrections
from monitor.alerts.news.digest import DIGEST_DAYS
from monitor.alerts.news.events import Event
from monitor.alerts.news.news import news
from monitor.alerts.news.standing import ABOUT_US, Standing, kept_under
from monitor.alerts.news.troubles import UNREACHABLE_HOURS, Alarm, Trouble, raised, troubles
from monitor.alerts.send.outbox import Operator, drop_untold, forget_settled, put
from monitor.core.record import RecordLine
from monitor.values import dataclass

_ALARMS = f"{ABOUT_US}alarms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """What is told to whom. hand_over: wakes the sender beside the sweep; it returns at once.

    digest_days: length of a digest's period. unreachable_hours: after which a silent site is told of. watched: codes of
    the préfectures of which a desk or a page is looked at.
    """

    operator: Operator
    hand_over: Callable[[], None] = lambda: None
    digest_days: int = DIGEST_DAYS
    unreachable_hours: int = UNREACHABLE_HOURS
    watched: Collection[str] = ()

    def note(self, db: sqlite3.Connection, record: RecordLine) -> bool:
        """Inside the transaction that keeps `record`: what stands now, and what is to be told.

        True when some of that must leave at once. What a simulator plays stands apart.
        """
        key = kept_under(record["check"], simulated=bool(record.get("simulated")))
        row = db.execute("SELECT state FROM standing WHERE key = ?", (key,)).fetchone()
        before = None if row is None else Standing.from_json(json.loads(row[0]))
        standing, events = news(before, record, digest_days=self.digest_days)
        _keep(db, key, standing.to_json())
        return put(db, events, datetime.fromisoformat(record["finished"]), self.operator)

    def sweep_ended(self, db: sqlite3.Connection, now: datetime, machine: Iterable[Trouble] = ()) -> None:
        """Inside a transaction of its own: what several checks show together, and what is wrong with the machine."""
        worlds: dict[bool, list[Standing]] = {False: [], True: []}
        alarms: dict[str, Alarm] = {}
        for key, state in db.execute("SELECT key, state FROM standing"):
            if key == _ALARMS:
                alarms = {name: _alarm(one) for name, one in json.loads(state).items()}
            elif not key.startswith(ABOUT_US):
                standing = Standing.from_json(json.loads(state))
                worlds[standing.simulated].append(standing)
        found = [*machine]
        for standings in worlds.values():
            found += troubles(standings, now, hours=self.unreachable_hours)
        alarms, events = raised(alarms, found, now)
        _keep(db, _ALARMS, {name: {"since": one.since.isoformat(), "calm": one.calm} for name, one in alarms.items()})
        put(db, events, now, self.operator)
        forget_settled(db, now)

    def correct(self, db: sqlite3.Connection, now: datetime) -> None:
        """Inside a transaction, before a sweep looks: what was told of a desk that was never the foreigners' ends.

        Nothing stands of it, so that a desk declared since under its name is not compared with it; and nothing waits.
        """
        standings = {key: json.loads(state) for key, state in db.execute("SELECT key, state FROM standing")}
        known = [Standing.from_json(state) for key, state in standings.items() if not key.startswith(ABOUT_US)]
        for event in corrections(known, self.watched, now):
            name = kept_under(event.check, simulated=event.simulated)
            db.execute("DELETE FROM standing WHERE key = ?", (name,))
            drop_untold(db, event.check, now)
            put(db, [event], now, self.operator)

    def tell(self, db: sqlite3.Connection, event: Event | None, now: datetime) -> None:
        """Inside a transaction: one event that rests on no observation; None is none."""
        put(db, [event] if event is not None else [], now, self.operator)


def _alarm(value: Mapping[str, Any]) -> Alarm:
    return Alarm(since=datetime.fromisoformat(value["since"]), calm=value["calm"])


def _keep(db: sqlite3.Connection, key: str, state: Mapping[str, Any]) -> None:
    db.execute("REPLACE INTO standing VALUES (?, ?)", (key, json.dumps(state, ensure_ascii=False)))
