"""What the server saw: every request, the gaps between them on each host, and what should never have been asked."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

CHECK_ID = re.compile(r"\bid=([\w.-]+)")


@dataclass(slots=True)
class Record:
    """One request (or one handshake that failed).

    first, last: seconds since the journal began: first byte of the request in, last byte of the answer out (or the
    moment it failed). gap: real seconds since the last byte of the host's previous answer, 0 where that one was still
    under way, None for the first. outcome: `whole`, `cut` (we broke it off), `left` (the client did), `tls_failed`.
    """

    number: int
    host: str
    scheme: str
    first: float
    gap: float | None
    method: str = ""
    target: str = ""
    user_agent: str = ""
    check: str | None = None
    fields: tuple[str, ...] = ()
    session: str | None = None
    state: str | None = None
    status: int | None = None
    sent: int = 0
    last: float | None = None
    outcome: str | None = None


@dataclass(slots=True)
class HostCount:
    """What one host bore. gaps: real seconds, in order."""

    requests: int = 0
    gaps: list[float] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    connections: int = 0
    open_connections: int = 0
    most_open: int = 0
    last_end: float | None = None


class Journal:
    """Counts and remembers; all times are this process's monotonic clock, so nothing waits on a clock of the client."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.violations: list[dict[str, Any]] = []
        self.hosts: defaultdict[str, HostCount] = defaultdict(HostCount)
        self.worst_lag = 0.0
        self._origin = time.monotonic()

    def clear(self) -> None:
        """Start again; connections that are open stay counted."""
        self.records.clear()
        self.violations.clear()
        still_open = {name: h.open_connections for name, h in self.hosts.items() if h.open_connections}
        self.hosts.clear()
        for name, count in still_open.items():
            self.hosts[name] = HostCount(connections=count, open_connections=count, most_open=count)
        self.worst_lag = 0.0

    def opened(self, host: str) -> None:
        """A connection to a host is up."""
        count = self.hosts[host]
        count.connections += 1
        count.open_connections += 1
        count.most_open = max(count.most_open, count.open_connections)

    def closed(self, host: str) -> None:
        """It is gone."""
        self.hosts[host].open_connections -= 1

    def begin(self, host: str, scheme: str, first: float) -> Record:
        """A request's first byte came in at `first` (monotonic seconds)."""
        count = self.hosts[host]
        gap: float | None = None
        if count.in_flight:
            gap = 0.0
        elif count.last_end is not None:
            gap = max(0.0, first - count.last_end)
        if gap is not None:
            count.gaps.append(gap)
        count.requests += 1
        count.in_flight += 1
        count.most_in_flight = max(count.most_in_flight, count.in_flight)
        record = Record(len(self.records) + 1, host, scheme, first - self._origin, gap)
        self.records.append(record)
        return record

    def end(self, record: Record, outcome: str, last: float | None = None) -> None:
        """Its last byte went out at `last` (monotonic seconds); without it, it failed now."""
        at = time.monotonic() if last is None else last
        record.last, record.outcome = at - self._origin, outcome
        count = self.hosts[record.host]
        count.in_flight = max(0, count.in_flight - 1)
        count.last_end = at

    def identify(self, record: Record, user_agent: str) -> None:
        """Keep who asked, and the check's own id where the User-Agent carries one (`id=ID`)."""
        record.user_agent = user_agent
        found = CHECK_ID.search(user_agent)
        record.check = found[1] if found else None

    def violate(self, kind: str, host: str, target: str, number: int) -> None:
        """Write down a request that must never be made."""
        self.violations.append({"kind": kind, "host": host, "target": target, "number": number})

    def as_json(self, host: str | None = None) -> Iterator[dict[str, Any]]:
        """Records as plain data, of one host or of all."""
        return (asdict(r) for r in self.records if host in (None, r.host))
