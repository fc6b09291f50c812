"""What a page's own style hides: the rules of its `<style>`, and the declarations of a `style` attribute.

Three answers, not two: what only a browser can decide (a media query, a selector of siblings, `var()`) is `unsure`, and
what is unsure is never claimed as seen. Sheets at other addresses, and scripts, are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, Final

from monitor.read.pages.drawn import Sight, Values, conceals, is_understood
from monitor.values import dataclass, pattern

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_STYLE: Final = 200_000  # characters of rules read; a longer sheet leaves whatever it may touch unsure
_CHECKS: Final = 20  # comparisons an element, on average, before the rest is left unsure: the work stays linear
_WATCHED = frozenset((
    "display", "visibility", "content-visibility", "opacity", "position", "left", "right", "top", "bottom", "inset",
    "text-indent", "margin", "margin-left", "margin-top", "transform", "clip", "clip-path", "width", "height",
    "max-width", "max-height", "overflow", "overflow-x", "overflow-y", "font-size", "color", "background",
    "background-color", "animation", "animation-name", "filter", "mask", "mask-image", "-webkit-mask-image", "scale",
    "translate", "rotate", "offset-path", "zoom", "line-height", "font", "text-decoration", "text-decoration-line",
    "inset-inline", "inset-inline-start", "inset-inline-end", "inset-block", "inset-block-start", "inset-block-end",
    "margin-inline", "margin-inline-start", "margin-block", "margin-block-start", "pointer-events",
))  # fmt: skip
_MAY_HIDE = pattern(
    r"none|hidden|collapse|opacity|clip|transparent|indent|transform|translate|scale|rotate|filter|mask|offset|animation"
    r"|zoom|line-|font|color|-\s*\.?\d|:\s*[01](?!\d)|\d{4}|\d{3}(?:%|v[wh])|var\(|calc\(|\\",
    re.I,
)
_COMMENT = pattern(r"/\*.*?(?:\*/|$)", re.S)
_DYNAMIC = frozenset(("hover", "focus", "focus-within", "focus-visible", "active", "target", "visited"))
_ELEMENTS = frozenset(("before", "after", "first-line", "first-letter"))


def declared(style: str) -> Values:
    """The declarations of a `style` attribute that may hide its element."""
    return _inline(style)[0] if _MAY_HIDE.search(style) else {}


def _inline(style: str) -> tuple[Values, frozenset[str]]:
    from tinycss2 import parse_blocks_contents

    return _declarations(parse_blocks_contents(style))


@dataclass(frozen=True, slots=True)
class _Compound:
    """`p.hidden#x[open]`: what one element must be. child: it must be the very parent of what stands to its right."""

    tag: str | None = None
    ids: tuple[str, ...] = ()  # as often as said: `.a.a` outranks `.a`
    classes: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    child: bool = False

    def fits(self, node: Element) -> bool:
        return (
            (self.tag is None or self.tag == node.tag)
            and {node.get("id") or ""}.issuperset(self.ids)
            and (not self.classes or set((node.get("class") or "").split()).issuperset(self.classes))
            and all(name in node.attrib for name in self.attributes)
        )


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
        classes = sum(len(part.classes) + len(part.attributes) for part in self.chain)
        return ids, classes, sum(part.tag is not None for part in self.chain), self.order


@dataclass(frozen=True, slots=True)
class StyledLook:
    """How one element is drawn.

    shows: inside what is hidden it shows itself. boxed: it is given a `display` of its own, which outranks what the
    browser gives it by its tag and attributes. inert: no click meets it.
    """

    sight: Sight
    shows: bool = False
    boxed: bool = False
    inert: bool = False


@dataclass(slots=True)
class Sheet:
    """The rules of a page that may hide something, by the id, class or tag of what they apply to."""

    rules: dict[str, list[_Rule]] = field(default_factory=dict)
    whole: bool = True
    alone: bool = True  # no rule looks at more than the element's own tag, id and classes
    left: int = 10_000
    known: dict[tuple[str | None, ...], StyledLook] = field(default_factory=dict)

    def of(self, node: Element) -> StyledLook:
        """How the element itself is drawn."""
        if not self.alone:
            return self._computed(node)
        key = (str(node.tag), node.get("id"), node.get("class"), node.get("style"))
        if key not in self.known:
            self.known[key] = self._computed(node)
        return self.known[key]

    def _computed(self, node: Element) -> StyledLook:
        style = node.get("style") or ""
        matched = list(self._matched(node)) if self.rules else []
        if not matched and not declared(style):
            return StyledLook("shown" if self.whole else "unsure", boxed="display" in style)
        values = _cascade([rule for rule in matched if rule.certain], *_inline(style))
        sight = conceals(values)
        perhaps = [{**values, **rule.values} for rule in matched if not rule.certain]
        if not self.whole or any(conceals(other) != sight for other in perhaps):
            sight = "unsure"
        if any(other.get("pointer-events") == "none" for other in perhaps):
            sight = max(sight, "unsure", key=("shown", "unsure", "hidden").index)
        shows = any(other.get("visibility") == "visible" for other in (values, *perhaps))
        boxed = any(other.get("display", "none") != "none" for other in (values, *perhaps))
        return StyledLook(sight, shows=shows, boxed=boxed, inert=values.get("pointer-events") == "none")

    def _matched(self, node: Element) -> Iterator[_Rule]:
        name, classes = node.get("id") or "", (node.get("class") or "").split()
        self.left += _CHECKS
        for key in (f"#{name}", *(f".{one}" for one in classes), str(node.tag), "*"):
            for rule in self.rules.get(key, ()):
                self.left -= 1
                if self.left < 0:
                    self.whole = False
                    return
                if self._applies(rule, node):
                    yield rule

    def _applies(self, rule: _Rule, node: Element) -> bool:
        if not rule.chain[-1].fits(node):
            return False
        outer: Element | None = node
        for part in reversed(rule.chain[:-1]) if rule.certain else ():
            while (outer := outer.getparent() if outer is not None else None) is not None:
                self.left -= 1
                if part.fits(outer):
                    break
                if part.child:
                    return False
            if outer is None:
                return False
        return True


def sheet_of(root: Element) -> Sheet:
    """The page's own rules. A sheet for print, or inside `<noscript>` or `<template>`, is not a visitor's."""
    nodes = [
        node
        for node in root.iter("style")
        if (node.get("type") or "text/css").lower() == "text/css"
        and not any(outer.tag in ("noscript", "template") for outer in node.iterancestors())
    ]
    texts = [((node.get("media") or "").strip().lower(), node.text or "") for node in nodes]
    texts = [(query, text) for query, text in texts if not _is_for_paper(query)]
    if not any(_MAY_HIDE.search(text) for _query, text in texts):
        return Sheet()
    if sum(len(text) for _query, text in texts) > MAX_STYLE:
        return Sheet(whole=False)
    from tinycss2 import parse_stylesheet

    found = (
        rule
        for query, text in texts
        for rule in _rules(
            parse_stylesheet(text, skip_comments=True, skip_whitespace=True), certain=query in _EVERY_SCREEN
        )
    )
    sheet = Sheet()
    for order, (chain, certain, values, important) in enumerate(found):
        subject = chain[-1]
        key = next((f"#{one}" for one in subject.ids), None) or next((f".{one}" for one in subject.classes), None)
        rule = _Rule(chain, certain, values, important, order)
        sheet.alone = sheet.alone and len(chain) == 1 and not subject.attributes
        sheet.rules.setdefault(key or subject.tag or "*", []).append(rule)
    return sheet


_EVERY_SCREEN = ("", "all", "screen", "only screen")


def _is_for_paper(query: str) -> bool:
    return re.fullmatch(r"(?:only )?(?:print|speech)\b[^,]*|not all", query) is not None


_Selected = tuple[tuple[_Compound, ...], bool, Values, frozenset[str]]


def _rules(nodes: Iterable[Any], *, certain: bool) -> Iterator[_Selected]:
    from tinycss2 import parse_blocks_contents, parse_rule_list, serialize

    for node in nodes:
        if node.type == "qualified-rule":
            content = parse_blocks_contents(node.content)
            values, important = _declarations(content)
            perhaps = [_declarations(parse_blocks_contents(inner.content)) for inner in content if _is_block(inner)]
            for chain, sure in _selectors(node.prelude):
                if values:
                    yield chain, certain and sure, values, important
                yield from ((chain, False, other, marked) for other, marked in perhaps if other)
            yield from _rules(
                (inner for inner in content if inner.type in ("qualified-rule", "at-rule")), certain=False
            )
        elif node.type == "at-rule" and node.content and node.lower_at_keyword in ("media", "supports", "layer",
                                                                                  "container", "scope"):  # fmt: skip
            query = serialize(node.prelude).strip().lower()
            if node.lower_at_keyword == "media" and _is_for_paper(query):
                continue
            plain = node.lower_at_keyword == "media" and query in _EVERY_SCREEN
            inner = parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            yield from _rules(inner, certain=certain and plain)


def _is_block(node: Any) -> bool:
    """A condition written inside a rule, around declarations of that rule."""
    return node.type == "at-rule" and bool(node.content)


def _declarations(nodes: Iterable[Any]) -> tuple[dict[str, str], frozenset[str]]:
    from tinycss2 import serialize

    values: dict[str, str] = {}
    important = set()
    for node in nodes:
        if node.type == "declaration" and node.lower_name in _WATCHED:
            value = _COMMENT.sub(" ", serialize(node.value)).strip().lower()
            if (node.lower_name in important and not node.important) or not is_understood(node.lower_name, value):
                continue
            values[node.lower_name] = value
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
                chain[-1] = replace(chain[-1], child=True)
            chain, gap, child = [*chain, _Compound()], False, False
        last = chain[-1]
        if token.type == "ident":
            chain[-1] = replace(last, tag=token.lower_value)
        elif token.type == "hash":
            chain[-1] = replace(last, ids=(*last.ids, token.value))
        elif token.type == "literal" and token.value == ".":
            chain[-1] = replace(last, classes=(*last.classes, getattr(next(rest, None), "value", "")))
        elif token.type == "[] block":
            named = [piece for piece in token.content if piece.type not in ("whitespace", "comment")]
            if not named or named[0].type != "ident":
                return None
            chain[-1] = replace(last, attributes=(*last.attributes, named[0].lower_value))
            certain = certain and len(named) == 1  # what the attribute must hold is left to browsers
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


def _cascade(rules: Sequence[_Rule], inline: Values, important: frozenset[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    ordered = sorted(rules, key=lambda rule: rule.rank)
    for rule in ordered:
        values.update(rule.values)
    values.update(inline)
    for rule in ordered:
        values.update({name: value for name, value in rule.values.items() if name in rule.important})
    values.update({name: value for name, value in inline.items() if name in important})
    return values
