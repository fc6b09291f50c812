"""Intervals, spacing, and what refusals cost. Every instant is an argument."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.pace import (
    CONFIRM_AFTER,
    FLOOR,
    HostState,
    Kind,
    after_answer,
    due,
    is_refusal,
    left_alone,
    may_visit,
    parse_retry_after,
    spacing,
)

T0 = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("kind", "jitter", "after"),
    [
        ("calendar", 0, 20 * MINUTE),
        ("calendar", -1, 16 * MINUTE),
        ("calendar", 1, 24 * MINUTE),
        ("request_form", 0, timedelta(hours=24)),
        ("notice", 0.5, timedelta(hours=26.4)),
    ],
)
def test_intervals(kind: Kind, jitter: float, after: timedelta) -> None:
    assert due(T0, kind, jitter) == T0 + after


def test_no_setting_goes_under_the_floor() -> None:
    assert due(T0, "calendar", -1, interval=timedelta(seconds=5)) == T0 + FLOOR
    assert due(T0, "calendar", 0, interval=timedelta(hours=1)) == T0 + timedelta(hours=1)
    assert due(T0, "calendar", 0, scale=0.02) == T0 + timedelta(seconds=24)


@pytest.mark.parametrize("jitter", [-1.01, 1.01, float("nan")])
def test_jitter_out_of_range(jitter: float) -> None:
    with pytest.raises(ValueError, match="jitter"):
        due(T0, "calendar", jitter)


def test_the_floor_and_its_one_exception() -> None:
    assert may_visit(None, T0)
    assert not may_visit(T0, T0 + FLOOR - MINUTE / 60)
    assert may_visit(T0, T0 + FLOOR)
    assert not may_visit(T0, T0 + CONFIRM_AFTER - MINUTE / 60, confirming=True)
    assert may_visit(T0, T0 + CONFIRM_AFTER, confirming=True)


@pytest.mark.parametrize(
    ("chance", "contact", "crawl_delay", "seconds"),
    [
        (0, True, 0, 1.0),
        (1, True, 0, 1.25),
        (0, False, 0, 2.0),
        (1, False, 0, 2.5),
        (1, True, 10, 10),
        (1, True, 0.2, 1.25),
    ],
)
def test_spacing(chance: float, contact: bool, crawl_delay: float, seconds: float) -> None:
    assert spacing(chance, contact=contact, crawl_delay=crawl_delay) == pytest.approx(seconds)


def test_the_operator_may_slow_the_pace_and_not_speed_it_up() -> None:
    assert spacing(0, contact=True, least=3) == 3
    assert spacing(0, contact=True, least=0.1) == 1


def test_an_absurd_crawl_delay_is_the_floor_between_two_visits() -> None:
    assert spacing(0, contact=True, crawl_delay=86400) == FLOOR.total_seconds()


@given(st.floats(0, 1), st.booleans(), st.floats(0, 1e6))
def test_never_under_a_second(chance: float, contact: bool, crawl_delay: float) -> None:
    assert spacing(chance, contact=contact, crawl_delay=crawl_delay) >= 1.0


# --- refusals -------------------------------------------------------------------------------------


def test_which_answers_refuse() -> None:
    assert [status for status in range(100, 600) if is_refusal(status)] == [403, 429, 502, 503, 504]


def refused(times: int, *, at: datetime = T0, state: HostState | None = None) -> HostState:
    state = state or HostState()
    for _ in range(times):
        state = after_answer(state, 503, at)
    return state


def test_the_delay_doubles_from_ten_minutes_to_six_hours() -> None:
    delays = [(refused(n).not_before or T0) - T0 for n in range(1, 9)]
    assert [d // MINUTE for d in delays] == [10, 20, 40, 80, 160, 320, 360, 360]
    assert refused(5000).not_before == T0 + timedelta(hours=6)


def test_a_sweep_goes_on_until_the_third_refusal_in_a_row() -> None:
    began = T0 - MINUTE
    assert left_alone(refused(2), T0, sweep_began=began) is None
    assert "3 refusals" in str(left_alone(refused(3), T0, sweep_began=began))


def test_a_refusal_of_which_no_delay_is_known_closes_nothing() -> None:
    """As an earlier version, or a hand, may have written it."""
    for state in (HostState(refusals=3, last_refusal=T0), HostState(refusals=3, not_before=T0 + MINUTE)):
        assert left_alone(state, T0, sweep_began=T0 + MINUTE) is None


def test_the_next_sweep_respects_the_delay_of_a_single_refusal() -> None:
    state = refused(1)
    assert left_alone(state, T0 + 9 * MINUTE, sweep_began=T0 + 9 * MINUTE)
    assert left_alone(state, T0 + 10 * MINUTE, sweep_began=T0 + 10 * MINUTE) is None


def test_after_three_one_try_at_the_end_of_the_delay() -> None:
    state, later = refused(3), T0 + 41 * MINUTE
    assert left_alone(state, T0 + 39 * MINUTE, sweep_began=T0 + 39 * MINUTE)
    assert left_alone(state, later, sweep_began=later) is None
    again = after_answer(state, 429, later)
    assert left_alone(again, later, sweep_began=later), "one more refusal closes it at once"
    assert again.not_before == later + 80 * MINUTE
    assert left_alone(after_answer(state, 200, later), later, sweep_began=later) is None


@pytest.mark.parametrize("status", [200, 204, 404, 410, 418])
def test_a_page_forgets(status: int) -> None:
    assert after_answer(refused(2), status, T0) == HostState(last_answer=T0)


@pytest.mark.parametrize(
    ("status", "final"), [(302, True), (500, True), (501, True), (None, True), (200, False), (404, False)]
)
def test_what_neither_refuses_nor_forgets(status: int | None, final: bool) -> None:
    state = after_answer(refused(2), status, T0 + MINUTE, final=final)
    assert (state.refusals, state.not_before, state.last_answer) == (2, T0 + 20 * MINUTE, T0 + MINUTE)


def test_retry_after_holds_at_once_and_lengthens_the_delay() -> None:
    state = after_answer(HostState(), 429, T0, retry_after="3600")
    assert "Retry-After" in str(left_alone(state, T0 + 59 * MINUTE, sweep_began=T0 - MINUTE))
    assert state.not_before == T0 + 60 * MINUTE
    short = after_answer(HostState(), 503, T0, retry_after="30")
    assert short.not_before == T0 + 10 * MINUTE
    assert left_alone(short, T0 + MINUTE, sweep_began=T0 - MINUTE) is None


def test_retry_after_of_a_maintenance_page_is_obeyed_without_being_a_refusal() -> None:
    state = after_answer(HostState(), 500, T0, retry_after="120")
    assert state.refusals == 0
    assert left_alone(state, T0 + MINUTE, sweep_began=T0)
    assert after_answer(HostState(), 200, T0, retry_after="120").retry_at is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("999999", 86400),
        ("9" * 400, 86400),
        (format_datetime(T0 + 5 * MINUTE, usegmt=True), 300),
        ("Sat, 21 Nov 2026 12:02:00 GMT", 120),
        ("Saturday, 21-Nov-26 12:02:00 GMT", 120),
        ("Sat Nov 21 12:02:00 2026", 120),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400),
    ],
)
def test_retry_after_says(value: str, seconds: int) -> None:
    assert parse_retry_after(value, T0) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value", ["", "0", "-5", "1.5", "soon", "٣", "Sat, 21 Nov 2026 11:59:00 GMT", "Sat, 99 Foo 2026"]
)
def test_retry_after_garbage_is_ignored(value: str) -> None:
    assert parse_retry_after(value, T0) is None


@given(st.text())
def test_retry_after_is_total(value: str) -> None:
    wait = parse_retry_after(value, T0)
    assert wait is None or timedelta(0) < wait <= timedelta(days=1)


INSTANTS = st.none() | st.datetimes(timezones=st.just(UTC))


@given(
    st.builds(
        HostState,
        refusals=st.integers(0, 99),
        last_refusal=INSTANTS,
        not_before=INSTANTS,
        retry_at=INSTANTS,
        last_answer=INSTANTS,
    )
)
def test_the_state_survives_being_kept(state: HostState) -> None:
    kept = state.to_dict()
    assert all(isinstance(value, int | str) for value in kept.values())
    assert HostState.from_dict(kept) == state


@given(
    st.lists(st.tuples(st.sampled_from([200, 302, 403, 404, 429, 500, 503, None]), st.integers(0, 7200)), max_size=30)
)
def test_a_host_never_waits_longer_than_six_hours_of_its_own(answers: list[tuple[int | None, int]]) -> None:
    state, at = HostState(), T0
    for status, pause in answers:
        at += timedelta(seconds=pause)
        state = after_answer(state, status, at)
        assert state.not_before is None or state.not_before <= at + timedelta(hours=6)
        assert left_alone(state, at + timedelta(hours=6), sweep_began=at + timedelta(hours=6)) is None
