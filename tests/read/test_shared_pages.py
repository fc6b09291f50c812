"""The design material's own pages, where it lies beside the checkout."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.core.prefecture import Context, Page
from monitor.core.readings import Reading, detail_of
from monitor.read.platforms.registry import platform_for

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "pages"

HARD = SHARED.with_name("pages-hard")
AT = datetime(2026, 11, 29, 9, tzinfo=UTC)

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


_OUTCOMES = {
    "SlotsOpen": "slots_open", "NoSlot": "no_slot", "NotYetOpen": "not_yet_open", "RequestForm": "request_form",
    "Closed": "closed", "FrontPageShown": "front_page_shown", "captcha": "captcha_required", "waf": "blocked",
    "rate_limit": "blocked", "mid_visit": "(continue)", "Obstructed": "obstructed", "Unreadable": "unreadable",
}  # fmt: skip


def outcome(reading: Reading) -> str:
    """A reading in the words of the decision tables."""
    name, detail = type(reading).__name__, detail_of(reading) or ""
    return detail if name == "Unavailable" else _OUTCOMES.get(detail) or _OUTCOMES[name]


@pytest.mark.skipif(not (HARD / "EXPECTED.csv").is_file(), reason="no hard pages beside the checkout")
def test_every_hard_page_gives_an_expected_reading() -> None:
    with (HARD / "EXPECTED.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    wrong = []
    for row in rows:
        page = Page(url=row["url"], status=int(row["status"]), body=(HARD / row["file"]).read_bytes())
        reading = platform_for(row["platform"], row["url"]).read(page, Context(zone=ZoneInfo("Europe/Paris"), at=AT))
        if outcome(reading) not in row["expected"].split("|"):
            wrong.append((row["file"], row["expected"], reading))
    assert not wrong
    assert rows
