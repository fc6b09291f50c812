"""How many files of `monitor` a reader walks through: `python -m tests.house.walks`.

Counts the files of which at least one function runs, imports left out: in one check of the Val-d'Oise against the
simulator (with pictures and a second look where Chromium is there), in the export that follows it, and in one slot
alert by e-mail, without its log and with it. `--files` names them. Nothing is asserted here: these are the figures by
which a change of the house is judged.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from aiosmtpd.controller import Controller

from monitor.alerts.people.subscriptions import Subscription
from monitor.alerts.send.outbox import Operator, put
from monitor.alerts.text.samples import sample
from monitor.cli import run as vigie
from monitor.run.accounts import register
from monitor.settings.settings import load
from monitor.store.beside import written
from monitor.store.store import reading
from tests.simulator.fixture import ROOT, in_thread
from tests.support.commands import settings

HOUSE = f"{ROOT}/monitor/"
IMPORTED = (HOUSE, f"{ROOT}/prefectures/")
BROWSER = "" if os.geteuid() else "sandbox = false\n"  # Chromium refuses its sandbox under root


class Walked:
    """The files whose functions ran, by path from the root of the project, while `watching`."""

    def __init__(self) -> None:
        self.files: set[str] = set()
        self._seen: set[CodeType] = set()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """This thread and those that it starts."""
        threading.setprofile(self._event)
        sys.setprofile(self._event)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)

    def _event(self, frame: FrameType, event: str, _arg: Any) -> None:
        code = frame.f_code
        if event != "call" or code in self._seen or not code.co_filename.startswith(HOUSE):
            return
        if not code.co_flags & CO_OPTIMIZED or _while_importing(frame):  # a module's or a class's own body
            return
        self._seen.add(code)
        self.files.add(code.co_filename.removeprefix(f"{ROOT}/"))


def _while_importing(frame: FrameType) -> bool:
    above = frame.f_back
    while above is not None:
        if above.f_code.co_name == "<module>" and above.f_code.co_filename.startswith(IMPORTED):
            return True
        above = above.f_back
    return False


def ran(*words: str) -> set[str]:
    """The files one command walks through. What it prints is left out."""
    walked = Walked()
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out), walked.watching():
        code = vigie(words)
    if code not in (0, 3):
        raise SystemExit(out.getvalue())
    return walked.files


class Box:
    """A mail server that takes everything."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """One message."""
        return "250 2.0.0 taken"


def walks(folder: Path, say: Callable[[str, set[str]], None]) -> None:
    """Each walk with its files."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    more = "[captures]\nscreenshots = true\n"
    more += f'[mail]\nserver = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "veille@exemple.test"\n'
    server = Controller(Box(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        with in_thread() as simulator:
            file = settings(folder, simulator, more=more, browser=BROWSER)
            own = ("--config", str(file), "--data", str(folder / "data"))
            say("check", ran("check", "95", *own))
            say("export", ran("export", "95", "--out", str(folder / "out"), *own))
            for name, attach in (("alert, no log", False), ("alert", True)):
                _told(own, attach)
                say(name, ran("outbox", "--send", *own))
    finally:
        server.stop()


def _told(own: tuple[str, ...], attach: bool) -> None:
    """One more subscriber, and an opened slot to be told to the newest one alone."""
    _config, config, _data, data = own
    chosen, now = load(config, data, {}, ROOT), datetime.now(UTC)
    with reading(chosen.data) as opened:
        assert opened is not None
        desk = next(row for row in opened[0].history("95") if not row.subject.startswith("95/notices/"))
    with register(chosen) as (db, people):
        for holder in people.all():
            people.remove(holder.to.id, now)
        wishes = Subscription(id=0, channel="email", state="pending", prefectures=("95",), attach=attach)
        people.confirm(people.add(f"p{attach}@exemple.test", wishes, now), "walks", now)
        slot = replace(
            sample("slots_open"), key=os.urandom(16).hex(), check=desk.subject, seq=desk.seq, at=now, simulated=False
        )
        with written(db):
            put(db, [slot], now, Operator())


def main() -> None:
    """A line a walk; with --files, its files by folder."""

    def say(name: str, files: set[str]) -> None:
        folders = Counter(file.split("/")[1] for file in files)
        print(f"{name:<14} {len(files):>4}  {json.dumps(dict(folders.most_common()))}", flush=True)
        if "--files" in sys.argv:
            print("\n".join(f"    {file}" for file in sorted(files)))

    with tempfile.TemporaryDirectory(prefix="w-") as name:
        walks(Path(name), say)


if __name__ == "__main__":
    main()
