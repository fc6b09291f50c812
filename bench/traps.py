"""What a hostile or broken site answers: each trap is the raw bytes of one answer, or silence."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from functools import cache

MEGABYTE = 1 << 20
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


def _sized(body: bytes) -> Iterator[bytes]:
    yield HTML + b"Content-Length: %d\r\n\r\n" % len(body)
    for start in range(0, len(body), MEGABYTE // 16):
        yield body[start : start + MEGABYTE // 16]


def _big() -> Iterator[bytes]:
    """200 MB of page."""
    block = (b"<p>Il pleut sur la ville. </p>\n" * 4000)[: MEGABYTE // 16].ljust(MEGABYTE // 16)
    yield HTML + b"Content-Length: %d\r\n\r\n" % (200 * MEGABYTE)
    for _ in range(200 * 16):
        yield block


@cache
def _bomb_bytes() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    plain = b"a" * MEGABYTE
    return b"".join(packer.compress(plain) for _ in range(1024)) + packer.flush()


def _bomb() -> Iterator[bytes]:
    """1 MB of gzip that inflates to 1 GiB."""
    body = _bomb_bytes()
    yield HTML + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    yield body


def _dense() -> Iterator[bytes]:
    """1 MB of nothing but tags: what costs a parser most."""
    return _sized(b"<html><body>" + b"<i><b>" * (1_000_000 // 6))


def _attributes() -> Iterator[bytes]:
    """Tags of 99 kB of attributes, ten of them: just under what is refused."""
    tag = b"<p " + b" ".join(b"a%d=1" % i for i in range(12_000)) + b">"
    return _sized(b"<html><body>" + tag[:99_000] + (b">" + tag[:99_000]) * 9 + b">")


def _header_bomb() -> Iterator[bytes]:
    """16 MB of headers."""
    yield b"HTTP/1.1 200 OK\r\n"
    for number in range(2000):
        yield b"X-%d: %s\r\n" % (number, b"a" * 8000)
    yield b"\r\n"


TRAPS: dict[str, Callable[[], Iterator[bytes] | None]] = {
    "big": _big,
    "bomb": _bomb,
    "dense_tags": _dense,
    "long_attributes": _attributes,
    "header_bomb": _header_bomb,
    "hang": lambda: None,
}
