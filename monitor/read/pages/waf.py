"""Pages of a web application firewall: challenges and blocks (signatures: the platforms' notes, section 0.4)."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from monitor.core.prefecture import Page
from monitor.core.readings import Seen
from monitor.read.pages.html import HtmlPage, has_class, text_of
from monitor.read.pages.text import collapse, normalise

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

Found = tuple[Seen, str]
_SHORT, _FEW = 1500, 3  # characters of text, links to follow

# The firewall's own marks: what its script, frame or element is named; the challenge and nothing else bears it.
_SCRIPTS = (
    ("_cf_chl_opt", "cloudflare"),
    ("gokuprops", "aws"),
    ("awswafintegration.gettoken", "aws"),
    ("_sec_cpt", "akamai"),
    ("datadome=", "datadome"),
)
_ELEMENTS = (
    (r"^anubis_(?:challenge|version|base_prefix)$", "anubis"),
    (r"^sec-(?:if-)?cpt-(?:if|container)$", "akamai"),
    (r"^(?:challenge|cf-challenge)-(?:running|form|stage|error-text)$", "cloudflare"),
    (r"^ddg-captcha$|^ddos-guard$", "ddos-guard"),
)
# addresses of a firewall's script or frame: it stands on good pages too, and is a wall only where the page says nothing
_SOURCES = (
    (r"\.awswaf\.com/|/awswaf/", "aws"),
    (r"/\.within\.website/", "anubis"),
    (r"captcha-delivery\.com/", "datadome"),
    (r"/_sec/cp_challenge", "akamai"),
)
_TITLES = (
    (r"^(?:un instant|just a moment)\W*$|^attention required!", "cloudflare"),
    (r"^(?:making sure you're not a bot|vérification que vous n'êtes pas un robot)", "anubis"),
    (r"^pardon our interruption", "imperva"),
    (r"^(?:request rejected|requête rejetée)$", "f5"),
    (r"^ddos-guard$", "ddos-guard"),
    (r"\b(?:checking your browser|verifying your browser|vérification de votre navigateur)\b", "browser_check"),
    (r"^(?:human verification|êtes-vous un (?:humain|robot)|are you (?:a human|a robot|human))\b", "browser_check"),
)
_BLOCK_TITLES = r"^(?:\W*403\W*)?(?:forbidden|access denied|accès refusé)\b|^access denied\b"
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
    ("Pardon Our Interruption", "imperva", False),
    ("As you were browsing something about your browser made us think you were a bot", "imperva", True),
    ("Request forbidden by administrative rules", "haproxy", True),
    ("The requested URL was rejected", "f5", True),
    ("L'URL demandée a été rejetée", "f5", True),
    ("Making sure you're not a bot", "anubis", True),
    ("Checking your browser before accessing", "browser_check", True),
    ("Checking if the site connection is secure", "cloudflare", True),
    ("Access Denied", "access_denied", False),
)
_SUSPECTED = (
    r"\b(?:robots?|bots?|humaine?s?|human|navigateur|browser|javascript|captcha|challenge|vérifi\w+|verif\w+|checking"
    r"|inhabituel\w*|unusual|suspicious|suspecte?s?|automatis\w+|automated|trafic|traffic)\b"
)


def refused_by(page: Page, doc: HtmlPage | None, *, challenges_only: bool) -> Found | None:
    """The signature of a firewall and whose it is (`cloudflare`, `imperva`, `haproxy` ...), or None.

    Cookies alone are no block. challenges_only: count only what no ordinary page and no overloaded origin shows.
    """
    for header, whose in (("cf-mitigated", "cloudflare"), ("x-amzn-waf-action", "aws")):
        if value := page.header(header):
            return Seen(value, f"header:{header}"), whose
    if doc is None:
        return None
    if found := _by_mark(doc):
        return found
    if challenges_only and 200 <= page.status < 300:
        return None
    return _by_resource(doc, challenges_only) or _by_words(doc, challenges_only) or _by_title(doc, challenges_only)


def looks_like_a_wall(doc: HtmlPage) -> Seen | None:
    """The words of a short page that speaks of robots, browsers or checks, runs a script and offers nothing to follow.

    For a page that bears no platform's landmark and no known wall's signature: a hint for whoever mends the reader.
    """
    words = " ".join((doc.title, doc.words)).strip()
    found = re.search(_SUSPECTED, normalise(words))
    scripted = next(iter(doc.all("script")), None) is not None
    links = sum(1 for _ in islice(doc.shown("a"), _FEW + 1))
    return Seen(words, "body") if found and scripted and links <= _FEW and len(words) <= _SHORT else None


def _by_mark(doc: HtmlPage) -> Found | None:
    for script in doc.all("script"):
        text = (script.text or "").lower()
        for mark, whose in _SCRIPTS:
            if mark.lower() in text:
                return (Seen(doc.title, "title") if doc.title else Seen(mark, "script")), whose
    for element in doc.all("script", "div", "form", "iframe", "span"):
        name = (element.get("id") or "").lower()
        for pattern, whose in _ELEMENTS if name else ():
            if re.search(pattern, name):
                return (Seen(doc.title, "title") if doc.title else Seen(name, f"#{name}")), whose
    return None


def _by_title(doc: HtmlPage, challenges_only: bool) -> Found | None:
    title = normalise(doc.title)
    for pattern, whose in _TITLES:
        if re.search(pattern, title):
            return Seen(doc.title, "title"), whose
    if not challenges_only and re.search(_BLOCK_TITLES, title):
        nginx = any(normalise(words).startswith("nginx") for words in doc.statements)
        return Seen(doc.title, "title"), "nginx" if nginx else "access_denied"
    return None


def _by_resource(doc: HtmlPage, challenges_only: bool) -> Found | None:
    """Frames and widgets. Imperva puts its script, and sites a Turnstile, on good pages too: there it is no block."""
    turnstile: Element | None = None
    for element in doc.all("iframe", "script", "div"):
        source = (element.get("src") or "").lower()
        if "_incapsula_resource" in source and (element.tag == "iframe" or not doc.statements):
            return Seen(collapse(element.text or "") or element.get("src") or "", f"{element.tag}[src]"), "imperva"
        whose = next((whose for pattern, whose in _SOURCES if source and re.search(pattern, source)), None)
        if whose and (element.tag == "iframe" or not doc.statements):
            return (Seen(doc.title, "title") if doc.title else Seen(source, f"{element.tag}[src]")), whose
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


def _by_words(doc: HtmlPage, challenges_only: bool) -> Found | None:
    for words, whose, certain in _WORDS:
        if (certain or not challenges_only) and (found := doc.says(words, whole=False)):
            return Seen(found, "body"), whose
    return None
