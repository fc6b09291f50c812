"""Judgements over several observations, never over one. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

LOOKS = 3  # that did not find it any more, in a row
SPAN = timedelta(hours=24)  # between the first and the last of them: a night's maintenance withdraws nothing
FACTS = ("Published", "NotFound", "Contradictory")


def withdrawn(history: Sequence[Mapping[str, Any]], fact: str) -> str | None:
    """The sentence of a published fact that three looks over at least 24 h did not find again; None otherwise.

    history: records of one notice, oldest first. fact: `pan` or `channel:NAME`. Only looks in which the notice was read
    count: an error page, a captcha or a time-out neither confirms nor withdraws anything.
    """
    absent: list[datetime] = []
    for record in reversed([r for r in history if r["reading"] in FACTS]):
        sentence = _published(record["facts"], fact)
        if sentence is None:
            absent.append(datetime.fromisoformat(record["started"]))
            continue
        enough = len(absent) >= LOOKS and absent[0] - absent[-1] >= SPAN
        return sentence if enough else None
    return None


def _published(facts: Mapping[str, Any], fact: str) -> str | None:
    """The sentence a fact rests on, None where it is not published."""
    if fact == "pan":
        seen: str | None = facts["pan"]["seen"] if facts["pan"]["status"] == "published" else None
        return seen
    channel = facts["channels"][fact.removeprefix("channel:")]
    return (channel["seen"] or "") if channel["published"] else None
