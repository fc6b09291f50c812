"""Counts of one case or of many, for associations: no name, no day, no address. Pure.

Published counts under 5 are suppressed, and a row of several cases is suppressed whole where fewer than 5 cases are in
it: a preference of statistical secrecy, not a rule of law.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from monitor.case.check.spread import by_procedure
from monitor.case.model import Attempt

LEAST: Final = 5
BINS: Final = ((7, "0-7"), (30, "8-30"), (90, "31-90"), (180, "91-180"))
FORMAT: Final = "vigie-tally-1"

Cells = dict[str, int]
Rows = dict[tuple[str, str], Cells]  # by préfecture and démarche


def rows_of(attempts: Iterable[Attempt], prefecture: str) -> Rows:
    """The counts of one case."""
    out: Rows = {}
    for procedure, events in by_procedure(attempts).items():
        cells: Counter[str] = Counter({"cases": 1})
        for one in events:
            if one.group in ("attempt", "anef", "seen", "request", "answer"):
                cells["attempts" if one.group == "anef" else f"{one.group}s"] += 1
            if one.group in ("attempt", "anef", "seen", "request"):
                cells[f"kind:{one.kind}"] += 1
            if one.due is not None:
                cells["days_to_date:" + _bin((one.due - events[0].day).days)] += 1
        out[prefecture, procedure] = dict(cells)
    return out


def merged(many: Iterable[Rows]) -> Rows:
    """The sum of several."""
    out: dict[tuple[str, str], Counter[str]] = {}
    for rows in many:
        for key, cells in rows.items():
            out.setdefault(key, Counter()).update(cells)
    return {key: dict(out[key]) for key in sorted(out)}


def to_json(rows: Rows, *, exact: bool, several: bool) -> dict[str, Any]:
    """`{"format", "exact", "rows": [{"prefecture", "procedure", "counts"}]}`; a suppressed count is null."""
    return {
        "format": FORMAT,
        "exact": exact,
        "suppressed_under": None if exact else LEAST,
        "rows": [
            {"prefecture": prefecture, "procedure": procedure, "counts": cells if exact else _hidden(cells, several)}
            for (prefecture, procedure), cells in sorted(rows.items())
        ],
    }


def from_json(data: Any) -> Rows:
    """The rows of an exact tally. Raises ValueError for anything else: what was suppressed cannot be added."""
    if not isinstance(data, Mapping) or data.get("format") != FORMAT or not isinstance(data.get("rows"), Sequence):
        raise ValueError("not a tally of this program")
    if data.get("exact") is not True:
        raise ValueError("counts were suppressed in it: ask for it again with --exact")
    out: Rows = {}
    for i, row in enumerate(data["rows"]):
        try:
            key, cells = (row["prefecture"], row["procedure"]), dict(row["counts"])
        except (KeyError, TypeError, ValueError):
            raise ValueError(f"rows[{i}]: prefecture, procedure and counts are expected") from None
        for name, n in cells.items():
            if not isinstance(n, int) or isinstance(n, bool) or n < 0:
                raise ValueError(f"rows[{i}].counts.{name}: a count is expected")
        if not all(isinstance(part, str) for part in key) or key in out:
            raise ValueError(f"rows[{i}]: préfecture and démarche are unusable or come twice")
        out[key] = cells
    return out


def _hidden(cells: Cells, several: bool) -> dict[str, int | None]:
    whole = several and cells.get("cases", 0) < LEAST
    return {name: None if whole or n < LEAST else n for name, n in cells.items()}


def _bin(days: int) -> str:
    return next((name for least, name in BINS if days <= least), "181+")
