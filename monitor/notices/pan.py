"""Is there a point d'accueil numérique, is it open, is it for foreigners, and how does one reach it?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from monitor.notices.context import Context, Quote
from monitor.notices.dates import dates
from monitor.notices.document import Unit
from monitor.notices.pan_details import Details, details
from monitor.notices.pan_region import audience_of, names_pan, region_of
from monitor.notices.pan_state import state_of

Status = Literal["published", "closed", "not_found", "contradictory"]


@dataclass(frozen=True, slots=True)
class Pan:
    """What the page publishes of a PAN. audience: True foreigners, False others only, None not said."""

    status: Status = "not_found"
    for_foreigners: bool | None = None
    details: Details = field(default_factory=Details)
    seen: Quote | None = None
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Anchor:
    """A sentence that names a PAN. state: 1 offered, -1 closed, 0 only named. region: units that go with it."""

    unit: Unit
    state: int
    audience: bool | None
    region: tuple[Unit, ...]
    dated: bool


def read_pan(context: Context) -> Pan:
    """The PAN of this préfecture as its page has it; never published on a host that is not the State's."""
    if not context.official:
        return Pan()
    anchors = _anchors(context)
    audience = _audience_of_all(anchors)
    counted = [a for a in anchors if a.audience == audience or a.audience is None]
    telling = [a for a in counted if a.state]
    if not telling:
        return Pan()
    status = _status(context, telling)
    kept = [a for a in telling if (a.state > 0) == (status == "published") or status == "contradictory"]
    region = {u.index for a in counted for u in (a.unit, *a.region)}
    region |= {h.index for a in counted for h in context.document.above(a.unit)[:1] if context.doors_in([h])}
    found = details(context, [context.document.units[i] for i in sorted(region)])
    quotes = tuple(dict.fromkeys(context.quote(a.unit) for a in kept))
    return Pan(status, audience, found, _best(context, kept), quotes)


def _anchors(context: Context) -> list[Anchor]:
    found = []
    for unit in context.document.units:
        if names_pan(context, unit):
            region = tuple(region_of(context, unit))
            dated = _dated(context, unit)
            found.append(Anchor(unit, state_of(context, unit), audience_of(context, unit, region), region, dated))
    return found


def _dated(context: Context, unit: Unit) -> bool:
    """True when the sentence, or the heading it stands under, says since when it holds, or that it holds for now."""
    near = [unit, *context.document.above(unit)[:1]]
    lows = [other.low for other in near if other.kind != "title"]
    return any(
        context.rules.says("superseded", low) or context.rules.says("for_now", low) or any(d.day for d in dates(low))
        for low in lows
    )


def named_units(context: Context) -> set[int]:
    """Indexes of the units that speak of a PAN, with what goes with them."""
    anchors = _anchors(context)
    return {u.index for a in anchors if a.unit.kind != "title" for u in (a.unit, *a.region)}


def _audience_of_all(anchors: Sequence[Anchor]) -> bool | None:
    said = [a.audience for a in anchors if a.state]
    return True if True in said else False if False in said else None


def _status(context: Context, telling: Sequence[Anchor]) -> Status:
    """One state if all agree; else the last rule wins if it is dated or of another place; otherwise contradictory."""
    states = {a.state for a in telling}
    if states == {1}:
        return "published"
    if states == {-1}:
        return "closed"
    closed = [a for a in telling if a.state < 0]
    opened = [a for a in telling if a.state > 0]
    if any(context.rules.says("pan_open_again", a.unit.low) for a in opened):
        return "published"
    if all(_elsewhere(context, a, opened) for a in closed):
        return "published"
    ruled = [a for a in telling if a.dated]
    last = max(telling, key=lambda a: a.unit.index)
    if ruled and ruled[-1].state < 0:
        return "closed"
    if ruled and ruled[-1] is last:
        return "published"
    return "contradictory"


def _elsewhere(context: Context, closed: Anchor, opened: Sequence[Anchor]) -> bool:
    """True when what closed is named as a place of its own, other than the open ones."""
    place = _place(closed.unit)
    return place is not None and any(_place(a.unit) not in (None, place) for a in opened)


def _place(unit: Unit) -> str | None:
    found = re.search(r"sous[- ]prefecture (?:de |d')([a-z-]+)|(?<!sous-)prefecture", unit.low)
    return found.group() if found else None


def _best(context: Context, kept: Sequence[Anchor]) -> Quote | None:
    """The sentence that tells most: not a heading, the one with details before the bare one."""

    def rank(anchor: Anchor) -> tuple[bool, bool, int]:
        i = anchor.unit.index
        return anchor.unit.is_heading, not (context.phones[i] or context.hours[i] or context.emails[i]), i

    return context.quote(min(kept, key=rank).unit) if kept else None
