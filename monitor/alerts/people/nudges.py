"""A second knock beside the e-mail or Signal of a subscriber, on ntfy, Matrix or Telegram: "look at your e-mail".

It says nothing else: a topic is read by whoever knows its name, a bot is not encrypted end to end. The address holds a
token and is kept encrypted as the subscriber's own. It is told something only after its holder answered, by the e-mail
or Signal they have, with a code that was sent there. Several messages make one knock, and one that is not taken in
time is left: the message itself has arrived.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from gettext import gettext as _
from typing import Any, Final, Literal, get_args

from monitor.alerts.people.address_key import AddressKey, digest
from monitor.alerts.people.subscriptions import Subscription
from monitor.core.errors import StoreError, UsageError
from monitor.store.beside import written
from monitor.store.rows import instant, micros
from monitor.values import dataclass

Service = Literal["ntfy", "matrix", "telegram"]
SERVICES: Final[tuple[Service, ...]] = get_args(Service)

HERE: Final = "ICI"  # begins the code that is sent there
ANSWER_WITHIN: Final = timedelta(hours=48)
HELD: Final = timedelta(minutes=10)  # by one sender, as a lease of the outbox
PAUSE: Final = timedelta(minutes=2)  # after the first failure; twice as long after each
USEFUL_FOR: Final = timedelta(hours=6)  # later than this after its message a knock only wakes somebody
_FARTHEST: Final = timedelta(days=2)  # no pause and no quiet time ends later: the clock was set back


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """What a subscriber has. added, confirmed, failing: aware UTC. failing: since when nothing was taken there."""

    service: Service
    added: datetime
    confirmed: datetime | None
    failing: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldNudge:
    """One that is due, for one sender alone. address: a secret. until: names the hold."""

    number: int
    address: str
    until: int


class Nudges:
    """Those of one data folder, one a subscriber at most. key: that of the addresses."""

    def __init__(self, db: sqlite3.Connection, key: Callable[[], AddressKey]) -> None:
        self._db, self._key = db, key

    # --- coming and going ---

    def add(self, number: int, service: Service, address: str, salt: bytes, now: datetime) -> None:
        """Keep an address, in the place of another; nothing but a code is sent there before its holder answered.

        salt: 16 random bytes.
        """
        key = self._key()
        row = (number, service, salt, key.encrypt(address, salt), digest(key.code(HERE, salt)), micros(now))
        with written(self._db) as db:
            db.execute(
                "REPLACE INTO nudge (subscriber, service, salt, address, code, added) VALUES (?, ?, ?, ?, ?, ?)", row
            )

    def get(self, number: int) -> Nudge | None:
        """That of a subscriber; None where there is none."""
        query = "SELECT service, added, confirmed, failing FROM nudge WHERE subscriber = ?"
        row = self._db.execute(query, (number,)).fetchone()
        if row is None:
            return None
        service, added, confirmed, failing = row
        return Nudge(service=service, added=instant(added), confirmed=_when(confirmed), failing=_when(failing))

    def address(self, number: int) -> str:
        """In clear. Raises UsageError where there is none, StoreError under another key or where it is damaged."""
        row = self._db.execute("SELECT salt, address FROM nudge WHERE subscriber = ?", (number,)).fetchone()
        if row is None:
            raise UsageError(_none(number))
        return self._key().decrypt(row[1], row[0])

    def readable(self, number: int) -> str:
        """The address in clear; empty where this one is damaged. Raises StoreError where the key is another."""
        self._key()
        try:
            return self.address(number)
        except StoreError:
            return ""

    def code(self, number: int) -> str:
        """`ICI-…`, whole."""
        (salt,) = self._db.execute("SELECT salt FROM nudge WHERE subscriber = ?", (number,)).fetchone()
        return self._key().code(HERE, salt)

    def unasked(self) -> list[int]:
        """Subscribers who said yes to messages, and whose code was not handed over there yet."""
        query = (
            "SELECT n.subscriber FROM nudge n JOIN subscriber s ON s.id = n.subscriber "
            "WHERE n.asked IS NULL AND n.confirmed IS NULL AND s.state = 'active' ORDER BY 1"
        )
        return [number for (number,) in self._db.execute(query)]

    def asked(self, number: int, now: datetime) -> None:
        """The code was handed over; 48 hours begin."""
        with written(self._db) as db:
            db.execute("UPDATE nudge SET asked = ? WHERE subscriber = ?", (micros(now), number))

    def confirm(self, code: str, by: int | None, now: datetime) -> int | None:
        """The whole `ICI-…` code came back; the subscriber's number, None for nobody's, or another's than `by`.

        by: whose e-mail or Signal it came by; None where the operator saw to that.
        """
        with written(self._db) as db:
            forget_unanswered(db, now)
            query = (
                "UPDATE nudge SET confirmed = ? WHERE code = ? AND confirmed IS NULL "
                "AND subscriber = ifnull(?, subscriber) RETURNING subscriber"
            )
            found = db.execute(query, (micros(now), digest(code), by)).fetchall()
        return found[0][0] if found else None

    def remove(self, number: int) -> None:
        """It goes. Raises UsageError where there is none."""
        with written(self._db) as db:
            if not db.execute("DELETE FROM nudge WHERE subscriber = ?", (number,)).rowcount:
                raise UsageError(_none(number))

    def export(self, number: int) -> dict[str, Any] | None:
        """All that is held of it, as plain JSON values: what `restore` takes."""
        found = self.get(number)
        if found is None:
            return None
        return {
            "service": found.service,
            "address": self.address(number),
            "added": found.added.isoformat(),
            "confirmed": found.confirmed.isoformat() if found.confirmed else None,
        }

    # --- sending ---

    def wake(self, number: int, now: datetime, *, urgent: bool) -> None:
        """A message was taken by the subscriber's channel. In the caller's transaction."""
        self._db.execute(
            "UPDATE nudge SET due = ?1, made = ?1, attempts = 0, urgent = ?2 OR (due IS NOT NULL AND urgent) "
            "WHERE subscriber = ?3 AND confirmed IS NOT NULL",
            (micros(now), urgent, number),
        )

    def hold(
        self, count: int, now: datetime, to: Callable[[int], Subscription | None], *, urgent_only: bool
    ) -> list[HeldNudge]:
        """Up to `count` that are due, in the caller's transaction. to: subscriptions by number.

        A quiet time puts off what no opened slot made, or all, as the subscriber asked.
        """
        rows = self._db.execute(
            "SELECT subscriber, urgent FROM nudge WHERE (due <= :now OR due > :farthest) AND (urgent OR NOT :only) "
            "ORDER BY urgent DESC, made",
            {"now": micros(now), "farthest": micros(now + _FARTHEST), "only": urgent_only},
        ).fetchall()
        held: list[HeldNudge] = []
        for number, urgent in rows:
            one = to(number)
            if one is None or one.state != "active":
                self._put(number, None)
            elif (one.quiet_slots or not urgent) and (after := one.after_quiet(now)) > now:
                self._put(number, after)
            elif len(held) < count:
                address = self.readable(number)
                self._put(number, now + HELD if address else None)
                held += [HeldNudge(number=number, address=address, until=micros(now + HELD))] if address else []
        return held

    def settle(self, held: HeldNudge, now: datetime, *, taken: bool, again: bool) -> None:
        """What became of it, in the caller's transaction. again: it was certainly not taken and may be tried again.

        What came meanwhile stays due.
        """
        query = "SELECT due, made, attempts FROM nudge WHERE subscriber = ?"
        row = self._db.execute(query, (held.number,)).fetchone()
        if row is None:
            return
        due, made, attempts = row
        if taken:
            self._db.execute("UPDATE nudge SET failing = NULL WHERE subscriber = ?", (held.number,))
        else:
            query = "UPDATE nudge SET failing = ifnull(failing, ?), attempts = attempts + 1 WHERE subscriber = ?"
            self._db.execute(query, (micros(now), held.number))
        if due != held.until:
            return
        useful = again and now < instant(made) + USEFUL_FOR
        self._put(held.number, now + PAUSE * 2 ** min(attempts, 5) if useful else None)

    def _put(self, number: int, due: datetime | None) -> None:
        at = None if due is None else micros(due)
        self._db.execute("UPDATE nudge SET due = ? WHERE subscriber = ?", (at, number))


def forget_unanswered(db: sqlite3.Connection, now: datetime) -> None:
    """Drop the addresses whose holder did not answer in time; in the caller's transaction."""
    query = "DELETE FROM nudge WHERE confirmed IS NULL AND ifnull(asked, added) < ?"
    db.execute(query, (micros(now - ANSWER_WITHIN),))


def _when(at: int | None) -> datetime | None:
    return None if at is None else instant(at)


def _none(number: int) -> str:
    return _("subscriber {number} has no nudge").format(number=number)
