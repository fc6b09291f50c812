"""One instant for tests that need any, and a loop whose time passes as soon as everybody waits."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")
AT = datetime(2026, 11, 23, 8, 14, 5, tzinfo=UTC)


class _Leap(selectors.SelectSelector):
    """Where a loop would wait for a timer, its time moves on instead."""

    leapt = 0.0

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            raise AssertionError("everybody waits, and nothing will happen")
        self.leapt += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop that begins at second 0 and never waits."""

    def __init__(self) -> None:
        self._leap = _Leap()
        super().__init__(self._leap)

    def time(self) -> float:
        return self._leap.leapt


def virtually(main: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run` on such a loop."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


@dataclass(slots=True)
class LoopClock:
    """Implements `monitor.core.ports.Clock` by the running loop's time. ahead: what somebody set the clock forward."""

    start: datetime = AT
    ahead: timedelta = timedelta(0)
    time_scale: float = 1.0

    def now(self) -> datetime:
        return self.start + self.ahead + timedelta(seconds=self.seconds())

    def seconds(self) -> float:
        try:
            return asyncio.get_running_loop().time()
        except RuntimeError:
            return 0.0

    def monotonic_ns(self) -> int:
        return 10**15 + round(self.seconds() * 1e9)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self.time_scale)

    async def sleep_since(self, mono_ns: int, seconds: float) -> None:
        left = seconds * self.time_scale - (self.monotonic_ns() - mono_ns) / 1e9
        await asyncio.sleep(max(left, 0.0))
