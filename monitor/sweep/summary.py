"""What a sweep did, as it is told and kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.core.record import instant
from monitor.sweep.plan import Skipped


@dataclass(slots=True)
class Summary:
    """What a sweep did. observations: the records in the order they were made.

    failed: some could not be read or reached. late: its deadline came first. online: whether the control probes
    answered at its start and at its end; None where they were not asked. asked: start of each look (aware UTC) of which
    a request left, by key: the site saw a visit, also where nothing came of it.
    """

    sweep: int
    due: int
    observations: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    failed: bool = False
    late: bool = False
    crashes: list[Exception] = field(default_factory=list)
    online: tuple[bool | None, bool | None] = (None, None)
    asked: dict[str, datetime] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The sweep as one JSON object: checks done, observations by class, what was skipped and why.

        What was skipped after a request left says when its look began (`asked`): the floor counts it as a visit.
        """
        return {
            "sweep": self.sweep,
            "due": self.due,
            "done": len({o["check"] for o in self.observations}),
            "readings": dict(sorted(Counter(o["reading"] for o in self.observations).items())),
            "skipped": [one.to_json() | self._asked(one.key) for one in self.skipped],
            "crashed": len(self.crashes),
            "online": {"start": self.online[0], "end": self.online[1]},
        }

    def _asked(self, key: str) -> dict[str, str]:
        return {"asked": instant(self.asked[key])} if key in self.asked else {}
