"""What politeness remembers of hosts, kept in the data folder between two runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from monitor.adapters.memory import RobotsCopy
from monitor.adapters.rows import instant, micros
from monitor.adapters.store import Store


class StoreMemory:
    """Implements `monitor.adapters.memory.Memory` over an open store. Each change is committed by itself."""

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
