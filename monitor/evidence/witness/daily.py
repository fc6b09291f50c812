"""The newest checkpoint, cosigned once a day: `cosigned/DAY.SWEEP.KEY.checkpoint` in the evidence folder, never
rewritten.

DAY is the UTC day of the witness's time, SWEEP the number of the sweep in nine digits, KEY the id of its key in hex.
Each file is a whole signed note: the checkpoint as the log sealed it, the log's signatures, the witness's. The key
itself stands once in `KEY.key`: a signature names no more of it than four bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from monitor.core.record import canonical
from monitor.evidence.checkpoint import Checkpoint, SignedNote
from monitor.evidence.folder import SweepFolders
from monitor.evidence.key import LogSigner
from monitor.evidence.merkle import consistency_proof
from monitor.evidence.seal import CHECKPOINT, KEYS
from monitor.evidence.stamps.stamping import State
from monitor.evidence.tree import TreeFiles
from monitor.evidence.witness.witness import Cosigned, Witness, WitnessTrouble
from monitor.store import files as durable
from monitor.store.schema import disk_told
from monitor.store.sealed import EVIDENCE, LOG
from monitor.values import dataclass, pattern

COSIGNED = "cosigned"
AGAIN = timedelta(hours=1)

_NAME = pattern(r"(\d{4}-\d\d-\d\d)\.(\d{9})\.([0-9a-f]{8})\.checkpoint")


@dataclass(frozen=True, slots=True)
class KeptCosignature:
    """One file of the folder. day: its UTC day, ISO; sweep: the one sealed with it; key_id: of the witness, hex."""

    path: Path
    day: str
    sweep: int
    key_id: str

    def note(self) -> SignedNote:
        """What it holds, unverified (see `checkpoint.cosigned_at`). Raises ValueError, StoreError."""
        with disk_told(self.path):
            return SignedNote.parse(self.path.read_bytes())


def cosigned_lines(evidence: Path) -> dict[int, list[bytes]]:
    """The lines of `witness.jsonl` (docs/FORMAT.md, 3) without line feeds, by sweep; of keys that are kept.

    Raises StoreError.
    """
    lines: dict[int, list[bytes]] = {}
    for one in cosignatures(evidence):
        key = one.path.with_name(f"{one.key_id}.key")
        with disk_told(key):
            if key.exists():
                told = {"key": key.read_text("utf-8").strip(), "note": one.path.read_text("utf-8"), "sweep": one.sweep}
                lines.setdefault(one.sweep, []).append(canonical(told))
    return lines


def cosignatures(evidence: Path) -> Iterator[KeptCosignature]:
    """What witnesses cosigned, by day. evidence: the folder of the sealed sweeps."""
    folder = evidence / COSIGNED
    with disk_told(folder):
        names = sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []
    for match in filter(None, map(_NAME.fullmatch, names)):
        yield KeptCosignature(folder / match[0], match[1], int(match[2]), match[3])


async def cosign_daily(data: Path, witness: Witness, now: datetime) -> Cosigned | WitnessTrouble | None:
    """Have the newest checkpoint cosigned where this UTC day has none yet; None: nothing to ask.

    A witness that failed is asked again an hour later, no sooner. data: the data folder; now: aware UTC.
    Raises StoreError.
    """
    sweeps = SweepFolders(data / EVIDENCE)
    latest, key_id = sweeps.latest(), witness.key.id.hex()
    kept = [one for one in cosignatures(data / EVIDENCE) if one.key_id == key_id]
    if kept:
        _keep(data / EVIDENCE / COSIGNED, f"{key_id}.key", f"{witness.key}\n".encode())
    state = State.load(sweeps)
    had = bool(kept) and kept[-1].day >= f"{now:%Y-%m-%d}"
    if latest is None or had or not state.is_turn(f"witness:{key_id}", AGAIN, now):
        return None
    state.note_asked(f"witness:{key_id}", now)
    state.save(sweeps)
    note = latest.read(CHECKPOINT)
    size = Checkpoint.parse(SignedNote.parse(note).text).size
    known = Checkpoint.parse(kept[-1].note().text).size if kept else 0
    tree = TreeFiles(data / EVIDENCE / LOG)
    got = await witness.cosign(note, min(known, size), lambda old: consistency_proof(old, size, tree.node))
    if isinstance(got, Cosigned):
        _keep(data / EVIDENCE / COSIGNED, f"{key_id}.key", f"{witness.key}\n".encode())
        _keep(data / EVIDENCE / COSIGNED, f"{got.at:%Y-%m-%d}.{latest.number:09d}.{key_id}.checkpoint", got.note)
    elif got.kind == "unknown":
        return WitnessTrouble("unknown", f"{got.detail}, {LogSigner(data / KEYS).key}")
    return got


def _keep(folder: Path, name: str, note: bytes) -> None:
    with disk_told(folder):
        folder.mkdir(exist_ok=True)
        if not (folder / name).exists():
            durable.replace(folder / name, note)
