"""One connection as bytes: when they came and went, and the rude ways to end it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import time
from typing import cast

LINGER_NOT = struct.pack("ii", 1, 0)


class Gone(Exception):
    """The client closed the connection while we were writing or waiting."""


class Wire(asyncio.Protocol):
    """A connected socket, TLS or not, as a task reads and writes it.

    first_byte: monotonic instant of the first byte since `rest()`, None while nothing came. closed: set once the
    connection is lost. sent: bytes written since `rest()`. last_byte: monotonic instant at which the last of them was
    handed to the kernel, stamped just before: a client may have it before we run again.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._news, self._room, self._ended = asyncio.Event(), asyncio.Event(), False
        self._room.set()
        self.closed = asyncio.Event()
        self.first_byte: float | None = None
        self.last_byte: float | None = None
        self.sent = 0

    # --- called by the event loop -------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what is not yet sent visible: writing waits until the kernel took nearly all of it."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=1, low=0)

    def data_received(self, data: bytes) -> None:
        """Stamp at once: the event loop's own delay must not flatter a gap more than it has to."""
        if self.first_byte is None:
            self.first_byte = time.monotonic()
        self._received += data
        self._news.set()

    def eof_received(self) -> bool:
        """The client will send no more: the transport closes itself."""
        self._ended = True
        self._news.set()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Wake whoever waits."""
        self._ended = True
        self.closed.set()
        self._news.set()
        self._room.set()

    def pause_writing(self) -> None:
        """The kernel's buffer is full."""
        self._room.clear()

    def resume_writing(self) -> None:
        """It has room again."""
        self._room.set()

    # --- called by the conversation -----------------------------------------------------------------------------------

    def rest(self, pending: bool) -> None:
        """An answer is over: the next byte starts a request (it already did where bytes are `pending`)."""
        self.first_byte = time.monotonic() if pending or self._received else None
        self.last_byte, self.sent = None, 0

    async def read(self) -> bytes:
        """What came since; empty at the end."""
        while not self._received and not self._ended:
            self._news.clear()
            await self._news.wait()
        data, self._received = bytes(self._received), bytearray()
        return data

    async def write(self, data: bytes) -> None:
        """Hand bytes to the kernel. Raises Gone where the client left."""
        if self._transport is None or self.closed.is_set() or self._transport.is_closing():
            raise Gone
        self.last_byte = time.monotonic()
        self._transport.write(data)
        self.sent += len(data)
        if not self._room.is_set():
            await self._room.wait()
            self.last_byte = time.monotonic()
        if self.closed.is_set():
            raise Gone

    async def wait(self, seconds: float) -> None:
        """Real seconds of silence, shorter where the client leaves: then raises Gone."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.closed.wait()
                raise Gone

    def reset(self) -> None:
        """End with a TCP reset."""
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        if self._transport is not None:
            self._transport.abort()

    async def end(self) -> None:
        """End in good order, and rudely where the client does not let go within five seconds."""
        if self._transport is not None:
            self._transport.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self.closed.wait()
                return
        self.reset()
