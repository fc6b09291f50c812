"""Pictures of a sweep, taken between its last check and its seal: renderings of the bytes that were read.

No page is asked for again. Styles, images and fonts a page names are asked of official hosts at most once a day a host.
A desk's first page of the legal day gets one, every change of reading, every page with slots, and of the rest a sample.

What a year of it takes: 29 GB for 303 desks looked at 96 times a day, by arithmetic, not by measurement. First of the
day, 303 x 365 pictures, 15.6 GB; sample of one check in 256, 41,472 pictures, 5.8 GB; changes, 55,300 pictures, 7.8 GB,
assuming half a change a desk and day. Each at 141 kB, a dense viewport of 1280 x 900 (that much was measured, 2026-11).
Openings and whole pages (185 kB each) are not counted. The same bytes give the same picture, which is stored once.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from monitor.core.errors import StoreError
from monitor.core.hosts import parse
from monitor.core.prefecture import Open, Page
from monitor.core.record import ExchangeLine, RecordLine, canonical, digest
from monitor.core.record import instant as written
from monitor.fetch.browser.home import BrowserError
from monitor.store.blobs import BlobDamagedError
from monitor.store.rows import instant, micros
from monitor.store.store import Store
from monitor.values import dataclass

if TYPE_CHECKING:
    from monitor.fetch.browser.browser import Browser
    from monitor.fetch.browser.shot import Png, Shot
    from monitor.sweep.sweep import Vantage

SAMPLE: Final = 256  # one check in so many
FEWEST: Final = 4  # words of a sentence that is looked for on the page
LONGEST: Final = 120  # its letters
Read = tuple[str, str]  # selector and words of the element a reading rests on
Resources = dict[str, tuple[str, bytes]]  # content type and decoded bytes of sub-resources, by address
ROBOTS: Final = "/robots.txt"

Why = Literal["opening", "change", "first", "sample"]
ORDER: Final[tuple[Why, ...]] = ("opening", "change", "first", "sample")  # where time is short


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureCandidate:
    """One observation of the sweep, and what is known of its desk before it.

    record: as stored. said, before: reading and detail, of this one and of the last counted before it. pictured: start
    of the desk's last observation with a picture (aware UTC).
    """

    record: RecordLine
    said: tuple[str, str | None]
    before: tuple[str, str | None] | None
    pictured: datetime | None

    @property
    def page(self) -> ExchangeLine | None:
        """The exchange whose answer was read; None where no page came, or none of a desk."""
        exchanges = self.record.get("exchanges") or []
        awaited = next((step["answer"] for step in self.record.get("steps") or () if "answer" in step), None)
        if awaited is not None:  # a browser's visit: what was read is the answer it waited for, not the last to come
            exchanges = [one for one in exchanges if re.search(awaited, urlsplit(one["url"]).path)]
        if self.record["look"] != "desk" or not exchanges or not exchanges[-1].get("decoded_body_bytes"):
            return None
        return None if exchanges[-1]["url"].endswith(ROBOTS) else exchanges[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What Chromium drew. pngs: viewport, then the whole page where asked; facts: what `shots.jsonl` says of them.

    wanted: addresses of sub-resources it missed and that may be asked for.
    """

    pngs: Sequence[bytes]
    facts: Mapping[str, Any]
    wanted: Sequence[str]


def sentence(record: RecordLine) -> str:
    """The words of the site a picture is scrolled to; empty where they are too few to stand in one place only."""
    words = str(record.get("seen") or "").split()
    while len(" ".join(words)) > LONGEST:
        words.pop()
    return " ".join(words) if len(words) >= FEWEST else ""


def read(record: RecordLine) -> Read | None:
    """The element a picture shows in its middle; None where the reading rests on no words."""
    selector, words = record.get("selector"), record.get("seen")
    return (selector, words) if selector and words else None


