"""What time-stamps prove of dates: between which of them each sweep was written, and whether what it says fits. Pure.

A sweep encloses the stamps of the one before, so it was written after them; its own stamp, or one over a later sweep,
came after it. docs/FORMAT.md, 4.5 and 4.6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from gettext import gettext as _
from itertools import combinations
from typing import TYPE_CHECKING

from monitor.evidence.rules.findings import Bound, Bounds, Code, Report, runs, sweep_names

if TYPE_CHECKING:
    from monitor.evidence.rules.sweep import ReadSweep

LEEWAY = timedelta(seconds=60)  # two clocks that are well kept
APART = timedelta(minutes=10)  # two authorities over one sweep
WIDE = timedelta(hours=25)


def bounds_of(sweeps: Sequence[ReadSweep]) -> list[Bounds]:
    """One for each sweep, in order: they are chained, so one without a stamp lies between its neighbours' bounds."""
    out: list[Bounds] = []
    after: Bound | None = None
    for sweep in sweeps:
        after = max([*sweep.enclosed.values(), *([after] if after else [])], key=_at, default=None)
        out.append(Bounds(number=sweep.number, after=after, before=None))
    before: Bound | None = None
    for bounds, sweep in zip(reversed(out), reversed(sweeps), strict=True):
        before = min([*sweep.stamps.values(), *([before] if before else [])], key=_at, default=None)
        bounds.before = before
    return out


def _at(bound: Bound) -> datetime:
    return bound.at


def within(bounds: Bounds, instants: Iterable[datetime]) -> bool:
    """Whether all of these lie inside, give or take a minute and what the authority states of itself."""
    after, before = bounds.after, bounds.before
    return all(
        (after is None or at >= after.at - after.accuracy - LEEWAY)
        and (before is None or at <= before.at + before.accuracy + LEEWAY)
        for at in instants
    )


def report_bounds(sweeps: Sequence[ReadSweep], report: Report) -> None:
    """Once every record was read: what is false of the dates, and what stays open, with how many observations."""
    pairs = [*zip(sweeps, report.sweeps, strict=True)]
    told = {sweep.number: sweep for sweep in sweeps}

    def tell(code: Code, which: Callable[[ReadSweep, Bounds], bool], *, failed: bool = False, why: str = "") -> None:
        for first, last in runs(sweep.number for sweep, bounds in pairs if which(sweep, bounds)):
            among = [told[n] for n in range(first, last + 1)]
            detail = "; ".join(filter(None, (why, _observations(among, outside=code == "date"))))
            (report.fail if failed else report.reserve)(code, sweep_names(first, last), detail)

    tell("date", lambda s, b: s.version != 1 and _outside(s, b), failed=True)
    tell("date", lambda s, b: s.version == 1 and _outside(s, b))
    tell("unstamped", lambda s, b: b.before is None)
    tell("bounds", lambda s, b: b.after is None, why=_("nothing bounds it below"))
    tell("bounds", lambda s, b: _width(b) > WIDE, why=_("wider than 25 hours"))
    tell("bounds", lambda s, b: bool(s.stamps) and not _timely(s), why=_("a time-stamp came more than 10 minutes late"))
    tell("clocks", lambda s, b: _apart(s), why=_("more than 10 minutes apart"))
    tell("clocks", lambda s, b: _contradict(b), why=_("they contradict the order of the sweeps"))


def _outside(sweep: ReadSweep, bounds: Bounds) -> bool:
    """The sweep, or an observation of it."""
    return bool(sweep.outside) or not within(bounds, sweep.span)


def _width(bounds: Bounds) -> timedelta:
    return bounds.before.at - bounds.after.at if bounds.before and bounds.after else timedelta()


def _apart(sweep: ReadSweep) -> bool:
    """Two authorities, neither late, stamped one sweep at times that are too far apart."""
    return any(abs(one.at - other.at) > APART for one, other in combinations(_timely(sweep), 2))


def _timely(sweep: ReadSweep) -> list[Bound]:
    """The stamps of a sweep that nobody declared late: one of them bounds it, whatever came after."""
    return [stamp for name, stamp in sweep.stamps.items() if name not in sweep.late]


def _contradict(bounds: Bounds) -> bool:
    """The stamp of one authority enclosed in a sweep is later than another's over it; of one alone that is `order`."""
    after, before = bounds.after, bounds.before
    return bool(after and before and after.at > before.at and after.authority != before.authority)


def _observations(sweeps: Sequence[ReadSweep], *, outside: bool) -> str:
    number = sum(sweep.outside if outside else sweep.records for sweep in sweeps)
    return _("observations: {number}").format(number=number)
