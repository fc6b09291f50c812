"""A year of one desk, as a monitor of 366 checks that runs every twenty minutes leaves it, and its export.

`python -m bench.year FOLDER [SWEEPS] [bare]` makes the data folder: records, pages and seals of one desk as they are,
made-up short lines for the other checks, stamps of two local authorities (bare: none). `python -m bench.year FOLDER
export` measures the writing of the export of the whole; `... verified` the command, which verifies what it wrote.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image

from bench.fleet import peak_kb
from bench.stamper import Stamper
from monitor.core.record import canonical, digest, instant
from monitor.evidence.folder import SealedSweep, SweepFolders
from monitor.evidence.plan import PlannedCheck
from monitor.evidence.seal import Evidence, SweepToSeal
from monitor.evidence.sums import SUMS, check_id
from monitor.report.export.export import Exporter, Scope
from monitor.report.export.folder import write
from monitor.run.export import ExportRequest
from monitor.run.export import export as run
from monitor.settings.settings import load
from monitor.store.files import hold
from monitor.store.rows import micros
from monitor.store.store import Store, reading

SWEEPS, CHECKS, EVERY = 26_280, 366, timedelta(minutes=20)
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
DESK, LABEL = "95/cergy-11343", "Renouvellement d'un titre de séjour"
URL = "https://www.val-doise.gouv.fr/booking/create/11343"
OTHERS = sorted(f"{code:02d}/guichet-{n}" for code in range(1, 74) for n in range(5))
NO_SLOT = "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous. Veuillez recommencer."
QUERY = 90  # bytes of a request for a stamp


def make(data: Path, sweeps: int, *, stamped: bool = True) -> None:
    """The data folder."""
    chance = random.Random(1)
    with without_syncs(), hold(data) as lock, Store(lock, at=BEGAN) as store:
        with store.transaction() as tx:
            tx.db.execute("DROP TRIGGER observation_next")  # the records of the other checks are not in the store
        authorities = [Stamper(name, data / "keys" / name) for name in ("alpha", "beta")] if stamped else []
        evidence, last = Evidence(data, authorities), None
        for number in range(1, sweeps + 1):
            last = _sweep(store, evidence, number, last, chance)
            for one in authorities:
                reply = one.stamp(last.read(SUMS), BEGAN + number * EVERY + timedelta(minutes=5))
                (last.path / f"{SUMS}.{one.name}.tsr").write_bytes(reply)
                (last.path / f"{SUMS}.{one.name}.tsq").write_bytes(chance.randbytes(QUERY))


def _sweep(
    store: Store, evidence: Evidence, number: int, last: SealedSweep | None, chance: random.Random
) -> SealedSweep:
    at, first = BEGAN + number * EVERY, (number - 1) * CHECKS
    anchor = last.read(SUMS) if last else evidence.anchor()
    with store.transaction() as tx:
        plan = canonical({"due": [*OTHERS, DESK], "skipped": []})
        row = (number, micros(at), first, plan)
        tx.db.execute("INSERT INTO sweep VALUES (?, ?, ?, ?)", row)
        store.blobs.begin(number, at)
    record, bodies = _record(first + CHECKS - 1, number, at, check_id(anchor, number, DESK), chance)
    offset = store.blobs.put_bundle(record["seq"], bodies, (), record["seq"] - CHECKS if last else None)
    ended = at + timedelta(minutes=4)
    with store.transaction() as tx:
        tx.append(record)
        store.blobs.index_bundle(record["seq"], offset)
        tx.db.execute("INSERT INTO sweep_end VALUES (?, ?, ?)", (number, micros(ended), canonical({"skipped": []})))
        tx.db.execute("INSERT INTO barrier (seq, at) VALUES (?, ?)", (record["seq"], micros(ended)))
    shots = _shots(store, record, chance)
    lines = [b'{"seq":%d}' % seq for seq in range(first, first + CHECKS - 1)] + [canonical(record)]
    checks = [PlannedCheck(check=check, seq=first + i) for i, check in enumerate([*OTHERS, DESK])]
    sweep = SweepToSeal(
        number=number, started=at, finished=ended, checks=checks, env={"os": "x"},
        shots=shots,
    )  # fmt: skip
    return _sealed(evidence, sweep, lines, last)


def _sealed(evidence: Evidence, sweep: SweepToSeal, lines: Sequence[bytes], last: SealedSweep | None) -> SealedSweep:
    """By the real seal, which is told the last sweep rather than left to look through the days for it."""
    latest = SweepFolders.latest
    SweepFolders.latest = lambda _self: last  # type: ignore  # mypy: no lambda for a method; put back below
    try:
        return evidence.seal_one(sweep, lambda _first: lines)
    finally:
        SweepFolders.latest = latest  # type: ignore[method-assign]


def _record(
    seq: int, number: int, at: datetime, name: str, chance: random.Random
) -> tuple[dict[str, Any], list[bytes]]:
    """Two exchanges with pages of some 20 kB, a slot now and then."""
    open_ = chance.random() < 0.002
    exchanges, bodies = [], list[bytes]()
    for i in range(2):
        token = chance.randbytes(16).hex()
        head = f"HTTP/1.1 200 OK\r\nDate: {at:%a, %d %b %Y %H:%M:%S} GMT\r\nSet-Cookie: eZ={token}\r\n\r\n".encode()
        body = (f"<html><input name=token value={token}>{NO_SLOT}" + "<p>Préfecture</p>" * 1_000).encode()
        bodies += [head, body]
        exchanges.append({
            "method": "GET", "url": f"{URL}/{i}", "started": instant(at), "finished": instant(at), "status": 200,
            "mono_start_ns": seq * 10**9, "mono_end_ns": seq * 10**9 + 10**8, "version": "HTTP/1.1",
            "date": f"{at:%a, %d %b %Y %H:%M:%S} GMT", "peer": "185.24.187.124:443", "local": "192.168.1.20:51234",
            "dns": {"addresses": ["185.24.187.124"], "ttl": 300, "server": "192.168.1.1"},
            "tls": {"version": "TLSv1.3", "cipher": "TLS_AES_256_GCM_SHA384", "leaf_sha256": digest(b"leaf")},
            "head_sha256": digest(head), "head_bytes": len(head), "decoded_body_sha256": digest(body),
            "decoded_body_bytes": len(body), "sent_sha256": digest(token.encode()), "sent_bytes": 300,
        })  # fmt: skip
    said = {"reading": "SlotsOpen", "seen": "Mardi 9 h 30", "weak": False, "first_day": "2026-06-02"}
    none = {"reading": "NoSlot", "seen": NO_SLOT, "by_data": False}
    record = {
        "v": 1, "seq": seq, "sweep": number, "id": name, "author": "unattended_monitor", "check": DESK, "look": "desk",
        "prefecture": "95", "procedure": "renewal", "label": LABEL, "platform": "ez_booking", "url": URL,
        "time_zone": "Europe/Paris", "started": instant(at), "finished": instant(at + timedelta(seconds=3)),
        "mono_start_ns": seq * 10**9, "mono_end_ns": seq * 10**9 + 3 * 10**9, "program": {"version": "0.1.0"},
        "steps": [{"open": URL}, {"tick": "condition", "label": "Veuillez cocher la case"}], "exchanges": exchanges,
        "selector": "#inner_Booking", **(said if open_ else none),
    }  # fmt: skip
    return record, bodies


def _shots(store: Store, record: dict[str, Any], chance: random.Random) -> list[bytes]:
    """A picture of 120 kB of the first page of a day, and of a slot."""
    why = "opening" if record["reading"] == "SlotsOpen" else "day" if record["sweep"] % 72 == 0 else ""
    if not why:
        return []
    drawn = BytesIO()
    Image.frombytes("RGB", (200, 200), chance.randbytes(120_000)).save(drawn, "PNG")
    png = store.blobs.put(drawn.getvalue())
    line = canonical({
        "v": 1, "seq": record["seq"], "check": DESK, "id": record["id"], "why": why, "how": "rendered", "url": URL,
        "page_sha256": record["exchanges"][-1]["decoded_body_sha256"], "time_zone": "Europe/Paris",
        "scrolled_to": record["seen"], "browser": "Chromium 140", "png_sha256": png, "width": 1280, "height": 900,
        "resources": [], "missing": [], "made": record["finished"],
    })  # fmt: skip
    with store.transaction() as tx:
        store.blobs.index([png])
        tx.db.execute("INSERT INTO shot VALUES (?, ?)", (record["seq"], line))
    return [line]


@contextmanager
def without_syncs() -> Iterator[None]:
    """For a folder that is made to be measured: it need not survive a loss of power."""
    real = os.fsync
    os.fsync = lambda fd: None
    try:
        yield
    finally:
        os.fsync = real


def export(data: Path, out: Path, *, verified: bool) -> dict[str, float]:
    """Seconds, bytes, files and peak memory of the export of everything. verified: the whole command."""
    began = time.perf_counter()
    if verified:
        size = run(ExportRequest(code=DESK, folder=out), load(None, str(data), {}, data.parent)).size
    else:
        with reading(data) as opened:
            assert opened is not None
            exporter = Exporter(data, *opened, made=datetime.now(UTC), operator="")
            scope = Scope(key=DESK, proof=DESK, office="Préfecture", site=URL, zone=ZoneInfo("Europe/Paris"))
            selected = exporter.select(scope, (None, None))
            size = write(out, exporter.whole(selected), exporter.signature(selected))
    files = [path for path in out.rglob("*") if path.is_file()]
    stamps = sum(path.stat().st_size for path in files if path.name.startswith("stamps.jsonl"))
    return {
        "seconds": time.perf_counter() - began, "cpu": time.process_time(), "bytes": size, "stamps": stamps,
        "files": len(files), "peak_mb": peak_kb() / 1000,
    }  # fmt: skip


def main() -> None:
    """Make or measure."""
    data, *words = Path(sys.argv[1]), *sys.argv[2:]
    if {"export", "verified"} & {*words}:
        print(export(data, data.with_name(f"{data.name}-export"), verified="verified" in words))
    else:
        number = next((int(word) for word in words if word.isdigit()), SWEEPS)
        make(data, number, stamped="bare" not in words)


if __name__ == "__main__":
    main()
