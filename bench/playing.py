"""A server and a data folder ready for sweeps, and what one sweep cost and bore."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bench.desks import HOSTS
from bench.fleet import host
from bench.measure import ROOT, Cost, cost
from bench.server import CONTROLS
from monitor.fetch.http.robots import RobotsCopy
from monitor.run.ledger import StoreMemory
from monitor.store.files import hold
from monitor.store.store import Store

DAY = timedelta(days=1)
# What no peer does: its cost is Chromium's own.
PLAIN = "[captures]\nscreenshots = false\n[browser]\nsecond_look = false\n"


def certificate(folder: Path) -> Path:
    """One certificate for all hosts, which a client must trust; with its key, for the server."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench")])
    names = [x509.DNSName(text) for text in ("*.gouv.fr", *CONTROLS)]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - DAY, now + DAY)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "server.pem"
    file.write_bytes(made.public_bytes(pem) + private)
    (folder / "ca.pem").write_bytes(made.public_bytes(pem))
    return file


@dataclass(frozen=True, slots=True)
class Setting:
    """What a sweep meets.

    trapped: hosts whose first desk springs the trap. scale: of waits; 1 is real time. coding: `gzip` or `identity`.
    """

    scheme: str = "https"
    latency: float = 0.0
    trap: str = "none"
    trapped: int = 0
    scale: float = 1.0
    coding: str = "gzip"


@dataclass(frozen=True, slots=True)
class Swept:
    """A sweep as a process, what it says of itself (`vigie run --json`), and the server's account."""

    cost: Cost
    told: dict[str, Any]
    account: dict[str, Any]


@contextlib.contextmanager
def served(folder: Path, setting: Setting) -> Iterator[tuple[int, dict[str, Any]]]:
    """A server of its own process: its port, and a dict that holds its account once it has ended."""
    account: dict[str, Any] = {}
    words = (str(folder / "server.pem"), str(setting.latency), setting.trap, str(setting.trapped), setting.coding)
    child = subprocess.Popen(
        [sys.executable, "-m", "bench.server", *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        yield json.loads(child.stdout.readline())["port"], account
    finally:
        child.stdin.close()
        account.update(json.loads(child.stdout.read() or "{}"))
        child.wait(30)
        child.stdout.close()


def prime(data: Path, scheme: str) -> None:
    """A data folder in which every robots.txt is known, as after the first run of a day."""
    now = datetime.now(UTC)
    copy = RobotsCopy(status=200, body=b"User-agent: *\nDisallow: /user/\n", fetched=now, expires=now + DAY)
    with hold(data) as lock, Store(lock, at=now) as store:
        memory = StoreMemory(store)
        for number in range(HOSTS):
            memory.set_robots(f"{scheme}://{host(number)}", copy)
        store.barrier(now)


def sweep(folder: Path, data: Path, setting: Setting) -> Swept:
    """One `vigie run` over everything that is due."""
    with served(folder, setting) as (port, account):
        config = configured(folder, port, setting.scale)
        done = cost(command(config, data, "--json"), {"BENCH_SCHEME": setting.scheme})
    if done.code not in (0, 3):
        raise RuntimeError(f"the sweep ended with {done.code}: {done.err[-1500:]}")
    return Swept(done, json.loads(done.out), account)


def configured(folder: Path, port: int, scale: float) -> Path:
    """The settings of a sweep over the hosts played at that port. scale: of waits."""
    config = folder / "monitor.toml"
    config.write_text(
        '[operator]\ncontact = "bench@example.org"\n'
        f'[simulation]\naddress = "127.0.0.1:{port}"\nca_file = "{folder / "ca.pem"}"\n'
        f"time_scale = {scale}\n{PLAIN}",
        encoding="utf-8",
    )
    return config


def command(config: Path, data: Path, *more: str) -> list[str]:
    """`vigie run` over the made-up desks."""
    return [sys.executable, "-m", "bench.fleet", "run", "--config", str(config), "--data", str(data), *more]
