"""Pages of a web application firewall: challenges and blocks (signatures: the platforms' notes, section 0.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.core.prefecture import Page
from monitor.core.readings import Seen
from monitor.read.pages.html import Document, has_class, text_of
from monitor.read.pages.text import collapse, normalise

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

Found = tuple[Seen, str]

_CHALLENGE_TITLES = r"^(?:un instant|just a moment)\W*$|^attention required!"
_BLOCK_TITLES = r"^(?:\W*403\W*)?(?:forbidden|access denied|accès refusé)\b|^request rejected$|^access denied\b"
# words, whether they say a challenge or a block wherever they stand (the rest also signs Cloudflare's 5xx pages)
_WORDS = (
    ("Vérifiez que vous êtes humain", "cloudflare", True),
    ("Verify you are human", "cloudflare", True),
    ("Sorry, you have been blocked", "cloudflare", True),
    ("You are unable to access", "cloudflare", True),
    ("Error 1020", "cloudflare", True),
    ("Cloudflare Ray ID", "cloudflare", False),
    ("Request unsuccessful. Incapsula incident ID", "imperva", True),
    ("Incapsula incident ID", "imperva", True),
    ("Request forbidden by administrative rules", "haproxy", True),
    ("The requested URL was rejected", "f5", True),
    ("Access Denied", "access_denied", False),
)


def refused_by(page: Page, doc: Document | None, *, challenges_only: bool) -> Found | None:
    """The signature of a firewall and whose it is (`cloudflare`, `imperva`, `haproxy` ...), or None.

    Cookies alone are no block. challenges_only: count only what no ordinary page and no overloaded origin shows.
    """
    if mitigated := page.header("cf-mitigated"):
        return Seen(mitigated, "header:cf-mitigated"), "cloudflare"
    if doc is None:
        return None
    for script in doc.all("script"):
        if "_cf_chl_opt" in (script.text or ""):
            return (Seen(doc.title, "title") if doc.title else Seen("_cf_chl_opt", "script")), "cloudflare"
    if challenges_only and 200 <= page.status < 300:
        return None
    return _by_resource(doc, challenges_only) or _by_words(doc, challenges_only) or _by_title(doc, challenges_only)


def _by_title(doc: Document, challenges_only: bool) -> Found | None:
    title = normalise(doc.title)
    if re.search(_CHALLENGE_TITLES, title):
        return Seen(doc.title, "title"), "cloudflare"
    if not challenges_only and re.search(_BLOCK_TITLES, title):
        nginx = any(normalise(words).startswith("nginx") for words in doc.statements)
        return Seen(doc.title, "title"), "nginx" if nginx else "access_denied"
    return None


def _by_resource(doc: Document, challenges_only: bool) -> Found | None:
    """Frames and widgets. Imperva puts its script, and sites a Turnstile, on good pages too: there it is no block."""
    turnstile: Element | None = None
    for element in doc.all("iframe", "script", "div"):
        source = (element.get("src") or "").lower()
        if "_incapsula_resource" in source and (element.tag == "iframe" or not doc.statements):
            return Seen(collapse(element.text or "") or element.get("src") or "", f"{element.tag}[src]"), "imperva"
        if element.get("id") == "cf-error-details" and not challenges_only:
            return Seen(text_of(element) or "cf-error-details", "#cf-error-details"), "cloudflare"
        if has_class(element, "cf-turnstile") and _in_form(element):
            return None
        if "challenges.cloudflare.com" in source or has_class(element, "cf-turnstile"):
            turnstile = element
    if turnstile is None:
        return None
    mark = turnstile.get("src") or turnstile.get("class") or ""
    return (Seen(doc.title, "title") if doc.title else Seen(mark, str(turnstile.tag))), "cloudflare"


def _in_form(widget: Element) -> bool:
    """A widget inside a form with a button is that form's captcha, not a wall before the page."""
    form = next(widget.iterancestors("form"), None)
    return form is not None and any(
        (field.get("type") or "submit").lower() in ("submit", "image") for field in form.iter("input", "button")
    )


def _by_words(doc: Document, challenges_only: bool) -> Found | None:
    for words, whose, certain in _WORDS:
        if (certain or not challenges_only) and (found := doc.says(words, whole=False)):
            return Seen(found, "body"), whose
    return None
