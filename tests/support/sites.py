"""A data folder as sweeps leave it, sealed and counted, and the site of it, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.catalogue.catalogue import load
from monitor.evidence.seal import Evidence
from monitor.site.gather import gather
from monitor.site.model import SiteData, SiteOptions
from monitor.site.outputs import outputs
from monitor.store.forward import bring_forward
from tests.support.records import keep, opened

CERGY = "95/renouvellement-cergy"
NO_SLOT = "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous."
OPTIONS = SiteOptions(
    base_url="https://vigie.example.org",
    contact="corrections@example.org",
    openings="hours",
    languages=("fr", "en", "facile"),
)
Look = tuple[str, str, Mapping[str, Any]]
"""Key of the check, class of the reading, and more fields of its record."""


def look(check: str = CERGY, reading: str = "NoSlot", **more: Any) -> Look:
    """One look."""
    return check, reading, {"time_zone": "Europe/Paris", "selector": "form", "procedure": "renewal", **more}


def recorded(data: Path, sweeps: Iterable[tuple[datetime, Sequence[Look]]], now: datetime) -> None:
    """Sweeps (start, looks) in their order, sealed; then what is a day old is counted, by a clock that says `now`."""
    evidence = Evidence(data)
    with opened(data, now) as store:
        for at, looks in sweeps:
            number = store.begin_sweep(at, {"due": [check for check, _reading, _more in looks]})
            for check, reading, more in looks:
                keep(store, check=check, at=at, sweep=number, reading=reading, **more)
            store.end_sweep(number, at, {"skipped": []})
        store.barrier(now)
        evidence.seal(store.records, now)
        with store.transaction() as tx:
            bring_forward(tx.db, store.records, now, 100_000)


def every(now: datetime, days: float, hours: float = 6, until: float = 25) -> list[datetime]:
    """Instants so many hours apart over some days, the last `until` hours before now; oldest first."""
    last = now - timedelta(hours=until)
    count = int(days * 24 / hours)
    return [last - timedelta(hours=hours * n) for n in range(count, -1, -1)]


def gathered(data: Path, now: datetime, codes: Sequence[str] = ("95",)) -> SiteData:
    """What the site of these préfectures shows."""
    return gather(data, load("prefectures").select(codes), now)


def site_of(
    data: Path, now: datetime, codes: Sequence[str] = ("95",), options: SiteOptions = OPTIONS
) -> dict[str, bytes]:
    """All its files by path."""
    return dict(outputs(gathered(data, now, codes), options))
