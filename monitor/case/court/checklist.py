"""What a court file needs of the person besides what they tried, by démarche. Pure.

`monitor/data/checklist.toml` names each paper with the text that asks for it. The program sees none of these papers: a
tick is the person's own word, and a line without one says nothing about the paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal, get_args

from monitor.case.model import KINDS, Attempt, Facts
from monitor.catalogue.declaration import PROCEDURES
from monitor.values import dataclass

Heap = Literal["court", "file"]  # joined to the request; part of the application that the préfecture receives
ANY: Final = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A line of the checklist. heap: where it goes. procedures: the codes that need it, empty for all.

    asked: keys of the table of sources, by code of a démarche, under "" for all others. minor: only where an 18th
    birthday is stated. kind: of the entries of the case that show it, empty where none does.
    """

    name: str
    heap: Heap
    procedures: frozenset[str]
    fr: str
    en: str
    asked: Mapping[str, tuple[str, ...]]
    minor: bool = False
    kind: str = ""

    def texts(self, procedure: str) -> tuple[str, ...]:
        """Keys of the texts that ask for it."""
        return self.asked.get(procedure, self.asked[""])

    def ready(self, facts: Facts, attempts: Iterable[Attempt]) -> bool:
        """Whether the person ticked it, or logged it."""
        return facts.ready.get(self.name) == "YES" or any(one.kind == self.kind for one in attempts)


@dataclass(frozen=True, slots=True)
class Checklist:
    """Every line. permits: the démarches that are applications for a permit; annexe: address of the code's list."""

    papers: tuple[Paper, ...]
    permits: frozenset[str]
    annexe: str

    def needed(self, facts: Facts) -> Iterator[Paper]:
        """The lines of a case, in their order."""
        for one in self.papers:
            if (not one.procedures or facts.procedure in one.procedures) and (not one.minor or facts.majority):
                yield one

    def names(self) -> tuple[str, ...]:
        """What can be ticked."""
        return tuple(one.name for one in self.papers)


def checklist_from(table: Mapping[str, Any], permits: frozenset[str]) -> Checklist:
    """The list from its TOML. permits: codes of the applications for a permit. Raises ValueError or KeyError."""
    papers = tuple(_paper(name, row, permits) for name, row in table["paper"].items())
    return Checklist(papers, permits, table["annexe"])


def _by_code(rows: Mapping[str, Any], permits: frozenset[str]) -> dict[str, tuple[str, ...]]:
    out = {code: tuple(rows["permits"]) for code in permits} if "permits" in rows else {}
    return out | {code: tuple(keys) for code, keys in rows.items() if code != "permits"}


def _paper(name: str, row: Mapping[str, Any], permits: frozenset[str]) -> Paper:
    codes = frozenset(row["for"]) - {ANY}
    codes = codes - {"permits"} | permits if "permits" in codes else codes
    if row["heap"] not in get_args(Heap) or codes - set(PROCEDURES) or row.get("kind", "") not in {"", *KINDS}:
        raise ValueError(f"checklist: {name}: heap, procedures or kind")
    return Paper(
        name=name,
        heap=row["heap"],
        procedures=codes,
        fr=row["fr"],
        en=row["en"],
        asked={"": tuple(row["asked"])} | _by_code(row.get("asked_by", {}), permits),
        minor=row.get("minor", False),
        kind=row.get("kind", ""),
    )
