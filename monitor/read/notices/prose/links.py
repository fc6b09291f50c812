"""The links of a page as a reader meets them: words, the row or sentence they stand in, the heading over them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from monitor.core.hosts import Url, join, parse
from monitor.read.notices.prose.typography import collapse
from monitor.read.pages.html import HtmlPage, is_shown, text_of
from monitor.values import dataclass, pattern

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

Where = Literal["main", "chrome", "crumb"]

AROUND = 240  # letters of the row or sentence a link is quoted with

_BLOCKS = frozenset(("tr", "li", "p", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "caption"))
_BREAKS = _BLOCKS | {"br", "td", "th", "div", "ul", "ol", "table"}
_MARK = "\ue000"  # private use: stands for the beginning of a link while a block's words are put together
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SENTENCE_END = pattern(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý«\"])")
_CHROME = pattern(r"^(?:fr-(?:header|footer|nav|skiplinks?|sidemenu|share)|header|footer|menu|pied|liensaccessib)")
_CRUMB = pattern(r"breadcrumb|fil[-_]?(?:d[-_]?)?ariane|\bariane\b|chemin[-_]de[-_]fer")
_CRUMB_LABEL = pattern(r"vous [êe]tes ici|fil d.ariane|breadcrumb", re.IGNORECASE)
_PRINTED = pattern(
    r"(?<![@\w.-])(?:https?://)?(?:[a-z0-9-]+\.){1,5}(?:fr|com)\b(?:/[^\s<>\"«»“”()\[\]]*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """One link of a page. url: absolute. href: as the page writes it. words: its own, or its title where it has none.

    around: the row, item or sentence it stands in, cut to `AROUND`. heading: the nearest one above; over: those of a
    higher level above that one, nearest first.
    """

    url: str
    href: str
    words: str
    around: str = ""
    heading: str = ""
    where: Where = "main"
    over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """What a page says of itself and where it leads.

    crumbs: words of the breadcrumb, the home page and itself left out; above: their addresses. text: visible words.
    """

    name: str
    crumbs: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Block:
    """The visible words of a paragraph, item or row. places: where each of its links begins; stops: where its sentences
    end."""

    words: str
    places: dict[Element, int]
    stops: tuple[int, ...]


def outline(doc: HtmlPage, url: str) -> Outline:
    """The outline of a page read at `url`. Links that are no http address are left out; never raises."""
    base = _base(doc, url)
    anchors = tuple(_anchors(doc, base))
    name = page_name(doc)
    crumbs = tuple(a for a in anchors if a.where == "crumb" and parse(a.url).target not in ("/", "/index.php"))
    body = doc.root.find("body")
    return Outline(
        name=name,
        crumbs=tuple(a.words for a in crumbs if a.words and a.words != name),
        above=tuple(a.url for a in crumbs),
        anchors=anchors,
        text="" if body is None else text_of(body),
    )


def page_name(doc: HtmlPage) -> str:
    """The page's own name: the main heading its `<title>` begins with, else the title without the site's name."""
    title = doc.title
    for words in doc.h1:
        if words and title.startswith(words):
            return words
    return re.split(r"\s[-|–—]\s", title)[0] if title else next(iter(doc.h1), "")


def printed_addresses(text: str) -> Iterator[tuple[str, str]]:
    """Addresses and host names written out in a text, and the words around each; e-mail domains are not addresses."""
    for found in _PRINTED.finditer(text):
        address = found.group().rstrip(".,;:!?'’")
        start, end = max(0, found.start() - AROUND // 2), min(len(text), found.end() + AROUND // 2)
        yield address if "://" in address else f"https://{address}", collapse(text[start:end])


# --- out of the markup ------------------------------------------------------------------------------------------------


def _base(doc: HtmlPage, url: str) -> Url:
    base = parse(url)
    for element in doc.all("base"):
        try:
            return join(base, element.get("href") or "")
        except ValueError:
            break
    return base


def _anchors(doc: HtmlPage, base: Url) -> Iterator[Anchor]:
    headings: list[tuple[str, str]] = []  # tag and words, the highest level first
    blocks: dict[Element, _Block] = {}
    for element in doc.root.iter("a", "area", "iframe", *_HEADINGS):
        if element.tag in _HEADINGS and (said := text_of(element)):
            level = str(element.tag)
            headings = [*(above for above in headings if above[0] < level), (level, said)]
        href = element.get("src" if element.tag == "iframe" else "href")
        if href is None or href.strip().startswith("#"):
            continue
        try:
            url = str(join(base, href))
        except ValueError:
            continue  # mailto, tel, javascript, a broken address
        where = _where(element)
        around = "" if where == "crumb" else _around(element, blocks)
        heading, *over = [said for _, said in reversed(headings)] if where == "main" and headings else [""]
        yield Anchor(url, href, _words(element), around, heading, where, tuple(over))


def _words(element: Element) -> str:
    said = text_of(element)
    for span in element.iter("span"):  # DSFR's kind and weight of a file, on a line of its own: no words of the link
        if "fr-link__detail" in (span.get("class") or "").split():
            said = said.removesuffix(text_of(span)).rstrip()
    if said:
        return said
    pictures = [picture.get("alt") or "" for picture in element.iter("img")]
    return collapse(element.get("title") or element.get("aria-label") or element.get("alt") or " ".join(pictures))


def _around(element: Element, known: dict[Element, _Block]) -> str:
    """The row a link stands in, else the sentence of its block; what is cut off is marked `[…]`."""
    holder = next((node for node in element.iterancestors() if node.tag in _BLOCKS), None)
    if holder is None:
        return ""
    row = holder if holder.tag == "tr" else next(holder.iterancestors("tr"), None)
    holder = holder if row is None else row
    if holder not in known:
        known[holder] = _block(holder)
    block = known[holder]
    at = block.places.get(element, 0)
    if row is not None or element not in block.places:
        return _cut(block.words, at)
    next_stop = bisect_right(block.stops, at)
    start = block.stops[next_stop - 1] if next_stop else 0
    end = block.stops[next_stop] if next_stop < len(block.stops) else len(block.words)
    return _cut(block.words[start:end].strip(), at - start)


def _block(block: Element) -> _Block:
    """Put a block's words together in one pass, whatever its size."""
    from lxml import etree

    pieces: list[str] = []
    links: list[Element] = []
    walk = etree.iterwalk(block, events=("start", "end"))
    for event, node in walk:
        if node.tag in _BREAKS:
            pieces.append(" ")
        if event == "end":
            pieces.append((node.tail or "") if node is not block else "")
        elif (node is not block and node.attrib and not is_shown(node)) or node.tag in ("script", "style"):
            walk.skip_subtree()
        else:
            if node.tag == "a":
                links.append(node)
                pieces.append(_MARK)
            pieces.append(node.text or "")
    parts = collapse("".join(pieces)).replace(f" {_MARK} ", f" {_MARK}").split(_MARK)
    places = dict(zip(links, accumulate(map(len, parts)), strict=False))
    words = "".join(parts)
    return _Block(words, places, tuple(found.end() for found in _SENTENCE_END.finditer(words)))


def _cut(words: str, at: int) -> str:
    """At most `AROUND` letters of the words, those around `at`."""
    if len(words) <= AROUND:
        return words
    start = max(0, min(at - AROUND // 2, len(words) - AROUND))
    kept = words[start : start + AROUND]
    if start:
        kept = "[…] " + kept.partition(" ")[2]
    return kept if start + AROUND >= len(words) else kept.rpartition(" ")[0] + " […]"


def _where(element: Element) -> Where:
    chrome = False
    for node in element.iterancestors():
        marks = f"{node.get('class') or ''} {node.get('id') or ''}".lower()
        if _CRUMB.search(marks) or (node.tag == "nav" and _CRUMB_LABEL.search(node.get("aria-label") or "")):
            return "crumb"
        chrome = chrome or node.tag in ("header", "footer", "nav") or any(map(_CHROME.match, marks.split()))
    return "chrome" if chrome else "main"
