"""Which matter a sentence is about, from its own clause outwards: sentence, lead, headings, title, address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.notices.context import Context
from monitor.notices.document import Unit
from monitor.notices.subject import Matter, headed, requested, scopes_in


def matter_of(context: Context, unit: Unit, clause: str | None = None) -> Matter | None:
    """The matter of a unit; clause: folded words of the part that counts first. None when the page does not say."""
    rules = context.rules
    words = context.words[unit.index]
    for low in (clause, words) if clause is not None else (words,):
        matter = requested(rules, low)
        if matter is not None:
            return matter
    over = next((matter for low in _over(context, unit) if (matter := headed(rules, low)) is not None), None)
    for low in _around(context, unit):
        matter = requested(rules, low)
        if matter in ("naturalisation", "asylum") or (matter == "residence" and over in (None, "residence")):
            return matter
    if over is not None:
        return over
    if rules.says("residence", words):
        return "residence"
    return "residence" if context.matters == {"residence"} else None


def _around(context: Context, unit: Unit) -> Iterator[str]:
    """Words of the leads, then of the sentences before in the same block or group."""
    lead = context.document.lead_of(unit)
    while lead is not None:
        yield context.words[lead.index]
        lead = context.document.lead_of(lead)
    for other in context.before(unit, 4):
        if other.block == unit.block or (other.group == unit.group and not (unit.kind == "item" == other.kind)):
            yield context.words[other.index]


def _over(context: Context, unit: Unit) -> Iterator[str]:
    """Words of the headings, nearest first, the title, then the segments of the address, last first."""
    for heading in context.document.above(unit):
        yield context.words[heading.index]
    if unit.is_heading:
        yield context.words[unit.index]
    yield from context.path_words


def scopes_of(context: Context, unit: Unit, clause: str | None = None) -> list[str]:
    """Which permits a sentence speaks of, in the order printed; looked for outwards until some are named."""
    words = context.words[unit.index]
    near = [clause] if clause is not None else []
    for low in (*near, words):
        found = scopes_in(context.rules, low)
        if _precise(found):
            return found
    listed = [s for other in context.introduced(unit) for s in scopes_in(context.rules, context.words[other.index])]
    if _precise(listed):
        return list(dict.fromkeys(listed))
    found = scopes_in(context.rules, words)
    for low in (*_around(context, unit), *_over(context, unit)):
        wider = scopes_in(context.rules, low)
        if _precise(wider):
            return wider
        found = found or wider
    return found


def _precise(labels: list[str]) -> bool:
    return bool(labels) and labels != ["titre de séjour"]


_BOOKING = re.compile(
    r"/booking/create|/rdvpref/reservation|/rdv/|rdv\.[a-z-]+\.gouv\.fr|rdv-prefecture|commencer/[^/]*rdv"
)


def is_booking(url: str) -> bool:
    """True for the address of a booking module."""
    return _BOOKING.search(url) is not None
