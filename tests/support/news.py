"""What a row of observations is news of, for tests: the fold a sweep makes one observation at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Protocol

from monitor.alerts.news.events import Event
from monitor.alerts.news.news import news
from monitor.alerts.news.standing import Standing, kept_under
from monitor.core.record import RecordLine


class Line(Protocol):
    """A row of the store, as far as it is folded."""

    @property
    def line(self) -> bytes: ...


def record_kept_under(record: RecordLine) -> str:
    return kept_under(record["check"], simulated=bool(record.get("simulated")))


def caught_up(standings: Mapping[str, Standing], rows: Iterable[Line]) -> tuple[dict[str, Standing], tuple[Event, ...]]:
    """The standings after `rows`, by name, and the events of those that they did not know yet."""
    now, events = dict(standings), list[Event]()
    for row in rows:
        record: RecordLine = json.loads(row.line)
        name = record_kept_under(record)
        now[name], told = news(now.get(name), record)
        events += told
    return now, tuple(events)
