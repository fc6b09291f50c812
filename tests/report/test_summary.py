"""Counts of a relevé: no share without its denominator, no gap left out, hours of legal time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.record import canonical, digest
from monitor.report.observed import Observed, observed
from monitor.report.summary import Plan, longest_gap, openings, spread, summarise
from tests.support.records import record

PARIS = ZoneInfo("Europe/Paris")
DESK = "95/renewal"
NO_SLOT = {"reading": "NoSlot"}
OPEN = {"reading": "SlotsOpen", "seen": "mardi 9 h 30"}
TIMEOUT = {"reading": "Unreached", "cause": "timeout", "seen": None}
CAPTCHA = {"reading": "Obstructed", "obstacle": "captcha"}


def seen(*readings: tuple[datetime, dict[str, object]]) -> list[Observed]:
    """Observations, one a sweep, numbered from 1."""
    return [
        observed(canonical(record(i, sweep=i + 1, check=DESK, at=at, **said))) for i, (at, said) in enumerate(readings)
    ]


def plan(sweep: int, why: str | None = None, *, finished: bool = True) -> Plan:
    return Plan(sweep, frozenset({DESK}), {DESK: why} if why else {}, finished)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_what_was_due_is_done_damaged_or_missed_for_a_reason() -> None:
    made = seen((at("2026-03-02T08:00"), NO_SLOT), (at("2026-03-02T09:00"), TIMEOUT))
    plans = [plan(1), plan(2), plan(3, "host"), plan(4, "host"), plan(5), plan(6), plan(7, finished=False)]
    elsewhere = Plan(8, frozenset({"95/other"}), {}, True)
    coverage = summarise(DESK, made, [*plans, elsewhere], PARIS, damaged=[5]).coverage
    assert (coverage.due, coverage.done, coverage.failed, coverage.damaged) == (7, 2, 1, 1)
    assert coverage.missed == {"host": 2, "unknown": 1, "killed": 1}


def test_a_captcha_is_no_failure_of_ours_and_no_absence_of_slots() -> None:
    summary = summarise(DESK, seen((at("2026-03-02T08:00"), CAPTCHA)), [plan(1)], PARIS)
    assert (summary.coverage.failed, summary.no_slot) == (0, None)
    assert summary.readings == [(("Obstructed", "captcha"), 1)]
    assert summary.hours[0][9] == (1, 0)


def test_shares_have_the_counted_observations_as_denominator() -> None:
    hour = timedelta(hours=1)
    made = seen(
        *((at("2026-03-02T08:00") + i * hour, said) for i, said in enumerate([NO_SLOT, TIMEOUT, NO_SLOT, OPEN]))
    )
    summary = summarise(DESK, made, [], PARIS)
    assert summary.total == 4
    assert dict(summary.readings) == {("NoSlot", None): 2, ("Unreached", "timeout"): 1, ("SlotsOpen", None): 1}


def test_the_captures_of_ce_435594_span_two_iso_weeks_in_five_days() -> None:
    """13 to 18 September 2019: Friday of week 37, Wednesday of week 38; weeks alone would call it long."""
    made = seen((at("2019-09-13T08:00"), NO_SLOT), (at("2019-09-18T08:00"), NO_SLOT))
    found = spread(made, PARIS)
    assert (found.weeks, found.days, found.elapsed_days) == (2, 2, 5.0)


def test_days_and_hours_are_of_legal_time() -> None:
    """Sunday 23:30 UTC is Monday of the next ISO week in Paris, and still Sunday in Cayenne."""
    made = seen((at("2026-03-01T22:45"), NO_SLOT), (at("2026-03-01T23:30"), NO_SLOT))
    assert (spread(made, PARIS).weeks, spread(made, PARIS).days) == (2, 2)
    cayenne = ZoneInfo("America/Cayenne")
    assert (spread(made, cayenne).weeks, spread(made, cayenne).days) == (1, 1)
    assert summarise(DESK, made, [], PARIS).hours[0][0] == (1, 1)
    assert summarise(DESK, made, [], cayenne).hours[6][20] == (1, 1)


def test_the_longest_gap_reaches_to_the_edges_of_what_was_asked() -> None:
    made = seen((at("2026-03-02T08:00"), NO_SLOT), (at("2026-03-02T09:00"), NO_SLOT))
    assert longest_gap(made, (None, None)) is not None
    whole = longest_gap(made, (at("2026-03-01T00:00"), at("2026-03-02T10:00")))
    assert whole is not None
    assert (whole.start, whole.length) == (at("2026-03-01T00:00"), timedelta(hours=32))


def test_a_failure_of_ours_is_a_gap_in_what_was_read() -> None:
    made = seen(
        (at("2026-03-02T08:00"), NO_SLOT), (at("2026-03-02T09:00"), TIMEOUT), (at("2026-03-02T10:00"), CAPTCHA)
    )  # fmt: skip
    summary = summarise(DESK, made, [], PARIS)
    assert summary.gap is not None
    assert summary.unread is not None
    assert (summary.gap.length, summary.unread.length) == (timedelta(hours=1), timedelta(hours=2))


def test_every_opening_is_reported_with_what_came_after() -> None:
    hour = timedelta(hours=1)
    said = [OPEN, OPEN, NO_SLOT, OPEN, TIMEOUT, OPEN]
    found = openings(seen(*((at("2026-03-02T08:00") + i * hour, one) for i, one in enumerate(said))))
    assert [(one.first.seq, one.last.seq, one.count, one.after and one.after.reading) for one in found] == [
        (0, 1, 2, "NoSlot"), (3, 3, 1, "Unreached"), (5, 5, 1, None),
    ]  # fmt: skip


def test_an_observation_keeps_the_digests_of_its_line_and_pages() -> None:
    line = canonical(record(3, digests={"decoded_body": "ab" * 32}))
    one = observed(line)
    assert (one.line_sha256, one.bodies, one.seq) == (digest(line), ("ab" * 32,), 3)


def test_a_record_of_another_time_is_refused_not_guessed() -> None:
    with pytest.raises((KeyError, ValueError)):
        observed(canonical(record(0) | {"reading": "Sold out"}))


@given(st.lists(st.tuples(st.integers(0, 10**7), st.sampled_from([NO_SLOT, OPEN, TIMEOUT, CAPTCHA])), min_size=1))
def test_nothing_is_lost_in_the_counts(made: list[tuple[int, dict[str, object]]]) -> None:
    start = at("2026-03-01T00:00")
    observations = seen(*((start + timedelta(seconds=second), said) for second, said in made))
    summary = summarise(DESK, observations, [plan(i + 1) for i in range(len(made))], PARIS)
    none = sum(said is NO_SLOT for _second, said in made)
    assert sum(count for _said, count in summary.readings) == summary.total == len(made) == summary.coverage.done
    assert sum(total for day in summary.hours for total, _none in day) == len(made)
    assert sum(none_ for day in summary.hours for _total, none_ in day) == none
    assert (summary.no_slot.count if summary.no_slot else 0) == none
    assert sum(one.count for one in summary.openings) == sum(said is OPEN for _second, said in made)
