"""Pictures in the data folder (their lines, their PNG files among the blobs) and the Chromium that draws them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from monitor.core.record import canonical, digest
from monitor.fetch.browser.home import BrowserError
from monitor.store.blobs import BlobDamagedError
from monitor.store.rows import instant, micros
from monitor.store.store import Store
from monitor.sweep.pictures import Rendering, Resources, Taken

if TYPE_CHECKING:
    from monitor.core.prefecture import Page
    from monitor.fetch.browser.browser import Browser
    from monitor.fetch.browser.shot import Picture, Shot

MISSED: Final = 40  # sub-resources that were not given, named in a line

_BEFORE: Final = """
SELECT c.reading, c.detail FROM counted c JOIN subject s ON s.id = c.subject
WHERE s.key = ? AND c.seq < ? ORDER BY c.seq DESC LIMIT 1"""
_PICTURED: Final = """
SELECT o.started FROM observation o JOIN subject s ON s.id = o.subject
WHERE s.key = ? AND o.seq IN (SELECT seq FROM shot) ORDER BY o.seq DESC LIMIT 1"""

_FETCHED: Final = """
SELECT json_group_array(json_array(url, content_type, lower(hex(digest)))) FROM resource
WHERE host = ? AND fetched > ? AND digest NOT NULL"""


class StoreAlbum:
    """Implements `monitor.sweep.pictures.Album` over the open store of the sweep that just ended."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def taken(self, sweep: int) -> Iterator[Taken]:
        """See `Album`."""
        found = next(one for one in self._store.records.sweeps() if one.number == sweep)
        for row in self._store.records.rows(found.first_seq, found.end_seq):
            before = self._store.one(_BEFORE, (row.subject, row.seq))
            pictured = self._store.one(_PICTURED, (row.subject,))
            yield Taken(
                record=json.loads(row.line),
                said=(row.reading, row.detail),
                before=(before[0], before[1]) if before else None,
                pictured=instant(pictured[0]) if pictured else None,
            )

    def body(self, digest: str) -> bytes:
        """See `Album`."""
        return self._store.blobs.get(digest)

    def keep(self, seq: int, line: Mapping[str, Any], blobs: Iterable[bytes]) -> None:
        """See `Album`."""
        digests = [self._store.blobs.put(data) for data in blobs]
        with self._store.transaction() as tx:
            self._store.blobs.index(digests)
            tx.db.execute("INSERT INTO shot VALUES (?, ?)", (seq, canonical(line)))

    def resources(self, host: str, since: datetime) -> Resources:
        """See `Album`."""
        found: Resources = {}
        row = self._store.one(_FETCHED, (host, micros(since)))
        for url, kind, body in json.loads(row[0]) if row else ():
            with suppress(BlobDamagedError):
                found[url] = kind, self._store.blobs.get(body)
        return found

    def asked(self, host: str, since: datetime) -> bool:
        """See `Album`."""
        query = "SELECT 1 FROM resource WHERE host = ? AND fetched > ? LIMIT 1"
        return self._store.one(query, (host, micros(since))) is not None

    def keep_resource(self, url: str, host: str, at: datetime, content_type: str, body: bytes | None) -> None:
        """See `Album`."""
        kept = None if body is None else bytes.fromhex(self._store.blobs.put(body))
        with self._store.transaction() as tx:
            if kept is not None:
                self._store.blobs.index([kept.hex()])
            row = (url, host, micros(at), content_type, kept)
            tx.db.execute("REPLACE INTO resource VALUES (?, ?, ?, ?, ?)", row)


class ChromiumStudio:
    """Implements `monitor.sweep.pictures.Studio`."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    async def render(self, page: Page, resources: Resources, zone: str, *, full_page: bool) -> Rendering | str:
        """See `Studio`."""
        if why := self._browser.absent():
            return why
        from monitor.fetch.browser.requests import Resource

        given = {url: Resource(*one) for url, one in resources.items()}
        try:
            shot = await self._browser.render(page, given, zone=zone, full_page=full_page)
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
        "resources": [{"url": one.url, "kind": one.kind, "sha256": one.sha256} for one in shot.used],
        "missing": [{"url": one.url, "kind": one.kind, "why": one.why} for one in shot.missing[:MISSED]],
    }
    return told | ({"full": _picture(shot.full)} if shot.full else {})


def _picture(one: Picture) -> dict[str, Any]:
    size = {"width": one.width, "height": one.height}
    return {"png_sha256": digest(one.png), "pixels_sha256": one.pixels_sha256, **size}
