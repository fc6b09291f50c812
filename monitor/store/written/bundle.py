"""All bytes of one check as one piece: request, head and body of each exchange, compressed together.

A bundle is a zstd frame over a table of lengths and the parts one after the other; or the same with an earlier bundle
of that desk as raw-content dictionary (`zstd --patch-from`), which is then whole and of the same UTC day. Which part is
which is told by their digests, and those stand in the record: so nothing here can be taken for what it is not.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import zstandard

LEVEL: Final = 3
SMALL: Final = 20  # a difference is small where the bytes are so many times longer: a token and a date differ
_SAVES: Final = 32  # bytes a difference must save to be worth leaning on something
_COUNT: Final = struct.Struct(">H")
_LENGTH: Final = struct.Struct(">I")


def joined(parts: Sequence[bytes]) -> bytes:
    """Parts as one piece: how many, the length of each, their bytes."""
    return b"".join((_COUNT.pack(len(parts)), *(_LENGTH.pack(len(part)) for part in parts), *parts))


def parted(content: bytes) -> list[bytes]:
    """The inverse of `joined`. Raises ValueError where it is none."""
    try:
        (count,) = _COUNT.unpack_from(content)
        at = _COUNT.size + count * _LENGTH.size
        lengths = [length for (length,) in _LENGTH.iter_unpack(content[_COUNT.size : at])]
    except struct.error as error:
        raise ValueError("no table of lengths") from error
    if len(lengths) != count or at + sum(lengths) != len(content):
        raise ValueError("not as long as its parts")
    out = []
    for length in lengths:
        out.append(content[at : at + length])
        at += length
    return out


def bundled(read: Sequence[bytes], wire: Sequence[bytes], base: bytes | None) -> tuple[bytes, bool]:
    """The bytes of a check as they are stored, and whether they lean on `base`, the content of an earlier bundle.

    read: requests, heads, and bodies as they were read. wire: bodies as they came compressed. These are kept with each
    whole page (the first look of a day, every change that is not small), and where they are what came the last time;
    beside a small difference their digests alone stay in the record: a new token changes all compressed bytes that
    follow it (measured 2026-11: 1.4 kB a check of 2.3).
    """
    if base is not None:
        content = joined([*read, *(one for one in wire if one in base)])
        patch = _patch(content, base)
        if len(patch) * SMALL < len(content):
            return patch, True
    content = joined([*read, *wire])
    whole = _compressor().compress(content)
    if base is not None:
        patch = _patch(content, base)
        if len(patch) + _SAVES < len(whole):
            return patch, True
    return whole, False


def opened(stored: bytes, base: bytes | None) -> bytes:
    """The content of a stored bundle. Raises ValueError on damage."""
    import zstandard

    dictionary = _dictionary(base) if base is not None else None
    try:
        return zstandard.ZstdDecompressor(dict_data=dictionary).decompress(stored)
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from error


_WHOLE: list[zstandard.ZstdCompressor] = []


def _compressor() -> zstandard.ZstdCompressor:
    import zstandard

    if not _WHOLE:
        _WHOLE.append(zstandard.ZstdCompressor(level=LEVEL))
    return _WHOLE[0]


def _dictionary(base: bytes) -> zstandard.ZstdCompressionDict:
    import zstandard

    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def _patch(data: bytes, base: bytes) -> bytes:
    import zstandard

    parameters = zstandard.ZstdCompressionParameters.from_level(
        LEVEL, source_size=len(data) + len(base), write_dict_id=False
    )
    return zstandard.ZstdCompressor(compression_params=parameters, dict_data=_dictionary(base)).compress(data)
