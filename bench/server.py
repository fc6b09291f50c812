"""A fast loopback server for 101 hosts over https and http on one port; it measures how it is treated.

`python -m bench.server CERTIFICATE LATENCY TRAP TRAPPED CODING`: seconds before each answer, the trap's name or `none`,
on how many hosts the first desk springs it, `gzip` or `identity`. Prints its port; when standard input closes, prints
its account as JSON and ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from bench.desks import DESKS, HOSTS
from bench.pages import packed, plain
from bench.traps import TRAPS

CONTROLS = ("www.wikipedia.org", "www.debian.org")  # asked by the control probes: counted apart, answered at once
HEAD_END = b"\r\n\r\n"
TLS_HANDSHAKE = 0x16


@dataclass(slots=True)
class Host:
    """What one host bore.

    leaving, left: just before and just after the last byte of an answer was handed to the kernel; it left in between,
    and this process may lose the processor there. gaps: seconds from `left` to the first byte of the next request;
    certain: from `leaving`, which the true gap never exceeds by more than the bytes take.
    """

    requests: int = 0
    connections: int = 0
    now_open: int = 0
    most_open: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    leaving: float = 0.0
    left: float | None = None
    gaps: list[float] = field(default_factory=list)
    certain: list[float] = field(default_factory=list)


class Conversation(asyncio.Protocol):
    """One connection: requests without a body, answered one by one."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._host: Host | None = None
        self._buffer = b""
        self._first = 0.0
        self._room = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep it."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._room.set()

    def pause_writing(self) -> None:
        """A trap's endless body waits for the client to read."""
        self._room.clear()

    def resume_writing(self) -> None:
        """It read."""
        self._room.set()

    def data_received(self, data: bytes) -> None:
        """A request is whole with its head."""
        if not self._buffer:
            self._first = time.monotonic()
        self._buffer += data
        if self._buffer.endswith(HEAD_END):
            head, self._buffer = self._buffer.decode("latin-1"), b""
            self._begin(head)

    def connection_lost(self, exc: Exception | None) -> None:
        """Either side left; an answer that was under way ended here."""
        self._room.set()
        if self._host is not None:
            self._host.now_open -= 1
            if self._host.in_flight:
                self._host.leaving = time.monotonic()
                self._ended(self._host)

    def _begin(self, head: str) -> None:
        line, *headers = head.split("\r\n")
        method, target, _version = line.split(" ")
        name = next(value.strip() for key, _, value in (h.partition(":") for h in headers) if key.lower() == "host")
        host = self._site.hosts.setdefault(name, Host())
        if self._host is None:
            self._host = host
            host.connections += 1
            host.now_open += 1
            host.most_open = max(host.most_open, host.now_open)
        if host.left is not None:
            host.gaps.append(0.0 if host.in_flight else self._first - host.left)
            host.certain.append(0.0 if host.in_flight else self._first - host.leaving)
        host.requests += 1
        host.in_flight += 1
        host.most_in_flight = max(host.most_in_flight, host.in_flight)
        answer = partial(self._answer, host, method, target)
        if name in CONTROLS:  # the latency is that of the hosts watched
            answer()
        else:
            self._site.later(answer)

    def _answer(self, host: Host, method: str, target: str) -> None:
        if self._transport.is_closing():
            return
        if method == "HEAD":
            self._whole(host, b"", "text/html")
            return
        if target == "/robots.txt":
            self._site.robots += 1
            self._whole(host, b"User-agent: *\nDisallow: /user/\n", "text/plain")
            return
        desk = int(target.split("/")[3])
        if desk % DESKS == 0 and desk // DESKS < self._site.trapped:
            self._site.spring(self, host)
        else:
            self._whole(host, self._site.body(desk), "text/html", self._site.coding)

    def _whole(self, host: Host, body: bytes, kind: str, more: str = "") -> None:
        head = f"HTTP/1.1 200 OK\r\nServer: Apache\r\nContent-Type: {kind}; charset=utf-8\r\n{more}"
        answer = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        host.leaving = time.monotonic()
        self._transport.write(answer)
        self._ended(host)

    def _ended(self, host: Host) -> None:
        host.in_flight -= 1
        host.left = time.monotonic()

    async def pour(self, host: Host, parts: Iterator[bytes]) -> None:
        """A trap's bytes, as fast as the client takes them; the connection ends with them."""
        for part in parts:
            await self._room.wait()
            if self._transport.is_closing():
                return
            self._transport.write(part)
            await asyncio.sleep(0)
        self._transport.close()


