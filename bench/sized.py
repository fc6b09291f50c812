"""`python -m bench.sized ROUNDS SCALE SCHEME`: sweeps of a fleet of any size, as cron runs them; prints one JSON.

The fleet is `$BENCH_FLEET` (hosts x desks a host), read when `bench.desks` is imported: hence a process of its own. At
the fast scale a first sweep, in which everything is new, is not counted; at that of real time each begins anew, since
nothing would be due again for twenty minutes. Nothing is asked of the program but to look (`--json` would
have it keep its observations to print them), so what was done is counted by the hosts.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.desks import DESKS, HOSTS
from bench.measure import Cost, cost
from bench.playing import Setting, certificate, command, configured, prime, served

CHECKS = HOSTS * DESKS
FAST = 0.005
DUE_AGAIN = 20 * 60 * 1.25  # seconds, at scale 1


def measured(hosts: int, desks: int, *, rounds: int = 1, scale: float = FAST, scheme: str = "https") -> dict[str, Any]:
    """Sweeps of a fleet of that size in a process of their own; see `main` for what comes back."""
    words = [sys.executable, "-m", "bench.sized", str(rounds), str(scale), scheme]
    done = cost(words, {"BENCH_FLEET": f"{hosts}x{desks}"})
    if done.code:
        raise RuntimeError(f"the sweep of {hosts}x{desks} ended with {done.code}: {done.err[-1500:]}")
    told: dict[str, Any] = json.loads(done.out)
    return told


def main() -> None:
    """Medians of wall and processor (seconds), the greatest peak (MB), and how the hosts were treated."""
    rounds, scale, scheme = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
    with tempfile.TemporaryDirectory(prefix="vigie-sized-") as name:
        folder = Path(name)
        certificate(folder)
        done = []
        for number in range(rounds + (scale == FAST)):
            if scale != FAST or not number:
                shutil.rmtree(folder / "data", ignore_errors=True)
                prime(folder / "data", scheme)
            done.append(_sweep(folder, scheme, scale))
        done = done[-rounds:]
    costs, accounts = [one for one, _account in done], [account for _one, account in done]
    told = {
        "checks": CHECKS,
        "rounds": rounds,
        "wall_median": statistics.median(one.wall for one in costs),
        "cpu_median": statistics.median(one.cpu for one in costs),
        "cpu_min": min(one.cpu for one in costs),
        "peak_mb": max(one.peak_mb or 0.0 for one in costs),
        "gaps_under_1_s": sum(one["gaps_under_1_s"] for one in accounts),
        "most_in_flight": max(one["most_in_flight"] for one in accounts),
        "most_open": max(one["most_open"] for one in accounts),
    }
    print(json.dumps(told))


def _sweep(folder: Path, scheme: str, scale: float) -> tuple[Cost, dict[str, Any]]:
    """One `vigie run` in which all is due; then, at the fast scale, a wait until all is due again."""
    with served(folder, Setting(scheme)) as (port, account):
        config = configured(folder, port, scale)
        environment = {"BENCH_SCHEME": scheme, "BENCH_FLEET": os.environ["BENCH_FLEET"]}
        done = cost(command(config, folder / "data"), environment)
    if done.code not in (0, 3) or account["requests"] != CHECKS:
        raise RuntimeError(f"{account['requests']} of {CHECKS} asked, code {done.code}: {done.err[-1500:]}")
    if scale == FAST:
        time.sleep(DUE_AGAIN * FAST)
    return done, account


if __name__ == "__main__":
    main()
