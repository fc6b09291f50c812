"""A paged document as blocks of text: what is said, apart from how a page is drawn. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo

from monitor.values import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A title. level: 0 begins a page of its own, 1 does not."""

    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. strong: in bold."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A small table. widths: share of the line of each column; the first row is its head where `head`."""

    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    head: bool = True


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of two figures under each other. columns, rows: their names; cells: by row, empty strings for nothing.

    caption: stands above it, on the same page.
    """

    caption: str
    columns: Sequence[str]
    rows: Sequence[str]
    cells: Sequence[Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class NumberedEntry:
    """One numbered line of a long list. title and quote in the middle, notes under them, digests at the right."""

    number: str
    when: Sequence[str]
    title: str
    quote: str
    notes: Sequence[str]
    digests: Sequence[str]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Entries:
    """A long list. head: the names of its four columns."""

    head: tuple[str, str, str, str]
    entries: Iterable[NumberedEntry]


@dataclass(frozen=True, slots=True)
class Picture:
    """An image (PNG, or JPEG in RGB) with the caption that belongs to it, on one page."""

    png: bytes
    caption: str
    notes: Sequence[str] = ()


Block = Heading | Paragraph | Bullets | Table | Grid | Entries | Picture


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels in the document."""

    name: str
    data: bytes
    mime: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is printed. running: on every page; watermark: large behind every page; made: aware UTC.

    zone: of the hour at the foot of every page, so that a page has one clock.
    """

    title: str
    author: str
    running: str
    blocks: Iterable[Block]
    made: datetime
    watermark: str | None = None
    attachments: Sequence[Attachment] = ()
    zone: tzinfo = UTC
