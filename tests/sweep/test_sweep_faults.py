"""Every fault the simulator has, in one sweep over https: each gives its own reading, and nothing else is claimed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.simulator.client import Simulator
from tests.simulator.faults_table import Row, missing, play, rows
from tests.simulator.fixture import in_process
from tests.support.sweeps import SCALE, Swept, swept

TABLE = list(rows())


@dataclass(frozen=True)
class Played:
    """The sweep, and the server's own account of it."""

    swept: Swept
    stats: dict[str, Any]
    violations: list[dict[str, Any]]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("faults")
    with in_process(folder / "ca", "--time-scale", str(SCALE)) as simulator:
        yield _play(simulator, folder)


def _play(simulator: Simulator, folder: Any) -> Played:
    for row in TABLE:
        play(simulator, row)
    done = swept(simulator, folder / "data", [row.look for row in TABLE])
    return Played(done, simulator.stats(), simulator.violations())


def test_every_fault_has_its_row() -> None:
    assert missing(TABLE) == set()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.part}:{row.fault}")
def test_reading(played: Played, row: Row) -> None:
    assert played.swept.read(row.look.subject.key.partition("/")[2]) == row.expected


def test_no_slot_rests_on_words_kept_with_the_page(played: Played) -> None:
    claimed = [r for r in played.swept.observations if r["reading"] == "NoSlot"]
    assert claimed
    for record in claimed:
        assert record["seen"]
        assert "decoded_body_sha256" in record["exchanges"][-1]
        assert "failure" not in record["exchanges"][-1]


def test_nothing_forbidden_was_asked_and_no_host_was_hurried(played: Played) -> None:
    assert played.violations == []
    assert played.stats["most_in_flight"] == 1
    assert played.stats["most_open"] == 1
