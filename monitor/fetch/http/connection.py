"""One HTTP/1.1 connection whose every byte is kept: a transport of httpx that speaks by h11 over a channel.

The channel was opened to a checked address and sees the plain bytes each way, so what was sent and the head of the
answer are kept exactly as they were on the wire; Host, SNI and certificate checks stay those of the real host.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable

import h11
import httpx

from monitor.core.exchange import Dns, Exchange, Tls
from monitor.core.hosts import Url
from monitor.fetch.http.capture import BIG, Capture
from monitor.fetch.http.channel import PlainChannel, TransportError
from monitor.values import dataclass

HEAD = 100 * 1024  # bytes of one head, as httpcore allows; h11 alone would stop at 16 kB
HEADS = 256 * 1024  # with the interim answers before it: a host could send those without end


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


class Connection(httpx.AsyncBaseTransport):
    """An open connection to one origin, kept alive between requests; one request at a time.

    sent, came: the plain bytes of the last request, and of its answer up to the end of the head.
    """

    def __init__(self, url: Url, channel: PlainChannel, dns: Dns) -> None:
        self.origin = url.origin
        self.sent, self.came = b"", bytearray()
        self._channel, self._dns = channel, dns
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD)
        # Where a request goes on the wire is its target. httpx would read the address anew, and refuse some we may ask.
        self._base = httpx.URL(url.origin)

    def is_fresh(self) -> bool:
        """True when it can carry another request: the last answer is whole, it is open, and nothing came unasked."""
        http = self._http
        whole = http.our_state is http.their_state is h11.DONE and not http.trailing_data[0]
        return whole and self._channel.is_quiet()

    def close(self) -> None:
        """Drop it at once."""
        self._channel.close()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The head of the answer, its body still to be read; see `httpx.AsyncBaseTransport`.

        Raises h11.RemoteProtocolError for a breach of the protocol, TransportError for heads beyond measure, OSError,
        ssl.SSLError.
        """
        http = self._http
        if http.our_state is h11.DONE:
            http.start_next_cycle()
        target = request.extensions.get("target", request.url.raw_path)
        sent = http.send(h11.Request(method=request.method, target=target, headers=request.headers.raw)) or b""
        if body := await request.aread():
            sent += http.send(h11.Data(data=body)) or b""
        self.sent, self.came = sent + (http.send(h11.EndOfMessage()) or b""), bytearray()
        await self._channel.write(self.sent)
        answer = await self._answer()
        return httpx.Response(
            answer.status_code,
            headers=answer.headers.raw_items(),
            stream=_Body(self._event),
            extensions={"http_version": b"HTTP/" + answer.http_version, "reason_phrase": answer.reason},
        )

    async def ask(
        self, request: Request, recording: Recording, *, cap: int, room: Callable[[], Awaitable[None]]
    ) -> None:
        """Send a request and record the answer. cap: see `Limits.body`. room: awaited before a body grows big.

        Raises TransportError.
        """
        channel = self._channel
        recording.peer, recording.local, recording.tls = channel.peer, channel.local, channel.tls
        recording.dns = self._dns
        try:
            response = await self.handle_async_request(self._asked(request))
            _note(response, recording)
            recording.capture = Capture(_coding(recording), cap)
            await _receive(response, recording.capture, room)
        except h11.RemoteProtocolError as error:
            raise self._broken(error) from None
        except ssl.SSLError as error:
            raise TransportError("tls", error.reason or "TLS failed") from None
        except OSError as error:
            raise TransportError("reset", error.strerror or type(error).__name__) from None
        finally:
            recording.sent, recording.head = self.sent, bytes(self.came)
            self.sent, self.came = b"", bytearray()

    def _asked(self, request: Request) -> httpx.Request:
        return httpx.Request(
            request.method,
            self._base,
            headers=[(name.encode(), value.encode()) for name, value in request.headers],
            content=request.body,
            extensions={"target": request.url.target.encode()},
        )

    async def _answer(self) -> h11.Response:
        """The final head; `came` is then its bytes alone, without interim answers (1xx) and what follows."""
        begins = 0
        while not isinstance(event := await self._event(), h11.Response):
            begins = len(self.came) - len(self._http.trailing_data[0])
        self.came = self.came[begins : len(self.came) - len(self._http.trailing_data[0])]
        return event

    async def _event(self) -> object:
        """What the host says next: an event of h11."""
        http = self._http
        while (event := http.next_event()) is h11.NEED_DATA:
            data = await self._channel.read()
            if http.their_state is h11.SEND_RESPONSE:
                if not data:
                    raise h11.RemoteProtocolError("Server disconnected without sending a response.")
                self.came += data
                if len(self.came) > HEADS:
                    raise _beyond_measure()
            http.receive_data(data)
        return event

    def _broken(self, error: h11.RemoteProtocolError) -> TransportError:
        """What a breach of the protocol says: nothing came, too much of a head, or not the whole."""
        if not self.came:
            return TransportError("reset", "closed without an answer")
        if error.error_status_hint == 431:  # how h11 says that its buffer is full
            return _beyond_measure()
        return TransportError("truncated", f"not whole: {error}")


class _Body(httpx.AsyncByteStream):
    """A body still to be read. No generator: one left unfinished would hold the connection until the loop comes."""

    def __init__(self, event: Callable[[], Awaitable[object]]) -> None:
        self._event = event

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        event = await self._event()
        if isinstance(event, h11.Data):
            return bytes(event.data)
        raise StopAsyncIteration


def _note(response: httpx.Response, recording: Recording) -> None:
    recording.status = response.status_code
    recording.version = response.extensions["http_version"].decode()
    recording.headers = tuple((header_text(name), header_text(value)) for name, value in response.headers.raw)


async def _receive(response: httpx.Response, capture: Capture, room: Callable[[], Awaitable[None]]) -> None:
    assert isinstance(response.stream, httpx.AsyncByteStream)
    async for data in response.stream:
        for size in capture.feed(data):
            if size > BIG:
                await room()
    capture.end()


def _beyond_measure() -> TransportError:
    return TransportError("too_large", "a head beyond measure")


def _coding(recording: Recording) -> str:
    return ",".join(value for name, value in recording.headers if name.lower() == "content-encoding")


def header(exchange: Exchange, name: str) -> str | None:
    """First value of a header of the answer, name compared without case."""
    return next((value for key, value in exchange.headers if key.lower() == name), None)


def header_text(raw: bytes) -> str:
    """A header's name or value as a reader gets it."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
