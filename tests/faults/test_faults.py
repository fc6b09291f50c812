"""Every line of the fault table, in a process of its own: it forks, and a test process has threads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.table import FAULTS

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.long
@pytest.mark.parametrize("name", [fault.name for fault in FAULTS])
def test_nothing_is_lost_doubled_or_corrupt(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--only", name], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
