"""When an address is to be opened again: a function of the day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.api import Provenance
from monitor.catalogue.age import REOPEN_AFTER, first_day, to_reopen

DAY = date(2026, 11, 30)


def sourced(day: str | None) -> Provenance:
    return Provenance("test", day, "confirmed_1")


@pytest.mark.parametrize(
    ("source", "opened", "due"),
    [
        ("2026-11-30", (), False),
        ("2026-09-01", (), False),
        ("2026-08-31", (), True),
        ("2026-09", (), False),
        ("2026-08", (), True),
        ("2026", (), True),
        ("2018", (), True),
        (None, (), True),
        ("2018", (None,), True),
        ("2018", (date(2026, 9, 1),), False),
        ("2018", (date(2026, 8, 31),), True),
        (None, (None, date(2026, 11, 29)), False),
        (None, (date(2026, 1, 1), date(2026, 11, 29)), False),
        ("2026-11-30", (date(2020, 1, 1),), False),
        (None, (date(2027, 1, 1),), False),
    ],
)
def test_ninety_days_after_the_last_that_is_known(
    source: str | None, opened: tuple[date | None, ...], due: bool
) -> None:
    assert to_reopen(sourced(source), DAY, *opened) is due


@given(st.dates(date(2015, 1, 1), date(2030, 1, 1)), st.integers(-200, 400))
def test_an_opened_address_ages_once_and_stays_old(opened: date, days: int) -> None:
    today = opened + timedelta(days=days)
    assert to_reopen(sourced(None), today, opened) is (days > REOPEN_AFTER.days)


@given(st.dates(date(2015, 1, 1), date(2030, 1, 1)))
def test_what_may_be_old_is_taken_for_old(day: date) -> None:
    """A year says no more than its first day, a month no more than its own."""
    told = [first_day(day.isoformat()[:length]) for length in (4, 7, 10)]
    assert told == [day.replace(month=1, day=1), day.replace(day=1), day]
