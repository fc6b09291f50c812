"""What the words of a link announce, graded by a table of the package that a person can read: it orders visits, and
proves nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, cast, get_args

from monitor.core.prefecture import Procedure
from monitor.read.notices.prose.links import Anchor
from monitor.read.notices.prose.typography import folded
from monitor.read.notices.rules import Rules, foreigners_in, names_another, notice_rules, others_in, pattern_of
from monitor.values import dataclass, pattern

Sought = Literal["foreigners", "pan", "appointment", "substitution", "contact", "filing", "forms"]
SOUGHT: tuple[Sought, ...] = get_args(Sought)
SignKind = Sought | Literal["way", "news", "elsewhere", "never"]

FOREIGNERS = 40  # weight of words that name foreigners or residence (concepts of the notice tables)
INSIDE = 30  # weight of standing in the foreigners' section
FILE = -30  # a PDF: opened only where its words announce what is sought, not for every list of documents
OTHER_MATTER = -40  # weight of licences, hunting, elections ... where foreigners are not named
_BY_PATH = 0.7  # an address says less than a link: segments are cut and outlive what they named
_ADDRESS = pattern(r"(?:https?:?/*)?(?:[\w-]+\.)+[a-z]{2,}\S*")
_BY_ROW = 0.5  # the row of a link that says nothing itself


@dataclass(frozen=True, slots=True)
class Sign:
    """One row of the table. pattern: for folded text. reason: in French."""

    name: str
    kind: SignKind
    weight: int
    pattern: re.Pattern[str]
    reason: str


@dataclass(frozen=True)
class LinkRules:
    """The table compiled, with the notice rules that tell whom words are about."""

    signs: tuple[Sign, ...]
    procedures: tuple[tuple[Procedure, re.Pattern[str]], ...]
    fillers: frozenset[str]
    never: tuple[re.Pattern[str], ...]
    next_door: tuple[re.Pattern[str], ...]
    doubtful: tuple[re.Pattern[str], ...]
    notices: Rules

    @classmethod
    def from_tables(cls, tables: Mapping[str, Any], notices: Rules) -> LinkRules:
        """Build from decoded TOML: `signs`, `procedures`, `never_for_foreigners`, `another_prefecture`,
        `left_to_a_person`, `fillers`.

        Raises KeyError when a table is missing, ValueError for an unknown kind or procedure, or a row without a reason.
        """
        kinds = (*SOUGHT, "way", "news", "elsewhere", "never")
        for row in (*tables["signs"], *tables["procedures"]):
            if not row.get("reason") or not row.get("phrases"):
                name = row.get("name") or row.get("procedure")
                raise ValueError(f"discover rules: {name} needs phrases and a reason")
        signs = tuple(
            Sign(row["name"], row["kind"], int(row["weight"]), pattern_of(tuple(row["phrases"])), row["reason"])
            for row in tables["signs"]
        )
        if unknown := {sign.kind for sign in signs} - set(kinds):
            raise ValueError(f"discover rules: unknown kind {', '.join(sorted(unknown))}")
        procedures = tuple((row["procedure"], pattern_of(tuple(row["phrases"]))) for row in tables["procedures"])
        if wrong := {name for name, _ in procedures} - set(get_args(Procedure)):
            raise ValueError(f"discover rules: unknown procedure {', '.join(sorted(wrong))}")
        return cls(
            signs=signs,
            procedures=cast("tuple[tuple[Procedure, re.Pattern[str]], ...]", procedures),
            fillers=frozenset(map(folded, tables["fillers"]["words"])),
            never=_patterns(tables["never_for_foreigners"]),
            next_door=_patterns(tables["another_prefecture"]),
            doubtful=_patterns(tables["left_to_a_person"]),
            notices=notices,
        )

    def signs_in(self, words: str) -> Iterator[Sign]:
        """The rows whose phrases the words hold."""
        low = folded(words)
        return (sign for sign in self.signs if sign.pattern.search(low))

    def says(self, kind: SignKind, words: str) -> bool:
        """True when the words hold a sign of this kind."""
        return any(sign.kind == kind for sign in self.signs_in(words))

    def speaks(self, words: str) -> bool:
        """False for « cliquez ici », « en ligne », an address: words that do not say where a link leads."""
        low = folded(words)
        if _ADDRESS.fullmatch(low.strip(" .:;,!?()\"'<>-")):
            return False
        return any(len(word) > 1 and word not in self.fillers for word in re.findall(r"[a-z]+", low))

    def about_foreigners(self, words: str) -> bool:
        """True when the words name foreigners, the ANEF or residence."""
        return foreigners_in(self.notices, folded(words))

    def leaves_open(self, words: str) -> bool:
        """True when words near a link leave it to a person for whom it is: foreigners beside another matter and no
        residence, a link not to be used or no longer."""
        low = folded(words)
        if any(pattern.search(low) for pattern in self.doubtful):
            return True
        plain = self.notices.without("not_foreigners", low)
        residence = self.notices.says_any(("residence", "residence_request"), plain)
        others = others_in(self.notices, low) & {"licences", "other_matters"}
        return bool(others) and not residence and foreigners_in(self.notices, low)

    def about_another_matter(self, words: str) -> bool:
        """True when they name licences or another matter of a préfecture, and not foreigners."""
        low = folded(words)
        others = others_in(self.notices, low) & {"licences", "other_matters"}
        return bool(others) and not foreigners_in(self.notices, low)

    def never_for_foreigners(self, words: str) -> bool:
        """True when the words name a service no foreigner's desk stands in, such as a medical board."""
        low = folded(words)
        return any(pattern.search(low) for pattern in self.never)

    def of_another_prefecture(self, code: str, words: str) -> bool:
        """True when the words name the préfecture of another département than `code`, or say that it is another's."""
        low = folded(words)
        return names_another(self.notices, code, low) or any(pattern.search(low) for pattern in self.next_door)


