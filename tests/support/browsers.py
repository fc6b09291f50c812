"""A real Chromium for tests, and listeners on loopback that tell whether anything reached them."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from monitor.core.exchange import Exchange
from monitor.core.prefecture import Page
from monitor.core.readings import Reading
from monitor.fetch.browser.browser import Browser
from monitor.fetch.browser.home import BrowserOptions
from tests.support.parts import needs

T = TypeVar("T")
ZONE = "Europe/Paris"
URL = "https://www.essai.gouv.fr/page"
AGENT = "vigie/0 (+https://example.org/vigie) id=0123456789abcdef"
HTML = ("Content-Type", "text/html; charset=utf-8")
needs_chromium = needs("chromium")


def page(body: str | bytes, *, url: str = URL, status: int = 200, headers: Sequence[tuple[str, str]] = (HTML,)) -> Page:
    """A page as it was read."""
    return Page(url=url, status=status, headers=tuple(headers), body=body.encode() if isinstance(body, str) else body)


def exchange(
    method: str, url: str, body: str | bytes = b"", status: int = 200, headers: Sequence[tuple[str, str]] = (HTML,)
) -> Exchange:
    """An exchange a polite transport might have made."""
    now = datetime.now(UTC)
    data = body.encode() if isinstance(body, str) else body
    return Exchange(
        method=method,
        url=url,
        started=now,
        finished=now,
        started_mono_ns=0,
        finished_mono_ns=1,
        status=status,
        headers=tuple(headers),
        decoded_body=data,
        wire_body=data,
    )


class Site:
    """A polite transport that asks nobody: answers by path, and what was asked of it."""

    def __init__(self, answers: Mapping[str, Exchange | Reading | str]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []

    async def fetch(self, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> Exchange | Reading:
        """The answer of an address, by its path; 404 where there is none."""
        self.asked.append((method, url, dict(headers), body))
        found = self.answers.get(url) or self.answers.get("/" + url.split("/", 3)[3])
        if found is None:
            return exchange(method, url, "<h1>404</h1>", 404)
        return exchange(method, url, found) if isinstance(found, str) else found

    @property
    def paths(self) -> list[str]:
        """What was asked, in order."""
        return ["/" + url.split("/", 3)[3] for _, url, _, _ in self.asked]


class Running:
    """A browser and the event loop it lives in."""

    def __init__(self, loop: asyncio.AbstractEventLoop, browser: Browser) -> None:
        self._loop, self.browser = loop, browser

    def run(self, todo: Coroutine[Any, Any, T], timeout: float = 60.0) -> T:
        """Do it in the browser's loop."""
        return self._loop.run_until_complete(asyncio.wait_for(todo, timeout))


@contextmanager
def running(options: BrowserOptions | None = None) -> Iterator[Running]:
    """A browser of its own, ended at the end."""
    loop = asyncio.new_event_loop()
    browser = Browser(options)
    try:
        yield Running(loop, browser)
    finally:
        loop.run_until_complete(browser.aclose())
        loop.close()


class Ears:
    """Sockets on loopback: `heard` is what tried to reach them."""

    def __init__(self, stack: ExitStack) -> None:
        self.tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=32))
        self.port: int = self.tcp.getsockname()[1]
        self._all = [self.tcp]
        if socket.has_ipv6:
            with suppress(OSError):  # no IPv6 on this machine: nothing can leave by it
                self._all.append(stack.enter_context(socket.create_server(("::1", self.port), family=socket.AF_INET6)))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", self.port))
        self._all.append(udp)

    def heard(self) -> int:
        """How many connections and datagrams are waiting: the kernel takes them in without us."""
        count = 0
        for one in self._all:
            one.setblocking(False)
            while True:
                try:
                    one.accept()[0].close() if one.type == socket.SOCK_STREAM else one.recv(2048)
                except BlockingIOError:
                    break
                count += 1
        return count


@contextmanager
def ears() -> Iterator[Ears]:
    """Listeners for one test."""
    with ExitStack() as stack:
        yield Ears(stack)


def processes(word: str) -> list[int]:
    """Processes with `word` on their command line or in their environment (a private folder's name)."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            text = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue
        if word.encode() in text:
            found.append(int(entry.name))
    return found


@contextmanager
def cpu_of_descendants() -> Iterator[Callable[[], float]]:
    """CPU seconds this process and all below it use meanwhile, those that end counted as last seen (every 20 ms)."""
    seen: dict[int, float] = {}
    before: dict[int, float] = {}
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.02):
            seen.update(_cpu(os.getpid()))

    seen.update(_cpu(os.getpid()))
    before.update(seen)
    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield lambda: sum(used - before.get(pid, 0.0) for pid, used in seen.items())
    finally:
        done.set()
        watcher.join()


def _cpu(root: int) -> dict[int, float]:
    """CPU seconds of a process and each of its descendants (proc(5), fields 4, 14 and 15 of `stat`)."""
    used: dict[int, float] = {}
    parents: dict[int, int] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(OSError):
                fields = Path(f"/proc/{entry.name}/stat").read_text().rpartition(")")[2].split()
                parents[int(entry.name)] = int(fields[1])
                used[int(entry.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def is_below(pid: int) -> bool:
        while pid and pid != root:
            pid = parents.get(pid, 0)
        return pid == root

    return {pid: seconds for pid, seconds in used.items() if is_below(pid)}
