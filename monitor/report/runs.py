"""The list of a long relevé: consecutive equal readings of a check are one row, or a year would print 26,000."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from monitor.paper.document import NumberedEntry
from monitor.paper.french import NBSP, number, stamp
from monitor.report.observed import Observed
from monitor.values import dataclass

BEYOND: Final = 2_000  # observations; up to these each has its row
TOGETHER: Final = (
    "{n} observations de suite de cette démarche, de même lecture : la première et la dernière sont datées ici ; "
    "toutes le sont dans observations.csv, avec leurs empreintes."
)


@dataclass(slots=True)
class ReadingRun:
    """Observations of one check that follow each other and say the same. first, last: of them, in order."""

    first: Observed
    last: Observed
    count: int = 1


def runs(seen: Iterable[Observed], *, beyond: int = BEYOND) -> Sequence[ReadingRun]:
    """By the number of their first. Up to `beyond` observations, each alone.

    What is printed of each must be the same: the reading, the site's words, the page, the first day, a remark. An
    opening is never joined: each is shown with its own proof.
    """
    seen = [*seen]
    if len(seen) <= beyond:
        return [ReadingRun(one, one) for one in seen]
    out: list[ReadingRun] = []
    open_: dict[str, ReadingRun] = {}
    for one in seen:
        run = open_.get(one.subject)
        if run is not None and one.reading != "SlotsOpen" and _printed(run.last) == _printed(one):
            run.last, run.count = one, run.count + 1
        else:
            open_[one.subject] = ReadingRun(one, one)
            out.append(open_[one.subject])
    return out


def _printed(one: Observed) -> tuple[object, ...]:
    return one.said, one.seen, one.first_day, one.label, one.url, one.read_url, one.simulated, one.remark


def joined(entry: NumberedEntry, run: ReadingRun, zone: ZoneInfo) -> NumberedEntry:
    """The row of a run, from that of its first observation."""
    if run.count == 1:
        return entry
    return replace(
        entry,
        when=[*entry.when, f"jusqu'au n°{NBSP}{run.last.seq} :", *stamp(run.last.started, zone)],
        notes=[TOGETHER.format(n=number(run.count)), *entry.notes],
    )
