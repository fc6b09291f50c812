"""RDV-Préfecture (www.rdv-prefecture.interieur.gouv.fr): the national product, whose calendar stands behind a captcha.

Unattended, the walk is the start page, then once the conditions page its link leads to, where the captcha is read and
the walk ends. The calendar page (`/creneau/`) is read when one is given (a capture made by a person).

Texts: PLATFORMS section 1. The sentences of one week (« … sur cette semaine », « … à partir de cette date ») and of one
day are in the site's own component (rdv-choix-tranche, seen in public code 2025) and are no statement about the desk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.core.prefecture import Context, Open, Page, Visit
from monitor.core.readings import NoSlot, NotYetOpen, Obstructed, Reading, Seen, SlotsOpen, Unreadable
from monitor.read.pages.captcha import captcha_in
from monitor.read.pages.html import HtmlPage, HtmlParagraph, has_class, is_shown, is_stated, text_of
from monitor.read.pages.obstacles import opened
from monitor.read.pages.offers import Answer, can_be_taken, find, is_past
from monitor.read.pages.text import collapse, french_day, local_instant, matches, normalise, quote, without_comments
from monitor.values import dataclass, pattern

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

HOST = "www.rdv-prefecture.interieur.gouv.fr"
NO_SLOT = "Aucun créneau disponible"
_START, _CONDITIONS, _CALENDAR = "accueil", "constituez votre dossier", "choisissez votre créneau"
_ADDRESS = r"/reservation/demarche/(\d{1,9})(?:/([^?#]*))?(?=[?#]|$)"
_TAKE = "prendre un rendez-vous"
_FIRST_FREE = r'"datePremiereDispo"\s*:\s*"(\d\d/\d\d/\d{4}|)"'
_NEXT_DAY = "prochaine disponibilité le "
_CODE, _WRONG_CODE = "code de sécurité", "Le code de sécurité saisi est incorrect"
_PRODUCT = r"/rdvpref/reservation/"
_FURNITURE = pattern(  # lines of the calendar's own component that offer nothing, normalised
    r"^(?:dernière|prochaine) mise en ligne\b|^pour des créneaux de la semaine du\b"
    r"|^(?:étape \d+ sur \d+ )?choisissez votre créneau(?: étape \d+ sur \d+)?$"
    r"|^le \d\d/\d\d/\d{4} à \d\d[:h]\d\d pour des créneaux\b"
)
_PUBLICATION = (
    r"\bWHICH mise en ligne\b(?:(?!mise en ligne).){0,60}?\ble (\d\d/\d\d/\d{4}) à (\d\d[:h]\d\d)"
    r"(?: pour des créneaux de la semaine du (\d\d/\d\d/\d{4}))?"
)


@dataclass(frozen=True, slots=True)
class RdvPrefecture:
    """One démarche. demarche: the number in its address; 0 where a page is read whose address does not tell it."""

    demarche: int

    @property
    def name(self) -> str:
        """`rdv_prefecture`."""
        return "rdv_prefecture"

    @property
    def url(self) -> str:
        """The démarche's start page."""
        return f"https://{HOST}/rdvpref/reservation/demarche/{self.demarche}/"

    @property
    def needs_browser(self) -> bool:
        """The start and conditions pages are served whole: False."""
        return False

    def visit(self, context: Context) -> Visit:
        """The start page, then once its link to the conditions. Two requests at most; never past a captcha."""
        page = yield (Open(self.url),)
        reading = self.read(page, context)
        if not _is_middle(reading):
            return reading
        doc = opened(page, _is_ours)
        link = _take_link(doc) if isinstance(doc, HtmlPage) else None
        if link is None:
            return reading
        page = yield (Open(link.get("href") or "", text_of(link)),)
        reading = self.read(page, context)
        return Unreadable(why="layout_changed", step="cgu") if _is_middle(reading) else reading

    def read(self, page: Page, context: Context) -> Reading:
        """What the start, conditions or calendar page says; any other page of the product is `layout_changed`."""
        doc = opened(page, _is_ours)
        if not isinstance(doc, HtmlPage):
            return doc
        number, rest = _address(page.url)
        if self.demarche and number not in (None, self.demarche):
            return Unreadable(why="layout_changed", seen=Seen(page.url, "url"))
        title = normalise(doc.title)
        at_calendar = rest is not None and (rest.startswith("creneau") or "_choisirBloc" in rest)
        slots = _slots(doc, context) if at_calendar or _CALENDAR in title else None
        if slots is None and (asked := _captcha(page, doc)):
            return asked
        if slots or (_CALENDAR in title and (at_calendar or rest is None)):
            return _calendar(page.url, doc, slots, context)
        if _START in title and not rest:
            return _start(doc, context)
        return Unreadable(why="layout_changed", step="cgu" if _CONDITIONS in title else None)


