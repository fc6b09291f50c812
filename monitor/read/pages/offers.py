"""What on a page can be taken, and what else it offers beside the sentence that there is nothing.

A no-slot sentence speaks of the whole desk only where nothing beside it offers another choice: a place, a motif, a day,
another module. What is looked at is the platform's own place for the answer, and there all a visitor may see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from monitor.core.prefecture import Context
from monitor.core.readings import Seen
from monitor.read.pages.html import HtmlParagraph, is_shown, is_stated, may_be_seen, spoken, text_of
from monitor.read.pages.sight import AWAY, OFF, SPEECH
from monitor.read.pages.text import MONTH, Said, collapse, french_day, matches, normalise, said
from monitor.values import dataclass, pattern

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_AWAY = pattern(  # what leads away or back, not to another choice
    r"(?:aller|retour(?:ner)?|revenir|accueil|page d'accueil|précédente?|étape précédente|annuler|quitter|fermer"
    r"|modifier|terminer|aide|contact(?:s|er|ez)?|imprimer|actualiser|rafraîchir|recharger|réessayer|recommencer|connexion|menu"
    r"|se (?:dé)?connecter|déconnexion|gérer|mes rendez-vous|mentions|plan du site|accessibilité|cookies?|accepter"
    r"|refuser|tout (?:accepter|refuser)|personnaliser|paramétrer|haut de page|en savoir plus|consulter|signaler"
    r"|partager|donner mon avis|je donne mon avis|nouvelle recherche|changer de langue)\b"
)
# words that offer something, where nothing in their paragraph denies it
_OFFERED = pattern(
    r"\bchoisi(?:r|s|ssez)\b|\bsélectionne[rz]\b|\bcliquez\b|\bprochaine?s? (?:disponibilités?|créneaux?|rendez-vous)\b"
    r"|\b(?:créneaux?|plages?|places?|dates?|rendez-vous|horaires?)\b[^.]{0,30}\b(?:disponibles?|libres?|ouverte?s?"
    r"|proposée?s?|offerte?s?|restante?s?)\b|\bdisponibles? (?:le|à partir|dès|du|au|sur|à)\b"
    r"|\b\d{1,3} (?:créneaux?|places?|plages?)\b|[:–-] (?:libres?|disponibles?|ouverte?s?)\b"
    r"|\b(?:créneaux?|places?|rendez-vous)\b[^.]{0,30}\b(?:restent|reste à|à prendre|à réserver)\b"
)
# words that say of what part alone a sentence speaks
_PART = pattern(r"\b(?:cette (?:semaine|journée|date|période)|ce (?:jour|mois|site|lieu|guichet)|semaine \d{1,2})\b")
_PLACE = pattern(r"\b(?:site|lieu|guichet|motif|calendrier|module|semaine|jour|date)s?\b")
_DENIED = pattern(r"\b(?:aucune?|pas|plus|ni|sans|complète?s?)\b")
_DAY = pattern(
    rf"\b(?:lun|mar|mer|jeu|ven|sam|dim)[a-z]*\.? \d{{1,2}}\b|\b\d{{1,2}}/\d{{1,2}}/\d{{4}}\b"
    rf"|\b\d{{1,2}}(?:er)? {MONTH}(?: \d{{4}})?|\b20\d\d-\d\d-\d\d\b"
    r"|(?<![\d./])\d{2}[./]\d{2}[./](?:20)?\d{2}(?![./]?\d)"
    r"|^\d{1,2}[:h]\d{2}(?:[ ,;|]+\d{1,2}[:h]\d{2})*$|\b\d{1,2}[:h]\d{2}[ ,;|]+\d{1,2}[:h]\d{2}\b"
)
_NAMED = pattern(
    r"^(?:autre |choix du |nom du )?(site|lieu|guichet|motif|calendrier|module|démarche)s?\b.{0,80}(?<!\.)$"
)
_NAMING: Final = {"details": "summary", "fieldset": "legend", "dl": "dt", "table": "th"}  # what names a part of each
_MENTIONED: Final = 200  # characters of a control or a label that are compared
_FULL = pattern(
    r"\b(?:complet|complète|indisponible|fermée?|réservée?|occupée?|épuisée?|prise?)\b"
    r"|(?<!\d)(?:0|aucune?|plus de) (?:place|créneau|rendez-vous)"
)
_PRESSED = frozenset(("submit", "button", "image"))
_CONTROLS = ("a", "area", "button", "input", "select", "iframe")
_ROLES = frozenset(("button", "tab", "radio", "checkbox", "option", "combobox", "menuitem", "menuitemradio", "switch"))
_PICKED = frozenset(("radio", "checkbox", "submit", "button", "image", "date", "datetime-local", "month", "search",
                     "time", "week"))  # fmt: skip


def can_be_taken(control: Element, *, words: str = "") -> bool:
    """Whether a visitor can take it: seen, the page's own, not switched off, a link that leads somewhere on this site.

    words: what it says, where that may be that it is full.
    """
    told = " ".join(filter(None, (words, control.get("title"), control.get("aria-label"))))
    if control.get(OFF) is not None or not is_stated(control, within_article=True) or is_full(told):
        return False
    if control.get(AWAY) is not None:
        return False
    return control.tag != "a" or leads(control)


def is_full(words: str) -> bool:
    """Whether words say that nothing is left of what they name."""
    return _FULL.search(normalise(words)) is not None


def leads(link: Element) -> bool:
    """Whether a link has an address other than a place on the same page."""
    address = (link.get("href") or "").strip().lower()
    return not (not address or address.endswith("#") or address.startswith(("#", "javascript:", "about:", "data:")))


def today(context: Context) -> date | None:
    """The day of the look where the préfecture is; None where the instant is not known."""
    return context.at.astimezone(context.zone).date() if context.at else None


def is_past(day: date | None, context: Context) -> bool:
    """Whether a day is over: it is never an opening. False where either is not known."""
    now = today(context)
    return day is not None and now is not None and day < now


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence of the platform in its own place. scope: where the answer of a page stands.

    paragraphs: all a visitor may see there. at: the number of the one the sentence begins in.
    """

    scope: Element
    paragraphs: Sequence[HtmlParagraph]
    at: int
    said: Said

    @property
    def node(self) -> Element:
        """The element the sentence stands in."""
        return self.paragraphs[self.at].node

    def beside(self, url: str, product: str, context: Context) -> Seen | None:
        """What else the scope offers, where the sentence does not speak of all of it. product: see `other_control`."""
        rest = [*self.paragraphs[: self.at], *self.paragraphs[self.at + 1 + self.said.last - self.said.block :]]
        if self.said.lead and not (context.label and matches(context.label, self.said.lead)):
            return Seen(self.said.lead, "body")
        whole = self.paragraphs[self.at].words
        if self.said.last == self.said.block and (more := whole.partition(self.said.words)[2].strip()):
            if _goes_on(more) or _PLACE.search(normalise(more)):
                return Seen(whole, "body")
            rest.append(HtmlParagraph(more, self.node))
        return (
            _section_beside(self.paragraphs, self.at)
            or other_control(self.scope, url, product)
            or _other_words(rest, self.at, context)
        )


