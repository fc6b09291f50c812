"""What the letters and the court file are made with besides the case, read from the package."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from monitor.case.check.rules import case_rules
from monitor.case.court.checklist import Checklist, checklist_from
from monitor.case.court.reading import Tables, topics_from
from monitor.case.law_tables import law


@lru_cache(maxsize=1)
def checklist() -> Checklist:
    """`monitor/data/checklist.toml`. Raises ValueError or KeyError for an unusable table."""
    return checklist_from(_table("checklist.toml"), case_rules().permits)


@lru_cache(maxsize=1)
def tables() -> Tables:
    """The sources, the checklist and `monitor/data/reading.toml`. Raises ValueError or KeyError for an unusable one."""
    return Tables(law(), checklist(), topics_from(_table("reading.toml")))


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files("monitor") / "data" / name).read_text(encoding="utf-8"))
