"""One notice read: bytes in, facts out. Pure: no clock, no file, no network."""

from __future__ import annotations

from datetime import date, datetime

from monitor.notices.appointments import read_ordinary, read_two_vectors
from monitor.notices.blocks import read_document
from monitor.notices.channels import read_channels
from monitor.notices.contacts import read_ccc, read_contacts
from monitor.notices.context import Context
from monitor.notices.dates import published_on, updated_on
from monitor.notices.document import Document
from monitor.notices.extras import read_arretes, read_forms, read_processing_times, read_territory
from monitor.notices.facts import Facts
from monitor.notices.pan import named_units, read_pan
from monitor.notices.rules import Rules
from monitor.notices.subject import foreigners_in


def read_notice(
    body: bytes,
    content_type: str | None,
    url: str,
    rules: Rules,
    *,
    territory: str = "FR",
    at: date | datetime | None = None,
) -> Facts:
    """What a notice publishes. HTML, plain text or PDF, told apart by content.

    content_type: header as received, used for its charset only. territory: ISO 3166-1 code whose telephone numbers are
    local (FR is always tried too). at: day of the look, against which the page's own dates are held; None leaves them
    unjudged. Never raises on what a server may send.
    """
    document = read_document(body, content_type, url)
    day = at.date() if isinstance(at, datetime) else at
    if isinstance(document, str):
        blank = Context(Document("", ()), rules, url, territory, day)
        return Facts(url=url, official_host=blank.official, unreadable=document)
    return _read(Context(document, rules, url, territory, day))


def _read(context: Context) -> Facts:
    pan = read_pan(context)
    aside = named_units(context)
    channels, drop_box = read_channels(context)
    two_vectors, substitution_vectors = read_two_vectors(context, aside) if context.official else (None, ())
    ordinary = read_ordinary(context, aside)
    ccc = read_ccc(context)
    known = {*pan.details.phones, *pan.details.emails, *([ccc.phone] if ccc.phone else [])}
    known.update(address for channel in channels.values() for address in channel.addresses)
    document = context.document
    return Facts(
        url=context.url,
        official_host=context.official,
        text=document.text,
        pan=pan,
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
