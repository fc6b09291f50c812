"""A page as a visitor sees it: bytes to a small document of visible paragraphs.

Bounds are measured (2026-11): lxml takes about 34 MB of memory a MB of dense tags, and a time quadratic in the
attributes of one tag (16 s for one tag of 1 MB), so what is larger than the bounds is refused before parsing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from monitor.core.prefecture import Page
from monitor.read.pages.charset import utf8
from monitor.read.pages.text import collapse, normalise, says

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_BYTES = 1_000_000
MAX_TAG = 100_000

_TAG = rb"""<[A-Za-z](?>[^"'>]+|"[^"]*"|'[^']*')*+"""
_VOID = rb"area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr"
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img",
    "input", "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var", "wbr",
))  # fmt: skip
_UNSEEN = frozenset((
    "audio", "canvas", "datalist", "del", "embed", "iframe", "math", "noscript", "object", "option", "s",
    "script", "select", "strike", "style", "svg", "template", "textarea", "title", "video",
))  # fmt: skip
_UNSEEN_CLASSES = frozenset((
    "d-none", "fr-hidden", "fr-sr-only", "hidden", "hidden_box", "hide", "invisible", "is-hidden", "sr-only",
    "ui-helper-hidden", "visually-hidden", "visuallyhidden",
))  # fmt: skip
_FOLDED_CLASSES = {  # Bootstrap and the State's design system: folded until the second class stands beside the first
    "collapse": "show", "modal": "show", "fr-collapse": "fr-collapse--expanded", "fr-modal": "fr-modal--opened",
}  # fmt: skip
_UNSEEN_STYLE = r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
_VUE_BRANCHES = frozenset(("v-if", "v-else-if", "v-else", "v-show"))  # left in place only where no browser rendered
_MENTIONS = frozenset(("article", "aside", "blockquote", "cite", "code", "footer", "nav", "pre", "q"))


class TooBig(Exception):  # noqa: N818  named for the reading it becomes
    """The page cannot be read whole: over 1 MB, a tag over 100 kB, or nested deeper than the parser goes."""


class Document:
    """One parsed page. root: the `html` element."""

    def __init__(self, root: Element) -> None:
        self.root = root

    def by_id(self, name: str) -> Element | None:
        """The first element with this `id`."""
        found = self.root.xpath("id($name)", name=name)
        return found[0] if isinstance(found, list) and found else None  # type: ignore[return-value]

    def all(self, *tags: str, within: Element | None = None) -> Iterator[Element]:
        """The elements with one of these tags, in document order, shown or not."""
        return (self.root if within is None else within).iter(*tags)

    def shown(self, *tags: str, within: Element | None = None) -> Iterator[Element]:
        """The elements with one of these tags that a visitor is shown."""
        return (element for element in self.all(*tags, within=within) if is_shown(element))

    @cached_property
    def title(self) -> str:
        """Words of `<title>`, collapsed; empty when there is none."""
        for element in self.root.iter("title"):
            parent = element.getparent()
            if parent is None or parent.tag != "svg":
                return collapse(element.text or "")
        return ""

    @cached_property
    def h1(self) -> tuple[str, ...]:
        """Words of the main headings shown, collapsed."""
        return tuple(filter(None, map(text_of, self.shown("h1"))))

    @cached_property
    def statements(self) -> tuple[str, ...]:
        """Visible paragraphs of the whole page, what it only mentions left out."""
        return statements_of(self.root)

    @cached_property
    def words(self) -> str:
        """The statements on one line, as printed."""
        return " ".join(self.statements)

    @cached_property
    def _compared(self) -> str:
        return normalise(self.words)

    def says(self, phrase: str, *, whole: bool = True) -> str | None:
        """The verbatim words if the page states `phrase` (see `monitor.read.pages.text.says`)."""
        if normalise(phrase).rstrip(".") not in self._compared:  # the usual answer, at the price of one comparison
            return None
        return says(self.statements, phrase, whole=whole)


