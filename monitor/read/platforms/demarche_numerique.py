"""demarche.numerique.gouv.fr (formerly demarches-simplifiees.fr): request forms. There is no calendar, so never a slot.

The start page and the closing sentences are from the product's open source (demarches-simplifiees.fr, views/commencer).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from monitor.core.prefecture import Context, Open, Page, Visit
from monitor.core.readings import Closed, NotYetOpen, Obstructed, Reading, RequestForm, Seen, Unreadable
from monitor.read.pages.html import HtmlPage, is_stated, text_of
from monitor.read.pages.obstacles import opened
from monitor.read.pages.offers import can_be_taken
from monitor.read.pages.sight import AWAY, OFF
from monitor.read.pages.text import normalise, quote
from monitor.values import dataclass

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

HOST = "demarche.numerique.gouv.fr"
_HOSTS = (HOST, "www.demarches-simplifiees.fr", "demarches-simplifiees.fr")
_START = "commencer la démarche"
_SIGN_IN = r"^(?:s'identifier|se connecter) avec ?franceconnect\b|^j'ai déjà un compte$"
_SLUG = r"/commencer/(?P<test>test/)?(?P<slug>[^/?#]+)"
_WAYS_IN = r"/commencer/(?:test/)?{slug}(?:/[^/?#]+)?/(?:sign_in|sign_up|france_connect)(?=[/?#]|$)"
_AGENTS = r"\b(?:pro|agent)_?connect\b"
_DRAFT = r"^(?:(?:vous êtes sur une |cette )?démarche en test|cette démarche est (?:actuellement )?en test)\b"
_CLOSED = (
    r"^(?:cette démarche(?: en ligne)?|la démarche\b.{0,300}?) (?:est|a été) close"
    r"(?= depuis\b|\W*$| ?[.!·|–—-]|, (?:il|elle|vous|et)\b)(?!.*\?)(?!.*\bcelle-ci\b)"
)
_LEADS_IN = r"/(?:sign_in|sign_up|france_connect|pro_connect|agent_connect)\b|/dossiers/new|\b(?:pro|agent)connect\b"
_ABSENT = "La démarche n'existe pas"


@dataclass(frozen=True, slots=True)
class DemarcheNumerique:
    """One request form. slug: the last part of its address."""

    slug: str

    @property
    def name(self) -> str:
        """`demarche_numerique`."""
        return "demarche_numerique"

    @property
    def url(self) -> str:
        """The form's start page."""
        return f"https://{HOST}/commencer/{self.slug}"

    @property
    def needs_browser(self) -> bool:
        """Served whole: False."""
        return False

    def visit(self, context: Context) -> Visit:
        """One request: the start page. Nothing is begun."""
        return self.read((yield (Open(self.url),)), context)

    def read(self, page: Page, context: Context) -> Reading:
        """Open, closed, or announced by the words the plugin recorded."""
        doc = opened(page, lambda doc: _way_in(doc, self.slug) is not None)
        if not isinstance(doc, HtmlPage):
            return doc
        if self._replaced(page.url):
            return Unreadable(why="replaced", seen=Seen(page.url, "url"))
        way_in, closed = _way_in(doc, self.slug), _closed(doc)
        if closed is not None:
            return Unreadable(why="contradictory", seen=closed) if way_in else Closed(seen=closed)
        if words := doc.says(_ABSENT):
            return Unreadable(why="not_found", seen=Seen(words, "body"))
        if draft := _draft(page.url, doc):
            return Unreadable(why="draft", seen=draft)
        if "/commencer/" not in page.url or not (doc.title or doc.h1) or not doc.is_whole:
            return Unreadable(why="layout_changed")
        if agents := _for_agents(doc):
            return Obstructed(obstacle="login", seen=agents, detail="agents_only")
        if way_in is None or urlsplit(page.url).hostname not in _HOSTS:
            return Unreadable(why="layout_changed")
        return _announced(doc, context) or RequestForm(seen=way_in)

    def _replaced(self, url: str) -> bool:
        """Whether the site led to another form's page: a replaced form redirects to the one in its place."""
        found = re.search(_SLUG, urlsplit(url).path)
        shown = unquote(found["slug"]).casefold() if found and self.slug else None
        return shown is not None and shown != unquote(self.slug).casefold()


def _way_in(doc: HtmlPage, slug: str) -> Seen | None:
    """What begins a request: the words of the start button or heading, or a way to sign in to this very form."""
    for element in doc.all("a", "button", "h1", "h2", "h3"):
        if is_stated(element) and element.get(OFF) is None:
            words = text_of(element)
            heading = element.tag in ("h1", "h2", "h3")
            here = element.tag == "button" or re.search(r"/commencer/|/france_connect\b", _address(element))
            begins = normalise(words) == _START or (not heading and here and re.search(_SIGN_IN, normalise(words)))
            if begins and element.get(AWAY) is None:
                return Seen(words, str(element.tag))
    ours = _WAYS_IN.format(slug=re.escape(slug) if slug else r"[^/?#]+")
    for link in doc.all("a", "form"):
        if re.search(ours, urlsplit(_address(link)).path) and can_be_taken(link):
            return Seen(text_of(link) or link.get("title") or link.get("href") or "a", "a[href*=commencer]")
    return None


def _draft(url: str, doc: HtmlPage) -> Seen | None:
    """A form its makers are still testing: its address or a notice says so, and that its files may be deleted."""
    found = re.search(_SLUG, urlsplit(url).path)
    if found and found["test"]:
        return Seen(url, "url")
    words = next((block for block in doc.statements if re.search(_DRAFT, normalise(block))), None)
    return Seen(words, "body") if words else None


def _for_agents(doc: HtmlPage) -> Seen | None:
    """What only an agent of the State can follow, where it is the one way in."""
    ways = [one for one in doc.all("a", "button", "form") if is_stated(one) and re.search(_LEADS_IN, _said_of(one))]
    ways = [one for one in ways if not any(outer.tag == "header" for outer in one.iterancestors())]  # the site's own
    agents = [one for one in ways if re.search(_AGENTS, _said_of(one))]
    return Seen(text_of(agents[0]) or "ProConnect", str(agents[0].tag)) if agents and agents == ways else None


def _said_of(one: Element) -> str:
    return f"{_address(one)} {normalise(text_of(one))}"


def _address(one: Element) -> str:
    return one.get("href") or one.get("action") or ""


def _closed(doc: HtmlPage) -> Seen | None:
    for words, selector in ((doc.title, "title"), *((block, "body") for block in doc.statements)):
        if re.search(_CLOSED, normalise(words)):
            return Seen(words, selector)
    return None


def _announced(doc: HtmlPage, context: Context) -> NotYetOpen | None:
    if context.opening is None or (context.at is not None and context.opening[1] <= context.at):
        return None
    words = quote(doc.words, context.opening[0])
    return NotYetOpen(seen=Seen(words, "body"), opens_at=context.opening[1]) if words else None
