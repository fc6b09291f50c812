"""`vigie` alone: the last sweep, what was open, the next step of each who comes here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.cli.parser import build
from tests.simulator.fixture import in_process
from tests.support.commands import Vigie, environment, settings
from tests.support.records import NOON, keep, opened
from tests.support.terminal import on_terminal

SCALE = 0.005


@pytest.fixture
def vigie(tmp_path: Path) -> Vigie:
    return Vigie(tmp_path / "data", settings(tmp_path))


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vigie]:
    """One simulated sweep of one préfecture, whose calendar shows a slot."""
    folder = tmp_path_factory.mktemp("swept")
    with in_process(folder, "--time-scale", str(SCALE)) as simulator:
        simulator.show("www.val-doise.gouv.fr", "/booking/create/13860", "slots")
        config = settings(folder, simulator, scale=SCALE, more='[watch]\nprefectures = ["95"]\n')
        made = Vigie(folder / "data", config)
        assert made("run").returncode in (0, 3)
        yield made


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("columns", [60, 80])
def test_it_fits_and_its_steps_are_commands_that_are_known(swept: Vigie, lang: str, columns: int) -> None:
    seen = on_terminal(swept.command("--lang", lang), environment(), columns)
    assert (seen.code, [line for line in seen.lines if len(line) > columns]) == (0, [])
    text = " ".join("\n".join(seen.lines).split())
    assert "SIMULATION" in text
    assert "95 Val-d'Oise, Renouvellement d'un titre de séjour (Cergy)" in text
    assert "« libre »" in text
    steps = re.findall(r"(?m)^  vigie (.+?)  ", "\n".join(seen.lines))
    assert len(steps) == 9
    for step in steps:
        if not step.endswith("--help"):
            build().parse_args(step.split())


def test_before_the_first_sweep_it_says_how_to_make_one(vigie: Vigie) -> None:
    done = vigie("--lang", "en")
    assert (done.returncode, done.stderr) == (0, "")
    assert "No sweep was made here yet" in done.stdout
    assert "vigie check 95" in done.stdout
    assert not vigie.data.exists()


def test_where_the_last_reading_showed_none_it_says_no_more_than_that(vigie: Vigie) -> None:
    for number, word in enumerate(("SlotsOpen", "NoSlot"), 1):
        at = NOON + number * timedelta(minutes=20)
        with opened(vigie.data, at) as store:
            sweep = store.begin_sweep(at, {"due": []})
            keep(store, check="95/renouvellement-cergy", sweep=sweep, at=at, reading=word, time_zone="Europe/Paris",
                 selector="form")  # fmt: skip
            store.end_sweep(sweep, at, {})
            store.barrier(at)
    done = vigie("--lang", "en")
    assert "No slot was seen. A page that was not read is not counted" in done.stdout
    assert "Open when last read" not in done.stdout


def test_for_machines(swept: Vigie, vigie: Vigie) -> None:
    told = swept.json()
    assert [one["check"] for one in told["open"]] == ["95/renouvellement-cergy"]
    assert (told["last_sweep"]["number"], told["simulated"]) == (1, True)
    assert json.loads(vigie("--json").stdout) == {"last_sweep": None, "open": [], "simulated": False}


def test_a_mistyped_option_is_still_an_error(vigie: Vigie) -> None:
    done = vigie("--jsno", "--lang", "en")
    assert (done.returncode, done.stdout) == (64, "")
