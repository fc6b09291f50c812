"""What an honest program sealed and exported before format 2 is no failure, and what is forged of it still is one.

The folder and the export are those that the program of then wrote (`tests/fixtures/format-1`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.evidence.rules.findings import Report
from monitor.evidence.verify.archive import FolderArchive
from monitor.evidence.verify.crypto import Verifiers
from monitor.evidence.verify.verify import verify_ledger
from monitor.report.export.presented import verify_whole
from tests.support.ledger import FORMAT_1, reseal


@pytest.fixture
def export(tmp_path: Path) -> Path:
    shutil.copytree(FORMAT_1 / "export", tmp_path / "e")
    return tmp_path / "e"


def verified(export: Path) -> Report:
    return verify_whole(FolderArchive(export), Verifiers())


def test_an_export_of_then_is_verified_with_reserves_at_most(export: Path) -> None:
    report = verified(export)
    assert (report.exit_code, report.records, len(report.sweeps)) == (3, 3, 3)
    assert {(one.code, one.failed) for one in report.findings} == {("bounds", False), ("clocks", False)}
    assert any("format 1" in note for note in report.notes)


def test_a_data_folder_of_then_is_verified_with_reserves_at_most() -> None:
    report = verify_ledger(FolderArchive(FORMAT_1 / "data" / "evidence", packed=True), Verifiers())
    assert (report.exit_code, report.records, len(report.sweeps)) == (3, 6, 3)
    assert {(one.code, one.failed) for one in report.findings} == {("bounds", False), ("clocks", False)}


def lines(export: Path, name: str, change: Callable[[list[bytes]], list[bytes]]) -> None:
    path = export / name
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))


def _sweep(export: Path, number: int) -> Path:
    (found,) = (export / "sweeps").glob(f"*/*/*/{number:09d}")
    return found


FAULTS: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "a record reworded": (
        lambda e: lines(e, "records.jsonl", lambda told: [told[0].replace(b"NoSlot", b"Closed"), *told[1:]]),
        {"inclusion", "plan"},
    ),
    "records exchanged": (
        lambda e: lines(e, "records.jsonl", lambda told: [told[1], told[0], *told[2:]]), {"inclusion", "plan"}
    ),
    "a record left out with its proof": (
        lambda e: [lines(e, name, lambda told: told[1:]) for name in ("records.jsonl", "proofs.txt")], {"plan"}
    ),
    "a proof of another size": (
        lambda e: lines(e, "proofs.txt", lambda told: [told[0].replace(b" 2 ", b" 3 ", 1), *told[1:]]),
        {"inclusion", "plan"},
    ),
    "no consistency": (lambda e: (e / "consistency.txt").write_bytes(b""), {"consistency"}),
    "a scope that is none": (lambda e: (e / "scope.txt").write_bytes(b"x y\n"), {"plan"}),
    "a file missing": (lambda e: (e / "scope.txt").unlink(), {"file"}),
    "a page of elsewhere": (lambda e: (e / "captures" / "x.html").write_bytes(b"x"), {"capture"}),
    "a stamp of another sweep": (
        lambda e: shutil.copy(_sweep(e, 2) / "SHA256SUMS.alpha.tsr", _sweep(e, 3) / "SHA256SUMS.alpha.tsr"), {"stamp"}
    ),
    "no root of an authority": (lambda e: [one.unlink() for one in (e / "trust/roots").glob("beta.*")], {"authority"}),
    "no key of the log": (lambda e: [one.unlink() for one in (e / "trust/log").iterdir()], {"key", "inclusion"}),
    "a sweep removed": (lambda e: shutil.rmtree(_sweep(e, 2)), {"number", "chain", "plan"}),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_planted_in_an_export_of_then_is_found(export: Path, fault: str) -> None:
    plant, codes = FAULTS[fault]
    plant(export)
    reseal(export)
    found = {one.code for one in verified(export).findings if one.failed}
    assert codes <= found
    assert found - codes <= {"inclusion", "plan", "consistency", "capture"}, found
