"""One page of the State websites' booking module (eZ Publish "ezbooking"): what it holds, what can be pressed there.

Texts, ids and cell classes: PLATFORMS section 2. The no-slot page was checked against a real one saved in 2022-09; it
shows `etape_1G.png` and no active icon, so icons alone decide nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.core.prefecture import Choose, Context, Move, Page, Press, Tick
from monitor.core.readings import Reading, Seen, SlotsOpen
from monitor.read.pages.captcha import captcha_in
from monitor.read.pages.forms import button_words, form_of, sends
from monitor.read.pages.html import HtmlPage, has_class, is_shown, may_be_seen, spoken, text_of
from monitor.read.pages.obstacles import opened
from monitor.read.pages.offers import Answer, can_be_taken, find, is_past
from monitor.read.pages.text import collapse, french_day, matches, normalise, quote
from monitor.values import dataclass, pattern

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NO_SLOT = "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous."
NO_SLOT_WHOLE = f"{NO_SLOT} Veuillez recommencer ultérieurement."
NO_CALENDAR = "Il n'y a pas calendrier disponible pour effectuer une demande de rendez-vous"  # sic
MANY = 500  # a week holds fewer cells; a page that holds more is not walked cell by cell
_PRODUCT = r"/booking/create/"
_AJAX = "::planning::assign::"  # the week's table alone, as the page's own script fetches it again
_ADDRESS = r"/booking/create/(\d{1,9})(?:/(\d{1,2})(?![^/?#]))?(?=[/?#]|$)"
_CHECKED = "vérification de disponibilité"
_FURNITURE = pattern(f"^{_CHECKED}$")
_ONWARD = ("etape suivante", "étape suivante")
_FIRST_FREE = "première plage horaire libre"


def address(url: str) -> tuple[int | None, int | None]:
    """Booking id and step number an address tells, whatever its host and prefix (`index.php`, the print view)."""
    found = re.search(_ADDRESS, url)
    if found is None:
        return None, None
    return int(found[1]), int(found[2]) if found[2] else None


@dataclass(frozen=True, slots=True)
class Calendar:
    """One calendar offered at step 1. label: its words. move: choosing it and pressing the button."""

    label: str
    move: Move


def open_page(page: Page) -> EzPage | Reading:
    """The page parsed once, or the reading of what stands in its place."""
    doc = opened(page, lambda doc: _AJAX in page.url or _is_ours(doc))
    return EzPage(doc, page.url) if isinstance(doc, HtmlPage) else doc


class EzPage:
    """A page of the module. booking, step: what its address tells, None where it does not."""

    def __init__(self, doc: HtmlPage, url: str) -> None:
        self.doc = doc
        self.url = url
        self.booking, self.step = address(url)
        self.container = doc.by_id("global_Booking")

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The bookings this page and its forms are of: one, where the page is one module's."""
        told = (address(form.get("action") or "")[0] for form in self.doc.all("form") if may_be_seen(form))
        return frozenset(number for number in (self.booking, *told) if number is not None)

    @property
    def is_one(self) -> bool:
        """Whether a visitor sees one module at most."""
        return all(
            len(list(islice(filter(may_be_seen, self.doc.named(name)), 2))) < 2
            for name in ("global_Booking", "inner_Booking", "FormBookingCreate", "planning_Booking")
        )

    @cached_property
    def captcha(self) -> Reading | None:
        """A captcha inside the module's container, where no free cell is shown yet."""
        if self.container is None or next(self._marked_free(), None) is not None:
            return None
        return captcha_in(self.container)

    @cached_property
    def no_slot(self) -> Seen | None:
        """The no-slot sentence inside the module's own form; anywhere else it is a mention."""
        return Seen(self._answer.said.words, "#FormBookingCreate") if self._answer else None

    def beside(self, context: Context) -> Seen | None:
        """What the page offers or speaks of besides the sentence: then it is not said of the whole desk."""
        if self._answer is None:
            return self._no_calendar.beside(self.url, _PRODUCT, context) if self._no_calendar else None
        form = next(outer for outer in (self._answer.node, *self._answer.node.iterancestors()) if _is_form(outer))
        first = spoken(form, unsure=True)[0]
        lead = None if first.words == self._answer.paragraphs[self._answer.at].words else first
        if lead and not (context.label and matches(context.label, lead.words)):
            return Seen(lead.words, "#FormBookingCreate")
        return self._answer.beside(self.url, _PRODUCT, context)

    @cached_property
    def _answer(self) -> Answer | None:
        if self.container is None:
            return None
        return find(
            self.container,
            (NO_SLOT_WHOLE, NO_SLOT),
            lambda node: any(_is_form(outer) for outer in (node, *node.iterancestors())),
            furniture=_FURNITURE,
        )

    @cached_property
    def no_calendar(self) -> Seen | None:
        """The sentence that no calendar exists, in the module's error list."""
        return Seen(self._no_calendar.said.words, "ul.error") if self._no_calendar else None

    @cached_property
    def _no_calendar(self) -> Answer | None:
        if self.container is None:
            return None
        return find(self.container, (NO_CALENDAR,), lambda node: any(map(_is_error_list, node.iterancestors("ul"))))

    @cached_property
    def conditions(self) -> Move | None:
        """The move that accepts the conditions of step 0."""
        box = self.doc.by_id("condition")
        if box is None or box.get("name") != "condition" or not is_shown(box):
            return None
        for form, button in self._next_buttons:
            if form in box.iterancestors("form"):
                return Tick("condition", self._label_of(box)), _press(form, button)
        return None

    @cached_property
    def calendars(self) -> tuple[Calendar, ...]:
        """The calendars to choose from at step 1."""
        found = []
        for form, button in self._next_buttons:
            for radio in form.iter("input"):
                if (
                    (radio.get("type") or "").lower() == "radio"
                    and radio.get("name") == "planning"
                    and can_be_taken(radio)
                ):
                    label = self._label_of(radio)
                    choice = Choose("planning", radio.get("value", "on"), label)
                    found.append(Calendar(label, (choice, _press(form, button))))
        return tuple(found)

    @property
    def onward(self) -> Move | None:
        """The move from step 3 to the calendar of step 4. None elsewhere: at step 4 nothing is ever pressed."""
        for form, button in self._next_buttons if self.step == 3 else ():
            if normalise(button_words(button)) in _ONWARD:
                return (_press(form, button),)
        return None

    @property
    def checks_availability(self) -> bool:
        """Whether this is the page of step 2, by its heading; without any, by its address or its last button."""
        inner = self.doc.by_id("inner_Booking")
        scope = self.container if inner is None else inner
        titles = [normalise(text_of(h2)) for h2 in self.doc.shown("h2", within=scope)]
        if titles:
            return _CHECKED in titles
        return self.step in (1, 2) or any(field.get("name") == "finishButton" for field in self._within("input"))

    @property
    def passed(self) -> SlotsOpen | None:
        """Steps 3 and 4 exist only when there are slots: address, active icon and button must agree."""
        icons = [icon for icon in self._within("img") if re.search(r"etape_[34]r\.\w+", icon.get("src") or "")]
        if self.step in (3, 4) and any(map(is_shown, icons)) and next(self._marked_free(), None) is None:
            for _form, button in self._next_buttons:
                if normalise(button_words(button)) in (*_ONWARD, _FIRST_FREE) and can_be_taken(button):
                    return SlotsOpen(seen=Seen(button_words(button), "[name=nextButton]"), weak=True)
        return None

    def free(self, context: Context, booking: int) -> SlotsOpen | None:
        """The free cells of the calendar that can be taken: a link of this module, to a day that is not over.

        booking: the module's number, 0 where it is not known. The legend's words never count.
        """
        ours = booking or self.booking
        offered = []
        for cell in islice(self._marked_free(), MANY):
            link = next((one for one in cell.iter("a") if can_be_taken(one, words=text_of(cell))), None)
            number = None if link is None else address(link.get("href") or "")[0]
            day = _day_of(cell, context.zone)
            if link is not None and number is not None and number == (ours or number) and not is_past(day, context):
                offered.append((cell, link, day))
        if not offered:
            return None
        cell, link, _ = offered[0]
        words = text_of(cell) or link.get("title") or link.get("href") or "a"
        days = [day for _cell, _link, day in offered if day]
        return SlotsOpen(seen=Seen(words, "#planning_Booking td.free a"), first_day=min(days, default=None))

    def mentions(self, words: str) -> Seen | None:
        """These words anywhere in the visible text."""
        found = quote(text_of(self.doc.root), words)
        return Seen(found, "body") if found else None

    @cached_property
    def _next_buttons(self) -> tuple[tuple[Element, Element], ...]:
        """Each form of the container with its first button that leads on."""
        first: dict[Element, Element] = {}
        for control in self._within("input", "button"):
            if control.get("name") == "nextButton" and sends(control) and is_shown(control):
                form = form_of(self.doc, control)
                if form is not None:
                    first.setdefault(form, control)
        return tuple(first.items())

    @cached_property
    def _labels(self) -> dict[str, Element]:
        return {label.get("for") or "": label for label in self.doc.all("label")}

    def _within(self, *tags: str) -> Iterator[Element]:
        return iter(()) if self.container is None else self.container.iter(*tags)

    def _marked_free(self) -> Iterator[Element]:
        """The cells of the calendar that are marked free and a visitor may see, whether or not they can be taken."""
        planning = self.doc.root if _AJAX in self.url else self.doc.by_id("planning_Booking")
        for cell in () if planning is None else planning.iter("td"):
            if has_class(cell, "free") and not has_class(cell, "complete") and may_be_seen(cell):
                legend = any(node.get("id") == "caption_Booking" for node in cell.iterancestors())
                if not legend and any(map(may_be_seen, cell.iter("a"))):
                    yield cell

    def _label_of(self, field: Element) -> str:
        label = self._labels.get(field.get("id") or "-")
        if label is None:
            label = next(field.iterancestors("label"), None)
        return text_of(label) if label is not None else collapse(field.tail or "")


