"""A State site's page to blocks: its main content, apart from what is on every page of the site."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitor.notices.document import BlockKind, Flag, RawBlock
from monitor.notices.plain import is_menu
from monitor.notices.typography import collapse, folded

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "head",
        "iframe",
        "object",
        "select",
        "textarea",
        "nav",
        "button",
    ]
)
_BLOCKS = frozenset(
    [
        "address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl", "dt", "fieldset",
        "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend", "li", "main", "ol", "p", "pre",
        "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", "center", "h1", "h2", "h3", "h4", "h5", "h6",
    ]
)  # fmt: skip
# DSFR (fr-*) since 2022, the eZ Publish skin of the préfectures before, SPIP before that.
_ASIDE = re.compile(
    r"^(?:fr-(?:header|footer|breadcrumb|nav|sidemenu|share|skiplinks?|skip-links?|menu|follow|pagination|consent|modal|"
    r"search-bar|summary|tooltip|placement|back-to-top|transcription__footer)\b.*|breadcrumbs?|fil-?ariane|ariane|"
    r"(?:main-?|side-?|sub-?|sous-?)?(?:menu|nav|navigation|navbar)(?:-?(?:principal|main|left|right|gauche|droite))?|"
    r"header|footer|entete|pied(?:-?de-?page)?|skip-?links?|evitement|partage|partager|share|social|toolbar|outils|"
    r"cookies?|tarteaucitron\w*|toc|tooltip\w*|glossaire-?def\w*|definition-?glossaire|bulle|sr-only|visually-hidden|"
    r"hidden|print-?only)$"
)
_GLOSSARY = re.compile(r"\b(?:tooltip|definition|glossary-def|sp-def|infobulle)\b")
_TILE = re.compile(r"^(?:fr-(?:tile|card)|tuile|vignette|index-?articles?__item)$")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


@dataclass(slots=True)
class _State:
    blocks: list[RawBlock] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    links: list[tuple[str, str, int, int]] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    group: int = 0
    tiles: int = 0
    in_tile: int = 0
    bold: int = 0  # letters in bold in the open block
    titled: bool = False
    open_links: list[tuple[str, int]] = field(default_factory=list)


def from_html(markup: bytes | str, encoding: str | None = None) -> tuple[list[RawBlock], frozenset[Flag], str]:
    """Blocks, flags and the `<title>` of a page. Never raises on broken markup."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(markup, "lxml", from_encoding=encoding if isinstance(markup, bytes) else None)
    name = collapse(soup.title.get_text(" ")) if soup.title else ""
    state = _State()
    root = _main(soup)
    _walk(root, state)
    prose = sum(len(block.text) for block in state.blocks if block.kind != "menu")
    flags: set[Flag] = set()
    if state.tiles >= 2 or any(folded(block.text).startswith("index d'articles") for block in state.blocks):
        flags.add("children_not_read")
    if not prose:
        flags.add("navigation_only")
    return state.blocks, frozenset(flags), name


def _main(soup: BeautifulSoup) -> Tag:
    for selector in ("main", "[role=main]", "#main", "#contenu", "#content", "article"):
        found = soup.select(selector)
        if found:
            best = max(found, key=lambda tag: len(tag.get_text()))
            if best.get_text().strip():
                return best
    return soup.body or soup


def _aside(tag: Tag) -> bool:
    """True for what is not the page's own content, or is not shown."""
    if tag.name in _SKIPPED and not (tag.name == "button" and _accordion(tag)):
        return True
    if tag.name in ("header", "footer") and tag.find_parent(["article", "main"]) is None:
        return True
    if not tag.attrs:
        return False
    role = str(tag.get("role") or "")
    if role in ("navigation", "banner", "contentinfo", "search", "tooltip", "dialog") or tag.has_attr("hidden"):
        return True
    if _HIDDEN_STYLE.search(str(tag.get("style") or "")):
        return True
    classes = tag.get("class") or []
    names = [str(tag.get("id") or ""), *([classes] if isinstance(classes, str) else classes)]
    if any(_ASIDE.match(name.lower()) for name in names if name):
        return True
    return tag.get("aria-hidden") == "true" and any(_GLOSSARY.search(name.lower()) for name in names)


def _accordion(tag: Tag) -> bool:
    return "accordion" in " ".join(tag.get("class") or []) or tag.has_attr("aria-controls")


