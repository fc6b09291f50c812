"""What is measured: sweeps at three latencies, memory under traps, start-up, and what is stored."""

from __future__ import annotations

import gzip
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.desks import DESKS, HOSTS, is_open
from bench.measure import Cost, cost, interleaved, vigie
from bench.pages import packed
from bench.playing import Setting, Swept, command, prime, sweep
from bench.sized import measured
from bench.traps import TRAPS
from monitor.core.record import digest, instant
from monitor.run.ledger import StoreLedger
from monitor.store.files import hold
from monitor.store.store import Store

CHECKS = HOSTS * DESKS
SPACING, JITTER = 1.0, 0.25
LATENCIES = (0.0, 0.1, 0.8)
# hosts, desks a host, whether its processor time is measured often, goal of that (s), goal of the peak (MB)
SIZES: tuple[tuple[int, int, bool, float | None, float], ...] = (
    (1, 3, True, 0.22, 70.0), (101, 3, False, None, 70.0), (101, 30, False, None, 100.0), (101, 90, False, None, 150.0),
)  # fmt: skip
EVERYWHERE = ("big", "bomb", "dense_tags")
HELP = 3.0  # times what Python itself takes to start
FAST = 0.005  # of waits, where only bytes are counted: a calendar is due again after 4.8 to 7.2 s
Say = Callable[[str], None]


def goal(latency: float) -> float:
    """Seconds a sweep may take, start-up included: 1.25 x L + 0.5 for n requests a host."""
    least = (DESKS - 1) * (SPACING + JITTER) + DESKS * latency
    return 1.25 * least + 0.5


def fresh(folder: Path, scheme: str = "https") -> Path:
    """A data folder that knows every robots.txt and nothing else."""
    data = folder / "data"
    shutil.rmtree(data, ignore_errors=True)
    prime(data, scheme)
    return data


def sweeps(folder: Path, rounds: int, say: Say) -> list[dict[str, Any]]:
    """303 checks on 101 hosts, over https at each latency and over http without."""
    out = []
    for scheme, latency in (*(("https", lat) for lat in LATENCIES), ("http", 0.0)):
        setting = Setting(scheme, latency)
        done = [sweep(folder, fresh(folder, scheme), setting) for _ in range(rounds)]
        out.append({"scheme": scheme, "latency": latency, "goal": goal(latency), **_summary(done)})
        say(_sweep_line(out[-1]))
    return out


def _summary(done: list[Swept]) -> dict[str, Any]:
    walls, cpus = [one.cost.wall for one in done], [one.cost.cpu for one in done]
    accounts = [one.account for one in done]
    return {
        "rounds": len(done),
        "wall_min": min(walls),
        "wall_median": statistics.median(walls),
        "cpu_ms_a_check_min": min(cpus) / CHECKS * 1000,
        "cpu_ms_a_check_median": statistics.median(cpus) / CHECKS * 1000,
        "peak_mb": max(_peak(one.cost) for one in done),
        "smallest_gap": min(a["smallest_gap"] for a in accounts),
        "smallest_certain_gap": min(a["smallest_certain_gap"] for a in accounts),
        "gaps_under_1_s": sum(a["gaps_under_1_s"] for a in accounts),
        "most_in_flight": max(a["most_in_flight"] for a in accounts),
        "most_open": max(a["most_open"] for a in accounts),
        "connections": max(a["connections"] for a in accounts),
        "requests": max(a["requests"] for a in accounts),
        "server_cpu": statistics.median(a["server_cpu"] for a in accounts),
        "readings": done[-1].told["readings"],
        "as_expected": all(_right(one) for one in done),
    }


def _right(done: Swept) -> bool:
    """True when every reading is what the server showed."""
    opened = sum(map(is_open, range(CHECKS)))
    return bool(done.told["readings"] == {"NoSlot": CHECKS - opened, "SlotsOpen": opened})


def _peak(cost: Cost) -> float:
    assert cost.peak_mb is not None
    return cost.peak_mb


def _sweep_line(row: dict[str, Any]) -> str:
    word = "ok" if row["wall_median"] <= row["goal"] else "OVER"
    return (
        f"{row['scheme']:<6}{row['latency']:>5.1f} s{row['wall_min']:>8.2f} /{row['wall_median']:>6.2f} s"
        f"{row['goal']:>8.2f} s {word:<5}{row['cpu_ms_a_check_min']:>7.2f} /{row['cpu_ms_a_check_median']:>5.2f} ms"
        f"{row['peak_mb']:>6.0f} MB{row['smallest_gap']:>8.3f} to {row['smallest_certain_gap']:.3f} s"
        f"{row['most_in_flight']:>4}{row['most_open']:>5}{row['connections']:>6}"
    )


