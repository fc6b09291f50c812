"""A sealed sweep whose folder is gone: `vigie export` names it and writes nothing that could not be verified."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from monitor.cli import run
from tests.support.exporting import NO_SLOT, OPEN, fill, seal


@pytest.mark.parametrize("gone", [[2], [1], [3], [2, 3], [1, 2, 3]])
def test_a_sealed_sweep_that_is_gone_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], gone: list[int]
) -> None:
    fill(tmp_path / "data", [NO_SLOT, NO_SLOT, NO_SLOT, OPEN])
    seal(tmp_path / "data")
    for number in gone:
        (folder,) = (tmp_path / "data").glob(f"evidence/sweeps/*/*/*/{number:09d}")
        shutil.rmtree(folder)
    assert run(["export", "95", "--data", str(tmp_path / "data"), "--out", str(tmp_path / "out"), "--lang", "en"]) == 74
    said = capsys.readouterr().err
    assert f"sweeps: {', '.join(map(str, gone))}; put them back from a backup" in said
    assert "not sealed yet" not in said
    assert not (tmp_path / "out").exists()


def test_a_sweep_that_is_gone_outside_what_is_exported_is_no_hindrance(tmp_path: Path) -> None:
    fill(tmp_path / "data", [NO_SLOT] * 30)  # an hour apart: of Sunday evening, and of Monday
    seal(tmp_path / "data")
    (folder,) = (tmp_path / "data").glob("evidence/sweeps/*/*/*/000000001")
    shutil.rmtree(folder)
    out = tmp_path / "out"
    assert run(["export", "95", "--data", str(tmp_path / "data"), "--from", "2026-03-02", "--out", str(out)]) == 0
    assert run(["verify", str(out), "--data", str(tmp_path / "data")]) in (0, 3)
