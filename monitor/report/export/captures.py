"""Which received pages and pictures an export encloses: enough to see every change, few enough to be handed over."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitor.core.record import canonical
from monitor.evidence.exported.names import CAPTURES, RECORDS
from monitor.evidence.folder import picture_files
from monitor.paper.french import legal
from monitor.report.observed import Observed
from monitor.values import pattern

PRINTED: Final = 40  # pictures in the document, some 150 kB each; the others stand in `captures/`
FILES: Final = 300  # under `captures/`, unless every page is asked for: what is handed over is opened by people
SIZE: Final = 4_000_000  # bytes of them
READABLE: Final = 2600  # pixels of height of a page 1280 wide, on A4
Lines = Mapping[int, Mapping[str, Any]]  # of `shots.jsonl`, by the sequence number of their observation


def ranked(seen: Iterable[Observed], lines: Lines, zone: ZoneInfo) -> list[Observed]:
    """The observations whose pages and pictures are worth enclosing, what matters most first.

    The first and last of each subject; those that showed a slot; both sides of every change of reading; the first of
    each day of legal time, and what else has a picture. Within each, the order is such that the beginning of it is
    spread evenly: however many there is room for, they are of the whole period.
    """
    by_subject: dict[str, list[Observed]] = {}
    for one in seen:
        by_subject.setdefault(one.subject, []).append(one)
    ranks: dict[int, tuple[int, Observed]] = {}
    for all_of_it in by_subject.values():
        for rank, one in _ranks(all_of_it, lines, zone):
            ranks[one.seq] = min((rank, one), ranks.get(one.seq, (rank, one)), key=lambda pair: pair[0])
    out: list[Observed] = []
    for rank in range(4):
        out += spread([one for _seq, (found, one) in sorted(ranks.items()) if found == rank])
    return out


def _ranks(seen: Sequence[Observed], lines: Lines, zone: ZoneInfo) -> Iterator[tuple[int, Observed]]:
    yield from ((0, one) for one in (seen[0], seen[-1]))
    days = set()
    for one in seen:
        today = one.started.astimezone(zone).date()
        if one.reading == "SlotsOpen":
            yield 1, one
        elif one.seq in lines:
            yield {"opening": 1, "change": 2}.get(lines[one.seq]["why"], 3), one
        if today not in days:
            yield 3, one
        days.add(today)
    for before, after in pairwise(seen):
        if before.said != after.said:
            yield from ((2, before), (2, after))


def spread(ordered: Sequence[Observed]) -> list[Observed]:
    """The same in an order whose every beginning is spread over the whole: the halves, the quarters, the eighths."""
    width = len(ordered).bit_length()
    places = sorted(range(len(ordered)), key=lambda at: f"{at:0{width}b}"[::-1])
    return [ordered[at] for at in places]


def files_of(one: Observed, lines: Lines) -> tuple[str, ...]:
    """SHA-256 of what was received of an observation: bodies, the header blocks they are read with, its pictures."""
    return (*one.bodies, *one.heads, *(picture_files(lines[one.seq]) if one.seq in lines else ()))


class CapturePicker:
    """What is enclosed of these observations, the first of them first, until there is no more room.

    kept: the bytes of a digest that an observation names, by its number; None where they are kept no more. files,
    size: most of them, None without a limit. An observation is enclosed with all of its files or not at all. lost:
    files that are kept no more. left: observations left out for want of room.
    """

    def __init__(
        self, kept: Callable[[str, int], bytes | None], *, files: int | None = None, size: int | None = None
    ) -> None:
        self._kept, self._files, self._size = kept, files, size
        self._done: set[str] = set()
        self.lost = self.left = 0

    def pick(self, wanted: Iterable[Observed], lines: Lines) -> Iterator[tuple[Observed, str, bytes]]:
        """The observation, the digest and the bytes of each file, once each."""
        full = False
        for one in wanted:
            new = [body for body in dict.fromkeys(files_of(one, lines)) if body not in self._done]
            found = {} if full else {body: data for body in new if (data := self._kept(body, one.seq)) is not None}
            if full or self._takes(found):
                full = True
                self.left += 1
                continue
            self._done.update(new)
            drawn = picture_files(lines[one.seq]) if one.seq in lines else ()
            self.lost += sum(body not in found and body not in drawn for body in new)
            yield from ((one, body, data) for body, data in found.items())

    def _takes(self, found: Mapping[str, bytes]) -> bool:
        """Whether this is more than there is room for; else the room is taken."""
        size = sum(map(len, found.values()))
        if self._files is not None and self._size is not None:
            if len(found) > self._files or size > self._size:
                return True
            self._files, self._size = self._files - len(found), self._size - size
        return False


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

    seen, lines: the observations and pictures a file may belong to. One that only pictures name stands with the
    observation of the first of these.
    """

    _DIGEST: Final = pattern(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")

    def __init__(self, seen: Iterable[Observed], lines: Lines) -> None:
        self._drawn = {one.seq: one for one in seen if one.seq in lines}
        self._lines = lines
        self._left = {body.encode() for one in seen for body in files_of(one, lines)}
        self._places: dict[str, str] = {}

    def watching(self, files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
        """The same files; of the records among them it is noted what they name."""
        for name, data in files:
            if name == RECORDS and (new := self._named(data)):
                told = json.loads(data)
                self._put(new, told["started"], told["check"])
            yield name, data
        for seq in sorted(self._drawn):
            one = self._drawn[seq]
            self._put(self._named(canonical(self._lines[seq])), f"{one.started:%Y-%m-%d}", one.subject)

    def name(self, body: str, data: bytes, *, mark: str = "") -> str:
        """Its name in the export. mark: before the digest. Raises KeyError for what no record names."""
        return f"{CAPTURES}/{self._places[body]}/{mark}{file_name(body, data)}"

    def __contains__(self, body: str) -> bool:
        return body in self._places

    def _named(self, line: bytes) -> set[bytes]:
        return self._left.intersection(self._DIGEST.findall(line))

    def _put(self, new: set[bytes], started: str, check: str) -> None:
        self._places |= {one.decode(): f"{started[:10]}/{check.replace('/', '-')}" for one in new}
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
    """SHA-256 of the picture the document shows: the one scrolled to the element read, with a line around it; else the
    whole page where it can still be read on paper."""
    full = None if line.get("boxed") else line.get("full")
    return str(full["png_sha256"] if full and full["height"] <= READABLE else line["png_sha256"])


def _made(line: Mapping[str, Any]) -> str:
    return legal(datetime.fromisoformat(line["made"]), ZoneInfo(line["time_zone"]))


def facts(line: Mapping[str, Any]) -> list[str]:
    """What is printed under a picture: what it is, from which bytes, with what, and what it lacks."""
    from monitor.report.export import words

    used, missing = line["resources"], line["missing"]
    drawn = words.DRAWN.format(browser=line["browser"], made=_made(line))
    size = f"{line['width']} × {line['height']} pixels"
    out = [f"{drawn} {size}.", words.DRAWN_FROM.format(page=line["page_sha256"], check=line["id"])]
    out.append(words.PICTURE_DIGEST.format(digest=line["png_sha256"]))
    if line.get("boxed"):
        out.append(words.BOXED)
    elif line["scrolled_to"]:
        out.append(words.SCROLLED)
    if "full" in line:
        out.append(words.WHOLE_PAGE.format(digest=line["full"]["png_sha256"]))
    if used:
        told = " ; ".join(f"{one['url']} {one['sha256'][:16]}…" for one in used)
        out.append(words.DRAWN_WITH.format(told=told))
    if missing:
        out.append(words.DRAWN_WITHOUT.format(told=" ; ".join(one["url"] for one in missing[:8]), n=len(missing)))
    return out
