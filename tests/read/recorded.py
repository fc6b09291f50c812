"""Every recorded page under `tests/fixtures/pages`, as something to read again, and its golden file.

Two kinds: a row of `EXPECTED.csv` (its golden file lies in `tests/read/golden`), and what `vigie capture` wrote into
`captured/` (its golden file beside it).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitor.catalogue.golden import REVIEW, SUFFIX, read
from monitor.core.readings import Reading

PAGES = Path(__file__).resolve().parents[1] / "fixtures" / "pages"
CAPTURED = PAGES / "captured"
GOLDEN = Path(__file__).resolve().parent / "golden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One page and how it was got. document: as `catalogue.golden.read` wants it. row: its row of EXPECTED.csv."""

    page: Path
    golden: Path
    document: Mapping[str, Any]
    row: Mapping[str, str] = field(default_factory=dict)

    def read(self) -> Reading:
        """What it says today."""
        return read(self.document, self.page.read_bytes())


def recorded() -> Iterator[Recorded]:
    """All of them."""
    with (PAGES / "EXPECTED.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            yield Recorded(page=PAGES / row["file"], golden=_golden(row), document=_document(row), row=row)
    for golden in sorted(CAPTURED.glob(f"*{SUFFIX}")):
        (page,) = (one for one in CAPTURED.glob(golden.name.removesuffix(SUFFIX) + ".*") if one != golden)
        yield Recorded(page=page, golden=golden, document=json.loads(golden.read_text(encoding="utf-8")))


def settle(golden: Path, told: Mapping[str, Any]) -> None:
    """Compare a reading with its golden file. Without one it is written, and fails until a person reviewed it."""
    if not golden.exists():
        golden.parent.mkdir(parents=True, exist_ok=True)
        document = {"review": REVIEW, "reviewed": False, "reading": told}
        golden.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    document = json.loads(golden.read_text(encoding="utf-8"))
    assert told == document["reading"], f"the page no longer reads as {golden.name} says"
    assert document["reviewed"] is True, f"{golden} awaits review: {document['review']}"


def _golden(row: Mapping[str, str]) -> Path:
    at = "@" + row["at"].replace(":", "") if row["at"] else ""
    return GOLDEN / f"{row['file']}{at}{SUFFIX}"


def _document(row: Mapping[str, str]) -> dict[str, Any]:
    name, _, value = row["header"].partition(": ")
    return {
        "platform": row["platform"],
        "start": row["url"],
        "url": row["url"],
        "status": int(row["status"]),
        "headers": {name: value} if name else {},
        "at": row["at"] or None,
        "time_zone": "Europe/Paris",
        "label": row["label"] or None,
        "opening": None,
    }
