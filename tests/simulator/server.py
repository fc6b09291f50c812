"""The simulator as a thing that runs: its listening sockets, its life span, and the line it prints when ready."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.simulator import connection, control
from tests.simulator.certificates import Authority
from tests.simulator.clock import Clock
from tests.simulator.states import ScriptError
from tests.simulator.world import World

SITES = Path(__file__).parent / "sites"
LAG_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Options:
    """How to start. address: one of 127.0.0.0/8. port 0: any free one; http_port 0: one above it. scripts: in order.

    time_scale: real seconds per virtual second. max_seconds: real seconds after which it stops by itself.
    """

    ca_dir: Path | None = None
    address: str = "127.0.0.1"
    port: int = 0
    http_port: int = 0
    control_port: int = 0
    scripts: tuple[Any, ...] = ()
    sites: tuple[Path, ...] = ()
    time_scale: float = 1.0
    date: datetime | None = None
    max_seconds: float = 3600.0

    def __post_init__(self) -> None:
        if ipaddress.ip_address(self.address) not in ipaddress.ip_network("127.0.0.0/8"):
            raise ScriptError(f"{self.address} is not a loopback address of 127.0.0.0/8")


@dataclass(frozen=True, slots=True)
class Ready:
    """Where it listens. https and http take both; control: the endpoint of `tests.simulator.control`."""

    address: str
    https: int
    http: int
    control: int
    ca_file: str
    time_scale: float
    pid: int = field(default_factory=os.getpid)

    def as_json(self) -> Mapping[str, Any]:
        """The line a parent process reads."""
        return {"ready": True, **asdict(self)}


class Server:
    """A running simulator. stopping: set it to stop."""

    def __init__(self, world: World, ready: Ready) -> None:
        self.world, self.ready = world, ready
        self.stopping = asyncio.Event()


@contextlib.asynccontextmanager
async def running(options: Options) -> AsyncIterator[Server]:
    """Listen while the context lasts. Raises ScriptError for a script or an address that cannot be used."""
    with contextlib.ExitStack() as stack:
        folder = options.ca_dir or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        world = World(Authority(folder), Clock(options.time_scale, options.date), (*options.sites, SITES))
        for script in options.scripts:
            world.script.load(script)
        sockets = [*_listen_twice(options), _listen(options.address, options.control_port)]
        https, http, controls = (s.getsockname()[1] for s in sockets)
        ca_file = str(world.authority.ca_file.resolve())
        server = Server(world, Ready(options.address, https, http, controls, ca_file, options.time_scale))
        tasks: set[asyncio.Task[None]] = set()

        async def site(sock: socket.socket) -> None:
            await connection.serve(sock, world)

        async def controlled(sock: socket.socket) -> None:
            await control.serve(sock, world, server.stopping)

        for sock, play in zip(sockets, (site, site, controlled), strict=True):
            tasks.add(asyncio.create_task(_accept(sock, play, tasks)))
        tasks.add(asyncio.create_task(_feel_lag(world)))
        try:
            yield server
        finally:
            for task in list(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for sock in sockets:
                sock.close()


def _listen_twice(options: Options) -> tuple[socket.socket, socket.socket]:
    """The two ports of the sites. Unless a port is asked for, http is one above https, where a client looks for it."""
    if options.http_port:
        return _listen(options.address, options.port), _listen(options.address, options.http_port)
    for attempt in range(100):
        first = _listen(options.address, options.port)
        try:
            return first, _listen(options.address, first.getsockname()[1] + 1)
        except (OSError, OverflowError):
            first.close()
            if options.port or attempt == 99:
                raise
    raise AssertionError("unreachable")


def _listen(address: str, port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, port))
    sock.listen(1024)
    sock.setblocking(False)
    return sock


async def _accept(
    listening: socket.socket,
    play: Callable[[socket.socket], Coroutine[None, None, None]],
    tasks: set[asyncio.Task[None]],
) -> None:
    loop = asyncio.get_running_loop()
    while True:
        sock, _ = await loop.sock_accept(listening)
        sock.setblocking(False)
        task = asyncio.create_task(play(sock))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


async def _feel_lag(world: World) -> None:
    """How late this process is to its own wake-ups: what its measures are worth."""
    while True:
        before = time.monotonic()
        await asyncio.sleep(LAG_SECONDS)
        world.journal.worst_lag = max(world.journal.worst_lag, time.monotonic() - before - LAG_SECONDS)
