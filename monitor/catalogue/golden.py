"""A recorded page with the reading expected of it: what `vigie capture` writes, and what the replay test reads.

A golden file is written by the program and trusted only once a person read the page and set `reviewed` to true.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitor.core.prefecture import Context, Desk, Page, Prefecture
from monitor.core.readings import Reading, to_json
from monitor.core.record import RecordLine
from monitor.read.pages.scrub import scrub, scrub_text
from monitor.read.platforms.registry import platform_for

SUFFIX: Final = ".golden.json"
REVIEW: Final = (
    "Open the page beside this file in a text editor. Check that `reading` is what it says, in its own words, and that "
    "nothing personal is left in it. Then set `reviewed` to true."
)
_READ: Final = ("content-type", "cf-mitigated")  # the headers a reader looks at; no other is kept
_ENDINGS: Final = {"text/html": ".html", "application/xhtml+xml": ".html", "application/json": ".json"}


def golden(one: Prefecture, desk: Desk, page: Page, record: RecordLine) -> tuple[bytes, dict[str, Any]] | None:
    """The bytes to keep and the golden document for the last page of a visit, as read today.

    record: of the visit. None where the page, once scrubbed, says something else: it cannot be kept.
    """
    headers = {name: value for name in _READ if (value := page.header(name))}
    body = scrub(page.body)
    document: dict[str, Any] = {
        "review": REVIEW,
        "reviewed": False,
        "check": record["check"],
        "simulated": bool(record.get("simulated")),
        "platform": desk.platform.name,
        "start": desk.platform.url,
        "url": scrub_text(page.url),
        "status": page.status,
        "headers": headers,
        "at": record["started"],
        "time_zone": one.time_zone,
        "label": desk.pattern,
        "opening": desk.opening and [desk.opening[0], desk.opening[1].isoformat()],
        "visit": {"reading": record["reading"], "seen": scrub_text(record.get("seen") or "") or None},
    }
    reading = read(document, body)
    if _bare(reading) != _bare(read(document | {"url": page.url}, page.body)):
        return None
    return body, document | {"reading": to_json(reading)}


def _bare(reading: Reading) -> dict[str, Any]:
    """A reading, what belongs to the visit taken out of the words it rests on: a firewall prints one's address."""
    told = to_json(reading)
    return told | {"seen": told["seen"] and scrub_text(told["seen"])}


def read(document: Mapping[str, Any], body: bytes) -> Reading:
    """What a kept page says today. Raises KeyError, ValueError or UsageError on a document that is none."""
    opening = document["opening"]
    context = Context(
        zone=ZoneInfo(document["time_zone"]),
        at=datetime.fromisoformat(document["at"]) if document["at"] else None,
        label=document["label"],
        opening=(opening[0], datetime.fromisoformat(opening[1])) if opening else None,
    )
    headers = tuple(document["headers"].items())
    page = Page(url=document["url"], status=document["status"], headers=headers, body=body)
    return platform_for(document["platform"], document["start"]).read(page, context)


def names(document: Mapping[str, Any]) -> tuple[str, str]:
    """The names of the page and of its golden file: check, day, and what it is."""
    stem = f"{document['check'].replace('/', '_')}_{document['at'][:10]}"
    kind = document["headers"].get("content-type", "text/html").partition(";")[0].strip().lower()
    return stem + _ENDINGS.get(kind, ".txt"), stem + SUFFIX
