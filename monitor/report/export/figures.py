"""figures.json: the counts of a relevé, for who verifies: how often each check said what, what is left out and why."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from monitor.core.record import canonical

if TYPE_CHECKING:
    from monitor.report.export.dossier import ReleveContent
    from monitor.report.observed import Observed

VERSION = 2


def figures(dossier: ReleveContent) -> bytes:
    """One canonical line (docs/FORMAT.md, 4.10)."""
    seen: dict[str, list[Observed]] = {}
    for one in dossier.counted:
        seen.setdefault(one.subject, []).append(one)
    left_out = {one.seq: "damaged" for one in dossier.damaged}
    left_out |= {one.seq: "erratum" if why.erratum else "unconfirmed" for one, why in dossier.remarked}
    told = {
        "v": VERSION,
        "checks": [_check(key, seen[key]) for key in sorted(seen)],
        "left_out": [{"seq": seq, "why": left_out[seq]} for seq in sorted(left_out)],
    }
    return canonical(told) + b"\n"


def _check(key: str, seen: list[Observed]) -> dict[str, Any]:
    numbers = [one.seq for one in seen]
    return {
        "check": key,
        "first": min(numbers),
        "last": max(numbers),
        "readings": dict(Counter(one.reading for one in seen)),
    }
