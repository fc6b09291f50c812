"""What becomes of a request at the form by somebody whom nobody knows, and at a help desk by who holds its code.

Known, new, who left, whose address was given up: each gets one message at most, and whoever asked is told nothing.
"""

from __future__ import annotations

import base64
import secrets
import sqlite3
from datetime import datetime, timedelta
from gettext import gettext as _
from typing import Final

from monitor.alerts.people.address_key import digest
from monitor.alerts.people.budget import Budget, Kind
from monitor.alerts.people.subscribers import Subscribers
from monitor.alerts.people.subscriptions import Subscription
from monitor.core.errors import UsageError
from monitor.store.beside import written
from monitor.store.rows import instant, micros
from monitor.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfRequest:
    """address: as `subscriptions.recipient` gives it. wishes: everything but number and state; None: the link alone."""

    address: str
    wishes: Subscription | None

    def __repr__(self) -> str:
        return "SelfRequest(…)"


def take(
    asked: SelfRequest,
    db: sqlite3.Connection,
    people: Subscribers,
    budget: Budget,
    now: datetime,
    *,
    proved: bool = False,
) -> int | None:
    """Write down what is to be sent, once. Returns the number of who is to be written to, None where nobody is.

    now: aware UTC. proved: the request came from the address itself, so no stranger's budget is touched.
    """
    with written(db):  # a budget that is spent has its message, whatever happens meanwhile
        people.expire(now)
        number = people.holding(asked.address)
        known = number is not None and people.get(number).confirmed is not None
        if not known and asked.wishes is None:
            return None  # nothing is held of this address, so that there is nothing to lead to
        who = people.tally(asked.address)
        kind: Kind = "link" if known else "question"
        if number is not None and people.uncertain(number, kind, now):  # a sender died with it in hand
            budget.give_back(db, who, kind)
        if not proved and not budget.spend(db, who, kind, now):
            return None
        if known:
            assert number is not None
            people.ask_link(number, now)
        elif number is None:
            assert asked.wishes is not None
            number = people.add(asked.address, asked.wishes, now, again=True)
        else:
            assert asked.wishes is not None
            people.ask_anew(number, asked.wishes)
        return number


DESK: Final = "AIDE"
DESK_A_DAY: Final = 50  # people a help desk subscribes: more is a code that went astray


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpDesk:
    """An association that subscribes people face to face. until: aware UTC. brought, active: people, counted."""

    number: int
    name: str
    until: datetime
    brought: int
    active: int


class HelpDesks:
    """Those who hold a code for it. They are shown counts, and nobody."""

    def __init__(self, db: sqlite3.Connection, people: Subscribers) -> None:
        self._db, self._people = db, people

    def invite(self, name: str, now: datetime, lasts: timedelta) -> str:
        """A new desk's `AIDE-…` code, 80 bits of chance; its digest alone is kept. now: aware UTC."""
        code = f"{DESK}-{base64.b32encode(secrets.token_bytes(10)).decode()}"
        row = (name, digest(code), micros(now), micros(now + lasts))
        with written(self._db) as db:
            db.execute("INSERT INTO help_desk (name, code, added, until) VALUES (?, ?, ?, ?)", row)
        return code

    def all(self) -> list[HelpDesk]:
        """Every desk, by number, those whose time is over too."""
        return self._found("1 = 1", ())

    def holding(self, code: str, now: datetime) -> HelpDesk | None:
        """Whose code it is at `now`; None: nobody's, or no longer."""
        return next(iter(self._found("h.code = ? AND h.until > ?", (digest(code), micros(now)))), None)

    def end(self, number: int, now: datetime) -> None:
        """Its code no longer works. Raises UsageError where there is no such desk."""
        with written(self._db) as db:
            if not db.execute(
                "UPDATE help_desk SET until = min(until, ?) WHERE id = ?", (micros(now), number)
            ).rowcount:
                raise UsageError(_("no help desk has number {number}").format(number=number))

    def bring(self, desk: HelpDesk, asked: SelfRequest, budget: Budget, now: datetime, signed: str = "") -> bool:
        """Take in whom a desk subscribes. signed: version of the sheet that they signed, which is their consent; empty:
        they are sent the question, within the budget. False: the desk's day is over, or the budget is spent.

        Whether they were known already shows in nothing.
        """
        with written(self._db) as db:
            query = "SELECT count(*) FROM brought WHERE desk = ? AND at > ?"
            (today,) = db.execute(query, (desk.number, micros(now - timedelta(days=1)))).fetchone()
            if today >= DESK_A_DAY or (not signed and budget.spent(db, now)):
                return False
            number = take(asked, db, self._people, budget, now, proved=bool(signed))
            if number is not None:
                proof = f"{signed} signed at desk {desk.number}"
                if signed and self._people.confirm(number, proof, now) is not None:
                    self._people.ask_link(number, now)  # they see what was understood, and can leave at once
                db.execute("INSERT OR IGNORE INTO brought VALUES (?, ?, ?)", (number, desk.number, micros(now)))
        return True

    def _found(self, where: str, values: tuple[object, ...]) -> list[HelpDesk]:
        rows = self._db.execute(
            "SELECT h.id, h.name, h.until, count(b.subscriber), ifnull(sum(s.state = 'active'), 0) FROM help_desk h "  # noqa: S608 - one of two
            "LEFT JOIN brought b ON b.desk = h.id LEFT JOIN subscriber s ON s.id = b.subscriber "
            f"WHERE {where} GROUP BY h.id ORDER BY h.id",
            values,
        )
        return [
            HelpDesk(number=number, name=name, until=instant(until), brought=brought, active=active)
            for number, name, until, brought, active in rows
        ]
