"""The rules of `vigie case check`, read from the package."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

from monitor.domain.case_rules import Rules, rules_from


@lru_cache(maxsize=1)
def case_rules() -> Rules:
    """`monitor/data/case_rules.toml`. Raises ValueError or KeyError for an unusable table."""
    return rules_from(tomllib.loads((files("monitor") / "data" / "case_rules.toml").read_text(encoding="utf-8")))
