"""Whether a démarche is filed on the ANEF portal on a given day, from one dated table. Pure.

A row tells of some permits only, so the answer is the rows that touch a procedure, never "this person's file is there".
That no row touches it means that none was found, not that the démarche is filed elsewhere. Source of the rule: CESEDA,
art. R. 431-2, and the orders it refers to; the table is `monitor/data/anef.toml`.

The table of démarches filed on the ANEF portal, read from the package.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, get_args

from monitor.case.law import Law
from monitor.case.law_tables import law
from monitor.core.prefecture import Procedure
from monitor.values import dataclass

Standing = Literal["filed_there", "date_uncertain", "not_yet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnefRow:
    """Démarches that moved to the portal. first, latest: days between which they did, equal where one day is known.

    sources: rows of the table of the law.
    """

    label: str
    procedures: tuple[Procedure, ...]
    first: date
    latest: date
    sources: tuple[str, ...]

    def standing(self, on: date) -> Standing:
        """How these démarches stood that day."""
        return "filed_there" if on >= self.latest else "date_uncertain" if on >= self.first else "not_yet"


def rows_from(table: Mapping[str, Any], law: Law) -> tuple[AnefRow, ...]:
    """The parsed table as rows, oldest first. Raises ValueError naming the row that is unusable, KeyError the field."""
    out = []
    for row in table["row"]:
        unknown = set(row["procedures"]) - set(get_args(Procedure))
        sourced = row["sources"] and set(row["sources"]) <= law.sources.keys()
        if unknown or not row["procedures"] or row["from"] > row["by"] or not sourced:
            raise ValueError(f"anef: {row['label']}: unusable procedures, days or sources")
        out.append(
            AnefRow(
                label=row["label"],
                procedures=tuple(row["procedures"]),
                first=row["from"],
                latest=row["by"],
                sources=tuple(row["sources"]),
            )
        )
    return tuple(sorted(out, key=lambda row: (row.first, row.label)))


def on_anef(rows: tuple[AnefRow, ...], procedure: Procedure, on: date) -> tuple[tuple[AnefRow, Standing], ...]:
    """The rows that touch a procedure, with how each stood on that day; empty: none was found."""
    return tuple((row, row.standing(on)) for row in rows if procedure in row.procedures)


@lru_cache(maxsize=1)
def anef_rows() -> tuple[AnefRow, ...]:
    """Every row of `monitor/data/anef.toml`, oldest first. Raises ValueError or KeyError for an unusable table."""
    return rows_from(tomllib.loads((files("monitor") / "data" / "anef.toml").read_text(encoding="utf-8")), law())
