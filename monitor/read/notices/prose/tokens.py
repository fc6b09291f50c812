"""Telephone numbers and e-mail addresses as printed."""

from __future__ import annotations

import re
from functools import lru_cache

from monitor.read.notices.prose.document import Unit
from monitor.read.notices.prose.typography import folded
from monitor.values import dataclass, pattern


@dataclass(frozen=True, slots=True)
class Token:
    """Something printed. start, end: offsets in the visible text. key: the form to compare by (digits, lower case)."""

    value: str
    start: int
    end: int
    key: str


_DIGITS = pattern(r"(?:\(?\+\s?|00|\(?0)?\d(?:[\s.\-/()\u00a0\u202f]*\d){7,14}")
_SHORT = pattern(r"(?<![\d/.,:-])(?:3\d[ .]?\d\d|118[ .]?\d{3})(?![\d/.,:-]?\d|\s?[h€%])")
_CANDIDATE = pattern(
    r"(?<![\w.+@])(?P<box>[\w][\w.+-]*?)(?P<at>\s?@\s?|\s*[\[({<]\s*(?:at|arobase|a)\s*[\])}>]\s*|\s+arobase\s+)"
    r"(?P<domain>[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:(?:\.|\s*[\[({]\s*(?:dot|point)\s*[\])}]\s*)[a-z0-9-]+)*)"
    r"(?P<tail>[.\w@-]*)",
    re.IGNORECASE,
)
_AT = pattern(r"@|arobase|[\[({<]\s*(?:at|a)\s*[\])}>]")
_DOT = pattern(r"\s*[\[({]\s*(?:dot|point)\s*[\])}]\s*", re.IGNORECASE)


@lru_cache(maxsize=512)
def _is_number(candidate: str, regions: tuple[str, ...]) -> bool:
    import phonenumbers

    for region in regions:
        try:
            number = phonenumbers.parse(candidate, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return True
    return False


@lru_cache(maxsize=512)
def _is_short(digits: str, regions: tuple[str, ...]) -> bool:
    import phonenumbers
    from phonenumbers import shortnumberinfo

    for region in regions:
        try:
            number = phonenumbers.parse(digits, region)
        except phonenumbers.NumberParseException:
            continue
        if shortnumberinfo.is_valid_short_number_for_region(number, region):
            return True
    return False


def phones(unit: Unit, regions: tuple[str, ...], *, short: bool) -> list[Token]:
    """Numbers valid in one of the regions; short ones (34 30) too where asked: the sentence speaks of telephone."""
    found: list[Token] = []
    text = unit.text
    for match in _DIGITS.finditer(text):
        for start, end in _readings(match):
            printed = text[start:end]
            if _is_number(printed, regions):
                found.append(_token(unit, start, end, re.sub(r"\D", "", printed)))
                break
    if short:
        for match in _SHORT.finditer(text):
            inside = any(token.start <= unit.start + match.start() < token.end for token in found)
            digits = re.sub(r"\D", "", match.group())
            if not inside and _is_short(digits, regions):
                found.append(_token(unit, match.start(), match.end(), digits))
    return sorted(found, key=lambda token: token.start)


def _readings(match: re.Match[str]) -> list[tuple[int, int]]:
    """The whole run of digits, then its first ten, then its last: two numbers, a number and a year, or the minutes of
    an hour and a number (« 11h45 01 99 00 54 12 », a row of a table) may stand side by side."""
    spans = [(match.start(), match.end())]
    digits = [match.start() + i for i, char in enumerate(match.group()) if char.isdigit()]
    if len(digits) > 10 and match.group()[0] == "0":
        spans.append((match.start(), digits[9] + 1))
    if len(digits) > 10 and match.string[digits[-10]] == "0":
        spans.append((digits[-10], match.end()))
    return spans


def emails(unit: Unit, endings: frozenset[str]) -> list[Token]:
    """Usable addresses, by the endings known: masked ones ([at], arobase) as printed; cut or protected ones are left
    out."""
    found: list[Token] = []
    if not _AT.search(unit.low):
        return found
    for match in _CANDIDATE.finditer(unit.text):
        domain = _DOT.sub(".", match["domain"]).lower()
        tail = match["tail"].strip(".-")
        ending = domain.rsplit(".", 1)[-1] if "." in domain else ""
        if tail or ending not in endings:
            continue
        key = f"{folded(match['box'])}@{domain}"
        found.append(_token(unit, match.start("box"), match.end("domain"), key))
    return found


def _token(unit: Unit, start: int, end: int, key: str) -> Token:
    return Token(unit.text[start:end].strip(), unit.start + start, unit.start + end, key)
