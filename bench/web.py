"""The pages of subscribers under load: `python -m bench.web`. Prints one JSON document.

Figures are of processor seconds of the server's own process, so that a busy machine does not change them much; times of
answers are medians of requests in turns. Nothing is sent: what sends is another matter, and measured in `bench.alerts`.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from monitor.alerts.people.spool import FOLDER
from monitor.alerts.people.subscriptions import Subscription
from monitor.run.accounts import register
from monitor.settings.settings import Settings, load
from monitor.web.office import FrontOffice
from monitor.web.serve import listen, routes_of, server_of

CONFIG = """\
[mail]
server = "127.0.0.1"
port = 9
security = "none"
sender = "alerte@exemple.test"
[timestamps]
presets = []
[web]
address = "https://vigie.exemple.test"
socket = "{socket}"
questions_an_hour = 10000
questions_a_day = 100000
network_an_hour = 10000
"""
KINDS = ("known", "new", "left", "suspended")


def settings(folder: Path) -> Settings:
    (folder / "monitor.toml").write_text(CONFIG.format(socket=folder / "web.sock"), "utf-8")
    return load(str(folder / "monitor.toml"), str(folder / "data"), {}, folder)


@contextmanager
def served(chosen: Settings) -> Iterator[tuple[int, Callable[[], str]]]:
    """A server in a process of its own: its number, and what makes the stamp of a form."""
    routes = routes_of(chosen)
    stamp = routes.stamp
    with register(chosen) as (_db, people):
        spool = people.spool(chosen.data / FOLDER / "web")
    routes.office.close()
    listening = listen(chosen)
    listening.listen(128)
    child = os.fork()
    if not child:
        office = FrontOffice(chosen, lambda _db, _people: None, spool)
        limit = type("NoLimit", (), {"allows": staticmethod(lambda _host: True)})()
        server_of(chosen, replace(routes, office=office, limit=limit)).run(sockets=[listening])
        os._exit(0)
    try:
        yield child, lambda: stamp("add", int(time.time()) - 10)
    finally:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
        listening.close()


class Asking:
    """One kept connection, as plain as can be: the client must not be what is measured."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.socket = self._new()

    def _new(self) -> socket.socket:
        found = socket.socket(socket.AF_UNIX)
        found.connect(str(self.path))
        return found

    def __call__(self, method: str, path: str, body: str = "", *, fresh: bool = False) -> int:
        if fresh:
            self.socket.close()
            self.socket = self._new()
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\n"
        if body:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        self.socket.sendall(f"{head}\r\n{body}".encode())
        held = b""
        while b"\r\n\r\n" not in held:
            held += self._more()
        top, _, rest = held.partition(b"\r\n\r\n")
        length = int(top.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        while len(rest) < length:
            rest += self._more()
        return int(held[9:12])

    def _more(self) -> bytes:
        part = self.socket.recv(1 << 18)
        assert part, "the connection was closed"
        return part


def seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text("ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) / 1024


def imported() -> float:
    """Processor milliseconds that the pages add to what a command of `vigie` imports; the least of five."""

    def spent(words: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", words], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    base = "import monitor.cli.running.serve"
    more = base + "; import uvicorn, monitor.web.serve, monitor.web.app, uvicorn.protocols.http.h11_impl"
    turns = [(spent(base), spent(more)) for _ in range(5)]
    return 1000 * (min(one for _base, one in turns) - min(one for one, _more in turns))


def rates(chosen: Settings, posts: int, gets: int) -> dict[str, Any]:
    with served(chosen) as (process, stamp):
        ask = Asking(chosen.web.socket)
        assert ask("GET", "/fr/") == 200
        start, idle = seconds(process), memory(process)
        for _ in range(gets):
            ask("GET", "/fr/")
        shown = seconds(process) - start
        start, begun = seconds(process), time.monotonic()
        codes = [ask("POST", "/fr/abonnement", _form(f"p{n}@exemple.test", stamp())) for n in range(posts)]
        while _rows(chosen) < (kept := codes.count(202)):
            time.sleep(0.2)
        took = time.monotonic() - begun
        worked = seconds(process) - start
        return {
            "form_pages_per_cpu_second": round(gets / shown),
            "subscriptions_per_cpu_second": round(kept / worked),
            "subscriptions_per_second_on_this_machine": round(kept / took),
            "posts_taken": kept,
            "posts_refused": posts - kept,
            "memory_mb_idle": round(idle, 1),
            "memory_mb_after": round(memory(process), 1),
        }


def _form(address: str, token: str) -> str:
    return urlencode({"address": address, "prefecture": "93", "t": token})


def _rows(chosen: Settings) -> int:
    with register(chosen) as (db, _people):
        return int(db.execute("SELECT count(*) FROM subscriber").fetchone()[0])


def times(chosen: Settings, each: int) -> dict[str, Any]:
    """Medians of answers, in turns, to addresses of each kind."""
    now, wishes = datetime.now(UTC), Subscription(id=0, channel="email", state="pending", prefectures=("93",))
    with register(chosen) as (_db, people):
        for kind in ("known", "left", "suspended"):
            number = people.add(f"{kind}@exemple.test", wishes, now)
            people.confirm(number, "t", now)
            if kind == "left":
                people.remove(number, now)
            if kind == "suspended":
                people.set_state(number, "suspended", now)
    out = {}
    with served(chosen) as (_process, stamp):
        for name, fresh in (("kept", False), ("fresh", True)):
            ask = Asking(chosen.web.socket)
            seen: dict[str, list[float]] = {kind: [] for kind in KINDS}
            for n in range(each):
                for turn in range(4):
                    kind = KINDS[(turn + n) % 4]
                    who = f"n{name[0]}{n:06}" if kind == "new" else kind
                    body = _form(f"{who}@exemple.test", stamp())
                    begun = time.perf_counter()
                    code = ask("POST", "/fr/abonnement", body, fresh=fresh)
                    seen[kind].append(time.perf_counter() - begun)
                    assert code in (202, 503), code
            medians = {kind: round(1000 * statistics.median(found), 4) for kind, found in seen.items()}
            apart = 100 * (max(medians.values()) / min(medians.values()) - 1)
            out[name] = {"median_ms": medians, "apart_percent": round(apart, 2), "each": each}
    return out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=2_000)
    parser.add_argument("--gets", type=int, default=3_000)
    parser.add_argument("--each", type=int, default=1_250, help="answers timed of each kind, kept and fresh")
    args = parser.parse_args()
    found: dict[str, Any] = {"load": os.getloadavg(), "import_ms": round(imported())}
    for name, work in (
        ("rates", lambda chosen: rates(chosen, args.posts, args.gets)),
        ("times", lambda chosen: times(chosen, args.each)),
    ):
        with tempfile.TemporaryDirectory() as folder:
            found[name] = work(settings(Path(folder)))
    print(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
