"""What a visitor is shown of a page, what of it is the page's own speech, and what of it is switched off.

Computed once for the whole tree, in one pass, and written on its elements under names that no page can hold: the parser
folds the case of every attribute.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urljoin, urlsplit

from monitor.read.pages.drawn import Sight
from monitor.read.pages.style import StyledLook, sheet_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

SIGHT: Final = "Sight"  # `hidden` or `unsure`; absent where shown
SPEECH: Final = "Speech"  # `article` or `mention`: what holds the words is not the page's own speech
OFF: Final = "Off"  # nobody can press, tick or follow it
AWAY: Final = "Away"  # a link that leads to another host, or to no page

UNSEEN: Final = frozenset((
    "applet", "audio", "canvas", "datalist", "del", "embed", "iframe", "math", "meter", "noembed", "noframes",
    "noscript", "object", "option", "progress", "rp", "s", "script", "select", "strike", "style", "svg", "template",
    "textarea", "title", "video",
))  # fmt: skip
_UNSEEN_CLASSES = frozenset((
    "cdk-visually-hidden", "d-none", "element-invisible", "fr-hidden", "fr-sr-only", "hidden", "hidden_box", "hide",
    "invisible", "is-hidden", "ng-hide", "screen-reader-text", "sr-only", "ui-helper-hidden", "visually-hidden",
    "visuallyhidden",
))  # fmt: skip
_NARROW = re.compile(r"^(?:d-(?:sm|md|lg|xl|xxl)-none|fr-hidden-(?:sm|md|lg|xl)|hidden-(?:xs|sm|md|lg|xl))$")
_FOLDED_CLASSES = {  # Bootstrap and the State's design system: folded until one of the others stands beside the first
    "collapse": ("show", "in"), "modal": ("show", "in"), "fr-collapse": ("fr-collapse--expanded",),
    "fr-modal": ("fr-modal--opened",), "fade": ("show", "in"), "tab-pane": ("active",), "carousel-item": ("active",),
    "dropdown-menu": ("show",), "offcanvas": ("show",), "fr-tabs__panel": ("fr-tabs__panel--selected",),
}  # fmt: skip
# left in place only where no browser rendered
_VUE_BRANCHES = frozenset(("v-if", "v-else-if", "v-else", "v-show", "v-cloak", "x-cloak", "ng-cloak"))
_MENTIONS = frozenset(("aside", "blockquote", "cite", "code", "figure", "footer", "nav", "pre", "q", "samp"))
_ASIDE_ROLES = frozenset(("navigation", "complementary", "contentinfo", "note", "tooltip"))
_OFF_CLASSES = frozenset(("disabled", "is-disabled", "ui-state-disabled", "ui-datepicker-unselectable", "unavailable"))
_WORSE: Final = {"shown": 0, "unsure": 1, "hidden": 2}


def mark(root: Element, url: str = "") -> None:
    """Write on every element what is not so of it: not surely shown, not the page's own speech, not to be used.

    url: the page's address, which says what links lead away from its host.
    """
    from lxml import etree

    sheet, spared = sheet_of(root), _set_aside(root)
    sights: list[Sight] = ["shown"]
    speeches: list[str | None] = [None]
    offs = [False]
    base = _base(root, url)
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            for kept in (sights, speeches, offs):
                kept.pop()
            continue
        look = sheet.of(node) if node.attrib or sheet.rules or not sheet.whole else StyledLook("shown")
        sight = _sight(node, look, sights[-1], spared=node in spared)
        speech = "mention" if speeches[-1] == "mention" else _speech(node) or speeches[-1]
        off = offs[-1] or look.inert or _is_off(node)
        if sight != "shown":
            node.set(SIGHT, sight)
        if speech:
            node.set(SPEECH, speech)
        if off:
            node.set(OFF, "")
        if node.tag in ("a", "area", "form") and _leads_away(node, base, url):
            node.set(AWAY, "")
        sights.append("hidden" if node.tag in UNSEEN else sight)
        speeches.append(speech)
        offs.append(off)


def _base(root: Element, url: str) -> str:
    told = next((one.get("href") or "" for one in root.iter("base") if one.get("href")), "")
    return _joined(url, told) if told else url


def _joined(url: str, reference: str) -> str:
    try:
        return urljoin(url, reference.strip())
    except ValueError:
        return "invalid:"


def _leads_away(node: Element, base: str, url: str) -> bool:
    """Whether an address is of another host than the page's, `www.` aside, or of no page at all (`mailto:`)."""
    address = node.get("href") or node.get("action") or ""
    if base == url and ":" not in address and not address.lstrip().startswith(("//", "\\")):
        return False
    there, here = _parts(_joined(base, address)), _parts(url)
    if there.scheme not in ("http", "https", ""):
        return True
    return bool(here.netloc and there.netloc) and _host(there.netloc) != _host(here.netloc)


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("invalid:")


