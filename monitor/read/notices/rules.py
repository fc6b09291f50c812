"""The words the reading goes by, as a lawyer can read them: tables of phrases, each with its reason.

The tables live in `monitor/data/notices_*.toml`; an outer layer loads them and passes them in. A phrase is plain
French: accents, apostrophes, hyphens and capitals do not matter; `*` stands for any ending of a word; `( | )` are
alternatives and `( )?` may be absent; `...` lets a few words (eighty letters) pass within one clause; `#` is a number;
` ?` is a space that may be missing.

The notice rules, read from the tables shipped with the package.

Which matter words name: residence, or another service of the same offices.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

from monitor.core.words import DATA
from monitor.read.notices.prose.concepts import ConceptName
from monitor.read.notices.prose.typography import folded
from monitor.values import dataclass, pattern

_TOKENS = pattern(r"\.\.\.|\s+\?|\s+|[-'*#()|?]|[^\s\-'*#()|?.]+|\.")
_GAP = r"[^;:!?]{0,80}?(?<![a-z])"


@dataclass(frozen=True, slots=True)
class Concept:
    """One idea and the phrases that express it. pattern: for folded text. reason: why these words, in French."""

    name: str
    pattern: re.Pattern[str]
    reason: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Departement:
    """code: INSEE, upper case. slug: as in its host name. region: code of its telephone numbers (ISO 3166-1)."""

    code: str
    slug: str
    name: str
    region: str


def pattern_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """The regular expression of phrases, longest first; it matches folded text, whole words only."""
    ordered = sorted(set(phrases), key=len, reverse=True)
    return re.compile(r"(?<![a-z])(?<!rendez[-\s])(?:" + "|".join(_expression(phrase) for phrase in ordered) + ")")


def _expression(phrase: str) -> str:
    out = []
    for token in _TOKENS.findall(folded(phrase.strip())):
        match token:
            case _ if token[0].isspace() and token[-1] == "?":
                out.append(r"\s*")
            case "...":
                while out and out[-1] == r"\s+":
                    out.pop()
                out.append(_GAP)
            case "(":
                out.append("(?:")
            case "-":
                out.append(r"[-\s]?\s?")
            case "'":
                out.append(r"'\s?")
            case "*":
                out.append("[a-z]*")
            case "#":
                out.append(r"(?<!\d)\d{1,6}")
            case ")" | "|" | "?":
                out.append(token)
            case _ if token.isspace():
                if not out or out[-1] != _GAP:
                    out.append(r"\s+")
            case _:
                out.append(re.escape(token))
    return "".join(out) + r"(?![a-z])"


@dataclass(frozen=True, eq=False)
class Rules:
    """Every table, compiled once. Asking for a concept that no table holds raises KeyError."""

    concepts: Mapping[ConceptName, Concept]
    departements: tuple[Departement, ...]
    scopes: tuple[Concept, ...]
    ccc_numbers: frozenset[str]
    email_endings: frozenset[str]
    prefecture_hosts: frozenset[str]

    @classmethod
    def from_tables(cls, tables: Mapping[str, Any]) -> Rules:
        """Build from decoded TOML: `concepts`, `scopes`, `departements`, `ccc_numbers`, `email_endings`,
        `prefecture_hosts`.

        Raises KeyError when a table is missing, ValueError when an entry has no reason or no phrase.
        """
        return cls(
            concepts={name: _concept(name, entry) for name, entry in tables["concepts"].items()},
            departements=tuple(Departement(**row) for row in tables["departements"]),
            scopes=tuple(_concept(entry["label"], entry) for entry in tables["scopes"]),
            ccc_numbers=frozenset(tables["ccc_numbers"]),
            email_endings=frozenset(tables["email_endings"]),
            prefecture_hosts=frozenset(tables["prefecture_hosts"]),
        )

    def says(self, name: ConceptName, text: str) -> bool:
        """True when the folded text holds the concept."""
        return self.concepts[name].pattern.search(text) is not None

    def opens(self, name: ConceptName, text: str) -> bool:
        """True when the folded text begins with the concept."""
        return self.concepts[name].pattern.match(text) is not None

    def says_any(self, names: Iterable[ConceptName], text: str) -> bool:
        """True when the folded text holds one of the concepts."""
        return any(self.says(name, text) for name in names)

    def find(self, name: ConceptName, text: str) -> re.Match[str] | None:
        """First place of the concept in the folded text."""
        return self.concepts[name].pattern.search(text)

    def all(self, name: ConceptName, text: str) -> Iterator[re.Match[str]]:
        """Every place of the concept in the folded text."""
        return self.concepts[name].pattern.finditer(text)

    def without(self, name: ConceptName, text: str) -> str:
        """The folded text with the concept's words blanked, every letter in its place."""
        return self.concepts[name].pattern.sub(lambda found: " " * len(found.group()), text)

    @cached_property
    def by_slug(self) -> dict[str, Departement]:
        """Départements by the letters of their slug."""
        return {re.sub(r"[^a-z]", "", row.slug): row for row in self.departements}


