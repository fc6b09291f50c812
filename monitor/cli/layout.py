"""How lines fit: a terminal gets lines no longer than it is wide, a pipe one record a line, cells apart by a tab.
Colour only repeats what words say.

Width is counted in columns (a Chinese character takes two, a combining accent none). Nothing is ever cut: what does
not fit goes on below. `wcwidth` is loaded only where somebody looks on.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from gettext import gettext as _
from itertools import zip_longest
from re import DOTALL
from typing import Final, TextIO

from monitor.values import pattern

GAP: Final = 2  # columns between two cells
NARROWEST: Final = 20  # below it a terminal is taken for this wide: words would be cut letter by letter
WIDEST: Final = 40  # columns the widest cells of rows must have for the rows to stand as a table

_BREAK: Final = pattern(
    r"[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+"
)  # what ends a line or a cell for whoever reads the pipe
_SET_IN: Final = pattern(r"( *)(\S+ {2,})?(.*)", DOTALL)
_COLOURS: Final = {
    "●": "32", "◐": "32", "○": "0", "■": "33", "△": "33", "✕": "31", "✗": "31", "?": "35", "–": "31", "▤": "36",
    "◌": "36",
}  # fmt: skip


def coloured(stream: TextIO) -> bool:
    """True where colour may be used: a terminal that can, and no NO_COLOR (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, stream: TextIO | None = None) -> str:
    """The text in its mark's colour where that helps."""
    colour = _COLOURS.get(text[:1])
    return f"\x1b[{colour}m{text}\x1b[0m" if colour and coloured(stream or sys.stdout) else text


def room(out: TextIO | None = None) -> int:
    """Columns of the terminal; 0 where nobody looks on: there no line is wrapped."""
    stream = out or sys.stdout
    return max(shutil.get_terminal_size((80, 24)).columns, NARROWEST) if stream.isatty() else 0


def say(text: str, indent: int = 0, *, hang: int = 0, out: TextIO | None = None) -> None:
    """Paragraphs, one a line of the text, `indent` columns in; their other lines `hang` columns further.

    A line keeps an indentation of its own, and goes on under its words where a first cell stands apart before them.
    """
    for line in text.split("\n"):
        own, cell, words = _set_in(line)
        if words:
            flow([cell + words], indent + own, hang=hang or len(cell), out=out)
        else:
            print(file=out)


def _set_in(line: str) -> tuple[int, str, str]:
    """How far a line stands in, its first cell with the blanks behind it where it is set apart, and the rest."""
    found = _SET_IN.fullmatch(line)
    assert found is not None
    return len(found[1]), found[2] or "", found[3].rstrip()


def flow(cells: Sequence[str], indent: int = 0, *, hang: int = 0, out: TextIO | None = None) -> None:
    """Cells one after the other, on as many lines as they need; a cell that fits on a line is not broken."""
    for line in flowed(cells, room(out), indent, hang):
        print(line, file=out)


def flowed(cells: Sequence[str], columns: int, indent: int = 0, hang: int = 0) -> list[str]:
    """The lines of `flow`. columns: 0 for no limit."""
    told, gap = [cell for cell in cells if cell], " " * GAP
    if not columns or not told:
        return [" " * indent + gap.join(told)] if told else []
    from wcwidth import width, wrap

    lines = [" " * indent]
    for cell in told:
        start = width(lines[-1])
        before = "" if not lines[-1].strip() else gap
        if before and start + GAP + width(cell) > columns:
            lines.append(" " * (indent + hang))
            before = ""
        first = lines.pop() + before
        below = " " * (indent + hang)
        lines += wrap(cell, columns, initial_indent=first, subsequent_indent=below, break_on_hyphens=False) or [first]
    return lines


def table(
    rows: Sequence[Sequence[str]], heads: Sequence[str] = (), indent: int = 0, *, out: TextIO | None = None
) -> None:
    """Rows of as many cells each. heads: what the cells are, above a table, or before each cell where the terminal is
    too narrow for one, empty where a cell says it itself; a pipe gets none.
    """
    painted = [[*(paint(cell, out) for cell in row[:1]), *row[1:]] for row in rows]
    for line in tabulated(painted, heads, room(out), indent):
        print(line, file=out)


def tabulated(rows: Sequence[Sequence[str]], heads: Sequence[str], columns: int, indent: int = 0) -> list[str]:
    """The lines of `table`. columns: 0 for a pipe."""
    if not columns:
        return ["\t".join(_BREAK.sub(" ", cell) for cell in row) for row in rows]
    if not rows:
        return []
    from wcwidth import width

    used = [i for i in range(len(rows[0])) if any(row[i] for row in rows)]
    if not used:
        return []
    kept = [[row[i] for i in used] for row in rows]
    named = [heads[i] for i in used] if heads else []
    widths = [max(1, *map(width, column)) for column in zip(*kept, *([named] if named else []), strict=True)]
    bent = max(range(len(widths)), key=widths.__getitem__)  # the widest column goes on below itself
    left = columns - indent - sum(widths) + widths[bent] - GAP * (len(widths) - 1)
    if left < min(widths[bent], WIDEST):
        return [line for row in kept for line in _stacked(row, named, columns, indent)]
    widths[bent] = min(left, widths[bent])
    return [line for row in ([named] if named else []) + kept for line in _across(row, widths, indent)]


def _across(row: Sequence[str], widths: Sequence[int], indent: int) -> list[str]:
    """One row of a table."""
    from wcwidth import ljust, wrap

    columns = [wrap(cell, wide, break_on_hyphens=False) for cell, wide in zip(row, widths, strict=True)]
    gap = " " * GAP
    return [
        (" " * indent + gap.join(map(ljust, parts, widths))).rstrip() for parts in zip_longest(*columns, fillvalue="")
    ]


def _stacked(row: Sequence[str], heads: Sequence[str], columns: int, indent: int) -> list[str]:
    """One row as a block: its first cell, and the others beneath with what they are."""
    lines = flowed(row[:1], columns, indent, GAP)
    if not heads:
        return lines + flowed(row[1:], columns, indent + GAP, GAP)
    for head, cell in zip(heads[1:], row[1:], strict=True):
        told = _("{what}: {told}").format(what=head, told=cell) if head else cell
        lines += flowed([told] if cell else [], columns, indent + GAP, GAP)
    return lines
