"""What proof costs: sealing a sweep, verifying a log, the report of a long period.

`python -m bench.evidence export ...` is the export, in a process of its own.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.fleet import peak_kb
from bench.measure import cost
from monitor.core.record import instant
from monitor.evidence.seal import Evidence
from monitor.evidence.verify.archive import FolderArchive
from monitor.evidence.verify.crypto import Verifiers
from monitor.evidence.verify.verify import verify_ledger
from monitor.store.files import hold
from monitor.store.sealed import EVIDENCE
from monitor.store.store import Store

SWEEP, REPORT = 303, 5000
DESK, LABEL = "95/cergy-11343", "Renouvellement d'un titre de séjour"
URL = "https://www.val-doise.gouv.fr/booking/create/11343"
NO_SLOT = (
    "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous. Veuillez recommencer ultérieurement."
)
Say = Callable[[str], None]


def fill(store: Store, at: datetime, checks: int, desks: int) -> None:
    """One sweep of made-up checks without bytes, spread over some desks."""
    number = store.begin_sweep(at, {"due": [], "skipped": []})
    for i in range(checks):
        store.append(_record(store.next_seq(), number, i % desks, at + timedelta(milliseconds=i)))
    store.end_sweep(number, at + timedelta(minutes=2), {"skipped": []})
    store.barrier(at)


def _record(seq: int, sweep: int, desk: int, at: datetime) -> dict[str, Any]:
    return {
        "v": 1, "seq": seq, "sweep": sweep, "id": f"{seq:016x}", "check": DESK if not desk else f"95/guichet-{desk}",
        "look": "desk", "prefecture": "95", "label": LABEL, "platform": "ez_booking", "url": URL,
        "time_zone": "Europe/Paris", "started": instant(at), "finished": instant(at + timedelta(milliseconds=311)),
        "program": {"version": "0.1.0"}, "steps": [{"open": URL}],
        "exchanges": [{"url": URL, "status": 200, "decoded_body_sha256": f"{seq * 7919:064x}"}],
        "reading": "NoSlot", "seen": NO_SLOT, "selector": "#inner_Booking", "by_data": False,
    }  # fmt: skip


def evidence(folder: Path, rounds: int, say: Say) -> dict[str, Any]:
    """Milliseconds to keep a record and to seal 303 of them; records verified a second; the report of 5,000."""
    kept, sealed, verified = [], [], []
    for number in range(rounds):
        data = folder / f"evidence-{number}"
        now = datetime.now(UTC)
        with hold(data) as lock, Store(lock, at=now) as store:
            log = Evidence(data)
            fill(store, now, 1, SWEEP)
            log.seal(store.records, now)
            kept.append(_timed(lambda: fill(store, now, SWEEP, SWEEP)) / SWEEP)  # noqa: B023 - called at once
            sealed.append(_timed(lambda: log.seal(store.records, now)))  # noqa: B023 - called at once
            fill(store, now, SWEEP * 9, SWEEP)
            log.seal(store.records, now)
        archive = FolderArchive(data / EVIDENCE, packed=True)
        verified.append((SWEEP * 10 + 1) / _timed(lambda: verify_ledger(archive, Verifiers())))  # noqa: B023
        shutil.rmtree(data)
    out: dict[str, Any] = {
        "append_ms": statistics.median(kept) * 1000,
        "seal_303_ms": statistics.median(sealed) * 1000,
        "verify_records_a_second": statistics.median(verified),
        "report": _report(folder),
    }
    say(f"append of a record, a commit each: {out['append_ms']:.3f} ms (goal 0.1)")
    say(f"seal of {SWEEP} records: {out['seal_303_ms']:.0f} ms (goal 300)")
    say(f"verified: {out['verify_records_a_second']:.0f} records a second (goal 1000)")
    told = out["report"]
    say(f"export of {REPORT} observations: {told['wall']:.1f} s (goal 20), {told['peak_mb']:.0f} MB (goal 250)")
    return out


def _report(folder: Path) -> dict[str, Any]:
    data, began = folder / "report", datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
    with hold(data) as lock, Store(lock, at=began) as store:
        for number in range(REPORT // 50):
            fill(store, began + number * timedelta(hours=12), 50, 1)
        Evidence(data).seal(store.records, began + timedelta(days=60))
    done = cost(
        [sys.executable, "-m", "bench.evidence", "export", "95", "--data", str(data), "--out", str(folder / "x")]
    )
    if done.code or done.peak_mb is None:
        raise RuntimeError(f"the export ended with {done.code}: {done.err[-1500:]}")
    pdf = next((folder / "x").rglob("releve.pdf")).stat().st_size
    return {"wall": done.wall, "cpu": done.cpu, "peak_mb": done.peak_mb, "pdf_bytes": pdf}


def _timed(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def main() -> int:
    """As `vigie`, its peak memory written where `bench.measure` reads it."""
    from monitor.cli import run

    try:
        return run(sys.argv[1:])
    finally:
        Path(os.environ["BENCH_REPORT"]).write_text(f'{{"peak_kb": {peak_kb()}}}', encoding="ascii")


if __name__ == "__main__":
    if "BENCH_REPORT" in os.environ:
        sys.exit(main())
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as name:
        evidence(Path(name), 3, print)
