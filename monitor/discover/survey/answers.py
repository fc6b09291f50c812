"""What a survey asked today, and what came: stopped and begun again, it asks nothing twice.

One append-only file. A line says that a request is about to leave, another, with the body behind it, what came. A stop
between the two leaves an address that was asked and whose answer nobody has: it is not asked again that day either.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from gettext import gettext as _
from pathlib import Path
from typing import IO, Any, Final

from monitor.core.errors import StoreError
from monitor.core.exchange import Exchange
from monitor.core.hosts import join, parse
from monitor.core.ports import Clock
from monitor.core.readings import Unreached
from monitor.core.words import os_words
from monitor.fetch.http.connection import header
from monitor.fetch.http.hosts import LeftAloneError
from monitor.store.files import make_folder

FILE: Final = "answers"  # of the folder `survey` in the data folder
KEPT: Final = timedelta(days=1)
_SYNC_EVERY: Final = 1.0  # seconds: what loss of power may cost; a stop of the program costs nothing


class KeptAnswers:
    """Implements `monitor.fetch.http.hosts.Answers` over a file. asked: requests that left in this run."""

    def __init__(self, file: Path, clock: Clock) -> None:
        """Raises StoreError where the file cannot be read or written. Only the holder of the data folder makes one."""
        self._clock, self.asked, self._over = clock, 0, ""
        self._places: dict[str, tuple[dict[str, Any], int, int]] = {}  # head, place and size of the body
        self._left: dict[str, datetime] = {}
        self._again: set[str] = set()  # may be asked once more in this run
        self._tried: set[str] = set()
        self._path = file
        try:
            make_folder(file.parent)
            self._file = self._open(file)
        except OSError as error:
            raise StoreError(_("{path}: {why}").format(path=file, why=os_words(error))) from error
        self._synced = clock.monotonic_ns()

    @classmethod
    def known(cls, file: Path, clock: Clock) -> list[str]:
        """The addresses a file keeps an answer of, for who holds no lock. Raises StoreError."""
        try:
            with file.open("rb") as kept:
                heads = [head for head, *_place in _records(kept)]
        except OSError as error:
            raise StoreError(_("{path}: {why}").format(path=file, why=os_words(error))) from error
        now = clock.now()
        young = (head for head in heads if "url" in head and now - datetime.fromisoformat(head["started"]) < KEPT)
        return [head["url"] for head in young]

    def stop(self, why: str) -> None:
        """Let nothing more leave. why: in English, for the reading of what is not asked."""
        self._over = self._over or why

    @property
    def over(self) -> str:
        """Why nothing more leaves; empty while requests may."""
        return self._over

    def kept(self, url: str) -> Exchange | None:
        """See `Answers`. After a failure, or a redirect to itself that gave a cookie, a check may ask once more."""
        if url in self._again:
            self._again.discard(url)
            return None
        if url in self._places:
            return self._exchange(url)
        if (at := self._left.get(url)) is not None:
            raise LeftAloneError(f"asked at {at:%Y-%m-%dT%H:%M:%SZ}, stopped before its answer was kept")
        return None

    def leaves(self, url: str) -> None:
        """See `Answers`."""
        if self._over:
            raise LeftAloneError(self._over)
        self.asked += 1
        self._write({"asked": url, "at": self._clock.now().isoformat()})

    def came(self, exchange: Exchange) -> None:
        """See `Answers`."""
        head = {
            "url": exchange.url,
            "started": exchange.started.isoformat(),
            "finished": exchange.finished.isoformat(),
            "status": exchange.status,
            "headers": [list(pair) for pair in exchange.headers],
            "failure": asdict(exchange.failure) if exchange.failure else None,
        }
        if (exchange.failure or _leads_to_itself(exchange)) and exchange.url not in self._tried:
            self._tried.add(exchange.url)
            self._again.add(exchange.url)
        self._write(head, zlib.compress(exchange.decoded_body, 6))

    def close(self) -> None:
        """What was written is proof against loss of power when this returns."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    # --- the file -----------------------------------------------------------------------------------------------------

    def _open(self, file: Path) -> IO[bytes]:
        """The file, read so far as it is whole; what a stop cut in two is cut off, what is older than a day left."""
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        kept = os.fdopen(descriptor, "r+b")
        end = 0
        for head, place, size, end in _records(kept):  # noqa: B007 - the end of the last whole one is what is wanted
            self._note(head, place, size)
        kept.truncate(end if self._left or self._places else 0)
        kept.seek(0, os.SEEK_END)
        return kept

    def _note(self, head: dict[str, Any], place: int, size: int) -> None:
        url = head.get("asked") or head["url"]
        at = datetime.fromisoformat(head.get("at") or head["started"])
        if abs(self._clock.now() - at) >= KEPT:  # a little to come: the clock was set back
            return
        if "asked" in head:
            self._left[url] = at
        else:
            self._places[url] = head, place, size

    def _write(self, head: dict[str, Any], body: bytes = b"") -> None:
        try:
            self._file.seek(0, os.SEEK_END)
            line = json.dumps(head | ({"size": len(body)} if body else {}), ensure_ascii=False).encode() + b"\n"
            self._file.write(line + body)
            self._file.flush()
            self._note(head, self._file.tell() - len(body), len(body))
            now = self._clock.monotonic_ns()
            if now - self._synced > _SYNC_EVERY * 1e9:
                os.fsync(self._file.fileno())
                self._synced = now
        except OSError as error:
            raise StoreError(_("{path}: {why}").format(path=self._path, why=os_words(error))) from error

    def _exchange(self, url: str) -> Exchange:
        head, place, size = self._places[url]
        self._file.seek(place)
        failure = head["failure"]
        return Exchange(
            method="GET",
            url=url,
            started=datetime.fromisoformat(head["started"]),
            finished=datetime.fromisoformat(head["finished"]),
            started_mono_ns=0,
            finished_mono_ns=0,
            status=head["status"],
            headers=tuple((name, value) for name, value in head["headers"]),
            decoded_body=zlib.decompress(self._file.read(size)),
            failure=Unreached(**failure) if failure else None,
        )


def _leads_to_itself(exchange: Exchange) -> bool:
    location = header(exchange, "location")
    with suppress(ValueError):
        target = join(parse(exchange.url), location) if location else None
        return target is not None and 300 <= (exchange.status or 0) < 400 and str(target) == exchange.url
    return False


def _records(file: IO[bytes]) -> Iterator[tuple[dict[str, Any], int, int, int]]:
    """Each whole record of a file: head, place and size of its body, end."""
    while line := file.readline():
        head: Any = None
        with suppress(ValueError):
            head = json.loads(line)
        if not line.endswith(b"\n") or not isinstance(head, dict):
            return
        place, size = file.tell(), int(head.get("size", 0))
        if len(file.read(size)) < size:
            return
        yield head, place, size, file.tell()
