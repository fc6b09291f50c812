"""Everything a server can do wrong, and the one reading each gives."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import gzip
import socket
import weakref
import zlib
from functools import cache
from itertools import pairwise
from random import Random
from threading import Thread
from typing import Self

import pytest

from monitor.core.hosts import parse
from monitor.core.prefecture import Page
from monitor.core.readings import Unreached, UnreachedCause
from monitor.fetch.clock import SystemClock
from monitor.fetch.http.capture import STEP, Capture
from monitor.fetch.http.channel import PlainChannel, TransportError
from monitor.fetch.http.connection import Connection, Limits, Request
from monitor.fetch.http.dial import Dialer, tls_context
from monitor.fetch.http.dns import SimulatedResolver
from monitor.fetch.http.hosts import Hosts
from monitor.fetch.http.robots import ShortMemory
from monitor.fetch.http.visitor import HttpVisitor
from tests.support.loopback import Answer, Asked, Kind, Loopback, Out, TestCA, page, redirect
from tests.support.walks import HOST, LIMITS, SCALE, START, forward, open_in, run, visit, visiting, walk

TOO_LONG = LIMITS.total + 1
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


async def hang(_: Asked, out: Out) -> None:
    forward(TOO_LONG)
    await asyncio.sleep(TOO_LONG)


async def drip(_: Asked, out: Out) -> None:
    await out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        await out.write(b"x")
        await asyncio.sleep(0.01)  # the client reads it
        forward(TOO_LONG / 5)


async def drip_head(_: Asked, out: Out) -> None:
    await out.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        await out.write(b"X-Drop: 1\r\n")
        await asyncio.sleep(0.01)
        forward(TOO_LONG / 5)


async def interim_for_ever(_: Asked, out: Out) -> None:
    while True:
        await out.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" * 100)


def then_reset(data: bytes) -> Answer:
    async def answer(_: Asked, out: Out) -> None:
        await out.write(data)
        await asyncio.sleep(0.05)  # let the client read what came before the reset throws it away
        out.reset()

    return answer


def then_close(data: bytes) -> Answer:
    async def answer(_: Asked, out: Out) -> None:
        await out.write(data)
        out.close()

    return answer


def then_cut(data: bytes) -> Answer:
    async def answer(_: Asked, out: Out) -> None:
        await out.write(data)
        out.cut()

    return answer


FAULTS: dict[str, tuple[Answer, UnreachedCause, bytes]] = {
    "hang": (hang, "timeout", b""),
    "drip": (drip, "timeout", b"x"),
    "drip in the head": (drip_head, "timeout", b""),
    "reset": (then_reset(b""), "reset", b""),
    "reset in the head": (then_reset(b"HTTP/1.1 200 OK\r\nX-A: "), "reset", b""),
    "reset in the body": (then_reset(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), "reset", b"abc"),
    "closed without an answer": (then_close(b""), "reset", b""),
    "closed in the head": (then_close(b"HTTP/1.1 200 OK\r\nX-A: "), "truncated", b""),
    "content-length too long": (then_close(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), "truncated", b"abc"),
    "cut under TLS": (then_cut(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), "truncated", b"abc"),
    "chunks cut": (then_close(CHUNKED + b"3\r\nabc\r\n5\r\nde"), "truncated", b"abcde"),
    "last chunk missing": (then_close(CHUNKED + b"3\r\nabc\r\n"), "truncated", b"abc"),
    "bad chunk size": (then_close(CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n"), "truncated", b""),
    "not http": (then_close(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), "truncated", b""),
    "NUL in a header": (then_close(b"HTTP/1.1 200 OK\r\nX-A: a\x00b\r\nContent-Length: 0\r\n\r\n"), "truncated", b""),
    "two lengths": (
        then_close(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        "truncated",
        b"",
    ),
    "endless head": (then_close(b"HTTP/1.1 200 OK\r\n" + b"X-Bomb: " + b"a" * 200_000), "too_large", b""),
    "interim answers without end": (interim_for_ever, "too_large", b""),
    "another protocol": (
        then_close(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"),
        "truncated",
        b"",
    ),
    "bad gzip": (page(b"not gzip at all", "200 OK", "Content-Encoding: gzip"), "truncated", b""),
    "gzip cut": (page(gzip.compress(b"hello" * 99)[:-9], "200 OK", "Content-Encoding: gzip"), "truncated", b""),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_unreached_and_keeps_what_came(ca: TestCA, name: str) -> None:
    answer, cause, kept = FAULTS[name]

    def script(net: Loopback) -> None:
        net.answers[HOST, "/start"] = answer

    came, exchanges, _ = walk(ca, script)
    assert isinstance(came, Unreached)
    assert came.cause == cause, came
    assert exchanges[-1].failure == came
    assert exchanges[-1].wire_body[: len(kept)] == kept
    assert exchanges[-1].sent.startswith(b"GET /start HTTP/1.1\r\n")


def test_a_reset_in_the_head_keeps_the_part_of_the_head_that_came(ca: TestCA) -> None:
    def script(net: Loopback) -> None:
        net.answers[HOST, "/start"] = then_reset(b"HTTP/1.1 200 OK\r\nX-A: ")

    _, exchanges, _ = walk(ca, script)
    assert exchanges[-1].head == b"HTTP/1.1 200 OK\r\nX-A: "
    assert exchanges[-1].status is None


@pytest.mark.parametrize(
    ("kind", "words"), [("expired", "expired"), ("self_signed", "self"), ("wrong_name", "Hostname mismatch")]
)
def test_a_certificate_that_does_not_verify_is_refused(ca: TestCA, kind: Kind, words: str) -> None:
    def script(net: Loopback) -> None:
        net.certificates[HOST] = kind

    came, exchanges, net = walk(ca, script)
    assert isinstance(came, Unreached)
    assert came.cause == "tls"
    assert words in str(came.detail)
    assert net.asked == []
    assert exchanges[0].dns is not None


def test_nothing_listens(ca: TestCA) -> None:
    async def go() -> None:
        async with Loopback(ca) as net:
            net.address = "127.0.0.1:1"
            async with visiting(net, ca) as visitor:
                session = visitor.session("x")
                came = await open_in(session)
                assert isinstance(came, Unreached)
                assert came.cause == "connect"
                assert len(session.exchanges) == 2, "a refused connection is tried once more"
                assert isinstance(await open_in(session), Unreached)
                assert len(session.exchanges) == 3, "and only once a check"

    run(go())


def test_a_tls_handshake_that_never_ends_is_bounded(ca: TestCA) -> None:
    async def go() -> None:
        with socket.create_server(("127.0.0.1", 0)) as mute:  # the kernel connects; nobody ever speaks
            net = Loopback(ca)
            net.address = f"127.0.0.1:{mute.getsockname()[1]}"
            async with visiting(net, ca, limits=Limits(connect=60, total=200)) as visitor:
                task = asyncio.create_task(open_in(visitor.session("x")))
                mute.setblocking(False)
                accepted, _ = await asyncio.get_running_loop().sock_accept(mute)
                with accepted:
                    await asyncio.get_running_loop().sock_recv(accepted, 1)  # its hello: TLS has begun
                    forward(TOO_LONG)
                    came = await task
        assert isinstance(came, Unreached)
        assert came.cause == "tls"

    run(go())


class Flood:
    """A host of its own thread, over plain HTTP, that never pauses: it would fill what a reader empties at once.

    Its chunks are all extension, so next to nothing of it is body. It gives up after `ENOUGH` bytes.
    """

    ENOUGH = 100_000_000
    CHUNK = b"1;" + b"x" * 60_000 + b"\r\na\r\n"

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        self.flows, self._loop = asyncio.Event(), asyncio.get_running_loop()
        self._thread = Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._server.close()

    def _serve(self) -> None:
        sock, _ = self._server.accept()
        with sock, contextlib.suppress(OSError):
            sock.recv(9999)  # robots.txt
            sock.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            sock.recv(9999)
            sock.sendall(CHUNKED)
            for at in range(self.ENOUGH // len(self.CHUNK)):
                sock.sendall(self.CHUNK)
                if at == 50:
                    self._loop.call_soon_threadsafe(self.flows.set)


def test_a_host_that_never_pauses_keeps_nobody_from_the_deadline(ca: TestCA) -> None:
    async def go() -> None:
        with Flood() as flood:
            net = Loopback(ca)
            net.address = flood.address
            async with visiting(net, ca) as visitor:
                asked = asyncio.create_task(open_in(visitor.session("x"), f"http://{HOST}/start"))
                await flood.flows.wait()
                forward(LIMITS.total + 1)
                came = await asked
        assert isinstance(came, Unreached)
        assert came.cause == "timeout"

    run(go())


# --- size -----------------------------------------------------------------------------------------


async def endless(_: Asked, out: Out) -> None:
    await out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n")
    for _mb in range(200):
        await out.write(b"a" * 1_000_000)


def test_a_200_mb_body_is_cut_at_the_cap(ca: TestCA) -> None:
    def script(net: Loopback) -> None:
        net.answers[HOST, "/start"] = endless

    came, exchanges, net = walk(ca, script)
    assert isinstance(came, Unreached)
    assert came.cause == "too_large"
    assert len(exchanges[-1].wire_body) == 5_000_000
    assert exchanges[-1].decoded_body is exchanges[-1].wire_body
    assert net.sent < 20_000_000, "the rest was not read"


@cache
def bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(300)) + packer.flush()


def test_a_gzip_bomb_is_cut_at_the_cap_while_inflating(ca: TestCA) -> None:
    def script(net: Loopback) -> None:
        net.answers[HOST, "/start"] = page(bomb(), "200 OK", "Content-Encoding: gzip")

    came, exchanges, _ = walk(ca, script)
    assert isinstance(came, Unreached)
    assert came.cause == "too_large"
    assert len(exchanges[-1].decoded_body) == 5_000_000
    assert len(exchanges[-1].wire_body) < 100_000, "5 MB of zeros are 5 kB on the wire: one read is enough"


def test_a_body_of_exactly_the_cap_is_whole(ca: TestCA) -> None:
    def script(net: Loopback) -> None:
        net.answers[HOST, "/start"] = page(b"a" * 5_000_000)

    came, _, _ = walk(ca, script)
    assert not isinstance(came, Unreached)


def test_at_most_two_big_bodies_are_held_and_waiting_is_not_the_sites_fault(ca: TestCA) -> None:
    hosts = [f"h{k}.gouv.fr" for k in range(4)]

    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        for host in hosts:
            net.answers[host, "/big"] = page(b"a" * 1_000_000)
        sessions = [visitor.session("x") for _ in hosts]
        tasks = [
            asyncio.create_task(open_in(session, f"https://{host}/big"))
            for session, host in zip(sessions, hosts, strict=True)
        ]
        while sum(task.done() for task in tasks) < 2 or len(net.asked) < 8:  # noqa: ASYNC110 - robots.txt and a page each
            await asyncio.sleep(0.01)
        forward(TOO_LONG)
        await asyncio.sleep(0.1)
        done = {task for task in tasks if task.done()}
        assert len(done) == 2
        small = await open_in(visitor.session("x"), "https://small.gouv.fr/")
        assert not isinstance(small, Unreached), "a page of ordinary size never waits"
        for task, session in zip(tasks, sessions, strict=True):
            if task in done:
                session.close()
        assert not any(isinstance(came, Unreached) for came in await asyncio.gather(*tasks))

    visit(ca, scenario)


def test_a_bomb_is_inflated_one_step_at_a_time() -> None:
    sizes: list[int] = []
    with pytest.raises(TransportError, match="too_large"):
        sizes.extend(Capture("gzip", 5_000_000).feed(bomb()[:STEP]))
    assert len(sizes) > 50
    assert all(b - a <= STEP for a, b in pairwise([0, *sizes]))


def test_the_deadline_runs_on_after_waiting_for_room(ca: TestCA) -> None:
    stalled = asyncio.Event()

    async def stalls(_: Asked, out: Out) -> None:
        await out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n" + b"a" * 300_000)
        stalled.set()
        await asyncio.sleep(10 * TOO_LONG)

    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        holders = [visitor.session("x") for _ in range(2)]
        for k, session in enumerate(holders):
            net.answers[f"h{k}.gouv.fr", "/big"] = page(b"a" * 1_000_000)
            assert isinstance(await open_in(session, f"https://h{k}.gouv.fr/big"), Page)
        net.answers[HOST, "/start"] = stalls
        third = asyncio.create_task(open_in(visitor.session("x")))
        await stalled.wait()
        await asyncio.sleep(0.1)  # it has read as much as it may, and waits for room
        forward(TOO_LONG)
        await asyncio.sleep(0.1)
        assert not third.done()
        for session in holders:
            session.close()
        await asyncio.sleep(0.1)
        assert not third.done(), "what was left of its time is left"
        forward(TOO_LONG)
        came = await third
        assert isinstance(came, Unreached)
        assert came.cause == "timeout"

    visit(ca, scenario)


def test_a_failed_connection_is_dropped_at_once(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        gone = asyncio.Event()

        async def until_gone(asked: Asked, out: Out) -> None:
            try:
                await drip(asked, out)
            finally:
                gone.set()

        net.answers[HOST, "/start"] = until_gone
        assert isinstance(await open_in(visitor.session("x")), Unreached)
        await gone.wait()

    visit(ca, scenario)


def test_a_walk_that_is_over_is_freed_at_once(ca: TestCA) -> None:
    """A cycle would keep its bodies until the collector comes: 101 capped bodies were 500 MB."""

    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        net.answers[HOST, "/start"] = endless
        session = visitor.session("x")
        came = await open_in(session)
        assert isinstance(came, Unreached)
        gone = weakref.ref(session)
        session.close()
        del session
        assert gone() is None
        kept = [one for one in gc.get_objects() if isinstance(one, Connection | PlainChannel)]
        assert kept == [], "nor do its connection's buffers stay"

    gc.collect()
    gc.disable()
    try:
        visit(ca, scenario)
    finally:
        gc.enable()


# --- redirects ------------------------------------------------------------------------------------


def test_a_redirect_loop_is_seen_at_once(ca: TestCA) -> None:
    def script(net: Loopback) -> None:
        net.answers[HOST, "/start"] = redirect("/other")
        net.answers[HOST, "/other"] = redirect("/start")

    came, _, net = walk(ca, script)
    assert isinstance(came, Unreached)
    assert came.cause == "redirects"
    assert net.paths(HOST) == ["/start", "/other"]


def test_ten_redirects_are_followed_and_not_eleven(ca: TestCA) -> None:
    def script(net: Loopback) -> None:
        net.answers[HOST, "/start"] = redirect("/1")
        for k in range(1, 30):
            net.answers[HOST, f"/{k}"] = redirect(f"/{k + 1}")
        net.answers[HOST, "/a1"] = page(b"there")
        for k in range(2, 12):
            net.answers[HOST, f"/a{k}"] = redirect(f"/a{k - 1}")

    came, _, net = walk(ca, script)
    assert isinstance(came, Unreached)
    assert came.cause == "redirects"
    assert len(net.paths(HOST)) == 11
    came, _, net = walk(ca, script, f"https://{HOST}/a11")
    assert not isinstance(came, Unreached)
    assert len(net.paths(HOST)) == 11


@pytest.mark.parametrize(
    ("location", "named"),
    [
        ("file:///etc/passwd", "file"),
        ("ftp://www.val-doise.gouv.fr/", "ftp"),
        ("javascript:alert(1)", "javascript"),
        ("https://www.example.com/", "www.example.com"),
        ("https://www.gouv.fr.evil.com/", "evil.com"),
        ("//evil.com/x", "evil.com"),
        ("https:\\\\evil.com\\www.gouv.fr", "evil.com"),
        ("http://127.0.0.1/admin", "127.0.0.1"),
        ("http://[::1]/", "::1"),
        ("http://2130706433/", "2130706433"),
        ("http://169.254.169.254/latest/meta-data/", "169.254.169.254"),
        ("/booking/create/12083/5/1700000000", "step 5"),
        ("/rdvpref/reservation/demarche/1/_validerCaptcha", "captcha"),
        ("https://", "not a host name"),
    ],
)
def test_a_redirect_out_of_bounds_is_recorded_and_not_followed(ca: TestCA, location: str, named: str) -> None:
    def script(net: Loopback) -> None:
        net.answers[HOST, "/start"] = redirect(location)

    came, exchanges, net = walk(ca, script)
    assert isinstance(came, Unreached)
    assert came.cause == "redirects"
    assert named in str(came.detail)
    assert ("Location", location) in exchanges[-1].headers
    assert [asked.target for asked in net.asked] == ["/robots.txt", "/start"]


@pytest.mark.parametrize("url", ["https://evil.com/", f"https://{HOST}/booking/create/1/5", f"https://{HOST}/login"])
def test_the_one_door_of_a_sweep_has_the_same_fence(ca: TestCA, url: str) -> None:
    """Whatever asks next year (a browser's sub-resource), no request beyond the boundary leaves."""

    async def go() -> None:
        resolver, clock = SimulatedResolver("127.0.0.1:1"), SystemClock(SCALE)
        dialer = Dialer(resolver, tls_context(str(ca.ca_file)), 1.0)
        hosts = Hosts(dialer, clock=clock, random=Random(1), memory=ShortMemory(), contact=True, limits=Limits())
        with pytest.raises(RuntimeError, match="was about to be asked"):
            await hosts.exchange(Request("GET", parse(url), ()), hosts.permit())

    run(go())


def test_an_address_longer_than_httpx_takes_is_asked_like_any_other(ca: TestCA) -> None:
    """The server of these tests takes no line that long and hangs up; httpx would have refused to ask (64 kB)."""

    def script(net: Loopback) -> None:
        net.answers[HOST, "/start"] = redirect("/" + "a" * 70_000, "302 Found", "Set-Cookie: a=b; Path=/")

    came, exchanges, _ = walk(ca, script)
    assert isinstance(came, Unreached)
    assert came.cause == "reset"
    assert exchanges[-1].sent.startswith(b"GET /aaaa")


def test_start_address_is_not_special(ca: TestCA) -> None:
    came, _, net = walk(ca, lambda net: None, "https://www.example.com/")
    assert isinstance(came, Unreached)
    assert net.asked == []
    came, _, net = walk(ca, lambda net: None, START.replace("/start", "/booking/create/7/5/1"))
    assert not net.asked
