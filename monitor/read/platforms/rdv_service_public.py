"""RDV Service Public (rdv.anct.gouv.fr and its sisters): open source, no captcha, slots shown without logging in.

Views: app/views/search of betagouv/rdv-service-public; the no-slot sentence and the grid were read there, never on a
saved page, so the exact sentence stated in the main part of a page is enough and its card is not required. A place is
a card since 2024-12-17 (change 4894; again 2025-09-04, 5619): its link holds a name and an address, and the next day
stands beside it. Public addresses: `/prendre_rdv?...`, `/org/ID` (a list of motifs), `/motif/ID/slug`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from monitor.core.prefecture import Context, Open, Page, Visit
from monitor.core.readings import Closed, NoSlot, Reading, Seen, SlotsOpen, Unavailable, Unreadable
from monitor.read.pages.html import (
    HtmlPage,
    HtmlParagraph,
    TooBig,
    has_class,
    is_shown,
    is_stated,
    parse,
    spoken,
    statements_of,
    text_of,
)
from monitor.read.pages.obstacles import opened
from monitor.read.pages.offers import Answer, can_be_taken, find, is_full, is_named, is_past, leads, other_control
from monitor.read.pages.sight import OFF
from monitor.read.pages.text import french_day, matches, normalise
from monitor.values import dataclass

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
_PLACE, _COLLECTIVE = r"[?&]lieu_id=", r"/users/rdvs/\d+/participations\b"
_SLOT = r"/(?:rdv_wizard_step|rdvs?)\b|[?&]starts_at="
_PRODUCT = r"/(?:prendre_rdv|org|motif|users/rdv\w*)(?:[/?#]|$)|[?&](?:lieu_id|motif_id|motif_name_with_location_type)="
_MOTIFS = r"^sélectionnez (?:le|la|un|une|votre) (?:motif|service|catégorie|type)\b"
_MOTIF_LINK = r"[?&](?:motif_name_with_location_type|motif_id|service_id|motif_category_short_name)=|^/motif/\d+"
_ROOM = r"\b[1-9]\d* places?\b|\bs'inscrire\b"
_Offer = tuple[Seen | None, date | None]
_CARD: Final = 20  # paragraphs of a card; one that says more is none
_NO_ORGANISATION = "Organisation non trouvée"
_ELSEWHERE = "La prise de rendez-vous n'est pas disponible pour ce département."
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
        """The search page; where it is an organisation's list of motifs, then the desk's own motif, and no further."""
        page = yield (Open(self.url),)
        reading = self.read(page, context)
        link = self._motif_in(page, context) if isinstance(reading, Unreadable) and reading.step == "motif" else None
        if link is None:
            return reading
        return self.read((yield (Open(link.get("href") or "", text_of(link)),)), context)

    def _motif_in(self, page: Page, context: Context) -> Element | None:
        """The one link of a list of motifs whose words are the desk's; None where none or several are."""
        doc = opened(page, _is_ours)
        patterns = [one for one in (self.motif and re.escape(self.motif), context.label) if one]
        if not isinstance(doc, HtmlPage) or not patterns:
            return None
        links = [one for one in doc.all("a") if re.search(_MOTIF_LINK, one.get("href") or "") and can_be_taken(one)]
        found = [one for one in links if all(matches(pattern, text_of(one)) for pattern in patterns)]
        return found[0] if len(found) == 1 else None

    def read(self, page: Page, context: Context) -> Reading:
        """A place with its next day, slots of a grid, a workshop, the sentence that none was found, a closed grid."""
        if (down := _maintenance(page)) is not None:
            return down
        doc = opened(page, _is_ours)
        if not isinstance(doc, HtmlPage):
            return doc
        scope = doc.main if doc.main is not None else doc.root
        slots, none = _slots(scope, context), find(scope, NO_SLOT)
        if slots and none:
            return Unreadable(why="contradictory", seen=Seen(none.said.words, "body"))
        if slots:
            before = _before(scope, slots[0])
            return slots[1] if self._is_named(before, context) else Unreadable(why="layout_changed")
        if none:
            return self._none(none, doc, page.url, context)
        beyond = _beyond_horizon(doc, scope, page.url)
        if beyond and not self._is_named(_before(scope, _grids(doc)[0]), context):
            return Unreadable(why="layout_changed")
        return _closed(doc) or beyond or _motifs(scope) or Unreadable(why="layout_changed")

    def _none(self, none: Answer, doc: HtmlPage, url: str, context: Context) -> Reading:
        if beside := none.beside(url, _PRODUCT, context):
            return Unreadable(why="contradictory", seen=beside)
        if not doc.is_whole or not self._is_named(none.paragraphs[: none.at], context):
            return Unreadable(why="layout_changed")
        return NoSlot(seen=Seen(none.said.words, "body"))

    def _is_named(self, over: Sequence[HtmlParagraph], context: Context) -> bool:
        """Whether the desk's motif and label, where known, stand over the answer: a word beside it is no label."""
        patterns = (self.motif and re.escape(self.motif), context.label)
        return all(is_named(over, pattern) for pattern in patterns if pattern)


def _is_ours(doc: HtmlPage) -> bool:
    return bool(_grids(doc)) or any(doc.says(sentence) for sentence in NO_SLOT) or any(map(_kind, doc.all("a")))


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


def _kind(link: Element) -> str | None:
    """What a link to a slot is: one of a grid, a place with its next day, a workshop. None for any other link."""
    href = link.get("href") or ""
    if normalise(link.get("aria-label") or "").startswith(_CHOOSE) and re.search(_SLOT, href):
        return "slot" if any(map(_is_grid, link.iterancestors("div"))) else None
    if re.search(_COLLECTIVE, href):
        return "workshop"
    if re.search(_PLACE, href):
        return "place"
    # the overlay of an empty week: a link to the week of the next day
    overlay = "date=" in href and normalise(text_of(link)).startswith(_NEXT)
    return "place" if overlay and any(map(_is_grid, link.iterancestors("div"))) else None


