"""ESII Orion (Ille-et-Vilaine): a single-page application over a JSON answer, `availableSlotByDay`.

Only the key `daySlots` and its emptiness are known (a public bot of 2025-01); an empty list is an answer by data. The
words of the page's own message box are not, so a box counts only when its words speak of availability.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from monitor.core.prefecture import Context, Open, Page, Visit
from monitor.core.readings import NoSlot, Reading, Seen, SlotsOpen, Unreadable
from monitor.read.pages.charset import decode
from monitor.read.pages.html import MAX_BYTES, Document, has_class, is_shown, text_of
from monitor.read.pages.obstacles import opened
from monitor.read.pages.text import collapse, french_day, normalise

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_ANSWER = r"/bookings/availableSlotByDay$"
_NONE = r"\b(?:aucune?|pas de|plus de|plus d')\b.{0,60}\b(?:créneaux?|rendez-vous|disponib\w+|horaires?|plages?)\b"


@dataclass(frozen=True, slots=True)
class Orion:
    """One configuration of one account. url: the public page, with its query."""

    url: str

    @property
    def name(self) -> str:
        """`orion`."""
        return "orion"

    @property
    def needs_browser(self) -> bool:
        """The page says nothing before its script ran: True."""
        return True

    def visit(self, context: Context) -> Visit:
        """The public page, opened by a browser; what is read is the answer its own script received."""
        return self.read((yield (Open(self.url, answer=_ANSWER),)), context)

    def read(self, page: Page, context: Context) -> Reading:
        """The JSON answer, or the page a browser rendered from it."""
        if 200 <= page.status < 300 and page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
            return _data(decode(page)) if len(page.body) <= MAX_BYTES else Unreadable(why="too_big")
        doc = opened(page, lambda doc: any(has_class(box, "rdv-calendar") for box in doc.all()))
        return _rendered(doc) if isinstance(doc, Document) else doc


def _data(text: str) -> Reading:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        answer = None
    days = answer.get("daySlots") if isinstance(answer, dict) else None
    if not isinstance(days, list):
        return Unreadable(why="layout_changed")
    if not days:
        words = re.search(r'"daySlots"\s*:\s*\[\s*\]', text)
        return NoSlot(seen=Seen(collapse(words[0] if words else "[]"), "$.daySlots"), by_data=True)
    offered = [day for day in days if isinstance(day, dict) and any(day[key] for key in day if "slot" in key.lower())]
    if not offered:
        return Unreadable(why="layout_changed", seen=Seen(_excerpt(text), "$.daySlots"))
    first = [day for entry in offered if (day := _day(entry))]
    return SlotsOpen(seen=Seen(_excerpt(text), "$.daySlots"), first_day=min(first, default=None))


def _excerpt(text: str) -> str:
    return collapse(text[max(0, text.find('"daySlots"')) :][:120])


def _day(entry: dict[str, Any]) -> date | None:
    for key in ("day", "date"):
        value = entry.get(key)
        if isinstance(value, str):
            try:
                return date.fromisoformat(value[:10])
            except ValueError:
                continue
    return None


def _is_message(box: Element) -> bool:
    return has_class(box, "user-msg") and is_shown(box)


def _rendered(doc: Document) -> Reading:
    slots = [slot for slot in doc.all("li") if has_class(slot, "time-slot") and is_shown(slot) and text_of(slot)]
    calendar = any(has_class(box, "rdv-calendar") and is_shown(box) for box in doc.all())
    words = next((text_of(box) for box in doc.all() if has_class(box, "error") and _is_message(box)), "")
    none = bool(words) and re.search(_NONE, normalise(words)) is not None
    if slots and none:
        return Unreadable(why="contradictory", seen=Seen(words, ".user-msg.error"))
    if slots:
        heads = (french_day(text_of(head)) for head in doc.all() if has_class(head, "header-date"))
        days = [day for day in heads if day]
        return SlotsOpen(seen=Seen(text_of(slots[0]), "li.time-slot"), first_day=min(days, default=None))
    if none and calendar:
        return NoSlot(seen=Seen(words, ".user-msg.error"))
    return Unreadable(why="layout_changed")