def why(taken: PictureCandidate, one_in: int = SAMPLE) -> Why | None:
    """Why this observation gets a picture, or None. one_in: of the rest, one in so many; 0: none."""
    if taken.page is None:
        return None
    if taken.said[0] == "SlotsOpen":
        return "opening"
    if taken.before not in (None, taken.said):
        return "change"
    zone = ZoneInfo(taken.record["time_zone"])
    today = datetime.fromisoformat(taken.record["started"]).astimezone(zone).date()
    if taken.pictured is None or taken.pictured.astimezone(zone).date() != today:
        return "first"
    return "sample" if one_in and in_sample(taken.record["id"], one_in) else None


def in_sample(check_id: str, one_in: int) -> bool:
    """Whether a check is in the sample. Nobody can choose: its id follows from the sweep sealed before it."""
    return int.from_bytes(hashlib.sha256(f"picture {check_id}".encode()).digest()[:8]) % one_in == 0


TIME: Final = 180.0  # seconds for all pictures of a sweep
ROUNDS: Final = 3  # a style sheet names fonts and images, which the next rendering asks for
A_HOST: Final = 20  # sub-resources asked of a host a day
A_BODY: Final = 2_000_000  # bytes of a sub-resource
A_DAY: Final = timedelta(hours=24)
SUBJECT: Final = "captures"  # what the check id of a style or an image is derived from
LATE: Final = "no time was left in this sweep"
MISSED: Final = 40  # sub-resources that were not given, named in a line

_BEFORE: Final = """
SELECT c.reading, c.detail FROM counted c JOIN subject s ON s.id = c.subject
WHERE s.key = ? AND c.seq < ? ORDER BY c.seq DESC LIMIT 1"""
_PICTURED: Final = """
SELECT o.started FROM last l JOIN subject s ON s.id = l.subject JOIN observation o ON o.seq = l.pictured
WHERE s.key = ?"""

_FETCHED: Final = """
SELECT json_group_array(json_array(url, content_type, lower(hex(digest)))) FROM resource
WHERE host = ? AND fetched > ? AND digest NOT NULL"""


async def take(
    sweep: int, store: Store, browser: Browser, vantage: Vantage, *, one_in: int = SAMPLE, within: float = TIME
) -> int:
    """Take the pictures of a sweep within so many seconds. Returns how many; never raises for a page.

    Openings come first. One that gets no picture is declared with the reason; the first of a day and a sample that time
    did not allow are left to the next sweep.
    """
    album = StoreAlbum(store)
    chosen = [(reason, one) for one in album.taken(sweep) if (reason := why(one, one_in))]
    chosen.sort(key=lambda pair: (ORDER.index(pair[0]), pair[1].record["seq"]))
    work = _Work(album, browser, vantage, vantage.check_id(sweep, SUBJECT))
    done = 0
    try:
        async with asyncio.timeout(within):
            for reason, one in chosen:
                await work.one(reason, one)
                done += 1
    except TimeoutError:
        for reason, one in chosen[done:]:
            if reason in ("opening", "change"):
                album.keep(one.record["seq"], _told(reason, one) | {"not_shown": LATE}, ())
    return work.shown


