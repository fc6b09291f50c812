"""ESII Orion (Ille-et-Vilaine): a single-page application over a JSON answer, `availableSlotByDay`.

Only the key `daySlots` and its emptiness are known (a public bot of 2025-01); an empty list is an answer by data. The
bot asked for six days and the first hundred slots (`numberOfDay`, `indexPagination`, `slotsPerPage`): what is read is
one answer, as the page's own script got it; no other page of it is asked for. The words of the page's own message box
are not known, so a box counts only when its words speak of availability.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from monitor.core.prefecture import Context, Open, Page, Visit
from monitor.core.readings import NoSlot, Reading, Seen, SlotsOpen, Unreadable
from monitor.read.pages.charset import decode
from monitor.read.pages.html import MAX_BYTES, HtmlPage, has_class, is_shown, is_stated, may_be_seen, text_of
from monitor.read.pages.obstacles import opened
from monitor.read.pages.offers import can_be_taken, find, is_past
from monitor.read.pages.text import collapse, french_day, normalise
from monitor.values import dataclass

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_ANSWER = r"/bookings/availableSlotByDay$"
_HOUR = r"(?:[01]?\d|2[0-3])[:h][0-5]\d(?::[0-5]\d)?"
_COUNTS = frozenset(("total", "totalPages", "totalElements", "pages"))
_FOLLOWED = ("hasNext", "nextPage", "next", "hasMore")
# `daySlots` alone was attested; the others say whether the answer is whole, in the words such answers use
_KEYS = _COUNTS | {
    "daySlots",
    "success",
    "error",
    "errors",
    "indexPagination",
    "slotsPerPage",
    "numberOfDay",
    *_FOLLOWED,
}
_NO_ERROR: tuple[object, ...] = (None, False, "", [])
_SLOT_KEYS = frozenset(("hour", "available"))
_NONE = (  # the whole of the message: nothing of a day, a place, a failure
    r"(?:désolé, |malheureusement, )?(?:il n'y a |il n'existe |nous n'avons )?(?:actuellement |pour le moment )?"
    r"(?:plus |pas )?(?:aucune?s?|plus de|plus d'|pas de|de) ?"
    r"(?:créneaux?|rendez-vous|plages?(?: horaires?)?|disponibilités?|horaires?)"
    r"(?: n'est| ne sont)?(?: plus)?(?: actuellement)?(?: (?:disponibles?|libres?|possibles?))?"
    r"(?: (?:actuellement|pour (?:le moment|l'instant|ce motif|cette démarche|votre (?:demande|recherche))))?"
    r"\W*(?:(?:veuillez|merci de) .*)?"
)


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
        if page.status == 200 and page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
            return _data(decode(page), context) if len(page.body) <= MAX_BYTES else Unreadable(why="too_big")
        doc = opened(page, lambda doc: any(has_class(box, "rdv-calendar") for box in doc.all()))
        return _rendered(doc, context) if isinstance(doc, HtmlPage) else doc


def _data(text: str, context: Context) -> Reading:
    """The answer by its one attested shape, `daySlots` of days of slots. Any other shape is not guessed at."""
    try:
        answer = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        answer = None
    excerpt = Seen(_excerpt(text), "$.daySlots")
    told = isinstance(answer, dict) and "daySlots" in answer
    changed = Unreadable(why="layout_changed", seen=excerpt if told else None)
    if not isinstance(answer, dict) or not answer.keys() <= _KEYS or not isinstance(answer.get("daySlots"), list):
        return changed
    if answer.get("success", True) is not True or any(
        answer.get(name) not in _NO_ERROR for name in ("error", "errors")
    ):
        return changed
    if not all(_is_count(answer.get(name, 0)) for name in _COUNTS | {"indexPagination", "slotsPerPage", "numberOfDay"}):
        return changed
    days = [_day(entry) for entry in answer["daySlots"]]
    if None in days:
        return changed
    offered = [day for day, free in filter(None, days) if free and not is_past(day, context)]
    if offered:
        return SlotsOpen(seen=excerpt, first_day=min(offered))
    if days:
        return changed  # days that hold no slot, or none that can be taken: never attested, so no answer
    if pages := _pages(answer):
        return Unreadable(why="too_many", step=pages, seen=excerpt)
    words = re.search(r'"daySlots"\s*:\s*\[\s*\]', text)
    return NoSlot(seen=Seen(collapse(words[0] if words else "[]"), "$.daySlots"), by_data=True)


def _pages(answer: dict[str, Any]) -> str | None:
    """Which page of how many this is, where the answer says that there are others."""
    told = [answer[name] for name in _COUNTS & answer.keys()]
    page = answer.get("indexPagination", 1)
    some = any(answer.get(name) for name in ("total", "totalElements"))  # counts what this page does not hold
    if some or page > 1 or any(answer.get(name) for name in _FOLLOWED) or max(told, default=0) > 1:
        return f"{page}/{max(told, default='?')}"
    return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are said once: of two values nobody knows which holds. Raises ValueError."""
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name is said twice")
    return dict(pairs)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _excerpt(text: str) -> str:
    return collapse(text[max(0, text.find('"daySlots"')) :][:120])


def _day(entry: Any) -> tuple[date, bool] | None:
    """A day, and whether it holds a slot that can be taken; None where it has not the attested shape."""
    if not isinstance(entry, dict) or entry.keys() != {"day", "slots"} or not isinstance(entry["slots"], list):
        return None
    try:
        day = date.fromisoformat(entry["day"])
    except (TypeError, ValueError):
        return None
    free = False
    for slot in entry["slots"]:
        if (
            not isinstance(slot, dict)
            or not slot.keys() <= _SLOT_KEYS
            or not re.fullmatch(_HOUR, str(slot.get("hour")))
        ):
            return None
        if not isinstance(slot.get("available", True), bool):
            return None
        free = free or slot.get("available", True)
    return day, free


def _is_message(box: Element) -> bool:
    return has_class(box, "user-msg") and is_shown(box)


def _rendered(doc: HtmlPage, context: Context) -> Reading:
    calendars = [box for box in doc.all() if has_class(box, "rdv-calendar") and is_stated(box)]
    slots = [pair for box in calendars for pair in _slots(box)]
    words = next((text_of(box) for box in doc.all() if has_class(box, "error") and _is_message(box)), "")
    none = bool(words) and re.fullmatch(_NONE, normalise(words)) is not None
    if none and slots:
        return Unreadable(why="contradictory", seen=Seen(words, ".user-msg.error"))
    offered = [
        (text, day)
        for slot, day in slots
        if (text := text_of(slot)) and can_be_taken(slot, words=text) and not is_past(day, context)
    ]
    if offered:
        first = min((day for _, day in offered if day), default=None)
        return SlotsOpen(seen=Seen(offered[0][0], "li.time-slot"), first_day=first)
    sites = sum(1 for box in doc.all() if has_class(box, "site-name") and may_be_seen(box))
    if none and len(calendars) == 1 and sites < 2 and doc.is_whole and (answer := find(doc.root, (words,))):
        beside = answer.beside("", "(?!)", context)
        return Unreadable(why="contradictory", seen=beside) if beside else NoSlot(seen=Seen(words, ".user-msg.error"))
    return Unreadable(why="layout_changed")


def _slots(calendar: Element) -> Iterator[tuple[Element, date | None]]:
    """The slots a visitor may see, each with the day of the heading it stands under."""
    day = None
    for box in calendar.iter():
        if has_class(box, "header-date"):
            day = french_day(text_of(box))
        elif box.tag == "li" and has_class(box, "time-slot") and may_be_seen(box):
            yield box, day
