"""What one answer means for the walk: a page, the next address, a second try, or the reading it ends with. Pure."""

from __future__ import annotations

from monitor.core.exchange import Exchange
from monitor.core.hosts import Url, is_login, is_official, join, refusal
from monitor.core.prefecture import Page
from monitor.core.readings import Obstructed, Reading, Seen, Unreached, Unreadable
from monitor.fetch.http.connection import header

REDIRECTS = 10
REDIRECT = frozenset((301, 302, 303, 307, 308))
BECOMES_GET = frozenset((301, 302, 303))  # for a POST, as browsers do (Fetch, 4.4 "HTTP-redirect fetch")


def is_transient(exchange: Exchange) -> bool:
    """No connection, or one that broke before the answer was whole; a POST that left is not sent again."""
    cause = exchange.failure.cause if exchange.failure else None
    return cause == "connect" or (cause == "reset" and exchange.method == "GET")


def page_of(exchange: Exchange) -> Page | Reading:
    """The page an answer is, unless it came in an encoding nobody offered to undo."""
    coding = (header(exchange, "content-encoding") or "").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip") and exchange.wire_body:  # gzip alone was offered
        return Unreadable(why="not_text", seen=Seen(coding, "header:content-encoding"))
    return Page(url=exchange.url, status=exchange.status or 0, headers=exchange.headers, body=exchange.decoded_body)


def next_url(method: str, base: Url, location: str) -> Url | Reading:
    """Where a redirect may lead, or the reading it ends the walk with: it is recorded and not followed."""
    try:
        url = join(base, location)
    except ValueError as error:
        return Unreached(cause="redirects", detail=str(error))
    if is_login(str(url)):
        return Obstructed(obstacle="login", seen=Seen(location, "header:location"))
    if why := refusal(method, str(url)):
        return Unreached(cause="redirects", detail=f"not followed: {why}")
    if not is_official(url.host):
        return Unreached(cause="redirects", detail=f"not an official host: {url.host}")
    return url


def no_way(words: str) -> Reading:
    """A page whose way forward leads where no visit goes is not the page we know."""
    return Unreadable(why="layout_changed", seen=Seen(words, "url"))
