"""Every planted fault of the table: what `vigie verify` finds is what the page of the format says, and nothing else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes

from monitor.cli import speak
from monitor.evidence.rules.findings import Bounds, Report
from monitor.evidence.verify.archive import FolderArchive
from monitor.evidence.verify.crypto import Verifiers
from monitor.report.export.presented import verify_whole
from tests.support.forge import Authorities, Forge, unsigned, write
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


def test_every_root_of_a_bundle_is_told_apart_and_the_one_a_stamp_led_to_is_named(
    authorities: Authorities, tmp_path: Path
) -> None:
    files = Forge(authorities).export()
    (name,) = (name for name in files if name.startswith("trust/roots/simple."))
    files[name] = authorities.tsa["rogue"].root.pem + files[name]
    write(unsigned(files), tmp_path / "e")
    notes = verify_whole(FolderArchive(tmp_path / "e"), Verifiers()).notes
    right, wrong = (authorities.tsa[one].root.cert.fingerprint(hashes.SHA256()).hex() for one in ("simple", "rogue"))
    assert any(right in note and note.endswith("of simple that lead to it: 5") for note in notes), notes
    assert not any(wrong in note for note in notes)
    assert any("policy 1.3.6.1.4.1.99999.1, accuracy 1 s, which do not say that they are qualified" in n for n in notes)


@pytest.fixture
def french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "fr")  # put back when the test ends
    speak("fr")


@pytest.mark.usefixtures("french")
def test_the_last_line_in_french_is_that_of_the_shell(authorities: Authorities, tmp_path: Path) -> None:
    report = verified(FAULTS[0], Forge(authorities), tmp_path / "e")
    assert report.lines()[-1] == "VÉRIFIÉ : 4 passages, 8 observations"
    assert report.lines()[0] == (
        "passage 000000002 : écrit après 2026-11-21 22:18:00 UTC (qualifiee)"
        " et avant 2026-11-21 22:33:00 UTC (qualifiee)"
    )
    report.reserve("simulated", "records.jsonl")
    assert report.lines()[-1] == "VÉRIFIÉ, AVEC LES RÉSERVES CI-DESSUS : 4 passages, 8 observations"
    report.fail("csv", "observations.csv", "3")
    assert "ÉCHEC [csv] observations.csv : le tableau n'est pas celui de ces observations (3)" in report.lines()
    assert report.lines()[-1] == "ÉCHEC : ce dossier n'est pas fiable en l'état : 4 passages, 8 observations"


@pytest.mark.usefixtures("french")
@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0 passage, 0 observation"), (1, "1 passage, 1 observation"), (2, "2 passages, 2 observations")],
)
def test_a_count_and_its_noun_agree(count: int, told: str) -> None:
    report = Report(sweeps=[Bounds(number=n, after=None, before=None) for n in range(count)], records=count)
    assert report.lines()[-1] == f"VÉRIFIÉ : {told}"


def test_a_bit_of_what_proves_is_seen_whoever_makes_the_sums_again(authorities: Authorities, tmp_path: Path) -> None:
    """Sampled over every file that proves; the list is made again and its signature taken off, as anybody can.

    Of stamps, over those that the sweep after encloses: the last ones have bits that nothing signs (RFC 3161, 2.4.2).
    """
    sound = Forge(authorities).export()
    chance = random.Random(7)
    for file in ("sweeps.jsonl", "stamps.jsonl", "plan.jsonl", "records.jsonl", "scope.txt"):
        for turn in range(8):
            data = bytearray(sound[file])
            at = chance.randrange(data.find(b'"sweep":5') if file == "stamps.jsonl" else len(data))
            data[at] ^= 1 << chance.randrange(8)
            files = {**sound, file: bytes(data)}
            folder = write(unsigned(files), tmp_path / f"{file}-{turn}")
            report = verify_whole(FolderArchive(folder), Verifiers())
            assert {one.code for one in report.findings} > {"signed"}, f"{file}: bit of byte {at}"


def test_the_table_names_no_fault_twice_and_leaves_out_no_code() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    told = {code for fault in FAULTS for code, _kind in fault.expected}
    assert told == {
        "sums", "file", "unlisted", "extra", "signed", "number", "chain", "stamp", "authority", "revoked", "order",
        "undeclared", "checkpoint", "key", "inclusion", "plan", "canonical", "record", "capture", "csv", "figures",
        "witness", "date", "bounds", "unstamped", "clocks", "simulated", "format",
    }  # fmt: skip
