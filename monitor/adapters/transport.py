"""One HTTP/1.1 connection whose every byte is kept: `h11` speaks the protocol, asyncio carries it.

A client library hides the exact bytes, joins causes of failure and resolves names its own way; here each phase (name,
TCP, TLS, request, head, body) is a line of code that can say what failed.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import h11

from monitor.adapters.capture import BIG, Capture
from monitor.adapters.channel import Channel, TlsChannel
from monitor.adapters.failure import TransportError
from monitor.domain.hosts import Url
from monitor.domain.model import Dns, Exchange, Tls

HEAD_AT_MOST = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """connect: seconds for name, TCP and TLS; total: seconds from the name to the last byte; body: bytes each way."""

    connect: float = 10.0
    total: float = 20.0
    body: int = 5_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: `headers` in the order they are sent, `Host` first."""

    method: str
    url: Url
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


@dataclass(slots=True)
class Recording:
    """What one exchange showed so far: filled as it happens, so that a failure keeps what came before it."""

    sent: bytes = b""
    head: bytes = b""
    status: int | None = None
    version: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    capture: Capture | None = None
    peer: str | None = None
    local: str | None = None
    tls: Tls | None = None
    dns: Dns | None = None


class Connection:
    """An open connection to one origin, kept alive between requests; one request at a time."""

    def __init__(self, origin: str, channel: Channel | TlsChannel, dns: Dns) -> None:
        self.origin = origin
        self._channel, self._dns = channel, dns
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD_AT_MOST)

    async def is_fresh(self) -> bool:
        """True when it can carry another request: still open, and nothing came unasked (that would be no answer)."""
        if self._http.our_state is not h11.IDLE:
            return False
        try:
            async with asyncio.timeout(0):
                await self._channel.read()
        except TimeoutError:
            return True
        except (OSError, ssl.SSLError):
            return False
        return False

    def close(self) -> None:
        """Drop it at once."""
        self._channel.close()

    async def ask(
        self, request: Request, recording: Recording, *, cap: int, room: Callable[[], Awaitable[None]]
    ) -> None:
        """Send a request and record the answer. room: awaited before a body grows big. Raises TransportError."""
        channel = self._channel
        recording.peer, recording.local, recording.tls, recording.dns = (
            channel.peer,
            channel.local,
            channel.tls,
            self._dns,
        )
        try:
            await self._send(request, recording)
            recording.capture = Capture(await self._receive_head(recording), cap)
            await self._receive_body(recording, recording.capture, room)
        except h11.RemoteProtocolError as error:
            if error.error_status_hint == 431:  # how h11 says that its buffer is full
                raise TransportError("too_large", f"a head of more than {HEAD_AT_MOST} bytes") from None
            raise TransportError("truncated", f"not whole: {error}") from None
        except ssl.SSLError as error:
            raise TransportError("tls", error.reason or "TLS failed") from None
        except OSError as error:
            raise TransportError("reset", error.strerror or type(error).__name__) from None
        done = self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        if done and not self._http.trailing_data[0]:  # bytes behind the answer would be taken for the next one
            self._http.start_next_cycle()

    async def _send(self, request: Request, recording: Recording) -> None:
        headers = [(name.encode(), value.encode()) for name, value in request.headers]
        head = h11.Request(method=request.method, target=request.url.target, headers=headers)
        data = self._http.send(head) or b""
        if request.body:
            data += self._http.send(h11.Data(data=request.body)) or b""
        data += self._http.send(h11.EndOfMessage()) or b""
        recording.sent = data
        await self._channel.write(data)

    async def _receive_head(self, recording: Recording) -> str:
        """Returns the Content-Encoding."""
        seen = bytearray()
        try:
            while True:
                event = self._http.next_event()
                if event is h11.NEED_DATA:
                    data = await self._channel.read()
                    if not data and not seen:
                        raise TransportError("reset", "closed without an answer")
                    seen += data
                    self._http.receive_data(data)
                    continue
                rest = len(self._http.trailing_data[0])
                if isinstance(event, h11.InformationalResponse) and event.status_code != 101:
                    seen = seen[len(seen) - rest :]
                    continue
                break
        finally:
            recording.head = bytes(seen)
        recording.head = bytes(seen[: len(seen) - rest])
        assert isinstance(event, h11.Response | h11.InformationalResponse)
        recording.status, recording.version = event.status_code, f"HTTP/{event.http_version.decode()}"
        recording.headers = tuple((_text(name), _text(value)) for name, value in event.headers.raw_items())
        codings = [value for name, value in recording.headers if name.lower() == "content-encoding"]
        return ",".join(codings)

    async def _receive_body(self, recording: Recording, capture: Capture, room: Callable[[], Awaitable[None]]) -> None:
        if recording.status == 101:  # never asked for; there is no body to wait for
            return
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                self._http.receive_data(await self._channel.read())
            elif isinstance(event, h11.Data):
                for size in capture.feed(bytes(event.data)):
                    if size > BIG:
                        await room()
            else:
                break
        capture.end()


def header(exchange: Exchange, name: str) -> str | None:
    """First value of a header of the answer, name compared without case."""
    return next((value for key, value in exchange.headers if key.lower() == name), None)


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
