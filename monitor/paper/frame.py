"""The page: margins, fonts, running line, page numbers, watermark, and text that is broken into lines here.

fpdf2 breaks lines well but slowly; a relevé says the same few sentences thousands of times, so broken lines are kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from monitor import __version__
from monitor.paper.document import Document
from monitor.paper.french import offset

if TYPE_CHECKING:
    from fpdf import FPDF

FAMILY: Final = "DejaVu"
FILES: Final = {"": "DejaVuSansCondensed.ttf", "B": "DejaVuSansCondensed-Bold.ttf"}
LEFT, TOP, WIDTH, BOTTOM = 16.0, 20.0, 178.0, 279.0  # mm on A4
POINT: Final = 25.4 / 72  # mm
LINE: Final = 1.32  # of the size
UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"
_BREAKS: Final = re.compile(r"(?<!«) (?![:;!?»](?: |$))")  # not inside « … », nor before : ; ! ?
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

    @property
    def at_top(self) -> bool:
        """True when nothing was drawn on this page."""
        return self.y == TOP

    def add_page(self) -> None:
        """Begin a page."""
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

    def section(self, text: str, level: int) -> None:
        """A bookmark here."""
        self.pdf.set_y(self.y)
        self.pdf.start_section(self.printable(text), level)

    def put(self, x: float, text: str, size: float, *, bold: bool = False, grey: bool = False) -> None:
        """One line of text, its top at the current height."""
        pdf = self.pdf
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
        self.pdf.set_draw_color(grey)
        self.pdf.set_line_width(0.15)
        self.pdf.line(self.left, self.y, self.left + self.width, self.y)

    def output(self) -> bytes:
        """The file."""
        return bytes(self.pdf.output())

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


def _pdf(document: Document, *, archival: bool) -> FPDF:
    import logging

    from fpdf import FPDF

    logging.getLogger("fontTools").setLevel(logging.ERROR)  # subsetting tells every table it drops

    class Pages(FPDF):
        """What is on every page."""

        def header(self) -> None:
            if document.watermark:
                self.set_font(FAMILY, "B", 78)
                self.set_text_color(232)
                with self.rotation(52, x=105, y=148):
                    self.text(105 - self.get_string_width(document.watermark) / 2, 158, document.watermark)
                self._line(document.watermark, 6, bold=True, size=9)
            self._line(document.running, 10, size=7.5)

        def footer(self) -> None:
            self.set_font(FAMILY, "", 7.5)
            self.set_text_color(60)
            self.set_y(-13)
            self.set_x(LEFT)
            self.cell(WIDTH, 4, f"page {self.page_no()}/{{nb}}", align="R")
            made = document.made.astimezone(document.zone)
            self.text(
                LEFT, 287, f"Établi le {made:%d/%m/%Y à %H:%M} ({offset(made)}) — Vigie Préfectures {__version__}"
            )

        def _line(self, text: str, y: float, *, size: float, bold: bool = False) -> None:
            self.set_font(FAMILY, "B" if bold else "", size)
            self.set_text_color(60)
            self.text(105 - self.get_string_width(text) / 2, y + 2, text)

    pdf = Pages(enforce_compliance="PDF/A-3B" if archival else None)
    for style, name in FILES.items():
        pdf.add_font(FAMILY, style, str(files("monitor") / "data" / "fonts" / name))
    pdf.set_auto_page_break(False)
    pdf.set_title(document.title)
    pdf.set_author(document.author)
    pdf.set_lang("fr-FR")
    pdf.set_creator(f"Vigie Préfectures {__version__}")
    pdf.set_creation_date(document.made.astimezone(UTC))
    return pdf
