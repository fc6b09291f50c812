"""A document as PDF/A-3B on A4, tagged, every font embedded. Drawn line by line: 5,000 entries in seconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC
from io import BytesIO
from typing import Final, assert_never

from monitor.paper.document import (
    Block,
    Bullets,
    Document,
    Entries,
    Grid,
    Heading,
    Paragraph,
    Picture,
    Table,
)  # fmt: skip
from monitor.paper.frame import LINE, POINT, Frame
from monitor.paper.tables import entries, grid, grid_start, table, table_start

BODY: Final = 9.5  # points
SMALL: Final = 7.5
CAPTION_GAP: Final = 3.0  # mm
ROOM: Final = 200.0  # mm, or the picture begins a page
HEADED: Final = 22.0  # mm: a heading goes to the next page with the beginning of what it is about
ENTRIES: Final = 45.0  # mm: the head of a long list, and an entry of usual height
SMALLEST: Final = 60.0  # mm a picture is high where its caption is endless


def render(document: Document, *, archival: bool = True) -> bytes:
    """The PDF. archival: PDF/A-3B with the attachments inside; without it smaller, and nothing is attached."""
    frame = Frame(document, archival=archival)
    frame.add_page()
    for block, follower in _pairs(document.blocks):
        match block:
            case Heading():
                _heading(frame, block, follower)
            case Paragraph():
                with frame.element("P"):
                    frame.write(block.text, size=BODY, bold=block.strong, after=2)
            case Bullets():
                with frame.element("L"):
                    for item in block.items:
                        _bullet(frame, item)
                frame.skip(1.5)
            case Table():
                table(frame, block)
            case Grid():
                grid(frame, block)
            case Entries():
                entries(frame, block)
            case Picture():
                _picture(frame, block)
            case _:
                assert_never(block)
    if archival:
        for one in document.attachments:
            frame.pdf.embed_file(
                bytes=one.data,
                basename=one.name,
                mime_type=one.mime,
                desc=one.description,
                modification_date=document.made.astimezone(UTC),
                associated_file_relationship="Data",
                compress=True,
            )
    return frame.output()


def _pairs(blocks: Iterable[Block]) -> Iterator[tuple[Block, Block | None]]:
    """Each block with the one after it."""
    before: Block | None = None
    for block in blocks:
        if before is not None:
            yield before, block
        before = block
    if before is not None:
        yield before, None


def _heading(frame: Frame, heading: Heading, follower: Block | None) -> None:
    if heading.level == 0:
        if not frame.at_top:
            frame.add_page()
        frame.section(heading.text, 0)
        with frame.element("H1"):
            frame.write(heading.text, size=15, bold=True, after=3)
    else:
        own = 3.5 + len(frame.wrap(heading.text, frame.width, 11, True)) * 11 * POINT * LINE
        frame.need(max(HEADED, own + _start(frame, follower)))
        frame.skip(2)
        frame.section(heading.text, 1)
        with frame.element("H2"):
            frame.write(heading.text, size=11, bold=True, after=1.5)


def _start(frame: Frame, block: Block | None) -> float:
    """Height of what never parts from a heading besides a line of text: a head with its first row, a picture."""
    match block:
        case Table():
            return table_start(frame, block)
        case Grid():
            return HEADED + grid_start(frame, block)
        case Entries():
            return ENTRIES
        case Picture():
            return ROOM
        case _:
            return 0


def _bullet(frame: Frame, text: str) -> None:
    frame.need(4.4)
    with frame.artifact():
        frame.put(frame.left + 1, "•", BODY)
    with frame.element("LI"), frame.element("LBody"):
        for line in frame.wrap(text, frame.width - 5, BODY):
            frame.need(4.4)
            frame.put(frame.left + 5, line, BODY)
            frame.advance(4.4)
    frame.skip(0.7)


def _picture(frame: Frame, picture: Picture) -> None:
    """The image as large as the page allows above its caption."""
    from PIL import Image

    frame.need(ROOM)
    caption = len(frame.wrap(picture.caption, frame.width, SMALL + 1))
    notes = sum(len(frame.wrap(note, frame.width, SMALL)) for note in picture.notes)
    room = max(frame.bottom - frame.y - CAPTION_GAP * 2 - caption * 4 - notes * 3.6, SMALLEST)
    with Image.open(BytesIO(picture.png)) as image:
        kept = image.format == "JPEG" and image.mode == "RGB"  # as it is: drawn anew it would be many times larger
        flat = image.convert("RGB")  # PDF/A: no transparency to be interpreted by a reader of later days
    scale = min(frame.width / flat.width, room / flat.height)
    width, height = flat.width * scale, flat.height * scale
    left = frame.left + (frame.width - width) / 2
    with frame.element("Figure", alt=picture.caption):
        frame.mark()
        frame.pdf.image(BytesIO(picture.png) if kept else flat, x=left, y=frame.y, w=width, h=height)
    with frame.artifact():
        frame.pdf.rect(left, frame.y, width, height)
    frame.advance(height + CAPTION_GAP)
    with frame.element("P"):
        frame.write(picture.caption, size=SMALL + 1, after=1)
    for note in picture.notes:
        with frame.element("P"):
            frame.write(note, size=SMALL)
