"""The same 303 pages by ours and by the peers, taking turns in one run: ratios hold where times do not.

Each peer lives in an environment of its own under `build/peers`, made once from the package registry. It is asked for
what it does best: fetch each page, take the text of the answer's container, compare with the last one. Ours parses,
keeps the two digests, the compressed bytes and the record, seals them, and spaces its requests. Start-up counts
for all; the first sweep of each, in which everything is new, does not.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.desks import DESKS, HOSTS, step
from bench.measure import ROOT, Cost, cost
from bench.playing import PLAIN, Setting, command, prime, served
from bench.server import address

CHECKS = HOSTS * DESKS
GOAL = 0.45  # of urlwatch's processor time a check
FAST = 0.005
# How each finds the container. urlwatch: by the filter its manual gives for an id, and by the faster CSS selector.
BY_ID, BY_CSS = "element-by-id: inner_Booking", "css: '#inner_Booking'"
VERSIONS = {"urlwatch": "2.29", "webchanges": "3.37.0", "changedetection.io": "0.60.10"}
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Peer:
    """One contender. run: one sweep in steady state, whole process."""

    name: str
    run: Callable[[], Cost]


def peers(folder: Path, rounds: int, say: Say) -> dict[str, Any]:
    """Ours and urlwatch in pairs of alternating order, at least 7; the others three times each. Each pair's ratio."""
    absent = [name for name in VERSIONS if not _environment(name)]
    if absent:
        say(f"not measured, could not be installed: {', '.join(absent)}")
    with served(folder, Setting("http")) as (port, account):
        ours = _ours(folder, port)
        rivals = {name: _rival(name, folder / "peers" / name, port, BY_ID) for name in VERSIONS if name not in absent}
        if "urlwatch" in rivals:
            rivals["urlwatch, css"] = _rival("urlwatch", folder / "peers" / "css", port, BY_CSS)
        for peer in (ours, *rivals.values()):
            peer.run()
        out = {"pairs": _pairs(ours, rivals.pop("urlwatch"), rounds, say)} if "urlwatch" in rivals else {}
        others = {}
        for name, rival in rivals.items():
            others[name] = _summary([rival.run() for _ in range(3)])
            say(_line(name, others[name]))
    return {**out, "others": others, "most_in_flight_of_all": account["most_in_flight"]}


def _pairs(ours: Peer, rival: Peer, rounds: int, say: Say) -> dict[str, Any]:
    costs: dict[str, list[Cost]] = {ours.name: [], rival.name: []}
    for number in range(max(rounds, 7)):
        for peer in (ours, rival) if number % 2 else (rival, ours):
            costs[peer.name].append(peer.run())
    ratios = [a.cpu / b.cpu for a, b in zip(costs[ours.name], costs[rival.name], strict=True)]
    rows = {name: _summary(found) for name, found in costs.items()}
    for name, row in rows.items():
        say(_line(name, row))
    middle = statistics.median(ratios)
    word = "ok" if middle <= GOAL else "OVER"
    shown = " ".join(f"{ratio:.2f}" for ratio in ratios)
    say(f"ours / {rival.name}, processor a check: median {middle:.2f} of {len(ratios)} pairs ({shown})")
    say(f"goal {GOAL} {word}")
    return {"ratios": ratios, "median_ratio": middle, "goal": GOAL, **rows}


def _summary(found: list[Cost]) -> dict[str, float]:
    return {
        "rounds": len(found),
        "cpu_ms_a_check_min": min(one.cpu for one in found) / CHECKS * 1000,
        "cpu_ms_a_check_median": statistics.median(one.cpu for one in found) / CHECKS * 1000,
        "wall_median": statistics.median(one.wall for one in found),
    }


def _line(name: str, row: Mapping[str, float]) -> str:
    return (
        f"{name:<20}{row['cpu_ms_a_check_min']:>7.2f} /{row['cpu_ms_a_check_median']:>6.2f} ms a check (min / median)"
        f"{row['wall_median']:>8.2f} s wall"
    )


def _ours(folder: Path, port: int) -> Peer:
    data, config = folder / "peers-data", folder / "peers.toml"
    shutil.rmtree(data, ignore_errors=True)
    prime(data, "http")
    config.write_text(
        '[operator]\ncontact = "bench@example.org"\n'
        f'[simulation]\naddress = "127.0.0.1:{port}"\nca_file = "{folder / "ca.pem"}"\ntime_scale = {FAST}\n{PLAIN}',
        encoding="utf-8",
    )
    ended = [0.0]

    def run() -> Cost:
        time.sleep(max(0.0, ended[0] + 20 * 60 * FAST * 1.25 - time.monotonic()))  # until every calendar is due again
        done = cost(command(config, data, "--json"), {"BENCH_SCHEME": "http"})
        ended[0] = time.monotonic()
        told = json.loads(done.out)
        if told["done"] != CHECKS:
            raise RuntimeError(f"ours made {told['done']} of {CHECKS} checks: {done.err[-500:]}")
        return done

    return Peer("vigie", run)


def _environment(name: str) -> bool:
    """Make the peer's environment if need be. False where the registry has it not."""
    home = ROOT / "build" / "peers" / name
    if (home / "ready").exists():
        return True
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"{name}=={VERSIONS[name]}"]
    if subprocess.run([str(home / "bin" / "python"), *words], check=False, capture_output=True).returncode:
        return False
    (home / "ready").touch()
    return True


def _rival(name: str, folder: Path, port: int, container: str) -> Peer:
    folder.mkdir(parents=True, exist_ok=True)
    urls = [f"http://{address(desk // DESKS)}:{port}/booking/create/{desk}/{step(desk)}" for desk in range(CHECKS)]
    bin_ = ROOT / "build" / "peers" / name / "bin" / name
    env = {name: str(folder) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    env["ALLOW_IANA_RESTRICTED_ADDRESSES"] = "true"  # changedetection.io refuses loopback otherwise
    watches = name != "changedetection.io"
    words = _watch(name, bin_, folder, urls, container) if watches else _changedetection(bin_, folder, urls)

    def run() -> Cost:
        done = cost(words, env)
        if done.code not in (0, 1):
            raise RuntimeError(f"{name} ended with {done.code}: {done.err[-1500:]}")
        return done

    return Peer(name, run)


def _watch(name: str, bin_: Path, folder: Path, urls: list[str], container: str) -> list[str]:
    """urlwatch, and webchanges which grew out of it: a list of jobs, each with the filter for its container."""
    jobs = "\n---\n".join(f"url: {url}\nfilter:\n  - {container}\n  - html2text" for url in urls)
    (folder / "jobs.yaml").write_text(jobs + "\n", "utf-8")
    (folder / "config.yaml").write_text("report:\n  stdout:\n    enabled: true\n    color: false\n", "utf-8")
    store = "--cache" if name == "urlwatch" else "--database"
    hooks = folder / "hooks.py"
    hooks.touch()
    words = [str(bin_), "--urls" if name == "urlwatch" else "--jobs", str(folder / "jobs.yaml")]
    return [*words, "--config", str(folder / "config.yaml"), store, str(folder / "snapshots.db"), "--hooks", str(hooks)]


def _changedetection(bin_: Path, folder: Path, urls: list[str]) -> list[str]:
    """Its batch mode; every page is a watch, made anew on each call since the command line knows them by address."""
    options = json.dumps({"include_filters": ["#inner_Booking"]})
    words = [str(bin_), "-d", str(folder / "store"), "-C", "-b", "-l", "ERROR", "-p", "15099", "-h", "127.0.0.1"]
    for number, url in enumerate(urls):
        words += ["-u", url, f"-u{number}", options]
    return words
