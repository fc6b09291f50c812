"""What stands between a visitor and any platform's answer, recognised once for all of them.

The order of the tests is that of the platforms' notes (section 0.2): refusals, overload, maintenance, closure, then
what cannot be read at all. A page that bears the platform's own container (its *landmark*) is not judged by words an
article or a banner may hold: there only headers, the challenge's own script, titles and main headings count.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from monitor.core.hosts import is_login
from monitor.core.prefecture import Page
from monitor.core.readings import Closed, Obstructed, Reading, Seen, Unavailable, Unreadable
from monitor.read.pages.captcha import captcha_in
from monitor.read.pages.charset import is_text
from monitor.read.pages.html import HtmlPage, TooBig, is_shown, is_stated, parse, text_of
from monitor.read.pages.text import normalise
from monitor.read.pages.waf import looks_like_a_wall, refused_by

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_PARTIAL = 206  # a part of a page, which nobody asked for
BRIEF = 1500  # characters of text; refusal and failure pages say little, and little else
_OVERLOADED_WORDS = ("Service surchargé", "Le service que vous avez demandé est actuellement surchargé")
_OVERLOADED = r"\bservice surchargé\b|^50[234]\b|^bad gateway$|^service unavailable$|^gateway time-?out$"
_FAILED = r"^500\b|^internal server error$"
_ABSENT = r"^(?:erreur )?404\b|^page (?:non trouvée|introuvable)$|^not found$"
_DOWN = r"\bmaintenance\b|\b(?:site|service|application|plateforme)\b[^.]{0,40}\bindisponible\b"
_SAYS_DOWN = (
    r"^(?:le |notre |ce )?(?:site|service|application|plateforme|portail)\b[^.]{0,40}"
    r"\b(?:indisponible|en maintenance)\b|^maintenance en cours\b"
)
_SAYS_FAILED = rf"{_FAILED}|^(?:erreur )?50\d\b|^une erreur\b.{{0,40}}\b(?:survenue|produite)\b"
_REFUSED = r"^(?:erreur )?403\b|^accès (?:refusé|interdit)\b|^access denied\b"
_EXPIRED = r"^(?:votre )?session\b.{0,20}\bexpir"
_QUEUE = r"^(?:vous êtes (?:maintenant )?dans la )?file d'attente\b|^salle d'attente virtuelle|^waiting room\b"
_DISABLED = "Ce lien a été désactivé définitivement"


def opened(page: Page, landmark: Callable[[HtmlPage], bool]) -> HtmlPage | Reading:
    """The document when nothing stands in the way, else the reading that says what does.

    landmark: whether the platform's own container is on the page.
    """
    if page.status == 429:
        return Obstructed(obstacle="rate_limit", seen=_status(page))
    try:
        doc = parse(page)
    except TooBig:
        return _refused(page, None) or Unreadable(why="too_big")
    if (refusal := _refused(page, doc)) is not None:
        return refusal
    if not page.body.strip():
        return Unreadable(why="empty")
    if not is_text(page):
        return Unreadable(why="not_text")
    return _met(page, doc, own=landmark(doc)) or doc


def _refused(page: Page, doc: HtmlPage | None) -> Reading | None:
    """What the status and the headers say. None for a page to be read on."""
    served = 200 <= page.status < 300 and page.status != _PARTIAL
    if found := refused_by(page, doc, challenges_only=served or page.status >= 500):
        seen, detail = found
        return Obstructed(obstacle="waf", seen=seen, detail=detail)
    if served:
        return None
    if page.status == 403:
        return Obstructed(obstacle="waf", seen=_words(page, doc))
    if page.status in (502, 503, 504) or (doc and _heading(doc, _OVERLOADED)):
        return Unavailable(kind="overloaded", seen=_words(page, doc))
    if page.status >= 500:
        down = _heading(doc, _DOWN) if doc else None
        return Unavailable(kind="maintenance" if down else "server_error", seen=down or _words(page, doc))
    if page.status in (401, 407):
        return Obstructed(obstacle="login", seen=_status(page))
    if page.status in (404, 410):
        return (_closed(page, doc) if doc else None) or Unreadable(why="not_found", seen=_status(page))
    return Unreadable(why="layout_changed", seen=_status(page))


def _met(page: Page, doc: HtmlPage, *, own: bool) -> Reading | None:
    """What a page served as good says instead of an answer. None when it may hold one."""
    brief = not own and sum(map(len, doc.statements)) <= BRIEF
    if brief and (found := refused_by(page, doc, challenges_only=False)):
        return Obstructed(obstacle="waf", seen=found[0], detail=found[1])
    if seen := _overloaded(doc, own=own, brief=brief):
        return Unavailable(kind="overloaded", seen=seen)
    if seen := _heading(doc, _DOWN, any_level=brief) or (_any_heading(doc, _SAYS_DOWN) if brief else None):
        return Unavailable(kind="maintenance", seen=seen)
    if (closed := _closed(page, doc)) is not None:
        return closed
    return None if own else _stranger(page, doc, brief=brief)


def _stranger(page: Page, doc: HtmlPage, *, brief: bool) -> Reading | None:
    """A page without the platform's landmark: a queue, a login wall, an error served as a page, nothing at all."""
    if page.url.partition("://")[2].partition("/")[0].lower().endswith(".queue-it.net"):
        return Obstructed(obstacle="queue", seen=Seen(page.url, "url"))
    if seen := _heading(doc, _QUEUE) or (_any_heading(doc, _QUEUE) if brief else None):
        return Obstructed(obstacle="queue", seen=seen)
    if asked := sign_in(page, doc):
        return asked
    if brief and (asked := captcha_in(doc.root)):
        return asked
    if seen := _heading(doc, _FAILED):
        return Unavailable(kind="server_error", seen=seen)
    if seen := _heading(doc, _ABSENT):
        return Unreadable(why="not_found", seen=seen)
    body = doc.root.find("body")
    if not doc.title and (body is None or (not len(body) and not (body.text or "").strip())):
        return Unreadable(why="empty")
    wall = looks_like_a_wall(doc) if brief else None
    return Unreadable(why="looks_like_a_wall", seen=wall) if wall else None


