"""Whether declarations leave an element to be seen: computed values in, sight out.

What only a browser can draw (a turn, a mask, an animation, white ink on a paper nobody named) is `unsure`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

from monitor.values import pattern

Sight = Literal["shown", "unsure", "hidden"]
Values = Mapping[str, str]

_PIXELS = {"": 1.0, "px": 1, "pt": 1.33, "em": 16, "rem": 16, "ex": 8, "ch": 8, "%": 10, "vw": 10, "vh": 10, "cm": 38,
           "mm": 3.8, "in": 96}  # fmt: skip
_OFFSETS = ("left", "right", "top", "bottom", "inset", "inset-inline", "inset-inline-start", "inset-inline-end",
            "inset-block", "inset-block-start", "inset-block-end")  # fmt: skip
_FAR = -500.0  # pixels: beyond any ordinary overlap of two boxes
_LENGTH = pattern(r"([+-]?(?:\d+\.?\d*|\.\d+))([a-z%]*)")


def is_understood(name: str, value: str) -> bool:
    """Whether a browser keeps this declaration: of one that makes no sense it keeps what was declared before."""
    if not value or "(" in value or value in _ANYWHERE:
        return bool(value)
    return name not in _GRAMMAR or re.fullmatch(_GRAMMAR[name], value) is not None


_ANYWHERE = ("inherit", "initial", "unset", "revert", "revert-layer")
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
_LENGTHS = (
    rf"(?:(?:{_NUMBER}(?:[a-z]+|%)|[+-]?0*\.?0+|(?:min|max|fit)-content|auto|none)(?:\s+|$)){{1,4}}"
    r"|stretch|-webkit-fill-available|-moz-available"
)
_GRAMMAR: Final = {
    "display": r"(?:(?:block|inline|run-in|flow|flow-root|flex|grid|table|ruby|math|list-item|contents|none)(?:\s+|$))+"
    r"|inline-(?:block|flex|grid|table)|ruby-[a-z-]+|table-[a-z-]+|-webkit-(?:inline-)?(?:box|flex)",
    "visibility": "visible|hidden|collapse",
    "content-visibility": "visible|hidden|auto",
    "position": "static|relative|absolute|fixed|sticky|-webkit-sticky",
    "opacity": rf"{_NUMBER}%?",
    "font-size": rf"{_LENGTHS}|(?:x{{1,3}}-|xx-)?(?:small|large)|medium|smaller|larger|math",
    **dict.fromkeys(
        ("overflow", "overflow-x", "overflow-y"), r"(?:(?:visible|hidden|clip|scroll|auto|overlay)(?:\s+|$)){1,2}"
    ),
    **dict.fromkeys(
        ("width", "height", "max-width", "max-height", "text-indent", *_OFFSETS, "margin", "margin-left", "margin-top",
         "margin-inline", "margin-inline-start", "margin-block", "margin-block-start"),
        _LENGTHS,
    ),
}  # fmt: skip


def conceals(values: Values) -> Sight:
    """Whether an element with these computed declarations (names and values in lower case) is seen."""
    if values.get("display") == "none" or values.get("visibility") in ("hidden", "collapse"):
        return "hidden"
    if values.get("content-visibility") == "hidden" or _is_faint(values):
        return "unsure" if "animation" in values or "animation-name" in values else "hidden"
    if _is_far(values) or _is_clipped(values) or _is_tiny(values):
        return "hidden"
    computed = (values.get(name, "") for name in ("display", "visibility", "opacity", "left", "top", "transform"))
    unknown = any("var(" in value or "calc(" in value for value in computed)
    return "unsure" if unknown or _is_drawn_otherwise(values) or _is_displaced(values) else "shown"


def _pixels(value: str | None) -> float | None:
    found = _LENGTH.fullmatch(value or "")
    return float(found[1]) * _PIXELS[found[2]] if found and found[2] in _PIXELS else None


def _is_faint(values: Values) -> bool:
    opacity = _LENGTH.fullmatch(values.get("opacity", ""))
    if opacity and float(opacity[1]) / (100 if opacity[2] == "%" else 1) <= 0.1:
        return True
    if re.search(r"opacity\(\s*0*\.?0*%?\s*\)", values.get("filter", "")):
        return True
    size = _pixels(values.get("font-size"))
    if size is not None and size <= 1:
        return True
    ink, paper = _color(values.get("color")), _color(values.get("background-color") or values.get("background"))
    if ink is None:
        return False
    return ink[3] <= 0.1 or (paper is not None and paper[3] > 0.5 and _is_like(ink, paper))


_Color = tuple[float, float, float, float]
_WHITE: Final[_Color] = (1.0, 1.0, 1.0, 1.0)


def _color(value: str | None) -> _Color | None:
    """Red, green, blue and opacity, 0 to 1; None where it is no plain colour."""
    if not value:
        return None
    from tinycss2.color4 import parse_color

    try:
        color = parse_color(value)
    except ValueError:
        return None
    if color is None or isinstance(color, str):
        return None
    if color.space not in ("srgb", "hsl", "hwb"):
        return (0.5, 0.5, 0.5, float(color.alpha)) if color.alpha <= 0.1 else None
    red, green, blue = color.to("srgb").coordinates
    return float(red or 0), float(green or 0), float(blue or 0), float(color.alpha)


def _is_like(one: _Color, other: _Color) -> bool:
    return all(abs(left - right) < 0.06 for left, right in zip(one[:3], other[:3], strict=True))


def _is_drawn_otherwise(values: Values) -> bool:
    """Cut, turned, shrunk, masked, animated, struck out or written in white: only a browser tells what is left."""
    if any(values.get(name, "none") not in _PLAIN for name in _DRAWN):
        return True
    parts = re.findall(r"([a-z0-9]+)\(([^()]*)\)", values.get("transform", ""))
    if any(name.rstrip("xyz3d") not in ("translate", "scale") for name, _ in parts):
        return True
    factors = [float(n) for name, told in parts if name.startswith("scale") for n in re.findall(r"-?\d*\.?\d+", told)]
    cut = values.get("clip-path", "none")
    sides = [float(n) for n in re.findall(r"\d+(?:\.\d+)?(?=%)", cut)]
    if any(factor < 0.2 for factor in factors) or max(sides, default=0) >= 50 or not re.match(r"none|inset\(", cut):
        return True
    if any(
        name not in ("drop-shadow", "grayscale", "opacity")
        for name in re.findall(r"[a-z-]+(?=\()", values.get("filter", ""))
    ):
        return True
    struck = "line-through" in values.get("text-decoration", "") + values.get("text-decoration-line", "")
    line, font = _pixels(values.get("line-height")), values.get("font", "")
    flat = (line is not None and line < 0.2) or re.search(r"(?:^|\s)0(?:px|pt|r?em|%)?(?:/|\s)", font) is not None
    ink = _color(values.get("color"))
    bare = "background" not in values and "background-color" not in values
    return struck or flat or (bare and ink is not None and _is_like(ink, _WHITE))


_DRAWN = ("mask", "mask-image", "-webkit-mask-image", "scale", "translate", "rotate", "offset-path", "zoom",
          "animation", "animation-name")  # fmt: skip
_PLAIN = ("none", "normal", "1", "100%", "initial", "unset", "inherit")


def _is_displaced(values: Values) -> bool:
    """Moved by a whole width or height of what holds it, or of the window."""
    names = ["text-indent", *(_OFFSETS if values.get("position") in ("absolute", "fixed") else ())]
    moved = (_LENGTH.fullmatch(piece) for name in names for piece in values.get(name, "").split())
    return any(one[2] in ("%", "vw", "vh") and abs(float(one[1])) >= 100 for one in moved if one)


def _is_far(values: Values) -> bool:
    """Moved so far that no screen shows it: to the left, above, or a long way to the right of a positioned box."""
    names = ["text-indent", "margin-left", "margin-top", "margin"]
    names += ["margin-inline", "margin-inline-start", "margin-block", "margin-block-start"]
    if values.get("position") in ("absolute", "fixed", "relative"):
        names += _OFFSETS
    moved = [piece for name in names for piece in values.get(name, "").split()]
    transform = values.get("transform", "")
    if re.search(r"scale[xy]?\(\s*0*\.?0*\s*[,)]", transform):
        return True
    moved += re.findall(r"[+-]?[\d.]+[a-z%]*", transform) if "translate" in transform else []
    return any((length := _pixels(value)) is not None and (length <= _FAR or length >= 10 * -_FAR) for value in moved)


def _is_clipped(values: Values) -> bool:
    box = re.fullmatch(r"rect\(([^()]*)\)", values.get("clip", ""))
    if box and all((_pixels(side) or 0) <= 1 for side in re.split(r"[\s,]+", box[1].strip())):
        return True
    cut = re.match(r"inset\(\s*(\d+)(?:\.\d+)?%|circle\(\s*0", values.get("clip-path", ""))
    return cut is not None and int(cut[1] or 50) >= 50


def _is_tiny(values: Values) -> bool:
    overflows = (values.get(name, "").split()[:1] for name in ("overflow", "overflow-x", "overflow-y"))
    if not any(first in (["hidden"], ["clip"]) for first in overflows):
        return False
    sizes = (_pixels(values.get(name)) for name in ("width", "height", "max-width", "max-height"))
    return any(size is not None and size <= 1 for size in sizes)
