"""Every stored page gives the reading written beside it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.model import Context, Page
from monitor.domain.readings import detail_of, to_json
from monitor.platforms.registry import platform_for

PAGES = Path(__file__).resolve().parents[1] / "fixtures" / "pages"


def rows() -> Iterator[Any]:
    with (PAGES / "EXPECTED.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            yield pytest.param(row, id=f"{row['file']}{'@' + row['at'] if row['at'] else ''}")


@pytest.mark.parametrize("row", list(rows()))
def test_stored_page(row: dict[str, str]) -> None:
    name, _, value = row["header"].partition(": ")
    page = Page(
        url=row["url"],
        status=int(row["status"]),
        headers=((name, value),) if name else (),
        body=(PAGES / row["file"]).read_bytes(),
    )
    at = datetime.fromisoformat(row["at"]) if row["at"] else None
    context = Context(zone=ZoneInfo("Europe/Paris"), at=at, label=row["label"] or None)
    reading = platform_for(row["platform"], row["url"]).read(page, context)
    assert type(reading).__name__ == row["reading"], reading
    assert not row["detail"] or detail_of(reading) == row["detail"]
    expected = json.loads(row["fields"] or "{}")
    assert {key: to_json(reading)[key] for key in expected} == expected


def test_no_stored_page_is_left_out() -> None:
    listed = {row.values[0]["file"] for row in rows()}
    stored = {path.name for path in PAGES.iterdir() if path.suffix in (".html", ".htm", ".json", ".txt")}
    assert listed == stored
