"""Filing channels for residence requests, read from the sentences that name them: post, drop box, e-mail, telephone."""

from __future__ import annotations

import re
from dataclasses import replace

from monitor.read.notices.clauses import Polarity, clauses, reversed_direction
from monitor.read.notices.context import NoticeContext, Quote
from monitor.read.notices.counter import counter_mentions
from monitor.read.notices.mentions import (
    Channel,
    ChannelName,
    Mention,
    Spot,
    aims_elsewhere,
    answered,
    opening,
    places_of,
    refusal,
    revocations,
    settle,
    spots,
    substitution_governs,
    usable,
    without_circumstance,
)
from monitor.read.notices.prose.document import Unit
from monitor.read.notices.prose.enclosures import enclosed
from monitor.read.notices.prose.tokens import Token
from monitor.values import dataclass, pattern

_ADDRESSED = pattern(
    r"(?<![a-z])(?:adresser|adressez|adressees?|(?:est|sont|etre|sera|seront|a) adresses?|"
    r"(?:r?envoy|transm|expedi)[a-z]+|"
    r"retourner|retournez|parvenir|poster|postez|send|sent)(?![a-z])"
)
_DIGITAL_ADDRESS = pattern(r"@|https?:|www\.")


def read_channels(context: NoticeContext) -> tuple[dict[ChannelName, Channel], Quote | None]:
    """The four channels, and the sentence that opens a drop box for residence requests."""
    post: list[Mention] = []
    box: list[Mention] = []
    email: list[Mention] = []
    phone: list[Mention] = []
    for unit in context.document.units:
        words = context.core[unit.index]
        plain = _without_email(context, words)
        post += _post(context, unit, plain)
        box += _drop_box(context, unit, plain)
        email += _email(context, unit, words)
        phone += _phone(context, unit, words)
    revoked = revocations(context)
    desk = counter_mentions(context)
    counter, postal = settle(context, desk, revoked), settle(context, post, revoked)
    if postal.basis == "offered" and not counter.published and any(not m.open for m in desk):
        postal = replace(postal, basis="imposed")
    channels: dict[ChannelName, Channel] = {
        "counter": counter,
        "postal": postal,
        "email": settle(context, email, revoked),
        "phone": settle(context, phone, revoked),
    }
    return channels, settle(context, box, revoked).seen


def _without_email(context: NoticeContext, words: str) -> str:
    """Folded words with the names of e-mail blanked, English postal mail kept."""
    kept = [match.span() for match in context.rules.all("not_email", words)]
    out = words
    for match in context.rules.all("email", words):
        if not any(start <= match.start() < end for start, end in kept):
            out = out[: match.start()] + " " * len(match.group()) + out[match.end() :]
    return out


def filing(context: NoticeContext, spot: Spot) -> bool:
    """True when the sentence, with what stands over it, is about sending a request in, and not about something else."""
    rules = context.rules
    unit, so_far = spot.unit, spot.so_far
    over = _over(context, unit)
    if aims_elsewhere(context, spot) or over.not_filing or over.appointment:
        return False
    verb = rules.says("filing_verb", so_far)
    sentence = rules.without("not_a_thing", context.words[unit.index])
    thing = rules.says("filing_object", sentence)
    if (verb and (thing or over.asked or over.thing)) or rules.says("sent_by", rules.without("not_a_thing", so_far)):
        return True
    if rules.says("contacting_words", so_far):
        return False
    return (over.asked or over.verb) and (thing or verb or over.asked or over.thing or rules.says("same_way", so_far))


@dataclass(frozen=True, slots=True)
class _Over:
    """What the lead and the nearest headings of a unit say of filing."""

    asked: bool
    verb: bool
    thing: bool
    not_filing: bool
    appointment: bool


def _over(context: NoticeContext, unit: Unit) -> _Over:
    rules = context.rules
    lead = context.document.lead_of(unit)
    led = [context.words[lead.index]] if lead else []
    lows = led + [context.words[u.index] for u in context.document.above(unit)[:2]]
    return _Over(
        any(rules.says("filing_question", low) for low in lows),
        any(rules.says("filing_verb", low) for low in lows),
        any(rules.says("filing_object", low) for low in lows),
        any(rules.says("not_filing", rules.without("faq", low)) for low in lows[:1]),
        any(rules.says("booking", low) for low in led),
    )


def _post(context: NoticeContext, unit: Unit, plain: str) -> list[Mention]:
    found = places_of(context, "post", plain)
    place = _postal_address(context, unit)
    if not found and place and (sent := _ADDRESSED.search(plain)) and not _DIGITAL_ADDRESS.search(unit.text):
        found = [sent.start()]
    out = []
    for spot in spots(unit, found, plain):
        said = usable(context, spot)
        if said is Polarity.DENIED:
            out.append(refusal(context, spot))
        elif said is Polarity.AFFIRMED and _sends(context, spot, place):
            if (unit.is_heading and not place and not answered(context, unit)) or (
                place and context.is_elsewhere(place[1])
            ):
                continue
            out.append(opening(context, spot, [place[0]] if place else []))
    return out if not _calls_the_ccc(context, plain) else []


def _sends(context: NoticeContext, spot: Spot, place: tuple[str, str] | None) -> bool:
    if _asks_appointment(context, spot) or _only_writes(context, spot):
        return False
    over = _over(context, spot.unit)
    aside = aims_elsewhere(context, spot) or over.not_filing or over.appointment
    return filing(context, spot) or (place is not None and not aside)