def parse(page: Page) -> Document:
    """The document of a page, whatever its bytes. Raises TooBig when it could not be read whole."""
    from lxml import etree

    if len(page.body) > MAX_BYTES:
        raise TooBig(f"{len(page.body)} bytes")
    data = utf8(page).replace(b"\0", b"\xef\xbf\xbd")
    if (page.header("content-type") or "").lower().startswith("application/xhtml"):
        data = re.sub(rb"<(?!(?:" + _VOID + rb")\b)([A-Za-z][\w:-]*)((?:\s[^<>]*)?)/>", rb"<\1\2></\1>", data)
    if _has_huge_tag(data):
        raise TooBig("one tag")
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = etree.fromstring(data, parser)
    if root is None:
        root = etree.Element("html")
    if any(entry.level_name == "FATAL" and "RESOURCE_LIMIT" in entry.type_name for entry in parser.error_log):
        raise TooBig("nesting")  # what follows was dropped: the rest may contradict what was kept
    return Document(root)


def text_of(element: Element) -> str:
    """Visible words of an element, as printed, white space collapsed."""
    return " ".join(_paragraphs(element, mentions=True))


def statements_of(element: Element) -> tuple[str, ...]:
    """Visible paragraphs of an element, without what it only mentions: quotations, articles, menus, asides, FAQ."""
    return tuple(_paragraphs(element, mentions=False))


def is_shown(element: Element) -> bool:
    """Whether neither the element nor what holds it is hidden by its own markup (style sheets are not read)."""
    return not _is_hidden(element) and not any(map(_is_unseen, element.iterancestors()))


def is_stated(element: Element) -> bool:
    """Whether the element is shown and is the page's own speech: not in a quotation, a menu, an aside, a FAQ."""
    return is_shown(element) and not any(map(_is_mention, (element, *element.iterancestors())))


def has_class(element: Element, name: str) -> bool:
    """Whether `name` is one of the element's classes."""
    return name in (element.get("class") or "").split()


def _paragraphs(element: Element, *, mentions: bool) -> list[str]:
    from lxml import etree

    out: list[str] = []
    current: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if current and node.tag not in _INLINE:
            out.append(collapse("".join(current)))
            current.clear()
        if event == "end":
            if node is not element and node.tail:
                current.append(node.tail)
        elif node is not element and (_is_unseen(node) or not (mentions or not _is_mention(node))):
            walk.skip_subtree()
        elif node.text:
            current.append(node.text)
    out.append(collapse("".join(current)))
    return [text for text in out if text]


def _is_unseen(node: Element) -> bool:
    """Whether a visitor sees none of the text inside."""
    return node.tag in _UNSEEN or _is_hidden(node)


def _is_hidden(node: Element) -> bool:
    names = node.keys()
    if node.tag in ("details", "dialog"):
        return "open" not in names
    if not names:
        return False
    if "hidden" in names or node.get("aria-hidden") == "true" or not _VUE_BRANCHES.isdisjoint(names):
        return True
    if "style" in names and re.search(_UNSEEN_STYLE, node.get("style", "").lower()):
        return True
    return "class" in names and _hides(node.get("class", "").split())


def _hides(classes: list[str]) -> bool:
    if not _FOLDED_CLASSES.keys().isdisjoint(classes):
        return any(_FOLDED_CLASSES[name] not in classes for name in classes if name in _FOLDED_CLASSES)
    if _UNSEEN_CLASSES.isdisjoint(classes):
        return False
    shown_wide = (name.startswith(("d-sm", "d-md", "d-lg", "d-xl", "fr-unhidden")) or ":" in name for name in classes)
    return not any(shown_wide)


def _is_mention(node: Element) -> bool:
    if node.tag in _MENTIONS or node.get("role") in ("navigation", "complementary"):
        return True
    marks = f"{node.get('id', '')} {node.get('class', '')}".lower()
    return marks != " " and re.search(r"\bfaq|accord[ei]on", marks) is not None


def _has_huge_tag(data: bytes) -> bool:
    if len(data) <= MAX_TAG:
        return False
    if re.search(rb"<[A-Za-z][^<>]{%d}" % MAX_TAG, data):
        return True
    return any(len(tag[0]) > MAX_TAG for tag in re.finditer(_TAG, data))  # `<` and `>` may stand in quoted values
