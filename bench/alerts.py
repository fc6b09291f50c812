"""How fast people are told: from the check that found a slot to the mail server, and a crowd drained.

A real sweep of 303 checks finds the slot; its alert leaves beside it, with the log of a week attached. The mail server
is a process of its own, since a sender shares no processor with one.

`python -m bench.alerts [ROUNDS]` measures this part alone.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.desks import OPEN_EVERY
from bench.fleet import catalogue
from bench.measure import ROOT, cost
from bench.playing import PLAIN, Setting, certificate, command, prime, served
from monitor.alerts.people.subscriptions import Subscription
from monitor.core.record import instant
from monitor.evidence.seal import Evidence
from monitor.run.accounts import register
from monitor.run.alerting import Alerting
from monitor.settings.settings import load
from monitor.store.files import hold
from monitor.store.store import Store, reading

LATENCY_GOAL, CROWD, CROWD_GOAL = 1.5, 500, 20.0  # seconds, subscribers, seconds
LOOKS, A_DAY = 504, 72  # of the desk with the slot, before it opens: a week
DESK = "000/guichet-0"
NO_SLOT = "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous."
Say = Callable[[str], None]


class Box:
    """Writes down when each message was handed over: one line of nanoseconds since 1970."""

    def __init__(self, path: str) -> None:
        self._file = open(path, "a", encoding="ascii")  # noqa: SIM115 - as long as the process

    @classmethod
    def from_cli(cls, _parser: Any, *words: str) -> Box:
        """As aiosmtpd's command line makes it."""
        return cls(*words)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """One message."""
        print(time.time_ns(), len(envelope.content), file=self._file, flush=True)
        return "250 2.0.0 taken"


