"""What a visitor is shown of a page, what of it is the page's own speech, and what of it is switched off.

Computed once for the whole tree, in one pass, and written on its elements under names that no page can hold: the parser
folds the case of every attribute.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urljoin, urlsplit

from monitor.read.pages.drawn import Sight
from monitor.read.pages.style import StyledLook, sheet_of
from monitor.values import dataclass, pattern

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
_NARROW = pattern(r"^(?:d-(?:sm|md|lg|xl|xxl)-none|fr-hidden-(?:sm|md|lg|xl)|hidden-(?:xs|sm|md|lg|xl))$")
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
_FAQ = pattern(r"\bfaq|accord[ei]on|\bexemples?\b|\baide\b|\bhelp\b")
_WORSE: Final = {"shown": 0, "unsure": 1, "hidden": 2}
# Where a page has no rules of its own, an element tells something only by these.
_TELLING_TAGS: Final = (*UNSEEN, *_MENTIONS, "article", "details", "dialog", "summary")
_TELLING: Final = frozenset((
    "aria-disabled", "aria-hidden", "class", "disabled", "hidden", "id", "inert", "popover", "role", "style",
    *_VUE_BRANCHES,
))  # fmt: skip
_PLAIN: Final = StyledLook("shown")
_SHORT: Final = 200  # characters of a class or an id that is remembered from page to page


@dataclass(frozen=True, slots=True)
class _Told:
    """What is so of an element. speech: None for the page's own."""

    sight: Sight = "shown"
    speech: str | None = None
    off: bool = False

    def write(self, node: Element) -> None:
        if self.sight != "shown":
            node.set(SIGHT, self.sight)
        if self.speech:
            node.set(SPEECH, self.speech)
        if self.off:
            node.set(OFF, "")


