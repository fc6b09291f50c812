"""`python -m bench [--rounds N] [--only PART ...]`: measures, prints tables, writes `bench/results.json`.

Exit 1 where a reading was wrong, a gap under one second was measured, or a host saw two requests or connections at
once.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import alerts, budget, evidence, notices, peers, scenarios
from bench.measure import ROOT, rounded
from bench.playing import certificate
from monitor import __version__

RESULTS = ROOT / "bench" / "results.json"
PARTS = (
    "sweeps", "paced", "sizes", "memory", "start", "stored", "budget", "evidence", "alerts", "notices", "robots",
    "peers",
)  # fmt: skip


def main() -> int:
    """See above."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="sweeps of each kind (default 5)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts to measure; the rest is kept")
    options = parser.parse_args()
    results = _earlier() if set(options.only) != set(PARTS) else {}
    results |= {"date": datetime.now(UTC).isoformat(timespec="seconds"), "version": __version__, "machine": _machine()}
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as name:
        folder = Path(name)
        certificate(folder)
        for part in options.only:
            results[part] = _measure(part, folder, options.rounds)
    RESULTS.write_text(json.dumps(rounded(results), ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    print(f"\nwritten to {RESULTS.relative_to(ROOT)}")
    return 0 if all(map(_polite, results.get("sweeps", ()))) else 1


def _measure(part: str, folder: Path, rounds: int) -> Any:
    match part:
        case "sweeps":
            print("303 checks, one request each, on 101 hosts; robots.txt known; whole process, start-up included")
            print("least gap: as measured from just after and from just before the last byte was handed to the kernel")
            head = ("scheme", "latency", "wall min / median", "goal", "CPU a check", "peak", "least gap", "in flight")
            print("{:<6}{:>8}{:>18}{:>9}{:>21}{:>8}{:>15}{:>12} open all".format(*head))
            return scenarios.sweeps(folder, rounds, _say)
        case "memory":
            print("\nPeak memory of a sweep: the trap's hosts answer their first desk with it, all else is as usual")
            return scenarios.memory(folder, _say)
        case "paced":
            print("\nWall against the politeness limit, start-up included, plain http, no latency")
            return scenarios.paced(rounds, _say)
        case "sizes":
            print("\nA sweep as cron runs it, by its size: processor (median), peak memory and its goal")
            return scenarios.sizes_of_fleets(rounds, _say)
        case "start":
            print("\nStart-up, whole process, min / median of 15 taking turns")
            return scenarios.start(folder, 15, _say)
        case "budget":
            print("\nBytes of one unchanged check, where each goes")
            return budget.budget(folder, _say)
        case "evidence":
            print("\nProof: kept, sealed, verified, reported; no bytes of pages, no authority")
            return evidence.evidence(folder, rounds, _say)
        case "alerts":
            print("\nAlerts: an opened slot beside a sweep, a week of looks kept; a crowd; a mail server of its own")
            return alerts.alerts(folder, rounds, _say)
        case "notices":
            print("\nA published notice read: processor time, the least of the rounds, by shape of page")
            return notices.notices(rounds, _say)
        case "robots":
            print("\nA robots.txt of 500 kB, read, and one address judged: processor time, the least of the rounds")
            return notices.robots(rounds, _say)
        case "peers":
            print("\nThe same 303 pages by the peers, taking turns; nothing changed but a token and a date")
            return peers.peers(folder, rounds, _say)
    print("\nWhat is stored, and what that costs")
    return {
        "sweeps": scenarios.stored(folder, _say),
        "append": scenarios.append(folder, _say),
        "catalogue": scenarios.catalogue(15, _say),
    }


def _say(line: str) -> None:
    print(line, flush=True)


def _polite(row: dict[str, Any]) -> bool:
    return bool(row["gaps_under_1_s"] == 0 and row["most_in_flight"] == row["most_open"] == 1 and row["as_expected"])


def _earlier() -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _machine() -> dict[str, Any]:
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
    models = [line.partition(":")[2].strip() for line in info.splitlines() if line.startswith("model name")]
    folder = subprocess.run(
        ["stat", "--file-system", "--format=%T", tempfile.gettempdir()], capture_output=True, text=True, check=False
    )
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "processor": models[0] if models else platform.processor(),
        "cores": os.cpu_count(),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
        "file_system": folder.stdout.strip(),
        "load_before": list(os.getloadavg()),
    }


if __name__ == "__main__":
    sys.exit(main())
