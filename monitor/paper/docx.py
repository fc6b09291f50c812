"""Blocks as a DOCX that Word and LibreOffice edit (python-docx). An English gloss is small, grey and in italics."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final

from monitor.paper.document import Bullets, Heading, Paragraph, Table
from monitor.paper.letter import Gloss, Line

if TYPE_CHECKING:
    from docx.document import Document as Word

FONT: Final = "Liberation Sans"
WIDTH: Final = 17.0  # cm between the margins of A4
_UNFIT: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 cannot carry them


def docx(blocks: Iterable[Line], title: str, made: datetime) -> bytes:
    """The file. made: aware UTC, its date of creation. Blocks of other kinds are a bug and raise TypeError."""
    word = _new(title, made)
    for block in blocks:
        if isinstance(block, Heading):
            word.add_heading(_text(block.text), block.level + 1)
        elif isinstance(block, Gloss):
            _gloss(word, block.text)
        elif isinstance(block, Bullets):
            for item in block.items:
                word.add_paragraph(_text(item), style="List Bullet")
        elif isinstance(block, Table):
            _table(word, block)
        elif isinstance(block, Paragraph):
            word.add_paragraph().add_run(_text(block.text)).bold = block.strong
        else:
            raise TypeError(type(block).__name__)
    out = BytesIO()
    word.save(out)
    return out.getvalue()


def _new(title: str, made: datetime) -> Word:
    from docx import Document
    from docx.shared import Cm, Pt, RGBColor

    word = Document()
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    word.styles["Normal"].font.name = FONT
    word.styles["Normal"].font.size = Pt(10.5)
    for level, size in ((1, 15), (2, 12)):
        style = word.styles[f"Heading {level}"]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
    about = word.core_properties
    about.title, about.author, about.comments, about.language = _text(title), "Vigie Préfectures", "", "fr-FR"
    about.created = about.modified = made
    return word


def _gloss(word: Word, text: str) -> None:
    from docx.shared import Pt, RGBColor

    run = word.add_paragraph().add_run(_text(text))
    run.italic, run.font.size, run.font.color.rgb = True, Pt(8.5), RGBColor(0x60, 0x60, 0x60)


def _table(word: Word, block: Table) -> None:
    from docx.shared import Cm, Pt

    made = word.add_table(rows=0, cols=len(block.widths))
    made.style, made.autofit = "Table Grid", False
    unit = WIDTH / sum(block.widths)
    for i, row in enumerate(block.rows):
        for cell, text, width in zip(made.add_row().cells, row, block.widths, strict=True):
            cell.width = Cm(width * unit)
            run = cell.paragraphs[0].add_run(_text(text))
            run.font.size, run.bold = Pt(8.5), block.head and i == 0
    _repeat_head(made.rows[0]._tr if block.head and block.rows else None)
    word.add_paragraph()


def _repeat_head(row: object) -> None:
    """The first row again at the top of each page: python-docx has no name for it."""
    if row is None:
        return
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row.get_or_add_trPr().append(mark)  # type: ignore[attr-defined]


def _text(text: str) -> str:
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)
