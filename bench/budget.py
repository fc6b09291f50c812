"""Where each byte of one unchanged check goes: `python -m bench --only budget`.

Sweeps of 303 checks in which only token and date of each page changed, on one day. What the first one stores is left
out; the rest is told by table of the database (cells, by `dbstat`; and pages, room in them included), by file of the
packs and by file of a sealed sweep. WAL: bytes the sweep wrote into the journal of the database.
"""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from bench.desks import DESKS, HOSTS
from bench.playing import Setting, sweep
from bench.scenarios import FAST, fresh

CHECKS: Final = HOSTS * DESKS
SWEEPS: Final = 6  # unchanged ones: pages of the database fill up in steps
GOAL, WAL_GOAL = 500, 6_000
Say = Callable[[str], None]


def budget(folder: Path, say: Say) -> dict[str, Any]:
    """Bytes a check by part, for bodies that come compressed and for bodies that come as they are read."""
    return {coding: _of(folder, coding, say) for coding in ("gzip", "identity")}


def _of(folder: Path, coding: str, say: Say) -> dict[str, Any]:
    data, wal, cpu = fresh(folder), 0, 0.0
    _swept(folder, data, coding)
    before = parts(data)
    for _ in range(SWEEPS):
        cost = _swept(folder, data, coding)
        wal, cpu = wal + cost[0], cpu + cost[1]
    after, count = parts(data), SWEEPS * CHECKS
    found = {part: (after[part] - before[part]) / count for part in sorted(after) if after[part] != before[part]}
    total = sum(size for part, size in found.items() if not part.startswith("cells "))
    say(f"{coding}: {total:.0f} bytes a check (goal {GOAL}); WAL {wal / count:.0f} (goal {WAL_GOAL})")
    for part, size in sorted(found.items(), key=lambda one: -one[1]):
        say(f"  {part:<42}{size:>8.1f}")
    return {"bytes": total, "wal": wal / count, "cpu_ms": cpu / count * 1000, "parts": found}


def _swept(folder: Path, data: Path, coding: str) -> tuple[int, float]:
    """Bytes written into the WAL, and seconds of processor."""
    done = sweep(folder, data, Setting(scale=FAST, coding=coding))
    if done.told["done"] != CHECKS:
        raise RuntimeError(f"only {done.told['done']} checks were due")
    time.sleep(20 * 60 * FAST * 1.2)
    assert done.cost.wal is not None
    return done.cost.wal, done.cost.cpu


def parts(data: Path) -> Counter[str]:
    """Bytes of a data folder by part; `cells` are inside the pages of the database, all else adds up to the whole."""
    found: Counter[str] = Counter()
    for file in (one for one in data.rglob("*") if one.is_file()):
        if not file.name.startswith("vigie.db"):
            found[_named(file.relative_to(data))] += file.stat().st_size
    with closing(sqlite3.connect(f"file:{data / 'vigie.db'}?mode=ro", uri=True)) as db:
        for name, pages, cells in db.execute("SELECT name, sum(pgsize), sum(payload) FROM dbstat GROUP BY name"):
            found[f"pages {name}"] = pages
            found[f"cells {name}"] = cells
        (free,) = db.execute("PRAGMA freelist_count").fetchone()
        found["pages (free)"] = free * db.execute("PRAGMA page_size").fetchone()[0]
    return found


def _named(path: Path) -> str:
    """A file's kind: the numbers of sweeps and days left out."""
    return "/".join(part for part in path.parts[:-1] if not part.isdecimal()) + "/" + path.name.lstrip("0123456789-")
