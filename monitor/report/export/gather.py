"""From the rows of the store to a dossier: which sweeps are asked for, which of them are sealed, what was due."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from gettext import gettext as _
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from monitor.core.errors import UsageError
from monitor.evidence.checkpoint import Checkpoint, Note
from monitor.evidence.seal import CHECKPOINT, ENV
from monitor.evidence.stamping import Sealed
from monitor.report.export.releve import Damaged, Proof
from monitor.report.observed import Observed, observed
from monitor.report.summary import Plan

Window = tuple[datetime | None, datetime | None]


class Row(Protocol):
    """An observation of the store."""

    @property
    def seq(self) -> int: ...
    @property
    def subject(self) -> str: ...
    @property
    def sweep(self) -> int: ...
    @property
    def damaged(self) -> bool: ...
    @property
    def line(self) -> bytes: ...


class Sweep(Protocol):
    """A sweep of the store."""

    @property
    def number(self) -> int: ...
    @property
    def started(self) -> datetime: ...
    @property
    def plan(self) -> Mapping[str, Any]: ...
    @property
    def report(self) -> Mapping[str, Any] | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What was found. lines: of the counted observations, as stored; unsealed: observations left out."""

    seen: Sequence[Observed]
    lines: Sequence[bytes]
    damaged: Sequence[Damaged]
    plans: Sequence[Plan]
    unsealed: int


def window(first: date | None, last: date | None, zone: ZoneInfo, now: datetime) -> Window:
    """From the beginning of the first day to the end of the last, of legal time, never past `now`. Aware UTC."""
    if first and last and last < first:
        raise UsageError(_("--to is before --from"))
    start = datetime.combine(first, time(), zone).astimezone(UTC) if first else None
    end = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC) if last else None
    return start, min(end, now) if end else None


def gather(
    rows: Sequence[Row],
    sweeps: Iterable[Sweep],
    damages: Iterable[tuple[int, datetime, str]],
    *,
    asked: Window,
    sealed: Iterable[int] | None,
) -> Gathered:
    """rows: of the subjects asked for, by sequence. sweeps: all, newest first. sealed: numbers of the sealed sweeps,
    None when nothing is sealed. A sweep is in the window when it began there, and then with all its observations.
    """
    start, end = asked
    among = {s.number: s for s in sweeps if (start is None or s.started >= start) and (end is None or s.started < end)}
    inside = [row for row in rows if row.sweep in among]
    if not inside:
        return Gathered(seen=[], lines=[], damaged=[], plans=[], unsealed=0)
    allowed = set(among) if sealed is None else set(among) & set(sealed)
    kept = [row for row in inside if row.sweep in allowed]
    sound = [row for row in kept if not row.damaged]
    found = {seq: (at, what) for seq, at, what in damages}
    numbers = {row.sweep for row in kept}
    bounds = range(min(numbers), max(numbers) + 1) if numbers and start is None and end is None else None
    subjects = {row.subject for row in kept}
    return Gathered(
        seen=[observed(row.line) for row in sound],
        lines=[row.line for row in sound],
        damaged=[
            Damaged(seq=row.seq, subject=row.subject, sweep=row.sweep, found=found[row.seq][0], what=found[row.seq][1])
            for row in kept
            if row.damaged
        ],
        plans=[_plan(among[n], subjects) for n in sorted(allowed) if bounds is None or n in bounds],
        unsealed=len(inside) - len(kept),
    )


def _plan(sweep: Sweep, subjects: set[str]) -> Plan:
    told = sweep.report or {}
    skipped = {one["check"]: one["why"] for one in told.get("skipped", ()) if one["check"] in subjects}
    due = frozenset(subjects.intersection(sweep.plan.get("due", ())))
    return Plan(sweep.number, due, skipped, finished=sweep.report is not None)


def proof_of(sealed: Sequence[Sealed], key: str) -> Proof:
    """What the document says of the seal. sealed: the sweeps enclosed, at least one; key: the log's public key."""
    origin = Checkpoint.parse(Note.parse(sealed[-1].read(CHECKPOINT)).text).origin
    environments = {one.read(ENV) for one in sealed}
    return Proof(
        sweeps=len(sealed),
        origin=origin,
        key=key,
        authorities=sorted({name for one in sealed for name in one.stamps()}),
        environments=len(environments),
        environment=json.loads(sealed[-1].read(ENV)),
    )
