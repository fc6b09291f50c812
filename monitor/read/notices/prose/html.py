"""A State site's page to blocks: its main content, apart from what is on every page of the site."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitor.read.notices.prose.document import BlockKind, Flag, RawBlock
from monitor.read.notices.prose.markup import is_aside, is_row, is_tile
from monitor.read.notices.prose.plain import is_menu
from monitor.read.notices.prose.typography import collapse, folded

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_BLOCKS = frozenset(
    [
        "address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl", "dt", "fieldset",
        "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend", "li", "main", "ol", "p", "pre",
        "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", "center", "h1", "h2", "h3",
        "h4", "h5", "h6",
    ]
)  # fmt: skip
_HEADING = re.compile("h[1-6]")
_NOT_A_HEADING = re.compile(r"[.;:]$|@|\d{2} \d{2}")


@dataclass(slots=True)
class _State:
    """Where the walk is. path: the tags it is in, outermost first. inside: how many of each name, for deep markup.

    rows: data rows it is in (0 or 1); bold: letters in bold in the open block.
    """

    blocks: list[RawBlock] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    links: list[tuple[str, str, int, int]] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    path: list[Tag] = field(default_factory=list)
    inside: Counter[str] = field(default_factory=Counter)
    open_links: list[tuple[str, int]] = field(default_factory=list)
    group: int = 0
    tiles: int = 0
    in_tile: int = 0
    rows: int = 0
    bold: int = 0
    titled: bool = False

    @property
    def in_content(self) -> bool:
        """True inside main or article, where a header or footer belongs to the text."""
        return bool(self.inside["article"] or self.inside["main"])

    def so_far(self) -> str:
        """Text of the open block."""
        return collapse("".join(self.pieces))


def from_html(markup: bytes | str, encoding: str | None = None) -> tuple[list[RawBlock], frozenset[Flag], str]:
    """Blocks, flags and the `<title>` of a page. Never raises on broken markup."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(markup, "lxml", from_encoding=encoding if isinstance(markup, bytes) else None)
    name = collapse(soup.title.get_text(" ")) if soup.title else ""
    state = _State()
    _walk(_main(soup), state)
    flags: set[Flag] = set()
    if state.tiles >= 2 or any(folded(block.text).startswith("index d'articles") for block in state.blocks):
        flags.add("children_not_read")
    if not any(block.kind != "menu" for block in state.blocks):
        flags.add("navigation_only")
    return state.blocks, frozenset(flags), name


def _main(soup: BeautifulSoup) -> Tag:
    """The element that holds the page's own content, by the landmarks State sites have used."""
    for selector in ("main", "[role=main]", "#main", "#contenu", "#content", "article"):
        found = soup.select(selector, limit=3)
        best = max(found, key=lambda tag: len(tag.get_text()), default=None)
        if best is not None and best.get_text().strip():
            return best
    return soup.body or soup


def _walk(root: Tag, state: _State) -> None:
    """Depth first with an explicit stack: markup may nest deeper than Python recurses."""
    from bs4.element import NavigableString, PreformattedString, Tag

    stack: list[tuple[object, bool]] = [(root, True)]
    while stack:
        node, entering = stack.pop()
        if isinstance(node, PreformattedString):
            continue  # comments, doctypes, CDATA
        if isinstance(node, NavigableString):
            state.pieces.append(node)
            state.bold += len(node.strip()) if state.inside["strong"] or state.inside["b"] else 0
        elif isinstance(node, Tag):
            if not entering:
                _leave(node, state)
            elif node is root or not is_aside(node, state.in_content):
                _enter(node, state)
                stack.append((node, False))
                stack.extend((child, True) for child in reversed(node.contents))
    _flush(state)


def _enter(tag: Tag, state: _State) -> None:
    if is_tile(tag):
        _flush(state)
        state.tiles += 1
        state.in_tile += 1
    if tag.name in ("td", "th") and state.rows:
        if so_far := len(state.so_far()):
            state.breaks.append(so_far)
        state.pieces.append(" ")
    elif tag.name in _BLOCKS or tag.name in ("br", "td", "th"):
        _boundary(tag, state)
    state.rows += not state.rows and is_row(tag)
    state.path.append(tag)
    state.inside[tag.name] += 1
    if tag.name == "a" and tag.get("href"):
        state.open_links.append((str(tag["href"]), len(state.so_far())))


def _leave(tag: Tag, state: _State) -> None:
    if tag.name == "a" and tag.get("href") and state.open_links:
        _close_link(state)
    row = state.rows and tag.name == "tr"
    if tag.name in _BLOCKS or tag.name in ("td", "th"):
        if row:
            state.rows = 0
            _flush(state)
        _boundary(tag, state)
    if is_tile(tag):
        _flush(state)
        state.in_tile -= 1
    state.path.pop()
    state.inside[tag.name] -= 1


def _boundary(tag: Tag, state: _State) -> None:
    """A block begins or ends: close the open one, but within a data row only a space."""
    if state.rows:
        state.pieces.append(" ")
        return
    _flush(state)
    if tag.name not in ("li", "br"):
        state.group += 1


def _close_link(state: _State) -> None:
    href, start = state.open_links.pop()
    rest = state.so_far()[start:]
    label = rest.strip()
    if label:
        state.links.append((label, href, start + len(rest) - len(rest.lstrip()), len(label)))


def _flush(state: _State) -> None:
    """Close the open block; its kind comes from the tags it stands in."""
    text = state.so_far()
    if text:
        kind, level = _kind(state, text)
        state.titled |= kind == "title"
        if kind != "title" and (state.in_tile or (kind == "item" and is_menu(text))):
            kind = "menu"
        state.blocks.append(RawBlock(kind, text, level, state.group, tuple(state.links), tuple(state.breaks)))
    state.open_links = [(href, 0) for href, _ in state.open_links]
    state.pieces, state.links, state.breaks, state.bold = [], [], [], 0


def _kind(state: _State, text: str) -> tuple[BlockKind, int]:
    near = [tag.name for tag in reversed(state.path[-6:])]
    for name in near:
        if name == "h1" and not state.titled:
            return "title", 1
        if _HEADING.fullmatch(name):
            return "heading", int(name[1])
    if "summary" in near[:4] or near[:1] in (["dt"], ["caption"], ["legend"]):
        return "heading", 6
    if near[:1] == ["tr"]:
        row = state.path[-1]
        return ("heading", 6) if row.find("td") is None and len(row.find_all("th", limit=2)) != 1 else ("row", 0)
    if "li" in near[:5]:
        return "item", state.inside["ul"] + state.inside["ol"] or 1
    if state.bold >= len(text) - 2 > 0 and len(text) <= 120 and not _NOT_A_HEADING.search(text):
        return "heading", 6
    return "paragraph", 0
