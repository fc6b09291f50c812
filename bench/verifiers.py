"""What each verifier of an export takes: seconds by the clock and of processor, start-up included.

`python -m bench.verifiers hundred FOLDER` makes an export of 100 sweeps of 50, unstamped; `python -m bench.verifiers
NAME EXPORT [VERIFIER ...]` measures one that is there, such as those of `bench.year`, and puts its row into
`bench/results.json` under `verifiers`. What stamps cost is the difference between a year with them and one without.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.measure import ROOT
from tests.support.authority import Tsa
from tests.support.forge import Authorities, Forge, Signer, write
from tests.support.verifierpage import chromium, opened

RESULTS = ROOT / "bench" / "results.json"
SCRIPT = ROOT / "monitor" / "data" / "verify.sh"
HUNDRED, FIFTY = 100, 50
Run = tuple[str, float]  # what it said last, and seconds of processor


class _Unstamped(Authorities):
    """No authority at all: the sweeps are sealed and signed."""

    def __init__(self) -> None:
        self.signer, self.tsa = Signer(), dict[str, Tsa]()


def hundred(folder: Path) -> None:
    """100 sweeps of 50 checks of one préfecture."""
    forge = Forge(_Unstamped())
    checks = [f"95/guichet-{number:02d}" for number in range(FIFTY)]
    forge.drafts = [forge.draft(number, checks=checks) for number in range(1, HUNDRED + 1)]
    for draft in forge.drafts:
        draft.stamps = {}
    forge.roots, forge.first, forge.last = set(), 1, HUNDRED
    write(forge.export(), folder)


def by_python(export: Path) -> Run:
    """`vigie verify`."""
    return _last([sys.executable, "-m", "monitor", "verify", str(export)])


def by_shell(export: Path) -> Run:
    """`verify.sh`."""
    return _last(["sh", str(SCRIPT), str(export)])


def by_page(export: Path) -> Run:
    """`verifier.html` in Chromium."""
    with chromium() as browser, opened(browser) as page:
        page.page.set_input_files("#folder", str(export))
        page.page.wait_for_selector("#result:not([hidden]) #last-line", timeout=3_600_000)
        return page.last_line, _of_descendants()


def _of_descendants() -> float:
    """Seconds of processor that the browser's processes had, which nobody waits for: as /proc tells while they live."""
    told = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        told[int(stat.parent.name)] = (int(fields[1]), int(fields[11]) + int(fields[12]))
    ours = {os.getpid()}
    while found := {pid for pid, (parent, _used) in told.items() if parent in ours} - ours:
        ours |= found
    return sum(told[pid][1] for pid in ours - {os.getpid()}) / os.sysconf("SC_CLK_TCK")


def _last(command: list[str]) -> Run:
    env = {**os.environ, "LANGUAGE": "fr"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (done.stdout.splitlines() or [done.stderr])[-1], cpu


VERIFIERS: dict[str, Callable[[Path], Run]] = {"python": by_python, "shell": by_shell, "page": by_page}


def measure(export: Path, verifier: str) -> dict[str, Any]:
    """One run."""
    began = time.perf_counter()
    said, cpu = VERIFIERS[verifier](export)
    wall = time.perf_counter() - began
    return {"wall": round(wall, 2), "cpu": round(cpu, 2), "load": round(os.getloadavg()[0], 1), "said": said}


def main() -> None:
    """See above."""
    name, export, *chosen = sys.argv[1], Path(sys.argv[2]), *sys.argv[3:]
    if name == "hundred" and not export.exists():
        hundred(export)
    for verifier in chosen or VERIFIERS:
        row = measure(export, verifier)
        print(name, verifier, row, flush=True)
        results = json.loads(RESULTS.read_text(encoding="utf-8"))
        results.setdefault("verifiers", {}).setdefault(name, {})[verifier] = row
        RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
