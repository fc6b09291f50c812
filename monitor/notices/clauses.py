"""Clauses, and what is said of a thing named in one: affirmed, denied, or said in the other direction."""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.notices.rules import Rules

_STARTER = (
    r"il|elle|ils|elles|vous|on|nous|ce|cela|celui-ci|celle-ci|ceux-ci|le|la|les|l'|un|une|votre|vos|tout|toute|tous|"
    r"toutes|aucun|aucune|si|s'il|s'ils|lorsque|quand|afin|car|puisque|merci|priere|veuillez|sinon|puis|ensuite|alors|"
    r"envoy\w+|adress\w+|transmet\w+|depos\w+|se presenter|contact\w+|prendre|prenez|uniquement|exclusivement|"
    r"seul|seule|seuls|seules|preparer|pas|ni|plus de|plus d'|sans|non|inutile|dossier|dossiers"
)
_CUT = re.compile(
    r"\s*(?:;|:(?![/\d])|[()])\s*|\s+mais\s+|\s+(?:alors que|tandis que|en revanche|toutefois|cependant|par contre)\s+|"
    rf"\s*,\s*(?=(?:mais|et)?\s?(?:{_STARTER})(?![a-z]))|\s+et\s+(?=(?:{_STARTER})(?![a-z]))|(?<=[.!?])\s+"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence that affirms or denies one thing. start, end: offsets in the folded words."""

    text: str
    start: int
    end: int


def clauses(words: str) -> list[Clause]:
    """The clauses of a sentence's folded words, in order."""
    found = []
    begin = 0
    for cut in _CUT.finditer(words):
        if cut.start() > begin:
            found.append(Clause(words[begin : cut.start()], begin, cut.start()))
        begin = cut.end()
    if begin < len(words):
        found.append(Clause(words[begin:], begin, len(words)))
    return found


def clause_at(parts: list[Clause], position: int) -> int:
    """Index of the clause that holds an offset."""
    return next((i for i, part in enumerate(parts) if part.start <= position < max(part.end, part.start + 1)), 0)


def polarity(rules: Rules, parts: list[Clause], number: int, position: int) -> int:
    """1 affirmed, -1 denied, 0 neither, for a thing named at an offset of the sentence's words."""
    clause = parts[number]
    if rules.says("incomplete", clause.text):
        return 0
    text = rules.without("negation_aside", clause.text)
    for only in rules.all("only", text):
        text = text[: only.start()] + " " * len(only.group()) + text[only.end() :]
    at = position - clause.start
    if rules.says("negation", text):
        return -1
    if any(found.end() <= at for found in rules.all("negation_right", text)):
        return -1
    first = rules.concepts["negation_first"].pattern.match(text.lstrip())
    if first and at > 0:
        return -1
    following = parts[number + 1].text.strip() if number + 1 < len(parts) else ""
    answer = rules.concepts["refused"].pattern.match(following)
    if answer and len(following) <= 60:
        return -1
    return 1


def reversed_direction(rules: Rules, clause: str) -> bool:
    """True when what travels goes from the administration to the person."""
    return rules.says("reverse", clause)


def said_before(parts: list[Clause], number: int) -> str:
    """The sentence from its last semicolon or beginning to the end of a clause: what governs that clause."""
    return " ".join(part.text for part in parts[: number + 1])
