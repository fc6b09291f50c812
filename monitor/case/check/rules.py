"""The thresholds, delays, ladders and sentences of `vigie case check`, from one dated table. Pure.

The table is `monitor/data/case_rules.toml`: each rule names its sources and how sure it is, for a lawyer to re-read.

The rules of `vigie case check`, read from the package.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, Literal, get_args

from monitor.case.model import KINDS

Confidence = Literal["certain", "likely", "guess"]
Weight = Literal["proven", "missing", "warning", "obstacle", "told"]
SPREAD_NUMBERS: Final = ("span_days", "weeks", "days", "written_requests")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What a finding says in both languages, with `{placeholders}`; next_*: the next useful step, or empty."""

    weight: Weight
    confidence: Confidence
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything the checks need. floors: by label, lowest first, least value of each number of the spread."""

    read_on: date
    floors: Mapping[str, Mapping[str, int]]
    numbers: Mapping[str, int]
    silence: Mapping[str, int]
    ladders: Mapping[str, tuple[Rung, ...]]
    alternatives: Mapping[str, frozenset[str]]
    sayings: Mapping[str, Saying]


def rules_from(table: Mapping[str, Any]) -> Rules:
    """The parsed table. Raises ValueError naming what is unusable, KeyError for what is missing."""
    floors = {one["label"]: {k: v for k, v in one.items() if k in SPREAD_NUMBERS} for one in table["spread"]}
    return Rules(
        read_on=table["read_on"],
        floors=floors,
        numbers=dict(table["numbers"]),
        silence={name: row["days"] if "days" in row else -row["months"] for name, row in table["silence"].items()},
        ladders={
            family: tuple(Rung(r["name"], _kinds(r["reached"]), _kinds(r.get("begun", ()))) for r in rungs)
            for family, rungs in table["ladder"].items()
        },
        alternatives={way: _kinds(kinds) for way, kinds in table["alternatives"].items()},
        sayings={code: _saying(code, row) for code, row in table["finding"].items()},
    )


def _kinds(names: Any) -> frozenset[str]:
    unknown = set(names) - KINDS.keys()
    if unknown:
        raise ValueError(f"case rules: no kind is called {sorted(unknown)[0]}")
    return frozenset(names)


def _saying(code: str, row: Mapping[str, Any]) -> Saying:
    if row["weight"] not in get_args(Weight) or row["confidence"] not in get_args(Confidence) or not row["sources"]:
        raise ValueError(f"case rules: {code}: weight, confidence or sources")
    return Saying(**{**row, "sources": tuple(row["sources"])})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found. code: of the table; values: fill its sentence. Never a prediction."""

    rule: str
    code: str
    values: Mapping[str, str | int]


@lru_cache(maxsize=1)
def case_rules() -> Rules:
    """`monitor/data/case_rules.toml`. Raises ValueError or KeyError for an unusable table."""
    return rules_from(tomllib.loads((files("monitor") / "data" / "case_rules.toml").read_text(encoding="utf-8")))
