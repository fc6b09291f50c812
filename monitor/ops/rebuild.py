"""What can be made again from the sealed log: the database of a data folder, and the hashes of the log's tree."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import Final

from monitor.core.errors import StoreError, UsageError
from monitor.evidence.folder import RECORDS, SealedSweep, SweepFolders
from monitor.evidence.merkle import leaf_hash
from monitor.evidence.seal import SEAL, SWEEP
from monitor.evidence.tree import TreeFiles
from monitor.evidence.verify.archive import FolderArchive
from monitor.evidence.verify.crypto import Verifiers
from monitor.evidence.verify.verify import verify_ledger
from monitor.ops.backup import check_database
from monitor.store import files as durable
from monitor.store.files import Lock
from monitor.store.mend.remake import STAGING, Remade, SweepAsSealed, remake
from monitor.store.schema import UnfitDatabaseError, disk_told, refuse_newer
from monitor.store.sealed import EVIDENCE, LOG, log_end
from monitor.values import dataclass

_OF_STAMPS: Final = frozenset({"stamp", "authority", "order", "revoked", "date"})  # say nothing of what was recorded
_OF_A_LINE: Final = frozenset({"plan", "canonical", "record"})
_PLAN: Final = "plan.jsonl"  # the rows of a sweep of version 2
_LEAVES_AT_ONCE: Final = 100_000


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was made again. hashes: the stored hashes were. database: the database, None where it fits the log."""

    hashes: bool
    database: Remade | None


def rebuild(lock: Lock, at: datetime) -> Rebuilt:
    """Make again what is not as the sealed log of a held data folder has it. at: now, aware.

    Raises UsageError where nothing was ever sealed, NewerStoreError for a folder of a newer program, StoreError where
    the log itself does not verify, and for what a disk or a permission does.
    """
    evidence = lock.folder / EVIDENCE
    sealed = SweepFolders(evidence).sealed() if evidence.is_dir() else []
    if not sealed:
        raise UsageError(_("nothing is sealed in {path}: there is no log to rebuild from").format(path=lock.folder))
    refuse_newer(lock.folder, log_end(lock.folder))
    _must_verify(evidence)
    hashes = _hashes(evidence / LOG, sealed)  # first: the database is held against them
    return Rebuilt(hashes, None if _fits(lock.folder) else remake(lock, map(_as_sealed, sealed), at))


def _must_verify(evidence: Path) -> None:
    """Of a log in which something is false or lost, no database is made: it would say more than the log proves.

    A line that is no record may have been sealed as a loss of power left it.
    """
    report = verify_ledger(FolderArchive(evidence, packed=True), Verifiers())
    torn = [one for one in report.findings if one.code in _OF_A_LINE and f"{RECORDS}," in f"{one.where},"]
    wrong = [one for one in report.findings if one.failed and one.code not in _OF_STAMPS and one not in torn]
    if wrong:
        words = _("the sealed log does not verify ({code} {where}): nothing is made from it, `vigie restore` a backup")
        raise StoreError(words.format(code=wrong[0].code, where=wrong[0].where))


def _fits(data: Path) -> bool:
    try:
        check_database(data)
    except UnfitDatabaseError:
        return False
    return True


def _hashes(folder: Path, sealed: Sequence[SealedSweep]) -> bool:
    """The tree files made again beside those there, and put in their place where these differ or are cut."""
    fresh = folder.with_name(f"{folder.name}.{STAGING}")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        tree, size = TreeFiles(fresh), 0
        for leaves in _leaves(sealed):
            size = tree.extend(size, leaves).size
        with disk_told(folder):
            durable.make_folder(folder)
            made = {path.name: path.read_bytes() for path in sorted(fresh.iterdir())}
            wrong = {name: data for name, data in made.items() if not _begins(folder / name, data)}
            for name, data in wrong.items():
                durable.replace(folder / name, data)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return bool(wrong)


def _leaves(sealed: Sequence[SealedSweep]) -> Iterator[list[bytes]]:
    leaves: list[bytes] = []
    for sweep in sealed:
        leaves += map(leaf_hash, _lines(sweep))
        if len(leaves) >= _LEAVES_AT_ONCE:
            yield leaves
            leaves = []
    yield leaves


def _begins(path: Path, data: bytes) -> bool:
    """Whether a file begins with these bytes; what follows are hashes of a seal that was cut short."""
    with suppress(FileNotFoundError), path.open("rb") as file:
        return file.read(len(data)) == data
    return False


def _lines(sweep: SealedSweep) -> list[bytes]:
    return sweep.read(RECORDS).split(b"\n")[:-1]


def _as_sealed(sweep: SealedSweep) -> SweepAsSealed:
    """What its seal tells of a sweep (`seal.to_seal` the other way round)."""
    plan = json.loads(sweep.read(SWEEP))
    rows = plan["checks"] if "checks" in plan else [*map(json.loads, sweep.read(_PLAN).splitlines())]
    due = [check["check"] for check in rows if check.get("why") != "floor"]
    skipped = [check for check in rows if check.get("why", "killed") != "killed"]
    died = plan.get("unfinished") == "killed"
    return SweepAsSealed(
        number=sweep.number,
        started=datetime.fromisoformat(plan["started"]),
        finished=None if died else datetime.fromisoformat(plan["finished"]),
        first=json.loads(sweep.read(SEAL))["first"],
        plan={"due": due, "skipped": [check for check in skipped if check["why"] == "floor"]},
        report={"skipped": skipped} | ({"online": plan["online"]} if "online" in plan else {}),
        checks={check["seq"]: check["check"] for check in rows if "seq" in check},
        lines=_lines(sweep),
        shots=sweep.shots(),
    )
