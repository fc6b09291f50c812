"""What reading a published notice costs, by shape of page: 100 kB and 1 MB of what no préfecture serves."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from monitor.read.notices.facts import read_notice
from monitor.read.notices.rules import notice_rules
from tests.support.shapes import SHAPES, page

URL = "https://www.gard.gouv.fr/Demarches/Etrangers"
SMALL, BIG = 100_000, 1_000_000
GOAL_SECONDS, GOAL_RATIO = 1.0, 12.0


def notices(rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Seconds of processor time for each shape, the least of some rounds, and how often a goal is missed.

    A page longer than any notice is given up as too big; which of the two happened stands beside.
    """
    read_notice(b"<p>x</p>", None, URL, notice_rules())  # imports, and the tables compiled
    say(f"{'shape':<24}{'100 kB':>9}{'1 MB':>9}   goal: {GOAL_SECONDS:.0f} s each, 1 MB at most {GOAL_RATIO:.0f} times")
    rows = {}
    for shape in SHAPES:
        small, big = (_least(page(shape, size), rounds) for size in (SMALL, BIG))
        too_big = read_notice(page(shape, BIG), None, URL, notice_rules()).unreadable == "too_big"
        missed = max(small, big) > GOAL_SECONDS or big > GOAL_RATIO * max(small, 0.01)
        say(f"{shape:<24}{small:>8.2f}s{big:>8.2f}s{'  too big' if too_big else ''}{'  MISSED' if missed else ''}")
        rows[shape] = {"small": small, "big": big, "too_big": too_big, "missed": missed}
    return rows


def _least(body: bytes, rounds: int) -> float:
    return min(_once(body) for _ in range(rounds))


def _once(body: bytes) -> float:
    started = time.process_time()
    read_notice(body, None, URL, notice_rules())
    return time.process_time() - started
