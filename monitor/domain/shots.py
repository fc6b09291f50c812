"""Which checks of a sweep get a picture. Pure.

A desk's first page of the legal day, every change of reading, every page with slots, and of the rest a sample.

What a year of it takes: 29 GB for 303 desks looked at 96 times a day, by arithmetic, not by measurement. First of the
day, 303 x 365 pictures, 15.6 GB; sample of one check in 256, 41,472 pictures, 5.8 GB; changes, 55,300 pictures, 7.8 GB,
assuming half a change a desk and day. Each at 141 kB, a dense viewport of 1280 x 900 (that much was measured, 2026-11).
Openings and whole pages (185 kB each) are not counted. The same bytes give the same picture, which is stored once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

SAMPLE: Final = 256  # one check in so many
FEWEST: Final = 4  # words of a sentence that is looked for on the page
LONGEST: Final = 120  # its letters
Resources = dict[str, tuple[str, bytes]]  # content type and decoded bytes of sub-resources, by address
ROBOTS: Final = "/robots.txt"

Why = Literal["opening", "change", "first", "sample"]
ORDER: Final[tuple[Why, ...]] = ("opening", "change", "first", "sample")  # where time is short


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One observation of the sweep, and what is known of its desk before it.

    record: as stored. said, before: reading and detail, of this one and of the last counted before it. pictured: start
    of the desk's last observation with a picture (aware UTC).
    """

    record: Mapping[str, Any]
    said: tuple[str, str | None]
    before: tuple[str, str | None] | None
    pictured: datetime | None

    @property
    def page(self) -> Mapping[str, Any] | None:
        """The exchange whose answer was read; None where no page came, or none of a desk."""
        exchanges = self.record.get("exchanges") or []
        awaited = next((step["answer"] for step in self.record.get("steps") or () if "answer" in step), None)
        if awaited is not None:  # a browser's visit: what was read is the answer it waited for, not the last to come
            exchanges = [one for one in exchanges if re.search(awaited, urlsplit(one["url"]).path)]
        last = exchanges[-1] if exchanges else {}
        if self.record.get("look") != "desk" or not last.get("decoded_body_bytes"):
            return None
        return None if last["url"].endswith(ROBOTS) else last


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What Chromium drew. pngs: viewport, then the whole page where asked; facts: what `shots.jsonl` says of them.

    wanted: addresses of sub-resources it missed and that may be asked for.
    """

    pngs: Sequence[bytes]
    facts: Mapping[str, Any]
    wanted: Sequence[str]


def sentence(record: Mapping[str, Any]) -> str:
    """The words of the site a picture is scrolled to; empty where they are too few to stand in one place only."""
    words = str(record.get("seen") or "").split()
    while len(" ".join(words)) > LONGEST:
        words.pop()
    return " ".join(words) if len(words) >= FEWEST else ""


def why(taken: Taken, one_in: int = SAMPLE) -> Why | None:
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
