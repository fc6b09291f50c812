"""What politeness remembers of hosts between two runs, whoever keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsCopy:
    """A robots.txt as it was answered. status: of its last answer. body: decoded. Instants are aware UTC."""

    status: int
    body: bytes
    fetched: datetime
    expires: datetime


class Memory(Protocol):
    """Kept across runs. Hosts are lower-case names; origins are `https://host`."""

    def host_state(self, host: str) -> Mapping[str, Any] | None:
        """`HostState.to_dict()` as last kept."""
        ...

    def set_host_states(self, states: Mapping[str, Mapping[str, Any]]) -> None:
        """Replace those of some hosts."""
        ...

    def robots(self, origin: str) -> RobotsCopy | None:
        """The copy of an origin's robots.txt, expired or not."""
        ...

    def set_robots(self, origin: str, copy: RobotsCopy) -> None:
        """Replace it."""
        ...


class ShortMemory:
    """Remembers while the process lives: for a look that keeps no data."""

    def __init__(self) -> None:
        self._states: dict[str, Mapping[str, Any]] = {}
        self._robots: dict[str, RobotsCopy] = {}

    def host_state(self, host: str) -> Mapping[str, Any] | None:
        """See `Memory`."""
        return self._states.get(host)

    def set_host_states(self, states: Mapping[str, Mapping[str, Any]]) -> None:
        """See `Memory`."""
        self._states |= states

    def robots(self, origin: str) -> RobotsCopy | None:
        """See `Memory`."""
        return self._robots.get(origin)

    def set_robots(self, origin: str, copy: RobotsCopy) -> None:
        """See `Memory`."""
        self._robots[origin] = copy