# --- memory -----------------------------------------------------------------------------------------------------------


def memory(folder: Path, say: Say) -> list[dict[str, Any]]:
    """Peak memory of a sweep: without a trap, with each on one host, with the worst on all hosts at once."""
    cases = [("none", 0, 80.0), *((trap, 1, 100.0) for trap in TRAPS), *((trap, HOSTS, 150.0) for trap in EVERYWHERE)]
    out = []
    for trap, trapped, limit in cases:
        done = sweep(folder, fresh(folder), Setting(trap=trap, trapped=trapped))
        word = "ok" if _peak(done.cost) <= limit else "OVER"
        row = {
            "trap": trap,
            "hosts": trapped,
            "peak_mb": _peak(done.cost),
            "goal_mb": limit,
            "wall": done.cost.wall,
            "readings": done.told["readings"],
            "trapped_readings": _of_trapped(done, trapped),
        }
        out.append(row)
        say(f"{trap:<16}{trapped:>4} hosts{row['peak_mb']:>8.0f} MB{limit:>6.0f} MB {word:<5}{row['wall']:>7.2f} s"
            f"   {' '.join(row['trapped_readings'])}")  # fmt: skip
    return out


def _of_trapped(done: Swept, trapped: int) -> list[str]:
    """What the desks that sprang the trap were read as."""
    first = {f"{number:03d}/guichet-0" for number in range(trapped)}
    return sorted(
        {
            f"{o['reading']}({o.get('why') or o.get('cause') or ''})"
            for o in done.told["observations"]
            if o["check"] in first
        }
    )


# --- sizes ------------------------------------------------------------------------------------------------------------


def sizes_of_fleets(rounds: int, say: Say) -> list[dict[str, Any]]:
    """What a sweep costs from 3 checks to 9,000: at rest of three its fixed part, of thousands its memory.

    A look here is one request; waits are shortened, so that the processor is what bounds a sweep.
    """
    out = []
    for hosts, desks, again, cpu_goal, peak_goal in SIZES:
        row = measured(hosts, desks, rounds=max(rounds, 7) if again else 1)
        out.append({"hosts": hosts, "desks": desks, "cpu_goal": cpu_goal, "peak_goal_mb": peak_goal, **row})
        met = (cpu_goal is None or row["cpu_median"] <= cpu_goal) and row["peak_mb"] <= peak_goal
        wanted = "" if cpu_goal is None else f"  (processor {cpu_goal:.2f} s)"
        say(
            f"{row['checks']:>6} checks{row['cpu_median']:>8.2f} s of processor{row['peak_mb']:>7.0f} MB"
            f"{peak_goal:>6.0f} MB{wanted} {'ok' if met else 'OVER'}"
        )
    return out


def paced(rounds: int, say: Say) -> list[dict[str, Any]]:
    """Wall time against the politeness limit, in real time: 303 checks on 101 hosts, and 3,030 on the same."""
    out = []
    for desks in (DESKS, 10 * DESKS):
        limit = 1.25 * (desks - 1) * (SPACING + JITTER) + 0.5
        row = measured(HOSTS, desks, rounds=rounds if desks == DESKS else 1, scale=1.0, scheme="http")
        out.append({"hosts": HOSTS, "desks": desks, "goal": limit, **row})
        word = "ok" if row["wall_median"] <= limit else "OVER"
        say(f"{row['checks']:>6} checks{row['wall_median']:>8.2f} s{limit:>8.2f} s {word}")
    return out


# --- start-up ---------------------------------------------------------------------------------------------------------


def start(folder: Path, rounds: int, say: Say) -> dict[str, dict[str, float]]:
    """The command's help in both languages, a tick with nothing due, and Python itself, taking turns."""
    data = fresh(folder)
    sweep(folder, data, Setting())
    goals = {"vigie --help (fr)": HELP, "vigie --help (en)": HELP}
    times = interleaved(
        {
            "python -c pass": [sys.executable, "-c", "pass"],
            "vigie --help (fr)": [*vigie(), "--help", "--lang", "fr"],
            "vigie --help (en)": [*vigie(), "--help", "--lang", "en"],
            "tick, nothing due": command(folder / "monitor.toml", data),
        },
        rounds,
    )
    bare = times["python -c pass"]
    out = {}
    for name, taken in times.items():
        ratio = statistics.median(one / other for one, other in zip(taken, bare, strict=True))
        out[name] = {"min_ms": min(taken), "median_ms": statistics.median(taken), "of_bare_python": ratio}
        word = f"{goals[name]:>6.1f} {'ok' if ratio <= goals[name] else 'OVER'}" if name in goals else ""
        say(f"{name:<20}{out[name]['min_ms']:>7.0f} /{out[name]['median_ms']:>5.0f} ms{ratio:>7.2f} x python{word}")
    return out


