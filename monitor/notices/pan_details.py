"""Where a PAN is, when it is open, how it is reached: told apart from the CCC, the counter, the telephone line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from monitor.domain.places import Way
from monitor.notices.context import Context
from monitor.notices.document import Unit
from monitor.notices.places import half_days
from monitor.notices.tokens import Token


@dataclass(frozen=True, slots=True)
class Details:
    """Everything as printed. all_hours: the hours of every place; `hours` is the first."""

    access: tuple[Way, ...] = ()
    places: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    hours: str | None = None
    all_hours: tuple[str, ...] = ()


def details(context: Context, units: Sequence[Unit]) -> Details:
    """Details that the units of a PAN give."""
    own = [unit for unit in units if _of_the_pan(context, unit)]
    phones: dict[str, None] = {}
    mailboxes: dict[str, None] = {}
    links: dict[str, None] = {}
    opening: dict[str, None] = {}
    half: dict[str, None] = {}
    ways: dict[Way, None] = {}
    for unit in own:
        words = context.words[unit.index]
        phones.update(dict.fromkeys(t.value for t in context.phones[unit.index]))
        mailboxes.update(dict.fromkeys(t.value for t in context.emails[unit.index] if not _elses(t.key)))
        addresses = (urljoin(context.url, link.url) for link in unit.links if not _anef(link.url))
        links.update(dict.fromkeys(url for url in addresses if url.startswith(("http://", "https://"))))
        if not context.rules.says("phone_line", words) and not _counter_hours(context, words):
            opening.update(
                dict.fromkeys(t.value for t in context.hours[unit.index] if not _of_the_line(context, unit, t))
            )
            half.update(dict.fromkeys(t.value for t in half_days(unit)))
        ways.update(dict.fromkeys(_ways(context, unit)))
    places = dict.fromkeys(
        context.document.quote(a.street_start, a.end)
        for a in context.doors_in(own)
        if not (a.postcode and context.is_elsewhere(a.postcode))
    )
    hours = tuple(opening or half)
    return Details(
        tuple(ways), tuple(places), tuple(phones), tuple(mailboxes), tuple(links), hours[0] if hours else None, hours
    )


def _of_the_pan(context: Context, unit: Unit) -> bool:
    """False for a sentence on the CCC, unless it is by the CCC that the PAN is booked."""
    rules = context.rules
    words = context.words[unit.index]
    if "standard" in words and not rules.says("pan", words):
        return False
    if rules.says("ccc", words) or any(t.key in rules.ccc_numbers for t in context.phones[unit.index]):
        return rules.says("pan", words) and rules.says("appointment", words)
    return True


def _of_the_line(context: Context, unit: Unit, hours: Token) -> bool:
    """True when the hours follow a telephone number: "au 02 61 91 22 10 chaque matin de 9h à 11h"."""
    return any(0 <= hours.start - phone.end <= 25 for phone in context.phones[unit.index])


def _counter_hours(context: Context, words: str) -> bool:
    """True when the hours are said of a counter or of the whole préfecture, not of the PAN."""
    rules = context.rules
    return not rules.says("pan", words) and any(word in words for word in ("guichet", "standard", "accueil general"))


def _elses(key: str) -> bool:
    return any(mark in key for mark in ("cni", "passeport", "rgpd", "dpo"))


def _anef(url: str) -> bool:
    return "administration-etrangers-en-france" in url or "service-public" in url


def _ways(context: Context, unit: Unit) -> list[Way]:
    """Ways in which one reaches the PAN, as this unit has them: what books a visit, or lets one come without."""
    rules = context.rules
    words = context.words[unit.index]
    ways: list[Way] = []
    if rules.says("walk_in", words) and not rules.says("negation", rules.without("walk_in", words)):
        ways.append("walk_in")
    lead = context.document.lead_of(unit)
    near = [words, *([context.words[lead.index]] if lead else [])]
    if not any(rules.says("appointment", low) or rules.says("booking", low) for low in near):
        return ways + (["form"] if _hands_form_in(context, words) else [])
    plain = rules.without("pan", words)
    if context.phones[unit.index]:
        ways.append("phone")
    if context.emails[unit.index]:
        ways.append("email")
    if rules.says("form", plain) and not rules.says("online_booking", words):
        ways.append("form")
    web = any(not _anef(link.url) and not _is_file(link.url) for link in unit.links)
    if "form" not in ways and (rules.says("online_booking", words) or (web and not context.phones[unit.index])):
        ways.append("online")
    if rules.says("post", rules.without("email", words)):
        ways.append("post")
    return ways


def _hands_form_in(context: Context, words: str) -> bool:
    """True for a form to fill in and hand in."""
    rules = context.rules
    return rules.says("form", words) and (rules.says("deposit", words) or rules.says("drop_box", words))


def _is_file(url: str) -> bool:
    return url.lower().split("?")[0].endswith((".pdf", ".odt", ".doc", ".docx", ".rtf"))
