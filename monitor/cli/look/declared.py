"""What a declaration says beside its desks: the doors of PANs, what sources say, and how old each address is."""

from __future__ import annotations

from datetime import date
from gettext import gettext as _
from typing import Any

from monitor.catalogue.age import to_reopen
from monitor.cli.layout import flow
from monitor.cli.look.picture import sourced
from monitor.cli.show import quoted
from monitor.core.labels import way
from monitor.core.prefecture import Desk, Notice, Place, Prefecture, Provenance, Statement


def age(entry: Desk | Notice, today: date) -> str:
    """When its address was last opened, and that it is to be opened again; nothing of what is retired."""
    if entry.retired is not None:
        return ""
    opened = _("opened {day}").format(day=entry.verified_on) if entry.verified_on else ""
    again = _("to reopen") if to_reopen(entry.provenance, today, entry.verified_on) else ""
    return ", ".join(filter(None, (opened, again)))


def say_beside(one: Prefecture, today: date, lang: str) -> None:
    """Its PANs and what sources say of it, below its desks."""
    for place in one.places:
        if place.kind == "pan":
            flow([*_door(place, lang), sourced(place.provenance, lang), _again(place.provenance, today)], 2, hang=2)
            flow([place.page or ""], 4, hang=2)
    for told in one.statements:
        head = _("a source says: {words}").format(words=quoted(told.what))
        flow([head, sourced(told.provenance, lang), _again(told.provenance, today)], 2, hang=2)
        flow([told.page], 4, hang=2)


def _door(place: Place, lang: str) -> list[str]:
    audience = {
        "yes": _("for foreigners"),
        "partial": _("for some matters of foreigners"),
        "no": _("not for foreigners"),
        None: _("(audience not stated)"),
    }[place.receives_foreigners]
    ways = ", ".join(way(name, lang) for name in place.access)
    told = [place.name, place.address, place.phone, *place.emails, place.hours, place.what]
    return [_("PAN {audience}:").format(audience=audience), *(quoted(words) for words in told if words), ways]


def _again(provenance: Provenance, today: date) -> str:
    return _("to reopen") if to_reopen(provenance, today) else ""


def place_json(place: Place) -> dict[str, Any]:
    """For machines."""
    return {
        "kind": place.kind,
        "name": place.name,
        "address": place.address,
        "phone": place.phone,
        "emails": list(place.emails),
        "access": list(place.access),
        "hours": place.hours,
        "receives_foreigners": place.receives_foreigners,
        "what": place.what,
        "page": place.page,
        **provenance_json(place.provenance),
    }


def statement_json(told: Statement) -> dict[str, Any]:
    """For machines."""
    return {
        "kind": told.kind,
        "what": told.what,
        "ways": list(told.ways),
        "page": told.page,
        **provenance_json(told.provenance),
    }


def provenance_json(provenance: Provenance) -> dict[str, Any]:
    """For machines: where a fact comes from, and how sure it is."""
    return {
        "source": provenance.source,
        "source_date": provenance.date,
        "confidence": provenance.confidence,
    }