def stands_instead(page: Page, doc: HtmlPage) -> Reading | None:
    """What a page that bears a service's name shows in its place: a sign-in, a queue, a captcha, a failure."""
    brief = sum(map(len, doc.statements)) <= BRIEF
    if asked := sign_in(page, doc):
        return asked
    if seen := _any_heading(doc, _QUEUE) or (_statement(doc, _QUEUE) if brief else None):
        return Obstructed(obstacle="queue", seen=seen)
    if not brief:
        return None
    if asked := captcha_in(doc.root):
        return asked
    if seen := _any_heading(doc, _SAYS_DOWN) or _statement(doc, _SAYS_DOWN):
        return Unavailable(kind="maintenance", seen=seen)
    if seen := _any_heading(doc, _SAYS_FAILED) or _statement(doc, _SAYS_FAILED):
        return Unavailable(kind="server_error", seen=seen)
    if seen := _any_heading(doc, _REFUSED):
        return Obstructed(obstacle="waf", seen=seen, detail="access_denied")
    if seen := _any_heading(doc, _ABSENT):
        return Unreadable(why="not_found", seen=seen)
    seen = _any_heading(doc, _EXPIRED)
    return Unreadable(why="session_lost", seen=seen) if seen else None


def sign_in(page: Page, doc: HtmlPage) -> Obstructed | None:
    """A page that asks who one is, whatever its heading: a password or an account's name in sight (a sign-in may ask
    for one after the other), or the address of a sign-in service."""
    for field in doc.all("input"):
        if _asks_who(field) and is_shown(field):
            form = next(field.iterancestors("form"), None)
            words = (text_of(form) if form is not None else "") or doc.title or field.get("name") or "password"
            return Obstructed(obstacle="login", seen=Seen(words, f"input[{_field(field)}]"))
    return Obstructed(obstacle="login", seen=Seen(page.url, "url")) if is_login(page.url) else None


def _asks_who(field: Element) -> bool:
    """A password, or what HTML's `autocomplete` and sign-in servers name an account's field."""
    hints = (field.get("autocomplete") or "").lower().split()
    named = (field.get("name") or "").lower() == "username" or "username" in hints or "current-password" in hints
    return (field.get("type") or "text").lower() == "password" or (named and field.get("type") != "hidden")


def _field(field: Element) -> str:
    return "type=password" if (field.get("type") or "").lower() == "password" else "name=username"


def _overloaded(doc: HtmlPage, *, own: bool, brief: bool) -> Seen | None:
    if seen := _heading(doc, r"\bservice surchargé\b" if own else _OVERLOADED):
        return Seen(doc.words, "body") if brief and doc.statements else seen
    if brief and any(doc.says(words, whole=False) for words in _OVERLOADED_WORDS):
        return Seen(doc.words, "body")
    return None


def _closed(page: Page, doc: HtmlPage) -> Closed | None:
    if b"finitivement" not in page.body and b"\0" not in page.body:  # accents may be entities; spares a walk
        return None
    words = doc.says(_DISABLED)
    return Closed(seen=Seen(words, "body")) if words else None


def _heading(doc: HtmlPage, pattern: str, *, any_level: bool = False) -> Seen | None:
    """The title or first main heading whose words match; both are the page's own name for itself.

    any_level: the main headings are those of the highest level the page has.
    """
    named = [(words, "h1") for words in doc.h1]
    for tag in ("h2", "h3", "h4", "h5", "h6") if any_level and not named else ():
        named = named or [(text_of(one), tag) for one in doc.all(tag) if is_stated(one)]
    for words, selector in ((doc.title, "title"), *named):
        if words and re.search(pattern, normalise(words)):
            return Seen(words, selector)
    return None


def _statement(doc: HtmlPage, pattern: str) -> Seen | None:
    words = next((block for block in doc.statements if re.search(pattern, normalise(block))), None)
    return Seen(words, "body") if words else None


def _any_heading(doc: HtmlPage, pattern: str) -> Seen | None:
    for one in doc.all("h1", "h2", "h3", "h4", "h5", "h6"):
        if is_stated(one) and re.search(pattern, normalise(words := text_of(one))):
            return Seen(words, str(one.tag))
    return None


def _words(page: Page, doc: HtmlPage | None) -> Seen:
    """The words of a short error page, else its status."""
    words = doc.words if doc else ""
    return Seen(words, "body") if 0 < len(words) <= BRIEF else _status(page)


def _status(page: Page) -> Seen:
    return Seen(str(page.status), "status")
