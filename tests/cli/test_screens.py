"""What a terminal shows: no line wider than it, at any width; and the very screens of 80 columns, in both languages.

The screens stand in tests/fixtures/screens, read by eye; `UPDATE=1` writes them anew.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from wcwidth import width

from tests.support.commands import ROOT, called, environment, settings
from tests.support.records import keep, opened

SCREENS = ROOT / "tests/fixtures/screens"
LONG_AGO = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # so that nothing here depends on the day of the test
COMMANDS = (
    ("status", "95", "38"), ("status", "95"), ("table", "95", "38", "01"), ("list", "95"), ("history", "95"),
    ("stats", "95", "38"), ("health", "95"),
)  # fmt: skip
WHOLE = (("status",), ("table",), ("table", "--coverage"), ("list",), ("stats",), ("health",))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The options of a monitor that looked at two préfectures five times."""
    folder = tmp_path_factory.mktemp("s")
    said = ("NoSlot", "NoSlot", "SlotsOpen", "NoSlot", "NoSlot")
    for number, word in enumerate(said):
        at = LONG_AGO + number * timedelta(minutes=20)
        with opened(folder / "data", at) as store:
            sweep = store.begin_sweep(at, {"due": ["95/renouvellement-cergy"]})
            fields: dict[str, Any] = {"sweep": sweep, "at": at, "time_zone": "Europe/Paris", "selector": "form"}
            keep(store, check="95/renouvellement-cergy", reading=word, **fields)
            keep(store, check="95/cergy-11343", reading="NoSlot", **fields)
            if number == 0:
                keep(store, check="38/titre-de-sejour", reading="NoSlot", **fields)
            store.end_sweep(sweep, at, {})
            store.barrier(at)
    return ["--data", str(folder / "data"), "--config", str(settings(folder))]


def screen(words: tuple[str, ...], own: list[str], lang: str, columns: int) -> str:
    """What a command writes on a terminal of so many columns."""
    return called([*words, *own], environment(VIGIE_LANG=lang), columns=columns).stdout


@pytest.mark.parametrize("words", [*WHOLE, *COMMANDS], ids=" ".join)
@pytest.mark.parametrize("columns", [60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(own: list[str], words: tuple[str, ...], columns: int) -> None:
    shown = screen(words, own, "fr", columns)
    assert shown
    assert [line for line in shown.splitlines() if width(line) > columns] == []


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_screen_of_80_columns(own: list[str], words: tuple[str, ...], lang: str) -> None:
    shown = screen(words, own, lang, 80)
    golden: Path = SCREENS / f"{'-'.join(words)}.{lang}.txt"
    if os.environ.get("UPDATE"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(shown, encoding="utf-8")
    assert shown == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [("status",), ("table",), ("list",), ("history", "95"), ("stats",)], ids=" ".join)
def test_a_pipe_gets_one_record_a_line_of_as_many_cells(own: list[str], words: tuple[str, ...]) -> None:
    lines = called([*words, *own], environment()).stdout.splitlines()
    assert len(lines) > 1
    assert len({line.count("\t") for line in lines}) == 1
