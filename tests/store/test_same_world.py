"""One data folder holds what sites said or what a simulator played, never both."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.store.store import reading
from tests.simulator.fixture import in_process
from tests.support.commands import Vigie, settings
from tests.support.records import keep, sweeping
from tests.support.sweeps import SCALE

DESK = "95/renouvellement-cergy"
NOWHERE = '[resolver]\nservers = ["127.0.0.1"]\n'  # were it not refused, no name would be found and nothing asked


def filled(data: Path, *, simulated: bool) -> Path:
    with sweeping(data) as (store, number):
        keep(store, check=DESK, simulated=simulated, time_zone="Europe/Paris")
        store.end_sweep(number, store.records.sweeps(1)[0].started, {})
    return data


def sweeps(data: Path) -> int:
    with reading(data) as opened:
        assert opened is not None
        return len(opened[0].sweeps())


@pytest.mark.parametrize("command", [("run",), ("check", DESK), ("check", "95"), ("discover", "95")])
def test_a_simulation_is_refused_beside_what_sites_said(tmp_path: Path, command: tuple[str, ...]) -> None:
    data = filled(tmp_path / "data", simulated=False)
    with in_process(tmp_path / "ca", "--time-scale", str(SCALE)) as simulator:
        done = Vigie(data, settings(tmp_path, simulator))(*command)
        asked = simulator.log()
    assert done.returncode == 78, done.stderr
    assert "simulation" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert asked == []
    assert sweeps(data) == 1


@pytest.mark.parametrize("command", [("run",), ("check", DESK), ("discover", "95")])
def test_a_real_sweep_is_refused_beside_what_a_simulator_played(tmp_path: Path, command: tuple[str, ...]) -> None:
    data = filled(tmp_path / "data", simulated=True)
    done = Vigie(data, settings(tmp_path, more=NOWHERE))(*command)
    assert done.returncode == 78, done.stderr
    assert "simulation" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert sweeps(data) == 1
