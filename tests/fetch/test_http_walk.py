"""An ordinary visitor's walk over the wire: exact bytes, cookies, forms, redirects, robots.txt."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from select import select

import httpx
import pytest

from monitor.core.errors import ConfigurationError
from monitor.core.hosts import parse
from monitor.core.prefecture import Choose, Open, Page, Press, Tick
from monitor.core.readings import Obstructed, Unavailable, Unreached, Unreadable
from monitor.fetch.http.channel import TlsChannel
from monitor.fetch.http.connection import Recording
from monitor.fetch.http.dial import Dialer, tls_context
from monitor.fetch.http.dns import SimulatedResolver
from monitor.fetch.http.visitor import HttpVisitor, user_agent
from tests.support.loopback import Asked, Loopback, Out, TestCA, page, redirect
from tests.support.walks import HOST, LIMITS, open_in, run, visit, walk


def test_request_and_head_are_kept_byte_for_byte(ca: TestCA) -> None:
    head = b"HTTP/1.1 200 Tr\xe8s bien\r\nX-ODD-case:  two  spaces \r\nx-odd-case: again\r\nContent-Length: 2\r\n\r\n"

    async def answer(_: Asked, out: Out) -> None:
        await out.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + head + b"ok")

    def script(net: Loopback) -> None:
        net.answers[HOST, "/start"] = answer

    came, exchanges, net = walk(ca, script)
    exchange = exchanges[-1]
    assert isinstance(came, Page)
    assert exchange.head == head
    assert exchange.headers[0] == ("X-ODD-case", "two  spaces")
    assert exchange.sent == net.asked[-1].raw
    assert (exchange.status, exchange.version, exchange.wire_body) == (200, "HTTP/1.1", b"ok")


def test_the_request_is_honest(ca: TestCA) -> None:
    _, _, net = walk(ca, lambda net: None)
    asked = net.asked[-1]
    assert asked.raw.startswith(b"GET /start HTTP/1.1\r\nHost: www.essai.gouv.fr\r\nUser-Agent: vigie/")
    assert asked.headers["user-agent"].endswith("(+https://example.org/vigie; ops@example.org) id=0123456789abcdef")
    assert asked.headers["accept-encoding"] == "gzip"
    assert asked.headers["accept-language"].startswith("fr")
    assert "referer" not in asked.headers
    assert net.asked[0].target == "/robots.txt"
    assert net.asked[0].headers["user-agent"] == asked.headers["user-agent"]


@pytest.mark.parametrize("contact", ["a)b", "é", "two\nlines", "back\\slash"])
def test_a_contact_that_would_break_the_header_is_a_configuration_error(contact: str) -> None:
    with pytest.raises(ConfigurationError):
        user_agent("https://example.org", contact)


def test_where_the_answer_came_from_is_recorded(ca: TestCA) -> None:
    _, exchanges, net = walk(ca, lambda net: None)
    exchange = exchanges[-1]
    assert exchange.peer == net.address
    assert exchange.local is not None
    assert exchange.local.startswith("127.0.0.1:")
    assert exchange.dns is not None
    assert (exchange.dns.host, exchange.dns.server) == (HOST, "simulation")
    assert exchange.tls is not None
    assert exchange.tls.version == "TLSv1.3"
    assert len(exchange.tls.chain) == 2
    assert all(der.startswith(b"\x30\x82") for der in exchange.tls.chain)
    assert exchange.finished_mono_ns >= exchange.started_mono_ns
    assert exchange.finished >= exchange.started


def test_a_connection_is_a_transport_for_any_httpx_client(ca: TestCA) -> None:
    async def go() -> None:
        async with Loopback(ca) as net:
            net.answers[HOST, "/start"] = page(b"<p>one</p>")
            dialer = Dialer(SimulatedResolver(net.address), tls_context(str(ca.ca_file)), LIMITS.connect)
            connection = await dialer.open(parse(f"https://{HOST}/start"), Recording())
            async with httpx.AsyncClient(transport=connection) as client:
                assert (await client.get(f"https://{HOST}/start")).text == "<p>one</p>"
                assert (await client.post(f"https://{HOST}/two?x=é", content=b"body")).http_version == "HTTP/1.1"
            connection.close()
            assert [(a.method, a.target, a.body, a.connection) for a in net.asked] == [
                ("GET", "/start", b"", 1),
                ("POST", "/two?x=%C3%A9", b"body", 1),
            ]

    run(go())


def test_no_second_client_is_loaded() -> None:
    """anyio costs each start 13 ms of processor, httpcore 7 (November 2026); only a stamp that is due loads them."""
    code = "import sys, monitor.fetch.http.visitor; print(sorted({'anyio', 'httpcore'} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"


async def _serve_handshake(sock: socket.socket, server: ssl.SSLObject, into: ssl.MemoryBIO, out: ssl.MemoryBIO) -> None:
    """Up to the session tickets, which stay in `out`."""
    loop = asyncio.get_running_loop()
    while True:
        try:
            server.do_handshake()
        except ssl.SSLWantReadError:
            await loop.sock_sendall(sock, out.read())
            into.write(await loop.sock_recv(sock, 9999))
        else:
            return


def test_a_late_session_ticket_is_no_unasked_answer(ca: TestCA) -> None:
    async def go() -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            ours = socket.create_connection(listening.getsockname())
            theirs, _ = listening.accept()
        with theirs:
            ours.setblocking(False)
            theirs.setblocking(False)
            into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
            server = ca.context(HOST).wrap_bio(into, out, server_side=True)
            channel = TlsChannel(ours, tls_context(str(ca.ca_file)), HOST)
            await asyncio.gather(channel.handshake(), _serve_handshake(theirs, server, into, out))
            assert channel.is_quiet()
            assert out.pending, "the tickets have not left yet"
            theirs.send(out.read())
            assert select([ours], [], [], 60)[0]
            assert channel.is_quiet()
            server.write(b"unasked")
            theirs.send(out.read())
            assert select([ours], [], [], 60)[0]
            assert not channel.is_quiet()
            channel.close()

    asyncio.run(go())


def test_gzip_is_named_apart_and_members_are_joined(ca: TestCA) -> None:
    wire = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0"

    async def slowly(_: Asked, out: Out) -> None:
        await out.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(wire))
        for byte in wire:
            await out.write(bytes((byte,)))
            await asyncio.sleep(0)

    def script(net: Loopback) -> None:
        net.answers[HOST, "/start"] = slowly

    came, exchanges, _ = walk(ca, script)
    assert isinstance(came, Page)
    assert came.body == b"one two"
    assert (exchanges[-1].wire_body, exchanges[-1].decoded_body) == (wire, b"one two")


def test_an_encoding_nobody_asked_for_is_not_guessed_at(ca: TestCA) -> None:
    def script(net: Loopback) -> None:
        net.answers[HOST, "/start"] = page(b"\x0b\x02\x80ok\x03", "200 OK", "Content-Encoding: br")

    came, exchanges, _ = walk(ca, script)
    assert isinstance(came, Unreadable)
    assert came.why == "not_text"
    assert exchanges[-1].wire_body == b"\x0b\x02\x80ok\x03"


@pytest.mark.parametrize("status", ["304 Not Modified", "204 No Content"])
def test_answers_without_a_body_end_at_once(ca: TestCA, status: str) -> None:
    def script(net: Loopback) -> None:
        net.answers[HOST, "/start"] = page(b"", status, length=99)

    came, _, _ = walk(ca, script)
    assert isinstance(came, Page)
    assert came.body == b""


def test_a_body_that_ends_with_the_connection(ca: TestCA) -> None:
    async def answer(_: Asked, out: Out) -> None:
        await out.write(b"HTTP/1.0 200 OK\r\n\r\nall of it")
        out.close()

    def script(net: Loopback) -> None:
        net.answers[HOST, "/start"] = answer

    came, exchanges, _ = walk(ca, script)
    assert isinstance(came, Page)
    assert came.body == b"all of it"
    assert exchanges[-1].version == "HTTP/1.0"


def test_bytes_nobody_asked_for_are_never_the_next_answer(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        stale = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstale"

        async def two(_: Asked, out: Out) -> None:
            await out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" + stale)

        net.answers[HOST, "/start"] = two
        session = visitor.session("x")
        assert isinstance(await open_in(session), Page)
        second = await open_in(session, f"https://{HOST}/second")
        assert isinstance(second, Page)
        assert second.body == b"<p>ok</p>"
        assert net.asked[-1].connection != net.asked[-2].connection

    visit(ca, scenario)


def test_a_connection_the_server_closed_meanwhile_is_opened_anew(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        async def last(_: Asked, out: Out) -> None:
            await out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            out.close()

        net.answers[HOST, "/start"] = last
        session = visitor.session("x")
        assert isinstance(await open_in(session), Page)
        assert isinstance(await open_in(session), Page)
        assert len(session.exchanges) == 3

    visit(ca, scenario)


# --- redirects, cookies, forms --------------------------------------------------------------------


def test_redirects_are_exchanges_of_their_own_across_hosts_and_schemes(ca: TestCA) -> None:
    def script(net: Loopback) -> None:
        net.answers["www.val-doise.gouv.fr", "/"] = redirect("https://WWW.Essai.gouv.fr./start?é=1#part", "301 Moved")

    came, exchanges, net = walk(ca, script, "http://www.val-doise.gouv.fr/")
    assert isinstance(came, Page)
    assert came.url == "https://www.essai.gouv.fr/start?%C3%A9=1"
    assert [(e.url, e.status) for e in exchanges] == [
        ("http://www.val-doise.gouv.fr/robots.txt", 404),
        ("http://www.val-doise.gouv.fr/", 301),
        ("https://www.essai.gouv.fr/robots.txt", 404),
        ("https://www.essai.gouv.fr/start?%C3%A9=1", 200),
    ]
    assert [a.scheme for a in net.asked] == ["http", "http", "https", "https"]


def test_a_redirect_to_a_login_page_is_an_obstacle(ca: TestCA) -> None:
    def script(net: Loopback) -> None:
        net.answers[HOST, "/start"] = redirect("/users/sign_in?next=/start")

    came, _, net = walk(ca, script)
    assert isinstance(came, Obstructed)
    assert came.obstacle == "login"
    assert came.seen.text == "/users/sign_in?next=/start"
    assert net.paths(HOST) == ["/start"]


def test_cookies_belong_to_one_check_and_to_their_host(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        net.answers[HOST, "/start"] = redirect("/in", "302 Found", "Set-Cookie: eZSESSID=a1; path=/; secure; HttpOnly")
        net.answers[HOST, "/in"] = redirect(
            "https://other.gouv.fr/", "302 Found", "Set-Cookie: b=2; path=/in", "Set-Cookie: c=3"
        )
        first = visitor.session("x")
        await open_in(first)
        await open_in(first, f"https://{HOST}/in/deeper")
        await open_in(first, f"https://{HOST}/elsewhere")
        await open_in(first, f"http://{HOST}/plain")
        await open_in(visitor.session("y"), f"https://{HOST}/fresh")
        cookies = {a.host + a.target: a.headers.get("cookie") for a in net.asked}
        assert cookies[f"{HOST}/in"] == "eZSESSID=a1"
        assert cookies["other.gouv.fr/"] is None
        assert cookies[f"{HOST}/in/deeper"] == "b=2; eZSESSID=a1; c=3"
        assert cookies[f"{HOST}/elsewhere"] == "eZSESSID=a1; c=3"
        assert cookies[f"{HOST}/plain"] == "c=3", "not the one that was to stay under TLS"
        assert cookies[f"{HOST}/fresh"] is None
        assert cookies[f"{HOST}/robots.txt"] is None, "not even that of http, asked when there were cookies to send"

    visit(ca, scenario)


def test_a_cookie_beyond_ascii_goes_back_as_it_came(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        async def answer(_: Asked, out: Out) -> None:
            await out.write("HTTP/1.1 200 OK\r\nSet-Cookie: ville=Évry\r\nContent-Length: 2\r\n\r\nok".encode())

        net.answers[HOST, "/start"] = answer
        session = visitor.session("x")
        await open_in(session)
        await open_in(session, f"https://{HOST}/next")
        assert b"\r\nCookie: ville=\xc3\x89vry\r\n" in net.asked[-1].raw

    visit(ca, scenario)


FORM = """<form id="f" method="post" action="/step/0"><input type="hidden" name="token" value="é&1">
<input type="checkbox" name="condition" value="on"><input type="radio" name="planning" value="7">
<input type="submit" name="nextButton" value="Étape suivante"></form>
<form id="g" action="/search?old=1">
<input type="radio" name="q" value="a b"><input type="submit" name="go" value="Go"></form>
<form id="h" method="post" action="/booking/create/3/5/99"><input type="submit" name="next" value="Go"></form>"""
PRESSED = (Tick("condition", "x"), Choose("planning", "7", "x"), Press("f", "nextButton", "Étape suivante"))


@pytest.mark.parametrize(
    ("status", "method", "body"),
    [
        ("302 Found", "GET", b""),
        ("303 See Other", "GET", b""),
        ("307 Temporary Redirect", "POST", b"token=%C3%A9%261&condition=on&planning=7&nextButton=%C3%89tape+suivante"),
    ],
)
def test_a_form_is_sent_and_its_redirect_followed_as_a_browser_does(
    ca: TestCA, status: str, method: str, body: bytes
) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        net.answers[HOST, "/start"] = page(FORM.encode(), "200 OK", "Content-Type: text/html; charset=utf-8")
        net.answers[HOST, "/step/0"] = redirect("/step/1", status)
        session = visitor.session("x")
        start = await open_in(session)
        assert isinstance(start, Page)
        came = await session.perform(PRESSED, start)
        assert isinstance(came, Page)
        posted, followed = net.asked[-2:]
        assert (posted.method, posted.target) == ("POST", "/step/0")
        assert posted.headers["content-type"] == "application/x-www-form-urlencoded"
        assert posted.body == b"token=%C3%A9%261&condition=on&planning=7&nextButton=%C3%89tape+suivante"
        assert (followed.method, followed.target, followed.body) == (method, "/step/1", body)
        assert session.exchanges[-2].sent == posted.raw

    visit(ca, scenario)


def test_a_form_that_left_is_not_sent_again(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        async def drop(_: Asked, out: Out) -> None:
            out.reset()

        net.answers[HOST, "/start"] = page(FORM.encode(), "200 OK", "Content-Type: text/html; charset=utf-8")
        net.answers[HOST, "/step/0"] = drop
        session = visitor.session("x")
        start = await open_in(session)
        assert isinstance(start, Page)
        assert isinstance(await session.perform(PRESSED, start), Unreached)
        assert net.paths(HOST) == ["/start", "/step/0"]

    visit(ca, scenario)


def test_the_environment_sends_nothing_elsewhere(ca: TestCA, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    came, _, _ = walk(ca, lambda net: None)
    assert isinstance(came, Page)


def test_other_presses(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        net.answers[HOST, "/start"] = page(FORM.encode(), "200 OK", "Content-Type: text/html; charset=utf-8")
        session = visitor.session("x")
        start = await open_in(session)
        assert isinstance(start, Page)
        got = await session.perform((Choose("q", "a b", ""), Press("g", "go", "Go")), start)
        assert isinstance(got, Page)
        assert net.asked[-1].target == "/search?q=a+b&go=Go"
        gone = await session.perform((Press("f", "nextButton", "Réserver"),), start)
        assert isinstance(gone, Unreadable)
        assert gone.why == "layout_changed"
        asked = len(net.asked)
        over = await session.perform((Press("h", "next", "Go"),), start)
        assert isinstance(over, Unreadable)
        assert over.why == "layout_changed"
        assert len(net.asked) == asked, "a form that books is not sent, whatever its button says"
        linked = await session.perform((Open("../relative?x=1", link="suite"),), start)
        assert isinstance(linked, Page)
        assert linked.url == f"https://{HOST}/relative?x=1"

    visit(ca, scenario)


# --- robots.txt -----------------------------------------------------------------------------------

ROBOTS = b"""User-agent: BadBot
Disallow: /secret/abc
User-agent: *
Disallow: /secret
Disallow: /secret/deep   # really
Allow: /secret/open
Crawl-delay: 2
"""


def test_what_robots_forbids_is_an_obstacle_with_the_rule_quoted(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        net.answers[HOST, "/robots.txt"] = page(ROBOTS)
        session = visitor.session("x")
        for path, line in (
            ("/secret/abc", "Disallow: /secret"),
            ("/secret/deep/b", "Disallow: /secret/deep   # really"),
        ):
            came = await open_in(session, f"https://{HOST}{path}")
            assert isinstance(came, Obstructed)
            assert (came.obstacle, came.seen.text) == ("robots", line)
        assert isinstance(await open_in(session, f"https://{HOST}/secret/open"), Page)
        assert isinstance(await open_in(session), Page)
        assert [a.target for a in net.asked] == ["/robots.txt", "/secret/open", "/start"]

    visit(ca, scenario)


def test_robots_holds_for_redirects_too(ca: TestCA) -> None:
    def script(net: Loopback) -> None:
        net.answers["other.gouv.fr", "/robots.txt"] = page(b"User-agent: *\nDisallow: /")
        net.answers[HOST, "/start"] = redirect("https://other.gouv.fr/x")

    came, _, net = walk(ca, script)
    assert isinstance(came, Obstructed)
    assert came.obstacle == "robots"
    assert net.paths("other.gouv.fr") == []


@pytest.mark.parametrize("status", ["403 Forbidden", "404 Not Found", "410 Gone"])
def test_no_robots_file_allows_all(ca: TestCA, status: str) -> None:
    def script(net: Loopback) -> None:
        net.answers[HOST, "/robots.txt"] = page(ROBOTS, status)

    came, _, _ = walk(ca, script, f"https://{HOST}/secret")
    assert isinstance(came, Page)


@pytest.mark.parametrize(
    ("status", "expected"), [("503 Busy", "overloaded"), ("500 Error", "server_error"), ("429 Slow", "rate_limit")]
)
def test_robots_that_cannot_be_had_forbids_all_and_says_what_the_site_said(
    ca: TestCA, status: str, expected: str
) -> None:
    def script(net: Loopback) -> None:
        net.answers[HOST, "/robots.txt"] = page(b"", status)

    came, _, net = walk(ca, script)
    assert isinstance(came, Unavailable | Obstructed)
    assert expected == (came.kind if isinstance(came, Unavailable) else came.obstacle)
    assert net.paths(HOST) == []


def test_robots_that_fails_in_transport_is_that_failure(ca: TestCA) -> None:
    async def cut(_: Asked, out: Out) -> None:
        await out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nUser")
        out.close()

    def script(net: Loopback) -> None:
        net.answers[HOST, "/robots.txt"] = cut

    came, _, net = walk(ca, script)
    assert isinstance(came, Unreached)
    assert came.cause == "truncated"
    assert net.paths(HOST) == []


def test_robots_redirects_stay_on_official_hosts(ca: TestCA) -> None:
    def script(net: Loopback) -> None:
        net.answers[HOST, "/robots.txt"] = redirect("https://other.gouv.fr/robots.txt")
        net.answers["other.gouv.fr", "/robots.txt"] = page(ROBOTS)
        net.answers["third.gouv.fr", "/robots.txt"] = redirect("https://evil.com/robots.txt")
        net.answers["evil.com", "/robots.txt"] = page(b"User-agent: *\nDisallow: /")

    came, _, _ = walk(ca, script, f"https://{HOST}/secret")
    assert isinstance(came, Obstructed)
    came, _, net = walk(ca, script, "https://third.gouv.fr/secret")
    assert isinstance(came, Page)
    assert all(a.host != "evil.com" for a in net.asked)


def test_the_trust_store_is_ours_alone(ca: TestCA, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """SSL_CERT_FILE must not add a trust anchor: the loopback CA is not in the default list and must be refused."""
    monkeypatch.setenv("SSL_CERT_FILE", str(ca.ca_file))
    own = ssl.PEM_cert_to_DER_cert(ca.ca_file.read_text())
    usual = tls_context().get_ca_certs(binary_form=True)
    assert len(usual) > 50
    assert own not in usual
    assert tls_context(str(ca.ca_file)).get_ca_certs(binary_form=True) == [own]