def _patterns(rows: Sequence[Mapping[str, Any]]) -> tuple[re.Pattern[str], ...]:
    return tuple(pattern_of(tuple(row["phrases"])) for row in rows)


@dataclass(frozen=True, slots=True)
class Lead:
    """What words announce. kinds: weight by kind sought. why: names of the signs, for the evidence."""

    score: int
    kinds: Mapping[Sought, int]
    why: tuple[str, ...]


def weigh(rules: LinkRules, anchor: Anchor, *, leaf: str, folders: str, inside: bool) -> Lead:
    """The lead a link gives. leaf, folders: its address as words. inside: it belongs to the foreigners' section."""
    parts: list[tuple[str, float]] = [(anchor.words, 1.0), (leaf, _BY_PATH)]
    if not rules.speaks(anchor.words):
        parts.append((anchor.around, _BY_ROW))
    best: dict[str, float] = {}
    why: dict[str, None] = {}
    for words, share in parts:
        for name, kind, weight in _weights(rules, words):
            if abs(value := weight * share) > abs(best.get(kind, 0.0)):
                best[kind] = value
            why[name] = None
    for sign in rules.signs_in(folders):
        if sign.kind == "news":
            best["news"], why[sign.name] = sign.weight, None
    if inside:
        best["inside"], why["inside"] = INSIDE, None
    if anchor.url.partition("?")[0].lower().endswith(".pdf"):
        best["file"] = FILE
        best.pop("forms", None)  # a form itself is no page of forms
    if inside or "foreigners" in best:
        best.pop("other_matter", None)
    kinds = {kind: round(best[kind]) for kind in SOUGHT if best.get(kind, 0) > 0}
    return Lead(round(sum(best.values())), kinds, tuple(why))


def _weights(rules: LinkRules, words: str) -> Iterator[tuple[str, str, int]]:
    """Name, kind and weight of every sign in the words, foreigners and other matters included."""
    yield from ((sign.name, sign.kind, sign.weight) for sign in rules.signs_in(words))
    if rules.about_foreigners(words):
        yield "foreigners", "foreigners", FOREIGNERS
    elif rules.about_another_matter(words):
        yield "other_matter", "other_matter", OTHER_MATTER


# --- what a booking link is for ---------------------------------------------------------------------------------------


def label_of(rules: LinkRules, anchor: Anchor, page: str) -> str:
    """The words a démarche is called by, verbatim: the link's, or the row, the heading, the page that speaks for it."""
    return own_words(rules, anchor) or page or anchor.words


def own_words(rules: LinkRules, anchor: Anchor) -> str:
    """The words near a link that say what it is for: its own, its row's, its heading's; empty where none speaks."""
    rest = anchor.around
    if anchor.words and rest.endswith(anchor.words):
        rest = rest[: -len(anchor.words)].strip(" :–-")
    return next((words for words in (anchor.words, rest, anchor.heading) if rules.speaks(words)), "")


def procedures_of(rules: LinkRules, *texts: str) -> tuple[Procedure, ...]:
    """The procedures named, by the first of the texts that names any; `other` when none does."""
    for text in texts:
        low = folded(text)
        if found := tuple(name for name, pattern in rules.procedures if pattern.search(low)):
            return found
    return ("other",)


def for_foreigners(rules: LinkRules, texts: Sequence[str]) -> bool | None:
    """Whether a link is for foreigners (naturalisation included), by the first text, nearest first, that says."""
    for text in texts:
        if rules.about_foreigners(text) or "naturalisation" in others_in(rules.notices, folded(text)):
            return True
        if rules.about_another_matter(text):
            return False
    return None


@lru_cache(maxsize=1)
def link_rules() -> LinkRules:
    """`monitor/data/discover.toml`, compiled once. Raises KeyError or ValueError when the table is not sound."""
    text = (files("monitor") / "data" / "discover.toml").read_text(encoding="utf-8")
    return LinkRules.from_tables(tomllib.loads(text), notice_rules())