def find(
    scope: Element,
    phrases: Sequence[str],
    place: Callable[[Element], bool] = is_stated,
    *,
    furniture: re.Pattern[str] | None = None,
) -> Answer | None:
    """The first of these sentences that a visitor surely sees stated in `scope`, where its element is in `place`.

    None where the scope itself is not surely seen. furniture: paragraphs (normalised) of the platform's own that are
    never an offer.
    """
    if not is_shown(scope):
        return None
    sure = spoken(scope)
    words = [one.words for one in sure]
    for phrase in phrases:
        if (found := said(words, phrase)) is None or not place(sure[found.block].node):
            continue
        one, following = sure[found.block], sure[found.block + 1 : found.block + 2]
        if any(_continues(other, one) for other in following) and found.words[-1:].isalpha() and _goes_on(found.after):
            continue  # the sentence goes on after a line break or in the next block: « … à partir de cette date »
        seen = [p for p in spoken(scope, unsure=True) if not (furniture and furniture.search(normalise(p.words)))]
        at = next((n for n, other in enumerate(seen) if other.node is one.node and other.words == one.words), None)
        return None if at is None else Answer(scope, seen, at, found)
    return None


def _continues(following: HtmlParagraph, one: HtmlParagraph) -> bool:
    return following.node is one.node or following.node.getparent() in (one.node, one.node.getparent())


def _goes_on(words: str) -> bool:
    return words[:1].islower() or words.startswith(("(", "–", "—", "- ", ":", ","))


