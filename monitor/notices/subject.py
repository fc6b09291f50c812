"""Which matter a sentence is about, from its own clause outwards: sentence, lead, headings, title, address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from monitor.notices.context import Context
from monitor.notices.document import Unit
from monitor.notices.rules import Rules

Matter = Literal["residence", "naturalisation", "asylum", "licences", "collection", "other_matters"]

_OTHERS: tuple[Matter, ...] = ("naturalisation", "asylum", "licences", "collection", "other_matters")


def others_in(rules: Rules, low: str) -> set[Matter]:
    """Matters other than residence that the words name."""
    plain = _plain(rules, low)
    return {matter for matter in _OTHERS if rules.says(matter, plain)}


def _plain(rules: Rules, low: str) -> str:
    """Folded words without the names of offices and the papers to show, which are no matter."""
    return rules.without("service_name", rules.without("not_licences", low))


def foreigners_in(rules: Rules, low: str) -> bool:
    """True when the words name foreigners, the ANEF or residence."""
    plain = rules.without("not_foreigners", low)
    return rules.says("foreigners", plain) or rules.says("residence", plain) or rules.says("residence_request", plain)


def requested(rules: Rules, low: str) -> Matter | None:
    """The matter of words that name a request, or another matter; None when they leave it open."""
    others = others_in(rules, low)
    if "collection" in others:
        return "collection"
    explicit = rules.find("residence_request", low)
    if explicit is None:
        return min(others) if others else None
    if not others:
        return "residence"
    first = min(
        (found.start() for matter in others if (found := rules.find(matter, _plain(rules, low)))),
        default=len(low),
    )
    return "residence" if explicit.start() <= first else min(others)


def headed(rules: Rules, low: str) -> Matter | None:
    """The matter of a heading, where a bare noun is enough; None when it names none, or several."""
    matter = requested(rules, low)
    if matter is not None:
        mixed = matter != "residence" and matter != "collection" and foreigners_in(rules, low)
        return None if mixed and rules.says("residence", low) else matter
    return "residence" if foreigners_in(rules, low) else None


def matter_of(context: Context, unit: Unit, clause: str | None = None) -> Matter | None:
    """The matter of a unit; clause: folded words of the part that counts first. None when the page does not say."""
    rules = context.rules
    words = context.words[unit.index]
    for low in (clause, words) if clause is not None else (words,):
        matter = requested(rules, low)
        if matter is not None:
            return matter
    for low in _around(context, unit):
        matter = requested(rules, low)
        if matter in ("residence", "naturalisation", "asylum"):
            return matter
    for low in _over(context, unit):
        matter = headed(rules, low)
        if matter is not None:
            return matter
    if rules.says("residence", words):
        return "residence"
    return "residence" if _only_residence(context) else None


def _only_residence(context: Context) -> bool:
    """True when residence requests are the only matter the page names anywhere."""
    named = {requested(context.rules, words) for words in context.words} - {None, "collection"}
    return named == {"residence"}


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


def scopes_in(rules: Rules, low: str) -> list[str]:
    """Labels of the permits and steps the words name, in the order printed."""
    found = [(match.start(), scope.name) for scope in rules.scopes if (match := scope.pattern.search(low))]
    labels = [label for _, label in sorted(found)]
    return [label for label in labels if label != "titre de séjour" or len(labels) == 1]


def _precise(labels: list[str]) -> bool:
    return bool(labels) and labels != ["titre de séjour"]


_BOOKING = re.compile(
    r"/booking/create|/rdvpref/reservation|/rdv/|rdv\.[a-z-]+\.gouv\.fr|rdv-prefecture|commencer/[^/]*rdv"
)


def is_booking(url: str) -> bool:
    """True for the address of a booking module."""
    return _BOOKING.search(url) is not None
