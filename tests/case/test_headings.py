"""A title is never the last line of a page: neither in what is printed here nor in a letter opened elsewhere."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from io import BytesIO

import pytest

from monitor.paper.document import Block, Bullets, Document, Entries, Heading, NumberedEntry, Paragraph, Picture, Table
from monitor.paper.docx import docx
from monitor.paper.letter import lines_of
from monitor.paper.pdf import render
from tests.support.courtcase import png
from tests.support.parts import needs, part

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONG = "mot " * 60
FOLLOWERS: dict[str, Block] = {
    "a paragraph": Paragraph(f"Suite {LONG}"),
    "a list": Bullets([f"Suite {LONG}", "deux"]),
    "a table": Table([["Suite", "b"], [LONG, "x"], ["y", "z"]], widths=(30, 60)),
    "a table without a head": Table([[f"Suite {LONG}", LONG], ["y", "z"]], widths=(30, 60), head=False),
    "a table whose head is high": Table([["Suite", f"{LONG}{LONG}"], ["y", "z"]], widths=(30, 60)),
    "a long list": Entries(("Suite", "b", "c", "d"), [NumberedEntry("1", ["hier"], LONG, LONG, [LONG], ["e"])]),
    "a picture": Picture(png("x"), "Suite"),
}


@needs("pdftotext")
@pytest.mark.parametrize("name", sorted(FOLLOWERS))
def test_a_title_stands_on_the_page_of_what_it_announces(name: str) -> None:
    """Wherever on the page it falls: one more line stands above it each time."""
    for lines in range(28, 58):
        blocks = [*(Paragraph("ligne") for _n in range(lines)), Heading("Étapes suivies", 1), FOLLOWERS[name]]
        data = render(Document(title="t", author="a", running="r", blocks=blocks, made=AT), archival=False)
        said = subprocess.run(
            [part("pdftotext"), "-", "-"], input=data, capture_output=True, check=True
        ).stdout.decode()
        (page,) = [page for page in said.split("\f") if "Étapes suivies" in page]
        assert re.search(r"\bSuite\b", page), (name, lines)
        if name == "a table":
            assert "mot mot" in page, "and not with the head of a table alone"


def test_a_letter_keeps_its_titles_and_what_announces_a_list_with_what_follows() -> None:
    from docx import Document as Word

    word = Word(BytesIO(docx(lines_of("# A\n## B\n**fort**\nTentatives :\n- un\nphrase\n"), "t", AT)))
    kept = {
        one.text: one.paragraph_format.keep_with_next
        or (one.style is not None and one.style.paragraph_format.keep_with_next)
        for one in word.paragraphs
    }
    assert all(kept[text] for text in ("A", "B", "fort", "Tentatives :"))
    assert not kept["phrase"]
