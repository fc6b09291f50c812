"""The table of link words, read from the package."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

from monitor.adapters.rules import notice_rules
from monitor.notices.leads import LinkRules


@lru_cache(maxsize=1)
def link_rules() -> LinkRules:
    """`monitor/data/discover.toml`, compiled once. Raises KeyError or ValueError when the table is not sound."""
    text = (files("monitor") / "data" / "discover.toml").read_text(encoding="utf-8")
    return LinkRules.from_tables(tomllib.loads(text), notice_rules())
