"""How many messages people whom nobody knows may make this program send: to one address, and in all.

Durable, so that a restart forgives nothing; an address is counted by a keyed digest. A question goes to one address
once a day and three times in thirty days at most, the link to their own choices once a day; both count in all.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import Final, Literal

from monitor.store.beside import written
from monitor.store.rows import micros
from monitor.values import dataclass

Kind = Literal["question", "link"]

DAY: Final = timedelta(days=1)
KEPT: Final = timedelta(days=30)
QUESTIONS: Final = 3  # to one address in KEPT
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What may be sent in all, questions and links together."""

    an_hour: int
    a_day: int

    def spend(self, db: sqlite3.Connection, who: bytes, kind: Kind, now: datetime) -> bool:
        """Count one message; False, and none is counted, where it is one too many. who: `AddressKey.tally`."""
        with written(db):
            db.execute("DELETE FROM spent WHERE at < ?", (micros(now - KEPT),))
            times = db.execute("SELECT at FROM spent WHERE who = ? AND kind = ?", (who, kind)).fetchall()
            today = sum(at > micros(now - DAY) for (at,) in times)
            if today or (kind == "question" and len(times) >= QUESTIONS) or self.spent(db, now):
                return False
            db.execute("INSERT INTO spent (who, kind, at) VALUES (?, ?, ?)", (who, kind, micros(now)))
        return True

    @staticmethod
    def give_back(db: sqlite3.Connection, who: bytes, kind: Kind) -> None:
        """The newest message to an address is not known to have left: it does not count."""
        query = "DELETE FROM spent WHERE id = (SELECT max(id) FROM spent WHERE who = ? AND kind = ?)"
        with written(db):
            db.execute(query, (who, kind))

    def spent(self, db: sqlite3.Connection, now: datetime) -> bool:
        """Whether nothing more may be sent in all for now."""
        hour, day = db.execute(
            "SELECT ifnull(sum(at > ?), 0), count(*) FROM spent WHERE at > ?", (micros(now - _HOUR), micros(now - DAY))
        ).fetchone()
        return int(hour) >= self.an_hour or int(day) >= self.a_day
