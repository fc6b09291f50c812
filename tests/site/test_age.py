"""Nothing younger than 24 hours is in any file; what simulators played is marked on every page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.errors import StoreError
from tests.support.sites import CERGY, NO_SLOT, every, gathered, look, recorded, site_of

NOW = datetime(2026, 11, 30, 15, 7, tzinfo=UTC)
PLANTED = "Créneau planté le mardi 9 h 30"


def planted(age: timedelta, before: int, **more: object) -> dict[str, bytes]:
    """The site of a desk without slots, but for one opening of that age, whose words stand nowhere else."""
    with TemporaryDirectory() as name:
        data = Path(name) / "data"
        sweeps = [(at, [look()]) for at in every(NOW, 3, until=30)][-before:]
        opening = NOW - age, [look(reading="SlotsOpen", seen=PLANTED, **more)]
        recorded(data, [*sweeps, opening], NOW)
        return site_of(data, NOW)


@given(minutes=st.integers(0, 24 * 60 - 1), before=st.integers(1, 12))
@settings(max_examples=8)
def test_an_opening_younger_than_a_day_changes_no_file(minutes: int, before: int) -> None:
    with TemporaryDirectory() as name:
        data = Path(name) / "data"
        recorded(data, [(at, [look()]) for at in every(NOW, 3, until=30)][-before:], NOW)
        without = site_of(data, NOW)
    young = planted(timedelta(minutes=minutes), before)
    told = {path for path in without.keys() | young.keys() if without.get(path) != young.get(path)}
    assert told <= {"checkpoint"}, "but for how many observations are sealed, nothing tells of it"


@given(more=st.integers(0, 240))
@settings(max_examples=5)
def test_at_a_day_it_is_told(more: int) -> None:
    found = planted(timedelta(hours=24, minutes=more), 4)
    assert PLANTED.encode() in found["95.html"]


def test_a_clock_that_was_set_back_publishes_nothing(tmp_path: Path) -> None:
    recorded(tmp_path / "data", [(NOW - timedelta(hours=30), [look()])], NOW)
    with pytest.raises(StoreError, match="24 hours"):
        gathered(tmp_path / "data", NOW - timedelta(hours=8))


def test_an_opening_has_no_hour_beside_its_day() -> None:
    """Half past nine in Paris on the day before yesterday: the day is told, the hour is not."""
    at = datetime(2026, 11, 28, 8, 31, 17, tzinfo=UTC)
    page = planted(NOW - at, 1)["en/95.html"].decode()
    assert "28 November 2026" in page
    assert not any(hour in page for hour in ("9:31", "09:31", "8:31", "08:31", "9 h 31"))


@pytest.mark.parametrize("simulated", [True, False])
def test_what_was_played_is_marked_on_every_page(tmp_path: Path, simulated: bool) -> None:
    more = {"simulated": True} if simulated else {}
    recorded(tmp_path / "data", [(at, [look(**more)]) for at in every(NOW, 3)], NOW)
    pages = {path: data for path, data in site_of(tmp_path / "data", NOW).items() if path.endswith(".html")}
    pages = {path: data for path, data in pages.items() if not path.startswith("carnet/")}  # shows nothing of ours
    assert {b"SIMULATION" in data for data in pages.values()} == {simulated}
    assert NO_SLOT.encode() in pages["95.html"].replace(b"&#39;", b"'")


def test_what_is_not_sealed_is_not_shown(tmp_path: Path) -> None:
    recorded(tmp_path / "data", [(at, [look(CERGY)]) for at in every(NOW, 2)], NOW)
    for folder in (tmp_path / "data" / "evidence" / "sweeps").rglob("checkpoint"):
        folder.write_bytes(b"made up\n1\n")
    with pytest.raises(StoreError, match="sealed"):
        gathered(tmp_path / "data", NOW)
