"""The notice rules, read from the tables shipped with the package."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from monitor.notices.rules import Rules


@lru_cache(maxsize=1)
def notice_rules() -> Rules:
    """Every `monitor/data/notices_*.toml`, joined and compiled once. Raises ValueError for a name defined twice."""
    tables: dict[str, Any] = {"concepts": {}}
    folder = files("monitor") / "data"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if not (entry.name.startswith("notices_") and entry.name.endswith(".toml")):
            continue
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
