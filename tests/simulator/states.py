"""What an address shows: a state with its parameters, and a plan that changes it by visits or by time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl


class ScriptError(ValueError):
    """A script or a control request names something the simulator does not know."""


@dataclass(frozen=True, slots=True)
class State:
    """One state of one address: `no_slot`, `503?retry_after=120`, `slots?calendar=14806&first=2026-12-01`.

    Any state takes `at`: it then bites only at that step of a visit, the default state showing at the others.
    """

    name: str
    params: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> State:
        """`name` or `name?key=value&key=value`."""
        name, _, rest = text.partition("?")
        return cls(name, dict(parse_qsl(rest, keep_blank_values=True)))

    def bites(self, step: str | None) -> bool:
        """True where the state holds at this step of a visit."""
        return self.params.get("at") in (None, step)

    def number(self, key: str, default: float) -> float:
        """A numeric parameter."""
        return float(self.params.get(key, default))

    def __str__(self) -> str:
        return self.name + ("?" + "&".join(f"{k}={v}" for k, v in self.params.items()) if self.params else "")


@dataclass(slots=True)
class Plan:
    """How an address changes: `states` (state, number of visits), the last one staying; or `timeline`
    (virtual second, state) in order of time, which then rules alone."""

    states: Sequence[tuple[State, int]] = ()
    timeline: Sequence[tuple[float, State]] = ()
    visits: int = 0

    def all_states(self) -> tuple[State, ...]:
        """Every state it names."""
        return (*(s for s, _ in self.states), *(s for _, s in self.timeline))

    def visit(self, elapsed: float) -> State:
        """The state a new visit meets."""
        self.visits += 1
        return self.current(elapsed)

    def current(self, elapsed: float) -> State:
        """The state as it stands, without counting a visit."""
        if self.timeline:
            return next((s for at, s in reversed(self.timeline) if at <= elapsed), self.timeline[0][1])
        left = max(self.visits, 1)
        for state, count in self.states:
            if left <= count:
                return state
            left -= count
        return self.states[-1][0]


def plan_from(data: Mapping[str, Any]) -> Plan | None:
    """A plan out of a script entry's `state`, `states` or `timeline`; None where it has none.

    Raises ScriptError when more than one is given or one is empty.
    """
    given = [key for key in ("state", "states", "timeline") if key in data]
    if not given:
        return None
    if len(given) > 1:
        raise ScriptError(f"one of state, states, timeline, not {', '.join(given)}")
    value = data[given[0]]
    if given == ["state"]:
        return Plan(states=((State.parse(str(value)), 1),))
    if not value:
        raise ScriptError(f"{given[0]} is empty")
    if given == ["states"]:
        pairs = [(item, 1) if isinstance(item, str) else item for item in value]
        return Plan(states=tuple((State.parse(name), int(count)) for name, count in pairs))
    return Plan(timeline=tuple(sorted(((float(at), State.parse(name)) for at, name in value), key=lambda p: p[0])))