# --- what is stored ---------------------------------------------------------------------------------------------------


def stored(folder: Path, say: Say) -> list[dict[str, Any]]:
    """Bytes kept a check over three sweeps in which only token and date of each page changed.

    gzip: bodies come compressed, and what came is kept beside what was read; a new token changes all that follows it in
    compressed bytes. identity: they come as they are read.
    """
    out = []
    for coding in ("gzip", "identity"):
        data = fresh(folder)
        before = sizes(data)
        for number in (1, 2, 3):
            done = sweep(folder, data, Setting(scale=FAST, coding=coding))
            if done.told["done"] != CHECKS:
                raise RuntimeError(f"only {done.told['done']} checks were due")
            now = sizes(data)
            row = {name: (now[name] - before[name]) / CHECKS for name in now}
            out.append({"coding": coding, "sweep": number, **row})
            parts = f"database {row['database']:.0f}, packs {row['packs']:.0f}"
            say(f"{coding:<9} sweep {number}: {row['bytes']:>6.0f} bytes a check ({parts})")
            before = now
            time.sleep(20 * 60 * FAST * 1.2)
    return out


def sizes(folder: Path) -> dict[str, int]:
    """Bytes of all files of a data folder, and of its two parts."""
    found = {file: file.stat().st_size for file in folder.rglob("*") if file.is_file()}
    database = sum(size for file, size in found.items() if file.name.startswith("vigie.db"))
    return {"bytes": sum(found.values()), "database": database, "packs": sum(found.values()) - database}


def append(folder: Path, say: Say) -> dict[str, float]:
    """Time to keep one check whose page is as before but for token and date, and to reach a barrier after one."""
    data, now = fresh(folder), datetime.now(UTC)
    kept: list[float] = []
    barriers: list[float] = []
    with hold(data) as lock, Store(lock, at=now) as store:
        for _ in range(2):
            number = store.begin_sweep(now, {"due": []})
            kept = [_keep(StoreLedger(store), number, desk) for desk in range(60)]
            for desk in range(60, 80):
                _keep(StoreLedger(store), number, desk)
                barriers.append(_timed(lambda: store.barrier(now)))
            store.end_sweep(number, now, {})
            store.barrier(now)
    out = {"append_ms": statistics.median(kept) * 1000, "barrier_ms": statistics.median(barriers) * 1000}
    say(f"append, unchanged page: {out['append_ms']:.2f} ms   barrier: {out['barrier_ms']:.2f} ms (medians)")
    return out


def _keep(ledger: StoreLedger, sweep: int, desk: int) -> float:
    wire = packed(desk)
    bodies = {"wire_body": wire, "decoded_body": gzip.decompress(wire)}
    exchange = {f"{part}_sha256": digest(data) for part, data in bodies.items()}
    record = {
        "check": f"bench/{desk}",
        "seq": ledger.next_seq(),
        "sweep": sweep,
        "finished": instant(datetime.now(UTC)),
        "started": instant(datetime.now(UTC)),
        "reading": "NoSlot",
        "exchanges": [exchange],
    }
    return _timed(lambda: ledger.append(record, detail=None, bodies=[(0, *body) for body in bodies.items()]))


def _timed(do: Callable[[], None]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def catalogue(rounds: int, say: Say) -> dict[str, float]:
    """Milliseconds to load the declared préfectures, in a process of its own each time (bytecode warm)."""
    code = "import time; from monitor.catalogue import load; c = time.perf_counter(); "
    code += "n = len(load('prefectures').prefectures); print(n, (time.perf_counter() - c) * 1000)"
    said = [cost([sys.executable, "-c", code]).out.split() for _ in range(rounds)]
    times = [float(ms) for _n, ms in said]
    out = {"prefectures": int(said[0][0]), "min_ms": min(times), "median_ms": statistics.median(times)}
    say(f"catalogue of {out['prefectures']} préfectures: {out['min_ms']:.1f} / {out['median_ms']:.1f} ms")
    return out