def _host(netloc: str) -> str:
    return netloc.lower().rpartition("@")[2].removeprefix("www.")


def is_mention(node: Element) -> bool:
    """Whether the element begins something the page only mentions: a quotation, a menu, an aside, a FAQ."""
    if node.tag in _MENTIONS or node.get("role") in _ASIDE_ROLES:
        return True
    marks = f"{node.get('id', '')} {node.get('class', '')}".lower()
    return marks != " " and re.search(r"\bfaq|accord[ei]on|\bexemples?\b|\baide\b|\bhelp\b", marks) is not None


def _speech(node: Element) -> str | None:
    return "mention" if is_mention(node) else "article" if node.tag == "article" else None


def _sight(node: Element, look: StyledLook, outer: Sight, *, spared: bool) -> Sight:
    folded = node.getparent()
    if folded is not None and folded.tag == "details" and folded.get("open") is None:
        first = node.tag == "summary" and next(node.itersiblings("summary", preceding=True), None) is None
        outer = outer if first else "hidden"
    own = look.sight
    if outer == "hidden" and look.shows:
        outer = "unsure"
    if _is_hidden(node):
        own = "hidden"
    elif _is_shut(node):
        own = max("unsure" if look.boxed else "hidden", own, key=_WORSE.__getitem__)
    elif own == "shown" and ((node.get("aria-hidden") == "true" and not spared) or _depends_on_width(node)):
        own = "unsure"  # it hides from those who listen to the page, or on some screens
    return max(own, outer, key=_WORSE.__getitem__)


def _is_hidden(node: Element) -> bool:
    names = node.attrib
    if any(name in names for name in _VUE_BRANCHES) or (node.get("hidden") or "").strip().lower() == "until-found":
        return True
    return "class" in names and _hides(node.get("class", "").split())


def _is_shut(node: Element) -> bool:
    """Whether the browser's own sheet gives it no box. A sheet that gives it one may be outranked by one not read."""
    names = node.attrib
    return "hidden" in names or "popover" in names or (node.tag == "dialog" and "open" not in names)


def _depends_on_width(node: Element) -> bool:
    return any(map(_NARROW.match, (node.get("class") or "").split()))


def _hides(classes: list[str]) -> bool:
    if not _FOLDED_CLASSES.keys().isdisjoint(classes):
        return any(set(_FOLDED_CLASSES[name]).isdisjoint(classes) for name in classes if name in _FOLDED_CLASSES)
    if _UNSEEN_CLASSES.isdisjoint(classes):
        return False
    shown_wide = (name.startswith(("d-sm", "d-md", "d-lg", "d-xl", "fr-unhidden")) or ":" in name for name in classes)
    return not any(shown_wide)


def _is_off(node: Element) -> bool:
    names = node.attrib
    if not names:
        return False
    if "disabled" in names or "inert" in names or node.get("aria-disabled") == "true":
        return True
    return "class" in names and not _OFF_CLASSES.isdisjoint(node.get("class", "").split())


def _set_aside(root: Element) -> set[Element]:
    """What a modal dialog sets aside: where all that stands beside it is `aria-hidden`, the page behind it is shown."""
    spared: set[Element] = set()
    modals = (one for one in root.iter("div", "section", "dialog", "aside") if one.get("aria-modal") == "true")
    for dialog in islice(modals, 3):  # a page shows one at a time
        inner = dialog
        for outer in dialog.iterancestors():
            beside = [one for one in outer if one is not inner and one.tag not in UNSEEN and one.get("hidden") is None]
            if all(one.get("aria-hidden") == "true" or one.get("aria-modal") == "true" for one in beside):
                spared.update(one for one in beside if one.get("aria-hidden") == "true")
            inner = outer
    return spared
