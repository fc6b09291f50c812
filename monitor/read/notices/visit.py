"""A notice as something to visit: open its page, and say what it publishes or what stood in the way. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitor.core.prefecture import Open, Page, Visit
from monitor.core.readings import (
    Contradictory,
    NotFound,
    NoticeFacts,
    Published,
    Reading,
    Seen,
    Unreadable,
    from_json,
)
from monitor.core.record import RecordLine
from monitor.read.notices.context import Quote
from monitor.read.notices.facts import PublishedFacts, read_notice
from monitor.read.notices.rules import Rules
from monitor.read.pages.html import HtmlPage
from monitor.read.pages.obstacles import opened
from monitor.values import dataclass

SPEAKS_FROM = 600  # characters: a page that holds more than this is no error page, whatever its first heading says


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The last record in which this notice was read: its reading, and what the site gave to ask "has it changed?"."""

    seq: int
    record: RecordLine
    etag: str | None = None
    last_modified: str | None = None

    @classmethod
    def of(cls, record: RecordLine) -> Earlier:
        """From a record of the notice: the validators of the answer its reading rests on."""
        answer: Mapping[str, Any] = next(
            (e for e in reversed(record["exchanges"]) if e.get("status") in (200, 304)), {}
        )
        return cls(seq=record["seq"], record=record, etag=answer.get("etag"), last_modified=answer.get("last_modified"))


def notice_visit(url: str, rules: Rules, *, territory: str, at: datetime, earlier: Earlier | None = None) -> Visit:
    """Open the notice, asking for it only if it changed where the site allows that (RFC 9110, 13.1)."""
    page = yield (Open(url, unless=_validators(earlier)),)
    if page.status == 304 and earlier is not None:
        return _unchanged(earlier)
    return read_notice_page(page, rules, territory=territory, at=at)


def read_notice_page(page: Page, rules: Rules, *, territory: str = "FR", at: datetime | None = None) -> Reading:
    """What one page publishes, or the obstacle that was there instead."""
    if not (page.status == 200 and page.body.startswith(b"%PDF-")):
        document = opened(page, _speaks)
        if not isinstance(document, HtmlPage):
            return document
    return reading_of(read_notice(page.body, page.header("content-type"), page.url, rules, territory=territory, at=at))


def reading_of(facts: PublishedFacts) -> Reading:
    """The reading some facts amount to: what is published, contradictory, or not found on the page examined."""
    if facts.unreadable is not None:
        return Unreadable(why=facts.unreadable)
    told = {**facts.to_json(), "quotes": [_quote(quote) for quote in facts.quotes()]}
    if facts.flags:
        told["flags"] = sorted(facts.flags)
    if facts.pan.status == "contradictory" and facts.pan.for_foreigners and facts.pan.seen:
        return Contradictory(seen=_seen(facts.pan.seen), facts=told)
    first = _first_published(facts)
    if first is None:
        return NotFound(pages_examined=(facts.url,), facts=told)
    return Published(seen=_seen(first), facts=told)


def _first_published(facts: PublishedFacts) -> Quote | None:
    """The quote of the first thing published: PAN, then channels in the order people may use them. A PAN for others, or
    whose public is not said, is told among the facts and counts for nothing."""
    if facts.pan.status != "not_found" and facts.pan.for_foreigners and facts.pan.seen:
        return facts.pan.seen
    for channel in facts.channels.values():
        if channel.published and channel.seen:
            return channel.seen
    if facts.drop_box:
        return facts.drop_box
    return next((vector.seen for vector in facts.ordinary_appointment.vectors), None)


def _speaks(document: HtmlPage) -> bool:
    return sum(map(len, document.statements)) > SPEAKS_FROM


def _validators(earlier: Earlier | None) -> tuple[tuple[str, str], ...]:
    if earlier is None:
        return ()
    pairs = (("If-None-Match", earlier.etag), ("If-Modified-Since", earlier.last_modified))
    return tuple((name, value) for name, value in pairs if value)


def _unchanged(earlier: Earlier) -> Reading:
    """The site says the page is the one read before: its facts, and the record they were read in."""
    reading = from_json(dict(earlier.record))
    assert isinstance(reading, NoticeFacts)
    since = earlier.seq if reading.unchanged_since is None else reading.unchanged_since
    return from_json({**earlier.record, "unchanged_since": since})


def _seen(quote: Quote) -> Seen:
    return Seen(quote.text, f"text[{quote.start}:{quote.end}]")


def _quote(quote: Quote) -> dict[str, Any]:
    return {"text": quote.text, "start": quote.start, "end": quote.end}
