"""The decisions to read before a request is written, and what letters are made with besides the case. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.case.court.checklist import Checklist
from monitor.case.law import Law
from monitor.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Decisions to read before a request is written. keys: of the table of sources; families: empty for all."""

    fr: str
    en: str
    keys: tuple[str, ...]
    permits: bool = False
    families: frozenset[str] = frozenset()

    def about(self, family: str | None, *, permit: bool) -> bool:
        """Whether it touches a case of that family. permit: its démarche asks for a permit."""
        return (permit or not self.permits) and (family is None or not self.families or family in self.families)


@dataclass(frozen=True, slots=True)
class Tables:
    """What letters are made with besides the case. topics: decisions to read before a request is written."""

    law: Law
    papers: Checklist
    topics: tuple[Topic, ...]


def topics_from(data: Mapping[str, Any]) -> tuple[Topic, ...]:
    """The topics from their TOML. Raises KeyError or TypeError for unusable ones."""
    lists = ("keys", "families")
    return tuple(
        Topic(
            keys=tuple(row["keys"]),
            families=frozenset(row.get("families", ())),
            **{name: value for name, value in row.items() if name not in lists},
        )
        for row in data["topic"]
    )
