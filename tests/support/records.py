"""Records and stores for tests: as a sweep makes them, without a sweep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.core.record import digest, instant
from monitor.store.files import hold
from monitor.store.store import Store

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def record(
    seq: int,
    *,
    sweep: int = 1,
    check: str = "95/renewal",
    at: datetime | None = None,
    reading: str = "NoSlot",
    digests: Mapping[str, str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """One observation with the fields the store looks at and a few it does not. at: by default a second a number."""
    started = at or NOON + timedelta(seconds=seq)
    return {
        "v": 1,
        "seq": seq,
        "sweep": sweep,
        "check": check,
        "label": "Renouvellement d'un titre de séjour",
        "url": "https://www.val-doise.gouv.fr/booking/create/12345",
        "started": instant(started),
        "finished": instant(started + timedelta(milliseconds=311)),
        "mono_start_ns": 10**15 + seq * 1_234_567,
        "reading": reading,
        "seen": "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous.",
        "exchanges": [{f"{part}_sha256": digest for part, digest in (digests or {}).items()}],
        **more,
    }


@contextmanager
def opened(folder: Path, at: datetime = NOON) -> Iterator[Store]:
    """A store open for writing."""
    with hold(folder) as lock, Store(lock, at=at) as store:
        yield store


@contextmanager
def sweeping(folder: Path, at: datetime = NOON) -> Iterator[tuple[Store, int]]:
    """The same, with a sweep begun."""
    with opened(folder, at) as store:
        yield store, store.begin_sweep(at, {"due": []})


def keep(store: Store, *, bodies: Mapping[str, bytes] | None = None, covered: bool = True, **fields: Any) -> bytes:
    """Append a record that names these bodies; returns its line. covered: by a barrier, which gives it its row."""
    named = bodies or {}
    made = record(store.next_seq(), digests={part: digest(data) for part, data in named.items()}, **fields)
    wire = [data for part, data in named.items() if part == "wire_body"]
    read = [data for part, data in named.items() if part != "wire_body"]
    line = store.append(made, detail=fields.get("detail"), bodies=read, wire=wire)
    if covered:
        store.barrier(NOON)
    return line
