"""The command that brings a browser: the true one of this system and of the way the program was installed."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from monitor.fetch.browser.needs import Need, command, missing
from tests.support.commands import ROOT


@pytest.mark.parametrize(
    ("need", "platform", "words"),
    [
        ("chromium", "linux", ["sudo", "apt-get", "install", "chromium"]),
        ("chromium", "darwin", [sys.executable, "-m", "playwright", "install", "chromium"]),
        ("chromium", "win32", [sys.executable, "-m", "playwright", "install", "chromium"]),
    ],
)
def test_of_the_system(need: Need, platform: str, words: list[str]) -> None:
    assert shlex.split(command(need, platform)) == words


def test_in_a_checkout_the_digests_hold_and_the_file_is_there() -> None:
    words = shlex.split(command("libraries"))
    assert words[:2] == [sys.executable, "-m"]
    assert Path(words[-1]) == ROOT / "requirements-browser.lock"
    assert Path(words[-1]).is_file()


def test_a_path_with_a_space_is_one_word(tmp_path: Path) -> None:
    assert shlex.split(command("libraries", root=tmp_path / "deux mots"))[-1].endswith(
        "deux mots/requirements-browser.lock"
    )
    assert command("libraries", "win32", tmp_path / "deux mots").endswith('requirements-browser.lock"')


def test_what_is_missing_is_told_by_its_kind(tmp_path: Path) -> None:
    assert missing(tmp_path / "chromium") == "chromium"
    assert missing() is None
