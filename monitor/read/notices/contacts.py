"""Contacts with their role, and the centre de contact citoyens.

What else a notice states: printable forms, arrêtés cited, whom the site serves, how long requests take.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Literal
from urllib.parse import urljoin, urlsplit

from monitor.read.notices.context import NoticeContext, Quote
from monitor.read.notices.prose.document import Unit
from monitor.read.notices.prose.tokens import Token
from monitor.read.notices.prose.typography import collapse, folded
from monitor.values import dataclass, pattern

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


def read_contacts(context: NoticeContext, known: Collection[str], booking: Collection[Quote]) -> tuple[Contact, ...]:
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


def _of_ccc(context: NoticeContext, unit: Unit, kind: str) -> bool:
    lead = context.document.lead_of(unit)
    lows = [context.words[unit.index], *([context.words[lead.index]] if lead else [])]
    return kind == "phone" and any(context.rules.says("ccc", low) for low in lows)


def _role(context: NoticeContext, unit: Unit, position: int) -> Role:
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


def read_ccc(context: NoticeContext) -> Ccc:
    """The CCC: its name or its known number, and the number the page prints for it."""
    naming = [unit for unit in context.document.units if context.rules.says("ccc", context.words[unit.index])]
    for unit in naming:
        for other in _beside_ccc(context, unit):
            tokens = [t for t in context.phones[other.index] if other is unit or _may_be_ccc(context, other, t.key)]
            if tokens:
                return Ccc(True, _national(context, tokens).value, context.quote(other))
    for unit in context.document.units:
        for token in context.phones[unit.index]:
            if token.key in context.rules.ccc_numbers and len(token.key) >= 10:
                return Ccc(True, token.value, context.quote(unit))
    return Ccc(True, None, context.quote(naming[0])) if naming else Ccc()


def _beside_ccc(context: NoticeContext, unit: Unit) -> list[Unit]:
    """The units that may print the number of the CCC that one names: itself, what it introduces, else what follows."""
    introduced = context.introduced(unit)[:6]
    if introduced or context.phones[unit.index]:
        return [unit, *introduced]
    return [unit, *(u for u in context.after(unit, 2) if u.group == unit.group)]


def _national(context: NoticeContext, tokens: Sequence[Token]) -> Token:
    """The number to quote: a known one of the CCC, in full rather than short, before any other."""
    known = [token for token in tokens if token.key in context.rules.ccc_numbers]
    return ([token for token in known if token.key.startswith("08")] or known or list(tokens))[0]


def _may_be_ccc(context: NoticeContext, unit: Unit, key: str) -> bool:
    words = context.words[unit.index]
    if key in context.rules.ccc_numbers:
        return True
    others = ("prefecture", "standard", "service", "bureau", "guichet")
    return not context.rules.says("pan", words) and not any(word in words for word in others)


_FILE = pattern(r"\.(?:pdf|odt|docx?|rtf)(?:$|[?#])", re.IGNORECASE)
_WIDGET = pattern(
    r"[\s>(–-]{0,12}(?:format\s*:?\s*)?\b(?:PDF|ODT|DOCX?|RTF)\b(?:\s*sauvegarder le fichier)*[\s>–-]{0,12}"
    r"(?:\d+(?:[.,]\d+)?\s*[kKMG]?[bo]\b|$)",
    re.IGNORECASE,
)
_FETCH = pattern(
    r"^(?:[>•*-]\s*)?(?:télécharger|remplir|imprimer|compléter|consulter)\s+(?:(?:le|la|les|un|ce)\s+|l['’])?",
    re.IGNORECASE,
)
_FILE_LINE = pattern(r"\b(?:pdf|odt|docx?|rtf)\b.*\d+[.,]\d+\s*[kmg][bo]\b|telecharger", re.IGNORECASE)
_ARRETE = pattern(
    r"arrete(?:s)?\s+(?:prefectoral|ministeriel|interministeriel)?\s?(?:n°\s?[\w./-]+\s)?(?:en date )?du\s+"
    r"\d{1,2}(?:er)?(?:\s+[a-z]+\s+\d{4}|[/.]\d{1,2}[/.]\d{4})|arrete prefectoral n°\s?[\w./-]+"
)
_DELAY = pattern(
    r"(?:delai\w*|traite\w*|instruit\w*|duree\w*|compter|attente)[^.;]{0,60}?\d+\s?(?:a|ou|-)?\s?\d*\s?(?:jours?|semaines?|mois)"
)
_SERVED = pattern(
    r"(?:habit\w+|resid\w+|domicili\w+|competen\w+)[^.;]{0,60}?(?:communes?|arrondissements?|departement)|"
    r"(?:communes?|arrondissements?) (?:suivante?s?|de|d'|du|ci-)|si vous habitez"
)


@dataclass(frozen=True, slots=True)
class Form:
    """A printable form. url: absolute, None where the page prints the file without its link (plain text)."""

    label: str
    url: str | None
    seen: Quote


@dataclass(frozen=True, slots=True)
class Stated:
    """A sentence kept for its matter: an arrêté cited, a territory served, a processing time."""

    value: str
    seen: Quote


def read_forms(context: NoticeContext) -> tuple[Form, ...]:
    """Links to files whose words call them a form; lists of papers, notices and arrêtés are left out."""
    found: dict[str, Form] = {}
    for unit in context.document.units:
        files = [link for link in unit.links if _FILE.search(urlsplit(link.url).path)]
        for link in files:
            label = _label(link.label) or _label(unit.text)
            if _is_form(context, label, link.url):
                url = urljoin(context.url, link.url)
                found.setdefault(url, Form(label, url, context.quote_span(link.start, link.end)))
        if not files and _FILE_LINE.search(unit.low) and not any("://" in link.url for link in unit.links):
            label = _label(unit.text)
            if _is_form(context, label, ""):
                found.setdefault(label, Form(label, None, context.quote(unit)))
    return tuple(found.values())


def _label(text: str) -> str:
    """The file's name without its format, weight and date, nor the verb that says to fetch it."""
    plain = collapse(text)
    widget = _WIDGET.search(plain)
    plain = plain[: widget.start()] if widget else plain
    return _FETCH.sub("", plain).strip(" >-–(:,")


def _is_form(context: NoticeContext, label: str, url: str) -> bool:
    low = folded(label)
    name = folded(re.sub(r"[-_./%\d]+", " ", urlsplit(url).path.rsplit("/", 1)[-1]))
    if context.rules.says("not_a_form", low):
        return False
    return context.rules.says("form_file", low) or context.rules.says("form_file", name)


def read_arretes(context: NoticeContext) -> tuple[Stated, ...]:
    """Arrêtés cited, as printed."""
    found: dict[str, Stated] = {}
    for unit in context.document.units:
        for match in _ARRETE.finditer(unit.low):
            quote = context.quote_span(*unit.span(match.start(), match.end()))
            found.setdefault(quote.text, Stated(quote.text, context.quote(unit)))
    return tuple(found.values())


def read_processing_times(context: NoticeContext) -> tuple[Stated, ...]:
    """Sentences that give a processing time."""
    return _sentences(context, _DELAY)


def read_territory(context: NoticeContext) -> tuple[Stated, ...]:
    """Sentences that say whom the site serves: communes, arrondissements."""
    return _sentences(context, _SERVED)


def _sentences(context: NoticeContext, pattern: re.Pattern[str]) -> tuple[Stated, ...]:
    found = []
    for unit in context.document.units:
        match = pattern.search(unit.low)
        if match:
            part = context.quote_span(*unit.span(match.start(), match.end()))
            found.append(Stated(part.text, context.quote(unit)))
    return tuple(found)
