"""The log that goes with an alert: what is sealed, what is not yet, nothing newer than the alert, and it verifies."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from monitor.catalogue.catalogue import load
from monitor.evidence.verify.archive import FolderArchive
from monitor.evidence.verify.crypto import Verifiers
from monitor.evidence.verify.verify import verify_export
from monitor.report.export.export import UNSEALED
from monitor.run.export import attachments
from monitor.settings.settings import Settings
from monitor.settings.tables import AlertsTable
from tests.support.exporting import DESK, FIRST, NO_SLOT, OPEN, fill, observe, seal
from tests.support.outbox import Clocks
from tests.support.parts import needs
from tests.support.records import opened

CATALOGUE = load("prefectures")


def attached(data: Path, seq: int | None, wanted: str = "all") -> dict[str, bytes]:
    clock = Clocks(wall=FIRST + timedelta(days=1))
    chosen = replace(Settings(), data=data, alerts=AlertsTable(attach=wanted))
    made = attachments(chosen, CATALOGUE, clock)(DESK, seq)
    assert all(one.name.isascii() for one in made)
    assert sum(len(one.data) for one in made) < 1_100_000
    return {one.name: one.data for one in made}


@needs("openssl")
def test_an_alert_in_the_middle_of_a_sweep_carries_the_last_seal_and_what_was_written_since(tmp_path: Path) -> None:
    data = tmp_path / "data"
    fill(data, [NO_SLOT, NO_SLOT, NO_SLOT])
    seal(data)
    with opened(data, FIRST) as store:
        sweep = store.begin_sweep(FIRST + timedelta(hours=5), {"due": [DESK], "skipped": []})
        for minutes in (0, 2):
            observe(store, sweep, FIRST + timedelta(hours=5, minutes=minutes), OPEN)
    files = attached(data, 3)
    assert set(files) == {"preuve.zip", "releve.pdf", "observations.csv", UNSEALED}
    assert [json.loads(line)["seq"] for line in files[UNSEALED].splitlines()] == [3], "nothing newer than the alert"
    with zipfile.ZipFile(io.BytesIO(files["preuve.zip"])) as proof:
        proof.extractall(tmp_path / "proof")
    report = verify_export(FolderArchive(tmp_path / "proof"), Verifiers())
    assert {one.code for one in report.findings} == {"unstamped", "bounds"}  # no authority was asked
    shell = subprocess.run(["sh", "verify.sh"], cwd=tmp_path / "proof", capture_output=True, text=True, check=False)
    assert shell.returncode == 3, shell.stdout + shell.stderr
    assert "observations.csv n'est pas dans ce dossier" in shell.stdout


def test_by_default_the_releve_goes_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    fill(data, [NO_SLOT, NO_SLOT])
    seal(data)
    assert Settings().alerts.attach == "releve"
    assert set(attached(data, None, "releve")) == {"releve.pdf"}
    assert attached(data, None, "none") == {}


def test_before_anything_is_sealed_an_alert_carries_the_observations_alone(tmp_path: Path) -> None:
    fill(tmp_path / "data", [NO_SLOT, OPEN])
    assert set(attached(tmp_path / "data", 1)) == {UNSEALED}


def test_what_a_simulator_played_is_marked_by_the_name_of_every_file(tmp_path: Path) -> None:
    data = tmp_path / "data"
    fill(data, [NO_SLOT, OPEN], simulated=True)
    assert set(attached(data, 1)) == {f"SIMULATION-{UNSEALED}"}


def test_after_the_seal_everything_is_sealed(tmp_path: Path) -> None:
    fill(tmp_path / "data", [NO_SLOT, OPEN])
    seal(tmp_path / "data")
    assert set(attached(tmp_path / "data", None)) == {"preuve.zip", "releve.pdf", "observations.csv"}


def test_nothing_recorded_nothing_attached(tmp_path: Path) -> None:
    assert attached(tmp_path / "data", None) == {}
