"""`make demo` from its first line to its next steps."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.commands import ROOT, environment


@pytest.mark.long
@pytest.mark.parametrize(("lang", "first", "step"), [("fr", "hors ligne", "Et maintenant"), ("en", "Offline", "Next")])
def test_it_says_what_it_is_and_ends_with_what_to_do_next(tmp_path: Path, lang: str, first: str, step: str) -> None:
    command = [sys.executable, "-m", "tests.simulator.demo", "--data", str(tmp_path / "data")]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(VIGIE_LANG=lang), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert first in lines[0]
    assert lines[-1] == "  make run"
    assert any(step in line for line in lines[-7:])
    assert "SIMULATION" in done.stdout
    assert len(lines) < 120
