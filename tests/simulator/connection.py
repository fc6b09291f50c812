"""One connection from accept to close: TLS by the name asked for, requests by h11, answers whole or broken."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import time
from datetime import timedelta
from email.utils import format_datetime

import h11

from tests.simulator.faults import WIRE_FAULTS
from tests.simulator.faults.wire import WHOLE, Line
from tests.simulator.journal import Record
from tests.simulator.messages import Answer, Request
from tests.simulator.script import HostSettings
from tests.simulator.wire import LINGER_NOT, Gone, Wire
from tests.simulator.world import World

TLS_HANDSHAKE = 0x16
BODY_LIMIT = 1 << 20
IDLE_SECONDS = 600.0


async def serve(sock: socket.socket, world: World) -> None:
    """Play one accepted connection to its end; the first byte tells TLS from plain http. Raises nothing."""
    first = b""
    with contextlib.suppress(OSError, TimeoutError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        async with asyncio.timeout(IDLE_SECONDS):
            first = b"" if world.offline else await _peek(sock)
    if not first:
        if world.offline:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        sock.close()
    elif first[0] == TLS_HANDSHAKE:
        await _secure(sock, world)
    else:
        _, wire = await asyncio.get_running_loop().connect_accepted_socket(lambda: Wire(sock), sock)
        await _Conversation(wire, world, None).run()


async def _peek(sock: socket.socket) -> bytes:
    """The first byte, left where it is; empty where the client closed."""
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    loop.add_reader(sock, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(sock)
    return sock.recv(1, socket.MSG_PEEK)


async def _secure(sock: socket.socket, world: World) -> None:
    """Shake hands as the host named in the hello would; a failure is written down as that host's."""
    hello: dict[str, float] = {}

    def choose(layer: ssl.SSLSocket | ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> int | None:
        host = (name or sock.getsockname()[0]).lower()
        hello[host] = time.monotonic()
        tls = world.script.host(host).tls
        if tls == "alert":
            return ssl.ALERT_DESCRIPTION_HANDSHAKE_FAILURE
        if tls == "cut":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
            return ssl.ALERT_DESCRIPTION_INTERNAL_ERROR
        layer.context = world.authority.context(host, tls)
        return None

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = choose
    try:
        _, wire = await asyncio.get_running_loop().connect_accepted_socket(lambda: Wire(sock), sock, ssl=context)
    except (OSError, ssl.SSLError):
        for host, at in hello.items():
            record = world.journal.begin(host, "https", at)
            world.journal.end(record, "tls_failed")
        return
    await _Conversation(wire, world, next(iter(hello), None)).run()


class _Conversation:
    """Requests and answers, one after the other. host: the name in the TLS hello, None on plain http."""

    def __init__(self, wire: Wire, world: World, host: str | None) -> None:
        self._wire, self._world, self._sni = wire, world, host
        self._h11 = h11.Connection(h11.SERVER)
        self._open_as: str | None = None

    async def run(self) -> None:
        """Until either side closes."""
        if self._sni:
            self._opened(self._sni)
        try:
            while await self._turn():
                self._h11.start_next_cycle()
                self._wire.rest(pending=bool(self._h11.trailing_data[0]))
        except (Gone, TimeoutError):
            pass
        except h11.RemoteProtocolError as error:
            self._world.journal.violate("bad_request", self._open_as or "", str(error), 0)
        finally:
            await self._wire.end()
            if self._open_as:
                self._world.journal.closed(self._open_as)

    def _opened(self, host: str) -> None:
        if self._open_as is None:
            self._open_as = host
            self._world.journal.opened(host)

    async def _turn(self) -> bool:
        """One request and its answer; False at the end of the connection."""
        head = await self._event()
        if not isinstance(head, h11.Request):
            return False
        body = bytearray()
        while isinstance(event := await self._event(), h11.Data):
            body += event.data
            if len(body) > BODY_LIMIT:
                return False
        request = _request(head, bytes(body), "https" if self._sni else "http", self._sni)
        self._opened(request.host)
        record = self._world.journal.begin(request.host, request.scheme, self._wire.first_byte or time.monotonic())
        record.method, record.target, record.fields = request.method, request.target, tuple(request.form)
        self._world.journal.identify(record, request.header("user-agent") or "")
        outcome = "left"
        try:
            outcome = await self._answer(request, record)
        finally:
            record.sent = self._wire.sent
            self._world.journal.end(record, outcome, self._wire.last_byte if outcome == "whole" else None)
        return outcome == "whole" and self._h11.our_state is h11.DONE

    async def _event(self) -> object:
        while True:
            event = self._h11.next_event()
            if event is not h11.NEED_DATA:
                return event
            async with asyncio.timeout(IDLE_SECONDS):
                data = await self._wire.read()
            if not data:
                return None
            self._h11.receive_data(data)

    async def _answer(self, request: Request, record: Record) -> str:
        """Send it; how it ended, for the journal."""
        clock, settings = self._world.clock, self._world.script.host(request.host)
        if settings.latency:
            await self._wire.wait(settings.latency * clock.scale)
        decision = self._world.decide(request, record)
        record.status = decision.answer.status
        if decision.fault is not None:
            record.status = None
            line = Line(self._wire, clock, request, decision.answer)
            await WIRE_FAULTS[decision.fault.name](line, decision.fault)
            return "whole" if decision.fault.name in WHOLE else "cut"
        await self._wire.write(self._bytes(request, decision.answer, settings))
        return "whole"

    def _bytes(self, request: Request, answer: Answer, settings: HostSettings) -> bytes:
        described, body = answer.wire(request.takes_gzip)
        common: tuple[tuple[str, str], ...] = (("Server", "Apache"),)
        if settings.date != "none":
            now = self._world.clock.now() + timedelta(seconds=float(settings.date))
            common += (("Date", format_datetime(now, usegmt=True)),)
        headers = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in (*common, *described, *answer.headers)]
        parts = [self._h11.send(h11.Response(status_code=answer.status, headers=headers)) or b""]
        if request.method != "HEAD" and answer.status != 304:
            parts.append(self._h11.send(h11.Data(data=body)) or b"")
        parts.append(self._h11.send(h11.EndOfMessage()) or b"")
        return b"".join(parts)


def _request(head: h11.Request, body: bytes, scheme: str, sni: str | None) -> Request:
    headers = tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in head.headers.raw_items())
    named = next((v for k, v in headers if k.lower() == "host"), sni or "")
    host, _, port = named.partition(":")
    number = int(port) if port.isdigit() else None
    return Request(head.method.decode(), scheme, host.lower(), number, head.target.decode("latin-1"), headers, body)
