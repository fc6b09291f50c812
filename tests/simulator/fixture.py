"""Starting the simulator from a test: in a thread of this process, or as a process of its own.

`simulator` is a pytest fixture (one server a module, journal and script cleared before each test); a test module or a
conftest imports it. `in_thread` starts in some 20 ms; `in_process` measures gaps without sharing an interpreter.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.simulator.client import Simulator
from tests.simulator.server import Options, Server, running

ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def in_thread(options: Options | None = None) -> Iterator[Simulator]:
    """A simulator in a thread with its own event loop. Raises ScriptError for options that cannot be used."""
    started, servers, failures = threading.Event(), list[Server](), list[BaseException]()
    loop = asyncio.new_event_loop()

    async def live() -> None:
        try:
            async with running(options or Options()) as server:
                servers.append(server)
                started.set()
                await server.stopping.wait()
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            started.set()

    def play() -> None:
        with contextlib.suppress(BaseException):
            loop.run_until_complete(live())
        loop.close()

    thread = threading.Thread(target=play, name="simulator", daemon=True)
    thread.start()
    started.wait(120)
    if failures or not servers:
        thread.join(60)
        raise failures[0] if failures else TimeoutError("the simulator did not start")
    try:
        yield Simulator(servers[0].ready.as_json())
    finally:
        loop.call_soon_threadsafe(servers[0].stopping.set)
        thread.join(60)


@contextlib.contextmanager
def in_process(ca_dir: Path, *arguments: str | Path) -> Iterator[Simulator]:
    """`python -m tests.simulator --ca-dir DIR arguments ...` as a child, which ends when its standard input closes.

    Raises RuntimeError where it does not start, subprocess.TimeoutExpired where it does not end.
    """
    command: Sequence[str] = (
        sys.executable, "-m", "tests.simulator", "--ca-dir", str(ca_dir), "--until-stdin-closes", *map(str, arguments),
    )  # fmt: skip
    child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        line = child.stdout.readline()
        if not line:
            raise RuntimeError(f"the simulator ended at once, exit code {child.wait(60)}")
        yield Simulator(json.loads(line))
    finally:
        child.stdin.close()
        try:
            child.wait(60)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(60)
            raise
        finally:
            child.stdout.close()


@pytest.fixture(scope="module")
def simulator_of_module() -> Iterator[Simulator]:
    """One server for a module's tests."""
    with in_thread() as running_one:
        yield running_one


@pytest.fixture
def simulator(simulator_of_module: Simulator) -> Simulator:
    """A simulator with an empty journal and no script: every desk in its platform's default state."""
    simulator_of_module.reset()
    return simulator_of_module
