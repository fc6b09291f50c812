"""What one notice publishes, every fact with the words it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any

from monitor.notices.appointments import Ordinary, Vector
from monitor.notices.contacts import Ccc, Contact
from monitor.notices.context import Quote
from monitor.notices.document import Flag
from monitor.notices.extras import Form, Stated
from monitor.notices.mentions import Channel, ChannelName
from monitor.notices.pan import Pan

CHANNELS: tuple[ChannelName, ...] = ("counter", "postal", "email", "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything read in one notice. Offsets in quotes are in `text`, the visible main content.

    two_vectors: the test of the arrêté of 1 August 2023 on the appointment vectors of the substitution; None when the
    page gives none. drop_box: the sentence that opens one for residence requests. unreadable: `empty` or `not_text`
    when nothing could be read; every other fact then says nothing. flags: `children_not_read` for an index page.
    """

    url: str
    official_host: bool
    text: str = ""
    pan: Pan = field(default_factory=Pan)
    channels: Mapping[ChannelName, Channel] = field(default_factory=lambda: {name: Channel() for name in CHANNELS})
    drop_box: Quote | None = None
    two_vectors: bool | None = None
    substitution_vectors: tuple[Vector, ...] = ()
    ordinary_appointment: Ordinary = field(default_factory=Ordinary)
    forms: tuple[Form, ...] = ()
    contacts: tuple[Contact, ...] = ()
    ccc: Ccc = field(default_factory=Ccc)
    updated_on: date | None = None
    published_on: date | None = None
    territory: tuple[Stated, ...] = ()
    processing_times: tuple[Stated, ...] = ()
    arretes: tuple[Stated, ...] = ()
    receives_foreigners: bool = False
    flags: frozenset[Flag] = frozenset()
    unreadable: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The contract of `vigie read --notice --json`: quotes as strings, dates ISO."""
        pan = self.pan
        return {
            "pan": {
                "status": pan.status,
                "for_foreigners": pan.for_foreigners,
                "access": list(pan.details.access),
                "places": list(pan.details.places),
                "phones": list(pan.details.phones),
                "emails": list(pan.details.emails),
                "links": list(pan.details.links),
                "hours": pan.details.hours,
                "seen": _words(pan.seen),
            },
            "channels": {name: _channel(self.channels[name]) for name in CHANNELS},
            "drop_box": _words(self.drop_box),
            "two_vectors": self.two_vectors,
            "ordinary_appointment": {
                "vectors": [
                    {"kind": vector.kind, "digital": vector.digital, "seen": vector.seen.text}
                    for vector in self.ordinary_appointment.vectors
                ],
                "non_digital": self.ordinary_appointment.non_digital,
                "online_only_admitted": _words(self.ordinary_appointment.online_only_admitted),
            },
            "forms": [{"label": form.label, "url": form.url} for form in self.forms],
            "contacts": [
                {"role": c.role, "kind": c.kind, "value": c.value, "seen": c.seen.text} for c in self.contacts
            ],
            "ccc": {"mentioned": self.ccc.mentioned, "phone": self.ccc.phone, "seen": _words(self.ccc.seen)},
            "updated_on": self.updated_on.isoformat() if self.updated_on else None,
            "official_host": self.official_host,
        }

    def quotes(self) -> tuple[Quote, ...]:
        """Every quote the facts rest on, once, in page order."""
        found: dict[Quote, None] = {}
        _collect(self, found)
        return tuple(sorted(found, key=lambda quote: (quote.start, quote.end)))


def _words(quote: Quote | None) -> str | None:
    return quote.text if quote else None


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "published": channel.published,
        "scope": channel.scope,
        "substitution": channel.substitution,
        "basis": channel.basis,
        "arrete": channel.arrete,
        "addresses": list(channel.addresses),
        "seen": _words(channel.seen),
    }


def _collect(value: object, found: dict[Quote, None]) -> None:
    if isinstance(value, Quote):
        found[value] = None
    elif is_dataclass(value) and not isinstance(value, type):
        for part in fields(value):
            _collect(getattr(value, part.name), found)
    elif isinstance(value, tuple):
        for item in value:
            _collect(item, found)
    elif isinstance(value, Mapping):
        for item in value.values():
            _collect(item, found)
