"""A desk that people were told of was never the foreigners': said once, and its series ends. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from monitor.alerts.news.events import Event
from monitor.alerts.news.look import event_key
from monitor.alerts.news.standing import Standing
from monitor.catalogue.errata import erratum


def corrections(standings: Iterable[Standing], watched: Collection[str], now: datetime) -> Iterator[Event]:
    """One event for each check that stands and whose address is known to serve somebody else.

    watched: codes of the préfectures of which a desk or a page is still looked at: who follows one goes on with that.
    now: aware UTC. The key is that of the address, so that it is never told twice.
    """
    for one in standings:
        found = erratum(one.subject.url)
        if found is not None:
            about = one.subject
            goes_on = about.prefecture in watched
            yield Event(
                key=event_key("desk_corrected", about.check, found.url, found.noted),
                kind="desk_corrected",
                at=now,
                prefecture=about.prefecture,
                check=about.check,
                procedure=about.procedure,
                label=about.label,
                url=about.url,
                time_zone=about.time_zone,
                facts={
                    "served": found.what,
                    "noted": found.noted.isoformat(),
                    "moves": "true" if goes_on else "",
                    "ends": "" if goes_on else "true",
                },
                simulated=one.simulated,
            )
