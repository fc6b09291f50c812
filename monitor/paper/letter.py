"""A letter to be edited: French text with an English gloss under it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from monitor.paper.document import Bullets, Heading, Paragraph, Table
from monitor.values import dataclass


@dataclass(frozen=True, slots=True)
class Gloss:
    """What the French before it says, in English: to be understood, not to be sent."""

    text: str


Line = Heading | Paragraph | Bullets | Table | Gloss


_MARKS: Final = {"# ": 0, "## ": 1}


def lines_of(text: str) -> list[Line]:
    """Blocks of a draft: `# ` and `## ` titles, `- ` lists, `> ` glosses, `| a | b |` rows, paragraphs line by line."""
    out: list[Line] = []
    for line in text.splitlines():
        out += _line(line.strip(), out)
    return out


def _line(line: str, before: list[Line]) -> list[Line]:
    last = before[-1] if before else None
    if not line:
        return []
    if (level := _MARKS.get(re.match(r"#* ?", line)[0])) is not None:  # type: ignore[index]  # matches the empty text
        return [Heading(line.lstrip("# "), level)]
    if line.startswith("> "):
        return [Gloss(line[2:])]
    if line.startswith("- "):
        if isinstance(last, Bullets):
            before[-1] = Bullets((*last.items, line[2:]))
            return []
        return [Bullets((line[2:],))]
    if line.startswith("| ") and line.endswith(" |"):
        row = [cell.strip() for cell in line[2:-2].split(" | ")]
        if isinstance(last, Table) and len(last.widths) == len(row):
            before[-1] = Table(rows := (*last.rows, row), _fitted(rows))
            return []
        return [Table((row,), _fitted([row]))]
    return [Paragraph(line[2:-2], strong=True) if re.fullmatch(r"\*\*.+\*\*", line) else Paragraph(line)]


def _fitted(rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Shares of a line of 100 characters: a column's longest word is not cut, and what is long has what is left."""
    longest = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    words = [
        max(len(word) for cell in column for word in (cell.split() or ("",))) for column in zip(*rows, strict=True)
    ]
    least = [min(word, 20) + 4 for word in words]  # with the margins of a cell, and in bold
    wanted = [max(0, min(length, 60) - width) for length, width in zip(longest, least, strict=True)]
    left = max(0, 100 - sum(least))
    return tuple(width + left * want // (sum(wanted) or 1) for width, want in zip(least, wanted, strict=True))


def title_of(lines: Sequence[Line]) -> str:
    """The title of the letter itself: the first that is not of advice to be deleted."""
    titles = [line.text for line in lines if isinstance(line, Heading) and line.level == 0]
    return next((title for title in titles if "à effacer" not in title), "")


def flat(text: str) -> str:
    """A person's or a site's words as one line of a draft, without what a draft is laid out with."""
    words = " ".join(text.split()).replace(" | ", " / ")
    return re.sub(r"^(#+|>|-|\|)\s", "", words)


def told(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Rows of a table, each cell on one line."""
    return [[flat(cell) or "-" for cell in row] for row in rows]
