"""Who follows a sweep while it goes on, and how long it still takes: as long as the slowest of its hosts. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, MutableMapping, Sequence
from typing import Final, Literal, Protocol

from monitor.core.pace import Kind
from monitor.core.record import RecordLine
from monitor.sweep.plan import Look, Skipped

Stage = Literal["looks", "pictures", "second_looks", "walk", "seal"]
"""What a sweep is busy with, in that order."""

REQUESTS: Final[Mapping[Kind, float]] = {"calendar": 3.2, "request_form": 1.0, "notice": 1.4}
"""Requests a look takes, on average: all that is declared, played by the simulator on 2026-11-30."""

ANSWER: Final = 0.5  # seconds a site takes to answer, until the first answers of a host tell
ROBOTS: Final = 1.0  # requests a host costs beside its looks


class Follower(Protocol):
    """Told what happens, in the order in which it happens. Raises nothing: a sweep is sealed whoever follows it."""

    def begins(self, looks: Sequence[Look]) -> None:
        """These looks are about to be taken."""
        ...

    def kept(self, record: RecordLine) -> None:
        """An observation was kept."""
        ...

    def passed(self, skipped: Skipped) -> None:
        """A look was not taken after all."""
        ...

    def turns_to(self, stage: Stage) -> None:
        """The sweep goes on to something else."""
        ...


class Unheard:
    """Where nobody follows a sweep."""

    def begins(self, looks: Sequence[Look]) -> None:
        """See `Follower`."""

    def kept(self, record: RecordLine) -> None:
        """See `Follower`."""

    def passed(self, skipped: Skipped) -> None:
        """See `Follower`."""

    def turns_to(self, stage: Stage) -> None:
        """See `Follower`."""


class FirstOf(Unheard):
    """Tells another follower on, and keeps what was observed of some checks. keys: of them; into: by key."""

    def __init__(self, keys: Container[str], into: MutableMapping[str, RecordLine], other: Follower) -> None:
        self._keys, self._into, self._other = keys, into, other

    def kept(self, record: RecordLine) -> None:
        """See `Follower`."""
        if record["check"] in self._keys:
            self._into[record["check"]] = record
        self._other.kept(record)

    def passed(self, skipped: Skipped) -> None:
        """See `Follower`."""
        self._other.passed(skipped)


class Forecast:
    """How far a sweep is. spacing: seconds expected between an answer and the host's next request."""

    def __init__(self, looks: Iterable[Look], spacing: float) -> None:
        self._each = spacing + ANSWER
        self._open = {look.subject.key: look for look in looks}
        self._left: Counter[str] = Counter(look.host for look in self._open.values())
        self._all = Counter(self._left)
        self._work: dict[str, float] = {}
        for look in self._open.values():
            self._work[look.host] = self._work.get(look.host, ROBOTS) + REQUESTS[look.kind]
        self._whole = dict(self._work)
        self.due = len(self._open)

    @property
    def made(self) -> int:
        """Looks that are over, taken or passed over."""
        return self.due - len(self._open)

    def over(self, key: str) -> None:
        """A look is over; one that confirms an earlier one counts no second time."""
        look = self._open.pop(key, None)
        if look is None:
            return
        self._left[look.host] -= 1
        first = self._left[look.host] + 1 == self._all[look.host]
        self._work[look.host] -= REQUESTS[look.kind] + (ROBOTS if first else 0.0)

    def seconds_left(self, elapsed: float) -> float:
        """Until the last host is done. elapsed: seconds since the looks began: each host's own pace so far tells."""
        return max((self._of(host, elapsed) for host, looks in self._left.items() if looks), default=0.0)

    def _of(self, host: str, elapsed: float) -> float:
        work, done = self._work[host], self._whole[host] - self._work[host]
        if done <= ROBOTS:  # no look of it is over yet
            return max(self._whole[host] * self._each - elapsed, self._each)
        return work * elapsed / done