def _walk(root: Tag, state: _State) -> None:
    """Depth first with an explicit stack: markup may nest deeper than Python recurses."""
    from bs4.element import NavigableString, PreformattedString, Tag

    stack: list[tuple[object, bool]] = [(root, True)]
    while stack:
        node, entering = stack.pop()
        if isinstance(node, PreformattedString):
            continue  # comments, doctypes, CDATA
        if isinstance(node, NavigableString):
            _text(node, state)
        elif isinstance(node, Tag):
            if not entering:
                _leave(node, state)
            elif node is root or not _aside(node):
                _enter(node, state)
                stack.append((node, False))
                stack.extend((child, True) for child in reversed(node.contents))


def _text(node: object, state: _State) -> None:
    text = str(node)
    if text:
        state.pieces.append(text)
        parent = getattr(node, "parent", None)
        if (
            (parent is not None
            and parent.find_parent(["strong", "b"]) is not None)
            or getattr(parent, "name", "")
            in (
                "strong",
                "b",
            )
        ):
            state.bold += len(text.strip())


def _is_tile(tag: Tag) -> bool:
    """True for the teaser of another page: a card or tile with a link, downloads left out."""
    classes = tag.get("class") or []
    names = [classes] if isinstance(classes, str) else classes
    if not any(_TILE.match(name.lower()) for name in names) or any("download" in name for name in names):
        return False
    return tag.find("a") is not None


def _enter(tag: Tag, state: _State) -> None:
    if _is_tile(tag):
        _flush(tag.parent, state)
        state.tiles += 1
        state.in_tile += 1
    if tag.name == "br":
        _flush(tag, state)
    elif tag.name in ("td", "th"):
        so_far = len(collapse("".join(state.pieces)))
        if so_far:
            state.breaks.append(so_far)
        state.pieces.append(" ")
    elif tag.name in _BLOCKS and not _in_row(tag):
        _flush(tag.parent, state)
        if tag.name not in ("li", "br"):
            state.group += 1
    elif tag.name in _BLOCKS:
        state.pieces.append(" ")
    if tag.name == "a" and tag.get("href"):
        state.open_links.append((str(tag["href"]), len(collapse("".join(state.pieces)))))


def _leave(tag: Tag, state: _State) -> None:
    if tag.name == "a" and tag.get("href") and state.open_links:
        href, start = state.open_links.pop()
        so_far = collapse("".join(state.pieces))
        label = so_far[start:].strip()
        if label:
            begin = start + (len(so_far[start:]) - len(so_far[start:].lstrip()))
            state.links.append((label, href, begin, len(label)))
    elif tag.name in ("td", "th"):
        state.pieces.append(" ")
    elif tag.name in _BLOCKS and (tag.name == "tr" or not _in_row(tag)):
        _flush(tag, state)
        if tag.name != "li":
            state.group += 1
    elif tag.name in _BLOCKS:
        state.pieces.append(" ")
    if _is_tile(tag):
        _flush(tag, state)
        state.in_tile -= 1


def _in_row(tag: Tag) -> bool:
    return tag.name != "tr" and tag.find_parent("tr") is not None


def _flush(tag: Tag | None, state: _State) -> None:
    """Close the open block; its kind comes from the tag it stands in."""
    text = collapse("".join(state.pieces))
    if text:
        kind, level = _kind(tag, state, text)
        state.titled |= kind == "title"
        if kind != "title" and (state.in_tile or (kind == "item" and is_menu(text))):
            kind = "menu"
        state.blocks.append(RawBlock(kind, text, level, state.group, tuple(state.links), tuple(state.breaks)))
    if state.open_links:
        state.open_links = [(href, 0) for href, _ in state.open_links]
    state.pieces, state.links, state.breaks, state.bold = [], [], [], 0


def _kind(tag: Tag | None, state: _State, text: str) -> tuple[BlockKind, int]:
    if tag is None:
        return "paragraph", 0
    chain = [tag, *tag.parents]
    names = [parent.name for parent in chain]
    for name in names[:6]:
        if name == "h1" and not state.titled:
            return "title", 1
        if re.fullmatch("h[1-6]", name):
            return "heading", int(name[1])
    if "summary" in names[:4] or names[0] in ("dt", "caption", "legend"):
        return "heading", 6
    if "tr" in names[:3]:
        row = chain[names.index("tr")]
        return ("heading", 6) if row.find("td") is None and len(row.find_all("th")) != 1 else ("row", 0)
    if "li" in names[:5]:
        return "item", names.count("ul") + names.count("ol") or 1
    if state.bold >= len(text) - 2 > 0 and len(text) <= 120 and not re.search(r"[.;:]$|@|\d{2} \d{2}", text):
        return "heading", 6
    return "paragraph", 0
