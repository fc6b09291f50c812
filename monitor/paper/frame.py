"""The page: margins, fonts, running line, page numbers, watermark, structure, and text that is broken into lines here.

fpdf2 breaks lines well but slowly; a relevé says the same few sentences thousands of times, so broken lines are kept.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from monitor import __version__
from monitor.paper.document import Document
from monitor.paper.french import offset
from monitor.paper.structure import Element, Kind, Scope, Structure, tagged
from monitor.values import pattern

if TYPE_CHECKING:
    from fpdf import FPDF

FAMILY: Final = "DejaVu"
FILES: Final = {"": "DejaVuSansCondensed.ttf", "B": "DejaVuSansCondensed-Bold.ttf"}
LEFT, TOP, WIDTH, BOTTOM = 16.0, 20.0, 178.0, 279.0  # mm on A4
POINT: Final = 25.4 / 72  # mm
LINE: Final = 1.32  # of the size
PAGES: Final = "{pages}"  # stands for their number; its length is what fpdf2 reserves for digits
UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"
_BREAKS: Final = pattern(r"(?<!«) (?![:;!?»](?: |$))")  # not inside « … », nor before : ; ! ?
_INVISIBLE: Final = {"Cc", "Cf", "Cs", "Co", "Cn"}


class Frame:
    """A document being drawn, from the top of a page to its bottom. Lengths in mm, sizes in points."""

    left, width, bottom = LEFT, WIDTH, BOTTOM

    def __init__(self, document: Document, *, archival: bool) -> None:
        self.pdf = _pdf(document, archival=archival)
        self._glyphs: Mapping[int, Any] = self.pdf.fonts[FAMILY.lower()].cmap  # type: ignore[union-attr]
        self._widths: dict[tuple[str, bool], float] = {}
        self.wrap = lru_cache(maxsize=4096)(self._wrap)
        self.printable = lru_cache(maxsize=4096)(self._printable)
        self.y = TOP
        self.structure = Structure()
        self._element = self.structure.root
        self._marking = self._aside = False

    @property
    def at_top(self) -> bool:
        """True when nothing was drawn on this page."""
        return self.y == TOP

    def add_page(self) -> None:
        """Begin a page."""
        self._end_mark()
        self.pdf.add_page()
        self.y = TOP

    def need(self, height: float) -> bool:
        """Begin a page unless `height` is left on this one. True when it did."""
        if self.y + height <= BOTTOM or self.at_top:
            return False
        self.add_page()
        return True

    def advance(self, height: float) -> None:
        """Go down."""
        self.y += height

    def skip(self, height: float) -> None:
        """Go down, but not from the top of a page."""
        if not self.at_top:
            self.y += height

    @contextmanager
    def element(self, kind: Kind, *, alt: str = "", scope: Scope = "") -> Iterator[None]:
        """All text and pictures drawn inside are one element of the document, whatever pages they stand on."""
        if self._aside:
            yield
            return
        self._end_mark()
        above, self._element = self._element, Element(kind, self.printable(alt), scope)
        above.kids.append(self._element)
        yield
        self._end_mark()
        self._element = above

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn inside is no part of the text: a line, the head of a table again, the frame of a picture."""
        if self._aside:
            yield
            return
        self._end_mark()
        _operate(self.pdf, "/Artifact BMC")
        self._marking = self._aside = True
        yield
        self._aside = False
        self._end_mark()

    def mark(self) -> None:
        """What is drawn from here on belongs to the element that is open, if one is."""
        if self._marking or self._element is self.structure.root:
            return
        number = self.structure.mark(self._element, self.pdf.page - 1)
        _operate(self.pdf, f"/{self._element.kind} <</MCID {number}>> BDC")
        self._marking = True

    def _end_mark(self) -> None:
        if self._marking:
            _operate(self.pdf, "EMC")
            self._marking = False

    def section(self, text: str, level: int) -> None:
        """A bookmark here."""
        self.pdf.set_y(self.y)
        self.pdf.start_section(self.printable(text), level)

    def put(self, x: float, text: str, size: float, *, bold: bool = False, grey: bool = False) -> None:
        """One line of text, its top at the current height."""
        pdf = self.pdf
        self.mark()
        pdf.set_font(FAMILY, "B" if bold else "", size)
        pdf.set_text_color(90 if grey else 0)
        pdf.text(x, self.y + size * POINT * 0.95, self.printable(text))

    def write(self, text: str, *, size: float, bold: bool = False, after: float = 0) -> None:
        """A paragraph over the whole width."""
        for line in self.wrap(text, self.width, size, bold):
            self.need(size * POINT * LINE)
            self.put(self.left, line, size, bold=bold)
            self.advance(size * POINT * LINE)
        self.skip(after)

    def rule(self, grey: int = 200) -> None:
        """A thin line across."""
        with self.artifact():
            self.pdf.set_draw_color(grey)
            self.pdf.set_line_width(0.15)
            self.pdf.line(self.left, self.y, self.left + self.width, self.y)

    def output(self) -> bytes:
        """The file, with its structure where anything was drawn inside an element."""
        self._end_mark()
        data = bytes(self.pdf.output())
        return tagged(data, self.structure) if self.structure.root.kids else data

    def length(self, text: str, size: float, bold: bool = False) -> float:
        """Width of a text."""
        total = 0.0
        for char in text:
            width = self._widths.get((char, bold))
            if width is None:
                self.pdf.set_font(FAMILY, "B" if bold else "", 10)
                width = self._widths[char, bold] = self.pdf.get_string_width(char) / 10
            total += width
        return total * size

    def _wrap(self, text: str, width: float, size: float, bold: bool = False) -> tuple[str, ...]:
        """Lines no wider than `width`: broken at spaces but those of French signs, a word too long anywhere."""
        lines, line = [], ""
        for word in _BREAKS.split(self.printable(text)):
            longer = f"{line} {word}" if line else word
            if self.length(longer, size, bold) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            while self.length(word, size, bold) > width:
                cut = self._fits(word, width, size, bold)
                lines.append(word[:cut])
                word = word[cut:]
            line = word
        return (*lines, line) if line or not lines else tuple(lines)

    def _fits(self, word: str, width: float, size: float, bold: bool) -> int:
        """How many of its characters fit, at least one."""
        total = 0.0
        for i, char in enumerate(word):
            total += self.length(char, size, bold)
            if total > width:
                return max(i, 1)
        return len(word)

    def _printable(self, text: str) -> str:
        """A page's words as they can be printed: what the font lacks or what turns writing round shows as unknown."""
        clean = unicodedata.normalize("NFC", text).replace("\t", " ").replace("\n", " ").replace("\r", " ")
        return "".join(
            c if ord(c) in self._glyphs and unicodedata.category(c) not in _INVISIBLE else UNKNOWN for c in clean
        )


