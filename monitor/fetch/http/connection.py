"""One HTTP/1.1 connection whose every byte is kept: httpx asks, httpcore speaks the protocol over a channel of ours.

The channel was opened to a checked address and sees the plain bytes each way, so what was sent and the head of the
answer are kept exactly as they were on the wire; URL, Host, SNI and certificate checks stay those of the real host.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import httpcore
import httpx

from monitor.core.exchange import Dns, Exchange, Tls
from monitor.core.hosts import Url
from monitor.fetch.http.capture import BIG, Capture
from monitor.fetch.http.channel import Channel, Tap, TlsChannel, TransportError


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


class Carrier(httpx.AsyncBaseTransport):
    """Carries each request of a client over the connection the request names: connections belong to the host."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See `httpx.AsyncBaseTransport`. Raises httpcore's exceptions, OSError and ssl.SSLError."""
        connection: Connection = request.extensions["connection"]
        return await connection.answer(request)


def client() -> httpx.AsyncClient:
    """A client with an empty cookie jar, blind to the environment, that follows no redirect by itself."""
    return httpx.AsyncClient(transport=Carrier(), trust_env=False, follow_redirects=False)


class _Body(httpx.AsyncByteStream):
    """A body still to be read. An httpx response is a cycle: closed, it lets go, or the connection's buffers stay."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response: httpcore.Response | None = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        assert self._response is not None
        async for part in self._response.aiter_stream():
            yield part

    async def aclose(self) -> None:
        response, self._response = self._response, None
        if response is not None:
            await response.aclose()


class Connection:
    """An open connection to one origin, kept alive between requests; one request at a time."""

    def __init__(self, url: Url, channel: Channel | TlsChannel, dns: Dns) -> None:
        self.origin = url.origin
        self._channel, self._dns = channel, dns
        self._tap = Tap(channel)
        origin = httpcore.Origin(url.scheme.encode(), url.host.encode(), url.port)
        self._http = httpcore.AsyncHTTP11Connection(origin, self._tap)
        self._clean = True

    async def is_fresh(self) -> bool:
        """True when it can carry another request: still open, and nothing came unasked (that would be no answer)."""
        if not (self._clean and self._http.is_available()):
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

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """The head of the answer, its body still to be read; for `Carrier`."""
        asked = httpcore.Request(
            request.method,
            httpcore.URL(str(request.url)),
            headers=request.headers.raw,
            content=request.stream,
            extensions={"target": request.extensions["target"]},
        )
        response = await self._http.handle_async_request(asked)
        # Redirects are our own steps: the client would parse where they lead, and fail on what no browser would follow.
        seen = [(name, value) for name, value in response.headers if name.lower() != b"location"]
        extensions = {"http_version": response.extensions["http_version"], "headers": response.headers}
        return httpx.Response(response.status, headers=seen, stream=_Body(response), extensions=extensions)

    async def ask(
        self,
        request: Request,
        recording: Recording,
        *,
        by: httpx.AsyncClient,
        cap: int,
        room: Callable[[], Awaitable[None]],
    ) -> None:
        """Send a request by a client and record the answer. room: awaited before a body grows big.

        Raises TransportError.
        """
        channel, tap = self._channel, self._tap
        recording.peer, recording.local, recording.tls = channel.peer, channel.local, channel.tls
        recording.dns = self._dns
        tap.begin()
        self._clean = False
        asked = self._asked(request)
        try:
            response = await by.send(asked, stream=True)
            try:
                self._head(response, recording)
                recording.capture = Capture(_coding(recording), cap)
                if recording.status != 101:  # never asked for; there is no body to wait for
                    await self._receive(response, recording.capture, room)
            finally:
                await response.aclose()
        except (httpcore.RemoteProtocolError, httpx.RemoteProtocolError) as error:
            raise self._broken(error) from None
        except ssl.SSLError as error:
            raise TransportError("tls", error.reason or "TLS failed") from None
        except OSError as error:
            raise TransportError("reset", error.strerror or type(error).__name__) from None
        finally:
            asked.extensions = {}  # see `_Body`
            recording.sent, recording.head = bytes(tap.sent), recording.head or bytes(tap.came)
        self._clean = recording.status != 101 and not self._left_over()

    def _asked(self, request: Request) -> httpx.Request:
        return httpx.Request(
            request.method,
            str(request.url),
            headers=list(request.headers),
            content=request.body,
            extensions={"connection": self, "target": request.url.target.encode()},
        )

    def _head(self, response: httpx.Response, recording: Recording) -> None:
        recording.head = self._tap.head()
        recording.status = response.status_code
        recording.version = response.extensions["http_version"].decode()
        recording.headers = tuple(
            (header_text(name), header_text(value)) for name, value in response.extensions["headers"]
        )

    async def _receive(self, response: httpx.Response, capture: Capture, room: Callable[[], Awaitable[None]]) -> None:
        async for data in response.aiter_raw():
            for size in capture.feed(data):
                if size > BIG:
                    await room()
        capture.end()

    def _broken(self, error: Exception) -> TransportError:
        """What a breach of the protocol says: nothing came, too much of a head, or not the whole."""
        if not self._tap.came:
            return TransportError("reset", "closed without an answer")
        if getattr(error.__cause__, "error_status_hint", None) == 431:  # how h11 says that its buffer is full
            return TransportError("too_large", "a head beyond measure")
        return TransportError("truncated", f"not whole: {error}")

    def _left_over(self) -> bool:
        """True where bytes stand behind the answer: they would be taken for the next one.

        httpcore does not say; its parser does. Should that attribute go, no connection is kept: slower, never wrong.
        """
        parser = getattr(self._http, "_h11_state", None)
        return parser is None or bool(parser.trailing_data[0])


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
