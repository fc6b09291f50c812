"""What a person who finds no appointment needs to know, each fact with the texts it rests on: one table.

`monitor/data/guide.toml` is what `vigie case guide`, the last page of the letters and the public guide print from.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from monitor.case.law import Law, beside
from monitor.case.law_tables import law
from monitor.paper.french import typeset
from monitor.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideFact:
    """One fact. title, text: in French, and in English; sources: keys of the table of the law."""

    title: str
    text: str
    title_en: str
    text_en: str
    sources: tuple[str, ...]

    def told(self, lang: str) -> tuple[str, str]:
        """Its title and text in that language."""
        return (self.title_en, self.text_en) if lang == "en" else (self.title, self.text)


def guide_from(table: Mapping[str, Any], rows: Law) -> tuple[GuideFact, ...]:
    """The parsed table. Raises ValueError naming the fact whose source is no row, KeyError or TypeError for a field."""
    out = []
    for n, row in enumerate(table["fact"], 1):
        if not row["sources"] or not set(row["sources"]) <= rows.sources.keys():
            raise ValueError(f"guide: fact {n}: every source is a row of the law")
        out.append(GuideFact(**{**row, "sources": tuple(row["sources"])}))
    return tuple(out)


@lru_cache(maxsize=1)
def guide() -> tuple[GuideFact, ...]:
    """The facts of the package, in their order. Raises ValueError or KeyError for an unusable table."""
    text = (files("monitor") / "data" / "guide.toml").read_text(encoding="utf-8")
    return guide_from(tomllib.loads(text), law())


def lines(facts: tuple[GuideFact, ...], rows: Law, on: date, lang: str) -> Iterator[str]:
    """The guide, for people: each fact with its sources beside it."""
    for n, one in enumerate(facts, 1):
        title, text = one.told(lang)
        yield f"{n:>2}. {title}"
        yield f"    {typeset(text) if lang == 'fr' else text}"
        yield f"    [{beside(rows.of(one.sources), on, lang)}]"
