"""What stands of every check, made again from the observations themselves.

A sweep keeps the standing of each check beside its observations. A data folder written before there were any, or one
whose standings were lost, gets them from its records: the fold is the same, and so are the keys of its events.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Protocol

from monitor.domain.events import Event
from monitor.domain.news import news
from monitor.domain.news_digest import DIGEST_DAYS
from monitor.domain.standing import Standing, kept_under


class Row(Protocol):
    """An observation as the store has it; see `monitor.adapters.records.Row`."""

    @property
    def damaged(self) -> bool: ...

    @property
    def line(self) -> bytes: ...


def caught_up(
    standings: Mapping[str, Standing], rows: Iterable[Row], *, digest_days: int = DIGEST_DAYS
) -> tuple[dict[str, Standing], tuple[Event, ...]]:
    """The standings after `rows`, by name (`kept_under`), and the events of those that they did not know yet.

    rows: in the order of their sequence; damaged ones are passed over. For a folder that had no standings the events
    are the past, to be forgotten. Raises KeyError or ValueError on a record this version does not know.
    """
    now, events = dict(standings), list[Event]()
    for row in rows:
        if row.damaged:
            continue
        record = json.loads(row.line)
        name = kept_under(record)
        now[name], told = news(now.get(name), record, digest_days=digest_days)
        events += told
    return now, tuple(events)
