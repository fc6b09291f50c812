"""The tables: their columns, each described in French and in English, and their rows as CSV (UTF-8, commas, CRLF).

A day is of the préfecture's legal time, counts are of looks, and no row is younger than the figures of the site.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from monitor.paper.csv import plain
from monitor.site.counts import Counts
from monitor.site.model import PrefectureView, SiteData
from monitor.values import dataclass

TableName = Literal["days", "france", "prefectures", "desks"]
FOLDER: Final = "data"
Cell = str | int | bool | date


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. type: of Table Schema; unit: empty where it has none; fr, en: what it holds."""

    name: str
    type: str
    unit: str
    fr: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTable:
    """One table. key: the columns that name a row; fr, en: what a row is."""

    name: TableName
    fr: str
    en: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]


@cache
def tables() -> Mapping[TableName, DataTable]:
    """Those of `monitor/data/site_columns.toml`. Raises KeyError or TypeError for an unusable table."""
    told = tomllib.loads((files("monitor") / "data" / "site_columns.toml").read_text(encoding="utf-8"))
    days = {one["name"]: one for one in told["days"]["columns"]}
    out: dict[TableName, DataTable] = {}
    names: tuple[TableName, ...] = ("days", "france", "prefectures", "desks")
    for name in names:
        row = told[name]
        columns = [*row["columns"], *(days[same] for same in row.get("same_as_days", ()))]
        out[name] = DataTable(
            name=name,
            fr=row["fr"],
            en=row["en"],
            key=tuple(row["key"]),
            columns=tuple(Column(**one) for one in columns),
        )
    return out


def days_of(one: PrefectureView, simulated: bool) -> Iterator[Sequence[Cell]]:
    """Rows of `days`: those of one préfecture, by day and desk."""
    found = ((day, desk.key, counts) for desk in one.desks for day, counts in desk.days.items())
    for day, key, counts in sorted(found, key=lambda row: row[:2]):
        yield (day, key, *_numbers(counts), simulated)


def france(data: SiteData) -> Iterator[Sequence[Cell]]:
    """Rows of `france`: by day, then in the order of the préfectures."""
    days = {day for one in data.prefectures for desk in one.desks for day in desk.days}
    for day in sorted(days):
        for one in data.prefectures:
            counts = one.day(day)
            if counts.looks:
                yield (day, one.code, *_numbers(counts), data.simulated)


def prefectures(data: SiteData) -> Iterator[Sequence[Cell]]:
    """Rows of `prefectures`, in their order."""
    for one in data.prefectures:
        yield one.code, one.name, str(one.prefecture.zone), sum(desk.declared for desk in one.desks)


def desks(data: SiteData) -> Iterator[Sequence[Cell]]:
    """Rows of `desks`, in the order of the préfectures."""
    for one in data.prefectures:
        for desk in one.desks:
            yield desk.key, one.code, desk.label, desk.procedure, desk.platform, desk.url, desk.declared


def as_csv(name: TableName, rows: Iterable[Sequence[Any]]) -> bytes:
    """With its header. A truth is `true` or `false`, as Table Schema has it."""
    head = [column.name for column in tables()[name].columns]
    told = ([str(cell).lower() if isinstance(cell, bool) else cell for cell in row] for row in rows)
    return plain(head, (dict(zip(head, row, strict=True)) for row in told)).encode()


def _numbers(counts: Counts) -> tuple[int, ...]:
    return (*counts, counts.looks)
