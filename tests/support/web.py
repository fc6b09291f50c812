"""`vigie serve` as a test meets it: the real server on a UNIX socket, and a mail server beside it."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from aiosmtpd.controller import Controller

from monitor.alerts.people.subscribers import Subscribers
from monitor.run.accounts import register
from monitor.settings.settings import Settings, load
from monitor.web.office import instant
from monitor.web.routes import Routes
from monitor.web.serve import listen, routes_of, server_of
from tests.alerts.test_notify import Box, free_port

SITE = "https://vigie.exemple.test"
CONFIG = """\
[operator]
name = "Permanence"
contact = "ops@exemple.test"
[watch]
prefectures = ["93", "95", "75"]
[mail]
server = "127.0.0.1"
port = {smtp}
security = "none"
sender = "alerte@exemple.test"
[timestamps]
presets = []
[web]
address = "https://vigie.exemple.test"
socket = "{socket}"
{web}
"""
SEED = "graine.a7f3@exemple.test"


@dataclass
class Served:
    """One server. paths: of what the messages link to."""

    folder: Path
    chosen: Settings
    routes: Routes
    client: httpx.Client
    box: Box
    said: list[str] = field(default_factory=list)

    def token(self, purpose: str = "add", age: float = 10) -> str:
        return self.routes.stamp(purpose, int(datetime.now(UTC).timestamp() - age))

    def fields(self, address: str = SEED, **more: Any) -> dict[str, Any]:
        return {"address": address, "prefecture": "93", "t": self.token(), **more}

    def subscribe(self, address: str = SEED, language: str = "fr", **more: Any) -> httpx.Response:
        return self.client.post(f"/{language}/abonnement", data=self.fields(address, **more))

    def settled(self) -> None:
        """All that was asked is done: each clerk did something after it."""
        for clerk in self.routes.office.clerks:
            clerk.hand(lambda _desk: None).result()

    def mails(self) -> list[EmailMessage]:
        found = [message_from_bytes(raw, policy=policy.default) for _to, raw in self.box.kept]
        assert all(isinstance(one, EmailMessage) for one in found)
        return found

    def link(self, kind: str, nth: int = -1) -> str:
        """The path of a link of the newest message: `c`, `u` or `g`."""
        text = self.mails()[nth].get_body(("plain",)).get_content()  # type: ignore[union-attr]
        return urlsplit(re.search(rf"{SITE}/\w+/{kind}/[A-Z0-9-]+", text)[0]).path  # type: ignore[index]

    @contextmanager
    def opened(self) -> Iterator[tuple[sqlite3.Connection, Subscribers]]:
        with register(self.chosen) as both:
            yield both

    @contextmanager
    def people(self) -> Iterator[Subscribers]:
        with self.opened() as (_db, people):
            yield people

    def states(self) -> list[str]:
        with self.people() as people:
            return [one.to.state for one in people.all()]

    def consent(self, address: str = SEED) -> None:
        """Subscribe and say yes."""
        self.subscribe(address)
        self.settled()
        assert self.client.post(self.link("c")).status_code == 200


def settings(folder: Path, smtp: int, web: str = "", more: str = "") -> Settings:
    socket = folder / "web.sock"
    (folder / "monitor.toml").write_text(CONFIG.format(smtp=smtp, socket=socket, web=web) + more, "utf-8")
    return load(str(folder / "monitor.toml"), str(folder / "data"), {}, folder)


@contextmanager
def serving(
    folder: Path, web: str = "network_an_hour = 10000", more: str = "", wait: float = 300,
    now: Callable[[], datetime] = instant,
) -> Iterator[Served]:  # fmt: skip
    """wait: seconds for which a page waits for its clerk; long, since a busy machine takes its time. now: by which
    forms are dated."""
    port, box = free_port(), Box()
    mail = Controller(box, hostname="127.0.0.1", port=port)
    mail.start()
    try:
        chosen = settings(folder, port, web, more)
        routes = replace(routes_of(chosen, gather=0), wait=wait, now=now)
        with listening(chosen, routes), client(chosen) as asking:
            yield Served(folder, chosen, routes, asking, box)
    finally:
        mail.stop()


@contextmanager
def listening(chosen: Settings, routes: Routes) -> Iterator[None]:
    listener = listen(chosen)
    listener.listen(128)
    server = server_of(chosen, routes)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(30)
        listener.close()


def client(chosen: Settings, **more: Any) -> httpx.Client:
    return httpx.Client(
        transport=httpx.HTTPTransport(uds=str(chosen.web.socket)), base_url="http://vigie", timeout=60, **more
    )
