"""A file that may be published shows of a desk nothing younger than 24 hours; the operator sees all."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.cli import run
from tests.support.records import keep, sweeping

DESK, OTHER = "95/renouvellement-cergy", "95/cergy-11343"
OPEN = "créneau affiché"


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Told:
    return Told(tmp_path, capsys)


class Told:
    """The table of a store that holds these readings of one desk: (hours ago, class name)."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder, self._capsys = folder, capsys

    def readings(self, said: Sequence[tuple[float, str]], desk: str = DESK, **more: Any) -> None:
        now = datetime.now(UTC)
        with sweeping(self._folder / "data", now) as (store, number):
            for hours, word in said:
                at = now - timedelta(hours=hours)
                told = {"reading": word, "time_zone": "Europe/Paris", "selector": "form", **more}
                keep(store, check=desk, at=at, sweep=number, **told)
            store.end_sweep(number, now, {})

    def __call__(self, *words: str, lang: str = "fr") -> str:
        self._capsys.readouterr()
        assert run(["table", "95", *words, "--data", str(self._folder / "data"), "--lang", lang]) == 0
        return self._capsys.readouterr().out

    def csv(self) -> dict[str, str]:
        (row,) = csv.DictReader(io.StringIO(self("--csv")))
        return row


def test_an_opening_of_today_is_in_no_public_file(told: Told) -> None:
    told.readings([(1, "SlotsOpen")])
    row = told.csv()
    assert (row["slots_open"], row["desks_read"], row["desks_under_24h"]) == ("0", "0", "1")


def test_what_was_left_out_does_not_tell_an_opening(told: Told) -> None:
    """Were openings alone left out, their gap would name them: any young reading is."""
    told.readings([(1, "SlotsOpen")])
    with_opening = told.csv()
    told.readings([(0.5, "NoSlot")])
    assert told.csv() == with_opening


def test_the_last_reading_that_is_old_enough_stands_there(told: Told) -> None:
    told.readings([(30, "NoSlot"), (23.9, "SlotsOpen"), (1, "SlotsOpen")])
    row = told.csv()
    assert (row["no_slot"], row["slots_open"], row["desks_under_24h"]) == ("1", "0", "0")


def test_an_opening_of_the_day_before_is_history(told: Told) -> None:
    told.readings([(24.1, "SlotsOpen"), (1, "NoSlot")])
    assert told.csv()["slots_open"] == "1"


def test_the_operator_sees_all_and_is_told_what_is_not_for_publication(
    told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    told.readings([(30, "NoSlot"), (1, "SlotsOpen")])
    assert OPEN in told()
    (row,) = json.loads(told("--json"))
    assert {one["last"]["reading"] for one in row["desks"] if one["last"]} == {"SlotsOpen"}
    with pytest.raises(SystemExit):
        run(["table", "--help", "--lang", "en"])
    assert "not for publication" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("simulated", [True, False])
def test_what_a_simulator_played_is_marked_in_every_form(told: Told, simulated: bool) -> None:
    told.readings([(30, "NoSlot")], DESK, **({"simulated": True} if simulated else {}))
    (row,) = json.loads(told("--json"))
    marked = "[simulé]" in told(), told.csv()["simulated"] == "True", row["simulated"]
    assert marked == (simulated,) * 3