def _operate(pdf: FPDF, operators: str) -> None:
    """Add to the page what fpdf2 (2.8.9) has no public method for: the operators of marked content."""
    contents = pdf.pages[pdf.page].contents
    assert isinstance(contents, bytearray), "a page that is still drawn"
    contents += operators.encode("ascii") + b"\n"


def _pdf(document: Document, *, archival: bool) -> FPDF:
    import logging

    from fpdf import FPDF

    logging.getLogger("fontTools").setLevel(logging.ERROR)  # subsetting tells every table it drops

    class Pages(FPDF):
        """What is on every page."""

        def header(self) -> None:
            _operate(self, "/Artifact <</Type /Pagination>> BDC")
            if document.watermark:
                self.set_font(FAMILY, "B", 78)
                self.set_text_color(232)
                with self.rotation(52, x=105, y=148):
                    self.text(105 - self.get_string_width(document.watermark) / 2, 158, document.watermark)
                self._line(document.watermark, 6, bold=True, size=9)
            self._line(document.running, 10, size=7.5)
            _operate(self, "EMC")

        def footer(self) -> None:
            _operate(self, "/Artifact <</Type /Pagination>> BDC")
            self.set_font(FAMILY, "", 7.5)
            self.set_text_color(60)
            self.set_y(-13)
            self.set_x(LEFT)
            self.cell(WIDTH, 4, f"page {self.page_no()}/{PAGES}", align="R")
            made = document.made.astimezone(document.zone)
            self.text(
                LEFT, 287, f"Établi le {made:%d/%m/%Y à %H:%M} ({offset(made)}) — Vigie Préfectures {__version__}"
            )
            _operate(self, "EMC")

        def _line(self, text: str, y: float, *, size: float, bold: bool = False) -> None:
            self.set_font(FAMILY, "B" if bold else "", size)
            self.set_text_color(60)
            self.text(105 - self.get_string_width(text) / 2, y + 2, text)

    pdf = Pages(enforce_compliance="PDF/A-3B" if archival else None)
    for style, name in FILES.items():
        pdf.add_font(FAMILY, style, str(files("monitor") / "data" / "fonts" / name))
    pdf.set_auto_page_break(False)
    pdf.alias_nb_pages(PAGES)
    pdf.set_title(document.title)
    pdf.set_author(document.author)
    pdf.set_lang("fr-FR")
    pdf.set_creator(f"Vigie Préfectures {__version__}")
    pdf.set_creation_date(document.made.astimezone(UTC))
    return pdf
