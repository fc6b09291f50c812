"""A page as a visitor sees it: bytes to a small document of visible paragraphs.

Bounds are measured (2026-11): lxml takes about 34 MB of memory a MB of dense tags, and a time quadratic in the
attributes of one tag (16 s for one tag of 1 MB), so what is larger than the bounds is refused before parsing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from functools import cached_property
from typing import TYPE_CHECKING

from monitor.core.prefecture import Page
from monitor.read.pages.charset import utf8
from monitor.read.pages.sight import SIGHT, SPEECH, UNSEEN, is_folded, mark
from monitor.read.pages.text import collapse, normalise, says
from monitor.values import dataclass, pattern

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_BYTES = 1_000_000
MAX_TAG = 100_000

_TAG = rb"""<[A-Za-z](?>[^"'>]+|"[^"]*"|'[^']*')*+"""
_VOID = rb"area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr"
# The elements of HTML that only an end tag closes: `<div hidden/>` opens one.
_OPENED = (
    rb"a|abbr|address|article|aside|audio|b|bdi|bdo|blockquote|body|button|canvas|caption|center|cite|code|colgroup"
    rb"|data|datalist|dd|del|details|dfn|dialog|div|dl|dt|em|fieldset|figcaption|figure|font|footer|form|h[1-6]|head"
    rb"|header|hgroup|html|i|iframe|ins|kbd|label|legend|li|main|map|mark|menu|meter|nav|noembed|noframes|noscript"
    rb"|object|ol|optgroup|option|output|p|picture|pre|progress|q|rp|rt|ruby|s|samp|script|search|section|select|slot"
    rb"|small|span|strike|strong|style|sub|summary|sup|table|tbody|td|template|textarea|tfoot|th|thead|time|title|tr"
    rb"|tt|u|ul|var|video"
)
_SLASHED = pattern(rb"<(?=[^<>]*/>)(?:" + _OPENED + rb")(?=[\s/])", re.I)
_PARTS = pattern(  # what never ends takes in all that follows, as in a browser: each byte is looked at once
    rb"<!--.*?(?:-->|\Z)|<(svg|math)(?:\s[^>]*)?(?<!/)>.*?(?:</\1\s*>|\Z)"
    rb"|<(script|style)(?:\s[^>]*)?(?<!/)>.*?(?:</\2\b|\Z)"
    rb"|<(?:" + _OPENED + rb""")(?=[\s/])(?:[^<>"'/]++|"[^"]*"|'[^']*'|/(?!>))*+(/>)""",
    re.I | re.S,
)
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img",
    "input", "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var", "wbr",
))  # fmt: skip
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}


class TooBig(Exception):  # noqa: N818  named for the reading it becomes
    """The page cannot be read whole: over 1 MB, a tag over 100 kB, or nested deeper than the parser goes."""


class HtmlPage:
    """One parsed page. root: the `html` element. is_cut: its end tags never came, so what followed is not known."""

    def __init__(self, root: Element, *, is_cut: bool = False) -> None:
        self.root = root
        self.is_cut = is_cut

    @cached_property
    def is_whole(self) -> bool:
        """Whether this is all a visitor is shown: not cut, and not left at once for another page."""
        leaves = (meta.get("content") or "" for meta in self.root.iter("meta") if _is_refresh(meta))
        return not self.is_cut and not any(re.match(r"\s*[0-5](?:\.\d+)?\s*[;,]\s*\S", content) for content in leaves)

    def by_id(self, name: str) -> Element | None:
        """The first element with this `id`."""
        return next(iter(self._identified.get(name, ())), None)

    def named(self, name: str) -> list[Element]:
        """All the elements with this `id`: a page may give it twice."""
        return self._identified.get(name, [])

    @cached_property
    def _identified(self) -> dict[str, list[Element]]:
        """The elements by their `id`, in document order."""
        found: dict[str, list[Element]] = {}
        for name in self.root.xpath("//@id"):  # type: ignore[union-attr]
            found.setdefault(str(name), []).append(name.getparent())  # type: ignore[arg-type, union-attr]
        return found

    def all(self, *tags: str, within: Element | None = None) -> Iterator[Element]:
        """The elements with one of these tags, in document order, shown or not."""
        return (self.root if within is None else within).iter(*tags)

    def shown(self, *tags: str, within: Element | None = None) -> Iterator[Element]:
        """The elements with one of these tags that a visitor is shown."""
        return (element for element in self.all(*tags, within=within) if is_shown(element))

    @cached_property
    def main(self) -> Element | None:
        """The page's main part; None where it names none."""
        marked = (
            one for one in self.root.iter("main", "div", "section") if one.tag == "main" or one.get("role") == "main"
        )
        return next(filter(may_be_seen, marked), None)

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


def parse(page: Page) -> HtmlPage:
    """The document of a page, whatever its bytes. Raises TooBig when it could not be read whole."""
    root, data = _tree(page)
    mark(root, page.url)
    return HtmlPage(root, is_cut=b"<body" in data and re.search(rb"</(?:body|html)\b", data[-2000:], re.I) is None)


def title_of(page: Page) -> str:
    """Words of `<title>`, as `HtmlPage.title` has them, without the rest of the page. Raises TooBig."""
    return HtmlPage(_tree(page)[0]).title


