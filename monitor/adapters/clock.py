"""The machine's clocks. In a simulation waits are shortened and nothing else: instants stay true."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class SystemClock:
    """Implements `monitor.ports.Clock`. time_scale: real seconds a second of waiting takes (1 outside simulations)."""

    time_scale: float = 1.0

    def now(self) -> datetime:
        """Aware UTC instant."""
        return datetime.now(UTC)

    def monotonic_ns(self) -> int:
        """Monotonic nanoseconds: order and measure, never date."""
        return time.monotonic_ns()

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds`, shortened by the scale."""
        import asyncio

        await asyncio.sleep(seconds * self.time_scale)

    async def sleep_since(self, mono_ns: int, seconds: float) -> None:
        """Wait until at least `seconds` (shortened by the scale) have passed since a monotonic instant."""
        import asyncio

        until = mono_ns + round(seconds * self.time_scale * 1e9)
        while (left := until - time.monotonic_ns()) > 0:  # noqa: ASYNC110 - a timer may fire early; time is the event
            await asyncio.sleep(left / 1e9)
