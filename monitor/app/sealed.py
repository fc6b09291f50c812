"""From what the store remembers of a sweep to what is sealed of it: every check that was due, made or not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from monitor.app.seal import PlannedCheck, Sweep


class StoredSweep(Protocol):
    """A sweep as the store keeps it; see `monitor.adapters.records.Sweep`."""

    @property
    def number(self) -> int: ...

    @property
    def started(self) -> datetime: ...

    @property
    def finished(self) -> datetime | None: ...

    @property
    def plan(self) -> Mapping[str, Any]: ...

    @property
    def report(self) -> Mapping[str, Any] | None: ...


def to_seal(
    stored: StoredSweep, made: Iterable[tuple[int, str]], at: datetime, env: Mapping[str, Any] | None = None
) -> Sweep:
    """What is sealed of a stored sweep. made: (sequence number, check) of its records; at: now, aware UTC.

    A sweep without an end died: its unmade checks are gaps, and it says so.
    """
    rows = [PlannedCheck(check=check, seq=seq) for seq, check in made]
    told = {row.check for row in rows}
    report = stored.report or {}
    for skipped in (*stored.plan.get("skipped", ()), *report.get("skipped", ())):
        if skipped["check"] not in told:
            told.add(skipped["check"])
            rows.append(PlannedCheck(check=skipped["check"], why=skipped["why"]))
    rows += [PlannedCheck(check=check, why="killed") for check in stored.plan.get("due", ()) if check not in told]
    facts = {"online": report["online"]} if "online" in report else {}
    unfinished = None
    if stored.finished is None:
        unfinished = "killed"
    else:
        unfinished = next((why for why in ("stopped", "deadline") if any(row.why == why for row in rows)), None)
    return Sweep(
        number=stored.number,
        started=stored.started,
        finished=stored.finished or at,
        checks=rows,
        facts=facts,
        env=env or {},
        unfinished=unfinished,
    )
