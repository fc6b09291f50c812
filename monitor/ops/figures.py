"""The figures of a data folder for Prometheus: what a sweep did, what was not sent, what is sealed, what room is left.

Written as a file for node_exporter's textfile collector. Instants are seconds since 1970 (UTC), sizes bytes. Labels are
the program's own words: never an address, a name or a site.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from contextlib import closing
from dataclasses import field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from monitor.alerts.people.subscribers import suspended_subscribers
from monitor.alerts.send.lines import stopped_lines
from monitor.alerts.send.outbox import unsent
from monitor.evidence.folder import SealedSweep, SweepFolders
from monitor.evidence.seal import SWEEP
from monitor.evidence.stamps.stamping import State
from monitor.evidence.stamps.tokens import read_token
from monitor.store.schema import FILE, open_reader
from monitor.store.sealed import EVIDENCE
from monitor.values import dataclass

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

Words = TypeVar("Words", bound=tuple[str, ...])
LOOKED_BACK: Final = 200  # sealed sweeps: more than a day of them; an older stamp is as good as none


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepFigures:
    """Of the sweep that just ended (aware UTC). due, done: checks. seconds: how long it took. code: exit code.

    readings: observations by class. failed: looks that could not be read or reached, by class and cause.
    """

    ended: datetime
    due: int
    done: int
    seconds: float
    code: int
    readings: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderFigures:
    """Of the data folder now. unsent: messages that are due, by channel; oldest: when the oldest of them was decided.

    stopped: channels left alone for a fault of our own account. suspended: subscribers whose address was given up.
    sealed: end of the last sealed sweep; stamped: by authority, its last time-stamp; owed: stamps still to be had.
    """

    unsent: Mapping[str, int]
    oldest: Mapping[str, datetime]
    stopped: frozenset[str]
    suspended: int
    sealed: datetime | None
    stamped: Mapping[str, datetime]
    owed: int
    free: int
    database: int


def folder_figures(data: Path) -> FolderFigures:
    """The figures of a data folder; of one that holds nothing yet too. Raises StoreError."""
    folders = SweepFolders(data / EVIDENCE)
    sealed = folders.sealed()
    waiting: Mapping[str, tuple[int, datetime]] = {}
    suspended, stopped = 0, frozenset[str]()
    if (db := open_reader(data)) is not None:
        with closing(db):
            waiting, suspended = unsent(db), suspended_subscribers(db)
            stopped = frozenset(line.channel for line in stopped_lines(db))
    return FolderFigures(
        unsent={channel: count for channel, (count, _oldest) in waiting.items()},
        oldest={channel: oldest for channel, (_count, oldest) in waiting.items()},
        stopped=stopped,
        suspended=suspended,
        sealed=datetime.fromisoformat(json.loads(sealed[-1].read(SWEEP))["finished"]) if sealed else None,
        stamped=_stamped(sealed[-LOOKED_BACK:]),
        owed=len(State.load(folders).due),
        free=shutil.disk_usage(data).free,
        database=sum(path.stat().st_size for name in (FILE, f"{FILE}-wal") if (path := data / name).exists()),
    )


def _stamped(sealed: list[SealedSweep]) -> dict[str, datetime]:
    """By authority, the instant of its last time-stamp; what cannot be read as one is none."""
    found: dict[str, datetime] = {}
    for sweep in reversed(sealed):
        for authority, reply in sweep.stamps().items():
            if authority not in found:
                try:
                    found[authority] = read_token(reply).gen_time
                except ValueError:
                    continue
        if found:
            break
    return found


def write_figures(path: Path, sweep: SweepFigures, folder: FolderFigures) -> None:
    """Replace the file that the collector reads, whole or not at all. Raises OSError."""
    from prometheus_client import CollectorRegistry, write_to_textfile

    registry = CollectorRegistry()
    _of_sweep(registry, sweep)
    _of_folder(registry, folder)
    write_to_textfile(str(path), registry)


def _of_sweep(registry: CollectorRegistry, one: SweepFigures) -> None:
    _gauge(registry, "last_sweep_timestamp_seconds", "End of the last sweep.", one.ended.timestamp())
    _gauge(registry, "last_sweep_duration_seconds", "How long it took.", one.seconds)
    _gauge(registry, "last_sweep_due", "Checks that were due.", one.due)
    _gauge(registry, "last_sweep_done", "Checks that were made.", one.done)
    _gauge(registry, "last_sweep_exit_code", "0 done, 3 done with something unread, else a failure.", one.code)
    readings = {(name,): count for name, count in one.readings.items()}
    _labelled(registry, "last_sweep_readings", "Observations by class.", ("reading",), readings)
    says = "Looks that could not be read or reached."
    _labelled(registry, "last_sweep_failed_looks", says, ("reading", "cause"), one.failed)


def _of_folder(registry: CollectorRegistry, one: FolderFigures) -> None:
    channels = {*one.unsent, *one.stopped, "email", "signal"}
    of = ("channel",)
    unsent = {(name,): one.unsent.get(name, 0) for name in channels}
    _labelled(registry, "unsent_messages", "Messages decided and not yet handed over.", of, unsent)
    oldest = {(name,): at.timestamp() for name, at in one.oldest.items()}
    _labelled(registry, "oldest_unsent_timestamp_seconds", "When the oldest of them was decided.", of, oldest)
    stopped = {(name,): int(name in one.stopped) for name in channels}
    _labelled(registry, "sending_stopped", "1 while a channel refuses our own account.", of, stopped)
    _gauge(registry, "suspended_subscribers", "Subscribers whose address was given up.", one.suspended)
    if one.sealed is not None:
        _gauge(registry, "last_seal_timestamp_seconds", "End of the last sealed sweep.", one.sealed.timestamp())
    stamped = {(name,): at.timestamp() for name, at in one.stamped.items()}
    _labelled(registry, "last_stamp_timestamp_seconds", "Last time-stamp by an authority.", ("authority",), stamped)
    _gauge(registry, "owed_stamps", "Time-stamps still to be had.", one.owed)
    _gauge(registry, "disk_free_bytes", "Room left for the data folder.", one.free)
    _gauge(registry, "database_bytes", "Size of the database and its log.", one.database)


def _gauge(registry: CollectorRegistry, name: str, says: str, value: float) -> None:
    from prometheus_client import Gauge

    Gauge(f"vigie_{name}", says, registry=registry).set(value)


def _labelled(
    registry: CollectorRegistry, name: str, says: str, labels: tuple[str, ...], values: Mapping[Words, float]
) -> None:
    from prometheus_client import Gauge

    gauge = Gauge(f"vigie_{name}", says, labels, registry=registry)
    for words, value in sorted(values.items()):
        gauge.labels(*words).set(value)
