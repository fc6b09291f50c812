"""Every recorded page gives the reading of its golden file, which a person reviewed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.core.readings import detail_of, to_json
from tests.read.recorded import CAPTURED, GOLDEN, PAGES, Recorded, recorded, settle

ALL = list(recorded())


@pytest.mark.parametrize("one", [pytest.param(one, id=one.golden.name.partition(".golden")[0]) for one in ALL])
def test_a_recorded_page_reads_as_reviewed(one: Recorded) -> None:
    reading = one.read()
    if one.row:  # written by hand, before the golden file: the two must agree
        assert type(reading).__name__ == one.row["reading"], reading
        assert not one.row["detail"] or detail_of(reading) == one.row["detail"]
        fields = json.loads(one.row["fields"] or "{}")
        assert {key: to_json(reading)[key] for key in fields} == fields
    settle(one.golden, json.loads(json.dumps(to_json(reading))))


def test_no_recorded_page_and_no_golden_file_is_left_out() -> None:
    pages = {path for path in PAGES.iterdir() if path.suffix in (".html", ".htm", ".json", ".txt")}
    pages |= {path for path in CAPTURED.glob("*") if not path.name.endswith(".golden.json")}
    assert {one.page for one in ALL} == pages
    assert {one.golden for one in ALL if one.row} == set(GOLDEN.iterdir())


def test_a_golden_file_is_written_once_and_fails_until_it_is_reviewed(tmp_path: Path) -> None:
    golden, told = tmp_path / "golden" / "page.html.golden.json", {"reading": "NoSlot"}
    for _run in range(2):
        with pytest.raises(AssertionError, match="awaits review"):
            settle(golden, told)
    golden.write_text(golden.read_text(encoding="utf-8").replace("false", "true"), encoding="utf-8")
    settle(golden, told)
    with pytest.raises(AssertionError, match="no longer reads as"):
        settle(golden, {"reading": "SlotsOpen"})
