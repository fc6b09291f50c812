"""Visitors for the transport's tests: waits a hundred times shorter, everything else as in production."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random

from monitor.core.exchange import Exchange
from monitor.core.prefecture import Open, Page
from monitor.core.readings import Reading
from monitor.fetch.http.connection import Limits
from monitor.fetch.http.robots import Memory, ShortMemory
from monitor.fetch.http.visitor import HttpSession, HttpVisitor, Simulation, open_visitor
from tests.support.loopback import Loopback, TestCA

SCALE = 0.01
HOST = "www.essai.gouv.fr"
START = f"https://{HOST}/start"
PROJECT = "https://example.org/vigie"


@asynccontextmanager
async def visiting(
    net: Loopback,
    ca: TestCA,
    *,
    memory: Memory | None = None,
    limits: Limits | None = None,
    scale: float = SCALE,
    contact: str | None = "ops@example.org",
) -> AsyncIterator[HttpVisitor]:
    """A visitor whose every host is the loopback server."""
    visitor = open_visitor(
        memory=memory or ShortMemory(),
        project=PROJECT,
        contact=contact,
        simulation=Simulation(address=net.address, ca_file=ca.ca_file, time_scale=scale),
        limits=limits or Limits(connect=2.0, total=4.0),
        random=Random(1),
    )
    try:
        yield visitor
    finally:
        await visitor.aclose()


Script = Callable[[Loopback], None]
Came = tuple[Page | Reading, list[Exchange], Loopback]


def walk(ca: TestCA, script: Script, url: str = START, limits: Limits | None = None) -> Came:
    """Open one address in a fresh session: what came, every exchange, and the server's own account."""

    async def go() -> Came:
        async with Loopback(ca) as net, visiting(net, ca, limits=limits) as visitor:
            script(net)
            session = visitor.session("0123456789abcdef")
            try:
                came = await session.perform((Open(url),), None)
            finally:
                session.close()
            return came, list(session.exchanges), net

    return asyncio.run(go())


def visit(ca: TestCA, scenario: Callable[[Loopback, HttpVisitor], Awaitable[None]], **options: object) -> None:
    """Run a longer scenario; options as `visiting` takes them."""

    async def go() -> None:
        async with Loopback(ca) as net, visiting(net, ca, **options) as visitor:  # type: ignore[arg-type]
            await scenario(net, visitor)

    asyncio.run(go())


async def open_in(session: HttpSession, url: str = START, page: Page | None = None) -> Page | Reading:
    """One `Open` in a session."""
    return await session.perform((Open(url),), page)
