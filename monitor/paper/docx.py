"""Blocks as a DOCX that Word and LibreOffice edit (python-docx): French to spelling and to who listens, pages numbered.

A title of level 0 begins a page: what is to be read and deleted never shares one with what is sent. An English gloss is
small, grey, in italics, and said to be English.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from monitor.paper.document import Bullets, Heading, Paragraph, Table
from monitor.paper.letter import Gloss, Line
from monitor.values import pattern

if TYPE_CHECKING:
    from docx.document import Document as Word

FONT: Final = "Liberation Sans"
FRENCH, ENGLISH = "fr-FR", "en-GB"
GLOSS: Final = "Traduction"  # its paragraph style
WIDTH: Final = 17.0  # cm between the margins of A4
_UNFIT: Final = pattern("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 cannot carry them


def docx(blocks: Iterable[Line], title: str, made: datetime) -> bytes:
    """The file. made: aware UTC, its date of creation. Blocks of other kinds are a bug and raise TypeError."""
    word = _new(title, made)
    for number, block in enumerate(blocks):
        if isinstance(block, Heading):
            heading = word.add_heading(_text(block.text), block.level + 1)
            heading.paragraph_format.page_break_before = block.level == 0 and number > 0
        elif isinstance(block, Gloss):
            word.add_paragraph(_text(block.text), style=GLOSS)
        elif isinstance(block, Bullets):
            for item in block.items:
                word.add_paragraph(_text(item), style="List Bullet")
        elif isinstance(block, Table):
            _table(word, block)
        elif isinstance(block, Paragraph):
            paragraph = word.add_paragraph()
            paragraph.add_run(_text(block.text)).bold = block.strong
            paragraph.paragraph_format.keep_with_next = block.strong or block.text.endswith(":")  # it announces a list
        else:
            raise TypeError(type(block).__name__)
    out = BytesIO()
    word.save(out)
    return out.getvalue()


def _new(title: str, made: datetime) -> Word:
    from docx import Document
    from docx.shared import Cm

    word = Document()
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    _styles(word)
    _number(section.footer.paragraphs[0])
    about = word.core_properties
    about.title, about.author, about.comments, about.language = _text(title), "Vigie Préfectures", "", FRENCH
    about.created = about.modified = made
    return word


def _styles(word: Word) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    word.styles["Normal"].font.name = FONT
    word.styles["Normal"].font.size = Pt(10.5)
    for level, size in ((1, 15), (2, 12)):
        style = word.styles[f"Heading {level}"]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
    # The template of python-docx is an American's: Word underlines all that is French, and reads it in that voice.
    for language in (*word.styles.element.iter(qn("w:lang")), *word.settings.element.iter(qn("w:themeFontLang"))):
        language.set(qn("w:val"), FRENCH)
    gloss = word.styles.add_style(GLOSS, WD_STYLE_TYPE.PARAGRAPH)
    gloss.base_style = word.styles["Normal"]
    gloss.font.italic, gloss.font.size, gloss.font.color.rgb = True, Pt(8.5), RGBColor(0x60, 0x60, 0x60)
    gloss.element.get_or_add_rPr().append(_element("w:lang", val=ENGLISH))


def _number(paragraph: Any) -> None:
    """`Page 2 / 5`, counted by whoever opens the file, so that it stays right when the advice is deleted."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words, field in (("Page ", "PAGE"), (" / ", "NUMPAGES")):
        paragraph.add_run(words).font.size = Pt(8.5)
        counted = _element("w:fldSimple", instr=field)
        run = paragraph.add_run("1")
        run.font.size = Pt(8.5)
        counted.append(run._r)
        paragraph._p.append(counted)


def _table(word: Word, block: Table) -> None:
    from docx.shared import Cm, Pt

    made = word.add_table(rows=0, cols=len(block.widths))
    made.style, made.autofit = "Table Grid", False
    widths = [Cm(WIDTH * width / sum(block.widths)) for width in block.widths]
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    for i, row in enumerate(block.rows):
        added = made.add_row()
        added._tr.get_or_add_trPr().append(_element("w:cantSplit"))
        for cell, text, width in zip(added.cells, row, widths, strict=True):
            cell.width = width
            run = cell.paragraphs[0].add_run(_text(text))
            run.font.size, run.bold = Pt(8.5), block.head and i == 0
    if block.head and block.rows:  # again at the top of each page
        made.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    word.add_paragraph()


def _element(tag: str, **attributes: str) -> Any:
    """What python-docx has no name for."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def _text(text: str) -> str:
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)
