"""Answers broken on the wire: silence, drips, resets, lying lengths, endless bodies. Each ends the connection."""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.simulator.clock import Clock
from tests.simulator.messages import GZIP_HEAD, LAST_BLOCK, Answer, Header, Request, deflate, gzip_trailer
from tests.simulator.states import State
from tests.simulator.wire import Wire

MEGABYTE = 1 << 20
HTML: Header = ("Content-Type", "text/html; charset=utf-8")
SENTENCE = (
    "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous. Veuillez recommencer ultérieurement."
)
LURE = f'<html><body><div id="global_Booking"><form id="FormBookingCreate">{SENTENCE}</form></div>'.encode()


@dataclass(frozen=True, slots=True)
class Line:
    """Where a fault plays: the connection, what was asked, and the answer that would have come."""

    wire: Wire
    clock: Clock
    request: Request
    answer: Answer

    async def head(self, *headers: Header, status: int = 200) -> None:
        """Send a status line and headers."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in (("Server", "Apache"), *headers))
        await self.wire.write(f"HTTP/1.1 {status} OK\r\n{lines}\r\n".encode("latin-1"))

    async def usual(self) -> bytes:
        """Send the head of the usual answer; its body as it would be sent."""
        headers, body = self.answer.wire(self.request.takes_gzip)
        await self.head(*headers, ("Connection", "close"), status=self.answer.status)
        return body

    async def silence(self, seconds: float) -> None:
        """So many virtual seconds without a byte, until the client leaves (then Gone)."""
        await self.wire.wait(seconds * self.clock.scale)


async def _hang(line: Line, state: State) -> None:
    await line.silence(state.number("seconds", 3600))


async def _hang_body(line: Line, state: State) -> None:
    body = await line.usual()
    await line.wire.write(body[: int(len(body) * state.number("cut", 0.5))])
    await line.silence(state.number("seconds", 3600))


async def _drip(line: Line, state: State) -> None:
    """A byte a (virtual) second: no read ever times out."""
    for byte in await line.usual():
        await line.wire.write(bytes((byte,)))
        await line.silence(1)


async def _slow(line: Line, state: State) -> None:
    """A whole answer, spread over `seconds`."""
    body = await line.usual()
    step = max(1, len(body) // 20)
    for start in range(0, len(body), step):
        await line.silence(state.number("seconds", 6) / 20)
        await line.wire.write(body[start : start + step])


async def _late(line: Line, state: State) -> None:
    """A whole answer, after `seconds` of nothing."""
    await line.silence(state.number("seconds", 5))
    body = await line.usual()
    await line.wire.write(body)


async def _reset(line: Line, state: State) -> None:
    line.wire.reset()


async def _reset_headers(line: Line, state: State) -> None:
    await line.wire.write(b"HTTP/1.1 200 OK\r\nServer: Apache\r\nContent-Ty")
    await line.wire.wait(0.05)  # let the bytes leave before the reset discards them
    line.wire.reset()


async def _reset_body(line: Line, state: State) -> None:
    body = await line.usual()
    await line.wire.write(body[: int(len(body) * state.number("cut", 0.5))])
    await line.wire.wait(0.05)
    line.wire.reset()


async def _truncated(line: Line, state: State) -> None:
    """A closed connection before the announced length."""
    body = await line.usual()
    await line.wire.write(body[: int(len(body) * state.number("cut", 0.5))])


async def _truncated_chunked(line: Line, state: State) -> None:
    """A chunked body without its last chunk."""
    await line.head(HTML, ("Transfer-Encoding", "chunked"))
    part = line.answer.raw()[: int(len(line.answer.raw()) * state.number("cut", 0.5))]
    await line.wire.write(b"%x\r\n%s\r\n" % (len(part), part))


async def _big(line: Line, state: State) -> None:
    """`mb` megabytes of page."""
    count = int(state.number("mb", 200))
    block = (b"<p>" + b"Il pleut sur la ville. " * 100 + b"</p>\n") * 30
    block = block[: MEGABYTE // 16].ljust(MEGABYTE // 16)
    await line.head(HTML, ("Content-Length", str(len(LURE) + count * MEGABYTE)))
    await line.wire.write(LURE)
    for _ in range(count * 16):
        await line.wire.write(block)


async def _bomb(line: Line, state: State) -> None:
    """About 1 kB of gzip for each of `mb` megabytes."""
    count = int(state.number("mb", 1024))
    plain = b"a" * MEGABYTE
    lure, block = deflate(LURE), deflate(plain)
    size = len(GZIP_HEAD) + len(lure) + count * len(block) + len(LAST_BLOCK) + 8
    await line.head(HTML, ("Content-Encoding", "gzip"), ("Content-Length", str(size)))
    await line.wire.write(GZIP_HEAD + lure)
    for _ in range(count):
        await line.wire.write(block)
    crc = zlib.crc32(LURE)
    for _ in range(count):
        crc = zlib.crc32(plain, crc)
    await line.wire.write(LAST_BLOCK + gzip_trailer(crc, len(LURE) + count * MEGABYTE))


async def _bad_gzip(line: Line, state: State) -> None:
    body = GZIP_HEAD + b"pas du tout du gzip"
    await line.head(HTML, ("Content-Encoding", "gzip"), ("Content-Length", str(len(body))))
    await line.wire.write(body)


async def _header_bomb(line: Line, state: State) -> None:
    await line.wire.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(int(state.number("lines", 2000))):
        await line.wire.write(b"X-%d: %s\r\n" % (number, b"a" * 8000))
    await line.wire.write(b"Content-Length: 0\r\n\r\n")


async def _not_http(line: Line, state: State) -> None:
    await line.wire.write(b"220 ftp.prefecture.invalid FTP server ready\r\n")


WHOLE = ("slow", "late")
"""Faults after which the client has everything."""

WIRE_FAULTS: dict[str, Callable[[Line, State], Awaitable[None]]] = {
    "hang": _hang,
    "hang_body": _hang_body,
    "drip": _drip,
    "slow": _slow,
    "late": _late,
    "reset": _reset,
    "reset_headers": _reset_headers,
    "reset_body": _reset_body,
    "truncated": _truncated,
    "truncated_chunked": _truncated_chunked,
    "big": _big,
    "bomb": _bomb,
    "bad_gzip": _bad_gzip,
    "header_bomb": _header_bomb,
    "not_http": _not_http,
}
