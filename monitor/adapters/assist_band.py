"""The band over a picture: address, date and hour, démarche, author. The picture under it is not touched."""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

SIZE, MARGIN, GAP = 17, 12, 6  # pixels
NARROWEST: Final = 640  # a narrower picture is widened with white, so that the band can be read
_GROUND, _INK, _RULE = (255, 249, 219), (20, 20, 20), (120, 90, 0)


def banded(png: bytes, lines: Sequence[str]) -> bytes:
    """A PNG: a band with these lines, under it the picture as it was. Raises OSError for what is no picture."""
    from PIL import Image, ImageDraw, ImageFont

    with Image.open(io.BytesIO(png)) as opened:
        below = opened.convert("RGB")
    font = ImageFont.truetype(str(files("monitor") / "data" / "fonts" / "DejaVuSansCondensed.ttf"), SIZE)
    width = max(below.width, NARROWEST)
    rows = [row for line in lines for row in _wrapped(line, font, width - 2 * MARGIN)]
    height = 2 * MARGIN + len(rows) * (SIZE + GAP)
    whole = Image.new("RGB", (width, height + below.height), (255, 255, 255))
    draw = ImageDraw.Draw(whole)
    draw.rectangle((0, 0, width, height - 1), fill=_GROUND)
    draw.line((0, height - 2, width, height - 2), fill=_RULE, width=2)
    for number, row in enumerate(rows):
        draw.text((MARGIN, MARGIN + number * (SIZE + GAP)), row, font=font, fill=_INK)
    whole.paste(below, (0, height))
    out = io.BytesIO()
    whole.save(out, "PNG", optimize=True)
    return out.getvalue()


def _wrapped(line: str, font: FreeTypeFont, width: int) -> list[str]:
    """The line in rows that fit, broken at spaces, or anywhere in an address that has none."""
    rows, row = list[str](), ""
    for word in line.split(" "):
        tried = f"{row} {word}" if row else word
        if font.getlength(tried) <= width:
            row = tried
            continue
        if row:
            rows.append(row)
        row = word
        while font.getlength(row) > width:
            cut = next(n for n in range(len(row) - 1, 0, -1) if n == 1 or font.getlength(row[:n]) <= width)
            rows.append(row[:cut])
            row = row[cut:]
    return [*rows, row]
