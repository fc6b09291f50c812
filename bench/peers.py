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
FAST = 0.005
# How each finds the container. urlwatch: by the faster CSS selector, its cheapest filter, and by the one its manual
# gives for an id; and what share of its processor time a check ours may take.
BY_CSS, BY_ID = "css: '#inner_Booking'", "element-by-id: inner_Booking"
GOALS = {BY_CSS: 0.90, BY_ID: 0.55}
VERSIONS = {"urlwatch": "2.29", "webchanges": "3.37.0", "changedetection.io": "0.60.10"}
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Peer:
    """One contender. run: one sweep in steady state, whole process."""

    name: str
    run: Callable[[], Cost]


def peers(folder: Path, rounds: int, say: Say) -> dict[str, Any]:
    """Ours and urlwatch by each filter in turns of alternating order, at least 7; the others three times each.

    pairs: against the filter for an id, pairs_css: against the cheapest; each round's ratio. installed: what each peer
    runs on, to the last package.
    """
    absent = [name for name in VERSIONS if not _environment(name)]
    if absent:
        say(f"not measured, could not be installed: {', '.join(absent)}")
    with served(folder, Setting("http")) as (port, account):
        ours = _ours(folder, port)
        rivals = {name: _rival(name, folder / "peers" / name, port, BY_ID) for name in VERSIONS if name not in absent}
        turns = {"pairs": rivals.pop("urlwatch")} if "urlwatch" in rivals else {}
        if turns:
            turns["pairs_css"] = _rival("urlwatch", folder / "peers" / "css", port, BY_CSS)
        for peer in (ours, *turns.values(), *rivals.values()):
            peer.run()
        out = _turns(ours, turns, rounds, say) if turns else {}
        others = {"urlwatch, css": out["pairs_css"]["urlwatch"]} if turns else {}
        for name, rival in rivals.items():
            others[name] = _summary([rival.run() for _ in range(3)])
            say(_line(name, others[name]))
    installed = {name: _installed(name) for name in VERSIONS if name not in absent}
    return {**out, "others": others, "installed": installed, "most_in_flight_of_all": account["most_in_flight"]}


def _turns(ours: Peer, rivals: Mapping[str, Peer], rounds: int, say: Say) -> dict[str, Any]:
    """Each round: all of them, one after the other, from the first or from the last."""
    order = [("", ours), *rivals.items()]
    costs: dict[str, list[Cost]] = {name: [] for name, _peer in order}
    for number in range(max(rounds, 7)):
        for name, peer in order if number % 2 else reversed(order):
            costs[name].append(peer.run())
    say(_line(ours.name, _summary(costs[""])))
    return {name: _compared(name, costs[""], costs[name], say) for name in rivals}


def _compared(name: str, ours: list[Cost], theirs: list[Cost], say: Say) -> dict[str, Any]:
    container = BY_CSS if name == "pairs_css" else BY_ID
    ratios = [a.cpu / b.cpu for a, b in zip(ours, theirs, strict=True)]
    middle, goal = statistics.median(ratios), GOALS[container]
    say(_line("urlwatch", _summary(theirs)) + f"   {container}")
    shown = " ".join(f"{ratio:.2f}" for ratio in ratios)
    say(f"ours / urlwatch, processor a check: median {middle:.2f} of {len(ratios)} rounds ({shown})")
    say(f"goal {goal} {'ok' if middle <= goal else 'OVER'}")
    told = {"filter": container, "ratios": ratios, "median_ratio": middle, "goal": goal}
    return told | {"vigie": _summary(ours), "urlwatch": _summary(theirs)}


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
    if (fixed := ROOT / "bench" / f"{name}.txt").exists():
        words += ["--constraint", str(fixed)]
    if subprocess.run([str(home / "bin" / "python"), *words], check=False, capture_output=True).returncode:
        return False
    (home / "ready").touch()
    return True


def _installed(name: str) -> list[str]:
    """The packages of a peer's environment, `NAME==VERSION` each."""
    python = ROOT / "build" / "peers" / name / "bin" / "python"
    return cost([str(python), "-m", "pip", "freeze", "--disable-pip-version-check"]).out.split()


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
