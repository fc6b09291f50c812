"""How old what is known of an address is. Pure: a function of the day.

Préfectures' sites were rebuilt between 2022 and 2024 and pages move without notice, so that what nobody opened for a
season is a lead, not a fact: it is *to reopen*.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from monitor.core.prefecture import Provenance

REOPEN_AFTER: Final = timedelta(days=90)


def to_reopen(provenance: Provenance, today: date, *opened: date | None) -> bool:
    """True once more than 90 days have passed since a fact was last known to be right, and where nothing dates it.

    That is the latest of the days it was opened or read, and the first day that its source's date may mean: `2026` is
    the first of January, for what may be old is taken for old.
    """
    known = [day for day in (*opened, first_day(provenance.date)) if day is not None]
    return not known or today - max(known) > REOPEN_AFTER


def first_day(told: str | None) -> date | None:
    """Of an ISO year, year-month or day; None of None."""
    return date.fromisoformat(f"{told}-01-01"[:10]) if told else None
