"""A page as an ordered list of blocks, and the sentences that stand in them, each knowing what it stands under."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import Literal
from urllib.parse import urlsplit

from monitor.read.notices.prose.typography import Folded, collapse, fold
from monitor.values import dataclass, pattern

BlockKind = Literal["title", "heading", "paragraph", "item", "row", "menu"]
Flag = Literal["children_not_read", "navigation_only"]

_SENTENCE_END = pattern(r"(?<=[.!?])[\"»)]?\s+(?=[A-ZÀ-ÖØ-Þ0-9«\"(•■*-])")
_ABBREVIATION = pattern(
    r"(?:^|[\s(«'’])(?:art|tél|tel|av|bd|st|ste|mm?|mme|dr|r|l|d|a|cf|n°|p|ex|min|max|env|éd|no)\.$|^(?:\d{1,2}|[IVX]{1,4}|[A-Z])\.$",
    re.IGNORECASE,
)
_LONGEST = 1500  # letters; the longest sentence met on a préfecture page has some 600
_BULLET = pattern(r"^(?:[•●◦■□▪►▸→·*>–—-]+|o(?=\s))\s*")


@dataclass(frozen=True, slots=True)
class Link:
    """A link as printed. url: the href, as written in the page. start, end: offsets in the document's visible text."""

    label: str
    url: str
    start: int
    end: int


def _leads(href: str) -> bool:
    """False for what no browser could follow, such as `https://[www.ain.gouv.fr/`."""
    try:
        urlsplit(href)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A block before its place is known. level: 1-6 for headings, depth for items. group: what stands together.

    text: white space collapsed. links: (label, href, offset in text, length). breaks: offsets of the spaces between
    table cells.
    """

    kind: BlockKind
    text: str
    level: int = 0
    group: int = 0
    links: tuple[tuple[str, str, int, int], ...] = ()
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence, item, table row or heading.

    start, end: offsets in the visible text. low: folded words, bullet removed. headings: indexes of the heading units
    it stands under, outermost first. lead: index of the unit that introduces it ("... à l'adresse suivante :").
    """

    index: int
    kind: BlockKind
    level: int
    group: int
    block: int
    start: int
    end: int
    text: str
    folded: Folded
    headings: tuple[int, ...] = ()
    lead: int | None = None
    links: tuple[Link, ...] = ()

    @property
    def low(self) -> str:
        """Folded text."""
        return self.folded.text

    @property
    def is_heading(self) -> bool:
        """True for titles and headings."""
        return self.kind in ("title", "heading")

    @property
    def asks(self) -> bool:
        """True for a question: it asserts nothing."""
        return self.low.rstrip(' "').endswith("?")

    def within(self, offset: int) -> int:
        """Index in the folded text of an offset in the visible text."""
        place = offset - self.start
        origins = self.folded.origins
        return place if origins is None else bisect_left(origins, place)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the visible text of a part of the folded text."""
        return self.start + self.folded.origin(start), self.start + self.folded.origin(end)


@dataclass(frozen=True)
class Prose:
    """What a page visibly says in its main content. text: blocks joined by line feeds."""

    text: str
    units: tuple[Unit, ...]
    url: str = ""
    flags: frozenset[Flag] = frozenset()

    def quote(self, start: int, end: int) -> str:
        """A verbatim part of the visible text, runs of white space made one space."""
        return collapse(self.text[start:end])

    @cached_property
    def title(self) -> Unit | None:
        """The page's own title."""
        return next((unit for unit in self.units if unit.kind == "title"), None)

    def above(self, unit: Unit) -> list[Unit]:
        """Heading units over a unit, nearest first, the title last."""
        found = [self.units[index] for index in reversed(unit.headings)]
        if self.title is not None and self.title not in found and self.title.index != unit.index:
            found.append(self.title)
        return found

    def lead_of(self, unit: Unit) -> Unit | None:
        """The unit that introduces this one."""
        return None if unit.lead is None else self.units[unit.lead]

    @cached_property
    def _section_ends(self) -> dict[int, int]:
        """For each heading the index of the unit after its section."""
        ends: dict[int, int] = {}
        open_headings: list[int] = []
        for unit in self.units:
            while open_headings and open_headings[-1] not in unit.headings[-1:]:
                ends[open_headings.pop()] = unit.index
            if unit.is_heading:
                open_headings.append(unit.index)
        return ends

    def section(self, heading: Unit, most: int | None = None) -> tuple[Unit, ...]:
        """Units under a heading, or the first of them; every other unit for the title."""
        begin = heading.index + 1
        if heading.kind == "title":
            below = self.units[begin : None if most is None else begin + most]
            return (*self.units[: heading.index], *below)[:most]
        end = self._section_ends.get(heading.index, len(self.units))
        return self.units[begin : end if most is None else min(end, begin + most)]