def number_in(url: str) -> int | None:
    """The démarche's number an address tells, whatever its host."""
    return _address(url)[0]


def _address(url: str) -> tuple[int | None, str | None]:
    """Number and what follows it (`cgu/`, `creneau/`, empty for the start page)."""
    found = re.search(_ADDRESS, url)
    return (int(found[1]), found[2] or "") if found else (None, None)


def _is_ours(doc: HtmlPage) -> bool:
    title = normalise(doc.title)
    return _CONDITIONS in title or _CALENDAR in title or _take_link(doc) is not None


def _is_middle(reading: Reading) -> bool:
    return isinstance(reading, Unreadable) and reading.why == "mid_visit"


def _start(doc: HtmlPage, context: Context) -> Unreadable:
    """The start page answers nothing about slots. Its label without its link is `layout_changed` at step `accueil`:
    that the desk is gone is a judgement over several observations, not a reading of one page."""
    label = next((words for words in doc.h1 if context.label is None or matches(context.label, words)), None)
    seen = Seen(label, "h1") if label else None
    whole = seen is not None and _take_link(doc) is not None
    return Unreadable(why="mid_visit" if whole else "layout_changed", step="accueil", seen=seen)


def _take_link(doc: HtmlPage) -> Element | None:
    for link in doc.all("a"):
        if "cgu" in (link.get("href") or "") and _TAKE in normalise(text_of(link)) and is_shown(link):
            return link
    return None


def _captcha(page: Page, doc: HtmlPage) -> Obstructed | None:
    asked = captcha_in(doc.root)
    if asked is None and (_CONDITIONS in normalise(doc.title)) and (words := quote(doc.words, _CODE)):
        asked = Obstructed(obstacle="captcha", seen=Seen(words, "body"))
    if asked is None:
        return None
    text = normalise(doc.words)
    detail = None if asked.detail == "captchetat" else asked.detail
    if "error=errorSessionInvalide" in page.url or re.search(r"\bsession (?:a expiré|expirée|invalide)\b", text):
        detail = "session_expired"
    elif "error=invalidCaptcha" in page.url or normalise(_WRONG_CODE) in text:
        detail = "invalid"
    return Obstructed(obstacle="captcha", seen=asked.seen, detail=detail)


def _slots(doc: HtmlPage, context: Context) -> SlotsOpen | None:
    """The radio buttons of the calendar that can be ticked, or the first free day the page's own data give."""
    data, first = _first_free_day(doc, context)
    labels = {label.get("for"): label for label in doc.all("label")}
    radios = [one for one in _of_days_to_come(doc, context) if (one.get("id") or "").startswith("trhId_")]
    for radio in radios:
        name = radio.get("id") or ""
        label = labels.get(name)
        words = (text_of(label) if label is not None else "") or name
        ticks = (radio.get("type") or "").lower() == "radio" and (label is None or can_be_taken(label))
        if ticks and can_be_taken(radio, words=words):
            return SlotsOpen(seen=Seen(words, "input[id^=trhId_]"), first_day=first)
    drawn = any((one.get("id") or "").startswith("trhId_") for one in doc.all("input"))
    for button in doc.all("button"):
        words = collapse("".join(map(str, button.itertext())))
        if normalise(words).startswith(_NEXT_DAY):
            drawn, day = True, french_day(words)
            if day and can_be_taken(button) and not is_past(day, context):
                return SlotsOpen(seen=Seen(words, "button"), first_day=day)
    # data say a day before the browser drew it; where it was drawn and cannot be taken, they are not believed
    return SlotsOpen(seen=data, first_day=first) if data and not drawn else None


