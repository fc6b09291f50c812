"""What a notice newly says of a PAN and of filing channels, compared with what people were told of it. Pure.

A fact that is not found keeps standing until LOOKS looks over SPAN did not find it (`core.health`): a night's
maintenance withdraws nothing, and what comes back with the same words is no news. A record's own `changes` compare it
with the reading before, whatever people were told of that: they would tell such a gap as a publication.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from monitor.alerts.news.events import EventKind
from monitor.alerts.news.standing import Run, Standing
from monitor.core.changes import Change, changes
from monitor.core.health import LOOKS, SPAN
from monitor.core.record import RecordLine
from monitor.values import dataclass

_KINDS: Final[Mapping[tuple[str, bool], EventKind]] = {
    ("published", True): "pan_published",
    ("published", False): "channel_published",
    ("withdrawn", True): "pan_withdrawn",
    ("withdrawn", False): "channel_withdrawn",
    ("changed", True): "pan_changed",
    ("changed", False): "channel_reworded",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One piece of news. fact: `pan` or `channel:NAME`. run: sequence number that its key is of."""

    kind: EventKind
    fact: str
    run: int
    quote: str
    before: str
    facts: Mapping[str, str]


def notice_news(standing: Standing, record: RecordLine, seq: int, at: datetime) -> tuple[Standing, tuple[Found, ...]]:
    """What stands after a record in which a notice was read, and its news.

    The first reading is where comparing begins, and so is the first by other rules than before: what the program has
    learnt to read is no news of the préfecture.
    """
    facts = {name: record["facts"][name] for name in ("pan", "channels")}
    rule = (record.get("rule") or {}).get("sha256", "")
    if standing.facts is None or standing.rule != rule:
        return replace(standing, facts=facts, absent={}, formerly={}, rule=rule), ()
    found, absent, formerly = list[Found](), dict[str, Run](), dict(standing.formerly)
    for change in changes(standing.facts, facts):
        if change.kind != "no_longer_found":
            what = "published" if change.kind == "published" else "changed"
            found.append(_told(what, change, seq, formerly.get(change.fact)))
            _replaced(formerly, change, seq, standing.answered or at)
            continue
        run = _missing(standing.absent.get(change.fact), seq, at)
        if run.looks >= LOOKS and at - run.at >= SPAN:
            found.append(_told("withdrawn", change, run.seq, None))
            _replaced(formerly, change, seq, run.at)
        else:
            absent[change.fact] = run
    facts = _known(standing.facts, facts, absent)
    return replace(standing, facts=facts, absent=absent, formerly=formerly), tuple(found)


def _missing(before: Run | None, seq: int, at: datetime) -> Run:
    return Run(seq=seq, at=at) if before is None else replace(before, looks=before.looks + 1)


def _known(told: Mapping[str, Any], now: Mapping[str, Any], absent: Collection[str]) -> dict[str, Any]:
    """The facts as people know them: as read now, but for those that may only be missing for a while."""
    channels = {name: (told if f"channel:{name}" in absent else now)["channels"][name] for name in now["channels"]}
    return {"pan": (told if "pan" in absent else now)["pan"], "channels": channels}


def _replaced(formerly: dict[str, Run], change: Change, seq: int, at: datetime) -> None:
    """Remember the sentence that another replaced, and until when it was read: should it come back, people are told."""
    if change.before and change.before != change.after:
        formerly[change.fact] = Run(seq=seq, at=at, quote=change.before)


def _told(what: str, change: Change, run: int, formerly: Run | None) -> Found:
    """formerly: the sentence before the last one; where it is this one again, `back` says until when it was read."""
    pan = change.fact == "pan"
    back = formerly is not None and change.after == formerly.quote != change.before
    return Found(
        kind=_KINDS[what, pan],
        fact=change.fact,
        run=run,
        quote=change.after or "",
        before=change.before or "",
        facts={
            "channel": "" if pan else change.fact.removeprefix("channel:"),
            "back": formerly.at.isoformat() if formerly is not None and back else "",
        },
    )
