"""Between which times of third parties a sweep was written: each authority for itself, and shares with what is open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.record import canonical
from monitor.report.export.bounds import AttestedSpan, chained, dating, narrowest
from monitor.report.observed import Observed, observed
from tests.support.records import record

T = datetime(2026, 3, 2, 8, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def seen(sweep: int, at: datetime = T, seq: int | None = None) -> Observed:
    return observed(canonical(record(sweep if seq is None else seq, sweep=sweep, at=at)))


def span(sweep: int, after: datetime | None, before: datetime | None, authority: str = "a") -> AttestedSpan:
    return AttestedSpan(sweep=sweep, after=after, before=before, authority=authority)


def test_a_sweep_lies_between_the_stamp_it_encloses_and_its_own() -> None:
    stamps = [(1, {}, {"a": T}), (2, {"a": T}, {"a": T + HOUR}), (3, {"a": T + HOUR}, {})]
    assert chained(stamps, {}) == [span(1, None, T), span(2, T, T + HOUR), span(3, T + HOUR, None)]


def test_a_sweep_without_a_stamp_lies_between_its_neighbours_stamps() -> None:
    stamps = [(1, {}, {"a": T}), (2, {"a": T}, {}), (3, {}, {"a": T + DAY})]
    assert chained(stamps, {})[1] == span(2, T, T + DAY)


def test_a_late_stamp_bounds_nothing_from_below() -> None:
    """Made after the next sweep was sealed, it is not enclosed there: that sweep may be older than it."""
    stamps = [(1, {}, {"a": T + DAY}), (2, {}, {"a": T + HOUR})]
    assert chained(stamps, {}) == [span(1, None, T + HOUR), span(2, None, T + HOUR)]


def test_a_second_authority_narrows_nothing_of_the_first() -> None:
    """An authority of the operator's own stamps in September, a real one in March: two rows, never one span."""
    early = T - 180 * DAY
    stamps = [(1, {}, {"own": early}), (2, {"own": early}, {"own": early + HOUR, "real": T})]
    rows = chained(stamps, {})
    assert [row for row in rows if row.authority == "real"] == [
        span(1, None, T, "real"), span(2, None, T, "real"),
    ]  # fmt: skip
    told = dating([seen(2, T - MINUTE, seq=7)], rows)
    assert told.outside == [7], "its own authority says September"


@pytest.mark.parametrize(
    ("width", "within", "wider"),
    [(10 * MINUTE, [1, 1, 1], 0), (11 * MINUTE, [0, 1, 1], 0), (2 * HOUR, [0, 0, 1], 0), (2 * DAY, [0, 0, 0], 1)],
)
def test_observations_are_counted_by_the_width_of_their_span(width: timedelta, within: list[int], wider: int) -> None:
    told = dating([seen(1)], [span(1, T - MINUTE, T - MINUTE + width)])
    assert (told.within, told.wider, told.open, told.none) == (within, wider, 0, 0)
    assert told.widest is not None
    assert told.widest.width == width


def test_one_side_is_not_a_span_and_nothing_is_nothing() -> None:
    told = dating([seen(1), seen(2)], [span(1, None, T + MINUTE), span(3, T, T + DAY)])
    assert (told.within, told.open, told.none, told.widest) == ([0, 0, 0], 1, 1, None)


@pytest.mark.parametrize(("away", "outside"), [(-121, [1]), (-119, []), (119, []), (121, [1])])
def test_a_time_outside_the_span_by_more_than_a_minute_and_the_accuracy_is_named(away: int, outside: list[int]) -> None:
    one = AttestedSpan(sweep=1, after=T, before=T, authority="a", accuracy=MINUTE)
    assert dating([seen(1, T + timedelta(seconds=away))], [one]).outside == outside


TIMES = st.none() | st.integers(0, 10_000).map(lambda minutes: T + minutes * MINUTE)


@given(st.lists(st.tuples(st.integers(1, 5), TIMES, TIMES, st.sampled_from("ab")), max_size=12))
def test_every_observation_is_counted_once(rows: list[tuple[int, datetime | None, datetime | None, str]]) -> None:
    spans = [span(*row) for row in rows]
    told = dating([seen(number) for number in range(1, 6)], spans)
    assert told.within == sorted(told.within)
    assert told.within[-1] + told.wider + told.open + told.none == told.total == 5
    for number, best in narrowest(spans).items():
        closed = [abs(one.width) for one in spans if one.sweep == number and one.width is not None]
        assert best.width is None if not closed else abs(best.width or timedelta()) == min(closed)
