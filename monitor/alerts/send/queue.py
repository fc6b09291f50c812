"""The outbox as a sender sees it: leases what is due, one message a recipient, and settles what became of it.

Two senders never hold the same row: a lease is taken in one immediate transaction. It lasts LEASE on the machine's
monotonic clock and no longer than its boot, so that setting the wall clock neither frees nor freezes it. A sender that
was killed leaves rows leased; they are sent again as the same message, with the same identity: nothing is lost, and
what was handed over just before may come twice.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from monitor.alerts.news.events import Event, OperatorKind
from monitor.alerts.news.look import event_key
from monitor.alerts.people.nudges import HeldNudge
from monitor.alerts.people.subscribers import Subscribers, drop_waiting
from monitor.alerts.people.subscriptions import Subscription
from monitor.alerts.send.lines import ask_line, free_line, stop_line, stopped_line
from monitor.alerts.send.outbox import PLAIN, Operator, put
from monitor.alerts.send.outcome import Later, Outcome, Refused, Sent, Unknown
from monitor.core.errors import StoreError
from monitor.core.ports import Clock
from monitor.store.beside import written
from monitor.store.rows import instant, micros
from monitor.values import dataclass

LEASE: Final = timedelta(minutes=10)  # more than two messages that hang for a minute each, and making the attachments
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
UNSURE_PAUSE: Final = timedelta(minutes=30)
FIRM_PAUSE, LONGEST_FIRM_PAUSE = timedelta(hours=1), timedelta(hours=6)
GIVE_UP_AFTER: Final = timedelta(hours=72)
TRIES_AT_LEAST: Final = 12  # before giving up: a clock set forward, or a machine that was off, gives nothing up
DOUBTS_AT_MOST: Final = 2
# Suspensions, for whatever words, while the channel brings nothing to anybody: a few, however long it lasts. A day's
# for the same words: a few, and one more for so many subscribers to whom the channel brought something meanwhile.
# Whoever refuses everybody refuses us.
FEW: Final = 3
ONE_MORE_FOR: Final = 10
_DAY: Final = timedelta(days=1)

_FREE: Final = (
    "state = 'due' AND channel = :channel AND due <= :now "
    "AND (lease_ns IS NULL OR lease_boot != :boot OR lease_ns <= :ns)"
)
_MESSAGE: Final = "ifnull(parcel, CASE WHEN urgent THEN 'row ' || id ELSE '' END)"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedParcel:
    """What one recipient is told in one message. id: the same whenever it is sent again.

    address, stop, ticket: secrets. again: an earlier sending of it may have come through. held: of a nudge, which has
    no events.
    """

    id: str
    events: Sequence[Event]
    to: Subscription
    address: str
    stop: str
    ticket: str
    rows: Sequence[int]
    lease: str
    again: bool
    held: HeldNudge | None = None

    @property
    def nudge(self) -> bool:
        """It only knocks elsewhere, after the message itself was taken."""
        return self.held is not None

    def __repr__(self) -> str:
        return f"Parcel({self.id}, to {self.to.id})"


class OutboxQueue:
    """Implements `send.deliver.Queue` over a connection that `beside` opened, for one sender in one thread.

    boot: identifies the machine's current start. urgent_only: opened slots alone, beside a sweep. chance: 0 <= x < 1.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        subscribers: Subscribers,
        clock: Clock,
        *,
        boot: str,
        operator: Operator,
        urgent_only: bool = False,
        chance: Callable[[], float] = lambda: secrets.randbelow(1 << 20) / (1 << 20),
    ) -> None:
        self._db, self._subscribers, self._clock = db, subscribers, clock
        self._boot, self._operator, self._urgent_only, self._chance = boot, operator, urgent_only, chance

    def lease(self, channel: str, count: int) -> Sequence[QueuedParcel]:
        """Up to `count` parcels that are due, opened slots first; for this sender alone for the length of LEASE."""
        now = self._clock.now()
        if channel == "nudge":
            return self._nudges(count, now)
        values = {"channel": channel, "now": micros(now), "boot": self._boot, "ns": self._clock.monotonic_ns()}
        found: list[QueuedParcel] = []
        with written(self._db) as db:
            self._mind_the_clock(now)
            stopped = stopped_line(db, channel)
            if stopped is not None:
                count = 0 if stopped.rests(now) else 1
            # Who asks whether a stopped line works again has asked least: one bad address does not ask for ever.
            first = "max(attempts), u DESC, i" if stopped is not None else "u DESC, i"
            while len(found) < count:
                groups = db.execute(
                    f"SELECT subscriber, {_MESSAGE}, max(parcel), max(urgent) AS u, min(id) AS i FROM outbox "  # noqa: S608 - constants
                    f"WHERE {_FREE} AND (urgent OR NOT :urgent_only) GROUP BY 1, 2 ORDER BY {first} LIMIT :count",
                    {**values, "urgent_only": self._urgent_only, "count": count - len(found)},
                ).fetchall()
                if not groups:
                    break
                for number, message, sent_before, urgent, _first in groups:
                    rows = db.execute(
                        f"SELECT o.id, body FROM outbox o JOIN event e ON e.id = o.event WHERE o.id IN (SELECT id "  # noqa: S608 - constants
                        f"FROM outbox WHERE {_FREE} AND subscriber = :number AND {_MESSAGE} = :message) ORDER BY o.id",
                        {**values, "number": number, "message": message},
                    ).fetchall()
                    parcel = self._parcel(number, dict(rows), now, urgent=bool(urgent), again=sent_before is not None)
                    if parcel is not None:
                        found.append(parcel)
            if stopped is not None and found:
                ask_line(db, stopped, found[0].lease, now + LEASE)
        return found

    def _nudges(self, count: int, now: datetime) -> list[QueuedParcel]:
        with written(self._db):
            held = self._subscribers.nudges.hold(count, now, self._recipient, urgent_only=self._urgent_only)
        return [
            QueuedParcel(
                id=f"nudge-{one.number}", events=(), to=self._subscribers.get(one.number).to, address=one.address,
                stop="", ticket="", rows=(), lease="", again=False, held=one,
            )
            for one in held
        ]  # fmt: skip

    def _parcel(
        self, number: int, bodies: dict[int, str], now: datetime, *, urgent: bool, again: bool
    ) -> QueuedParcel | None:
        """Lease these rows; None, and they are no longer due, where nothing may be sent to their recipient now."""
        rows = list(bodies)
        events = [self._late(Event.from_json(json.loads(body))) for body in bodies.values()]
        to = self._recipient(number)
        if to is None or to.state != "active":
            self._end(rows, "dropped", "no such address" if to is None else to.state, now)
            return None
        if (to.quiet_slots or not urgent) and (after := to.after_quiet(now)) > now:
            self._put_off(rows, after, now)
            return None
        keys = sorted(event.key for event in events)
        name = keys[0] if len(keys) == 1 else hashlib.sha256("|".join(keys).encode()).hexdigest()[:32]
        lease = secrets.token_hex(8)
        until = self._clock.monotonic_ns() + LEASE // timedelta(microseconds=1) * 1000
        self._update(rows, "parcel = ?, lease_boot = ?, lease_ns = ?, lease_by = ?", name, self._boot, until, lease)
        parcel = QueuedParcel(
            id=name, events=events, to=to, address="", stop="", ticket="", rows=rows, lease=lease, again=again
        )
        if number <= 0:
            return replace(parcel, address=self._operator.by_number[number])
        try:
            _yes, stop = self._subscribers.codes(number)
            ticket = self._subscribers.ticket(number, name)
            return replace(parcel, address=self._subscribers.address(number), stop=stop, ticket=ticket)
        except StoreError:
            self._subscribers.check_key()  # under the right key this one address is damaged; the others are not
            self._suspend(parcel, "the address cannot be read", now)
            return None

    def _recipient(self, number: int) -> Subscription | None:
        if number <= 0:
            return self._operator.subscription(number) if number in self._operator.by_number else None
        found = self._subscribers.find(number)
        return found.to if found is not None else None

    def _late(self, event: Event) -> Event:
        """An opened slot of which the site said meanwhile that there is none any more."""
        if not event.urgent or event.seq is None:
            return event
        since = self._db.execute(
            "SELECT reading, started FROM counted WHERE subject = (SELECT id FROM subject WHERE key = ?) AND seq > ? "
            "AND reading IN ('SlotsOpen', 'NoSlot', 'NotYetOpen', 'Closed') ORDER BY seq DESC LIMIT 1",
            (event.check, event.seq),
        ).fetchone()
        if since is None or since[0] != "NoSlot":
            return event
        return replace(event, facts={**event.facts, "gone_at": instant(since[1]).isoformat()})

    def settle(self, parcel: QueuedParcel, outcome: Outcome) -> None:
        """What became of a parcel. A sender whose lease ran out still says that it sent; nothing else counts then."""
        now = self._clock.now()
        if parcel.held is not None:
            taken, again = isinstance(outcome, Sent), isinstance(outcome, Later)
            with written(self._db):
                self._subscribers.nudges.settle(parcel.held, now, taken=taken, again=again)
            return
        with written(self._db) as db:
            marks = ", ".join("?" * len(parcel.rows))
            held = db.execute(
                "SELECT max(attempts), max(doubts), min(made) FROM outbox "  # noqa: S608 - marks
                f"WHERE id IN ({marks}) AND state = 'due' AND (? OR lease_by = ?)",
                (*parcel.rows, isinstance(outcome, Sent), parcel.lease),
            ).fetchone()
            if held[0] is None:
                return
            attempts, doubts, made = held[0] + 1, held[1], instant(held[2])
            self._update(parcel.rows, "attempts = ?, lease_ns = NULL, lease_by = NULL", attempts)
            self._heard(parcel, outcome, now)
            match outcome:
                case Sent(reference):
                    self._end(parcel.rows, "sent", reference, now)
                    self._subscribers.nudges.wake(parcel.to.id, now, urgent=parcel.events[0].urgent)
                case Refused(why) if self._is_ours(parcel, why, now):
                    self._tell_spared(parcel, why, now)
                    self._later(parcel, Later(why, firm=True), now, made, attempts)
                case Refused(why):
                    self._suspend(parcel, why, now)
                case Unknown(why):
                    self._unsure(parcel, why, now, doubts + 1)
                case Later():
                    self._later(parcel, outcome, now, made, attempts)

    def _heard(self, parcel: QueuedParcel, outcome: Outcome, now: datetime) -> None:
        """What the outcome says of the whole channel; the operator is told when it is newly stopped."""
        channel = parcel.to.channel if parcel.to.id >= 0 else PLAIN
        if isinstance(outcome, Sent | Refused):
            free_line(self._db, channel)
        elif outcome.ours and (line := stop_line(self._db, channel, outcome.why, now, lease=parcel.lease)):
            facts = {"line": channel, "code": outcome.why}
            self._tell("sending_stopped", f"{channel} {line.since.isoformat()}", now, facts)

    def _is_ours(self, parcel: QueuedParcel, why: str, now: datetime) -> bool:
        """Whether so many addresses were given up that the fault must be sought with us."""
        if parcel.to.id <= 0:
            return False
        channel, count = parcel.to.channel, "SELECT count(DISTINCT subscriber) FROM outbox WHERE channel = ? "
        (last,) = self._db.execute(
            "SELECT ifnull(max(settled), 0) FROM outbox WHERE channel = ? AND state = 'sent'", (channel,)
        ).fetchone()
        refused = f"{count} AND state = 'refused' AND subscriber > 0 AND settled > ?"
        (in_a_row,) = self._db.execute(refused, (channel, last)).fetchone()
        if in_a_row >= FEW:
            return True
        since = micros(now - _DAY)
        (alike,) = self._db.execute(f"{refused} AND reason = ?", (channel, since, why)).fetchone()
        (taken,) = self._db.execute(
            f"{count} AND state = 'sent' AND subscriber > 0 AND settled >= ?", (channel, since)
        ).fetchone()
        return bool(alike >= FEW + taken // ONE_MORE_FOR)

    def _tell_spared(self, parcel: QueuedParcel, why: str, now: datetime) -> None:
        """Once a day."""
        facts = {"line": parcel.to.channel, "code": why}
        self._tell("addresses_spared", f"{parcel.to.channel} {now.astimezone(UTC):%Y-%m-%d}", now, facts)

    def _later(self, parcel: QueuedParcel, outcome: Later, now: datetime, made: datetime, attempts: int) -> None:
        """Not taken this time: later, unless it is too old; joined with what came meanwhile if it never left before."""
        if now - made > GIVE_UP_AFTER and attempts >= TRIES_AT_LEAST:
            self._give_up(parcel, outcome.why, now, made)
            return
        of_itself = outcome.firm and not outcome.ours  # a stopped line has pauses of its own
        first, longest = (FIRM_PAUSE, LONGEST_FIRM_PAUSE) if of_itself else (FIRST_PAUSE, LONGEST_PAUSE)
        pause = min(first * 2 ** min(attempts - 1, 10), longest) * (0.5 + self._chance())
        self._put_off(parcel.rows, now + pause, now)
        self._update(parcel.rows, "reason = ?, parcel = ?", outcome.why, parcel.id if parcel.again else None)

    def _unsure(self, parcel: QueuedParcel, why: str, now: datetime, doubts: int) -> None:
        """Perhaps taken. Once more, under the same identity; then it is left at that."""
        if doubts >= DOUBTS_AT_MOST:
            self._end(parcel.rows, "unknown", why, now)
            return
        self._put_off(parcel.rows, now + UNSURE_PAUSE, now)
        self._update(parcel.rows, "reason = ?, doubts = ?", why, doubts)

    def _suspend(self, parcel: QueuedParcel, why: str, now: datetime) -> None:
        """The address is no good: nothing more is sent there, and the operator is told."""
        self._end(parcel.rows, "refused", why, now)
        number = parcel.to.id
        if number <= 0:
            return
        self._db.execute("UPDATE subscriber SET state = 'suspended' WHERE id = ?", (number,))
        drop_waiting(self._db, number, "suspended", now)
        self._tell("address_suspended", f"{number} {parcel.id}", now, {"subscriber": str(number), "code": why})

    def _give_up(self, parcel: QueuedParcel, why: str, now: datetime, made: datetime) -> None:
        self._end(parcel.rows, "given_up", why, now)
        hours = (now - made) // timedelta(hours=1)
        if parcel.to.id > 0:
            facts = {"subscriber": str(parcel.to.id), "hours": str(hours), "code": why}
            self._tell("message_given_up", f"{parcel.to.id} {parcel.id}", now, facts)

    def _tell(self, kind: OperatorKind, what: str, now: datetime, facts: dict[str, str]) -> None:
        """Tell the operator. what: the same is told once."""
        key = event_key(kind, "", what, "")
        put(self._db, [Event(key=key, kind=kind, at=now.astimezone(UTC), facts=facts)], now, self._operator)

    # --- rows ---

    def _mind_the_clock(self, now: datetime) -> None:
        """When may go what was decided while the clock stood ahead of now is decided again: the clock was set back."""
        rows = self._db.execute(
            "SELECT id, subscriber, urgent, attempts FROM outbox WHERE state = 'due' AND decided > ?", (micros(now),)
        ).fetchall()
        for row, number, urgent, attempts in rows:
            to = self._recipient(number)
            due = now if attempts or to is None else to.due(now, now, urgent=bool(urgent))
            self._put_off([row], due, now)

    def _put_off(self, rows: Sequence[int], due: datetime, now: datetime) -> None:
        self._update(rows, "due = ?, decided = ?", micros(due), micros(now))

    def _end(self, rows: Sequence[int], state: str, reason: str, now: datetime) -> None:
        self._update(rows, "state = ?, reason = ?, settled = ?, lease_ns = NULL", state, reason, micros(now))

    def _update(self, rows: Sequence[int], what: str, *values: object) -> None:
        marks = ", ".join("?" * len(rows))
        self._db.execute(f"UPDATE outbox SET {what} WHERE id IN ({marks})", (*values, *rows))  # noqa: S608 - our own words
