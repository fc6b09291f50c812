"""Figures as people and machines take them away: one row a reading, its denominator and its gaps beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from monitor.app.plan import desk_key
from monitor.domain.model import Prefecture
from monitor.domain.statistics import Key, Place, Said, Tally

COLUMNS: Final = (
    "prefecture", "procedure", "iso_week", "simulated", "reading", "detail", "count", "asked", "share",
    "due", "done", "skipped", "missing", "looks", "longest_gap_minutes",
    "waits_known", "wait_days_median", "wait_days_p90",
)  # fmt: skip


def declared_places(prefectures: Iterable[Prefecture]) -> dict[str, Place]:
    """The desks of these préfectures as they are declared, retired ones included, by key."""
    return {
        desk_key(one, desk): Place(
            check=desk_key(one, desk), prefecture=one.code, procedure=desk.procedure, zone=one.zone
        )
        for one in prefectures
        for desk in one.desks
    }


def kinds(tally: Tally) -> list[Said]:
    """The readings of a tally, most frequent first."""
    return sorted(tally.said, key=lambda said: (-tally.said[said], said.reading, said.detail or ""))


def flat(rows: Iterable[tuple[Key, Tally]]) -> Iterator[dict[str, Any]]:
    """COLUMNS, one row a reading; one without a reading where nothing was looked at. share: 0 to 1, four decimals."""
    for key, tally in rows:
        common = {**_key(key), **_counts(tally)}
        for said in kinds(tally):
            yield {**common, **_reading(tally, said)}
        if not tally.said:
            yield common


def to_json(key: Key, tally: Tally) -> dict[str, Any]:
    """One key with its counts, readings as a list."""
    return {**_key(key), **_counts(tally), "readings": [_reading(tally, said) for said in kinds(tally)],
            "skipped_why": dict(sorted(tally.skipped.items()))}  # fmt: skip


def _key(key: Key) -> dict[str, Any]:
    return {
        "prefecture": key.prefecture,
        "procedure": key.procedure,
        "iso_week": key.week,
        "simulated": key.simulated,
    }


def _counts(tally: Tally) -> dict[str, Any]:
    gap = tally.longest_gap
    return {
        "asked": tally.asked,
        "due": tally.due,
        "done": tally.done,
        "skipped": tally.skipped.total(),
        "missing": tally.missing,
        "looks": tally.looks,
        "longest_gap_minutes": None if gap is None else round(gap.total_seconds() / 60),
        "waits_known": len(tally.waits),
        "wait_days_median": tally.wait_median,
        "wait_days_p90": tally.wait_p90,
    }


def _reading(tally: Tally, said: Said) -> dict[str, Any]:
    share = tally.share(said)
    return {
        "reading": said.reading,
        "detail": said.detail,
        "count": tally.said[said],
        "share": None if share is None else round(share, 4),
    }
