"""The store as a sweep speaks to it: one observation with its bytes, one transaction; and what politeness remembers of
hosts from one run to the next.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from monitor.alerts.send.newsroom import Newsroom
from monitor.core.record import BODY_PARTS, RecordLine
from monitor.fetch.http.robots import RobotsCopy
from monitor.store.rows import LastReading, instant, micros
from monitor.store.store import Store


class StoreLedger:
    """Implements `monitor.core.ports.Ledger` over an open store. newsroom: where news is looked for, if anywhere."""

    def __init__(self, store: Store, newsroom: Newsroom | None = None) -> None:
        self._store, self._newsroom = store, newsroom
        self._latest: dict[str, LastReading] = store.records.latest()

    def begin_sweep(self, started: datetime, plan: Mapping[str, Any]) -> int:
        """Open a sweep and return its number."""
        return self._store.begin_sweep(started, plan)

    def next_seq(self) -> int:
        """The next observation's sequence number."""
        return self._store.records.size()

    def append(self, record: RecordLine, *, detail: str | None, bodies: Iterable[tuple[int, str, bytes]]) -> None:
        """Keep one observation and its bytes. bodies: (index of the exchange, part, bytes).

        What it is news of is written in the same transaction. An opened slot is made proof against loss of power and
        handed to the sender before this returns.
        """
        digests = self._put(bodies, self._near(record["check"]))
        with self._store.transaction() as tx:
            tx.append(record, detail=detail, blobs=digests)
            at_once = self._newsroom is not None and self._newsroom.note(tx.db, record)
        if at_once and self._newsroom is not None:
            self._store.barrier(datetime.fromisoformat(record["finished"]))
            self._newsroom.hand_over()

    def _put(self, bodies: Iterable[tuple[int, str, bytes]], near: Mapping[tuple[int, str], str]) -> list[str]:
        """Store the bytes; digests of those kept.

        What came compressed is kept with each whole page (at its first look of the day, and at every change that is not
        small); beside a page kept as a small difference its digest alone stays in the record: a new token changes all
        compressed bytes that follow it (measured 2026-11: 1.4 kB a check of 2.3).
        """
        kept: list[str] = []
        compressed: dict[int, bytes] = {}
        for i, part, data in bodies:
            if part == "wire_body":
                compressed[i] = data
                continue
            digest = self._store.blobs.put(data, near.get((i, part)))
            kept.append(digest)
            if part == "decoded_body" and self._store.blobs.leans(digest):
                compressed.pop(i, None)
        return kept + [self._store.blobs.put(data) for data in compressed.values()]

    def barrier(self, at: datetime) -> None:
        """Everything appended so far survives loss of power when this returns."""
        self._store.barrier(at)

    def end_sweep(self, number: int, finished: datetime, report: Mapping[str, Any]) -> None:
        """Close a sweep with what was done and skipped, and why."""
        self._store.end_sweep(number, finished, report)

    def _near(self, check: str) -> dict[tuple[int, str], str]:
        """Digests of the last record of this check: its bytes are likely close to the new ones."""
        standing = self._latest.get(check)
        if standing is None:
            return {}
        exchanges = json.loads(standing.row.line).get("exchanges", ())
        return {
            (i, part): exchange[f"{part}_sha256"]
            for i, exchange in enumerate(exchanges)
            for part in BODY_PARTS
            if f"{part}_sha256" in exchange
        }


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
