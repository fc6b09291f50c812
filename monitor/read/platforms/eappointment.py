"""ESII eAppointment (94, 69): retired. Kept so that captures made before its end can be read again.

Texts: PLATFORMS section 6, with the typing errors of the source. No container was ever saved, so the exact sentence in
the visible text, or in the `alert` of a DWR answer, is enough.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.core.prefecture import Context, Open, Page, Visit
from monitor.core.readings import NoSlot, Obstructed, Reading, Seen, SlotsOpen, Unavailable, Unreadable
from monitor.read.pages.captcha import captcha_in
from monitor.read.pages.charset import decode
from monitor.read.pages.html import MAX_BYTES, HtmlPage, has_class, is_shown, is_stated, text_of
from monitor.read.pages.obstacles import opened
from monitor.read.pages.offers import find
from monitor.read.pages.sight import OFF
from monitor.read.pages.text import collapse, quote, says
from monitor.values import dataclass

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NO_SLOT = (
    "Aucun rendez-vous n'est possible pour les motifs selectionnnés ou le créneau horaire séléctionné.",  # sic
    "Aucun rendez-vous n'est disponible actuellement pour le motif sélectionné.",
)
_CHOOSING = "3/4 : lieu, date et heure"
_STRING = r'"((?:[^"\\]|\\.)*)"'


@dataclass(frozen=True, slots=True)
class EAppointment:
    """One appointment address of the product."""

    url: str

    @property
    def name(self) -> str:
        """`eappointment`."""
        return "eappointment"

    @property
    def needs_browser(self) -> bool:
        """Only ever read from captures: False."""
        return False

    def visit(self, context: Context) -> Visit:
        """One page; no desk of this product is alive."""
        return self.read((yield (Open(self.url),)), context)

    def read(self, page: Page, context: Context) -> Reading:
        """A page of the four steps, or the script a DWR call answers with."""
        if 200 <= page.status < 300 and b"//#DWR" in page.body[:500]:
            return _script(decode(page)) if len(page.body) <= MAX_BYTES else Unreadable(why="too_big")
        doc = opened(page, _is_ours)
        if not isinstance(doc, HtmlPage):
            return doc
        day, none = _day(doc), find(doc.root, NO_SLOT)
        choosing = quote(doc.words, _CHOOSING)
        if day and none:
            return Unreadable(why="contradictory", seen=Seen(none.said.words, "body"))
        if day and choosing:
            return SlotsOpen(seen=day)
        if asked := _captcha(doc):
            return asked
        if none:
            beside = none.beside(page.url, r"/eAppointment", context)
            if beside or choosing or not doc.is_whole:
                return Unreadable(why="contradictory" if beside or choosing else "layout_changed", seen=beside)
            return NoSlot(seen=Seen(none.said.words, "body"))
        if any(box.get("name") == "selectedMotiveKeyList" and is_shown(box) for box in doc.all("input")):
            return Unreadable(why="mid_visit", step="1")
        return Unreadable(why="layout_changed")


def _is_ours(doc: HtmlPage) -> bool:
    return (
        doc.by_id("motiveForm") is not None
        or doc.by_id("dayValueId") is not None
        or any(has_class(box, "choice_captcha") for box in doc.all("div", "fieldset"))
        or any(doc.says(sentence) for sentence in NO_SLOT)
    )


def _captcha(doc: HtmlPage) -> Obstructed | None:
    for box in doc.all("div", "fieldset", "p", "span"):
        if has_class(box, "choice_captcha") and is_shown(box):
            words = text_of(box) or "choice_captcha"
            return captcha_in(box) or Obstructed(obstacle="captcha", seen=Seen(words, ".choice_captcha"))
    return None


def _day(doc: HtmlPage) -> Seen | None:
    """An enabled day of the date picker: a link in a cell; a disabled day is no link."""
    field = doc.by_id("dayValueId")
    if field is not None and field.get("disabled") is not None:
        return None
    for link in doc.all("a"):
        if has_class(link, "ui-state-default") and _is_enabled(link) and is_stated(link):
            return Seen(text_of(link) or "a", "td a.ui-state-default")
    return None


def _is_enabled(link: Element) -> bool:
    cell = next(link.iterancestors("td"), None)
    return cell is not None and link.get(OFF) is None


def _script(text: str) -> Reading:
    for literal in re.findall(rf"\balert\(\s*{_STRING}\s*\)", text):
        words = says((collapse(_unescape(literal)),), NO_SLOT[0]) or says((collapse(_unescape(literal)),), NO_SLOT[1])
        if words:
            return NoSlot(seen=Seen(words, "alert()"))
    if error := re.search(r'\bmessage\s*:\s*"Error"', text):
        return Unavailable(kind="server_error", seen=Seen(collapse(error[0]), "message"))
    return Unreadable(why="layout_changed")


def _unescape(literal: str) -> str:
    r"""A JavaScript string as its reader sees it: DWR writes accents as `\u00e9`."""
    return re.sub(r"\\(?:u([0-9a-fA-F]{4})|(.))", lambda m: chr(int(m[1], 16)) if m[1] else m[2], literal)
