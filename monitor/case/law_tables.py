"""The dated tables of the law, read from the package: sources, courts."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from monitor.case.courts import Court, courts_from
from monitor.case.law import Law, law_from


@lru_cache(maxsize=1)
def law() -> Law:
    """`monitor/data/law.toml`. Raises ValueError or KeyError for an unusable table."""
    return law_from(tomllib.loads(_text("law.toml")))


@lru_cache(maxsize=1)
def courts() -> Mapping[str, Court]:
    """`monitor/data/courts.csv`, by code of département. Raises ValueError or KeyError for an unusable table."""
    return courts_from(csv.DictReader(_text("courts.csv").splitlines()))


def _text(name: str) -> str:
    return (files("monitor") / "data" / name).read_text(encoding="utf-8")