def is_named(paragraphs: Sequence[HtmlParagraph], pattern: str) -> bool:
    """Whether one of the paragraphs is a label that matches: a heading or a short line, never a sentence of prose."""
    return any(
        matches(pattern, one.words)
        for one in paragraphs
        if one.level is not None or (len(one.words) <= _MENTIONED and not one.words.rstrip().endswith((".", "!", "?")))
    )


def other_control(scope: Element, url: str, product: str, *, but: Collection[Element] = ()) -> Seen | None:
    """What can be pressed or followed in `scope` to another choice.

    product: regular expression of the addresses of its choices. but: parts of the scope that are the answer itself.
    """
    from lxml import etree

    for control in scope.iter(etree.Element):
        acts = control.get("role") in _ROLES or (control.tag != "body" and control.get("onclick") is not None)
        if control.tag not in _CONTROLS and not acts:
            continue
        if not may_be_seen(control) or control.get(OFF) is not None or control.get(SPEECH) == "mention":
            continue
        if control.tag in ("a", "area") and not (acts or _leads_to(control, url, product)):
            continue
        kind = (control.get("type") or "").lower()
        if control.tag == "input" and kind not in _PICKED:
            continue
        if but and any(outer in but for outer in control.iterancestors()):
            continue
        words = _said_by(control)
        chosen = control.tag in ("select", "iframe") or (control.tag == "input" and kind not in _PRESSED)
        if chosen or not _AWAY.match(normalise(words).strip(" \u2190\u2039\u00ab<>|-")):
            return Seen(words or str(control.tag), str(control.tag))
    return None


def _leads_to(link: Element, url: str, product: str) -> bool:
    """Whether a link leads to a choice of the product, or is only pressed: its address is a script."""
    if (link.get("href") or "").strip().lower().startswith("javascript:"):
        return True
    return leads(link) and re.search(product, _address(url, link), re.I) is not None


def _said_by(control: Element) -> str:
    values = (control.get(name) for name in ("value", "aria-label", "title", "alt", "src"))
    return (text_of(control) or collapse(next(filter(None, values), "")))[:_MENTIONED]


def _other_words(paragraphs: Sequence[HtmlParagraph], at: int, context: Context) -> Seen | None:
    """What paragraphs around the answer offer. at: how many of them stand before it."""
    names: set[str] = set()
    for number, one in enumerate(paragraphs):
        text = normalise(one.words)
        if named := _NAMED.match(text):
            if number >= at or named[1] in names:
                return Seen(one.words, "body")
            names.add(named[1])
        if (_OFFERED.search(text) and not _DENIED.search(text)) or _offers_day(text, context) or _PART.search(text):
            return Seen(one.words, "body")
    return None


def _offers_day(text: str, context: Context) -> bool:
    return any(not is_past(french_day(day[0]), context) for day in _DAY.finditer(text))


def _section_beside(paragraphs: Sequence[HtmlParagraph], at: int) -> Seen | None:
    """Why the paragraph speaks of a part of the page: what names that part has others like it, or is a question."""
    level, inner = paragraphs[at].level or 8, paragraphs[at].node
    heads = [(number, one) for number, one in enumerate(paragraphs) if one.level is not None and number != at]
    for number, head in reversed([pair for pair in heads if pair[0] < at]):
        if (head.level or 8) >= level or not _governs(head.node, inner):
            continue
        level = head.level or 8
        if head.words.rstrip().endswith("?"):
            return Seen(head.words, str(head.node.tag))
        alike = (one for n, one in heads if one.level == level and n != number and one.words != head.words)
        if beside := next(alike, None):
            return Seen(beside.words, str(beside.node.tag))
    within = {str(outer.tag) for outer in inner.iterancestors()}
    for tag in (tag for holder, tag in _NAMING.items() if holder in within):
        names = {one.words for one in paragraphs if one.node.tag == tag}
        if len(names) > 1:
            return Seen(max(names - {paragraphs[at].words}), tag)
    return None


def _governs(heading: Element, inner: Element) -> bool:
    """Whether a heading stands over an element: it holds for what follows it inside what holds the heading."""
    outer = heading.getparent()
    while outer is not None and outer.tag != "body" and len(list(islice(outer, 2))) == 1:  # `len` walks all children
        outer = outer.getparent()
    return outer is None or outer is inner or any(one is outer for one in inner.iterancestors())


def _address(url: str, link: Element) -> str:
    try:
        return urljoin(url, (link.get("href") or "").strip())
    except ValueError:
        return ""
