"""The notice rules, read from the tables shipped with the package."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from monitor.notices.rules import Rules


def notice_rule_files() -> dict[str, Path]:
    """The rule tables by file name, sorted."""
    folder = Path(str(files("monitor"))) / "data"
    return {path.name: path for path in sorted(folder.glob("notices_*.toml"))}


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
