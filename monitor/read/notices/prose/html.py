"""A State site's page to blocks: its main content, apart from what is on every page of the site."""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from typing import TYPE_CHECKING

from monitor.core.prefecture import Page
from monitor.read.notices.prose.document import BlockKind, Flag, RawBlock
from monitor.read.notices.prose.markup import is_aside, is_row, is_tile
from monitor.read.notices.prose.plain import is_menu
from monitor.read.notices.prose.typography import folded, spaced
from monitor.read.pages.html import TooBig, parse
from monitor.values import dataclass, pattern

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_BLOCKS = frozenset(
    [
        "address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl", "dt", "fieldset",
        "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend", "li", "main", "ol", "p", "pre",
        "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", "center", "h1", "h2", "h3",
        "h4", "h5", "h6",
    ]
)  # fmt: skip
_HEADING = pattern("h[1-6]")
_NOT_A_HEADING = pattern(r"[.;:]$|@|\d{2} \d{2}")


# What is longer is no notice, and is given up as soon as it shows: thirty printed pages hold some 1,500 blocks.
MAX_BLOCKS = 4_000
_LANDMARKS = (
    "//main", "//*[@role='main']", "//*[@id='main']", "//*[@id='contenu']", "//*[@id='content']", "//article",
)  # fmt: skip


@dataclass(slots=True)
class _Words:
    """The words of the open block, collapsed as they come: to ask how long they are must not cost their length.

    size: letters so far, the space they may end with included. bold: those of them in bold.
    """

    pieces: list[str] = field(default_factory=list)
    size: int = 0
    bold: int = 0

    def add(self, text: str, *, bold: bool = False) -> None:
        """Go on with a text of the markup."""
        words = spaced(text)
        if words.startswith(" ") and (not self.pieces or self.pieces[-1].endswith(" ")):
            words = words[1:]
        if words:
            self.pieces.append(words)
            self.size += len(words)
            self.bold += len(words.strip()) if bold else 0

    def __len__(self) -> int:
        """Letters of the words, without the space they may end with."""
        return self.size - (1 if self.pieces and self.pieces[-1].endswith(" ") else 0)

    def __str__(self) -> str:
        return "".join(self.pieces).rstrip(" ")


@dataclass(slots=True)
class _State:
    """Where the walk is. path: the tags it is in, outermost first. inside: how many of each name, for deep markup.

    open_links: (href, pieces before it, letters before it). rows: data rows it is in (0 or 1).
    """

    blocks: list[RawBlock] = field(default_factory=list)
    words: _Words = field(default_factory=_Words)
    links: list[tuple[str, str, int, int]] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    path: list[Element] = field(default_factory=list)
    inside: Counter[str] = field(default_factory=Counter)
    open_links: list[tuple[str, int, int]] = field(default_factory=list)
    group: int = 0
    tiles: int = 0
    in_tile: int = 0
    rows: int = 0
    titled: bool = False

    @property
    def in_content(self) -> bool:
        """True inside main or article, where a header or footer belongs to the text."""
        return bool(self.inside["article"] or self.inside["main"])

    def text(self, text: str | None) -> None:
        """Go on with a text of the markup."""
        if text:
            self.words.add(text, bold=bool(self.inside["strong"] or self.inside["b"]))


def from_html(page: Page) -> tuple[list[RawBlock], frozenset[Flag], str]:
    """Blocks, flags and the `<title>` of a page. Raises TooBig for a page that cannot be parsed whole."""
    document = parse(page)
    state = _State()
    _walk(_main(document.root), state)
    flags: set[Flag] = set()
    if state.tiles >= 2 or any(folded(block.text[:40]).startswith("index d'articles") for block in state.blocks):
        flags.add("children_not_read")
    if not any(block.kind != "menu" for block in state.blocks):
        flags.add("navigation_only")
    return state.blocks, frozenset(flags), document.title


def _main(root: Element) -> Element:
    """The element that holds the page's own content, by the landmarks State sites have used."""
    for landmark in _LANDMARKS:
        found = root.xpath(f"({landmark})[position() <= 3]")
        best = max(found, key=_size, default=None)  # type: ignore[arg-type]
        if best is not None and _size(best):  # type: ignore[arg-type]
            return best  # type: ignore[return-value]
    body = root.find("body")
    return root if body is None else body


