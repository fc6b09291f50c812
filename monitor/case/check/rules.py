"""The thresholds, delays, ladders and sentences of `vigie case check`, from one dated table. Pure.

The table is `monitor/data/case_rules.toml`: each rule names rows of the table of the law (`monitor.case.law`), and is
no surer than the surest of them.

The rules of `vigie case check`, read from the package.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, Literal, get_args

from monitor.case.law import Law, Sureness
from monitor.case.law_tables import law
from monitor.case.model import KINDS
from monitor.catalogue.declaration import PROCEDURES
from monitor.values import dataclass

Weight = Literal["proven", "missing", "warning", "obstacle", "told"]
Words = Mapping[str, Mapping[str, str]]  # by word of the rules, then by language
SPREAD_NUMBERS: Final = (
    "span_days", "weeks", "days", "written_requests", "captures", "capture_span_days", "capture_months",
)  # fmt: skip
SURER: Final[tuple[Sureness, ...]] = ("guess", "likely", "certain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What a finding says in both languages, with `{placeholders}`; next_*: the next useful step, or empty.

    sources: keys of the table of the law.
    """

    weight: Weight
    confidence: Sureness
    sources: tuple[str, ...]
    fr: str
    en: str
    next_fr: str = ""
    next_en: str = ""


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: reached when any of the kinds was recorded; begun by those that only start it."""

    name: str
    reached: frozenset[str]
    begun: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of a family, lowest first. sources: the texts they come from, which its findings name."""

    rungs: tuple[Rung, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """How long silence lasts before it has its effect: days, or months. source: the text; demarches: it is of."""

    months: int
    days: int
    source: str
    demarches: frozenset[str]


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What a day's reading changed for cases begun before. codes: the findings it bears on."""

    on: date
    codes: frozenset[str]
    fr: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRules:
    """Everything the checks need. floors: by label, lowest first, least value of each number of the spread.

    permits: the démarches that ask for a residence permit: the rules of CESEDA on permits are of no other.
    """

    read_on: date
    permits: frozenset[str]
    floors: Mapping[str, Mapping[str, int]]
    numbers: Mapping[str, int]
    silence: Mapping[str, Silence]
    ladders: Mapping[str, Ladder]
    alternatives: Mapping[str, frozenset[str]]
    sayings: Mapping[str, Saying]
    changes: tuple[RuleChange, ...]
    words: Words


def rules_from(table: Mapping[str, Any], law: Law) -> CaseRules:
    """The parsed table. Raises ValueError naming what is unusable, KeyError for what is missing."""
    floors = {one["label"]: {k: v for k, v in one.items() if k in SPREAD_NUMBERS} for one in table["spread"]}
    permits = _demarches(table["permits"])
    sayings = {code: _saying(code, row, law) for code, row in table["finding"].items()}
    return CaseRules(
        read_on=table["read_on"],
        permits=permits,
        floors=floors,
        numbers=dict(table["numbers"]),
        silence={name: _silence(name, row, permits, law) for name, row in table["silence"].items()},
        ladders={family: _ladder(family, row, law) for family, row in table["ladder"].items()},
        alternatives={way: _kinds(kinds) for way, kinds in table["alternatives"].items()},
        sayings=sayings,
        changes=tuple(_change(row, sayings) for row in table["change"]),
        words=table["word"],
    )


def surest(keys: Iterable[str], law: Law) -> Sureness:
    """How sure the surest of the rows is: no claim that rests on them is surer."""
    return max((one.confidence for one in law.of(keys)), key=SURER.index)


def _kinds(names: Iterable[str]) -> frozenset[str]:
    unknown = set(names) - KINDS.keys()
    if unknown:
        raise ValueError(f"case rules: no kind is called {sorted(unknown)[0]}")
    return frozenset(names)


def _demarches(names: Iterable[str]) -> frozenset[str]:
    unknown = set(names) - set(PROCEDURES)
    if unknown:
        raise ValueError(f"case rules: no démarche is called {sorted(unknown)[0]}")
    return frozenset(names)


def _silence(name: str, row: Mapping[str, Any], permits: frozenset[str], law: Law) -> Silence:
    of = permits if row["of"] == "permits" else _demarches([row["of"]])
    if row["source"] not in law.sources or ("months" in row) == ("days" in row):
        raise ValueError(f"case rules: silence.{name}: a source, and months or days, are expected")
    return Silence(row.get("months", 0), row.get("days", 0), row["source"], of)


def _ladder(family: str, row: Mapping[str, Any], law: Law) -> Ladder:
    if not set(row["sources"]) <= law.sources.keys():
        raise ValueError(f"case rules: ladder.{family}: sources")
    rungs = tuple(Rung(r["name"], _kinds(r["reached"]), _kinds(r.get("begun", ()))) for r in row["rung"])
    return Ladder(rungs, tuple(row["sources"]))


def _saying(code: str, row: Mapping[str, Any], law: Law) -> Saying:
    one = Saying(**{**row, "sources": tuple(row["sources"])})
    if one.weight not in get_args(Weight) or one.confidence not in SURER or not one.sources:
        raise ValueError(f"case rules: {code}: weight, confidence or sources")
    if unknown := set(one.sources) - law.sources.keys():
        raise ValueError(f"case rules: {code}: no row of the law is called {sorted(unknown)[0]}")
    if SURER.index(one.confidence) > SURER.index(surest(one.sources, law)):
        raise ValueError(f"case rules: {code}: {one.confidence} is more than its sources are")
    return one


def _change(row: Mapping[str, Any], sayings: Mapping[str, Saying]) -> RuleChange:
    codes = frozenset(row["codes"])
    if not codes or not codes <= sayings.keys():
        raise ValueError(f"case rules: change of {row['on']}: codes")
    return RuleChange(row["on"], codes, row["fr"], row["en"])


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found. code: of the table; values: fill its sentence. Never a prediction.

    sources: rows of the law it rests on in this case, where they are not those of its saying.
    """

    rule: str
    code: str
    values: Mapping[str, str | int]
    sources: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def case_rules() -> CaseRules:
    """`monitor/data/case_rules.toml`. Raises ValueError or KeyError for an unusable table."""
    text = (files("monitor") / "data" / "case_rules.toml").read_text(encoding="utf-8")
    return rules_from(tomllib.loads(text), law())
