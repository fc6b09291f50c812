"""The plain bytes of a channel, kept as httpcore writes and reads them."""

from __future__ import annotations

import re

import httpcore

from monitor.adapters.channel import Channel, TlsChannel

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
