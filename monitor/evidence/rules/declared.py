"""What a log itself declares of its gaps, as sentences: missing and late stamps, sweeps that died, lost keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from gettext import gettext as _
from typing import Any

from monitor.evidence.rules.findings import runs, sweep_names
from monitor.values import dataclass

LATE = 600  # seconds from the end of a sweep to its stamp, from which on a reader is told
CLOCK_MS = 60_000  # of our clock's error, from which on a reader is told


@dataclass(frozen=True, slots=True)
class Gap:
    """What was declared of one sweep. subject, why: of which, and the reason, both for a sentence."""

    what: str
    subject: str
    why: str


def is_late(row: Mapping[str, Any]) -> bool:
    """Whether the row declares a stamp that came late."""
    delay = row.get("delay_s")
    return row.get("what") == "stamped" and isinstance(delay, int) and delay > LATE


def clock_error(row: Mapping[str, Any]) -> int | None:
    """Milliseconds by which our clock was wrong at least, where a stamp shows more than a minute; ahead is positive."""
    told = row.get("clock_error_ms")
    if row.get("what") != "stamped" or not isinstance(told, list) or [type(x) for x in told] != [int, int]:
        return None
    least = max(told[0], 0) or min(told[1], 0)
    return least if abs(least) > CLOCK_MS else None


class Declared:
    """Gathers the rows of all sweeps. Rows that say that all is well are counted nowhere."""

    def __init__(self) -> None:
        self._gaps: dict[Gap, list[int]] = {}

    def see(self, number: int, rows: Iterable[Mapping[str, Any]]) -> None:
        """The rows that the seal of a sweep holds; number: where a row names no sweep."""
        for row in rows:
            gap = _gap(row)
            about = row.get("sweep")
            if gap is not None:
                self._gaps.setdefault(gap, []).append(about if isinstance(about, int) else number)

    def sentences(self) -> Sequence[str]:
        """One for all sweeps that follow each other and lack the same."""
        told = [
            (first, _sentence(gap).format(sweeps=sweep_names(first, last), subject=gap.subject, why=gap.why))
            for gap, numbers in self._gaps.items()
            for first, last in runs(sorted(set(numbers)))
        ]
        return [words for _first, words in sorted(told)]


def _gap(row: Mapping[str, Any]) -> Gap | None:
    what, authority = row.get("what"), str(row.get("authority", ""))
    if what == "stamped":
        return Gap("late", authority, _delay(row)) if is_late(row) else None
    if what == "unstamped":
        return Gap("unstamped" if authority else "no_authority", authority, _reason(str(row.get("why", ""))))
    if what == "unfinished":
        return Gap("unfinished", "", _reason(str(row.get("why", ""))))
    if what == "log_key_lost":
        return Gap("log_key_lost", str(row.get("old_origin", "")), "")
    return Gap("other", str(what), "")


def _delay(row: Mapping[str, Any]) -> str:
    return str(timedelta(seconds=int(row["delay_s"])))


def _sentence(gap: Gap) -> str:
    return {
        "late": _("{sweeps}: the time-stamp of {subject} came late, {why} after the end (hours:minutes:seconds)"),
        "unstamped": _("{sweeps}: no time-stamp by {subject}: {why}"),
        "no_authority": _("{sweeps}: no time-stamp: {why}"),
        "unfinished": _("{sweeps}: did not come to its end: {why}"),
        "log_key_lost": _(
            "{sweeps}: the signing key of the log {subject} was lost; the new one could not be announced by it"
        ),
        "other": _("{sweeps}: {subject}, which this version does not know"),
    }[gap.what]


def _reason(why: str) -> str:
    known = {
        "no_authority": _("no authority was set"),
        "not_asked": _("it was not asked"),
        "down": _("it did not answer"),
        "refused": _("it refused"),
        "garbled": _("its answer could not be read"),
        "wrong_nonce": _("its answer was to another request"),
        "wrong_imprint": _("its answer was about other data"),
        "wrong_policy": _("its answer was under another policy"),
        "weak": _("its answer rested on a digest that no longer proves"),
        "untrusted": _("its answer led to no pinned root"),
        "expired": _("a certificate of it was outside its dates"),
        "revoked": _("a certificate of it was revoked"),
        "disagreement": _("of two verifiers one refused its answer"),
        "killed": _("the program was killed"),
        "stopped": _("it was stopped"),
        "deadline": _("its time was up"),
    }
    return known.get(why, why)
