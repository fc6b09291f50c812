"""What a public witness cosigned goes with the export, is told in the relevé, and is verified by a stranger."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.cli import run
from monitor.evidence.key import LogSigner
from monitor.evidence.witness.daily import cosign_daily, cosigned_lines
from monitor.evidence.witness.witness import Cosigned, Witness
from tests.report.test_export_pdf import texts
from tests.support.exporting import NO_SLOT, OPEN, fill, seal
from tests.support.witness import LoopbackWitness, witnessing

NOW = datetime(2026, 3, 5, 9, tzinfo=UTC)


@pytest.fixture
def witness() -> LoopbackWitness:
    return LoopbackWitness([], clock=lambda: NOW)


@pytest.fixture
def data(tmp_path: Path, witness: LoopbackWitness) -> Path:
    """Three sealed sweeps, the last one's checkpoint cosigned."""
    folder = tmp_path / "data"
    fill(folder, [NO_SLOT, OPEN, NO_SLOT])
    seal(folder)
    witness.logs = [LogSigner(folder / "keys").key]
    with witnessing(witness) as url:
        got = asyncio.run(cosign_daily(folder, Witness(url, witness.key, user_agent="vigie/test"), NOW))
    assert isinstance(got, Cosigned)
    return folder


def test_it_goes_with_the_export_and_verifies(
    data: Path, tmp_path: Path, witness: LoopbackWitness, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run(["export", "95", "--data", str(data), "--out", str(out), "--lang", "en"]) == 0
    (line,) = (out / "witness.jsonl").read_bytes().splitlines()
    told = json.loads(line)
    assert (told["key"], told["sweep"]) == (str(witness.key), 3)
    whole = " ".join(texts((out / "releve.pdf").read_bytes()))
    assert f"cosigné par le témoin {witness.name} : 1 point de contrôle, le dernier à la suite du passage n° 3" in whole
    capsys.readouterr()
    assert run(["verify", str(out), "--lang", "en"]) == 3  # nothing stamped these sweeps
    said = capsys.readouterr().out
    assert f"checkpoints cosigned by {witness.key}: 1, from 2026-03-05 09:00:00 UTC" in said
    assert "witness" not in "".join(line for line in said.splitlines() if line.startswith(("FAILED", "RESERVE")))


def test_only_those_of_the_sweeps_enclosed_go_with_it(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(["export", "95", "--data", str(data), "--out", str(out), "--to", "2026-03-01", "--lang", "en"]) == 0
    assert b'"sweep":1' in (out / "sweeps.jsonl").read_bytes()
    assert not (out / "witness.jsonl").exists()


def test_the_key_of_a_witness_asked_before_it_was_kept_is_kept_the_next_time(
    data: Path, witness: LoopbackWitness
) -> None:
    (key,) = (data / "evidence" / "cosigned").glob("*.key")
    key.unlink()
    assert cosigned_lines(data / "evidence") == {}
    asked = Witness("http://127.0.0.1:9/w", witness.key, user_agent="vigie/test")
    assert asyncio.run(cosign_daily(data, asked, NOW + timedelta(hours=2))) is None, "once a day: nobody is asked"
    assert [*cosigned_lines(data / "evidence")] == [3]
