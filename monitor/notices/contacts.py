"""Contacts with their role, and the centre de contact citoyens."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from monitor.notices.context import Context, Quote
from monitor.notices.document import Unit

Role = Literal["information", "appointment", "partners", "follow_up"]
ContactKind = Literal["email", "phone"]


@dataclass(frozen=True, slots=True)
class Contact:
    """A mailbox or a number that is neither a filing channel nor the PAN's nor the CCC's. value: as printed."""

    role: Role
    kind: ContactKind
    value: str
    seen: Quote


@dataclass(frozen=True, slots=True)
class Ccc:
    """The centre de contact citoyens as the page names it; phone: as printed."""

    mentioned: bool = False
    phone: str | None = None
    seen: Quote | None = None


def read_contacts(context: Context, known: Collection[str], booking: Collection[Quote]) -> tuple[Contact, ...]:
    """Contacts of the page.

    known: values already read as a filing address, of the PAN or of the CCC. booking: sentences read as ways to an
    appointment. A data protection officer is no contact of the service.
    """
    if not context.official:
        return ()
    found: dict[tuple[Role, str], Contact] = {}
    for unit in context.document.units:
        for kind, tokens in (("email", context.emails[unit.index]), ("phone", context.phones[unit.index])):
            for token in {token.value: token for token in reversed(tokens)}.values():
                if token.value in known or token.key in context.rules.ccc_numbers or _of_ccc(context, unit, kind):
                    continue
                if context.rules.says("data_protection", f"{context.words[unit.index]} {_box(token.key)}"):
                    continue
                booked = context.quote(unit) in booking
                role: Role = "appointment" if booked else _role(context, unit, token.start)
                contact = Contact(role, "email" if kind == "email" else "phone", token.value, context.quote(unit))
                found.setdefault((role, token.value), contact)
    return tuple(found.values())


def _box(key: str) -> str:
    """Words a mailbox is named by."""
    return re.sub(r"[._-]", " ", key.split("@")[0]) if "@" in key else ""


def _of_ccc(context: Context, unit: Unit, kind: str) -> bool:
    lead = context.document.lead_of(unit)
    lows = [context.words[unit.index], *([context.words[lead.index]] if lead else [])]
    return kind == "phone" and any(context.rules.says("ccc", low) for low in lows)


def _role(context: Context, unit: Unit, position: int) -> Role:
    """Role by the sentence, then its lead, then its nearest heading."""
    lead = context.document.lead_of(unit)
    heads = context.document.above(unit)[:1]
    boxes = " ".join(_box(t.key) for t in context.emails[unit.index] if t.start == position)
    for other in [unit, *([lead] if lead else []), *heads]:
        low = context.rules.without("audience_helpers", context.words[other.index])
        low = f"{low} {boxes}" if other is unit else low
        if context.rules.says("audience_other", low):
            return "partners"
        if context.rules.says("follow_up", low):
            return "follow_up"
        if context.rules.says("appointment", low) or context.rules.says("booking", low):
            return "appointment"
    return "information"


def read_ccc(context: Context) -> Ccc:
    """The CCC: its name or its known number, and the number the page prints for it."""
    units = context.document.units
    for unit in units:
        if not context.rules.says("ccc", context.words[unit.index]):
            continue
        near = [unit, *context.introduced(unit)[:6]]
        if not context.phones[unit.index] and not context.introduced(unit):
            near += [u for u in context.after(unit, 2) if u.group == unit.group]
        for other in near:
            tokens = [t for t in context.phones[other.index] if other is unit or _may_be_ccc(context, other, t.key)]
            if tokens:
                national = [t for t in tokens if t.key in context.rules.ccc_numbers]
                full = [t for t in national if t.key.startswith("08")]
                value = (full or national or tokens)[0].value
                return Ccc(True, value, context.quote(other if other is not unit else unit))
    for unit in units:
        for token in context.phones[unit.index]:
            if token.key in context.rules.ccc_numbers and len(token.key) >= 10:
                return Ccc(True, token.value, context.quote(unit))
    named = next((u for u in units if context.rules.says("ccc", context.words[u.index])), None)
    return Ccc(True, None, context.quote(named)) if named else Ccc()


def _may_be_ccc(context: Context, unit: Unit, key: str) -> bool:
    words = context.words[unit.index]
    if key in context.rules.ccc_numbers:
        return True
    others = ("prefecture", "standard", "service", "bureau", "guichet")
    return not context.rules.says("pan", words) and not any(word in words for word in others)
