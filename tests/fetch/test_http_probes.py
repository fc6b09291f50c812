"""Ours or theirs: control probes against the loopback server."""

from __future__ import annotations

import asyncio

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
