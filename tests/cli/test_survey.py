"""What `vigie survey` prints, at 80 columns and in both languages, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.run.survey.country import lay_out
from tests.simulator.client import Simulator
from tests.simulator.fixture import in_process
from tests.support.commands import Vigie, called, settings
from tests.support.sweeps import SCALE


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Simulator]:
    sites = lay_out(tmp_path / "sites", ("07",))
    with in_process(tmp_path / "ca", "--time-scale", str(SCALE), "--sites", str(sites)) as simulator:
        yield simulator


def test_on_a_terminal_of_80_columns_no_line_is_longer(played: Simulator, tmp_path: Path) -> None:
    config = settings(tmp_path, played)
    vigie = Vigie(tmp_path / "data", config)
    words = ["survey", "07", "--out", "review", "--config", str(config), "--data", str(tmp_path / "data")]
    for lang in ("fr", "en"):
        done = called([*words, "--lang", lang], vigie.env, within=tmp_path, columns=80)
        assert done.returncode == 0, done.stderr
        lines = [line.rpartition("\r")[2].replace("\x1b[K", "") for line in (done.stdout + done.stderr).splitlines()]
        assert max(map(len, lines)) <= 80
    assert "To be reviewed: review/index.html" in done.stdout
    accepted = called(
        [*words[:1], "--accept", "review", "07", "--into", "plugins", *words[4:]], vigie.env, within=tmp_path
    )
    assert accepted.returncode == 0, accepted.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--within", "soon"), "2h"),
        (("--within", "90"), "2h"),
        (("--within", "0h"), "2h"),
        (("--pages", "0"), "--pages"),
        (("--into", "x"), "--accept"),
        (("--accept", "nowhere"), "nommez"),
        (("--accept", "nowhere", "07"), "nowhere"),
        (("--from", "nothing.csv"), "nothing.csv"),
        (("99",), "99"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_and_exit_64(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    vigie = Vigie(tmp_path / "data", settings(tmp_path))
    done = vigie("survey", *words)
    assert done.returncode == 64
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()
