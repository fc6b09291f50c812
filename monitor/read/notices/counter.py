"""The counter as a filing channel: a place, an act of deposit, or an appointment to file."""

from __future__ import annotations

from monitor.read.notices.clauses import is_booking, matter_of
from monitor.read.notices.context import Context
from monitor.read.notices.mentions import Mention, Spot, mention, places_of, spots, usable
from monitor.read.notices.prose.document import Unit


def counter_mentions(context: Context) -> list[Mention]:
    """Every sentence that opens, or refuses, the counter for residence requests."""
    out: list[Mention] = []
    for unit in context.document.units:
        words = _words(context, unit)
        found = (
            _at_the_desk(context, unit, words)
            or _by_appointment(context, unit)
            or _listed(context, unit, words)
            or _presents(context, unit, words)
        )
        out += found
    if not any(m.sign > 0 for m in out):
        out += _day_of_appointment(context)
    return out


def _words(context: Context, unit: Unit) -> str:
    """Words of a unit with the online booking blanked: it says nothing of where the file is received."""
    return context.rules.without("online_booking", context.words[unit.index])


def _at_the_desk(context: Context, unit: Unit, words: str) -> list[Mention]:
    """A place and an act of deposit in one sentence."""
    rules = context.rules
    out: list[Mention] = []
    if unit.is_heading:
        return out
    for spot in spots(unit, places_of(context, "counter_place", words), words):
        sign = usable(context, spot)
        if not sign:
            continue
        if sign > 0 and not _deposits(context, spot):
            continue
        if sign < 0 and not (rules.says("deposit", spot.so_far) or "guichet" in spot.clause):
            continue
        out.append(mention(context, spot, sign, _desk_addresses(context, unit) if sign > 0 else []))
    return out


def _deposits(context: Context, spot: Spot) -> bool:
    rules = context.rules
    unit, so_far = spot.unit, spot.so_far
    lead = context.document.lead_of(unit)
    if rules.says("not_filing", so_far) or rules.says("collection", so_far):
        return False
    if lead is not None and rules.says("booking", context.words[lead.index]):
        return False
    over = " ".join(context.words[u.index] for u in context.document.above(unit)[:2])
    answers = any(u.asks for u in context.document.above(unit)[:1]) and rules.says("appointment", so_far)
    listed = (unit.kind in ("row", "item") or answers) and (
        rules.says("deposit", over) or rules.says("filing_question", over)
    )
    said = rules.says("deposit", so_far) or rules.says("done_at", spot.clause) or _says_next(context, spot)
    if not said and not listed and not _labelled(context, spot):
        return False
    if rules.says("online", spot.clause) and "guichet" not in spot.clause:
        return False
    return not rules.says("fingerprints", spot.clause) or rules.says("filing_object", spot.clause)


def _says_next(context: Context, spot: Spot) -> bool:
    """True for "Guichet du séjour : dépôt des dossiers le lundi"."""
    rules = context.rules
    following = spot.parts[spot.number + 1].text if spot.number + 1 < len(spot.parts) else ""
    return spot.number == 0 and rules.says("deposit", following) and not rules.says("negation", following)


def _labelled(context: Context, spot: Spot) -> bool:
    """True for "Renouvellement de récépissé : guichet C, sans rendez-vous"."""
    rules = context.rules
    if spot.number == 0 or not (rules.says("appointment", spot.clause) or context.hours[spot.unit.index]):
        return False
    label = spot.parts[0].text
    named = rules.says("residence_request", label) or rules.says("bare_request", label)
    return named and len(label) <= 80


def _by_appointment(context: Context, unit: Unit) -> list[Mention]:
    """A request received by appointment: "les demandes se déposent uniquement sur rendez-vous"."""
    rules = context.rules
    words = context.words[unit.index]
    if unit.is_heading and not (is_booking(context.url) or "module" in words):
        return []
    out = []
    for spot in spots(unit, places_of(context, "by_appointment", words), words):
        text = spot.so_far
        if usable(context, spot) <= 0 or rules.says("not_filing", text) or rules.says("collection", text):
            continue
        if not rules.says("files_by_appointment", text) or rules.says("fingerprints", text) or rules.says("post", text):
            continue
        out.append(mention(context, spot, 1, _desk_addresses(context, unit)))
    return out


def _listed(context: Context, unit: Unit, words: str) -> list[Mention]:
    """A request listed under, or after, "sur rendez-vous", "sans rendez-vous" or "au guichet"."""
    rules = context.rules
    lead = context.document.lead_of(unit)
    label, mark, rest = words.partition(" : ")
    labelled = bool(mark) and _heads_a_desk(context, label)
    over = [context.words[u.index] for u in ([lead] if lead else []) + context.document.above(unit)[:1]]
    headed = unit.kind in ("item", "row") and any(_heads_a_desk(context, low) for low in over)
    if not labelled and not headed:
        return []
    begin = len(words) - len(rest) if labelled else 0
    patterns = (rules.concepts["residence_request"].pattern, rules.concepts["bare_request"].pattern)
    named = patterns[0].search(words, begin) or patterns[1].search(words, begin)
    if named is None or rules.says("online", words) or rules.says("post", words):
        return []
    return [mention(context, spot, 1) for spot in spots(unit, [named.start()], words) if usable(context, spot) > 0]


def _presents(context: Context, unit: Unit, words: str) -> list[Mention]:
    """A named request for which one comes in person: "Duplicata : se présenter sans rendez-vous"."""
    rules = context.rules
    named = rules.says("residence_request", words) or rules.says("bare_request", words)
    if unit.is_heading or not named or rules.says("online", words):
        return []
    out = []
    for spot in spots(unit, places_of(context, "come_in_person", words), words):
        aside = any(rules.says(name, spot.so_far) for name in ("not_filing", "collection", "fingerprints"))
        sign = 0 if aside else usable(context, spot)
        out += [mention(context, spot, sign, _desk_addresses(context, unit) if sign > 0 else [])] if sign else []
    return out


def _heads_a_desk(context: Context, low: str) -> bool:
    rules = context.rules
    blocked = ("negation", "collection", "booking", "not_filing", "online")
    return len(low) <= 90 and rules.says("desk_heading", low) and not any(rules.says(name, low) for name in blocked)


def _day_of_appointment(context: Context) -> list[Mention]:
    """An appointment that must be taken and, in the same section, the file to bring on that day; or a paper file and
    the people who must be there."""
    rules = context.rules
    out = []
    for unit in context.document.units:
        words = context.words[unit.index]
        booked = rules.says("by_appointment", words) and not rules.says("negation", words)
        paper = rules.says("paper_file", words) and not rules.says("post", words)
        if (
            unit.is_heading
            or not (booked or paper)
            or rules.says("collection", words)
            or rules.says("fingerprints", words)
        ):
            continue
        if matter_of(context, unit) != "residence":
            continue
        for other in context.after(unit, 5):
            low = context.words[other.index]
            if rules.says("collection", low) or matter_of(context, other) != "residence":
                continue
            if (booked and rules.says("bring", low)) or (paper and rules.says("presence", low)):
                named = places_of(context, "by_appointment" if booked else "paper_file", words)
                opened = [spot for spot in spots(unit, named, words) if usable(context, spot) > 0]
                out += [mention(context, spot, 1) for spot in opened[:1]]
                break
    return out


def _desk_addresses(context: Context, unit: Unit) -> list[str]:
    units = [unit, *(context.after(unit, 6) if unit.low.rstrip().endswith(":") else ())]
    return [a.value for a in context.addresses_in(units) if not context.is_elsewhere(a.postcode)]
