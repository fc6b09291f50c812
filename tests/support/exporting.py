"""Stores to export: made-up observations as sweeps record them, sealed or not."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.core.readings import detail_of, from_json
from monitor.core.record import digest
from monitor.evidence.seal import KEYS, Evidence
from monitor.evidence.sums import check_id
from monitor.store.sealed import EVIDENCE
from monitor.store.store import Store, reading
from tests.support.records import opened, record

DESK = "95/cergy-11343"
URL = "https://www.val-doise.gouv.fr/booking/create/11343"
FIRST = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)  # a Sunday at 23:30 in Cergy: the next sweep is on Monday, week 10

NO_SLOT = {"reading": "NoSlot", "seen": "Il n'existe plus de plage horaire libre.", "selector": "form"}
OPEN = {"reading": "SlotsOpen", "seen": "Mardi 9 h 30", "selector": ".slot", "first_day": "2026-06-02"}
CAPTCHA = {"reading": "Obstructed", "obstacle": "captcha", "seen": "Recopiez le texte", "selector": "img"}
TIMEOUT = {"reading": "Unreached", "cause": "timeout", "seen": None}
SKIPPED: dict[str, Any] = {}


def page(seq: int) -> bytes:
    """What the site answered at that observation."""
    return f"<html><p>réponse {seq}</p></html>".encode()


def observe(
    store: Store, sweep: int, at: datetime, reading: dict[str, Any], *, anchor: bytes = b"", **more: Any
) -> None:
    """Record one check with its page, as a sweep does. anchor: what its identifier follows from."""
    seq = store.next_seq()
    answered = reading["reading"] != "Unreached"
    body = digest(page(seq)) if answered else ""
    made = record(seq, sweep=sweep, check=DESK, at=at, **reading) | {
        "id": check_id(anchor, sweep, more.get("check", DESK)),
        "label": "Première demande ; « salarié »",
        "url": URL,
        "look": "desk",
        "time_zone": "Europe/Paris",
        "program": {"version": "0.1.0"},
        "steps": [{"open": URL}, {"tick": "c", "label": "J'accepte les conditions"}],
        "exchanges": [{"url": URL + "/0", "status": 200, "decoded_body_sha256": body}] if answered else [],
        **more,
    }
    store.append(made, detail=detail_of(from_json(dict(made))), bodies=[page(seq)] if answered else [])
    store.barrier(at)


def fill(
    data: Path, readings: Iterable[dict[str, Any]], *, batch: int = 1, evidence: Evidence | None = None, **more: Any
) -> None:
    """An hour from one sweep to the next, FIRST first; SKIPPED: due, and left out because its host was.

    batch: readings a sweep. evidence: where they are sealed for good; without one `seal` does it afterwards.
    """
    said = [*readings]
    with opened(data, FIRST) as store:
        for i in range(0, len(said), batch):
            at = FIRST + i // batch * timedelta(hours=1)
            sweep = store.begin_sweep(at, {"due": [DESK], "skipped": []})
            anchor = (evidence or aside(data)).anchor()
            for j, reading_ in enumerate(filter(None, said[i : i + batch])):
                observe(store, sweep, at + j * timedelta(seconds=1), reading_, anchor=anchor, **more)
            skipped: Sequence[dict[str, str]] = [] if said[i] else [{"check": DESK, "why": "host"}]
            store.end_sweep(sweep, at + timedelta(minutes=2), {"skipped": skipped})
            store.barrier(FIRST)
            (evidence or aside(data)).seal(store.records, at)
        store.barrier(FIRST)


def aside(data: Path) -> Evidence:
    """Where each sweep is sealed before the next begins, as a run does: what identifies a visit follows from it."""
    return Evidence(_beside(data))


def _beside(data: Path) -> Path:
    return data.with_name(f"{data.name}.sealed")


def seal(data: Path) -> None:
    """Seal all that was recorded."""
    for name in (EVIDENCE, KEYS):
        if (_beside(data) / name).exists() and not (data / name).exists():
            shutil.copytree(_beside(data) / name, data / name)
    with reading(data) as opened_:
        assert opened_ is not None
        Evidence(data).seal(opened_[0], FIRST + timedelta(days=400))