_NOTHING: Final = _Told()


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the page of which something is told. told: of its element; inner: of all it holds, if no more is told.

    after: the element that follows the part, None where the page ends with it.
    """

    node: Element | None = None
    told: _Told = _NOTHING
    inner: _Told = _NOTHING
    after: Element | None = None


def mark(root: Element, url: str = "") -> None:
    """Write on every element what is not so of it: not surely shown, not the page's own speech, not to be used.

    url: the page's address, which says what links lead away from its host. Most elements tell nothing: only those that
    may are looked at, and what is told of one is handed on to what it holds.
    """
    sheet, spared = sheet_of(root), _set_aside(root)
    ruled = bool(sheet.rules) or not sheet.whole
    tagged = root.iter(*_TELLING_TAGS)
    telling = next(tagged, None)
    parts = [_Part()]
    for node in root.iter("*"):
        while node is parts[-1].after:
            parts.pop()
        part = parts[-1]
        if node is telling:
            telling = next(tagged, None)
        elif not ruled and _TELLING.isdisjoint(node.keys()):
            if part.inner is not _NOTHING:
                part.inner.write(node)
            continue
        look = sheet.of(node) if ruled or node.get("style") else _PLAIN
        told = _told(node, look, part.told if _opens(node, part.node) else part.inner, spared=node in spared)
        told.write(node)
        inner = replace(told, sight="hidden") if node.tag in UNSEEN or is_folded(node) else told
        if len(node) and not told == inner == part.inner:
            parts.append(_Part(node, told, inner, _after(node, part)))
    base = _base(root, url)
    for node in root.iter("a", "area", "form"):
        if _leads_away(node, base, url):
            node.set(AWAY, "")


def is_folded(node: Element | None) -> bool:
    """Whether it is a `<details>` of which only the first `<summary>` is seen."""
    return node is not None and node.tag == "details" and node.get("open") is None


def _opens(node: Element, part: Element | None) -> bool:
    """Whether it is what unfolds a folded part: its first `<summary>`, which is seen as the part itself is."""
    if node.tag != "summary" or not is_folded(part) or node.getparent() is not part:
        return False
    return next(node.itersiblings("summary", preceding=True), None) is None


def _after(node: Element, part: _Part) -> Element | None:
    """The element that follows all that `node` holds. part: the part of the page it stands in."""
    last: Element | None = node
    while last is not None and last is not part.node:
        if (following := next(last.itersiblings("*"), None)) is not None:
            return following
        last = last.getparent()
    return part.after


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


def _told(node: Element, look: StyledLook, outer: _Told, *, spared: bool) -> _Told:
    """What is so of an element. outer: of what holds it."""
    classes = _of_classes(node.get("class") or "")
    off = outer.off or look.inert or classes.off or _is_off(node)
    speech = outer.speech if outer.speech == "mention" else _speech(node, classes) or outer.speech
    return _Told(_sight(node, look, outer.sight, classes, spared=spared), speech, off)


def _speech(node: Element, classes: _Classes) -> str | None:
    """`mention` where it begins something the page only mentions (a quotation, a menu, an aside, a FAQ); `article`."""
    if node.tag in _MENTIONS or classes.mention or node.get("role") in _ASIDE_ROLES or _is_named(node.get("id") or ""):
        return "mention"
    return "article" if node.tag == "article" else None


def _sight(node: Element, look: StyledLook, outer: Sight, classes: _Classes, *, spared: bool) -> Sight:
    own = look.sight
    if outer == "hidden" and look.shows:
        outer = "unsure"
    if classes.sight == "hidden" or _is_concealed(node):
        own = "hidden"
    elif _is_shut(node):
        own = max("unsure" if look.boxed else "hidden", own, key=_WORSE.__getitem__)
    elif own == "shown" and ((node.get("aria-hidden") == "true" and not spared) or classes.sight == "unsure"):
        own = "unsure"  # it hides from those who listen to the page, or on some screens
    return max(own, outer, key=_WORSE.__getitem__)


def _is_concealed(node: Element) -> bool:
    if (node.get("hidden") or "").strip().lower() == "until-found":
        return True
    return not _VUE_BRANCHES.isdisjoint(node.keys())


def _is_shut(node: Element) -> bool:
    """Whether the browser's own sheet gives it no box. A sheet that gives it one may be outranked by one not read."""
    names = node.keys()
    return "hidden" in names or "popover" in names or (node.tag == "dialog" and "open" not in names)


@dataclass(frozen=True, slots=True)
class _Classes:
    """What the classes of an element tell of it, whatever holds it. sight: `unsure` where a width of screen decides."""

    sight: Sight = "shown"
    mention: bool = False
    off: bool = False


def _of_classes(classes: str) -> _Classes:
    if not classes:
        return _CLASSLESS
    return _known_classes(classes) if len(classes) <= _SHORT else _read_classes(classes)


def _read_classes(classes: str) -> _Classes:
    names = classes.split()
    sight: Sight = "hidden" if _hides(names) else "unsure" if any(map(_NARROW.match, names)) else "shown"
    return _Classes(sight, _is_mention(classes), not _OFF_CLASSES.isdisjoint(names))


def _is_mention(name: str) -> bool:
    return _FAQ.search(name.lower()) is not None


_CLASSLESS: Final = _Classes()
_known_classes = lru_cache(1024)(_read_classes)  # the pages of one site, and of one CMS, bear the same


def _is_named(name: str) -> bool:
    return bool(name) and _is_mention(name)


def _hides(classes: list[str]) -> bool:
    if not _FOLDED_CLASSES.keys().isdisjoint(classes):
        return any(set(_FOLDED_CLASSES[name]).isdisjoint(classes) for name in classes if name in _FOLDED_CLASSES)
    if _UNSEEN_CLASSES.isdisjoint(classes):
        return False
    shown_wide = (name.startswith(("d-sm", "d-md", "d-lg", "d-xl", "fr-unhidden")) or ":" in name for name in classes)
    return not any(shown_wide)


def _is_off(node: Element) -> bool:
    names = node.keys()
    return "disabled" in names or "inert" in names or node.get("aria-disabled") == "true"


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
