"""The design material's own pages, where it lies beside the checkout."""

from __future__ import annotations

import csv
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.core.prefecture import Context, Page
from monitor.core.readings import Reading, detail_of
from monitor.read.platforms.registry import platform_for

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "pages"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "EXPECTED.csv").is_file(), reason="no design material beside the checkout"),
]


def read(row: dict[str, str]) -> Reading:
    body = (SHARED / row["file"]).read_bytes()
    page = Page(url=row["url"], status=int(row["status"]), body=body)
    return platform_for(row["platform"], row["url"]).read(page, Context(zone=ZoneInfo("Europe/Paris")))


def test_every_page_gives_its_reading() -> None:
    with (SHARED / "EXPECTED.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    readings = [read(row) for row in rows]
    got = [
        (row["file"], type(r).__name__, (detail_of(r) or "") if row["detail"] else "")
        for row, r in zip(rows, readings, strict=True)
    ]
    assert got == [(row["file"], row["reading"], row["detail"]) for row in rows]
    assert rows
