"""A picture of six digits that a person can read: a PNG of 200 x 70, made without a library."""

from __future__ import annotations

import base64
import random
import struct
import zlib

WIDTH, HEIGHT, SCALE = 200, 70, 7
DIGITS = (
    "111101101101111", "010110010010111", "111001111100111", "111001111001111", "101101111001001",
    "111100111001111", "111100111101111", "111001010010010", "111101111101111", "111101111001111",
)  # fmt: skip
"""Each digit as 3 columns x 5 rows, row by row."""


def draw(code: str, pick: random.Random) -> bytes:
    """The PNG of a code, digits shifted and the ground speckled."""
    rows = [bytearray(pick.choice((235, 245, 255)) for _ in range(WIDTH)) for _ in range(HEIGHT)]
    for place, digit in enumerate(code):
        left, top = 12 + place * 30 + pick.randint(-3, 3), 15 + pick.randint(-6, 6)
        for index, dot in enumerate(DIGITS[int(digit)]):
            if dot == "1":
                x, y = left + (index % 3) * SCALE, top + (index // 3) * SCALE
                for row in rows[y : y + SCALE]:
                    row[x : x + SCALE] = bytes([40] * SCALE)
    data = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def data_uri(code: str, pick: random.Random) -> str:
    """The picture as the page carries it."""
    return "data:image/png;base64," + base64.b64encode(draw(code, pick)).decode()
