"""One answer's body, kept twice within bounds: as it came, and inflated 64 kB at a time."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterator

from monitor.fetch.http.channel import TransportError
from monitor.values import dataclass

STEP = 64 * 1024
BIG = 128 * 1000  # bytes from which a body needs a permit; pages of these platforms weigh 30 to 80 kB
PERMITS = 2  # 101 bombs at once held 94 MB with two permits, 808 MB without
_GZIP_MAGIC = b"\x1f\x8b"


class Permit:
    """One session's right to hold bodies over `BIG`: taken once, given back when the session is closed."""

    def __init__(self, permits: asyncio.Semaphore) -> None:
        self._permits = permits
        self.held = False

    async def take(self) -> None:
        """Wait for one of the sweep's permits."""
        if not self.held:
            await self._permits.acquire()
            self.held = True

    def give_back(self) -> None:
        """Let another session have it; harmless when none is held."""
        if self.held:
            self.held = False
            self._permits.release()


@dataclass(frozen=True, slots=True)
class Bodies:
    """wire: after HTTP framing, before content-decoding. decoded: after it; the same object where nothing was coded."""

    wire: bytes = b""
    decoded: bytes = b""


class Capture:
    """Fed with what comes off the wire. encoding: the Content-Encoding of the answer; cap: bytes, each way.

    An encoding other than gzip, which alone was offered, is kept undecoded: `unknown_encoding` names it.
    """

    def __init__(self, encoding: str, cap: int) -> None:
        coding = encoding.strip().lower()
        self._gzip = coding in ("gzip", "x-gzip")
        self.unknown_encoding = None if self._gzip or coding in ("", "identity") else coding
        self._cap = cap
        self._wire = bytearray()
        self._plain = bytearray()
        self._inflater = zlib.decompressobj(31) if self._gzip else None
        self._between = b""  # bytes after the end of one gzip member, before it is known whether another follows

    def feed(self, data: bytes) -> Iterator[int]:
        """Take bytes in; yields the larger size after each step. Raises TransportError `too_large` or `truncated`."""
        room = self._cap - len(self._wire)
        self._wire += data[:room]
        if self._gzip:
            yield from self._inflate(data[:room])
        else:
            yield len(self._wire)
        if len(data) > room:
            raise TransportError("too_large", f"more than {self._cap} bytes on the wire")

    def end(self) -> None:
        """The message is complete. Raises TransportError `truncated` where the gzip stream is not."""
        if self._inflater is not None and self._wire and not self._inflater.eof:
            raise TransportError("truncated", "the gzip stream ends early")

    def bodies(self) -> Bodies:
        """What was kept, whole or not."""
        wire = bytes(self._wire)
        return Bodies(wire, bytes(self._plain) if self._gzip else wire)

    def _inflate(self, data: bytes) -> Iterator[int]:
        while data:
            assert self._inflater is not None
            if self._inflater.eof:
                data = self._between + data
                if len(data) < len(_GZIP_MAGIC) and _GZIP_MAGIC.startswith(data):
                    self._between = data
                    return
                self._between = b""
                if not data.startswith(_GZIP_MAGIC):
                    return  # padding after the stream: browsers ignore it, and the wire body keeps it
                self._inflater = zlib.decompressobj(31)
            try:
                self._plain += self._inflater.decompress(data, STEP)
            except zlib.error as error:
                raise TransportError("truncated", f"damaged gzip stream: {error}") from None
            data = self._inflater.unconsumed_tail or self._inflater.unused_data
            if len(self._plain) > self._cap:
                del self._plain[self._cap :]
                raise TransportError("too_large", f"more than {self._cap} bytes once inflated")
            yield max(len(self._wire), len(self._plain))
