"""Ours or theirs: control probes against the loopback server."""

from __future__ import annotations

import asyncio

import pytest

from monitor.fetch.http.visitor import HttpVisitor
from tests.support.loopback import Asked, Loopback, Out, TestCA, page
from tests.support.walks import visit, visiting


def test_any_answer_of_one_independent_host_is_enough(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        async def drop(_: Asked, out: Out) -> None:
            out.reset()

        net.answers["www.wikipedia.org", "/"] = drop
        net.answers["www.debian.org", "/"] = page(b"", "503 Busy")
        assert await visitor.reached()
        assert {a.host for a in net.asked} == {"www.wikipedia.org", "www.debian.org"}
        assert {a.method for a in net.asked} == {"HEAD"}
        assert all(a.headers["user-agent"].startswith("vigie/") for a in net.asked)

    visit(ca, scenario)


def test_a_hundred_failures_send_one_round(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        assert all(await asyncio.gather(*(visitor.reached() for _ in range(100))))
        assert len(net.asked) == 2

    visit(ca, scenario)


def test_no_certificate_no_answer(ca: TestCA) -> None:
    """A captive portal answers, but not under the host's own certificate."""

    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        net.certificates.update({"www.wikipedia.org": "self_signed", "www.debian.org": "wrong_name"})
        assert not await visitor.reached()
        assert net.asked == []

    visit(ca, scenario)


def test_a_network_that_answers_nothing(ca: TestCA) -> None:
    async def go() -> None:
        net = Loopback(ca)
        net.address = "127.0.0.1:1"
        async with visiting(net, ca) as visitor:
            assert not await visitor.reached()

    asyncio.run(go())


ECHO = "https://echo.example.org/"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"203.0.113.7\n", {"address": "203.0.113.7"}),
        (b'{"ip": "2001:DB8::7", "at": "12:30"}', {"address": "2001:db8::7"}),
        (b"203.0.113.7, 198.51.100.1", {"why": "no_address"}),
        (b"<html>portail</html>", {"why": "no_address"}),
        (b"", {"why": "no_address"}),
        (b"x" * 9000 + b"203.0.113.7", {"why": "too_large"}),
    ],
)
def test_our_address_is_what_one_service_saw(ca: TestCA, answer: bytes, told: dict[str, str]) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        net.answers["echo.example.org", "/"] = page(answer)
        assert await visitor.public_address(ECHO) == {"echo": "echo.example.org", **told}
        (asked,) = net.asked
        assert asked.method == "GET"
        assert asked.headers["user-agent"].startswith("vigie/")
        assert "cookie" not in asked.headers

    visit(ca, scenario)


def test_a_service_that_does_not_answer_is_told_and_nothing_fails(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        net.answers["echo.example.org", "/"] = page(b"203.0.113.7", "503 Busy")
        assert await visitor.public_address(ECHO) == {"echo": "echo.example.org", "why": "status 503"}
        net.certificates["echo.example.org"] = "self_signed"
        assert await visitor.public_address("https://echo.example.org/2") == {"echo": "echo.example.org", "why": "tls"}

    visit(ca, scenario)
