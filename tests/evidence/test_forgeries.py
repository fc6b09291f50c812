"""Every planted fault of the table: what `vigie verify` finds is what the page of the format says, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.evidence.rules.findings import Report
from monitor.evidence.verify.archive import FolderArchive
from monitor.evidence.verify.crypto import Verifiers
from monitor.report.export.presented import verify_whole
from tests.support.forge import Authorities, Forge
from tests.support.forgeries import FAULTS, Fault


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Authorities:
    return Authorities(tmp_path_factory.mktemp("authorities"))


def verified(fault: Fault, forge: Forge, folder: Path) -> Report:
    fault.put(fault.spoil(forge), folder)
    return verify_whole(FolderArchive(folder), Verifiers(), witness=fault.witness(forge) if fault.witness else None)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_planted_fault_is_seen_for_what_it_is(fault: Fault, authorities: Authorities, tmp_path: Path) -> None:
    report = verified(fault, Forge(authorities), tmp_path / "e")
    assert {(one.code, "É" if one.failed else "R") for one in report.findings} == fault.expected, report.lines()


def test_the_table_names_no_fault_twice_and_leaves_out_no_code() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    told = {code for fault in FAULTS for code, _kind in fault.expected}
    assert told == {
        "sums", "file", "unlisted", "extra", "signed", "number", "chain", "stamp", "authority", "revoked", "order",
        "undeclared", "checkpoint", "key", "inclusion", "plan", "canonical", "record", "capture", "csv", "figures",
        "witness", "date", "bounds", "unstamped", "clocks", "simulated", "format",
    }  # fmt: skip
