"""The hours of a week as a table that is its own drawing: a figure in each cell, and under it of how many looks. Pure.

At what hours slots appear is told only where it is no chance and no signal: of a desk looked at through 13 weeks, with
eight openings seen, in cells of thirty looks. Else the cells, of four hours, tell in how many looks the site could be
read, whatever it said, and nothing from which an opening could be reckoned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from markupsafe import Markup

from monitor.site.counts import FEWEST, NOTHING, Counts, summed
from monitor.site.model import WEEKS, DeskView, Openings
from monitor.values import dataclass

EPISODES: Final = 8
CELL: Final = 30  # looks
BLOCK: Final = 4  # hours
SHADES: Final = 5
Told = Literal["slot", "read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """What the table shows. told: the share of looks in which a slot was shown, or in which the site was read.

    rows: (first hour, hours, the seven days' counts). fewest: looks under which a cell says nothing.
    """

    told: Told
    rows: Sequence[tuple[int, int, Sequence[Counts]]]
    fewest: int

    @property
    def looks(self) -> int:
        """All looks in it."""
        return sum(counts.looks for _hour, _hours, days in self.rows for counts in days)

    def shown(self, counts: Counts) -> int | None:
        """The whole per cent of a cell; None where there are too few looks to say."""
        if counts.looks < self.fewest:
            return None
        number = counts.slot if self.told == "slot" else counts.read
        share = 100 * number / counts.looks
        return round(share) if number in (0, counts.looks) else min(max(round(share), 1), 99)


def heat(desk: DeskView, openings: Openings) -> Heat:
    """The hours of a desk, as finely as may be told."""
    may = openings != "none" and desk.weeks >= WEEKS and desk.episodes >= EPISODES
    step = 1 if may and openings == "hours" else BLOCK
    return Heat(
        told="slot" if may else "read",
        rows=[(hour, step, [_cell(desk.week, day, hour, step) for day in range(7)]) for hour in range(0, 24, step)],
        fewest=CELL if may else FEWEST,
    )


def _cell(week: Mapping[tuple[int, int], Counts], day: int, hour: int, hours: int) -> Counts:
    return summed(week.get((day, hour + n), NOTHING) for n in range(hours))


def heat_rows(shown: Heat) -> Markup:
    """The rows of its table: a row a time of day, a cell a weekday. End tags that HTML lets out are left out."""
    out = []
    for hour, hours, days in shown.rows:
        name = f"{hour}" if hours == 1 else f"{hour}–{hour + hours}"
        out.append(f"<tr><th scope=row>{name}{''.join(_drawn(shown, counts) for counts in days)}")
    return Markup("\n".join(out))  # noqa: S704 - numbers alone


def _drawn(shown: Heat, counts: Counts) -> str:
    if not counts.looks:
        return "<td class=hn>"
    share = shown.shown(counts)
    if share is None:
        return f"<td>–<i>{counts.looks}</i>"
    shade = 0 if not share else 1 + min(share * (SHADES - 1) // 100, SHADES - 2) if share < 100 else SHADES
    return f"<td class={shown.told[0]}{shade}>{share}<i>{counts.looks}</i>"
