"""A letter as Word and LibreOffice open it: its language, its title, its pages, its columns."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from monitor.paper.document import Bullets, Heading, Paragraph, Table
from monitor.paper.docx import docx
from monitor.paper.letter import Gloss, Line, lines_of, title_of
from tests.support.commands import ROOT
from tests.support.parts import needs, part

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LETTERS = sorted(path.stem for path in (ROOT / "tests/fixtures/cases/drafts").glob("*.txt"))


def letter(name: str) -> list[Line]:
    return lines_of((ROOT / f"tests/fixtures/cases/drafts/{name}.txt").read_text(encoding="utf-8"))


def inside(data: bytes, name: str) -> str:
    with ZipFile(BytesIO(data)) as packed:
        return packed.read(f"word/{name}.xml").decode()


def opened(data: bytes) -> Any:
    from docx import Document

    return Document(BytesIO(data))


def test_all_is_said_to_be_french_but_the_gloss() -> None:
    data = docx([Heading("Titre"), Paragraph("Bonjour"), Gloss("Hello")], "t", AT)
    styles = inside(data, "styles")
    assert re.findall(r'<w:lang [^>]*w:val="([\w-]+)"', styles) == ["fr-FR", "en-GB"]
    assert 'w:themeFontLang w:val="fr-FR"' in inside(data, "settings")
    assert "<w:lang" not in inside(data, "document"), "by its styles, so that what is typed in between is French too"
    word = opened(data)
    assert [(one.text, one.style.name) for one in word.paragraphs][-1] == ("Hello", "Traduction")
    assert word.core_properties.language == "fr-FR"


@pytest.mark.parametrize("name", LETTERS)
def test_advice_and_letter_share_no_page(name: str) -> None:
    word = opened(docx(letter(name), "t", AT))
    titles = [one for one in word.paragraphs if one.style.name == "Heading 1"]
    assert [bool(one.paragraph_format.page_break_before) for one in titles] == [False] + [True] * (len(titles) - 1)
    assert "à effacer" in titles[0].text
    assert "à effacer" not in titles[1].text
    assert title_of(letter(name)) == titles[1].text


def test_each_page_has_its_number() -> None:
    footer = opened(docx([Paragraph("a")], "t", AT)).sections[0].footer.paragraphs[0]
    assert re.findall(r'w:instr="(\w+)"', footer._p.xml) == ["PAGE", "NUMPAGES"]
    assert "".join(node.text for node in footer._p.iter() if node.tag.endswith("}t")) == "Page 1 / 1"


def test_a_column_is_as_wide_as_its_words_ask() -> None:
    (table,) = (one for one in letter("refere") if isinstance(one, Table))
    widths = dict(zip(table.rows[0], table.widths, strict=True))
    assert widths["Résultat"] > widths["Démarche"] > widths["Date"] > widths["Heure"]
    assert widths["Pièce n°"] < 12
    made = opened(docx([table], "t", AT)).tables[0]
    for row in (made.rows[0], made.rows[-1]):
        assert [cell.width for cell in row.cells] == [column.width for column in made.columns]
    assert sum(column.width.cm for column in made.columns) == pytest.approx(17.0, abs=0.01)


CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="|", exclude_categories=("C", "Z")), min_size=1, max_size=90
)


@given(st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=5))
def test_every_column_has_room(rows: list[list[str]]) -> None:
    (table,) = lines_of("\n".join(f"| {' | '.join(row)} |" for row in rows))
    assert isinstance(table, Table)
    assert all(width >= 3 for width in table.widths)
    assert sum(table.widths) <= 100


@pytest.mark.long
@needs("soffice", "qpdf", "pdftotext")
def test_libreoffice_opens_it_and_prints_what_was_meant(tmp_path: Path) -> None:
    blocks = letter("refere")
    (tmp_path / "refere.docx").write_bytes(docx(blocks, f"Brouillon : {title_of(blocks)}", AT))
    command = [part("soffice"), f"-env:UserInstallation=file://{tmp_path}/home", "--headless", "--convert-to"]
    options = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
    subprocess.run([*command, options, "--outdir", tmp_path, tmp_path / "refere.docx"], check=True, capture_output=True)
    subprocess.run([part("qpdf"), "--check", tmp_path / "refere.pdf"], check=True, capture_output=True)
    made = PdfReader(tmp_path / "refere.pdf")
    pages = [page.extract_text() for page in made.pages]
    assert str(made.trailer["/Root"]["/Lang"]) == "fr-FR"
    assert made.metadata is not None
    assert made.metadata.title == f"Brouillon : {title_of(blocks)}"
    for number, words in enumerate(pages, 1):
        assert re.search(rf"Page\s+{number}\s+/\s+{len(pages)}\b", words), number
    begins = [number for number, words in enumerate(pages) if words.split("\n")[0].startswith("RÉFÉRÉ")]
    assert len(begins) == 1
    assert all("à effacer" not in words for words in pages[begins[0] : begins[0] + 1])
    shown = " ".join(" ".join(pages).split())
    for block in blocks:
        if isinstance(block, Bullets):
            assert all(" ".join(item.split())[:30] in shown for item in block.items)
