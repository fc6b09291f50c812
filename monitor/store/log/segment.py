"""Files of lines as a sealed sweep keeps them: a zstd frame over the bytes, or over another spelling of them.

Another spelling begins with its number, which no line begins with. `00`: the bytes that follow, as they are. `01`: each
run of an even number of lower-case hexadecimal digits, 16 to 510 of them, stands as the byte `00` and half their count;
the digits follow all lines as bytes, after `00 00`. `02`, of `plan.jsonl` alone: as `01`, and each row of a record
without its digest, which is that of the record's line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from gettext import gettext as _
from pathlib import Path
from typing import Final

from monitor.core.errors import StoreError
from monitor.values import pattern

LEVEL: Final = 9  # zstd: 303 records
MAX_FILE: Final = 256 * 1024 * 1024  # bytes a content file may inflate to
_PLAIN, _HEX, _PLAN = b"\x00", b"\x01", b"\x02"
_END: Final = b"\x00\x00"
_RUN: Final = pattern(rb"(?:[0-9a-f]{2}){8,255}")
_PLACE: Final = pattern(rb"\x00(.)", re.DOTALL)
_ROW: Final = pattern(rb'^(\{"check":"[^"\\]*","record":")([0-9a-f]{64})(","seq":(\d+)\})$', re.MULTILINE)
_SHORT: Final = pattern(rb'^(\{"check":"[^"\\]*","record":")(","seq":(\d+)\})$', re.MULTILINE)


def packed(data: bytes, *, records: Sequence[bytes] | None = None) -> bytes:
    """A file's bytes as they are stored. records: of `plan.jsonl`, the lines of the sweep's records."""
    import zstandard

    short = _HEX + _without_digits(data)
    if records is not None and len(_ROW.findall(data)) == len(records):
        short = _PLAN + _without_digits(_ROW.sub(rb"\1\3", data))
    if b"\x00" in data or _original(short, lambda: records or ()) != data:
        short = _PLAIN + data if data[:1] in (_PLAIN, _HEX, _PLAN) else data
    return zstandard.ZstdCompressor(level=LEVEL).compress(short)


def unpacked(stored: bytes, path: Path, records: Callable[[], Sequence[bytes]] = list) -> bytes:
    """The inverse of `packed`, bounded. records: reads the lines of the sweep's records, where they are needed.

    Raises StoreError naming the path.
    """
    import zstandard

    try:
        if zstandard.frame_content_size(stored) > MAX_FILE:  # the size a frame states is believed by the library
            raise StoreError(_("{path} says that it holds more than is read").format(path=path))
        data = zstandard.ZstdDecompressor().decompress(stored, max_output_size=MAX_FILE)
        return _original(data, records)
    except (zstandard.ZstdError, ValueError) as error:
        raise StoreError(_("{path} is damaged ({why})").format(path=path, why=error)) from error


def _without_digits(data: bytes) -> bytes:
    runs: list[bytes] = []

    def place(run: re.Match[bytes]) -> bytes:
        runs.append(bytes.fromhex(run[0].decode()))
        return b"\x00%c" % len(runs[-1])

    return _RUN.sub(place, data) + _END + b"".join(runs)


def _original(data: bytes, records: Callable[[], Sequence[bytes]]) -> bytes:
    kind, rest = data[:1], data[1:]
    if kind not in (_HEX, _PLAN):
        return rest if kind == _PLAIN else data
    text, found, digits = rest.partition(_END)
    at = 0

    def run(place: re.Match[bytes]) -> bytes:
        nonlocal at
        at += place[1][0]
        return digits[at - place[1][0] : at].hex().encode()

    lines = _PLACE.sub(run, text)
    if not found or at != len(digits):
        raise ValueError("not the digits it says")
    return _with_digests(lines, records()) if kind == _PLAN else lines


def _with_digests(rows: bytes, records: Sequence[bytes]) -> bytes:
    """Rows with the digest of each record put in: they are numbered as the lines follow each other."""
    numbers = sorted(int(row[3]) for row in _SHORT.finditer(rows))
    if len(numbers) != len(records):
        raise ValueError("as many rows as records")
    lines = dict(zip(numbers, records, strict=True))
    return _SHORT.sub(lambda row: row[1] + hashlib.sha256(lines[int(row[3])]).hexdigest().encode() + row[2], rows)