def _size(element: Element) -> int:
    """Letters inside an element."""
    return len(str(element.xpath("string()")).strip())


def _walk(root: Element, state: _State) -> None:
    from lxml import etree

    aside: Element | None = None
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, tag in walk:
        if event == "start":
            if tag is not root and is_aside(tag, state.in_content):
                aside = tag
                walk.skip_subtree()
            else:
                _enter(tag, state)
                state.text(tag.text)
            continue
        if tag is not aside:
            _leave(tag, state)
        if tag is not root:
            state.text(tag.tail)
    _flush(state)


def _enter(tag: Element, state: _State) -> None:
    if is_tile(tag):
        _flush(state)
        state.tiles += 1
        state.in_tile += 1
    if tag.tag in ("td", "th") and state.rows:
        if len(state.words):
            state.breaks.append(len(state.words))
        state.words.add(" ")
    elif tag.tag in _BLOCKS or tag.tag in ("br", "td", "th"):
        _boundary(tag, state)
    state.rows += not state.rows and is_row(tag)
    state.path.append(tag)
    state.inside[tag.tag] += 1
    if tag.tag == "a" and (href := tag.get("href")):
        state.open_links.append((href, len(state.words.pieces), state.words.size))


def _leave(tag: Element, state: _State) -> None:
    if tag.tag == "a" and tag.get("href") and state.open_links:
        _close_link(state)
    if tag.tag in _BLOCKS or tag.tag in ("td", "th"):
        if state.rows and tag.tag == "tr":
            state.rows = 0
            _flush(state)
        _boundary(tag, state)
    if is_tile(tag):
        _flush(state)
        state.in_tile -= 1
    state.path.pop()
    state.inside[tag.tag] -= 1


def _boundary(tag: Element, state: _State) -> None:
    """A block begins or ends: close the open one, but within a data row only a space."""
    if state.rows:
        state.words.add(" ")
        return
    _flush(state)
    if tag.tag not in ("li", "br"):
        state.group += 1


def _close_link(state: _State) -> None:
    href, pieces, start = state.open_links.pop()
    rest = "".join(state.words.pieces[pieces:])
    label = rest.strip()
    if label:
        if len(state.links) == MAX_BLOCKS:
            raise TooBig("links")
        state.links.append((label, href, start + len(rest) - len(rest.lstrip()), len(label)))


def _flush(state: _State) -> None:
    """Close the open block; its kind comes from the tags it stands in."""
    text = str(state.words)
    if text:
        kind, level = _kind(state, text)
        state.titled |= kind == "title"
        if kind != "title" and (state.in_tile or (kind == "item" and is_menu(text))):
            kind = "menu"
        if len(state.blocks) == MAX_BLOCKS:
            raise TooBig("blocks")
        state.blocks.append(RawBlock(kind, text, level, state.group, tuple(state.links), tuple(state.breaks)))
    state.open_links = [(href, 0, 0) for href, _, _ in state.open_links]
    state.words, state.links, state.breaks = _Words(), [], []


def _kind(state: _State, text: str) -> tuple[BlockKind, int]:
    near = [tag.tag for tag in reversed(state.path[-6:])]
    for name in near:
        if name == "h1" and not state.titled:
            return "title", 1
        if _HEADING.fullmatch(name):
            return "heading", int(name[1])
    if "summary" in near[:4] or near[:1] in (["dt"], ["caption"], ["legend"]):
        return "heading", 6
    if near[:1] == ["tr"]:
        cells = [cell.tag for cell in state.path[-1] if cell.tag in ("td", "th")]
        return ("heading", 6) if "td" not in cells and len(cells) != 1 else ("row", 0)
    if "li" in near[:5]:
        return "item", state.inside["ul"] + state.inside["ol"] or 1
    if state.words.bold >= len(text) - 2 > 0 and len(text) <= 120 and not _NOT_A_HEADING.search(text):
        return "heading", 6
    return "paragraph", 0
