"""The simulator's time: a wall clock that can be frozen or moved, and durations that can be shortened."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """scale: real seconds per virtual second (0.02: a virtual minute lasts 1.2 s). Dates are not scaled."""

    def __init__(self, scale: float = 1.0, date: datetime | None = None) -> None:
        if scale <= 0:
            raise ValueError("time scale must be positive")
        self.scale = scale
        self._frozen = date
        self._offset = timedelta(0)
        self._skipped = 0.0
        self._origin = time.monotonic()

    def elapsed(self) -> float:
        """Virtual seconds since start (or `restart`), with what `advance` skipped."""
        return (time.monotonic() - self._origin) / self.scale + self._skipped

    def now(self) -> datetime:
        """Aware UTC instant the server believes in: `Date` headers, dates on pages, `Retry-After` dates."""
        return (self._frozen or datetime.now(UTC)) + self._offset

    def freeze(self, at: datetime | None) -> None:
        """Stop the wall clock at an aware instant; None lets it run again."""
        self._frozen, self._offset = at, timedelta(0)

    def advance(self, seconds: float) -> None:
        """Move both clocks forward, in virtual seconds."""
        self._offset += timedelta(seconds=seconds)
        self._skipped += seconds

    def restart(self) -> None:
        """Put `elapsed` back to zero."""
        self._origin, self._skipped = time.monotonic(), 0.0
