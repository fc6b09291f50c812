"""Visitors for the transport's tests: waits a hundred times shorter, time-outs when the test says so, and everything
else as in production."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from random import Random
from typing import TypeVar

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
LIMITS = Limits(connect=60.0, total=60.0)  # real seconds, which no test waits for
PROJECT = "https://example.org/vigie"


T = TypeVar("T")


class Ahead(asyncio.SelectorEventLoop):
    """A loop whose clock a test sets forward: a time-out comes when the test says so, however busy the machine."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


def forward(seconds: float) -> None:
    """Set the clock of the running loop forward."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, Ahead)
    loop.ahead += seconds


def run(todo: Coroutine[None, None, T]) -> T:
    """`asyncio.run` on such a loop."""
    with asyncio.Runner(loop_factory=Ahead) as runner:
        return runner.run(todo)


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
        limits=limits or LIMITS,
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

    return run(go())


def visit(ca: TestCA, scenario: Callable[[Loopback, HttpVisitor], Awaitable[None]], **options: object) -> None:
    """Run a longer scenario; options as `visiting` takes them."""

    async def go() -> None:
        async with Loopback(ca) as net, visiting(net, ca, **options) as visitor:  # type: ignore[arg-type]
            await scenario(net, visitor)

    run(go())


async def open_in(session: HttpSession, url: str = START, page: Page | None = None) -> Page | Reading:
    """One `Open` in a session."""
    return await session.perform((Open(url),), page)
