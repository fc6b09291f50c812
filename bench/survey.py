"""`python -m bench.survey [CODE ...]`: a survey at the pace of real sites, its wall time against that of politeness.

Each préfecture has a site of 47 pages beside what is declared. The limit is that of the busiest host: its requests, a
second and a quarter of chance after each answer (`monitor.core.pace`), and the time it took to answer. Exit 1 where a
host was hurried, asked for two things at once or for one thing twice.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from monitor.catalogue.catalogue import load
from monitor.core.pace import JITTER, SPACING
from tests.run.survey.country import lay_out
from tests.simulator import declared_sites
from tests.simulator.client import Simulator
from tests.simulator.fixture import in_process
from tests.support.commands import ROOT, Vigie, settings

PAGES = 44


def main() -> int:
    """See above."""
    parser = argparse.ArgumentParser(prog="python -m bench.survey", description=__doc__)
    parser.add_argument("codes", nargs="*", metavar="CODE", help="départements (default: all)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as name:
        folder = Path(name)
        declared_sites.write(folder / "sites")
        lay_out(folder / "sites", tuple(one.code for one in load("prefectures").prefectures), PAGES)
        played = ("--scenario", "demo", "--time-scale", "1", "--sites", str(folder / "sites"))
        with in_process(folder / "ca", *played) as simulator:
            told = measured(Vigie(folder / "data", settings(folder, simulator, scale=1.0)), simulator, options.codes)
    print(json.dumps(told, indent=1))
    return int(bool(told["violations"] or told["short_gaps"] or told["twice"] or told["most_in_flight"] > 1))


def measured(vigie: Vigie, simulator: Simulator, codes: list[str]) -> dict[str, Any]:
    """Seconds, and how the sites were treated."""
    review = str(vigie.data.with_name("review"))
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    words = vigie.command("survey", *codes, "--out", review, "--json")
    done = subprocess.run(words, cwd=ROOT, env=vigie.env, capture_output=True, text=True, check=False)
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 3):
        raise SystemExit(done.stderr)
    answering: defaultdict[str, float] = defaultdict(float)
    for one in simulator.log():
        answering[one["host"]] += max(0.0, (one["last"] or one["first"]) - one["first"])
    stats = simulator.stats()
    limit = max(one["requests"] * (SPACING + JITTER / 2) + answering[host] for host, one in stats["hosts"].items())
    asked = Counter((one["host"], one["target"]) for one in simulator.log() if one["host"].endswith(".gouv.fr"))
    return {
        "wall": round(wall, 1),
        "limit": round(limit, 1),
        "allowed": round(1.25 * limit + 5, 1),
        "processor": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
        "requests": stats["requests"],
        "hosts": len(stats["hosts"]),
        "twice": sum(times > 1 for times in asked.values()),
        **{name: stats[name] for name in ("violations", "short_gaps", "most_in_flight", "smallest_gap")},
    }


if __name__ == "__main__":
    raise SystemExit(main())
