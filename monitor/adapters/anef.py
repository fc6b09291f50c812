"""The table of démarches filed on the ANEF portal, read from the package."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

from monitor.domain.anef import AnefRow, rows_from


@lru_cache(maxsize=1)
def anef_rows() -> tuple[AnefRow, ...]:
    """Every row of `monitor/data/anef.toml`, oldest first. Raises ValueError or KeyError for an unusable table."""
    return rows_from(tomllib.loads((files("monitor") / "data" / "anef.toml").read_text(encoding="utf-8")))
