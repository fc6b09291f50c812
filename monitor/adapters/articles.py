"""The table of the articles a draft may name, read from the package."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

from monitor.domain.draft import Articles, articles_from


@lru_cache(maxsize=1)
def articles() -> Articles:
    """`monitor/data/articles.toml`. Raises KeyError or TypeError for an unusable table."""
    return articles_from(tomllib.loads((files("monitor") / "data" / "articles.toml").read_text(encoding="utf-8")))