class _Work:
    """One sweep's pictures. check_id: goes into the User-Agent of what is fetched."""

    def __init__(self, album: StoreAlbum, browser: Browser, vantage: Vantage, check_id: str) -> None:
        self._album, self._browser, self._vantage, self._check_id = album, browser, vantage, check_id
        self._since = vantage.clock.now() - A_DAY
        self._known: dict[str, Resources] = {}
        self._left: dict[str, int] = {}
        self.shown = 0

    async def one(self, reason: Why, taken: PictureCandidate) -> None:
        """Draw one observation and keep the result, or why there is none."""
        album, line = self._album, _told(reason, taken)
        seq, zone = taken.record["seq"], taken.record["time_zone"]
        try:
            page = _page(taken, album)
        except StoreError as error:
            album.keep(seq, line | {"not_shown": str(error)}, ())
            return
        resources = dict(self._of(parse(page.url).host))
        drawn = await self._draw(page, resources, zone, full_page=reason == "opening", read=read(taken.record))
        if isinstance(drawn, str):
            album.keep(seq, line | {"not_shown": drawn}, ())
            return
        album.keep(seq, {**line, **drawn.facts, "made": written(self._vantage.clock.now())}, drawn.pngs)
        self.shown += 1

    async def _draw(
        self, page: Page, resources: Resources, zone: str, *, full_page: bool, read: Read | None
    ) -> Rendering | str:
        """The last of a few renderings, each with what the one before was found to lack."""
        for _round in range(ROUNDS):
            drawn = await _render(self._browser, page, resources, zone, full_page=full_page, read=read)
            got = {} if isinstance(drawn, str) else await self._fetch(drawn.wanted)
            if not got:
                return drawn
            resources |= got
        return await _render(self._browser, page, resources, zone, full_page=full_page, read=read)

    def _of(self, host: str) -> Resources:
        if host not in self._known:
            album = self._album
            self._left[host] = 0 if album.asked(host, self._since) else A_HOST
            self._known[host] = album.resources(host, self._since)
        return self._known[host]

    async def _fetch(self, wanted: Iterable[str]) -> Resources:
        """What is known of these, or can be had now."""
        got: Resources = {}
        for url in wanted:
            host = parse(url).host
            known = self._of(host)
            if url not in known and self._left[host] > 0 and self._vantage.visitor.closed(host) is None:
                self._left[host] -= 1
                await self._ask(url, host)
            if url in known:
                got[url] = known[url]
        return got

    async def _ask(self, url: str, host: str) -> None:
        session = self._vantage.visitor.session(self._check_id)
        try:
            await session.perform((Open(url),), None)
            last = session.exchanges[-1] if session.exchanges else None
        finally:
            session.close()
        kind, body = "", None
        if last is not None and last.status == 200 and len(last.decoded_body) <= A_BODY and last.failure is None:
            kind = next((value for name, value in last.headers if name.lower() == "content-type"), "")
            body = last.decoded_body if not last.url.endswith("/robots.txt") else None
        self._album.keep_resource(url, host, self._vantage.clock.now(), kind, body)
        if body is not None:
            self._known[host][url] = kind, body


def _told(reason: Why, taken: PictureCandidate) -> dict[str, Any]:
    page = taken.page
    assert page is not None, "only what was read is drawn"
    return {
        "v": 1,
        "seq": taken.record["seq"],
        "check": taken.record["check"],
        "id": taken.record["id"],
        "why": reason,
        "how": "rendered",
        "url": page["url"],
        "page_sha256": page["decoded_body_sha256"],
        "time_zone": taken.record["time_zone"],
        "scrolled_to": sentence(taken.record),
    }


def _page(taken: PictureCandidate, album: StoreAlbum) -> Page:
    """The page as it was read, from the bytes kept of it. Raises StoreError."""
    told = taken.page
    assert told is not None, "only what was read is drawn"
    seq = taken.record["seq"]
    head = album.body(told["head_sha256"], seq) if "head_sha256" in told else b""
    lines = head.decode("latin-1").split("\r\n")[1:]
    headers = tuple((name, value.strip()) for name, colon, value in (x.partition(":") for x in lines) if colon)
    return Page(
        url=told["url"].partition("#")[0] + _scrolled(taken),
        status=told.get("status", 200),
        headers=headers,
        body=album.body(told["decoded_body_sha256"], seq),
    )


def _scrolled(taken: PictureCandidate) -> str:
    """A text fragment (WICG, 2026-11: Chromium scrolls there and marks the words), which no server is ever sent."""
    words = sentence(taken.record)
    return f"#:~:text={quote(words, safe='').replace('-', '%2D')}" if words else ""


