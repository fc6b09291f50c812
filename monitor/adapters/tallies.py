"""What a data folder holds, sweep after sweep, as `domain.statistics` counts it; lines are read only where a day is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from monitor.adapters.records import Records
from monitor.adapters.rows import Sweep
from monitor.domain.statistics import Outcome, Place, SweepSeen


def sweeps_seen(records: Records) -> Iterator[SweepSeen]:
    """Every sweep, oldest first."""
    newest_first = records.sweeps()
    for sweep in reversed(newest_first):
        yield SweepSeen(
            started=sweep.started,
            finished=sweep.finished,
            due=sweep.plan.get("due", ()),
            skipped=_skipped(sweep),
            outcomes=[*_outcomes(records, sweep)],
            may_run=sweep.finished is None and sweep is newest_first[0],
        )


def _skipped(sweep: Sweep) -> Mapping[str, str]:
    return {one["check"]: one["why"] for one in (sweep.report or {}).get("skipped", ())}


def _outcomes(records: Records, sweep: Sweep) -> Iterator[Outcome]:
    for seq, check, started, reading, detail, simulated in records.outlines(sweep.first_seq, sweep.end_seq):
        first = _first_day(records, seq) if reading == "SlotsOpen" else None
        yield Outcome(
            check=check, started=started, reading=reading, detail=detail, simulated=simulated, first_day=first
        )


def _first_day(records: Records, seq: int) -> date | None:
    (row,) = records.rows(seq, seq + 1)
    said = json.loads(row.line).get("first_day")
    return date.fromisoformat(said) if said else None


def recorded_places(records: Records, prefectures: Iterable[str]) -> dict[str, Place]:
    """The desks of these préfectures (codes) that were ever looked at, as their last record describes them."""
    wanted = set(prefectures)
    out = {}
    for key, standing in records.latest().items():
        code, _stroke, slug = key.partition("/")
        if code in wanted and "/" not in slug:  # a notice is `95/notices/slug`
            out[key] = _place(key, code, json.loads(standing.row.line))
    return out


def _place(key: str, code: str, record: Mapping[str, Any]) -> Place:
    zone = ZoneInfo(record.get("time_zone", "Europe/Paris"))
    return Place(check=key, prefecture=code, procedure=record.get("procedure") or "", zone=zone)
