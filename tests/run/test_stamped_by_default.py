"""A fresh installation is time-stamped, says once to whom it speaks, and never speaks to them in a simulation."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.evidence.folder import SweepFolders
from monitor.evidence.stamps.stamping import State
from monitor.fetch.clock import SystemClock
from monitor.run import wiring
from monitor.settings.settings import Settings, parse
from tests.simulator.fixture import in_process
from tests.support.authority import Tsa
from tests.support.commands import Vigie, settings
from tests.support.sweeps import SCALE

CHECK = "95/renouvellement-cergy"
NO_NETWORK = """[resolver]
servers = ["127.0.0.1"]
"""


def chosen(text: str, folder: Path) -> Settings:
    return parse(text, folder / "monitor.toml", folder / "data")


def test_without_any_settings_one_authority_stamps_each_sweep_and_the_other_once_an_hour() -> None:
    first, second = wiring.authorities(Settings(), SystemClock())
    assert [(one.name, one.every, one.late) for one in (first, second)] == [
        ("digicert", timedelta(), 1),
        ("sectigo", timedelta(hours=1), 1),
    ]
    assert first.roots != second.roots


def test_beside_an_authority_of_one_s_own_presets_are_hourly(tmp_path: Path) -> None:
    (tmp_path / "roots.pem").write_bytes(Tsa(tmp_path / "tsa").root.pem)
    own = '[[timestamps.authority]]\nname = "a"\nurl = "http://127.0.0.1:1/"\nroots = "roots.pem"\n'
    (alone,) = wiring.authorities(chosen(own, tmp_path), SystemClock())
    assert (alone.name, alone.every) == ("a", timedelta())
    text = f'[timestamps]\npresets = ["sectigo"]\n{own}'
    named, preset = wiring.authorities(chosen(text, tmp_path), SystemClock())
    assert (named.every, preset.name, preset.every) == (timedelta(), "sectigo", timedelta(hours=1))


def test_it_is_said_until_it_was_asked(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    def told(text: str) -> list[str]:
        caplog.clear()
        found = chosen(text, tmp_path)
        wiring.tell_who_stamps(found, wiring.evidence(found, SystemClock()))
        return [record.getMessage() for record in caplog.records]

    (sentence,) = told("")
    for word in ("DigiCert", "Sectigo", "32 bytes", "network address", "presets = []", "monitor.toml"):
        assert word in sentence
    assert told("[timestamps]\npresets = []\n") == []
    folders, asked = SweepFolders(tmp_path / "data" / "evidence"), State()
    folders.trust("roots", "digicert", b"a seal keeps it also where nobody was asked")
    assert told("") == [sentence]
    asked.note_asked("digicert", datetime.now(UTC))
    asked.save(folders)
    (of_the_other,) = told("")
    assert "Sectigo" in of_the_other
    assert "DigiCert" not in of_the_other
    asked.note_asked("sectigo", datetime.now(UTC))
    asked.save(folders)
    assert told("") == []


def test_without_our_own_network_nobody_is_asked_and_nothing_is_announced(tmp_path: Path) -> None:
    """The fence of the tests would end the process that asked."""
    settings(tmp_path, more=f'[timestamps]\npresets = ["digicert"]\n{NO_NETWORK}')
    vigie = Vigie(tmp_path / "data", tmp_path / "monitor.toml")
    for _again in range(2):
        done = vigie.apart("check", CHECK, "--json")
        assert done.returncode == 3, done.stderr
        assert "DigiCert" not in done.stderr
    assert SweepFolders(vigie.data / "evidence").sealed()


def test_a_simulation_asks_no_public_authority_even_where_the_settings_name_them(
    tmp_path: Path,
) -> None:
    """The fence of the tests would end the process; and nothing is kept of authorities that were not asked."""
    more = '[timestamps]\npresets = ["digicert", "sectigo"]\n'
    with in_process(tmp_path / "ca", "--time-scale", str(SCALE)) as simulator:
        vigie = Vigie(tmp_path / "data", settings(tmp_path, simulator, more=more))
        done = vigie.apart("check", CHECK, "--json")
    assert done.returncode == 0, done.stderr
    assert "DigiCert" not in done.stderr
    (sealed,) = SweepFolders(vigie.data / "evidence").sealed()
    assert sealed.stamps() == {}
    assert not (vigie.data / "evidence" / "trust" / "roots").exists()
    assert vigie.json("config", "check")["timestamps"]["presets"] == []


def test_a_process_of_a_test_is_fenced_too(tmp_path: Path) -> None:
    """The fence stands where the network would."""
    vigie = Vigie(tmp_path / "data", settings(tmp_path, more='[timestamps]\npresets = ["digicert"]\n'))
    done = vigie.apart("doctor")
    assert "a test was about to ask the public authority timestamp.digicert.com" in done.stdout
