"""What reading a published notice or a robots.txt costs, by shape: far more of it than any préfecture serves."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from monitor.read.notices.facts import read_notice
from monitor.read.notices.rules import notice_rules
from monitor.read.robots import RobotsRules
from tests.support.shapes import SHAPES, page

URL = "https://www.gard.gouv.fr/Demarches/Etrangers"
SMALL, BIG = 100_000, 1_000_000
GOAL_SECONDS, GOAL_RATIO = 1.0, 12.0
ROBOTS = 500_000  # RFC 9309, 2.5: what must be read at least
ROBOTS_SECONDS = 0.1
ROBOTS_SHAPES = {"groups of others": "User-agent: bot{n}\nDisallow: /a{n}\n", "rules for all": "Disallow: /a{n}\n"}


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


def robots(rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Seconds of processor time to read 500 kB and judge an address, allowed and forbidden: the least of the rounds."""
    say(f"{'shape':<24}{'allowed':>9}{'forbidden':>11}   goal: {ROBOTS_SECONDS} s")
    rows = {}
    for shape, row in ROBOTS_SHAPES.items():
        lines = (row.format(n=number) for number in range(ROBOTS // (len(row) + 3)))
        text = f"{''.join(lines)}User-agent: *\nDisallow: /x\n" if "bot" in row else f"User-agent: *\n{''.join(lines)}"
        seconds = [min(_judged(text, path) for _ in range(rounds)) for path in ("/z", "/x" if "bot" in row else "/a7")]
        missed = max(seconds) > ROBOTS_SECONDS
        say(f"{shape:<24}{seconds[0]:>8.3f}s{seconds[1]:>10.3f}s{'  MISSED' if missed else ''}")
        rows[shape] = {"bytes": len(text), "allowed": seconds[0], "forbidden": seconds[1], "missed": missed}
    return rows


def _judged(text: str, path: str) -> float:
    started = time.process_time()
    RobotsRules(text).disallows(f"https://www.gard.gouv.fr{path}")
    return time.process_time() - started


def _least(body: bytes, rounds: int) -> float:
    return min(_once(body) for _ in range(rounds))


def _once(body: bytes) -> float:
    started = time.process_time()
    read_notice(body, None, URL, notice_rules())
    return time.process_time() - started
