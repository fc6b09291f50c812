"""Who is told: addresses encrypted, codes as digests, consent proved. Over a connection that `beside` opened.

Nothing here puts an address into an error or a log. A pending subscriber who does not confirm within 48 hours goes; who
leaves is reduced to a keyed digest of the address, so that it is not written to again.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
import sqlite3
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from gettext import gettext as _
from pathlib import Path
from typing import Any, Final

from monitor.alerts.people.address_key import AddressKey, digest
from monitor.alerts.people.budget import Kind
from monitor.alerts.people.nudges import ANSWER_WITHIN, Nudges, forget_unanswered
from monitor.alerts.people.spool import Spool
from monitor.alerts.people.subscriptions import Holder, State, Subscription
from monitor.core.errors import StoreError, UsageError
from monitor.store.beside import forget_deleted, written
from monitor.store.rows import instant, micros

YES, STOP = "OUI", "STOP"
HANDING: Final = timedelta(minutes=10)  # more than a server that hangs, so that who hands over since then is dead
_SELECT: Final = "SELECT id, state, wishes, added, asked, confirmed, consent_text FROM subscriber"


class Subscribers:
    """The subscribers of one data folder. key: loads the key of addresses when one is needed."""

    def __init__(self, db: sqlite3.Connection, key: Callable[[], AddressKey]) -> None:
        self._db, self._load = db, key
        self._known: AddressKey | None = None
        self.nudges = Nudges(db, lambda: self._key)

    @property
    def _key(self) -> AddressKey:
        """The key. Raises StoreError when it is not the one the addresses were written under."""
        if self._known is None:
            key = self._load()
            kept = self._db.execute("SELECT proof FROM address_key").fetchone()
            if kept is not None and kept[0] != key.proof:
                raise StoreError(_("the key of addresses is not the one they were written under: restore that one"))
            self._known = key
        return self._known

    # --- coming ---

    def add(self, address: str, wishes: Subscription, now: datetime, *, again: bool = False) -> int:
        """Keep a pending subscriber and return the number. `wishes` has everything but number and state.

        again: the person asks for messages anew; that they had left is forgotten when they say yes. Raises UsageError
        for an address already there, or one that left.
        """
        key = self._key
        blind, salt = key.blind(address), secrets.token_bytes(16)
        row = (
            "pending", json.dumps(wishes.to_json(), ensure_ascii=False), blind, key.encrypt(address.strip(), blind),
            salt, digest(key.code(YES, salt)), digest(key.code(STOP, salt)), micros(now),
        )  # fmt: skip
        with written(self._db) as db:
            db.execute("INSERT OR IGNORE INTO address_key VALUES (0, ?)", (key.proof,))
            self._expire(now)
            if (holder := self.holding(address)) is not None:
                raise UsageError(_("this address is subscriber {number} already").format(number=holder))
            if not again and db.execute("SELECT 1 FROM suppression WHERE blind = ?", (blind,)).fetchone():
                raise UsageError(
                    _("the holder of this address asked not to be written to; if they now ask for it, add --again")
                )
            number = db.execute(
                "INSERT INTO subscriber (state, wishes, blind, address, salt, yes, stop, added) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            ).lastrowid
        return number or 0

    def unasked(self) -> list[int]:
        """Pending subscribers whose question was not handed over yet."""
        query = "SELECT id FROM subscriber WHERE state = 'pending' AND asked IS NULL ORDER BY id"
        return [number for (number,) in self._db.execute(query)]

    def claim(self, number: int, now: datetime) -> bool:
        """The question is about to be handed over, and 48 hours begin; False where another sender has it.

        Before, not after: of a sender that is killed nobody knows whether it asked, and nobody is asked twice. That it
        is not known is kept (`uncertain`) until `settled`.
        """
        query = "UPDATE subscriber SET asked = ? WHERE id = ? AND state = 'pending' AND asked IS NULL"
        with written(self._db) as db:
            claimed = bool(db.execute(query, (micros(now), number)).rowcount)
            if claimed:
                db.execute("INSERT OR REPLACE INTO handing VALUES (?, 'question', ?)", (number, micros(now)))
        return claimed

    def unclaim(self, number: int) -> None:
        """The question certainly did not leave: it is asked later."""
        with written(self._db) as db:
            db.execute("UPDATE subscriber SET asked = NULL WHERE id = ? AND state = 'pending'", (number,))
            self.settled(number, "question")

    def settled(self, number: int, kind: Kind) -> None:
        """It is known what became of a question or a link that was handed over."""
        with written(self._db) as db:
            db.execute("DELETE FROM handing WHERE subscriber = ? AND kind = ?", (number, kind))

    def uncertain(self, number: int, kind: Kind, now: datetime) -> bool:
        """Whether a sender died with a question or a link in hand, so long ago that it is dead for certain."""
        query = "SELECT 1 FROM handing WHERE subscriber = ? AND kind = ? AND at <= ?"
        return self._db.execute(query, (number, kind, micros(now - HANDING))).fetchone() is not None

    def ask_anew(self, number: int, wishes: Subscription) -> None:
        """Who has not said yes asks once more, perhaps for something else: that is what the next question is of."""
        row = (json.dumps(wishes.to_json(), ensure_ascii=False), number)
        with written(self._db) as db:
            db.execute("UPDATE subscriber SET wishes = ?, asked = NULL WHERE id = ? AND state = 'pending'", row)
            self.settled(number, "question")

    def ask_link(self, number: int, now: datetime) -> None:
        """A subscriber is to be sent the link to their own choices."""
        with written(self._db) as db:
            db.execute("INSERT OR IGNORE INTO link_asked VALUES (?, ?)", (number, micros(now)))
            self.settled(number, "link")

    def links_asked(self) -> list[int]:
        """Who is to be sent a link, in the order of asking."""
        return [number for (number,) in self._db.execute("SELECT subscriber FROM link_asked ORDER BY at, subscriber")]

    def claim_link(self, number: int, now: datetime) -> bool:
        """The link is about to be handed over; False where another sender has it."""
        with written(self._db) as db:
            claimed = bool(db.execute("DELETE FROM link_asked WHERE subscriber = ?", (number,)).rowcount)
            if claimed:
                db.execute("INSERT OR REPLACE INTO handing VALUES (?, 'link', ?)", (number, micros(now)))
        return claimed

    def confirm(self, code: str | int, text: str, now: datetime) -> int | None:
        """Consent: by the whole `OUI-…` code, or by the number where the operator has the answer; None: no such one.

        text: version of the words that were agreed to. Kept as proof with the instant and the digest of the code.
        """
        column, value = ("id", code) if isinstance(code, int) else ("yes", digest(code))
        with written(self._db) as db:
            self._expire(now)
            found = db.execute(
                f"UPDATE subscriber SET state = 'active', confirmed = ?, consent_text = ?, consent_token = yes "  # noqa: S608 - one of two
                f"WHERE {column} = ? AND state = 'pending' RETURNING id",
                (micros(now), text, value),
            ).fetchall()
            if found:  # who had left came back by themselves
                db.execute(
                    "DELETE FROM suppression WHERE blind = (SELECT blind FROM subscriber WHERE id = ?)", found[0]
                )
        return found[0][0] if found else None

    def confirm_nudge(self, code: str, by: int | None, now: datetime) -> int | None:
        """The holder of a whole `ICI-…` code is told there too; None: nobody has it, or another than `by`.

        by: number of the subscriber by whose e-mail or Signal it came; None where the operator saw to that.
        """
        return self.nudges.confirm(code, by, now)

    def agreed(self, code: str) -> int | None:
        """Who said yes by a whole `OUI-…` code before; None: nobody of those that are there."""
        query = "SELECT id FROM subscriber WHERE yes = ? AND state != 'pending' AND ended IS NULL"
        row = self._db.execute(query, (digest(code),)).fetchone()
        return row and int(row[0])

    def expire(self, now: datetime) -> None:
        """Forget who did not confirm in time."""
        with written(self._db):
            self._expire(now)

    def _expire(self, now: datetime) -> None:
        query = "DELETE FROM subscriber WHERE state = 'pending' AND ifnull(asked, added) < ?"
        self._db.execute(query, (micros(now - ANSWER_WITHIN),))
        forget_unanswered(self._db, now)

    # --- asking ---

    def all(self) -> list[Holder]:
        """Every subscriber that has not left, by number."""
        return [self._holder(row) for row in self._db.execute(f"{_SELECT} WHERE ended IS NULL ORDER BY id")]

    def get(self, number: int) -> Holder:
        """One of them. Raises UsageError when there is none."""
        if (found := self.find(number)) is None:
            raise UsageError(_("no subscriber has number {number}").format(number=number))
        return found

    def find(self, number: int) -> Holder | None:
        """The same; None when there is none."""
        row = self._db.execute(f"{_SELECT} WHERE id = ? AND ended IS NULL", (number,)).fetchone()
        return None if row is None else self._holder(row)

    def holding(self, address: str) -> int | None:
        """Whose number an address is, however its capitals are typed; None: nobody's."""
        row = self._db.execute("SELECT id FROM subscriber WHERE blind = ?", (self._key.blind(address),)).fetchone()
        return row and int(row[0])

    def tally(self, address: str) -> bytes:
        """What requests for an address are counted by (`AddressKey.tally`)."""
        return self._key.tally(address)

    def form_stamp(self) -> Callable[[str, int], str]:
        """What forms bear (`AddressKey.stamp`), of a purpose and an instant."""
        return self._key.stamp

    def spool(self, folder: Path) -> Spool:
        """What people answered and waits there, under the key of addresses."""
        return Spool(folder, self._key)

    def check_key(self) -> None:
        """Raises StoreError when the key of addresses is not there, or not the one they were written under."""
        assert self._key

    def address(self, number: int) -> str:
        """In clear, for the moment of sending or of an export. Raises StoreError under another key."""
        blind, stored = self._one("blind, address", number)
        return self._key.decrypt(stored, blind)

    def codes(self, number: int) -> tuple[str, str]:
        """`OUI-…` and `STOP-…`, whole."""
        (salt,) = self._one("salt", number)
        return self._key.code(YES, salt), self._key.code(STOP, salt)

    def ticket(self, number: int, reference: str) -> str:
        """What the message of this reference to this subscriber bears, by which an answer to it is known."""
        (salt,) = self._one("salt", number)
        return self._key.ticket(reference[:12], number, salt)

    def answering(self, ticket: str) -> int | None:
        """Who answers a message, by its ticket; None for one that this key did not make, or whose holder left."""
        _mark, reference, number, _drawn = ticket.split(".")
        query = "SELECT salt FROM subscriber WHERE id = ? AND ended IS NULL"
        row = self._db.execute(query, (int(number),)).fetchone()
        made = row and self._key.ticket(reference, int(number), row[0])
        return int(number) if made and hmac.compare_digest(made, ticket) else None

    def link(self, number: int, until: datetime) -> str:
        """`GERER-…`: the way to a subscriber's own choices until an instant (aware)."""
        (salt,) = self._one("salt", number)
        return self._key.link(number, int(until.timestamp()), salt)

    def linked(self, code: str, now: datetime) -> int | None:
        """Whose choices a `GERER-…` code leads to at `now`; None: nobody's, or no longer."""
        found = re.fullmatch(r"GERER-(\d{1,12})-(\d{1,12})-[A-Z2-7]{16}", code.strip().upper())
        if found is None or int(found[2]) <= now.timestamp():
            return None
        number, until = int(found[1]), int(found[2])
        row = self._db.execute("SELECT salt FROM subscriber WHERE id = ? AND ended IS NULL", (number,)).fetchone()
        made = row and self._key.link(number, until, row[0])
        return number if made and hmac.compare_digest(made, found[0]) else None

    def export(self, number: int) -> dict[str, Any]:
        """Everything held on one subscriber, as plain JSON values: the right of access, and what `restore` takes."""
        holder = self.get(number)
        (token,) = self._one("consent_token", number)
        consent = holder.confirmed and {
            "at": holder.confirmed.isoformat(), "text": holder.consent_text, "code_sha256": token.hex(),
        }  # fmt: skip
        return {
            "number": number,
            "state": holder.to.state,
            "address": self.address(number),
            "wishes": holder.to.to_json(),
            "added": holder.added.isoformat(),
            "consent": consent,
            "nudge": self.nudges.export(number),
        }

    # --- changing ---

    def restore(self, kept: dict[str, Any], now: datetime) -> int:
        """Take in what `export` gave, here or elsewhere; with its proof of consent as agreed, else as pending."""
        wishes = Subscription.from_json(kept["wishes"], number=0, state="pending")
        number = self.add(kept["address"], wishes, now)
        if consent := kept.get("consent"):
            state = kept["state"] if kept["state"] in ("active", "paused", "suspended") else "active"
            proof = (
                micros(datetime.fromisoformat(consent["at"])),
                consent["text"],
                bytes.fromhex(consent["code_sha256"]),
            )
            with written(self._db) as db:
                db.execute(
                    "UPDATE subscriber SET state = ?, confirmed = ?, consent_text = ?, consent_token = ? WHERE id = ?",
                    (state, *proof, number),
                )
        if nudge := kept.get("nudge"):
            self._restore_nudge(number, nudge, now)
        return number

    def _restore_nudge(self, number: int, kept: dict[str, Any], now: datetime) -> None:
        """As agreed where it was, else to be asked anew."""
        self.nudges.add(number, kept["service"], kept["address"], secrets.token_bytes(16), now)
        if kept.get("confirmed"):
            at = datetime.fromisoformat(kept["confirmed"])
            self.nudges.confirm(self.nudges.code(number), number, at)

    def rewish(self, number: int, wishes: Subscription, now: datetime) -> None:
        """Other choices from now on; what waits was chosen by the earlier ones, and is dropped."""
        self.get(number)
        with written(self._db) as db:
            db.execute(
                "UPDATE subscriber SET wishes = ? WHERE id = ?",
                (json.dumps(wishes.to_json(), ensure_ascii=False), number),
            )
            drop_waiting(db, number, "other choices", now)

    def set_state(self, number: int, state: State, now: datetime) -> None:
        """Pause, suspend, or go on. What waits for one who is not active is dropped: it would be stale later.

        Raises UsageError for one who has not consented: nothing but consent makes a subscriber active.
        """
        if self.get(number).confirmed is None:
            raise UsageError(_("subscriber {number} has not confirmed yet").format(number=number))
        with written(self._db) as db:
            db.execute("UPDATE subscriber SET state = ? WHERE id = ?", (state, number))
            if state != "active":
                drop_waiting(db, number, state, now)

    def give_up(self, number: int, now: datetime) -> bool:
        """Suspend who is told or paused, as the mailbox is gone or a message was called unwanted; False for others."""
        changed = self.get(number).to.state in ("active", "paused")
        if changed:
            self.set_state(number, "suspended", now)
        return changed

    def stop(self, code: str, now: datetime) -> int | None:
        """The holder of a whole `STOP-…` code leaves; None: nobody has it."""
        found = self._db.execute(
            "SELECT id FROM subscriber WHERE stop = ? AND ended IS NULL", (digest(code),)
        ).fetchone()
        if found is None:
            return None
        self.remove(found[0], now)
        return int(found[0])

    def remove(self, number: int, now: datetime) -> None:
        """End a subscription: address and wishes go; number, dates and proof of consent stay, and a keyed digest."""
        self.get(number)
        with written(self._db):
            self._suppress(number, now)
            self._end(number, "left", now)
        forget_deleted(self._db)

    def end_corrected(self, watched: Collection[str], now: datetime) -> list[int]:
        """End the subscriptions of who was told, of every préfecture they follow, that nothing else of it is looked at.

        watched: codes of the préfectures of which a desk or a page is looked at. Nobody is ended before the message was
        handed over, nor after one that said that messages go on, nor kept from asking for messages again. Returns their
        numbers.
        """
        rows = self._db.execute(
            "SELECT s.id, s.wishes, json_group_array(json_extract(e.body, '$.prefecture')) FROM subscriber s "
            "JOIN outbox o ON o.subscriber = s.id JOIN event e ON e.id = o.event WHERE s.ended IS NULL "
            "AND e.kind = 'desk_corrected' AND json_extract(e.body, '$.facts.ends') = 'true' "
            "AND o.state IN ('sent', 'unknown') GROUP BY s.id ORDER BY s.id"
        ).fetchall()
        done = [
            number
            for number, wishes, over in rows
            if {*json.loads(wishes)["prefectures"]} <= {*json.loads(over)} - {*watched}
        ]
        if done:
            with written(self._db):
                for number in done:
                    self._end(number, "corrected", now)
            forget_deleted(self._db)
        return done

    def _end(self, number: int, why: str, now: datetime) -> None:
        """Address and wishes go; number, dates and proof of consent stay."""
        drop_waiting(self._db, number, why, now)
        self._db.execute("DELETE FROM nudge WHERE subscriber = ?", (number,))
        for table in ("link_asked", "handing"):
            self._db.execute(f"DELETE FROM {table} WHERE subscriber = ?", (number,))  # noqa: S608 - one of two
        self._db.execute(
            "UPDATE subscriber SET state = 'removed', wishes = '{}', blind = NULL, address = NULL, salt = x'', "
            "ended = ? WHERE id = ?",
            (micros(now), number),
        )

    def erase(self, number: int, now: datetime) -> None:
        """Everything on one subscriber goes, that already left or not, but for the keyed digest of the address."""
        with written(self._db) as db:
            self._suppress(number, now)
            db.execute("DELETE FROM outbox WHERE subscriber = ?", (number,))
            if not db.execute("DELETE FROM subscriber WHERE id = ?", (number,)).rowcount:
                raise UsageError(_("no subscriber has number {number}").format(number=number))
        forget_deleted(self._db)

    def _suppress(self, number: int, now: datetime) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO suppression SELECT blind, ? FROM subscriber WHERE id = ? AND blind IS NOT NULL",
            (micros(now), number),
        )

    def _one(self, columns: str, number: int) -> tuple[Any, ...]:
        query = f"SELECT {columns} FROM subscriber WHERE id = ? AND ended IS NULL"  # noqa: S608 - our own words
        row: tuple[Any, ...] | None = self._db.execute(query, (number,)).fetchone()
        if row is None:
            raise UsageError(_("no subscriber has number {number}").format(number=number))
        return row

    @staticmethod
    def _holder(row: tuple[Any, ...]) -> Holder:
        number, state, wishes, added, asked, confirmed, text = row
        return Holder(
            to=Subscription.from_json(json.loads(wishes), number=number, state=state),
            added=instant(added),
            asked=None if asked is None else instant(asked),
            confirmed=None if confirmed is None else instant(confirmed),
            consent_text=text,
        )


def suspended_subscribers(db: sqlite3.Connection) -> int:
    """How many addresses were given up and not yet replaced."""
    (count,) = db.execute("SELECT count(*) FROM subscriber WHERE state = 'suspended'").fetchone()
    return int(count)


def drop_waiting(db: sqlite3.Connection, number: int, why: str, now: datetime) -> None:
    """What waits for a subscriber is not sent any more."""
    db.execute(
        "UPDATE outbox SET state = 'dropped', reason = ?, settled = ? WHERE subscriber = ? AND state = 'due'",
        (why, micros(now), number),
    )