def _slots(scope: Element, context: Context) -> tuple[Element, SlotsOpen] | None:
    """The slots that can be taken, and the element the first stands in."""
    days: list[date] = []
    first: tuple[Element, Seen] | None = None
    cards: dict[Element, _Offer] = {}
    openers = {name: button for button in scope.iter("button") if (name := _opens(button)) and can_be_taken(button)}
    for link in scope.iter("a"):
        taken = link if can_be_taken(link, words=text_of(link)) else openers.get(_dialog_of(link))
        if taken is None or (kind := _kind(link)) is None:
            continue
        seen, day = _slot(link) if kind == "slot" else _card(taken, kind, cards)
        if seen is None or is_past(day, context):
            continue
        first = first or (link, seen)
        days += [day] if day else []
    return (first[0], SlotsOpen(seen=first[1], first_day=min(days, default=None))) if first else None


def _opens(button: Element) -> str:
    """The dialog a button opens: a place with instructions is one, and the link to its slots waits in the dialog."""
    return (button.get("aria-controls") or button.get("data-target") or button.get("data-bs-target") or "").lstrip("#")


def _dialog_of(link: Element) -> str:
    outer = (one for one in link.iterancestors("dialog", "div") if one.tag == "dialog" or has_class(one, "modal"))
    dialog = next(outer, None) if leads(link) and link.get(OFF) is None else None
    return "-" if dialog is None else dialog.get("id") or "-"


def _slot(link: Element) -> tuple[Seen, date | None]:
    told = re.search(r"starts_at=(\d{4}-\d\d-\d\d)", link.get("href") or "")
    return Seen(link.get("aria-label") or "", "a[aria-label]"), _iso_day(told[1]) if told else None


def _card(link: Element, kind: str, cards: dict[Element, _Offer]) -> _Offer:
    """The words that offer, and their day. A place is a card since 2024-12, whose link holds no more than its name.

    cards: what the cards already met offer, so that each is read once.
    """
    outer = (
        one for one in link.iterancestors("li", "div", "article") if has_class(one, "card") or has_class(one, "fr-card")
    )
    card = link if _NEXT in normalise(text_of(link)) else next(outer, None)
    if card is None:
        return None, None
    if card not in cards:
        cards[card] = _offered(card, link, kind)
    return cards[card]


def _offered(card: Element, link: Element, kind: str) -> _Offer:
    blocks = (text_of(card),) if card is link else statements_of(card)[:_CARD]
    wanted, selector = (
        (rf"{_NEXT}\D{{0,40}}\d", "a[href*=lieu_id]") if kind == "place" else (_ROOM, "a[href*=participations]")
    )
    if card is link and not re.search(_PLACE, link.get("href") or ""):
        selector = "a[href*=date]"
    selector = "button[aria-controls]" if link.tag == "button" else selector
    words = next((block for block in blocks if re.search(wanted, normalise(block))), None)
    if words and any(map(is_full, (words,) if kind == "place" else blocks)):
        return None, None
    return (Seen(words, selector), french_day(words) or french_day(" ".join(blocks))) if words else (None, None)


def _before(scope: Element, link: Element) -> Sequence[HtmlParagraph]:
    """The paragraphs of `scope` that stand before the block of a link."""
    outer = {link, *link.iterancestors()}
    shown = spoken(scope)
    inside = (n for n, one in enumerate(shown) if one.node in outer - {scope} or link in one.node.iterancestors())
    return shown[: next(inside, len(shown))]


def _beyond_horizon(doc: HtmlPage, scope: Element, url: str) -> NoSlot | None:
    """Grids whose every day is past the booking horizon: data, and no opening date is told."""
    grids = _grids(doc)
    said = [one for one in (block for grid in grids for block in statements_of(grid)) if not _is_day(one)]
    if not said or any(normalise(text) != _BEYOND for text in said) or not doc.is_whole:
        return None
    if any(_NEXT in normalise(one.words) for one in spoken(scope, unsure=True)):
        return None
    if other_control(scope, url, _PRODUCT, but=set(grids)):
        return None
    return NoSlot(seen=Seen(said[0], "[id^=creneaux-lieu-]"), by_data=True, detail="beyond_booking_horizon")


def _is_day(text: str) -> bool:
    return re.search(_DAY_OR_ARROW, normalise(text)) is not None


def _motifs(scope: Element) -> Unreadable | None:
    """An organisation's page before a motif is chosen: it answers nothing yet."""
    asked = next((one for one in spoken(scope) if re.search(_MOTIFS, normalise(one.words))), None)
    links = any(re.search(_MOTIF_LINK, link.get("href") or "") and is_shown(link) for link in scope.iter("a"))
    return Unreadable(why="mid_visit", step="motif", seen=Seen(asked.words, "body")) if asked and links else None


def _grids(doc: HtmlPage) -> list[Element]:
    """The week of each place, one inside another left out."""
    return [
        box
        for box in doc.all("div")
        if _is_grid(box) and not any(map(_is_grid, box.iterancestors("div"))) and is_stated(box)
    ]


def _is_grid(box: Element) -> bool:
    return (box.get("id") or "").startswith("creneaux-lieu-")


def _closed(doc: HtmlPage) -> Closed | None:
    for sentence in (_NO_ORGANISATION, _ELSEWHERE):
        if words := doc.says(sentence):
            return Closed(seen=Seen(words, "body"))
    gone = next((block for block in doc.statements if re.search(_MOTIF_GONE, normalise(block))), None)
    return Closed(seen=Seen(gone, "body")) if gone else None


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
