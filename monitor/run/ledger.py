"""The store as a sweep speaks to it: one observation with its bytes, one transaction; and what politeness remembers of
hosts from one run to the next.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from monitor.alerts.send.newsroom import Newsroom
from monitor.core.record import RecordLine
from monitor.fetch.http.robots import RobotsCopy
from monitor.store.rows import instant, micros
from monitor.store.store import Store, Transaction


class StoreLedger:
    """Implements `monitor.core.ports.Ledger` over an open store. newsroom: where news is looked for, if anywhere."""

    def __init__(self, store: Store, newsroom: Newsroom | None = None) -> None:
        self._store, self._newsroom, self._at_once = store, newsroom, False
        if untold := store.untold():
            self._tell(untold)

    def _tell(self, untold: Sequence[int]) -> None:
        """What a death kept from the news, in one transaction with the mark that it was looked through."""
        records = [json.loads(line) for _seq, line in self._store.records.lines(untold[0], untold[-1] + 1)]
        with self._store.transaction() as tx:
            for record in records:
                self._note(tx, record)
            tx.db.execute("DELETE FROM untold")
        self.barrier(datetime.fromisoformat(records[-1]["finished"]))

    def begin_sweep(self, started: datetime, plan: Mapping[str, Any]) -> int:
        """Open a sweep and return its number."""
        return self._store.begin_sweep(started, plan)

    def next_seq(self) -> int:
        """The next observation's sequence number."""
        return self._store.next_seq()

    def append(self, record: RecordLine, *, detail: str | None, bodies: Iterable[tuple[int, str, bytes]]) -> None:
        """Keep one observation and its bytes. bodies: (index of the exchange, part, bytes).

        What it is news of is written in the transaction that gives it its row. An opened slot is made proof against
        loss of power and handed to the sender before this returns.
        """
        parts = [*bodies]
        self._store.append(
            record,
            detail=detail,
            bodies=[data for _i, part, data in parts if part != "wire_body"],
            wire=[data for _i, part, data in parts if part == "wire_body"],
            beside=lambda tx: self._note(tx, record),
        )
        if record["reading"] == "SlotsOpen" and self._newsroom is not None and not self._stood_open(record["check"]):
            self.barrier(datetime.fromisoformat(record["finished"]))

    def _stood_open(self, check: str) -> bool:
        last = next(self._store.records.back(check), None)
        return last is not None and last[1] == "SlotsOpen"

    def _note(self, tx: Transaction, record: RecordLine) -> None:
        if self._newsroom is not None and self._newsroom.note(tx.db, record):
            self._at_once = True

    def barrier(self, at: datetime) -> None:
        """Everything appended so far survives loss of power when this returns, and what must leave at once leaves."""
        self._store.barrier(at)
        self._hand_over()

    def _hand_over(self) -> None:
        if self._at_once and self._newsroom is not None:
            self._at_once = False
            self._newsroom.hand_over()

    def end_sweep(self, number: int, finished: datetime, report: Mapping[str, Any]) -> None:
        """Close a sweep with what was done and skipped, and why."""
        self._store.end_sweep(number, finished, report)
        self._hand_over()


class StoreMemory:
    """Implements `monitor.fetch.http.robots.Memory` over an open store. Each change is committed by itself."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def host_state(self, host: str) -> Mapping[str, Any] | None:
        """See `Memory`."""
        row = self._store.one("SELECT state FROM host_state WHERE host = ?", (host,))
        if row is None:
            return None
        state: dict[str, Any] = json.loads(row[0])
        return state

    def set_host_states(self, states: Mapping[str, Mapping[str, Any]]) -> None:
        """See `Memory`."""
        rows = [(host, json.dumps(state, sort_keys=True)) for host, state in states.items()]
        with self._store.transaction() as tx:
            tx.db.executemany("REPLACE INTO host_state VALUES (?, ?)", rows)

    def robots(self, origin: str) -> RobotsCopy | None:
        """See `Memory`."""
        row = self._store.one("SELECT status, body, fetched, expires FROM robots WHERE origin = ?", (origin,))
        if row is None:
            return None
        status, body, fetched, expires = row
        return RobotsCopy(status=status, body=body, fetched=instant(fetched), expires=instant(expires))

    def set_robots(self, origin: str, copy: RobotsCopy) -> None:
        """See `Memory`."""
        row = (origin, copy.status, copy.body, micros(copy.fetched), micros(copy.expires))
        with self._store.transaction() as tx:
            tx.db.execute("REPLACE INTO robots VALUES (?, ?, ?, ?, ?)", row)
