"""The doors of a point d'accueil numérique as places to declare, out of the pages that were taken for one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.hosts import is_official
from monitor.core.prefecture import Place, Provenance
from monitor.discover.found import Discovery, Examined
from monitor.read.notices.pan import PanDoor
from monitor.read.notices.prose.typography import folded
from monitor.values import pattern

_PERSON = pattern(r"[a-z]+(-[a-z]+)?\.[a-z]+(-[a-z]+)?@")  # prenom.nom@: a person's, never declared
_NOT_TOLD_APART = pattern(r"[^a-z0-9]+")


def places_found(found: Discovery, told: Provenance) -> Iterator[tuple[Place, Examined, str]]:
    """Each door once, the surest page first: the place, its page, and the words of the page that give it. A page that
    says that its PAN is closed, or contradicts itself about it, gives none."""
    known: set[str] = set()
    for page, finding in found.found("pan"):
        said = finding.detail if finding.why == "page_says" else ""
        for door in page.doors if said not in ("closed", "contradictory") else ():
            place = _place(door, page.url, told, helped=finding.why == "page_says")
            keys = keys_of(place)
            if keys and not keys & known:
                known |= keys
                yield place, page, door.seen


def keys_of(place: Place) -> set[str]:
    """What tells a door from another: its street and its telephone number, however they are spelled."""
    street = _NOT_TOLD_APART.sub("", folded((place.address or "").partition(",")[0]))
    phone = re.sub(r"\D", "", place.phone or "")
    return set(filter(None, (street, phone, *place.emails)))


def _place(door: PanDoor, url: str, told: Provenance, *, helped: bool) -> Place:
    found = door.details
    boxes = (box.lower() for box in found.emails)
    return Place(
        kind="pan",
        name=door.name,
        address=found.places[0] if found.places else None,
        phone=found.phones[0] if found.phones else None,
        emails=tuple(box for box in boxes if is_official(box.rpartition("@")[2]) and not _PERSON.match(box)),
        access=found.access,
        hours=" ; ".join(found.all_hours) or None,
        receives_foreigners="yes" if helped else None,
        page=url,
        provenance=told,
    )
