"""Tables on a page: small ones, the week by hour, and the long list of observations."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Final

from monitor.paper.document import Entries, Grid, NumberedEntry, Table
from monitor.paper.frame import POINT, Frame
from monitor.paper.structure import Scope

SIZE: Final = 8.5
CELL: Final = 4.0  # mm, one line of SIZE
ENTRY: Final = 7.0  # points
ENTRY_LINE: Final = 3.15  # mm
COLUMNS: Final = (11.0, 35.0, 100.0, 32.0)  # mm: number, when, what, digests
GAP: Final = 1.5
GRID_ROW: Final = 7.2  # mm
TOGETHER: Final = 7  # rows of a grid that are not parted
TALLEST: Final = 50  # lines: a cell or entry beyond goes on under itself, so that every word lands on a page

_Line = tuple[str, bool, bool]  # text, bold, grey (grey is smaller)


def table(frame: Frame, block: Table) -> None:
    """Rows as high as their longest cell; the head again at the top of each page."""
    unit = frame.width / sum(block.widths)
    widths = [share * unit for share in block.widths]
    with frame.element("Table"):
        for i, row in enumerate(block.rows):
            _table_row(frame, block, row, widths, head=block.head and i == 0)
    frame.skip(2.5)


def table_start(frame: Frame, block: Table) -> float:
    """Height of its first two rows, as they ask for it: the head, where it has one, and what it is the head of."""
    unit = frame.width / sum(block.widths)
    asked = 0.0
    for i, row in enumerate(block.rows[:2]):
        head = block.head and i == 0
        lines = [len(frame.wrap(cell, w * unit - GAP, SIZE, head)) for cell, w in zip(row, block.widths, strict=True)]
        asked += (min(max(lines), TALLEST) + 1 + head * 2) * CELL
    return asked


def _table_row(frame: Frame, block: Table, row: Sequence[str], widths: Sequence[float], *, head: bool) -> None:
    wrapped = [frame.wrap(cell, w - GAP, SIZE, head) for cell, w in zip(row, widths, strict=True)]
    longest = max(map(len, wrapped))
    for part in range(0, max(longest, 1), TALLEST):
        lines = [cell[part : part + TALLEST] for cell in wrapped]
        if frame.need((max(map(len, lines)) + 1 + head * 2) * CELL) and block.head and not head:
            again = [frame.wrap(c, w - GAP, SIZE, True) for c, w in zip(block.rows[0], widths, strict=True)]
            with frame.artifact():
                _row(frame, again, widths, bold=True)
        with frame.element("TR"):
            _row(frame, lines, widths, bold=head, named=not block.head)


def _row(
    frame: Frame, cells: Sequence[Sequence[str]], widths: Sequence[float], *, bold: bool, named: bool = False
) -> None:  # fmt: skip
    """named: its first cell is the head of the row, as it is in a table without a head of its own."""
    top, x, high = frame.y, frame.left, CELL
    for i, (lines, width) in enumerate(zip(cells, widths, strict=True)):
        frame.y = top
        with _cell(frame, "Column" if bold else "Row" if named and i == 0 else ""):
            for line in lines:
                frame.put(x, line, SIZE, bold=bold)
                frame.advance(CELL)
        high, x = max(high, frame.y - top), x + width
    frame.y = top + high + 0.6
    frame.rule(120 if bold else 215)
    frame.advance(0.8)


def _cell(frame: Frame, heads: Scope) -> AbstractContextManager[None]:
    return frame.element("TH" if heads else "TD", scope=heads)


def grid_start(frame: Frame, block: Grid) -> float:
    """Height of its caption and the rows that are not parted."""
    caption = CELL * len(frame.wrap(block.caption, frame.width, SIZE))
    return caption + GRID_ROW * (min(len(block.rows), TOGETHER) + 1)


def grid(frame: Frame, block: Grid) -> None:
    """Two figures a cell, the second small under the first; the names of its columns again at the top of a page."""
    label, high = max([18.0, *(frame.length(name, 7.5) + GAP for name in block.rows)]), GRID_ROW
    wide = (frame.width - label) / len(block.columns)
    frame.need(grid_start(frame, block))
    with frame.element("Table"):
        with frame.element("Caption"):
            frame.write(block.caption, size=SIZE, after=1.5)
        with frame.element("TR"):
            _columns(frame, block, label, wide)
        for name, cells in zip(block.rows, block.cells, strict=True):
            if frame.need(high):
                with frame.artifact():
                    _columns(frame, block, label, wide)
            frame.rule(215)
            frame.advance(0.6)
            with frame.element("TR"):
                _grid_row(frame, name, cells, label, wide)
            frame.y += high - 0.6
    frame.rule(215)
    frame.advance(3)


def _grid_row(frame: Frame, name: str, cells: Sequence[tuple[str, str]], label: float, wide: float) -> None:
    top = frame.y
    with _cell(frame, "Row"):
        frame.put(frame.left, name, 7.5)
    for i, (first, second) in enumerate(cells):
        x = frame.left + label + i * wide
        with _cell(frame, ""):
            _centred(frame, x, wide, first, 7, bold=True)
            frame.y = top + 3
            _centred(frame, x, wide, second, 6, grey=True)
        frame.y = top


def _columns(frame: Frame, block: Grid, label: float, wide: float) -> None:
    with _cell(frame, ""):
        pass  # above the names of the rows
    for i, name in enumerate(block.columns):
        with _cell(frame, "Column"):
            _centred(frame, frame.left + label + i * wide, wide, name, 6.5, grey=True)
    frame.advance(4)


def _centred(
    frame: Frame, x: float, width: float, text: str, size: float, *, bold: bool = False, grey: bool = False
) -> None:  # fmt: skip
    frame.put(x + (width - frame.length(text, size, bold)) / 2, text, size, bold=bold, grey=grey)


def entries(frame: Frame, block: Entries) -> None:
    """The list, its head at the top of each page; an entry is never cut by the end of a page."""
    with frame.element("Table"):
        with frame.element("TR"):
            _head(frame, block.head)
        for entry in block.entries:
            with frame.element("TR"):
                _entry(frame, entry, block.head)


def _head(frame: Frame, head: tuple[str, str, str, str]) -> None:
    frame.need(20)
    x = frame.left
    for name, width in zip(head, COLUMNS, strict=True):
        with _cell(frame, "Column"):
            frame.put(x, name, ENTRY, bold=True)
        x += width
    frame.advance(ENTRY_LINE + 0.8)
    frame.rule(120)
    frame.advance(0.8)


def _entry(frame: Frame, entry: NumberedEntry, head: tuple[str, str, str, str]) -> None:
    wide = COLUMNS[2] - GAP * 2
    middle = [(line, True, False) for line in frame.wrap(entry.title, wide, ENTRY, True)]
    if entry.quote:
        middle += [(line, entry.strong, False) for line in frame.wrap(entry.quote, wide, ENTRY, entry.strong)]
    middle += [(line, False, True) for note in entry.notes for line in frame.wrap(note, wide, ENTRY - 0.8)]
    when = [(line, i == 0, i > 0) for i, line in enumerate(entry.when)]
    digests = [(line, False, False) for line in entry.digests]
    _part(frame, ([(entry.number, False, False)], when, middle[:TALLEST], digests), head)
    for start in range(TALLEST, len(middle), TALLEST):
        _part(frame, ([], [], middle[start : start + TALLEST], []), head)


def _part(frame: Frame, columns: tuple[list[_Line], ...], head: tuple[str, str, str, str]) -> None:
    if frame.need(max(map(len, columns)) * ENTRY_LINE + 1.6):
        with frame.artifact():
            _head(frame, head)
    top, x, high = frame.y, frame.left, frame.y
    for lines, width in zip(columns, COLUMNS, strict=True):
        with _cell(frame, ""):
            _column(frame, x, top, lines)
        high, x = max(high, frame.y), x + width
    frame.y = high + 0.6
    frame.rule()
    frame.advance(0.9)


def _column(frame: Frame, x: float, top: float, lines: list[_Line]) -> None:
    frame.y = top
    for text, bold, grey in lines:
        frame.put(x, text, ENTRY - 0.8 if grey else ENTRY, bold=bold, grey=grey)
        frame.advance(ENTRY_LINE)


assert ENTRY * POINT < ENTRY_LINE, "lines of an entry do not touch"
