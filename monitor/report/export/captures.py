"""Which received pages and pictures an export encloses: enough to see every change, few enough to be handed over."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitor.core.record import canonical
from monitor.evidence.exported.names import CAPTURES, RECORDS
from monitor.report.observed import Observed

PRINTED: Final = 40  # pictures in the document, some 150 kB each; the others stand in `captures/`
READABLE: Final = 2600  # pixels of height of a page 1280 wide, on A4
Lines = Mapping[int, Mapping[str, Any]]  # of `shots.jsonl`, by the sequence number of their observation


def chosen(seen: Iterable[Observed], zone: ZoneInfo, *, everything: bool = False) -> list[str]:
    """SHA-256 of the decoded bodies to enclose and of their header blocks, which a page is read with; each once.

    For each subject: its first and last observation, the first of each day of legal time, both sides of every change of
    reading, every observation that showed a slot. everything: all of them.
    """
    by_subject: dict[str, list[Observed]] = {}
    for one in seen:
        by_subject.setdefault(one.subject, []).append(one)
    wanted = [one for all_of_it in by_subject.values() for one in (all_of_it if everything else _some(all_of_it, zone))]
    wanted.sort(key=lambda one: one.seq)
    return list(dict.fromkeys(body for one in wanted for body in (*one.bodies, *one.heads)))


def _some(seen: list[Observed], zone: ZoneInfo) -> list[Observed]:
    kept = {seen[0].seq, seen[-1].seq}
    days = set()
    for one in seen:
        today = one.started.astimezone(zone).date()
        if today not in days or one.reading == "SlotsOpen":
            kept.add(one.seq)
        days.add(today)
    for before, after in pairwise(seen):
        if before.said != after.said:
            kept |= {before.seq, after.seq}
    return [one for one in seen if one.seq in kept]


def file_name(body: str, data: bytes) -> str:
    """`DIGEST.html`, so that a reader's machine can open it; the ending is a guess from the bytes, not a claim."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    endings = (
        (b"%PDF-", "pdf"),
        (b"<", "html"),
        (b"{", "json"),
        (b"[", "json"),
        (b"\x89PNG", "png"),
        (b"HTTP/", "txt"),
    )
    return f"{body}.{next((ending for mark, ending in endings if start.startswith(mark)), 'bin')}"


class CapturePlaces:
    """Where each enclosed file stands: under the day (UTC) and the check of the first record that names it.

    wanted: digests of what may be enclosed. A file that only pictures name stands with the observation of the first.
    """

    _DIGEST: Final = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")

    def __init__(self, wanted: Collection[str]) -> None:
        self._left = {one.encode() for one in wanted}
        self._places: dict[str, str] = {}

    def watching(self, files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
        """The same files; of the records among them it is noted what they name."""
        for name, data in files:
            if name == RECORDS:
                for line in data.splitlines():
                    self._note(line, line)
            yield name, data

    def drawn(self, lines: Lines, seen: Iterable[Observed]) -> None:
        """After the records: what pictures' lines name and no record does."""
        for one in seen:
            if one.seq in lines:
                self._note(canonical(lines[one.seq]), canonical({"check": one.subject, "started": f"{one.started:%F}"}))

    def __contains__(self, body: str) -> bool:
        return body in self._places

    def name(self, body: str, data: bytes, mark: str = "") -> str:
        """Its name in the export. mark: before the digest."""
        return f"{CAPTURES}/{self._places[body]}/{mark}{file_name(body, data)}"

    def _note(self, line: bytes, record: bytes) -> None:
        if new := self._left.intersection(self._DIGEST.findall(line)):
            told = json.loads(record)
            place = f"{told['started'][:10]}/{told['check'].replace('/', '-')}"
            self._places |= {one.decode(): place for one in new}
            self._left -= new


def pictured(shots: Iterable[bytes], seen: Iterable[Observed], *, everything: bool = False) -> Lines:
    """The pictures to enclose: of these observations, all but the sample. everything: with the sample.

    shots: lines of `shots.jsonl`. A picture that could not be made is among them, with its reason.
    """
    numbers = {one.seq for one in seen}
    lines = [line for line in map(json.loads, shots) if line["seq"] in numbers]
    return {line["seq"]: line for line in lines if everything or line["why"] != "sample"}


def printed(lines: Lines, most: int = PRINTED) -> Sequence[int]:
    """Which pictures the document shows, in order: openings before changes before the rest, the newest first."""
    shown = [seq for seq, line in lines.items() if "png_sha256" in line]
    shown.sort(
        key=lambda seq: (
            ("opening", "change").index(w) if (w := lines[seq]["why"]) in ("opening", "change") else 2,
            -seq,
        )
    )
    return sorted(shown[:most])


def best(line: Mapping[str, Any]) -> str:
    """SHA-256 of the picture the document shows: the whole page where it can still be read on paper."""
    full = line.get("full")
    return str(full["png_sha256"] if full and full["height"] <= READABLE else line["png_sha256"])


def facts(line: Mapping[str, Any]) -> list[str]:
    """What is printed under a picture: what it is, from which bytes, with what, and what it lacks."""
    from monitor.report.export import words

    used, missing = line["resources"], line["missing"]
    drawn = words.DRAWN.format(browser=line["browser"], made=line["made"][:19].replace("T", " "))
    size = f"{line['width']} × {line['height']} pixels"
    out = [f"{drawn} {size}.", words.DRAWN_FROM.format(page=line["page_sha256"], check=line["id"])]
    out.append(words.PICTURE_DIGEST.format(digest=line["png_sha256"]))
    if line["scrolled_to"]:
        out.append(words.SCROLLED)
    if "full" in line:
        out.append(words.WHOLE_PAGE.format(digest=line["full"]["png_sha256"]))
    if used:
        told = " ; ".join(f"{one['url']} {one['sha256'][:16]}…" for one in used)
        out.append(words.DRAWN_WITH.format(told=told))
    if missing:
        out.append(words.DRAWN_WITHOUT.format(told=" ; ".join(one["url"] for one in missing[:8]), n=len(missing)))
    return out
