"""demarche.numerique.gouv.fr (formerly demarches-simplifiees.fr): request forms. There is no calendar, so never a slot.

The start page and the closing sentences are from the product's open source (demarches-simplifiees.fr, views/commencer).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.core.prefecture import Context, Open, Page, Visit
from monitor.core.readings import Closed, NotYetOpen, Reading, RequestForm, Seen, Unreadable
from monitor.read.pages.html import Document, is_stated, text_of
from monitor.read.pages.obstacles import opened
from monitor.read.pages.text import normalise, quote

HOST = "demarche.numerique.gouv.fr"
_START = "commencer la démarche"
_SIGN_IN = r"^(?:s'identifier|se connecter) avec ?franceconnect\b|^j'ai déjà un compte$"
_WAYS_IN = r"/commencer/[^/?#]+(?:/[^/?#]+)?/(?:sign_in|sign_up|france_connect|pro_connect)(?=[/?#]|$)"
_CLOSED = r"^(?:cette démarche|la démarche\b.{0,300}?) est close(?= depuis\b|\W*$| ?[.!·|–—-])(?!.*\?$)"


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
        doc = opened(page, lambda doc: _way_in(doc) is not None)
        if not isinstance(doc, Document):
            return doc
        way_in, closed = _way_in(doc), _closed(doc)
        if closed is not None:
            return Unreadable(why="contradictory", seen=closed) if way_in else Closed(seen=closed)
        if way_in is None or "/commencer/" not in page.url or not (doc.title or doc.h1):
            return Unreadable(why="layout_changed")
        return _announced(doc, context) or RequestForm(seen=way_in)


def _way_in(doc: Document) -> Seen | None:
    """What begins a request: the words of the start button or heading, or a way to sign in to this very form."""
    for element in doc.all("a", "button", "h1", "h2", "h3"):
        if re.search("ommencer|onnect|compte", str(element.xpath("string()"))) and is_stated(element):
            words = text_of(element)
            heading = element.tag in ("h1", "h2", "h3")
            if normalise(words) == _START or (not heading and re.search(_SIGN_IN, normalise(words))):
                return Seen(words, str(element.tag))
    for link in doc.all("a", "form"):
        if re.search(_WAYS_IN, link.get("href") or link.get("action") or "") and is_stated(link):
            return Seen(text_of(link) or link.get("title") or link.get("href") or "a", "a[href*=commencer]")
    return None


def _closed(doc: Document) -> Seen | None:
    for words, selector in ((doc.title, "title"), *((block, "body") for block in doc.statements)):
        if re.search(_CLOSED, normalise(words)):
            return Seen(words, selector)
    return None


def _announced(doc: Document, context: Context) -> NotYetOpen | None:
    if context.opening is None or (context.at is not None and context.opening[1] <= context.at):
        return None
    words = quote(doc.words, context.opening[0])
    return NotYetOpen(seen=Seen(words, "body"), opens_at=context.opening[1]) if words else None