class StoreAlbum:
    """Pictures and sub-resources in the open store of the sweep that just ended: lines, and files among the blobs."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def taken(self, sweep: int) -> Iterator[PictureCandidate]:
        """The observations of a sweep."""
        found = self._store.records.sweep(sweep)
        for row in self._store.records.rows(found.first_seq, found.end_seq) if found else ():
            before = self._store.one(_BEFORE, (row.subject, row.seq))
            pictured = self._store.one(_PICTURED, (row.subject,))
            yield PictureCandidate(
                record=json.loads(row.line),
                said=(row.reading, row.detail),
                before=(before[0], before[1]) if before else None,
                pictured=instant(pictured[0]) if pictured else None,
            )

    def body(self, digest: str, seq: int) -> bytes:
        """Stored bytes that an observation names. Raises StoreError."""
        return self._store.blobs.get(digest, seq)

    def keep(self, seq: int, line: Mapping[str, Any], blobs: Iterable[bytes]) -> None:
        """Keep a picture's line and the bytes it names, together or not at all."""
        digests = [self._store.blobs.put(data) for data in blobs]
        with self._store.transaction() as tx:
            self._store.blobs.index(digests)
            tx.db.execute("INSERT INTO shot VALUES (?, ?)", (seq, canonical(line)))

    def resources(self, host: str, since: datetime) -> Resources:
        """What was fetched of a host since then."""
        found: Resources = {}
        row = self._store.one(_FETCHED, (host, micros(since)))
        for url, kind, body in json.loads(row[0]) if row else ():
            with suppress(BlobDamagedError):
                found[url] = kind, self._store.blobs.get(body)
        return found

    def asked(self, host: str, since: datetime) -> bool:
        """True when anything was asked of a host for a picture since then."""
        query = "SELECT 1 FROM resource WHERE host = ? AND fetched > ? LIMIT 1"
        return self._store.one(query, (host, micros(since))) is not None

    def keep_resource(self, url: str, host: str, at: datetime, content_type: str, body: bytes | None) -> None:
        """Remember what was fetched, or (None) that it could not be had."""
        kept = None if body is None else bytes.fromhex(self._store.blobs.put(body))
        with self._store.transaction() as tx:
            if kept is not None:
                self._store.blobs.index([kept.hex()])
            row = (url, host, micros(at), content_type, kept)
            tx.db.execute("REPLACE INTO resource VALUES (?, ?, ?, ?, ?)", row)


async def _render(
    browser: Browser, page: Page, resources: Resources, zone: str, *, full_page: bool, read: Read | None
) -> Rendering | str:
    """The picture, without network and without JavaScript, or why there is none."""
    if why := browser.absent():
        return why
    from monitor.fetch.browser.requests import Resource

    given = {url: Resource(*one) for url, one in resources.items()}
    try:
        shot = await browser.render(page, given, zone=zone, full_page=full_page, read=read)
    except BrowserError as error:
        return str(error)
    pngs = [shot.png] if shot.full is None else [shot.png, shot.full.png]
    return Rendering(pngs=pngs, facts=_facts(shot), wanted=shot.wanted)


def _facts(shot: Shot) -> dict[str, Any]:
    told: dict[str, Any] = {
        **_picture(shot),
        "browser": shot.browser,
        "javascript": False,
        "network": False,
        "full_page": shot.full is not None,
        "boxed": shot.boxed,
        "resources": [{"url": one.url, "kind": one.kind, "sha256": one.sha256} for one in shot.used],
        "missing": [{"url": one.url, "kind": one.kind, "why": one.why} for one in shot.missing[:MISSED]],
    }
    return told | ({"full": _picture(shot.full)} if shot.full else {})


def _picture(one: Png) -> dict[str, Any]:
    size = {"width": one.width, "height": one.height}
    return {"png_sha256": digest(one.png), "pixels_sha256": one.pixels_sha256, **size}
