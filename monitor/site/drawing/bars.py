"""A row of days as bars, one a day, five states apart by colour and by height. Pure.

Beside it stands the same as a table: runs of days of one state, with the sum of their looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Final

from markupsafe import Markup

from monitor.site.counts import STATES, Counts, State, summed
from monitor.values import dataclass

HEIGHTS: Final[Mapping[State, int]] = {"slot": 40, "none": 28, "other": 20, "unread": 12, "nobody": 40}
STEP, WIDE, HIGH = 4, 3, 40
_HATCH: Final = "m-1.5 0l3-8m-3-2l3-8m-3-2l3-8m-3-2l3-8m-1.5 38"  # and back to where it began

Day = tuple[date, Counts]


@dataclass(frozen=True, slots=True)
class StateRun:
    """Days in a row of one state. first, last: included; days: how many."""

    state: State
    first: date
    last: date
    days: int
    counts: Counts


def runs(days: Sequence[Day]) -> Iterator[StateRun]:
    """The table of the bars, oldest first."""
    for state, group in groupby(days, lambda day: day[1].state):
        found = list(group)
        yield StateRun(state, found[0][0], found[-1][0], len(found), summed(counts for _day, counts in found))


def bars(days: Sequence[Day], label: str) -> Markup:
    """One path a state, each bar a stroke. label: what the drawing says, in words."""
    paths: dict[State, list[str]] = {}
    last: dict[State, int] = {}
    for n, (_day, counts) in enumerate(days):
        state = counts.state
        ahead = n - last.get(state, n)
        start = f"m{ahead * STEP} 0" if state in paths else f"M{n * STEP + WIDE / 2} {HIGH}"
        paths.setdefault(state, []).append(
            start + (_HATCH if state == "nobody" else f"v-{HEIGHTS[state]}v{HEIGHTS[state]}")
        )
        last[state] = n
    wide = len(days) * STEP - (STEP - WIDE)
    return _svg("bars", wide, HIGH, label, paths)


def _svg(kind: str, wide: int, high: int, label: str, paths: Mapping[State, Sequence[str]]) -> Markup:
    drawn = Markup("").join(
        Markup('<path class="{}" d="{}"/>').format(f"s-{state}", "".join(paths[state]))
        for state in STATES
        if paths.get(state)
    )
    return Markup(
        '<svg class="{}" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
    ).format(kind, wide, high, label, drawn)


def stacked(columns: Sequence[Counts], label: str) -> Markup:
    """A column a time, the four numbers as shares of its looks, one over the other; hatched where nobody looked."""
    paths: dict[State, list[str]] = {state: [] for state in STATES}
    order: tuple[tuple[State, int], ...] = (("none", 0), ("slot", 1), ("other", 2), ("unread", 3))
    for n, counts in enumerate(columns):
        if not counts.looks:
            paths["nobody"].append(f"M{n * STEP} 100" + "".join("m-3-2l3-8" if k else "l3-8" for k in range(10)))
            continue
        below = 0
        for state, index in order:
            above = below + counts[index]
            low, high = 100 - round(100 * below / counts.looks), 100 - round(100 * above / counts.looks)
            if low != high:
                paths[state].append(f"M{n * STEP} {low}h{WIDE}V{high}h-{WIDE}z")
            below = above
    return _svg("stack", max(len(columns) * STEP - (STEP - WIDE), WIDE), 100, label, paths)
