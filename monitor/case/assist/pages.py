"""What of a page a person is shown may be recorded: the line before personal data, and what tells of the machine. Pure.

A page is beyond the line when it asks for more than a captcha's answer, or stands past the steps that show slots.
What tells of the person's machine or session (cookies, IP addresses a site repeats, what a query holds) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit, urlunsplit

from monitor.core.hosts import OFFICIAL_ELSEWHERE
from monitor.core.prefecture import Page
from monitor.core.readings import NoSlot, NotYetOpen, Obstructed, Reading, SlotsOpen
from monitor.read.pages.captcha import kind_of
from monitor.read.pages.html import HtmlPage, TooBig, is_shown, parse
from monitor.values import pattern

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

Line = Literal["personal_data", "beyond_steps"]

# Steps up to the one that shows slots, by platform: the sentences are PLATFORMS sections 1, 2 and 4.
STEPS: Final = {
    "rdv_prefecture": r"/rdvpref/reservation/demarche/\d+"
    r"(?:/(?:cgu|creneau|_validerCaptcha|[^/]*_choisirBloc[^/]*)?)?/?",
    "ez_booking": r"(?:/index\.php)?(?:/layout/set/print)?/booking/create/\d+(?:/[0-4])?/?",
    "rdv_service_public": r"/prendre_rdv(?:/[\w-]+)?/?|/org/[\w/-]+",
}
_PAST: Final = {  # of the product: what is none of its steps and must not be entered
    "rdv_prefecture": r".*/rdvpref/(?:reservation|login)\b.*",
    "ez_booking": r".*/booking/.*",
    "rdv_service_public": r".*",
}
_QUEUE: Final = ".queue-it.net"  # a waiting room the site itself sends people to

_DATES = frozenset(("date", "datetime-local", "month", "time", "week"))
_ASKED = frozenset(("email", "file", "number", "password", "tel", "text", "textarea", "url")) | _DATES
_FURNITURE = frozenset(("header", "footer", "nav"))  # a site's own search box and newsletter
_FURNITURE_ROLES = frozenset(("banner", "contentinfo", "navigation", "search"))

HEADERS: Final = frozenset((
    "age", "cache-control", "cf-mitigated", "content-encoding", "content-language", "content-length", "content-type",
    "date", "etag", "expires", "last-modified", "retry-after", "server", "via", "x-cache",
))  # fmt: skip
_V4 = pattern(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\w)")
_V6 = pattern(r"(?<![\w:.])[0-9A-Fa-f:]{3,39}(?![\w:])")
_DRAWN = pattern(r"""<svg\b.*?</svg>|<style\b.*?</style>|\b(?:d|points)=(?:"[^"]*"|'[^']*')""", re.S | re.I)


def line_crossed(platform: str, start: str, page: Page, frames: Iterable[str], reading: Reading) -> Line | None:
    """Why nothing of this page, nor of any that follows, may be recorded; None where it may.

    start: the desk's public address. page: as shown. frames: documents shown inside it.
    """
    if _is_beyond(platform, start, page.url):
        return "beyond_steps"
    inside = (Page(url=page.url, status=page.status, body=text.encode()) for text in frames)
    if any(_asks(one, reading) for one in (page, *inside)):
        return "personal_data"
    return None


def _is_beyond(platform: str, start: str, url: str) -> bool:
    """Another site, or an address of the product that is none of its known steps."""
    here, own = urlsplit(url), urlsplit(start)
    host = here.hostname or ""
    if host.endswith(_QUEUE):
        return False
    if host != own.hostname and not (host in OFFICIAL_ELSEWHERE and own.hostname in OFFICIAL_ELSEWHERE):
        return True
    path = here.path.partition(";")[0]
    known = STEPS.get(platform)
    if known is None:
        return path.rstrip("/") != own.path.rstrip("/")
    return not re.fullmatch(known, path) and re.fullmatch(_PAST[platform], path) is not None


