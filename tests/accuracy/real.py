"""Real pages of préfectures, labelled before any reader saw them: what was read, kept without a word of theirs.

`real_pages.json` keeps for each page its address, the labels, the SHA-256 of the text and what the reader said. Who has
the texts reads them again with `python -m tests.accuracy --texts FOLDER`: a file is known by its digest.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from monitor.read.notices.facts import read_notice
from monitor.read.notices.rules import notice_rules
from tests.accuracy.kinds import values
from tests.accuracy.measure import Score

KEPT = Path(__file__).with_name("real_pages.json")


def report(texts: Path | None = None) -> None:
    """Print precision and recall as kept for each reading, and of today's reader over the texts at hand."""
    kept: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))
    pages = kept["pages"]
    print(f"\nreal pages: {len(pages)}, labelled on {kept['labelled_on']}")
    for reading in ("before", "first", "now"):
        _table(reading, [(page["labels"], page[reading]) for page in pages])
    if texts is None:
        return
    found = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in texts.iterdir() if path.is_file()}
    at_hand = [(page, found[page["sha256"]]) for page in pages if page["sha256"] in found]
    _table(f"today, {len(at_hand)} texts at hand", [(page["labels"], _read(page, path)) for page, path in at_hand])


def _read(page: dict[str, Any], path: Path) -> dict[str, object]:
    return values(read_notice(path.read_bytes(), None, page["url"], notice_rules()))


def _table(title: str, rows: list[tuple[dict[str, bool], dict[str, Any]]]) -> None:
    print(f"  {title}")
    for name in rows[0][0] if rows else ():
        score = Score()
        for labels, read in rows:
            score.total += 1
            score.hit += labels[name] and read[name]
            score.false_positive += read[name] and not labels[name]
            score.false_negative += labels[name] and not read[name]
        print(f"    {score.line(name)}")
