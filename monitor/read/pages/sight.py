"""What a visitor is shown of a page, what of it is the page's own speech, and what of it is switched off.

Computed once for the whole tree, in one pass, and written on its elements under names that no page can hold: the parser
folds the case of every attribute.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from monitor.read.pages.style import Sheet, Sight, sheet_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

SIGHT: Final = "Sight"  # `hidden` or `unsure`; absent where shown
SPEECH: Final = "Speech"  # `article` or `mention`: what holds the words is not the page's own speech
OFF: Final = "Off"  # nobody can press, tick or follow it

UNSEEN: Final = frozenset((
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
_VUE_BRANCHES = frozenset(("v-if", "v-else-if", "v-else", "v-show"))  # left in place only where no browser rendered
_MENTIONS = frozenset(("aside", "blockquote", "cite", "code", "footer", "nav", "pre", "q"))
_OFF_CLASSES = frozenset(("disabled", "is-disabled", "ui-state-disabled", "ui-datepicker-unselectable"))
_WORSE: Final = {"shown": 0, "unsure": 1, "hidden": 2}


def mark(root: Element) -> None:
    """Write on every element what is not so of it: not surely shown, not the page's own speech, not to be used."""
    from lxml import etree

    sheet, spared = sheet_of(root), _set_aside(root)
    sights: list[Sight] = ["shown"]
    speeches: list[str | None] = [None]
    offs = [False]
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            for kept in (sights, speeches, offs):
                kept.pop()
            continue
        sight = _sight(node, sheet, sights[-1], spared=node in spared)
        speech = "mention" if speeches[-1] == "mention" else _speech(node) or speeches[-1]
        off = offs[-1] or _is_off(node)
        if sight != "shown":
            node.set(SIGHT, sight)
        if speech:
            node.set(SPEECH, speech)
        if off:
            node.set(OFF, "")
        sights.append("hidden" if node.tag in UNSEEN else sight)
        speeches.append(speech)
        offs.append(off)


def is_mention(node: Element) -> bool:
    """Whether the element begins something the page only mentions: a quotation, a menu, an aside, a FAQ."""
    if node.tag in _MENTIONS or node.get("role") in ("navigation", "complementary"):
        return True
    marks = f"{node.get('id', '')} {node.get('class', '')}".lower()
    return marks != " " and re.search(r"\bfaq|accord[ei]on", marks) is not None


def _speech(node: Element) -> str | None:
    return "mention" if is_mention(node) else "article" if node.tag == "article" else None


def _sight(node: Element, sheet: Sheet, outer: Sight, *, spared: bool) -> Sight:
    names = node.attrib
    folded = node.getparent()
    if folded is not None and folded.tag == "details" and folded.get("open") is None:
        outer = outer if node.tag == "summary" else "hidden"
    if not names and node.tag != "dialog" and not sheet.rules and sheet.whole:
        return outer
    own, shows_itself = sheet.of(node)
    if outer == "hidden" and shows_itself:
        outer = "unsure"
    if _is_hidden(node):
        own = "hidden"
    elif node.get("aria-hidden") == "true" and not spared and own == "shown":
        own = "unsure"  # it hides from those who listen to the page, not from those who look at it
    return max(own, outer, key=_WORSE.__getitem__)


def _is_hidden(node: Element) -> bool:
    names = node.attrib
    if node.tag == "dialog":
        return "open" not in names
    if "hidden" in names or "popover" in names or any(name in names for name in _VUE_BRANCHES):
        return True
    return "class" in names and _hides(node.get("class", "").split())


def _hides(classes: list[str]) -> bool:
    if not _FOLDED_CLASSES.keys().isdisjoint(classes):
        return any(_FOLDED_CLASSES[name] not in classes for name in classes if name in _FOLDED_CLASSES)
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
    if "class" in names and not _OFF_CLASSES.isdisjoint(node.get("class", "").split()):
        return True
    return "style" in names and re.search(r"pointer-events\s*:\s*none", node.get("style", "").lower()) is not None


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
