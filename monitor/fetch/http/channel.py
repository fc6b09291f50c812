"""A connected socket as the transport reads and writes it: plain, or under TLS by the standard library's memory BIOs.

asyncio's own TLS keeps 256 kB a connection and reads on while nobody takes the bytes: with a hundred hosts that was
26 MB at rest and 80 MB when all of them sent too much at once (measured with Python 3.11).

The plain bytes of a channel, kept as httpcore writes and reads them.

Why no whole answer came, on its way from the socket to the reading.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import httpcore

from monitor.core.exchange import Dns, Tls
from monitor.core.readings import UnreachedCause

T = TypeVar("T")

READ = 64 * 1024
KERNEL_BUFFER = 64 * 1024  # what a host can send ahead of our reading


class Channel:
    """Plain TCP. peer, local: `IP:PORT` of both ends. tls: what TLS showed, None here."""

    tls: Tls | None = None

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.peer = _endpoint(writer.get_extra_info("peername"))
        self.local = _endpoint(writer.get_extra_info("sockname"))

    @classmethod
    async def over(cls, sock: socket.socket) -> Channel:
        """Take over a connected socket."""
        return cls(*await asyncio.open_connection(sock=sock, limit=READ // 2))

    async def read(self) -> bytes:
        """What comes next, at most `READ` bytes; empty at the end. Raises OSError, ssl.SSLError."""
        return await self._reader.read(READ)

    async def write(self, data: bytes) -> None:
        """Send. Raises OSError, ssl.SSLError."""
        self._writer.write(data)
        await self._writer.drain()

    def close(self) -> None:
        """Drop it at once."""
        self._writer.transport.abort()


class TlsChannel:
    """TLS over a channel. `handshake` comes first; certificates and names are the context's to verify."""

    def __init__(self, below: Channel, context: ssl.SSLContext, host: str) -> None:
        self._below = below
        self.peer, self.local = below.peer, below.local
        self.tls: Tls | None = None
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=host)

    async def handshake(self) -> None:
        """Raises ssl.SSLError, OSError."""
        await self._until_done(self._tls.do_handshake)
        self.tls = _shown(self._tls)

    async def read(self) -> bytes:
        """See `Channel`. An end without TLS's farewell is an end: HTTP's framing says whether it is whole."""
        try:
            return await self._until_done(lambda: self._tls.read(READ))
        except ssl.SSLEOFError:
            return b""

    async def write(self, data: bytes) -> None:
        """See `Channel`."""
        await self._until_done(lambda: self._tls.write(data))

    def close(self) -> None:
        """See `Channel`."""
        self._below.close()

    async def _until_done(self, step: Callable[[], T]) -> T:
        """Take a step of TLS, giving it what comes and sending what it wants said, until it is through."""
        while True:
            try:
                result = step()
            except ssl.SSLWantReadError:
                await self._say()
                if data := await self._below.read():
                    self._in.write(data)
                else:
                    self._in.write_eof()
            except ssl.SSLError:
                with suppress(OSError):
                    await self._say()  # the alert that tells the other side why
                raise
            else:
                await self._say()
                return result

    async def _say(self) -> None:
        if self._out.pending:
            await self._below.write(self._out.read())


def _endpoint(name: tuple[Any, ...] | None) -> str | None:
    if name is None:  # the host reset the connection before it was looked at: the first write will say so
        return None
    host, port = name[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _shown(tls: ssl.SSLObject) -> Tls:
    """The chain as the host sent it. Its accessor is public from Python 3.13; before, it stands one level down."""
    source: Any = tls if hasattr(tls, "get_unverified_chain") else tls._sslobj  # type: ignore[attr-defined]
    cipher = tls.cipher()
    return Tls(
        version=tls.version() or "",
        cipher=cipher[0] if cipher else "",
        chain=tuple(_der(certificate) for certificate in source.get_unverified_chain() or ()),
    )


def _der(certificate: Any) -> bytes:
    if isinstance(certificate, bytes):
        return certificate
    import _ssl

    return bytes(certificate.public_bytes(_ssl.ENCODING_DER))


_HEAD_END = re.compile(rb"\r?\n\r?\n")
_INTERIM = re.compile(rb"HTTP/1\.[01] 1(?!01)")


class Tap(httpcore.AsyncNetworkStream):
    """A channel as httpcore wants it. sent: every byte written; came: every byte read until `head` is asked for."""

    def __init__(self, channel: Channel | TlsChannel) -> None:
        self.channel = channel
        self.sent, self.came = bytearray(), bytearray()
        self.listening = True

    def begin(self) -> None:
        """A new request: what was heard before belongs to others."""
        self.sent, self.came, self.listening = bytearray(), bytearray(), True

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's signature
        data = await self.channel.read()
        if self.listening:
            self.came += data
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's signature
        self.sent += buffer
        await self.channel.write(buffer)

    async def aclose(self) -> None:
        self.channel.close()

    def head(self) -> bytes:
        """Stop listening: the status line and header block as they came. Interim answers (1xx) stood before them."""
        self.listening = False
        while end := _HEAD_END.search(self.came):
            head = bytes(self.came[: end.end()])
            if not _INTERIM.match(head):
                return head
            del self.came[: end.end()]
        return bytes(self.came)


class TransportError(Exception):
    """A failure of transport. cause: the word the reading carries. detail: a few technical words, no personal data.

    dns: the answer that was refused, where it was the cause.
    """

    def __init__(self, cause: UnreachedCause, detail: str, dns: Dns | None = None) -> None:
        super().__init__(cause, detail)
        self.cause, self.detail, self.dns = cause, detail, dns