def _tree(page: Page) -> tuple[Element, bytes]:
    """The `html` element of a page, and the bytes it was parsed from."""
    from lxml import etree

    if len(page.body) > MAX_BYTES:
        raise TooBig(f"{len(page.body)} bytes")
    data = utf8(page).replace(b"\0", b"\xef\xbf\xbd")
    if (page.header("content-type") or "").lower().startswith("application/xhtml"):
        data = re.sub(rb"<(?!(?:" + _VOID + rb")\b)([A-Za-z][\w:-]*)((?:\s[^<>]*)?)/>", rb"<\1\2></\1>", data)
    elif _SLASHED.search(data):
        data = _PARTS.sub(_opened, data)
    if _has_huge_tag(data):
        raise TooBig("one tag")
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = etree.fromstring(data, parser)
    if any(entry.level_name == "FATAL" and "RESOURCE_LIMIT" in entry.type_name for entry in parser.error_log):
        raise TooBig("nesting")  # what follows was dropped: the rest may contradict what was kept
    return etree.Element("html") if root is None else root, data


@dataclass(frozen=True, slots=True)
class HtmlParagraph:
    """One run of words, as printed. node: the block it begins in. level: 1 to 6 of a heading, 7 of a bold line."""

    words: str
    node: Element
    level: int | None = None


def text_of(element: Element) -> str:
    """Words of an element a visitor surely sees, as printed, white space collapsed."""
    return " ".join(one.words for one in _paragraphs(element, frozenset(("article", "mention"))))


def statements_of(element: Element) -> tuple[str, ...]:
    """Visible paragraphs of an element, without what it only mentions: quotations, articles, menus, asides, FAQ."""
    return tuple(one.words for one in _paragraphs(element, frozenset()))


def spoken(element: Element, *, unsure: bool = False) -> list[HtmlParagraph]:
    """The paragraphs of an element that are no mention, articles included. unsure: also what a visitor may see."""
    return _paragraphs(element, frozenset(("article",)), unsure=unsure)


def is_shown(element: Element) -> bool:
    """Whether a visitor surely sees the element: by its markup, what holds it, and the page's own style sheet."""
    return element.get(SIGHT) is None


def may_be_seen(element: Element) -> bool:
    """Whether a visitor may see the element: all but what is surely hidden."""
    return element.get(SIGHT) != "hidden"


def is_stated(element: Element, *, within_article: bool = False) -> bool:
    """Whether the element is shown and is the page's own speech: not in a quotation, a menu, an aside, a FAQ.

    within_article: the platform's own container, which its page may well set in an `<article>`.
    """
    speech = element.get(SPEECH)
    return is_shown(element) and (speech is None or (within_article and speech == "article"))


def has_class(element: Element, name: str) -> bool:
    """Whether `name` is one of the element's classes."""
    return name in (element.get("class") or "").split()


def _paragraphs(element: Element, mentions: Set[str], *, unsure: bool = False) -> list[HtmlParagraph]:
    from lxml import etree

    out: list[HtmlParagraph] = []
    current: list[str] = []
    start = element
    sights = (None, "unsure", element.get(SIGHT)) if unsure else (None, element.get(SIGHT))
    speeches = (None, element.get(SPEECH), *mentions)
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if current and node.tag not in _INLINE:
            if words := collapse("".join(current)):
                out.append(_paragraph(words, start))
            current.clear()
        if event == "end":
            if node is not element and node.tail and not is_folded(node.getparent()):
                start = start if current else node.getparent()
                current.append(node.tail)
        elif node is not element and (
            node.tag in UNSEEN or node.get(SIGHT) not in sights or node.get(SPEECH) not in speeches
        ):
            walk.skip_subtree()
        elif node.text and not is_folded(node):
            start = start if current else node
            current.append(node.text)
    if words := collapse("".join(current)):
        out.append(_paragraph(words, start))
    return out


def _paragraph(words: str, node: Element) -> HtmlParagraph:
    block = node
    while block.tag in _INLINE and (outer := block.getparent()) is not None:
        block = outer
    level = _HEADINGS.get(str(block.tag))
    if (
        level is None
        and node.tag in ("b", "strong")
        and next(iter(node), None) is None
        and collapse(node.text or "") == words
    ):
        level = 7
    return HtmlParagraph(words, block, level)


def _opened(part: re.Match[bytes]) -> bytes:
    """A start tag without its slash, which a browser does not heed; after a value without quotes it belongs to that."""
    if part[3] is None:
        return part[0]
    tag = part[0][:-2]
    last = tag.split()[-1]
    return tag + (b"/ >" if b"=" in last and not last.endswith((b'"', b"'")) else b" >")


def _is_refresh(meta: Element) -> bool:
    return (meta.get("http-equiv") or "").lower() == "refresh"


def _has_huge_tag(data: bytes) -> bool:
    if len(data) <= MAX_TAG:
        return False
    if re.search(rb"<[A-Za-z][^<>]{%d}" % MAX_TAG, data):
        return True
    return any(len(tag[0]) > MAX_TAG for tag in re.finditer(_TAG, data))  # `<` and `>` may stand in quoted values