class Site:
    """All hosts. later: does something after the latency."""

    def __init__(self, latency: float, trap: str, trapped: int, coding: str) -> None:
        self.hosts: dict[str, Host] = {}
        self.trapped = trapped if trap != "none" else 0
        self.robots = 0
        self._latency, self._trap = latency, trap
        self.coding = "Content-Encoding: gzip\r\n" if coding == "gzip" else ""
        self._make = packed if self.coding else plain
        self._ready = {desk: self._make(desk) for desk in range(HOSTS * DESKS)}
        self._tasks: set[asyncio.Task[None]] = set()

    def later(self, do: Callable[[], None]) -> None:
        """After the latency, or at once where there is none."""
        if self._latency:
            asyncio.get_running_loop().call_later(self._latency, do)
        else:
            do()

    def body(self, desk: int) -> bytes:
        """An answer no one had yet; those of the first visit were made before it."""
        return self._ready.pop(desk, None) or self._make(desk)

    def spring(self, conversation: Conversation, host: Host) -> None:
        """Answer with the trap."""
        parts = TRAPS[self._trap]()
        if parts is None:  # silence
            return
        task = asyncio.ensure_future(conversation.pour(host, parts))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def account(self) -> dict[str, float | int | None]:
        """What the hosts bore, the control hosts apart."""
        hosts = [host for name, host in self.hosts.items() if name not in CONTROLS]
        gaps = [gap for host in hosts for gap in host.gaps]
        return {
            "hosts": len(hosts),
            "requests": sum(host.requests for host in hosts),
            "robots_requests": self.robots,
            "smallest_gap": min(gaps, default=None),
            "smallest_certain_gap": min((gap for host in hosts for gap in host.certain), default=None),
            "gaps_under_1_s": sum(gap < 1.0 for host in hosts for gap in host.certain),
            "most_in_flight": max((host.most_in_flight for host in hosts), default=0),
            "most_open": max((host.most_open for host in hosts), default=0),
            "connections": sum(host.connections for host in hosts),
            "server_cpu": time.process_time(),
        }


def address(number: int) -> str:
    """The loopback address of a host for a client that cannot be told where names lead."""
    return f"127.0.1.{number + 1}"


async def serve(certificate: str, site: Site) -> None:
    """Until standard input closes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    loop = asyncio.get_running_loop()
    listening = [socket.create_server(("127.0.0.1", 0), backlog=1024)]
    port = listening[0].getsockname()[1]
    listening += [socket.create_server((address(number), port), backlog=64) for number in range(HOSTS)]
    accepting = []
    for one in listening:
        one.setblocking(False)
        accepting.append(asyncio.ensure_future(_accept(one, site, context)))
    ended = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), ended.set)
    print(json.dumps({"port": port}), flush=True)
    await ended.wait()
    for task in accepting:
        task.cancel()
    print(json.dumps(site.account()), flush=True)


async def _accept(listening: socket.socket, site: Site, context: ssl.SSLContext) -> None:
    loop, tasks = asyncio.get_running_loop(), set[asyncio.Task[None]]()
    while True:
        sock, _ = await loop.sock_accept(listening)
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        task = asyncio.ensure_future(_begin(sock, site, context))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


async def _begin(sock: socket.socket, site: Site, context: ssl.SSLContext) -> None:
    """The first byte tells TLS from plain http."""
    loop, readable = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sock, readable.set)
    await readable.wait()
    loop.remove_reader(sock)
    first = sock.recv(1, socket.MSG_PEEK)
    tls = context if first and first[0] == TLS_HANDSHAKE else None
    with contextlib.suppress(OSError, ssl.SSLError):
        await loop.connect_accepted_socket(lambda: Conversation(site), sock, ssl=tls)


def main() -> None:
    """See above."""
    certificate, latency, trap, trapped, coding = sys.argv[1:]
    asyncio.run(serve(certificate, Site(float(latency), trap, int(trapped), coding)))


if __name__ == "__main__":
    main()
