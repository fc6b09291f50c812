"""The sheet of a préfecture is one page of A4, also where two dozen desks are known."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from monitor.site.outputs import outputs
from tests.site.invented import built
from tests.support.browsers import needs_chromium
from tests.support.sites import OPTIONS, gathered
from tests.support.verifierpage import chromium

NOW = datetime(2026, 11, 30, 15, 7, tzinfo=UTC)
MANY = "94"  # of the préfectures, the one with most desks


@needs_chromium
def test_every_sheet_is_one_page_of_a4(tmp_path: Path) -> None:
    files = built() | dict(outputs(gathered(tmp_path / "none", NOW, (MANY,)), OPTIONS))
    for path, data in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    sheets = sorted(path for path in files if "imprimer/" in path)
    with chromium() as browser:
        page = browser.new_page()
        for path in sheets:
            page.goto((tmp_path / path).as_uri())
            printed = page.pdf(format="A4", prefer_css_page_size=True)
            assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, path
    assert any(MANY in path for path in sheets)
