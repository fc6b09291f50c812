"""The part of an export that proves: sealed sweeps, the records in scope with their paths, certificates and keys.

Whoever makes the export adds what people read (PDF, CSV, captures under `captures/`), `verify.sh` and `LISEZ-MOI.txt`
from `monitor/data`, and last the sums of it all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from monitor.evidence.checkpoint import Checkpoint, SignedNote
from monitor.evidence.merkle import Node, consistency_proof, inclusion_proof
from monitor.evidence.seal import CHECKPOINT, RECORDS, SWEEP
from monitor.evidence.verify.records import CONSISTENCY, PROOFS, SCOPE, in_scope

if TYPE_CHECKING:
    from monitor.evidence.folder import SealedSweep


def proof_files(
    sweeps: Sequence[SealedSweep], node: Node, scope: Sequence[str], trusted: Iterable[tuple[str, bytes]]
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file of the proof.

    sweeps: all that were sealed in the time the export is about, in order, none left out. scope: checks (`CODE/slug`),
    prefectures (`CODE/`) or `all`. node: hashes of the whole log. trusted: the files under `trust/`.
    """
    wanted = in_scope(scope)
    records: list[bytes] = []
    proofs: list[str] = []
    pairs: list[str] = []
    size = None
    for sweep in sweeps:
        yield from ((f"{sweep.folder}/{name}", data) for name, data in sweep.files())
        head = Checkpoint.parse(SignedNote.parse(sweep.read(CHECKPOINT)).text)
        lines = sweep.read(RECORDS).split(b"\n")
        first = head.size - (len(lines) - 1)
        for seq in sorted(
            c["seq"] for c in json.loads(sweep.read(SWEEP))["checks"] if "seq" in c and wanted(c["check"])
        ):
            records.append(lines[seq - first] + b"\n")
            path = inclusion_proof(seq, head.size, node)
            proofs.append(_line(f"{sweep.number:09d} {seq} {head.size}", path))
        if size is not None:
            pairs.append(_line(f"{size} {head.size}", consistency_proof(size, head.size, node)))
        size = head.size
    yield RECORDS, b"".join(records)
    yield PROOFS, "".join(proofs).encode()
    yield CONSISTENCY, "".join(pairs).encode()
    yield SCOPE, "".join(f"{line}\n" for line in sorted(scope)).encode()
    yield from trusted


def _line(head: str, hashes: Iterable[bytes]) -> str:
    return " ".join([head, *(h.hex() for h in hashes)]) + "\n"
