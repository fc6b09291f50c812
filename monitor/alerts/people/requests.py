"""What becomes of a request by somebody whom nobody knows: to subscribe an address, or for the link to its choices.

Known, new, who left, whose address was given up: each gets one message at most, and whoever asked is told nothing.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from monitor.alerts.people.budget import Budget, Kind
from monitor.alerts.people.subscribers import Subscribers
from monitor.alerts.people.subscriptions import Subscription
from monitor.store.beside import written


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