def assemble(blocks: Sequence[RawBlock], url: str, flags: frozenset[Flag] = frozenset()) -> Prose:
    """Lay blocks out one a line and cut them into units."""
    lines: list[str] = []
    units: list[Unit] = []
    open_headings: list[tuple[int, int]] = []  # (level, unit index)
    offset = 0
    for number, block in enumerate(blocks):
        links = _links(block, offset)
        if block.kind in ("title", "heading"):
            while open_headings and open_headings[-1][0] >= block.level:
                open_headings.pop()
        path = tuple(index for _, index in open_headings)
        for start, end in _cut(block):
            text = block.text[start:end]
            a, b = offset + start, offset + end
            first, last = bisect_right(links, a, key=_end), bisect_left(links, b, key=_start)
            units.append(
                Unit(
                    len(units),
                    block.kind,
                    block.level,
                    block.group,
                    number,
                    a,
                    b,
                    text,
                    _folded(block, start, end),
                    path,
                    _lead(units, block, number),
                    tuple(links[first:last]),
                )
            )
        if block.kind in ("title", "heading") and units and units[-1].block == number:
            open_headings.append((block.level, units[-1].index))
        lines.append(block.text)
        offset += len(block.text) + 1
    return Prose("\n".join(lines), tuple(units), url, flags)


def _links(block: RawBlock, offset: int) -> list[Link]:
    """The links of a block in the order they stand in; one within another is left out, as browsers close the first."""
    found: list[Link] = []
    for label, href, at, size in sorted(block.links, key=lambda link: link[2]):
        if _leads(href) and (not found or found[-1].end <= offset + at):
            found.append(Link(label, href, offset + at, offset + at + size))
    return found


def _start(link: Link) -> int:
    return link.start


def _end(link: Link) -> int:
    return link.end


def _folded(block: RawBlock, start: int, end: int) -> Folded:
    """Folded words of a part of a block; the space between two table cells reads as a semicolon."""
    breaks = block.breaks[bisect_right(block.breaks, start) : bisect_left(block.breaks, end)]
    if not breaks:
        return fold(block.text[start:end])
    letters = list(block.text[start:end])
    for at in breaks:
        letters[at - start] = ";"
    return fold("".join(letters))


def _lead(units: Sequence[Unit], block: RawBlock, number: int) -> int | None:
    """Index of the introducing unit: the last one that ends with a colon, while what it introduces goes on."""
    if not units or block.kind in ("title", "heading"):
        return None
    last = units[-1]
    if last.block == number:
        return last.lead
    if _introduces(last) and (last.kind != "item" or block.kind != "item" or block.level > last.level):
        return last.index
    if block.kind == "item" and last.kind == "item" and not last.is_heading:
        return _lead_among_items(units, last, block.level)
    return last.lead if block.group == last.group and block.kind == last.kind and last.lead is not None else None


def _lead_among_items(units: Sequence[Unit], last: Unit, level: int) -> int | None:
    """Lead of an item that follows another: an outer item does not keep the lead of an inner one."""
    lead = last.lead
    while lead is not None and units[lead].kind == "item" and units[lead].level >= level:
        lead = units[lead].lead
    if lead is None and level > last.level:
        return last.index
    return lead


def _introduces(unit: Unit) -> bool:
    return not unit.is_heading and unit.low.rstrip().endswith(":")


def _cut(block: RawBlock) -> list[tuple[int, int]]:
    """Sentence spans of a block, its bullet left out."""
    if block.kind == "menu":
        return []
    bullet = _BULLET.match(block.text)
    begin = bullet.end() if bullet and bullet.end() < len(block.text) else 0
    if block.kind in ("title", "heading"):
        return [(begin, min(len(block.text), begin + _LONGEST))] if block.text[begin:].strip() else []
    spans: list[tuple[int, int]] = []
    for found in _SENTENCE_END.finditer(block.text, begin):
        stop = found.start() + len(found.group().rstrip())
        if not _ABBREVIATION.search(block.text[max(begin, found.start() - 8) : found.start()]):
            spans.append((begin, stop))
            begin = found.end()
    if block.text[begin:].strip():
        spans.append((begin, len(block.text.rstrip())))
    return [part for span in spans for part in _short(block.text, *span)]


def _short(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    """A span cut at spaces into parts no longer than any sentence: text without stops must not cost its square."""
    parts = []
    while end - begin > _LONGEST:
        space = text.rfind(" ", begin + 1, begin + _LONGEST)
        stop = space if space > begin else begin + _LONGEST
        parts.append((begin, stop))
        begin = stop + (space > begin)
    return [*parts, (begin, end)]