def _asks(page: Page, reading: Reading) -> bool:
    """Whether a shown field wants more than a captcha's answer. A page too big to be read is taken to; one that offers
    a slot is the last to be taken in anyway, and what was typed in it keeps it out."""
    if isinstance(reading, SlotsOpen) and not reading.weak:
        return False
    try:
        doc = parse(page)
    except TooBig:
        return True
    fields = [field for field in doc.shown("input", "textarea") if _kind(field) in _ASKED and not _is_furniture(field)]
    fields = [field for field in fields if kind_of(field) is None and not _is_locked(field)]
    if isinstance(reading, NoSlot | NotYetOpen | SlotsOpen):  # a calendar may ask for the day to show
        fields = [field for field in fields if not _is_day(field)]
    if isinstance(reading, Obstructed) and reading.obstacle == "captcha" and len(fields) == 1:
        return _kind(fields[0]) not in ("text", "number")  # the answer, under a name that does not say so
    return bool(fields) or any(_writes(element) for element in doc.all("div", "p", "span"))


def _kind(field: Element) -> str:
    return (field.get("type") or "text").lower() if field.tag == "input" else str(field.tag)


def _is_day(field: Element) -> bool:
    """A field for the day a calendar is to show, never one for a day of birth."""
    words = " ".join(field.get(name) or "" for name in ("id", "name", "placeholder", "aria-label")).lower()
    if re.search(r"naiss|birth|né\b", words):
        return False
    return _kind(field) in _DATES or (
        _kind(field) == "text" and re.search(r"date|jour|semaine|jj/mm", words) is not None
    )


def _is_locked(field: Element) -> bool:
    return field.get("disabled") is not None or field.get("readonly") is not None


def _is_furniture(field: Element) -> bool:
    return any(e.tag in _FURNITURE or e.get("role") in _FURNITURE_ROLES for e in (field, *field.iterancestors()))


def _writes(element: Element) -> bool:
    return (element.get("contenteditable", "false")).lower() != "false" and is_shown(element)


def address(url: str) -> str:
    """The address without what could have been typed or names a session: values of its query, fragment, user.

    `error=WORD` is kept: it is the site's own (PLATFORMS section 1, `errorSessionInvalide`)."""
    parts = urlsplit(url)
    path = re.sub(r";[^/]*", "", parts.path)
    query = "&".join(_pair(*pair.partition("=")) for pair in parts.query.split("&") if pair)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], path, query, ""))


def _pair(name: str, equals: str, value: str) -> str:
    if not equals:
        return "…"
    return f"{name}={value}" if name == "error" and re.fullmatch("[A-Za-z]{1,40}", value) else f"{name}=…"


def headers(given: Sequence[tuple[str, str]]) -> tuple[list[list[str]], list[str]]:
    """The headers of an answer that tell nothing of who asked, and the names of those left out."""
    kept, left = list[list[str]](), set[str]()
    for name, value in given:
        if name.lower() == "location":
            kept.append([name, address(value)])
        elif name.lower() in HEADERS and not tells_address(value):
            kept.append([name, value])
        else:
            left.add(name.lower())
    return kept, sorted(left)


def tells_address(text: str) -> bool:
    """Whether an IP address stands in a text: a site that refuses often repeats the visitor's."""
    return any(map(_is_address, (*_V4.findall(text), *_V6.findall(text))))


def without_addresses(text: str) -> str:
    """A sentence with each IP address replaced by `…`."""
    for form in (_V4, _V6):
        text = form.sub(lambda found: "…" if _is_address(found[0]) else found[0], text)
    return text


def markup_tells_address(markup: bytes) -> bool:
    """The same for a document's source; numbers of drawings are no addresses."""
    return tells_address(_DRAWN.sub(" ", markup.decode("utf-8", "replace")))


def words_tell_address(page: Page) -> bool:
    """The same for what a picture of the page would show."""
    try:
        doc: HtmlPage = parse(page)
    except TooBig:
        return True
    return tells_address(doc.words)


def _is_address(text: str) -> bool:
    if ":" in text and text.count(":") < 2:
        return False
    try:
        return not ip_address(text).is_unspecified
    except ValueError:
        return False
