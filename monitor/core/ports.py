"""What the use cases speak to. Adapters implement these Protocols; nothing above this floor knows how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from monitor.core.exchange import Exchange
from monitor.core.prefecture import Move, Page
from monitor.core.readings import Reading
from monitor.core.record import Browsed, RecordLine


class BrowserError(Exception):
    """Our own browser is missing, failed, or cannot show what it was given: it says nothing of any site."""


class Clock(Protocol):
    """Time as an argument: wall clock in UTC, monotonic clock, and waiting."""

    def now(self) -> datetime:
        """Aware UTC instant."""
        ...

    def monotonic_ns(self) -> int:
        """Monotonic nanoseconds: orders and measures, never dates."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; in a simulation, waits alone are shortened."""
        ...


class ElsewhereError(Exception):
    """In a replay, the visit asks for what was not recorded. beyond: all that was recorded had been gone through."""

    def __init__(self, asked: str, *, beyond: bool = False) -> None:
        super().__init__(asked)
        self.beyond = beyond


class Session(Protocol):
    """One check's walk: its own empty cookie jar, over connections and a pace that belong to the host."""

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """Every exchange of this walk so far, in order: robots.txt, redirect hops, pages."""
        ...

    async def perform(self, move: Move, page: Page | None) -> Page | Reading:
        """Make one move from `page`: the page that came back, or the reading that says why none did.

        Redirects are followed one by one, each checked, paced and recorded. Returns `Unreached`,
        `Obstructed(robots | login)`, `Unreadable(layout_changed | not_text)`, or what a robots.txt that cannot be had
        says (`Unavailable`, `Obstructed(rate_limit)`); never raises for what the world does.
        """
        ...

    def close(self) -> None:
        """The walk is over: its big bodies no longer hold back those of other walks (two at once a sweep)."""
        ...


class LiveSession(Session, Protocol):
    """A walk on the network, not over what was recorded."""

    @property
    def asked(self) -> bool:
        """True once a request has left, or was about to: the site may have seen this visit."""
        ...


class Visitor(Protocol):
    """Opens sessions on public pages, politely."""

    def session(self, check_id: str) -> LiveSession:
        """A fresh session; `check_id` goes into the User-Agent so that the site can find the visit in its own log."""
        ...

    def leave(self, host: str) -> None:
        """Nothing more is asked of a host for now: its connection need not be kept."""
        ...

    def closed(self, host: str) -> str | None:
        """Why a host is left alone for now, or None: asked before a check, so that what is skipped is declared."""
        ...

    async def reached(self) -> bool:
        """Control probes: True when our own network answers, so that a failure is the site's."""
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...


class BrowserSession(LiveSession, Protocol):
    """A check made by a browser. `perform` opens one address, and raises BrowserError where the browser failed."""

    @property
    def browsed(self) -> Browsed | None:
        """What a record says of the browser's visit; None before it."""
        ...


class BrowserVisitor(Protocol):
    """Opens sessions of a browser whose every request is made by the polite visitor."""

    def absent(self) -> str | None:
        """Why no browser can be had here, in one sentence; None when one can."""
        ...

    def session(self, check_id: str, *, zone: str, alone: bool = False) -> BrowserSession:
        """A fresh session. zone: IANA time zone of the préfecture. alone: the document and nothing it names."""
        ...


class Ledger(Protocol):
    """The append-only record of observations."""

    def begin_sweep(self, started: datetime, plan: Mapping[str, Any]) -> int:
        """Open a sweep, proof against loss of power before its first request, and return its number."""
        ...

    def next_seq(self) -> int:
        """The sequence number the next observation gets; order is by it, never by wall clock."""
        ...

    def append(self, record: RecordLine, *, detail: str | None, bodies: Iterable[tuple[int, str, bytes]]) -> None:
        """Keep one observation and the bytes it names, in one committed transaction that survives kill -9.

        detail: what tells readings of one class apart. bodies: (index of the exchange, part, bytes).
        """
        ...

    def barrier(self, at: datetime) -> None:
        """Everything appended so far survives loss of power when this returns."""
        ...

    def end_sweep(self, number: int, finished: datetime, report: Mapping[str, Any]) -> None:
        """Close a sweep with what was done and skipped, and why."""
        ...