@contextmanager
def _mail_server(file: Path) -> Iterator[int]:
    """Its port on 127.0.0.1."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    words = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "bench.alerts.Box", str(file)]
    child = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        for _try in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        else:
            raise RuntimeError("the mail server did not start")
        yield port
    finally:
        child.terminate()
        child.wait(10)


def _handed_over(file: Path) -> list[tuple[float, int]]:
    """Seconds since 1970, and bytes, of each message."""
    lines = file.read_text(encoding="ascii").splitlines()
    return [(int(at) / 1e9, int(size)) for at, size in (line.split() for line in lines)]


def _config(folder: Path, web: int, mail: int, more: str = "") -> Path:
    file = folder / "alerts.toml"
    file.write_text(
        '[operator]\ncontact = "https://bench.example.org"\n'
        f'[mail]\nserver = "127.0.0.1"\nport = {mail}\nsecurity = "none"\nsender = "veille@exemple.test"\n'
        f'[simulation]\naddress = "127.0.0.1:{web}"\nca_file = "{folder / "ca.pem"}"\ntime_scale = 1\n{PLAIN}{more}',
        encoding="utf-8",
    )
    return file


def _week(data: Path) -> None:
    """A week of looks at the desk, none of which saw a slot, sealed; and the robots.txt of every host."""
    prime(data, "http")
    now = datetime.now(UTC)
    with hold(data) as lock, Store(lock, at=now) as store:
        for number in range(LOOKS):
            at = now - timedelta(hours=1) - timedelta(days=1) * (LOOKS - number) / A_DAY  # the next look is due
            sweep = store.begin_sweep(at, {"due": [DESK], "skipped": []})
            store.append(_record(store.next_seq(), sweep, at))
            store.end_sweep(sweep, at + timedelta(minutes=2), {"skipped": []})
        store.barrier(now)
        Evidence(data).seal(store.records, now)


def _record(seq: int, sweep: int, at: datetime) -> dict[str, Any]:
    url = "http://bench-000.gouv.fr/booking/create/0"
    return {
        "v": 1, "seq": seq, "sweep": sweep, "id": f"{seq:016x}", "check": DESK, "look": "desk", "prefecture": "000",
        "label": "Guichet 0", "platform": "ez_booking", "url": url, "time_zone": "Europe/Paris", "started": instant(at),
        "finished": instant(at + timedelta(milliseconds=311)), "program": {"version": "0.1.0"}, "simulated": True,
        "steps": [{"open": url}], "exchanges": [{"url": url, "status": 200, "decoded_body_sha256": f"{seq:064x}"}],
        "reading": "NoSlot", "seen": NO_SLOT, "selector": "#inner_Booking", "by_data": False,
    }  # fmt: skip


def _enter(config: Path, data: Path, count: int) -> None:
    """So many who said yes to all that is told of the préfecture."""
    chosen, now = load(str(config), str(data), {}, ROOT), datetime.now(UTC)
    with register(chosen) as (_db, people):
        for number in range(count):
            wishes = Subscription(id=0, channel="email", state="pending", prefectures=("000",))
            people.confirm(people.add(f"p{number}@exemple.test", wishes, now), "bench", now)


def _opened(data: Path) -> datetime:
    """When the check that found the slot was over."""
    with reading(data) as found:
        assert found is not None
        rows = [json.loads(row.line) for row in found[0].history(DESK)]
    (at,) = [row["finished"] for row in rows if row["reading"] == "SlotsOpen"]
    return datetime.fromisoformat(at)


def alerts(folder: Path, rounds: int, say: Say) -> dict[str, Any]:
    """Seconds from the end of the check to the hand-over of its alert, beside a whole sweep; and of a drained crowd."""
    assert DESK.endswith("-0")
    assert OPEN_EVERY > 1  # the first desk is open, its neighbours are not
    week = folder / "alerts-week"
    _week(week)
    out: dict[str, Any] = {"goal": LATENCY_GOAL, "crowd": CROWD, "crowd_goal": CROWD_GOAL}
    for name, more in (("3 checks", '[watch]\nprefectures = ["000"]\n'), ("303 checks", "")):
        told = [_told(folder, week, f"{name[0:3].strip()}-{number}", more) for number in range(rounds)]
        delays, size = [one[0] for one in told], statistics.median(one[1] for one in told)
        out[name] = {"delays": delays, "median": statistics.median(delays), "message_bytes": size}
        shown = " ".join(f"{one:.2f}" for one in delays)
        say(f"slot seen to SMTP hand-over, {name}: median {out[name]['median']:.2f} s ({shown}), goal {LATENCY_GOAL}")
        say(f"the message with its log: {size / 1000:.0f} kB")
    out |= (crowd := _crowd(folder, week))
    say(f"{CROWD} drained in {crowd['crowd_wall']:.1f} s, {crowd['crowd_cpu']:.1f} s CPU (goal {CROWD_GOAL:.0f})")
    return out


def _told(folder: Path, week: Path, name: str, more: str) -> tuple[float, int]:
    """Seconds from the end of the check to the hand-over, and bytes of the message, in one sweep of its own."""
    data, file = shutil.copytree(week, folder / f"alerts-{name}"), folder / f"alerts-{name}.txt"
    with served(folder, Setting("http")) as (web, _account), _mail_server(file) as mail:
        config = _config(folder, web, mail, more)
        _enter(config, data, 1)
        done = cost(command(config, data), {"BENCH_SCHEME": "http"})
        if done.code or not _handed_over(file):
            raise RuntimeError(f"the sweep ended with {done.code}: {done.err[-1500:]}")
    first, size = _handed_over(file)[0]
    return first - _opened(data).timestamp(), size


def _crowd(folder: Path, week: Path) -> dict[str, float]:
    """One opened slot, told to all of them by a sender of its own after the fact."""
    from monitor.alerts.send.outbox import Operator, put
    from monitor.alerts.text.samples import sample
    from monitor.fetch.clock import SystemClock
    from monitor.store.beside import written

    data, file = shutil.copytree(week, folder / "alerts-crowd"), folder / "alerts-crowd.txt"
    slot = replace(sample("slots_open"), prefecture="000", check=DESK, seq=LOOKS - 1)
    with _mail_server(file) as mail:
        chosen = load(str(_config(folder, 1, mail)), str(data), {}, ROOT)
        _enter(folder / "alerts.toml", data, CROWD)
        with register(chosen) as (db, _people), written(db):
            put(db, [slot], datetime.now(UTC), Operator())
        began, used = time.perf_counter(), time.process_time()
        sent = Alerting(chosen, catalogue("http"), SystemClock()).send()
        wall, cpu = time.perf_counter() - began, time.process_time() - used
    if sent != {"Sent": CROWD} or len(_handed_over(file)) != CROWD:
        raise RuntimeError(f"{sent} of {CROWD} messages")
    return {"crowd_wall": wall, "crowd_cpu": cpu}


if __name__ == "__main__":
    os.environ.setdefault("LANGUAGE", "")
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as name:
        certificate(Path(name))
        alerts(Path(name), int(sys.argv[1]) if len(sys.argv) > 1 else 5, print)
