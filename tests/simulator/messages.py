"""What comes in and what goes out: requests as a site sees them, answers as pieces that compress once."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, unquote, urlsplit

Header = tuple[str, str]


class Piece:
    """A part of a body that comes back unchanged in many answers: deflated once, spliced into each gzip stream."""

    def __init__(self, text: str) -> None:
        self.raw = text.encode()
        self._deflated: bytes | None = None

    def deflated(self) -> bytes:
        """Raw deflate blocks that end on a full flush, so that they stand anywhere in a stream."""
        if self._deflated is None:
            self._deflated = deflate(self.raw)
        return self._deflated


def deflate(data: bytes) -> bytes:
    """Raw deflate blocks ending on a full flush: self-contained, repeatable."""
    squeeze = zlib.compressobj(6, zlib.DEFLATED, -15)
    return squeeze.compress(data) + squeeze.flush(zlib.Z_FULL_FLUSH)


Body = Sequence["bytes | Piece"]
GZIP_HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\x03"
LAST_BLOCK = b"\x03\0"  # an empty final block with fixed codes


def gzip_trailer(crc: int, size: int) -> bytes:
    """The last eight bytes of a gzip member."""
    return struct.pack("<II", crc & 0xFFFFFFFF, size & 0xFFFFFFFF)


@dataclass(frozen=True)
class Request:
    """One request. scheme: as the connection was (`https` over TLS). host: name without port, lower case."""

    method: str
    scheme: str
    host: str
    port: int | None
    target: str
    headers: tuple[Header, ...] = ()
    body: bytes = b""

    @cached_property
    def path(self) -> str:
        """Path of the target, percent-decoded."""
        return unquote(urlsplit(self.target).path) or "/"

    @cached_property
    def query(self) -> Mapping[str, str]:
        """Last value of each query parameter."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @cached_property
    def form(self) -> Mapping[str, str]:
        """Fields of an url-encoded body."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @cached_property
    def cookies(self) -> Mapping[str, str]:
        """Cookies sent."""
        try:
            return {name: morsel.value for name, morsel in SimpleCookie(self.header("cookie") or "").items()}
        except CookieError:
            return {}

    def header(self, name: str) -> str | None:
        """First value of a header, name compared without case."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def takes_gzip(self) -> bool:
        """True where the client says it can read gzip."""
        return "gzip" in (self.header("accept-encoding") or "")

    @property
    def starts_a_look(self) -> bool:
        """GET and HEAD bring a visitor to a page; a hop of our own redirect loop does not."""
        return self.method in ("GET", "HEAD") and "tour" not in self.query


@dataclass(frozen=True)
class Answer:
    """One answer. type: media type; headers: what stands besides type, length, encoding, server and date."""

    status: int = 200
    body: Body = ()
    type: str = "text/html; charset=utf-8"
    headers: tuple[Header, ...] = ()
    compress: bool = field(default=True, kw_only=True)

    def with_headers(self, *headers: Header) -> Answer:
        """The same answer with more headers."""
        return replace(self, headers=(*self.headers, *headers))

    def raw(self) -> bytes:
        """The whole body as a reader gets it."""
        return b"".join(part if isinstance(part, bytes) else part.raw for part in self.body)

    def gzipped(self) -> bytes:
        """The whole body as one gzip member, unchanging pieces spliced in."""
        crc, size, out = 0, 0, [GZIP_HEAD]
        for part in self.body:
            raw = part if isinstance(part, bytes) else part.raw
            crc, size = zlib.crc32(raw, crc), size + len(raw)
            out.append(deflate(part) if isinstance(part, bytes) else part.deflated())
        return b"".join((*out, LAST_BLOCK, gzip_trailer(crc, size)))

    def wire(self, gzip: bool) -> tuple[tuple[Header, ...], bytes]:
        """Headers that describe the body, and its bytes as sent."""
        squeezed = gzip and self.compress and bool(self.body)
        data = self.gzipped() if squeezed else self.raw()
        encoding: tuple[Header, ...] = (("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")) if squeezed else ()
        length: tuple[Header, ...] = () if self.status == 304 else (("Content-Length", str(len(data))),)
        return (("Content-Type", self.type), *encoding, *length), data


def html(text: str, status: int = 200, headers: tuple[Header, ...] = ()) -> Answer:
    """A small page."""
    return Answer(status, (text.encode(),), headers=headers)


def moved(location: str, status: int = 302, headers: tuple[Header, ...] = ()) -> Answer:
    """A redirect, with no body."""
    return Answer(status, (), headers=(("Location", location), *headers))
