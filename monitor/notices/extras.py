"""What else a notice states: printable forms, arrêtés cited, whom the site serves, how long requests take."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from monitor.notices.context import Context, Quote
from monitor.notices.typography import collapse, folded

_FILE = re.compile(r"\.(?:pdf|odt|docx?|rtf)(?:$|[?#])", re.IGNORECASE)
_WIDGET = re.compile(
    r"[\s>(–-]{0,12}(?:format\s*:?\s*)?\b(?:PDF|ODT|DOCX?|RTF)\b(?:\s*sauvegarder le fichier)*[\s>–-]{0,12}"
    r"(?:\d+(?:[.,]\d+)?\s*[kKMG]?[bo]\b|$)",
    re.IGNORECASE,
)
_FETCH = re.compile(
    r"^(?:[>•*-]\s*)?(?:télécharger|remplir|imprimer|compléter|consulter)\s+(?:(?:le|la|les|un|ce)\s+|l['’])?",
    re.IGNORECASE,
)
_FILE_LINE = re.compile(r"\b(?:pdf|odt|docx?|rtf)\b.*\d+[.,]\d+\s*[kmg][bo]\b|telecharger", re.IGNORECASE)
_ARRETE = re.compile(
    r"arrete(?:s)?\s+(?:prefectoral|ministeriel|interministeriel)?\s?(?:n°\s?[\w./-]+\s)?(?:en date )?du\s+"
    r"\d{1,2}(?:er)?(?:\s+[a-z]+\s+\d{4}|[/.]\d{1,2}[/.]\d{4})|arrete prefectoral n°\s?[\w./-]+"
)
_DELAY = re.compile(
    r"(?:delai\w*|traite\w*|instruit\w*|duree\w*|compter|attente)[^.;]{0,60}?\d+\s?(?:a|ou|-)?\s?\d*\s?(?:jours?|semaines?|mois)"
)
_SERVED = re.compile(
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


def read_forms(context: Context) -> tuple[Form, ...]:
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


def _is_form(context: Context, label: str, url: str) -> bool:
    low = folded(label)
    name = folded(re.sub(r"[-_./%\d]+", " ", urlsplit(url).path.rsplit("/", 1)[-1]))
    if context.rules.says("not_a_form", low):
        return False
    return context.rules.says("form_file", low) or context.rules.says("form_file", name)


def read_arretes(context: Context) -> tuple[Stated, ...]:
    """Arrêtés cited, as printed."""
    found: dict[str, Stated] = {}
    for unit in context.document.units:
        for match in _ARRETE.finditer(unit.low):
            quote = context.quote_span(*unit.span(match.start(), match.end()))
            found.setdefault(quote.text, Stated(quote.text, context.quote(unit)))
    return tuple(found.values())


def read_processing_times(context: Context) -> tuple[Stated, ...]:
    """Sentences that give a processing time."""
    return _sentences(context, _DELAY)


def read_territory(context: Context) -> tuple[Stated, ...]:
    """Sentences that say whom the site serves: communes, arrondissements."""
    return _sentences(context, _SERVED)


def _sentences(context: Context, pattern: re.Pattern[str]) -> tuple[Stated, ...]:
    found = []
    for unit in context.document.units:
        match = pattern.search(unit.low)
        if match:
            part = context.quote_span(*unit.span(match.start(), match.end()))
            found.append(Stated(part.text, context.quote(unit)))
    return tuple(found)
