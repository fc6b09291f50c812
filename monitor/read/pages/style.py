"""What a page's own style hides: the rules of its `<style>`, and the declarations of a `style` attribute.

Three answers, not two: what only a browser can decide (a media query, a selector of siblings, `var()`) is `unsure`, and
what is unsure is never claimed as seen. Sheets at other addresses, and scripts, are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

Sight = Literal["shown", "unsure", "hidden"]
Values = Mapping[str, str]

MAX_STYLE: Final = 200_000  # characters of rules read; a longer sheet leaves whatever it may touch unsure
_CHECKS: Final = 20  # comparisons an element, on average, before the rest is left unsure: the work stays linear
_WATCHED = frozenset((
    "display", "visibility", "content-visibility", "opacity", "position", "left", "right", "top", "bottom", "inset",
    "text-indent", "margin", "margin-left", "margin-top", "transform", "clip", "clip-path", "width", "height",
    "max-width", "max-height", "overflow", "overflow-x", "overflow-y", "font-size", "color", "background",
    "background-color", "animation", "animation-name", "filter",
))  # fmt: skip
_MAY_HIDE = re.compile(
    r"none|hidden|collapse|opacity|clip|transparent|indent|translate|scale|font|color|-\s*\.?\d|:\s*[01](?!\d)|\d{4}|var\(|calc\(|\\",
    re.I,
)
_DYNAMIC = frozenset(("hover", "focus", "focus-within", "focus-visible", "active", "target", "visited"))
_ELEMENTS = frozenset(("before", "after", "first-line", "first-letter"))
_PIXELS = {"": 1.0, "px": 1, "pt": 1.33, "em": 16, "rem": 16, "ex": 8, "ch": 8, "%": 10, "vw": 10, "vh": 10, "cm": 38,
           "mm": 3.8, "in": 96}  # fmt: skip
_FAR = -500.0  # pixels: beyond any ordinary overlap of two boxes
_LENGTH = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))([a-z%]*)")


def conceals(values: Values) -> Sight:
    """Whether an element with these computed declarations (names and values in lower case) is seen."""
    if values.get("display") == "none" or values.get("visibility") in ("hidden", "collapse"):
        return "hidden"
    if values.get("content-visibility") == "hidden" or _is_faint(values):
        return "unsure" if "animation" in values or "animation-name" in values else "hidden"
    if _is_far(values) or _is_clipped(values) or _is_tiny(values):
        return "hidden"
    computed = (values.get(name, "") for name in ("display", "visibility", "opacity", "left", "top", "transform"))
    return "unsure" if any("var(" in value or "calc(" in value for value in computed) else "shown"


def declared(style: str) -> Values:
    """The declarations of a `style` attribute that may hide its element."""
    if not _MAY_HIDE.search(style):
        return {}
    from tinycss2 import parse_blocks_contents

    return dict(_declarations(parse_blocks_contents(style))[0])


@dataclass(frozen=True, slots=True)
class _Compound:
    """`p.hidden#x`: what one element must be. child: it must be the very parent of what stands to its right."""

    tag: str | None = None
    ids: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    child: bool = False

    def fits(self, tag: str, name: str, classes: frozenset[str]) -> bool:
        return (self.tag is None or self.tag == tag) and self.ids <= {name} and self.classes <= classes


@dataclass(frozen=True, slots=True)
class _Rule:
    """One selector with its declarations. certain: nothing but the page itself decides whether it applies."""

    chain: tuple[_Compound, ...]
    certain: bool
    values: Values
    important: frozenset[str]
    order: int

    @property
    def rank(self) -> tuple[int, int, int, int]:
        ids = sum(len(part.ids) for part in self.chain)
        classes = sum(len(part.classes) for part in self.chain)
        return ids, classes, sum(part.tag is not None for part in self.chain), self.order


@dataclass(slots=True)
class Sheet:
    """The rules of a page that may hide something, by the id, class or tag of what they apply to."""

    rules: dict[str, list[_Rule]] = field(default_factory=dict)
    whole: bool = True
    alone: bool = True  # no rule looks at more than the element itself
    left: int = 10_000
    known: dict[tuple[str | None, ...], tuple[Sight, bool]] = field(default_factory=dict)

    def of(self, node: Element) -> tuple[Sight, bool]:
        """Whether the element itself is hidden, and whether it shows itself inside what is not (`visibility`)."""
        if not self.alone:
            return self._computed(node)
        key = (str(node.tag), node.get("id"), node.get("class"), node.get("style"))
        if key not in self.known:
            self.known[key] = self._computed(node)
        return self.known[key]

    def _computed(self, node: Element) -> tuple[Sight, bool]:
        inline = declared(node.get("style") or "")
        matched = list(self._matched(node)) if self.rules else []
        if not inline and not matched:
            return ("shown" if self.whole else "unsure"), False
        values = _cascade([rule for rule in matched if rule.certain], inline)
        sight = conceals(values)
        perhaps = [{**values, **rule.values} for rule in matched if not rule.certain]
        if not self.whole or any(conceals(other) != sight for other in perhaps):
            sight = "unsure"
        return sight, any(other.get("visibility") == "visible" for other in (values, *perhaps))

    def _matched(self, node: Element) -> Iterator[_Rule]:
        name, classes = node.get("id") or "", (node.get("class") or "").split()
        self.left += _CHECKS
        for key in (f"#{name}", *(f".{one}" for one in classes), str(node.tag), "*"):
            for rule in self.rules.get(key, ()):
                self.left -= 1
                if self.left < 0:
                    self.whole = False
                    return
                if self._applies(rule, node, name, frozenset(classes)):
                    yield rule

    def _applies(self, rule: _Rule, node: Element, name: str, classes: frozenset[str]) -> bool:
        if not rule.chain[-1].fits(str(node.tag), name, classes):
            return False
        outer: Element | None = node
        for part in reversed(rule.chain[:-1]) if rule.certain else ():
            while (outer := outer.getparent() if outer is not None else None) is not None:
                self.left -= 1
                if part.fits(str(outer.tag), outer.get("id") or "", frozenset((outer.get("class") or "").split())):
                    break
                if part.child:
                    return False
            if outer is None:
                return False
        return True


def sheet_of(root: Element) -> Sheet:
    """The page's own rules. A sheet for print, or inside `<noscript>` or `<template>`, is not a visitor's."""
    texts = [
        node.text or ""
        for node in root.iter("style")
        if (node.get("media") or "all").lower() != "print"
        and (node.get("type") or "text/css").lower() == "text/css"
        and not any(outer.tag in ("noscript", "template") for outer in node.iterancestors())
    ]
    text = "\n".join(texts)
    if not _MAY_HIDE.search(text):
        return Sheet()
    if len(text) > MAX_STYLE:
        return Sheet(whole=False)
    from tinycss2 import parse_stylesheet

    sheet = Sheet()
    found = _rules(parse_stylesheet(text, skip_comments=True, skip_whitespace=True), certain=True)
    for order, (chain, certain, values, important) in enumerate(found):
        subject = chain[-1]
        key = next((f"#{one}" for one in subject.ids), None) or next((f".{one}" for one in subject.classes), None)
        rule = _Rule(chain, certain, values, important, order)
        sheet.alone = sheet.alone and len(chain) == 1
        sheet.rules.setdefault(key or subject.tag or "*", []).append(rule)
    return sheet


_Selected = tuple[tuple[_Compound, ...], bool, Values, frozenset[str]]


def _rules(nodes: Iterable[Any], *, certain: bool) -> Iterator[_Selected]:
    from tinycss2 import parse_blocks_contents, parse_rule_list, serialize

    for node in nodes:
        if node.type == "qualified-rule":
            content = parse_blocks_contents(node.content)
            values, important = _declarations(content)
            for chain, sure in _selectors(node.prelude):
                if values:
                    yield chain, certain and sure, values, important
            yield from _rules((inner for inner in content if inner.type == "qualified-rule"), certain=False)
        elif node.type == "at-rule" and node.content and node.lower_at_keyword in ("media", "supports", "layer",
                                                                                  "container", "scope"):  # fmt: skip
            query = serialize(node.prelude).strip().lower()
            if node.lower_at_keyword == "media" and re.fullmatch(r"(?:only )?(?:print|speech)\b[^,]*", query):
                continue
            plain = node.lower_at_keyword == "media" and query in ("", "all", "screen", "only screen")
            inner = parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            yield from _rules(inner, certain=certain and plain)


def _declarations(nodes: Iterable[Any]) -> tuple[dict[str, str], frozenset[str]]:
    from tinycss2 import serialize

    values: dict[str, str] = {}
    important = set()
    for node in nodes:
        if node.type == "declaration" and node.lower_name in _WATCHED:
            if node.lower_name in important and not node.important:
                continue
            values[node.lower_name] = serialize(node.value).strip().lower()
            if node.important:
                important.add(node.lower_name)
    return values, frozenset(important)


def _selectors(prelude: Sequence[Any]) -> Iterator[tuple[tuple[_Compound, ...], bool]]:
    part: list[Any] = []
    for piece in (*prelude, None):
        if piece is None or piece == ",":
            if found := _selector(part):
                yield found
            part = []
        else:
            part.append(piece)


def _selector(tokens: Sequence[Any]) -> tuple[tuple[_Compound, ...], bool] | None:
    """The compounds of one selector, and whether they are all it says. None: it never applies to a page at rest."""
    chain, certain, gap, child = [_Compound()], True, False, False
    rest = iter(tokens)
    for token in rest:
        if token.type in ("whitespace", "comment"):
            gap = chain[-1] != _Compound() or gap
            continue
        if token.type == "literal" and token.value in (">", "+", "~"):
            gap, child, certain = True, token.value == ">", certain and token.value == ">"
            continue
        if gap:
            if child:
                chain[-1] = _Compound(chain[-1].tag, chain[-1].ids, chain[-1].classes, child=True)
            chain, gap, child = [*chain, _Compound()], False, False
        last = chain[-1]
        if token.type == "ident":
            chain[-1] = _Compound(token.lower_value, last.ids, last.classes)
        elif token.type == "hash":
            chain[-1] = _Compound(last.tag, last.ids | {token.value}, last.classes)
        elif token.type == "literal" and token.value == ".":
            chain[-1] = _Compound(last.tag, last.ids, last.classes | {getattr(next(rest, None), "value", "")})
        elif token.type == "literal" and token.value == ":":
            name = next(rest, None)
            pseudo = str(getattr(name, "lower_value", getattr(name, "lower_name", ":")))
            if pseudo in _DYNAMIC or pseudo in _ELEMENTS or name == ":":
                return None
            certain = False
        elif not (token.type == "literal" and token.value == "*"):
            certain = False
    # `a > b c` would need a search among the ancestors: left to browsers
    kinds = [part.child for part in chain[:-1]]
    return tuple(chain), certain and kinds == sorted(kinds)


def _cascade(rules: Sequence[_Rule], inline: Values) -> dict[str, str]:
    values: dict[str, str] = {}
    ordered = sorted(rules, key=lambda rule: rule.rank)
    for rule in ordered:
        values.update(rule.values)
    values.update(inline)
    for rule in ordered:
        values.update({name: value for name, value in rule.values.items() if name in rule.important})
    return values


def _pixels(value: str | None) -> float | None:
    found = _LENGTH.fullmatch(value or "")
    return float(found[1]) * _PIXELS[found[2]] if found and found[2] in _PIXELS else None


def _is_faint(values: Values) -> bool:
    opacity = _LENGTH.fullmatch(values.get("opacity", ""))
    if opacity and float(opacity[1]) / (100 if opacity[2] == "%" else 1) <= 0.1:
        return True
    if re.search(r"opacity\(\s*0*\.?0*%?\s*\)", values.get("filter", "")):
        return True
    size, color = _pixels(values.get("font-size")), values.get("color", "")
    if size is not None and size <= 1:
        return True
    if color == "transparent" or re.fullmatch(r"(?:rgb|hsl)a\([^,]*,[^,]*,[^,]*,\s*0*\.?0*%?\s*\)", color):
        return True
    return bool(color) and color in (values.get("background"), values.get("background-color"))


def _is_far(values: Values) -> bool:
    """Moved so far that no screen shows it: to the left, above, or a long way to the right of a positioned box."""
    names = ["text-indent", "margin-left", "margin-top"]
    if values.get("position") in ("absolute", "fixed", "relative"):
        names += ["left", "right", "top", "bottom"]
    moved = [values.get(name) for name in names] + values.get("margin", "").split()
    moved += values.get("inset", "").split() if "position" in values else []
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
