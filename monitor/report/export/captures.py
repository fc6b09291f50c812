"""Which received pages and pictures an export encloses: enough to see every change, few enough to be handed over."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitor.paper.french import legal
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
