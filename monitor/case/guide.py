"""What a person who finds no appointment needs to know, each fact with the texts it rests on, in six languages.

`monitor/data/guide.toml` has the facts in their order and their sources, `monitor/data/guide/` what each language says
of them. `vigie case guide` and the public site print from both.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from monitor.case.law import Law, beside
from monitor.case.law_tables import law
from monitor.paper.french import typeset
from monitor.values import dataclass, pattern

LANGUAGES: Final = ("fr", "facile", "en", "es", "pt", "ar")
TELEPHONE: Final = "{ccc}"  # stands in a text where the number of the contact centre is said
KEPT: Final = pattern(r"\*([^*]+)\*")  # French words kept as they are in another language


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideFact:
    """One fact. key: what each language calls it by; sources: keys of the table of the law."""

    key: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """The facts, in the order they are needed. telephone: of the contact centre, as people write it."""

    telephone: str
    facts: tuple[GuideFact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideText:
    """What one language says. words: of the page; facts: (title, sentences) by key of the fact.

    read_over: the day on which a speaker read it over, None while nobody did. In a sentence, words between stars are
    French ones kept as they are, and `{ccc}` is the telephone number.
    """

    lang: str
    read_over: date | None
    words: Mapping[str, str]
    facts: Mapping[str, tuple[str, tuple[str, ...]]]

    def plain(self, key: str, telephone: str) -> tuple[str, str]:
        """Title and text of a fact, as a terminal prints them: what stays French stands between « »."""
        title, says = ((KEPT.sub(r"« \1 »", one)) for one in (self.facts[key][0], " ".join(self.facts[key][1])))
        text = says.replace(TELEPHONE, telephone)
        return (typeset(title), typeset(text)) if self.lang in ("fr", "facile") else (title, text)


def guide_from(table: Mapping[str, Any], rows: Law) -> Guide:
    """The parsed table. Raises ValueError naming the fact whose source is no row, KeyError or TypeError for a field."""
    out = []
    for n, row in enumerate(table["fact"], 1):
        if not row["sources"] or not set(row["sources"]) <= rows.sources.keys():
            raise ValueError(f"guide: fact {n}: every source is a row of the law")
        out.append(GuideFact(**{**row, "sources": tuple(row["sources"])}))
    return Guide(telephone=table["telephone"], facts=tuple(out))


def text_from(lang: str, table: Mapping[str, Any], keys: Sequence[str]) -> GuideText:
    """What one language says, parsed. Raises ValueError naming the fact it lacks or has too many, KeyError: a field."""
    facts = {key: (row["title"], tuple(row["says"])) for key, row in table["facts"].items()}
    if wrong := set(keys) ^ facts.keys():
        raise ValueError(f"guide: {lang}: {', '.join(sorted(wrong))}: every language has each fact, and no other")
    read_over = date.fromisoformat(table["read_over"]) if table["read_over"] else None
    return GuideText(lang=lang, read_over=read_over, words=table["page"], facts=facts)


@lru_cache(maxsize=1)
def guide() -> Guide:
    """The facts of the package. Raises ValueError or KeyError for an unusable table."""
    return guide_from(_table("guide.toml"), law())


@lru_cache(maxsize=len(LANGUAGES))
def guide_text(lang: str) -> GuideText:
    """What the package says in one of LANGUAGES. Raises ValueError or KeyError for an unusable table."""
    return text_from(lang, _table(f"guide/{lang}.toml"), [fact.key for fact in guide().facts])


def lines(table: Guide, said: GuideText, rows: Law, on: date, lang: str) -> Iterator[str]:
    """The guide, for a terminal: each fact with its sources beside it."""
    for n, one in enumerate(table.facts, 1):
        title, text = said.plain(one.key, table.telephone)
        yield f"{n:>2}. {title}"
        yield f"    {text}"
        yield f"    [{beside(rows.of(one.sources), on, lang)}]"


def _table(name: str) -> Mapping[str, Any]:
    return tomllib.loads((files("monitor") / "data" / name).read_text(encoding="utf-8"))
