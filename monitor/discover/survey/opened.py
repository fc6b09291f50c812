"""A declared address opened once: what came of it, and what the page calls itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, get_args

from monitor.core.hosts import parse
from monitor.core.ports import Clock, Visitor
from monitor.core.prefecture import Context, Desk, Notice, Open, Page, Platform, Prefecture, territory
from monitor.core.readings import Closed, Obstructed, Reading, Unavailable, Unreached, Unreadable
from monitor.discover.addresses import twin_key
from monitor.discover.statepage import StatePage, is_pdf, read_page
from monitor.read.notices.rules import Rules
from monitor.read.pages.html import TooBig
from monitor.read.pages.html import parse as parsed
from monitor.read.platforms.booking import booking_of
from monitor.values import dataclass

Fate = Literal[
    "alive", "moved", "gone", "closed", "captcha", "login", "refused", "unavailable", "unreached", "changed",
    "not_opened",
]  # fmt: skip
FATES: tuple[Fate, ...] = get_args(Fate)
Subject = Literal["site", "notice", "desk", "candidate"]

_NOT_ASKED = "not asked:"  # how the transport says that a request never left


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedAddress:
    """One address and what came of it.

    subject, slug: what it is declared as; `candidate`: a source names it. to: where it led, where that is elsewhere.
    title, heading: the page's own words, empty where none was read. reading: what stood in the way, None where nothing
    did. at: aware UTC instant; None where it was not opened.
    """

    subject: Subject
    slug: str
    url: str
    fate: Fate
    to: str | None = None
    title: str = ""
    heading: str = ""
    reading: Reading | None = None
    at: datetime | None = None

    @property
    def answered(self) -> bool:
        """The page of what is declared was shown, here or where it moved to."""
        return self.fate in ("alive", "moved")


@dataclass(frozen=True, slots=True)
class ToOpen:
    """An address to be opened once. platform: of a desk; None for a page read as prose."""

    subject: Subject
    slug: str
    url: str
    platform: Platform | None = None


def declared_addresses(one: Prefecture) -> Iterator[ToOpen]:
    """What a declaration says can be visited; what it retired is left alone."""
    yield ToOpen("site", one.slug, one.site)
    yield from (_notice(notice) for notice in one.notices if notice.retired is None)
    yield from (_desk(desk) for desk in one.active_desks)


def _notice(notice: Notice) -> ToOpen:
    return ToOpen("notice", notice.slug, notice.url)


def _desk(desk: Desk) -> ToOpen:
    return ToOpen("desk", desk.slug, desk.platform.url, desk.platform)


async def open_once(
    what: ToOpen, one: Prefecture, visitor: Visitor, clock: Clock, rules: Rules, name: str
) -> OpenedAddress:
    """Ask for it once. name: stands in the User-Agent."""
    session = visitor.session(name)
    try:
        came = await session.perform((Open(what.url),), None)
        at = session.exchanges[-1].finished if session.exchanges else None
    finally:
        session.close()
    if isinstance(came, Unreached) and (came.detail or "").startswith(_NOT_ASKED):
        return OpenedAddress(subject=what.subject, slug=what.slug, url=what.url, fate="not_opened", reading=came)
    if isinstance(came, Unreached) and not await visitor.reached():
        came = Unreached(cause="vantage_offline", detail=came.cause)
    return _told(what, one, came, at or clock.now(), rules)


def _told(what: ToOpen, one: Prefecture, came: Page | Reading, at: datetime, rules: Rules) -> OpenedAddress:
    if not isinstance(came, Page):
        return OpenedAddress(
            subject=what.subject, slug=what.slug, url=what.url, fate=fate_of(came), reading=came, at=at
        )
    title, heading = _names(came)
    reading = _reading(what, one, came, at, rules)
    fate: Fate = "alive" if reading is None else fate_of(reading)
    to = came.url if twin_key(came.url) != twin_key(what.url) else None
    booking = booking_of(to) if to is not None else None
    if booking is not None and booking.platform is not None and booking.platform == what.platform:
        to = None  # a step of the same desk
    if to is not None and fate == "alive":
        fate = "moved"
    return OpenedAddress(
        subject=what.subject,
        slug=what.slug,
        url=what.url,
        fate=fate,
        to=to,
        title=title,
        heading=heading,
        reading=reading,
        at=at,
    )


def _reading(what: ToOpen, one: Prefecture, page: Page, at: datetime, rules: Rules) -> Reading | None:
    """What stood in the way; None where the page is the desk's, or a page of prose."""
    if what.platform is not None:
        found = what.platform.read(page, Context(zone=one.zone, at=at))
        midway = isinstance(found, Unreadable) and found.why == "mid_visit"
        stands = isinstance(found, Unreadable | Obstructed | Unavailable | Closed)
        return found if stands and not midway else None
    read = read_page(page, rules, called="", territory=territory(one.code), at=at)
    return None if isinstance(read, StatePage) else read


def fate_of(reading: Reading) -> Fate:
    """What an address is, by what stood there instead of its page."""
    match reading:
        case Obstructed(obstacle="captcha"):
            return "captcha"
        case Obstructed(obstacle="login"):
            return "login"
        case Obstructed():
            return "refused"
        case Closed():
            return "closed"
        case Unavailable():
            return "unavailable"
        case Unreached():
            return "not_opened" if (reading.detail or "").startswith(_NOT_ASKED) else "unreached"
        case Unreadable(why="not_found"):
            return "gone"
        case Unreadable(why="replaced"):
            return "moved"
    return "changed"


def _names(page: Page) -> tuple[str, str]:
    """Title and first main heading as the page prints them."""
    if is_pdf(page):
        return "", ""
    try:
        doc = parsed(page)
    except TooBig:
        return "", ""
    return doc.title, doc.h1[0] if doc.h1 else ""


def host_of(url: str) -> str:
    """The host an address is asked at; empty for what is no web address."""
    try:
        return parse(url).host
    except ValueError:
        return ""
