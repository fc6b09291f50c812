"""Between which third parties' times the observations were written: pure, over rows of one authority and sweep each.

No bound mixes two authorities: a second one that is wrong, or is not what it says, narrows nothing the first attests.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from monitor.report.observed import Observed
from monitor.values import dataclass

GRACE: Final = timedelta(seconds=60)  # docs/FORMAT.md, section 4: a time outside by more is false
WIDTHS: Final = (timedelta(minutes=10), timedelta(hours=1), timedelta(days=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestedSpan:
    """What one authority attests of one sweep: written after `after` and before `before`, aware UTC.

    None: it attests nothing on that side. accuracy: as its tokens state it.
    """

    sweep: int
    after: datetime | None
    before: datetime | None
    authority: str
    accuracy: timedelta = timedelta()

    @property
    def width(self) -> timedelta | None:
        """How long the span is; None where a side is open, negative where the authority contradicts itself."""
        return None if self.after is None or self.before is None else self.before - self.after

    def holds(self, at: datetime) -> bool:
        """Whether an instant lies within, the accuracy and GRACE granted."""
        granted = self.accuracy + GRACE
        late = self.before is not None and at > self.before + granted
        return not late and (self.after is None or at >= self.after - granted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dating:
    """How well the observations are dated. total: of them; within: how many lie in a span no wider than each of
    WIDTHS; wider: in a wider one; open: attested on one side only; none: on neither. widest: of the sweeps bounded.

    outside: sequence numbers of those whose own time lies outside what an authority attests.
    """

    total: int
    within: Sequence[int]
    wider: int
    open: int
    none: int
    widest: AttestedSpan | None
    outside: Sequence[int]


def narrowest(spans: Iterable[AttestedSpan]) -> Mapping[int, AttestedSpan]:
    """By sweep, the span that says most: closed before open, then the narrower. A sweep nobody attests has none."""
    found: dict[int, AttestedSpan] = {}
    for span in spans:
        known = found.get(span.sweep)
        if (span.after or span.before) and (known is None or _order(span) < _order(known)):
            found[span.sweep] = span
    return found


def _order(span: AttestedSpan) -> tuple[bool, bool, timedelta]:
    width = span.width
    return width is None, span.before is None, timedelta() if width is None else abs(width)


def dating(seen: Sequence[Observed], spans: Iterable[AttestedSpan]) -> Dating:
    """Over observations, and what authorities attest of their sweeps."""
    every = tuple(spans)
    best = narrowest(every)
    by_sweep: dict[int, list[AttestedSpan]] = {}
    for span in every:
        by_sweep.setdefault(span.sweep, []).append(span)
    counted = Counter(_kind(best.get(one.sweep)) for one in seen)
    swept = {one.sweep for one in seen}
    closed = [span for number, span in best.items() if number in swept and span.width is not None]
    return Dating(
        total=len(seen),
        within=[sum(counted[i] for i in range(upto + 1)) for upto in range(len(WIDTHS))],
        wider=counted[len(WIDTHS)],
        open=counted[_OPEN],
        none=counted[_NONE],
        widest=max(closed, key=lambda span: span.width or timedelta(), default=None),
        outside=[one.seq for one in seen if not all(span.holds(one.started) for span in by_sweep.get(one.sweep, ()))],
    )


_OPEN, _NONE = -1, -2


def _kind(span: AttestedSpan | None) -> int:
    """Place of its width among WIDTHS, len(WIDTHS) beyond them."""
    if span is None:
        return _NONE
    if span.width is None:
        return _OPEN
    return next((i for i, width in enumerate(WIDTHS) if span.width <= width), len(WIDTHS))


def chained(
    stamps: Sequence[tuple[int, Mapping[str, datetime], Mapping[str, datetime]]], accuracy: Mapping[str, timedelta]
) -> list[AttestedSpan]:
    """The spans that time-stamps attest of sweeps that enclose each other, one row a sweep and authority.

    stamps: of each sweep in order, its number, the times it encloses (stamps over earlier sweeps: it was written after
    them) and those of its own stamps (it was written before them, and so were all sweeps before it), by authority.
    """
    names = sorted({name for _number, *both in stamps for times in both for name in times})
    out = []
    for name in names:
        after: datetime | None = None
        lower = []
        for _number, enclosed, _own in stamps:
            after = max(filter(None, (after, enclosed.get(name))), default=None)
            lower.append(after)
        before: datetime | None = None
        upper = []
        for (_number, _enclosed, own), follower in zip(reversed(stamps), [None, *reversed(stamps)], strict=False):
            told = (before, own.get(name), follower[1].get(name) if follower else None)
            before = min(filter(None, told), default=None)
            upper.append(before)
        for (number, _enclosed, _own), low, high in zip(stamps, lower, reversed(upper), strict=True):
            if low or high:
                span = AttestedSpan(
                    sweep=number, after=low, before=high, authority=name, accuracy=accuracy.get(name, timedelta())
                )
                out.append(span)
    return sorted(out, key=lambda span: (span.sweep, span.authority))
