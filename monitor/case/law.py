"""The texts and decisions the product may name, each with what was read of it and when: one dated table. Pure.

The table is `monitor/data/law.toml`. Whatever a finding, a letter, a message or the guide says of the law rests on its
rows, and a number, delay or amount that is no row's may not be printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any, Final, Literal, get_args

from monitor.values import dataclass

Read = Literal["whole", "extract", "analysis", "notice", "notes", "none"]
Sureness = Literal["certain", "likely", "guess"]

READ_TOLD: Final[Mapping[str, Mapping[Read, str]]] = {
    "fr": {
        "whole": "texte lu en entier",
        "extract": "extraits lus",
        "analysis": "analyse officielle lue",
        "notice": "notice ou page officielle lue",
        "notes": "vu seulement dans des notes",
        "none": "choix du projet, sans source",
    },
    "en": {
        "whole": "text read whole",
        "extract": "extracts read",
        "analysis": "official analysis read",
        "notice": "official notice or page read",
        "notes": "only seen in notes",
        "none": "the project's own choice, no source",
    },
}
SURE: Final[Mapping[str, Mapping[Sureness, str]]] = {
    "fr": {"certain": "certain", "likely": "probable", "guess": "supposition"},
    "en": {"certain": "certain", "likely": "likely", "guess": "guess"},
}
AGED: Final = {"fr": "à relire", "en": "to be read again"}
NBSP: Final = "\N{NO-BREAK SPACE}"
COLON: Final = {"fr": " : ", "en": ": "}
SEMICOLON: Final = {"fr": " ; ", "en": "; "}
STATE: Final = {"fr": "état", "en": "state"}
DAYS: Final = {"fr": "jours", "en": "days"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A row. cite: as a French lawyer writes it; short: beside a claim; says, says_en: what it is named for.

    figures: the delays and amounts it gives, as `4 mois`. read: what was read of it. state: the day whose state was
    read (of a code) or on which it was looked up. where: what was read. official: its address on Légifrance, where the
    text in force is, empty where it is not known.
    """

    key: str
    cite: str
    short: str
    says: str
    says_en: str
    figures: tuple[str, ...]
    read: Read
    state: date
    confidence: Sureness
    where: str
    official: str = ""

    @property
    def rank(self) -> int:
        """Its place in a list of sources: texts on Légifrance, what a court or an office publishes, then all else."""
        return 0 if self.official else 1 if self.read in ("whole", "analysis", "notice") else 2

    def old(self, on: date) -> bool:
        """Whether its state is more than a year before that day: to be read again."""
        return (on.year, on.month, on.day) > (self.state.year + 1, self.state.month, self.state.day)

    def remark(self, on: date, lang: str) -> str:
        """What stands in brackets after its short form: what was read unless the whole text was, its state, its age."""
        if self.read == "none":
            return READ_TOLD[lang]["none"]
        what = "" if self.read == "whole" else f"{READ_TOLD[lang][self.read]}, "
        aged = f", {AGED[lang]}" if self.old(on) else ""
        return f"{what}{STATE[lang]} {self.state.isoformat()}{aged}"

    def published(self, lang: str) -> str:
        """`Légifrance : https://...`; empty where its address is not known."""
        return f"Légifrance{COLON[lang]}{self.official}" if self.official else ""

    def whole(self, on: date, lang: str) -> str:
        """Everything known of it, on one line."""
        aged = f", {AGED[lang].upper()}" if self.old(on) else ""
        age = f"{STATE[lang]} {self.state.isoformat()}, {(on - self.state).days} {DAYS[lang]}{aged}"
        says = self.says if lang == "fr" else self.says_en
        sure = SURE[lang][self.confidence]
        quoted = f"«{NBSP}{self.where}{NBSP}»"
        places = SEMICOLON[lang].join(filter(None, (self.published(lang), quoted)))
        return f"{self.cite}{COLON[lang]}{says} — {READ_TOLD[lang][self.read]} ({age}, {sure}) — {places}"


@dataclass(frozen=True, slots=True)
class Law:
    """The table. sources: by key, in the order of the file."""

    sources: Mapping[str, Source]

    def of(self, keys: Iterable[str]) -> tuple[Source, ...]:
        """The rows named. Raises KeyError for one that is not there."""
        return tuple(self.sources[key] for key in keys)

    def old(self, on: date) -> tuple[Source, ...]:
        """The rows to be read again on that day."""
        return tuple(one for one in self.sources.values() if one.old(on))

    @property
    def oldest(self) -> date:
        """The oldest state any row bears."""
        return min(one.state for one in self.sources.values())


def beside(sources: Iterable[Source], on: date, lang: str) -> str:
    """The short form beside a claim: `CESEDA R.* 432-1, CESEDA R. 432-2 (état 2026-04-03) ; CE avis 493514 (...)`."""
    groups = groupby(sources, key=lambda one: one.remark(on, lang))
    return SEMICOLON[lang].join(
        remark if (some := [*few])[0].read == "none" else f"{', '.join(one.short for one in some)} ({remark})"
        for remark, few in groups
    )


def law_from(table: Mapping[str, Any]) -> Law:
    """The parsed table: `[code.X]` with its `[article.X_...]` rows, and `[source.X]` for all else.

    Raises ValueError naming the row that is unusable, KeyError the field that is missing.
    """
    sources: dict[str, Source] = {}
    for key, row in table["article"].items():
        sources[key] = _article(key, row, table["code"][row["code"]])
    for key, row in table["source"].items():
        if key in sources:
            raise ValueError(f"law: {key} comes twice")
        sources[key] = _source(key, {**row, "figures": tuple(row.get("figures", ()))})
    return Law(sources)


def _article(key: str, row: Mapping[str, Any], code: Mapping[str, Any]) -> Source:
    """An article of a code: what the code says of the copy read goes for each."""
    number = row["number"]
    told = {k: v for k, v in row.items() if k not in ("code", "number", "figures")}
    return _source(
        key,
        {
            "cite": f"article {number} {code['of']}",
            "short": f"{code['short']} {number}",
            "read": "whole",
            "state": code["state"],
            "confidence": "certain",
            "where": code["where"],
            "official": code.get("official", ""),
            "figures": tuple(row.get("figures", ())),
            **told,
        },
    )


def _source(key: str, row: Mapping[str, Any]) -> Source:
    """A row checked: what was only seen in notes is never certain, and a choice of the project is a guess."""
    one = Source(key=key, **row)
    if one.read not in get_args(Read) or one.confidence not in get_args(Sureness):
        raise ValueError(f"law: {key}: read {one.read}, confidence {one.confidence}")
    if (one.read == "notes" and one.confidence == "certain") or (one.read == "none") != (one.confidence == "guess"):
        raise ValueError(f"law: {key}: {one.confidence} is more than what was read of it allows ({one.read})")
    if not (one.says.strip() and one.says_en.strip() and one.where.strip()):
        raise ValueError(f"law: {key}: what it says, in both languages, and where it was read are needed")
    return one
