"""`kill -9` at any point: who was told that it is confirmed stays, nobody is asked twice, and the database is whole."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest
from aiosmtpd.controller import Controller

from monitor.run.accounts import register
from monitor.settings.settings import Settings
from monitor.web.serve import listen, routes_of, server_of
from tests.alerts.test_notify import Box, free_port
from tests.support.web import client, settings


def forked(chosen: Settings) -> int:
    """A server in a child of this process, as it is started."""
    chosen.web.socket.unlink(missing_ok=True)
    listening = listen(chosen)
    listening.listen(128)
    child = os.fork()
    if not child:
        try:
            server_of(chosen, routes_of(chosen, gather=0)).run(sockets=[listening])
        finally:
            os._exit(0)
    listening.close()
    return child


@pytest.mark.long
def test_two_hundred_kills_lose_nobody_and_ask_nobody_twice(tmp_path: Path) -> None:
    """The moment of a kill is drawn; what must hold does so whenever it comes."""
    moments, told = random.Random(21), set[str]()
    port, box = free_port(), Box()
    mail = Controller(box, hostname="127.0.0.1", port=port)
    mail.start()
    try:
        chosen = settings(
            tmp_path, port, "questions_an_hour = 10000\nquestions_a_day = 100000\nnetwork_an_hour = 10000"
        )
        stamp = routes_of(chosen).stamp
        for round_ in range(200):
            child, address = forked(chosen), f"p{round_}@exemple.test"
            until = time.monotonic() + moments.uniform(0.0, 0.5)
            try:
                with client(chosen) as asking:
                    fields = {"address": address, "prefecture": "93", "t": stamp("add", int(time.time()) - 10)}
                    asking.post("/fr/abonnement", data=fields)
                    while time.monotonic() < until:
                        for name, (yes, _stop) in codes(chosen).items():
                            if name not in told and asking.post(f"/fr/c/{yes}").status_code == 200:
                                told.add(name)
            except httpx.HTTPError:
                pass
            finally:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
    finally:
        mail.stop()
    asked = Counter(to for to, raw in box.kept if b"/c/OUI-" in raw)
    assert max(asked.values()) == 1
    with register(chosen) as (db, people):
        active = {people.address(one.to.id) for one in people.all() if one.to.state == "active"}
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert told
    assert told <= active


def codes(chosen: Settings) -> dict[str, tuple[str, str]]:
    with register(chosen) as (_db, people):
        return {people.address(one.to.id): people.codes(one.to.id) for one in people.all()[-3:]}
