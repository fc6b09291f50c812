"""A site built from a data folder into the folder it is served from, as the settings say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from gettext import gettext as _
from pathlib import Path
from typing import Any, Final, cast

from monitor.core.errors import ConfigurationError, LockedError
from monitor.core.prefecture import Prefecture
from monitor.settings.settings import Settings
from monitor.site.folder import Built, build, built_at
from monitor.site.gather import gather
from monitor.site.model import Openings, SiteData, SiteOptions
from monitor.site.outputs import outputs
from monitor.site.tongues import SITE
from monitor.store.files import hold
from monitor.store.forward import bring_forward
from monitor.store.schema import FILE
from monitor.store.store import Store, reading
from monitor.values import dataclass

AT_MOST_EVERY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePublished:
    """What came of a build. left_out: sweeps that are younger than those shown."""

    out: Path
    built: Built
    data: SiteData
    left_out: int

    def to_json(self) -> dict[str, Any]:
        """For machines. until: ISO 8601, None while nothing is shown."""
        return {
            "out": str(self.out),
            "files": self.built.files,
            "bytes": self.built.size,
            "changed": self.built.changed,
            "until": self.data.until and self.data.until.isoformat(timespec="seconds"),
            "sweep": self.data.sweep,
            "observations": self.data.size,
            "left_out_sweeps": self.left_out,
            "simulated": self.data.simulated,
        }


def site_options(chosen: Settings, languages: Sequence[str] = SITE, base_url: str = "") -> SiteOptions:
    """What the settings say. Raises ConfigurationError where nobody could be told of an error."""
    table = chosen.site
    contact = table.contact or chosen.operator.contact
    if not contact:
        raise ConfigurationError(_("[site] contact is missing: a public site says where an error is reported"))
    return SiteOptions(
        base_url=(base_url or table.base_url).rstrip("/"),
        contact=contact,
        openings=cast("Openings", table.openings),
        languages=tuple(languages),
        subscribe=chosen.web.address.rstrip("/"),
        subscribe_in=chosen.web.languages,
    )


def publish(
    chosen: Settings, prefectures: Sequence[Prefecture], out: Path, options: SiteOptions, now: datetime
) -> SitePublished:
    """Build the site of these préfectures. now: aware; what is younger than a day by it is left out.

    Raises StoreError, UsageError and LockedError as `site.folder.build` and `site.gather.gather`.
    """
    data = gather(chosen.data, prefectures, now)
    built = build(out, outputs(data, options))
    return SitePublished(out=out, built=built, data=data, left_out=_left_out(chosen.data, data))


def is_due(out: Path, now: datetime) -> bool:
    """Whether the site there is old enough to be built again. A date ahead of the clock is none."""
    last = built_at(out)
    return last is None or not timedelta(0) <= now - last < AT_MOST_EVERY


def count_settled(data: Path, now: datetime) -> None:
    """Bring the tallies forward to all that is a day old, where no sweep holds the folder: what a run does, all at
    once. Raises StoreError."""
    if not (data / FILE).exists():
        return
    try:
        with hold(data) as lock, Store(lock, at=now) as store:
            more = True
            while more:
                with store.transaction() as tx:
                    more = bool(bring_forward(tx.db, store.records, now))
    except LockedError:
        return  # the sweep that goes on counts what settled when it ends


def _left_out(folder: Path, data: SiteData) -> int:
    with reading(folder) as opened:
        newest = next(opened[0].sweep_ends(1), None) if opened else None
    return 0 if newest is None else newest.number - data.sweep
