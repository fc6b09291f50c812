"""A tiny server for the transport's tests: every host on one port of 127.0.0.1, https and http told apart.

A test scripts what a host answers and reads back, from the server's side, what was asked and how close together.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Literal, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Kind = Literal["good", "expired", "self_signed", "wrong_name"]
DAY = timedelta(days=1)


class TestCA:
    """A certification authority for one test run. ca_file: its certificate, PEM."""

    __test__ = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test CA")])
        self._contexts: dict[tuple[str, Kind], ssl.SSLContext] = {}
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(self._name)
            .issuer_name(self._name)
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - DAY)
            .not_valid_after(now + DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self._own_pem = certificate.public_bytes(serialization.Encoding.PEM)
        self.ca_file = folder / "ca.pem"
        self.ca_file.write_bytes(self._own_pem)

    def context(self, host: str, kind: Kind = "good") -> ssl.SSLContext:
        """The server context that shows `host`, or its faulty likeness."""
        if (host, kind) not in self._contexts:
            key = ec.generate_private_key(ec.SECP256R1())
            now = datetime.now(UTC)
            shown = "elsewhere.gouv.fr" if kind == "wrong_name" else host
            alone = kind == "self_signed"
            subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "leaf")])
            leaf = (
                x509.CertificateBuilder()
                .subject_name(subject)
                .issuer_name(subject if alone else self._name)
                .public_key(key.public_key())
                .serial_number(x509.random_serial_number())
                .not_valid_before(now - 3 * DAY)
                .not_valid_after(now - DAY if kind == "expired" else now + DAY)
                .add_extension(x509.SubjectAlternativeName([x509.DNSName(shown)]), critical=False)
                .sign(key if alone else self._key, hashes.SHA256())
            )
            pem = key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".pem") as file:
                file.write(pem + leaf.public_bytes(serialization.Encoding.PEM) + (b"" if alone else self._own_pem))
                file.flush()
                context.load_cert_chain(file.name)
            self._contexts[host, kind] = context
        return self._contexts[host, kind]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the server saw it. first_byte, last_byte: monotonic seconds, of the request and of its answer."""

    scheme: str
    method: str
    host: str
    target: str
    headers: dict[str, str]
    body: bytes
    raw: bytes
    connection: int
    first_byte: float
    last_byte: list[float] = field(default_factory=list)


class Out:
    """The server's end of a connection while it answers."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self.sent = 0

    async def write(self, data: bytes) -> None:
        """Send bytes, waiting while the client does not read."""
        self._writer.write(data)
        self.sent += len(data)
        await self._writer.drain()

    def reset(self) -> None:
        """End with a TCP reset."""
        sock: socket.socket = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    def cut(self) -> None:
        """End the TCP connection without TLS's farewell."""
        self._writer.transport.abort()

    def close(self) -> None:
        """End in order."""
        self._writer.close()


Answer = Callable[[Asked, Out], Awaitable[None]]


def page(body: bytes = b"<p>ok</p>", status: str = "200 OK", *headers: str, length: int | None = None) -> Answer:
    """An ordinary answer with a Content-Length (`length` in place of the true one)."""
    lines = ["HTTP/1.1 " + status, *headers, f"Content-Length: {len(body) if length is None else length}", "", ""]

    async def answer(_: Asked, out: Out) -> None:
        await out.write("\r\n".join(lines).encode("latin-1") + body)

    return answer


def redirect(location: str, status: str = "302 Found", *headers: str) -> Answer:
    """A redirect."""
    return page(b"", status, f"Location: {location}", *headers)


class Loopback:
    """`answers[host, path]` says what is answered; else robots.txt is 404 and any page is 200."""

    def __init__(self, ca: TestCA) -> None:
        self._ca = ca
        self.answers: dict[tuple[str, str], Answer] = {}
        self.certificates: dict[str, Kind] = {}
        self.asked: list[Asked] = []
        self.in_flight: dict[str, int] = {}
        self.most_in_flight = 0
        self.sent = 0
        self._connections = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.address = ""

    async def __aenter__(self) -> Self:
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.sni_callback = self._choose
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self._socket.setblocking(False)
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._start(self._accept())
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._socket.close()

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self) -> None:
        while True:
            sock, _ = await asyncio.get_running_loop().sock_accept(self._socket)
            self._start(self._serve(sock))

    async def _serve(self, sock: socket.socket) -> None:
        self._connections += 1
        number = self._connections
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            secure = await _first_byte(sock) == b"\x16"  # a TLS handshake record
            reader = asyncio.StreamReader()
            transport, protocol = await asyncio.get_running_loop().connect_accepted_socket(
                lambda: asyncio.StreamReaderProtocol(reader), sock, ssl=self._tls if secure else None
            )
            writer = asyncio.StreamWriter(transport, protocol, reader, asyncio.get_running_loop())
            try:
                while not writer.is_closing():
                    await self._one("https" if secure else "http", number, reader, writer)
            finally:
                transport.abort()

    def _choose(self, shown: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        host = name or ""
        shown.context = self._ca.context(host, self.certificates.get(host, "good"))

    async def _one(self, scheme: str, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(1)
        began = time.monotonic()
        head = first + await reader.readuntil(b"\r\n\r\n")
        line, *rest = head.decode("latin-1").split("\r\n")
        method, target, _ = line.split(" ")
        headers = {k.lower(): v.strip() for k, _, v in (item.partition(":") for item in rest if item)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        host = headers["host"].partition(":")[0]
        asked = Asked(scheme, method, host, target, headers, body, head + body, number, began)
        self.asked.append(asked)
        self.in_flight[host] = self.in_flight.get(host, 0) + 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight[host])
        out = Out(writer)
        try:
            await self._answer(asked)(asked, out)
        finally:
            self.sent += out.sent
            self.in_flight[host] -= 1
            asked.last_byte.append(time.monotonic())

    def _answer(self, asked: Asked) -> Answer:
        path = asked.target.partition("?")[0]
        default = page(b"", "404 Not Found") if path == "/robots.txt" else page()
        return self.answers.get((asked.host, path), default)

    def paths(self, host: str) -> list[str]:
        """What was asked of a host, in order, robots.txt left out."""
        return [a.target for a in self.asked if a.host == host and a.target != "/robots.txt"]

    def gaps(self, host: str) -> list[float]:
        """Seconds between the last byte of an answer and the first byte of the host's next request."""
        mine = [a for a in self.asked if a.host == host]
        return [b.first_byte - a.last_byte[0] for a, b in pairwise(mine)]


async def _first_byte(sock: socket.socket) -> bytes:
    """What comes first, left where it is."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sock, ready.set)
    try:
        await ready.wait()
        return sock.recv(1, socket.MSG_PEEK)
    finally:
        loop.remove_reader(sock)
