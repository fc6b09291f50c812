"""The map: a shape a département that leads to its page, boxes for those that are too small or far away. Pure.

The table on the same page says the same: small shapes need not be hit with a finger (WCAG 2.5.8, "equivalent").
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from markupsafe import Markup

BOXES: Final = ("75", "92", "93", "94", "971", "972", "973", "974", "976", "975", "977", "978")
NOBODY: Final = "s-nobody"
_HATCH: Final = Markup(
    '<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse"><path class="paper" d="M0 0h5v5H0z"/>'
    '<path class="lines" d="M-1 1l2-2M0 5l5-5M4 6l2-2"/></pattern></defs>'
)
_A_ROW, _BOX_WIDE, _BOX_HIGH, _BOX_STEP, _ROW_STEP = 6, 66, 34, 76, 42


class MapPlace(NamedTuple):
    """One département. look: class of its colour; said: its name and what is known, in words; href: its page."""

    code: str
    look: str
    said: str
    href: str


@cache
def shapes() -> Mapping[str, Any]:
    """Width, height and paths, as `tests/house/basemap.py` makes them."""
    found: Mapping[str, Any] = json.loads((files("monitor") / "data" / "map.json").read_text(encoding="utf-8"))
    return found


def basemap(places: Sequence[MapPlace], label: str) -> Markup:
    """All of them."""
    known = shapes()
    by_code = {place.code: place for place in places}
    drawn = [
        _linked(by_code[code], Markup('<path{} d="{}"/>').format(_painted(by_code[code].look), path))
        if code in by_code
        else Markup('<path{} d="{}"/>').format(_painted(NOBODY), path)
        for code, path in known["paths"].items()
    ]
    boxes = [by_code[code] for code in BOXES if code in by_code]
    top = known["height"] + 8
    drawn += [
        _linked(place, _box(place, 4 + n % _A_ROW * _BOX_STEP, top + n // _A_ROW * _ROW_STEP))
        for n, place in enumerate(boxes)
    ]
    high = top + -(-len(boxes) // _A_ROW) * _ROW_STEP
    return Markup('<svg class="map" viewBox="0 0 {} {}" role="group" aria-label="{}">{}{}</svg>').format(
        known["width"], high, label, _HATCH, Markup("\n").join(drawn)
    )


def _linked(place: MapPlace, shape: Markup) -> Markup:
    return Markup('<a href="{}" aria-label="{}">{}</a>').format(place.href, f"{place.code} {place.said}", shape)


def _box(place: MapPlace, x: int, y: int) -> Markup:
    return Markup('<rect{} x="{}" y="{}" width="{}" height="{}"/><text class="t-{}" x="{}" y="{}">{}</text>').format(
        _painted(place.look), x, y, _BOX_WIDE, _BOX_HIGH, place.look, x + _BOX_WIDE // 2, y + 23, place.code
    )


def _painted(look: str) -> Markup:
    """The colour of a shape, by the style; hatched, which no style sheet can, where nobody looked."""
    return Markup(' fill="url(#hatch)"') if look == NOBODY else Markup(' class="{}"').format(look)
