"""RDV Service Public (rdv.anct.gouv.fr and its sisters): open source, no captcha, slots shown without logging in.

Views: app/views/search of betagouv/rdv-service-public; the no-slot sentence and the grid were read there, never on a
saved page, so the exact sentence in the visible text of a page is enough and its card is not required.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from monitor.core.prefecture import Context, Open, Page, Visit
from monitor.core.readings import Closed, NoSlot, Reading, Seen, SlotsOpen, Unavailable, Unreadable
from monitor.read.pages.html import Document, TooBig, is_shown, parse, statements_of, text_of
from monitor.read.pages.obstacles import opened
from monitor.read.pages.text import french_day, matches, normalise

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NO_SLOT = (
    "Malheureusement, aucun créneau correspondant à votre recherche n'a été trouvé.",
    "Malheureusement, aucun créneau correspondant à votre invitation n'a été trouvé.",
)
_BEYOND = "date fermée à la reservation"  # sic
_CHOOSE, _NEXT = "choisir le créneau d", "prochaine disponibilité le"
_DAY_OR_ARROW = (
    r"^(?:(?:lun|mar|mer|jeu|ven|sam|dim)[a-z]*\.?)?(?: ?\d{1,2}(?:er)? [a-zéû]+\.?(?: \d{4})?)?$"
    r"|^sem(?:\.|aine) (?:précédente|prochaine|suivante)$"
)
_NO_ORGANISATION = "Organisation non trouvée"
_MOTIF_GONE = r"^le motif .{1,300} n'est plus disponible à la réservation\b"


@dataclass(frozen=True, slots=True)
class RdvServicePublic:
    """One motif of one organisation. url: its public search address. motif: its label, verbatim, where known."""

    url: str
    motif: str | None = None

    @property
    def name(self) -> str:
        """`rdv_service_public`."""
        return "rdv_service_public"

    @property
    def needs_browser(self) -> bool:
        """Served whole: False."""
        return False

    def visit(self, context: Context) -> Visit:
        """One request: the search page."""
        return self.read((yield (Open(self.url),)), context)

    def read(self, page: Page, context: Context) -> Reading:
        """A place with its next day, slots of a grid, the sentence that none was found, or a grid that is closed."""
        if (down := _maintenance(page)) is not None:
            return down
        doc = opened(page, _is_ours)
        if not isinstance(doc, Document):
            return doc
        slots, none = _slots(doc), next((words for s in NO_SLOT if (words := doc.says(s))), None)
        if slots and none:
            return Unreadable(why="contradictory", seen=Seen(none, "body"))
        if slots:
            return slots
        if none:
            labelled = self._is_about(doc.words, context)
            return NoSlot(seen=Seen(none, "body")) if labelled else Unreadable(why="layout_changed")
        return _closed(doc) or _beyond_horizon(doc) or Unreadable(why="layout_changed")

    def _is_about(self, text: str, context: Context) -> bool:
        if self.motif is not None and normalise(self.motif) not in normalise(text):
            return False
        return context.label is None or matches(context.label, text)


def _is_ours(doc: Document) -> bool:
    return bool(_grids(doc)) or any(doc.says(sentence) for sentence in NO_SLOT) or bool(_slots(doc))


def _maintenance(page: Page) -> Unavailable | None:
    """`public/maintenance.html` of the product, served with 500 or 503: named before a 503 is called overload."""
    if page.status not in (500, 503):
        return None
    try:
        doc = parse(page)
    except TooBig:
        return None
    words = next((h1 for h1 in doc.h1 if normalise(h1) == "service indisponible"), None)
    return Unavailable(kind="maintenance", seen=Seen(words, "h1")) if words else None


def _slots(doc: Document) -> SlotsOpen | None:
    in_grid = {link for grid in _grids(doc) for link in grid.iter("a")}
    days: list[date] = []
    seen: Seen | None = None
    for link in doc.all("a"):
        label, href = link.get("aria-label") or "", link.get("href") or ""
        if link not in in_grid and "lieu_id=" not in href:
            continue
        if link in in_grid and normalise(label).startswith(_CHOOSE) and is_shown(link):
            seen = seen or Seen(label, "a[aria-label]")
            days += _days(re.findall(r"starts_at=(\d{4}-\d\d-\d\d)", href))
        elif _NEXT in normalise(text_of(link)) and is_shown(link):  # a place, or the overlay of an empty week
            seen = seen or Seen(text_of(link), "a[href*=lieu_id]")
            days += [day for strong in link.iter("strong") if (day := french_day(text_of(strong)))]
    return SlotsOpen(seen=seen, first_day=min(days, default=None)) if seen else None


def _beyond_horizon(doc: Document) -> NoSlot | None:
    """Grids whose every day is past the booking horizon: data, and no opening date is told."""
    words = (words for grid in _grids(doc) for words in statements_of(grid))
    said = [text for text in words if not re.search(_DAY_OR_ARROW, normalise(text))]
    if not said or any(normalise(text) != _BEYOND for text in said):
        return None
    return NoSlot(seen=Seen(said[0], "[id^=creneaux-lieu-]"), by_data=True, detail="beyond_booking_horizon")


def _grids(doc: Document) -> list[Element]:
    """The week of each place, one inside another left out."""
    return [
        box
        for box in doc.all("div")
        if _is_grid(box) and not any(map(_is_grid, box.iterancestors("div"))) and is_shown(box)
    ]


def _is_grid(box: Element) -> bool:
    return (box.get("id") or "").startswith("creneaux-lieu-")


def _closed(doc: Document) -> Closed | None:
    if words := doc.says(_NO_ORGANISATION):
        return Closed(seen=Seen(words, "body"))
    gone = next((block for block in doc.statements if re.search(_MOTIF_GONE, normalise(block))), None)
    return Closed(seen=Seen(gone, "body")) if gone else None


def _days(texts: list[str]) -> list[date]:
    days = []
    for text in texts:
        try:
            days.append(date.fromisoformat(text))
        except ValueError:
            continue
    return days
