"""Faults planted in the evidence folder itself, verified as it grows: every sweep, every record, from the first."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.core.record import digest
from monitor.evidence.merkle import leaf_hash
from monitor.evidence.rules.findings import Report
from monitor.evidence.sums import parse_sums, render_sums
from monitor.evidence.verify.archive import ArchiveError, FolderArchive
from monitor.evidence.verify.crypto import Verifiers
from monitor.evidence.verify.verify import verify_ledger
from tests.support.authority import Tsa
from tests.support.ledger import AuthorityInProcess, Hand, Ledger


@pytest.fixture
def ledger(tmp_path: Path, tsa: Tsa) -> Ledger:
    ledger = Ledger(tmp_path, [AuthorityInProcess(tsa, "essai")], checks=[f"95/d{i}" for i in range(40)])
    for _ in range(3):
        ledger.sweep()
    return ledger


def verified(ledger: Ledger, witness: bytes | None = None) -> Report:
    archive = FolderArchive(ledger.root / "evidence", packed=True)
    return verify_ledger(archive, Verifiers(), witness=witness)


def codes(report: Report) -> set[str]:
    return {finding.code for finding in report.findings if finding.failed}


def sound(report: Report) -> bool:
    """Nothing is open but what always is: nothing bounds the first sweep of a log below."""
    return [(one.code, one.failed, one.where) for one in report.findings] == [("bounds", False, "sweep 000000001")]


def folder(ledger: Ledger, number: int) -> Path:
    sealed = ledger.sweeps.sweep(number)
    assert sealed is not None
    return sealed.path


def rewrite_records(ledger: Ledger, number: int, change: Callable[[bytes], bytes]) -> None:
    """What an operator with every key but the authority's can do afterwards: new records and new sums."""
    path = folder(ledger, number)
    sealed = ledger.sweeps.sweep(number)
    assert sealed is not None
    data = change(sealed.read("records.jsonl"))
    (path / "records.jsonl.zst").unlink()
    (path / "records.jsonl").write_bytes(data)
    sums = {**parse_sums((path / "SHA256SUMS").read_bytes()), "records.jsonl": digest(data)}
    (path / "SHA256SUMS").write_bytes(render_sums(sums))


def test_a_sound_folder(ledger: Ledger) -> None:
    report = verified(ledger)
    assert sound(report)
    assert (report.exit_code, report.records, len(report.sweeps)) == (3, 120, 3)


def test_a_record_reworded_afterwards(ledger: Ledger) -> None:
    """The rows of what was due take the digests of the records from their lines: they are no longer those sealed."""
    rewrite_records(ledger, 2, lambda data: data.replace(b"NoSlot", b"Closed", 1))
    assert codes(verified(ledger)) == {"stamp", "chain", "inclusion", "file"}


def test_records_exchanged_afterwards(ledger: Ledger) -> None:
    def exchange(data: bytes) -> bytes:
        lines = data.splitlines(keepends=True)
        return b"".join([lines[1], lines[0], *lines[2:]])

    rewrite_records(ledger, 2, exchange)
    assert codes(verified(ledger)) == {"stamp", "chain", "inclusion", "file", "record"}


def test_a_byte_of_a_packed_file(ledger: Ledger) -> None:
    path = folder(ledger, 2) / "records.jsonl.zst"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert "file" in codes(verified(ledger))


def test_a_missing_records_file(ledger: Ledger) -> None:
    (folder(ledger, 2) / "records.jsonl.zst").unlink()
    assert "file" in codes(verified(ledger))


def test_a_middle_sweep_removed(ledger: Ledger) -> None:
    shutil.rmtree(folder(ledger, 2))
    assert {"number", "chain", "plan", "inclusion"} <= codes(verified(ledger))


def test_the_first_sweep_removed(ledger: Ledger) -> None:
    shutil.rmtree(folder(ledger, 1))
    assert "inclusion" in codes(verified(ledger))


def test_a_cut_off_tail_shows_only_against_a_witness(ledger: Ledger) -> None:
    witness = ledger.sweeps.sealed()[-1].read("checkpoint")
    assert sound(verified(ledger, witness))
    shutil.rmtree(folder(ledger, 3))
    assert sound(verified(ledger))
    report = verified(ledger, witness)
    assert codes(report) == {"witness"}
    assert "observations known to the witness: 120; in this folder: 80" in str(report.findings[-1])


def test_a_history_made_again_with_the_log_s_own_key_shows_against_a_witness(
    ledger: Ledger, tmp_path_factory: pytest.TempPathFactory, tsa: Tsa
) -> None:
    """The operator as adversary: same key, other records, fresh stamps."""
    witness = ledger.sweeps.sealed()[1].read("checkpoint")
    again = Ledger(tmp_path_factory.mktemp("again"), [AuthorityInProcess(tsa, "essai")], checks=ledger.checks[1:])
    shutil.copytree(ledger.root / "keys", again.root / "keys")
    tsa.clock = Hand()
    for _ in range(3):
        again.sweep()
    assert sound(verified(again)), "consistent in itself"
    assert codes(verified(again, witness)) == {"witness"}


def test_an_empty_folder_is_not_verified(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    report = verify_ledger(FolderArchive(tmp_path / "evidence", packed=True), Verifiers())
    assert report.exit_code == 1
    with pytest.raises(ArchiveError, match="not a folder"):
        FolderArchive(tmp_path / "nowhere")


def test_leaves_are_the_lines_without_their_ends(ledger: Ledger) -> None:
    line = ledger.sweeps.sealed()[0].read("records.jsonl").split(b"\n")[0]
    assert ledger.tree.node(0, 0) == leaf_hash(line)
