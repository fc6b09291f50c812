"""How observations stand in the store: instants as microseconds, and the rows read back."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from monitor.values import dataclass

DAY_US: Final = 86_400_000_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WINDOW: Final = -14  # raw deflate, 16 kB: room for a line of some ten exchanges and its base


def micros(at: datetime) -> int:
    """Microseconds since 1970 UTC of an aware instant. Raises TypeError on a naive one."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def instant(us: int) -> datetime:
    """The aware UTC instant of `micros`."""
    return _EPOCH + timedelta(microseconds=us)


def inflate(stored: bytes, base: bytes) -> bytes:
    """A line that an earlier schema kept as its difference from another. Raises zlib.error on damage and a cut line."""
    opener = zlib.decompressobj(_WINDOW, base)
    line = opener.decompress(stored) + opener.flush()
    if not opener.eof:  # zlib gives what it has so far, without a word
        raise zlib.error("cut short")
    return line


@dataclass(frozen=True, slots=True)
class Row:
    """One observation as it stands in the store.

    line: the canonical record line, without line end. subject: `95/slug`. started: aware UTC. damaged: declared so, and
    never counted.
    """

    seq: int
    subject: str
    sweep: int
    started: datetime
    reading: str
    detail: str | None
    simulated: bool
    damaged: bool
    line: bytes


@dataclass(frozen=True, slots=True)
class LastReading:
    """The last counted observation of a subject, and the instant its unbroken run of that reading began (aware UTC)."""

    row: Row
    since: datetime


@dataclass(frozen=True, slots=True)
class Sweep:
    """One sweep: its observations are `first_seq` .. `end_seq` - 1. Without `finished` it died, or still runs."""

    number: int
    started: datetime
    finished: datetime | None
    plan: dict[str, Any]
    report: dict[str, Any] | None
    first_seq: int
    end_seq: int


@dataclass(frozen=True, slots=True)
class SweepEnd:
    """A sweep without its plan, which is most of its bytes. Instants aware UTC; `finished` as in `Sweep`."""

    number: int
    started: datetime
    finished: datetime | None
    report: dict[str, Any] | None