def _is_ours(doc: HtmlPage) -> bool:
    return any(doc.by_id(name) is not None for name in ("global_Booking", "FormBookingCreate", "planning_Booking"))


def _is_form(node: Element) -> bool:
    return node.tag == "form" and node.get("id") == "FormBookingCreate"


def _is_error_list(node: Element) -> bool:
    return has_class(node, "error")


def _press(form: Element, button: Element) -> Press:
    return Press(form.get("id") or form.get("name") or "", button.get("name") or "", button_words(button))


def _day_of(cell: Element, zone: ZoneInfo) -> date | None:
    """The time-stamp of the cell's link; else its column under the week's title, when the row holds seven days."""
    for link in cell.iter("a"):
        if stamp := re.search(r"/(\d{9,10})(?=[/?#]|$)", link.get("href") or ""):
            return datetime.fromtimestamp(int(stamp[1]), zone).date()
    row, table = cell.getparent(), next(cell.iterancestors("table"), None)
    if row is None or table is None:
        return None
    days = [other for other in islice(row.iter("td"), 9) if not has_class(other, "time")]
    titles = islice(table.iter("th"), 9)  # a week has one, and a row seven cells beside its hour
    week = next((monday for title in titles if (monday := french_day(text_of(title)))), None)
    return week + timedelta(days=days.index(cell)) if week and len(days) == 7 and cell in days else None