def _of_days_to_come(doc: HtmlPage, context: Context) -> Iterator[Element]:
    """The fields of the page but those under the heading of a day that is over."""
    day = None
    for one in doc.all("h1", "h2", "h3", "h4", "h5", "h6", "legend", "input"):
        if one.tag != "input":
            day = french_day(text_of(one)) or day
        elif not is_past(day, context):
            yield one


def _first_free_day(doc: HtmlPage, context: Context) -> tuple[Seen | None, date | None]:
    """The day of the page's data: one, and not over. What a script comments out is no data."""
    told: dict[str, Seen] = {}
    for script in doc.all("script"):
        if "datePremiereDispo" in (script.text or "") and _runs(script):
            code = without_comments(script.text or "")
            told |= {m[1]: Seen(collapse(m[0]), "script") for m in re.finditer(_FIRST_FREE, code)}
    day = french_day(next(iter(told))) if len(told) == 1 else None
    return (next(iter(told.values())), day) if day and not is_past(day, context) else (None, None)


def _runs(script: Element) -> bool:
    """Whether it is code or data of the page; another type, or a template, is text for later."""
    kind = (script.get("type") or "module").lower()
    return (
        re.search(r"javascript|json|module", kind) is not None and next(script.iterancestors("template"), None) is None
    )


def _calendar(url: str, doc: HtmlPage, slots: SlotsOpen | None, context: Context) -> Reading:
    answer = _no_slot(doc)
    if answer is None:
        return slots or Unreadable(why="layout_changed", step="creneau")
    block = next((one for one in answer.node.iterancestors() if has_class(one, "q-pa-md")), answer.node)
    none = Seen(answer.said.words, f"{block.tag}.q-pa-md" if has_class(block, "q-pa-md") else str(block.tag))
    if slots:
        return Unreadable(why="contradictory", step="creneau", seen=none)
    if beside := answer.beside(url, _PRODUCT, context):
        return Unreadable(why="contradictory", step="creneau", seen=beside)
    if not doc.is_whole or any(_is_part_s(one) for one in answer.paragraphs):
        return Unreadable(why="layout_changed", step="creneau")
    text = doc.words
    coming = _publication("prochaine", text, context.zone)
    if coming and (context.at is None or coming.at > context.at):
        return NotYetOpen(seen=Seen(coming.words, "body"), opens_at=coming.at)
    last = _publication("dernière", text, context.zone)
    return NoSlot(seen=none, last_published=last.at if last else None, next_week=last.week if last else None)


def _no_slot(doc: HtmlPage) -> Answer | None:
    """The sentence as a heading, or in the component's own block; one week's or one day's sentence is not it."""
    scope = doc.main if doc.main is not None else doc.by_id("page")
    return find(doc.root if scope is None else scope, (NO_SLOT,), _is_place, furniture=_FURNITURE)


def _is_part_s(one: HtmlParagraph) -> bool:
    """Whether a paragraph says the sentence of a day: then the calendar is shown, and the other may be a week's."""
    return normalise(one.words).startswith(normalise(NO_SLOT)) and not _is_place(one.node)


def _is_place(node: Element) -> bool:
    if any(has_class(outer, "q-pa-md") for outer in (node, *node.iterancestors())):
        return is_stated(node, within_article=True)
    return node.tag in ("h1", "h2", "h3", "h4") and is_stated(node)


@dataclass(frozen=True, slots=True)
class _Publication:
    words: str
    at: datetime
    week: date | None


def _publication(which: str, text: str, zone: ZoneInfo) -> _Publication | None:
    """« Dernière » or « Prochaine mise en ligne … : le 04/05/2026 à 11:58 pour des créneaux de la semaine du … »."""
    found = re.search(_PUBLICATION.replace("WHICH", which), normalise(text))
    at = local_instant(found[1], found[2], zone) if found else None
    if found is None or at is None:
        return None
    return _Publication(quote(text, found[0]) or found[0], at, french_day(found[3] or ""))