def _concept(name: str, entry: Mapping[str, Any]) -> Concept:
    phrases = tuple(entry.get("phrases", ()))
    reason = str(entry.get("reason", "")).strip()
    if not phrases or not reason:
        raise ValueError(f'notice rules: "{name}" needs phrases and a reason')
    return Concept(name, pattern_of(phrases), reason, phrases)


def notice_rule_files() -> dict[str, Path]:
    """The rule tables by file name, sorted."""
    return {path.name: path for path in sorted(Path(DATA).glob("notices_*.toml"))}


@lru_cache(maxsize=1)
def notice_rules() -> Rules:
    """Every `monitor/data/notices_*.toml`, joined and compiled once. Raises ValueError for a name defined twice."""
    tables: dict[str, Any] = {"concepts": {}}
    for entry in notice_rule_files().values():
        table = tomllib.loads(entry.read_text(encoding="utf-8"))
        for name, concept in table.pop("concepts", {}).items():
            if name in tables["concepts"]:
                raise ValueError(f"notice rules: {name} is defined twice, the second time in {entry.name}")
            tables["concepts"][name] = concept
        for name, value in table.items():
            if name in tables:
                raise ValueError(f"notice rules: {name} is defined twice, the second time in {entry.name}")
            tables[name] = value
    return Rules.from_tables(tables)


Matter = Literal["residence", "naturalisation", "asylum", "licences", "collection", "other_matters"]

_OTHERS: tuple[Matter, ...] = ("naturalisation", "asylum", "licences", "collection", "other_matters")


def others_in(rules: Rules, low: str) -> set[Matter]:
    """Matters other than residence that the words name."""
    plain = _plain(rules, low)
    return {matter for matter in _OTHERS if rules.says(matter, plain)}


def _plain(rules: Rules, low: str) -> str:
    """Folded words without the names of offices and the papers to show, which are no matter."""
    return rules.without("service_name", rules.without("not_licences", low))


def foreigners_in(rules: Rules, low: str) -> bool:
    """True when the words name foreigners, the ANEF or residence."""
    plain = rules.without("not_foreigners", low)
    return rules.says("foreigners", plain) or rules.says("residence", plain) or rules.says("residence_request", plain)


def names_another(rules: Rules, code: str, low: str) -> bool:
    """True when folded words name the préfecture of another département than `code`."""
    for found in re.finditer(r"prefecture (?:de la |de l'|du |des |de |d')([a-z' -]+)", low):
        letters, named = "", None
        for word in re.findall(r"[a-z]+", found[1])[:6]:
            letters += word
            named = rules.by_slug.get(letters, named)
        if named is not None and named.code != code:
            return True
    return False


@lru_cache(maxsize=1024)  # asked of the same headings and sentences over and over
def requested(rules: Rules, low: str) -> Matter | None:
    """The matter of words that name a request, or another matter; None when they leave it open."""
    others = others_in(rules, low)
    low = rules.without("permit_as_paper", low)
    if "collection" in others:
        return "collection"
    explicit = rules.find("residence_request", low)
    if explicit is None:
        return min(others) if others else None
    if not others:
        return "residence"
    first = min(
        (found.start() for matter in others if (found := rules.find(matter, _plain(rules, low)))),
        default=len(low),
    )
    return "residence" if explicit.start() <= first else min(others)


def headed(rules: Rules, low: str) -> Matter | None:
    """The matter of a heading, where a bare noun is enough; None when it names none, or several."""
    matter = requested(rules, low)
    if matter is not None:
        mixed = matter != "residence" and matter != "collection" and foreigners_in(rules, low)
        return None if mixed and rules.says("residence", low) else matter
    return "residence" if foreigners_in(rules, low) else None


def scopes_in(rules: Rules, low: str) -> list[str]:
    """Labels of the permits and steps the words name, in the order printed."""
    found = [(match.start(), scope.name) for scope in rules.scopes if (match := scope.pattern.search(low))]
    labels = [label for _, label in sorted(found)]
    return [label for label in labels if label != "titre de séjour" or len(labels) == 1]
