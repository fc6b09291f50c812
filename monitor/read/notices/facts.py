"""What one notice publishes, every fact with the words it rests on.

One notice read: bytes in, facts out. Pure: no clock, no file, no network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields, is_dataclass
from datetime import date, datetime
from typing import Any

from monitor.read.notices.appointments import Ordinary, Vector, read_ordinary, read_two_vectors
from monitor.read.notices.channels import read_channels
from monitor.read.notices.contacts import (
    Ccc,
    Contact,
    Form,
    Stated,
    read_arretes,
    read_ccc,
    read_contacts,
    read_forms,
    read_processing_times,
    read_territory,
)
from monitor.read.notices.context import NoticeContext, Quote
from monitor.read.notices.mentions import Channel, ChannelName
from monitor.read.notices.pan import Pan, PanDoor, named_units, pan_anchors, pan_doors, read_pan
from monitor.read.notices.prose.blocks import WhyNot, read_document
from monitor.read.notices.prose.dates import published_on, updated_on
from monitor.read.notices.prose.document import Flag, Prose
from monitor.read.notices.rules import Rules, foreigners_in
from monitor.values import dataclass

CHANNELS: tuple[ChannelName, ...] = ("counter", "postal", "email", "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFacts:
    """Everything read in one notice. Offsets in quotes are in `text`, the visible main content.

    two_vectors: the test of the arrêté of 1 August 2023 on the appointment vectors of the substitution; None when the
    page gives none. drop_box: the sentence that opens one for residence requests. unreadable: `empty`, `not_text` or
    `too_big` when nothing could be read; every other fact then says nothing. flags: `children_not_read` for an index
    page.
    """

    url: str
    official_host: bool
    text: str = ""
    pan: Pan = field(default_factory=Pan)
    pan_doors: tuple[PanDoor, ...] = ()
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
    unreadable: WhyNot | None = None

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


def read_notice(
    body: bytes,
    content_type: str | None,
    url: str,
    rules: Rules,
    *,
    territory: str = "FR",
    at: date | datetime | None = None,
) -> PublishedFacts:
    """What a notice publishes. HTML, plain text or PDF, told apart by content.

    content_type: header as received, used for its charset only. territory: ISO 3166-1 code whose telephone numbers are
    local (FR is always tried too). at: day of the look, against which the page's own dates are held; None leaves them
    unjudged. Never raises on what a server may send.
    """
    document = read_document(body, content_type, url)
    day = at.date() if isinstance(at, datetime) else at
    if isinstance(document, str):
        blank = NoticeContext(Prose("", ()), rules, url, territory, day)
        return PublishedFacts(url=url, official_host=blank.official, unreadable=document)
    return _read(NoticeContext(document, rules, url, territory, day))


def _read(context: NoticeContext) -> PublishedFacts:
    anchors = pan_anchors(context)
    pan = read_pan(context, anchors)
    aside = named_units(anchors)
    channels, drop_box = read_channels(context)
    two_vectors, substitution_vectors = read_two_vectors(context, aside) if context.official else (None, ())
    ordinary = read_ordinary(context, aside)
    ccc = read_ccc(context)
    known = {*pan.details.phones, *pan.details.emails, *([ccc.phone] if ccc.phone else [])}
    known.update(address for channel in channels.values() for address in channel.addresses)
    document = context.document
    return PublishedFacts(
        url=context.url,
        official_host=context.official,
        text=document.text,
        pan=pan,
        pan_doors=pan_doors(context, anchors),
        channels=channels,
        drop_box=drop_box,
        two_vectors=two_vectors,
        substitution_vectors=substitution_vectors,
        ordinary_appointment=ordinary,
        forms=read_forms(context),
        contacts=read_contacts(context, known, {v.seen for v in (*substitution_vectors, *ordinary.vectors)}),
        ccc=ccc,
        updated_on=updated_on(document),
        published_on=published_on(document),
        territory=read_territory(context),
        processing_times=read_processing_times(context),
        arretes=read_arretes(context),
        receives_foreigners=any(foreigners_in(context.rules, words) for words in context.words),
        flags=document.flags,
    )
