"""What a data folder holds, sweep after sweep, counted by `statistics`; and the figures as people and machines take
them away: one row a reading, its denominator and its gaps beside it. Lines are read only where a day is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitor.core.prefecture import Prefecture, desk_key
from monitor.core.record import RecordLine
from monitor.report.rereadings import Uncounted
from monitor.report.statistics import Counted, DeskPlace, Key, ReadingTally, Statistics
from monitor.store.forward import looks_again, new_tallies, sweeps_seen
from monitor.store.records import Records


def counted(
    records: Records, places: Mapping[str, DeskPlace], without: Uncounted, until: datetime | None
) -> Statistics:
    """The figures of these places, from what is kept counted and the sweeps since.

    until: aware; sweeps of which anything is younger are left out. None: all are counted. without: what was recorded
    and counts no more; the looks of a desk of which there is any are counted again.
    """
    kept = records.tallied()
    if kept is not None and until is not None and kept.until > until:
        kept = None  # the clock was ahead when they were brought forward, and was set back since
    after = kept.sweep if kept else 0
    out = Statistics(places, until=until, following=new_tallies(records, after, places.keys()))
    if kept is not None:
        for check in places:
            _take(out, records, check, without, after)
    for _number, sweep in sweeps_seen(records, after, without):
        out.add(sweep)
    return out


def _take(out: Statistics, records: Records, check: str, without: Uncounted, last: int) -> None:
    """What is kept of one check; its looks counted again where something of it counts no more."""
    again = check in without.checks or check in without.partly
    for day, kind, hours in records.tallies(check):
        if kind.what == "gap" or not again:
            out.count(check, day, kind, hours)
    if again:
        for _check, day, counts in looks_again(records, check, records.first_after(last), without).drain():
            for kind, numbers in counts.items():
                out.count(check, day, kind, numbers)


def recorded_places(records: Records, prefectures: Iterable[str], without: Uncounted) -> dict[str, DeskPlace]:
    """The desks of these préfectures (codes) that were ever looked at, as their last record describes them.

    A desk that was never one of foreigners is none.
    """
    wanted = set(prefectures)
    out = {}
    for key, standing in records.latest().items():
        code, _stroke, slug = key.partition("/")
        if code in wanted and "/" not in slug and key not in without.checks:  # a notice is `95/notices/slug`
            out[key] = _place(key, code, json.loads(standing.row.line))
    return out


def _place(key: str, code: str, record: RecordLine) -> DeskPlace:
    zone = ZoneInfo(record.get("time_zone", "Europe/Paris"))
    return DeskPlace(check=key, prefecture=code, procedure=record.get("procedure") or "", zone=zone)


COLUMNS: Final = (
    "prefecture", "procedure", "iso_week", "simulated", "reading", "detail", "count", "asked", "share",
    "due", "done", "skipped", "missing", "looks", "longest_gap_minutes",
    "waits_known", "wait_days_median", "wait_days_p90", "corrected",
)  # fmt: skip


def declared_places(prefectures: Iterable[Prefecture]) -> dict[str, DeskPlace]:
    """The desks of these préfectures as they are declared, retired ones included, by key."""
    return {
        desk_key(one, desk): DeskPlace(
            check=desk_key(one, desk), prefecture=one.code, procedure=desk.procedure, zone=one.zone
        )
        for one in prefectures
        for desk in one.desks
    }


def kinds(tally: ReadingTally) -> list[Counted]:
    """The readings of a tally, most frequent first."""
    return sorted(tally.said, key=lambda said: (-tally.said[said], said.reading, said.detail or ""))


def flat(rows: Iterable[tuple[Key, ReadingTally]]) -> Iterator[dict[str, Any]]:
    """COLUMNS, one row a reading; one without a reading where nothing was looked at. share: 0 to 1, four decimals."""
    for key, tally in rows:
        common = {**_key(key), **_counts(tally)}
        for said in kinds(tally):
            yield {**common, **_reading(tally, said)}
        if not tally.said:
            yield common


def to_json(key: Key, tally: ReadingTally) -> dict[str, Any]:
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


def _counts(tally: ReadingTally) -> dict[str, Any]:
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
        "corrected": tally.corrected,
    }


def _reading(tally: ReadingTally, said: Counted) -> dict[str, Any]:
    share = tally.share(said)
    return {
        "reading": said.reading,
        "detail": said.detail,
        "count": tally.said[said],
        "share": None if share is None else round(share, 4),
    }
