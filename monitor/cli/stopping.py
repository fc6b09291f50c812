"""SIGTERM and SIGINT: what is under way is abandoned, what is finished is kept, nothing new is begun."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any


class Stop:
    """The signals of one process, from the moment this is made inside its event loop.

    number: of the first signal that came, 0 before. The first cancels what runs; more of them interrupt no clean-up.
    """

    def __init__(self) -> None:
        self.number = 0
        self._running: asyncio.Task[None] | None = None
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._came, int(number))

    async def until(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do the work to its end or to a signal; nothing where one came already. Raises what the work raises."""
        if self.number:
            return
        self._running = asyncio.ensure_future(work())
        try:
            await self._running
        except asyncio.CancelledError:
            if not self.number:
                raise
        finally:
            self._running = None

    def _came(self, number: int) -> None:
        if self.number:
            return
        self.number = number
        if self._running is not None:
            self._running.cancel()


def stop_on_signals(task: asyncio.Task[Any]) -> list[int]:
    """SIGTERM and SIGINT cancel the task. Returns the list in which the signals that came stand."""
    came: list[int] = []

    def stop(number: int) -> None:
        came.append(number)
        task.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop, int(number))
    return came
