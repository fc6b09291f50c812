"""Which received pages an export encloses: enough to see every change, few enough to be handed over."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from zoneinfo import ZoneInfo

from monitor.domain.observed import Observed


def chosen(seen: Iterable[Observed], zone: ZoneInfo, *, everything: bool = False) -> list[str]:
    """SHA-256 of the decoded bodies to enclose, each once, in order.

    For each subject: its first and last observation, the first of each day of legal time, both sides of every change of
    reading, every observation that showed a slot. everything: all of them.
    """
    by_subject: dict[str, list[Observed]] = {}
    for one in seen:
        by_subject.setdefault(one.subject, []).append(one)
    wanted = [one for all_of_it in by_subject.values() for one in (all_of_it if everything else _some(all_of_it, zone))]
    wanted.sort(key=lambda one: one.seq)
    return list(dict.fromkeys(body for one in wanted for body in one.bodies))


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
    endings = ((b"%PDF-", "pdf"), (b"<", "html"), (b"{", "json"), (b"[", "json"))
    return f"{body}.{next((ending for mark, ending in endings if start.startswith(mark)), 'bin')}"
