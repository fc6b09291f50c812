"""The digest: one event a period in which the site said that there is no slot and never showed one. Pure.

The counts are those of looks, failures included and told apart. A period in which a slot was seen has no digest, nor
has one in which the site never said that there is none: the absence of an opening proves nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitor.alerts.news.events import Event
from monitor.alerts.news.look import NewsLook, Told, event_key
from monitor.alerts.news.standing import Concerned, Standing, Tally

DIGEST_DAYS: Final = 7
DIGEST_HOUR: Final = timedelta(hours=8)  # legal time of the préfecture; a week begins on Monday


def period(at: datetime, time_zone: str, days: int) -> int:
    """Number of the period of `days` days that an instant falls in; one begins at DIGEST_HOUR, legal time."""
    local = at.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None) - DIGEST_HOUR
    return (local.date().toordinal() - 1) // days


def counted(standing: Standing, look: NewsLook, days: int) -> Told:
    """The tally with this look; where it is the first after a period, that one's digest. days: 7, or 1 for daily."""
    if look.subject.look != "desk":
        return standing, ()
    number = period(look.at, look.subject.time_zone, days)
    tally, events = standing.tally, tuple[Event, ...]()
    if tally is None or number > tally.number or number < tally.number - 1:  # one less: the clock was set back
        if tally is not None and number > tally.number:
            events = digest(standing.subject, tally, simulated=look.simulated)
        tally = Tally(number=number, first=look.at, last=look.at)
    tally = replace(
        tally, last=look.at, looks=tally.looks + 1, unread=tally.unread + (not look.answered),
        open=tally.open or look.said == "SlotsOpen",
    )  # fmt: skip
    if look.said == "NoSlot":
        by_data = tally.by_data + (look.apart == "by_data")
        tally = replace(
            tally, no_slot=tally.no_slot + 1, by_data=by_data, seq=look.seq, at=look.at, quote=look.quote
        )  # fmt: skip
    return replace(standing, tally=tally), events


def digest(subject: Concerned, tally: Tally, *, simulated: bool = False) -> tuple[Event, ...]:
    """The digest of one check's period, resting on its last `NoSlot`; none where a slot was seen or none was denied."""
    if tally.open or tally.at is None:
        return ()
    return (
        Event(
            key=event_key("no_slot_digest", subject.check, "", tally.number),
            kind="no_slot_digest",
            at=tally.at,
            prefecture=subject.prefecture,
            check=subject.check,
            procedure=subject.procedure,
            label=subject.label,
            url=subject.url,
            time_zone=subject.time_zone,
            seq=tally.seq,
            quote=tally.quote,
            facts={
                "since": tally.first.isoformat(),
                "until": tally.last.isoformat(),
                "looks": str(tally.looks),
                "no_slot": str(tally.no_slot),
                "unread": str(tally.unread),
                **({"by_data": str(tally.by_data)} if tally.by_data else {}),
            },
            simulated=simulated,
        ),
    )