def _only_writes(context: NoticeContext, spot: Spot) -> bool:
    """True for "écrivez à", "adressez un courrier": a letter is not a request unless the sentence says so."""
    rules, so_far = context.rules, spot.so_far
    if not rules.says("writing", so_far) or _encloses_file(context, spot.unit):
        return False
    troubled = any(rules.says(name, so_far) for name in ("contacting_words", "anef_failure", "negation_aside"))
    sentence = rules.without("not_a_thing", so_far)
    return troubled or not (
        rules.says("residence_request", sentence) and re.search("demande|dossier|renouvel", sentence)
    )


def _encloses_file(context: NoticeContext, unit: Unit) -> bool:
    """True for "écrivez à ... en joignant votre dossier": the file goes with the letter."""
    return context.rules.says("file", enclosed(context.words[unit.index]))


def _asks_appointment(context: NoticeContext, spot: Spot) -> bool:
    """True when the channel serves to ask for an appointment and no file travels by it."""
    so_far = spot.so_far
    return context.rules.says("appointment_request", so_far) and "dossier" not in so_far


def _postal_address(context: NoticeContext, unit: Unit) -> tuple[str, str] | None:
    """The postal address a sentence gives, in itself or in the lines it introduces: (as printed, postcode)."""
    units = [unit]
    if unit.low.rstrip().endswith((":", "suivante", "suivante :")) or unit.is_heading:
        units += list(context.after(unit, 8)) if not unit.is_heading else context.document.section(unit, 8)
    for address in context.addresses_in(units):
        return address.value, address.postcode
    return None


def _drop_box(context: NoticeContext, unit: Unit, plain: str) -> list[Mention]:
    out = []
    for spot in spots(unit, places_of(context, "drop_box", plain), plain):
        said = usable(context, spot)
        if said is Polarity.DENIED:
            out.append(refusal(context, spot))
        elif said is Polarity.AFFIRMED and filing(context, spot):
            out.append(opening(context, spot))
    return out


def _email(context: NoticeContext, unit: Unit, words: str) -> list[Mention]:
    rules = context.rules
    tokens = context.emails[unit.index]
    post_mail = [match.span() for match in rules.all("not_email", words)]
    named = [at for at in places_of(context, "by_email", words) if not any(a <= at < b for a, b in post_mail)]
    named += [unit.within(token.start) for token in tokens]
    out = []
    for spot in spots(unit, named, words):
        said = usable(context, spot)
        if said is Polarity.DENIED:
            out.append(refusal(context, spot))
        if said is not Polarity.AFFIRMED or not _mails_in(context, spot, tokens):
            continue
        addresses = [token.value for token in (tokens or _introduced_emails(context, unit))]
        if not addresses and ("@" in unit.text or not rules.says("filing_object", spot.so_far)):
            continue  # an address that is printed and cannot be used is cut, or misspelt
        out.append(opening(context, spot, addresses))
    return out


def _mails_in(context: NoticeContext, spot: Spot, tokens: list[Token]) -> bool:
    """True when the sentence sends a request by e-mail; asking, following up and booking are something else."""
    rules = context.rules
    unit, so_far = spot.unit, spot.so_far
    if rules.says("email_is_form", so_far) or _link_after(unit, tokens) or reversed_direction(rules, so_far):
        return False
    boxes = " ".join(re.sub(r"[._]", " ", token.key.split("@")[0].replace("-", " - ")) for token in tokens)
    if rules.says("mailbox_not_filing", boxes) or rules.says("appointment_request", so_far):
        return False
    if unit.is_heading or _calls_the_ccc(context, so_far):
        return False
    sentence = rules.without("not_a_thing", context.words[unit.index])
    if rules.says("writing", so_far) and _encloses_file(context, unit):
        return True
    if _only_writes(context, spot) or rules.says("not_filing", spot.clause):
        return False
    own = rules.says_any(("filing_object", "residence_request", "same_way"), sentence)
    over = _over(context, unit)
    return filing(context, spot) and (own or (over.asked and rules.says("filing_verb", so_far)))


def _link_after(unit: Unit, tokens: list[Token]) -> bool:
    """True for "par mail https://...": the address given is a site's, not a mailbox."""
    return not tokens and re.search(r"mail\W{0,4}\s*(?:https?://|www\.)", unit.low) is not None


def _introduced_emails(context: NoticeContext, unit: Unit) -> list[Token]:
    if not unit.low.rstrip().endswith(":"):
        return []
    return [token for other in context.introduced(unit)[:2] for token in context.emails[other.index]]


def _phone(context: NoticeContext, unit: Unit, words: str) -> list[Mention]:
    """A request made by word of mouth; the contact centre takes none, wherever the sentence names it."""
    rules = context.rules
    numbers = context.phones[unit.index]
    own = [token.value for token in numbers if token.key not in rules.ccc_numbers]
    if _calls_the_ccc(context, words) or (numbers and not own):
        return []
    out = []
    for spot in spots(unit, places_of(context, "spoken", words), words):
        said = usable(context, spot)
        if said is Polarity.DENIED:
            out.append(refusal(context, spot))
        elif said is Polarity.AFFIRMED and _is_asked_aloud(context, spot):
            out.append(opening(context, spot, own))
    return out


def _calls_the_ccc(context: NoticeContext, words: str) -> bool:
    """Whether the sentence sends people to the contact centre, and does not only tell what it found before."""
    rules = context.rules
    return any(rules.says("ccc", without_circumstance(part.text)) for part in clauses(words))


def _is_asked_aloud(context: NoticeContext, spot: Spot) -> bool:
    rules, said = context.rules, spot.so_far
    if rules.says_any(("not_filing", "appointment"), said) or not rules.says("phone_filing", said):
        return False
    governed = substitution_governs(context, spot.unit) and rules.says("filing_object", said)
    return governed or rules.says_any(("residence_request", "bare_request"), said)
