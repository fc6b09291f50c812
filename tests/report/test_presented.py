"""A table that was not compared is not vouched for."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.evidence.verify.archive import FolderArchive
from monitor.evidence.verify.crypto import Verifiers
from monitor.report.export import presented
from tests.support.forge import Authorities, Forge, write


def test_a_reading_of_a_newer_program_is_a_reserve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "e"
    write(Forge(Authorities(tmp_path / "authorities")).export(), folder)
    assert presented.verify_whole(FolderArchive(folder), Verifiers()).exit_code == 0

    def unknown(line: bytes) -> None:
        raise KeyError(line)

    monkeypatch.setattr(presented, "observed", unknown)
    report = presented.verify_whole(FolderArchive(folder), Verifiers())
    assert [(finding.code, finding.failed) for finding in report.findings] == [("format", False)]
    assert report.exit_code == 3
