"""A connected socket as a connection reads and writes it, plain or under TLS, and why no whole answer came of it.

The loop waits on the socket itself (`loop.sock_recv`), without a stream between: nothing is read before it is asked
for, so what a host sends too much of stays in the kernel. TLS runs over the standard library's memory BIOs: asyncio's
own keeps 256 kB a connection and reads on while nobody takes the bytes (292 kB at rest a connection against 31;
measured in November 2026 with Python 3.11).
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from monitor.core.exchange import Dns, Tls
from monitor.core.readings import UnreachedCause

T = TypeVar("T")

READ = 64 * 1024
KERNEL_BUFFER = 64 * 1024  # what a host can send ahead of our reading


class TransportError(Exception):
    """A failure of transport. cause: the word the reading carries. detail: a few technical words, no personal data.

    dns: the answer that was refused, where it was the cause.
    """

    def __init__(self, cause: UnreachedCause, detail: str, dns: Dns | None = None) -> None:
        super().__init__(cause, detail)
        self.cause, self.detail, self.dns = cause, detail, dns


class PlainChannel:
    """Plain TCP over a connected, non-blocking socket, which it owns from now on.

    peer, local: `IP:PORT` of both ends, None where the host reset the connection before it was looked at. tls: what TLS
    showed, None here.
    """

    tls: Tls | None = None

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.peer, self.local = _endpoint(sock.getpeername), _endpoint(sock.getsockname)

    async def read(self) -> bytes:
        """What comes next, at most `READ` bytes; empty at the end. Raises OSError, ssl.SSLError."""
        await asyncio.sleep(0)  # a host that never pauses would else keep the loop from every deadline
        return await asyncio.get_running_loop().sock_recv(self._sock, READ)

    async def write(self, data: bytes) -> None:
        """Send all of it. Raises OSError, ssl.SSLError."""
        await asyncio.get_running_loop().sock_sendall(self._sock, data)

    def is_quiet(self) -> bool:
        """True where it is open and nothing came unasked. Waits for nothing; what came is lost."""
        return self._come() is None

    def close(self) -> None:
        """Drop it at once."""
        self._sock.close()

    def _come(self) -> bytes | None:
        """What came already, None where nothing did; empty at the end, in order or not."""
        try:
            return self._sock.recv(READ)
        except BlockingIOError:
            return None
        except OSError:
            return b""


class TlsChannel(PlainChannel):
    """TLS over TCP. `handshake` comes first; certificates and names are the context's to verify."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext, host: str) -> None:
        super().__init__(sock)
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

    def is_quiet(self) -> bool:
        """See `Channel`. TLS's own words, such as a session ticket that comes late (RFC 8446, 4.6.1), are no answer."""
        while True:
            try:
                self._tls.read(1)
            except ssl.SSLWantReadError:
                if not (data := self._come()):
                    return data is None
                self._in.write(data)
            except ssl.SSLError:
                return False
            else:
                return False

    async def _until_done(self, step: Callable[[], T]) -> T:
        """Take a step of TLS, giving it what comes and sending what it wants said, until it is through."""
        while True:
            try:
                result = step()
            except ssl.SSLWantReadError:
                await self._say()
                if data := await super().read():
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
            await super().write(self._out.read())


def _endpoint(name: Callable[[], tuple[str, int]]) -> str | None:
    try:
        host, port = name()[:2]
    except OSError:  # the first write will say so
        return None
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _shown(tls: ssl.SSLObject) -> Tls:
    cipher = tls.cipher()
    return Tls(version=tls.version() or "", cipher=cipher[0] if cipher else "", chain=_chain(tls))


if sys.version_info >= (3, 13):

    def _chain(tls: ssl.SSLObject) -> tuple[bytes, ...]:
        """The certificates as the host sent them, DER, leaf first."""
        return tuple(tls.get_unverified_chain())

else:

    def _chain(tls: ssl.SSLObject) -> tuple[bytes, ...]:
        """The certificates as the host sent them, DER, leaf first.

        What became public in Python 3.13 (cpython issue 109109) stands in 3.11 and 3.12 one level down, where pip reads
        it too; those versions get no new features, so it stays there. It goes with them.
        """
        sent = tls._sslobj.get_unverified_chain()  # type: ignore[attr-defined]
        return tuple(ssl.PEM_cert_to_DER_cert(one.public_bytes()) for one in sent or ())
