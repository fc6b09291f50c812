"""Work that pages do not wait for: one thread, one connection, a bounded queue.

The answer to a request leaves first; what it asked for is looked up and written here, so that its time tells nothing. A
store that is held by a sweep makes this thread wait, and no page.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any, Final, Generic, TypeVar

from monitor.core.errors import LockedError, StoreError
from monitor.settings import logs
from monitor.values import dataclass

T = TypeVar("T")
R = TypeVar("R")

ROOM: Final = 1000
PATIENCE: Final = 120.0  # seconds for which work that the store refused is tried again
AGAIN: Final = 1.0


class CrowdedError(Exception):
    """The queue is full: nothing was taken."""


@dataclass(frozen=True, slots=True)
class _Errand:
    do: Callable[[Any], Any]
    done: Future[Any]


class Clerk(Generic[T]):
    """One thread. opening: its desk, entered in the thread with the first work and left at the end.

    pause: seconds for which it lets work gather, so that what one piece costs does not show in the next request.
    """

    def __init__(self, name: str, opening: Callable[[], AbstractContextManager[T]], *, pause: float = 0.0) -> None:
        self.name, self._opening, self._pause = name, opening, pause
        self._queue: queue.Queue[_Errand | None] = queue.Queue(ROOM)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._live, name=f"clerk-{name}", daemon=True)
        self._thread.start()

    def hand(self, do: Callable[[T], R]) -> Future[R]:
        """Take work; returns at once. Raises CrowdedError where a thousand pieces wait already."""
        work = _Errand(do, Future())
        try:
            self._queue.put_nowait(work)
        except queue.Full:
            raise CrowdedError from None
        return work.done

    @property
    def idle(self) -> bool:
        """Whether nothing waits; what is under way is not counted."""
        return self._queue.empty()

    @property
    def alive(self) -> bool:
        """Whether the thread works."""
        return self._thread.is_alive()

    def close(self, within: float = 5.0) -> None:
        """Do what waits, for so many seconds at most, and end."""
        self._stopped.set()
        try:
            self._queue.put(None, timeout=within)
        except queue.Full:
            return
        self._thread.join(within)

    def _live(self) -> None:
        first = self._queue.get()
        while first is not None:
            try:
                with self._opening() as desk:
                    self._serve(first, desk)
                return
            except (StoreError, LockedError) as error:  # the desk could not be opened
                logs.tell(logs.WARNING, "web_store", str(error), clerk=self.name)
                if self._stopped.wait(AGAIN):
                    return

    def _serve(self, first: _Errand, desk: T) -> None:
        work: _Errand | None = first
        while work is not None:
            if self._pause:
                self._stopped.wait(self._pause)
            for one in (work, *self._waiting()):
                if one is None:
                    return
                self._do(one, desk)
            work = self._queue.get()

    def _waiting(self) -> list[_Errand | None]:
        """What came meanwhile; nothing is gathered where there is no pause."""
        found: list[_Errand | None] = []
        while self._pause:
            try:
                found.append(self._queue.get_nowait())
            except queue.Empty:
                break
        return found

    def _do(self, work: _Errand, desk: T) -> None:
        """A store that refuses is asked again for a while; a bug ends the piece of work and is told by its class."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                work.done.set_result(work.do(desk))
                return
            except (StoreError, LockedError) as error:
                if time.monotonic() > until or self._stopped.wait(AGAIN):
                    logs.tell(logs.WARNING, "web_work_lost", str(error), clerk=self.name)
                    work.done.set_exception(error)
                    return
            except Exception as error:  # noqa: BLE001 - its own words may hold what somebody typed
                logs.tell(logs.WARNING, "web_bug", type(error).__name__, clerk=self.name, at=place(error))
                work.done.set_exception(error)
                return


def place(error: BaseException) -> str:
    """Where an exception was raised: file and line, none of its words."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
