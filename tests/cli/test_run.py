"""`vigie run` and `vigie check` over declared préfectures, against the simulator: exit codes, silence, JSON, choice."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.store.store import reading
from tests.simulator.client import Simulator
from tests.simulator.fixture import in_process
from tests.support.commands import ROOT, Vigie, environment, settings

VAL_DOISE, MODULE = "www.val-doise.gouv.fr", "/booking/create/13860"
RENEWAL = "95/renouvellement-cergy"
ONE = '[watch]\nprefectures = ["95"]\nprocedures = ["renewal"]\n'
SCALE = 0.02


@pytest.fixture(scope="module")
def simulator_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with in_process(tmp_path_factory.mktemp("ca"), "--time-scale", str(SCALE)) as running:
        yield running


@pytest.fixture
def simulator(simulator_of_module: Simulator) -> Iterator[Simulator]:
    simulator_of_module.reset()
    yield simulator_of_module
    assert simulator_of_module.violations() == []


@pytest.fixture
def vigie(simulator: Simulator, tmp_path: Path) -> Vigie:
    """The command, watching the renewals of the Val-d'Oise."""
    return Vigie(tmp_path / "data", settings(tmp_path, simulator, more=ONE))


def unhurried(vigie: Vigie, simulator: Simulator) -> Vigie:
    """The same, where an interval lasts as long as it says: however slow the machine, nothing is due again."""
    return Vigie(vigie.data, settings(vigie.config.parent, simulator, scale=1.0, more=ONE))


def checks(told: dict[str, Any]) -> list[str]:
    return sorted(o["check"] for o in told["observations"])


# --- silence and exit codes -------------------------------------------------------------------------------------------


def test_from_cron_it_is_silent_when_all_is_well(vigie: Vigie, simulator: Simulator) -> None:
    done = vigie("run")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert any(r["host"] == VAL_DOISE for r in simulator.log())
    again = unhurried(vigie, simulator)("run")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


@pytest.mark.parametrize("state", ["slots", "captcha", "503", "403_haproxy", "disabled", "maintenance"])
def test_an_obstacle_is_a_reading_and_no_failure(vigie: Vigie, simulator: Simulator, state: str) -> None:
    simulator.show(VAL_DOISE, MODULE, state)
    done = vigie("run")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("state", "words"), [("layout_changed", "page non reconnue"), ("truncated", "réponse incomplète")]
)
def test_what_could_not_be_read_or_reached_is_told_and_exits_3(
    vigie: Vigie, simulator: Simulator, state: str, words: str
) -> None:
    simulator.show(VAL_DOISE, MODULE, state)
    done = vigie("run")
    assert done.returncode == 3
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert words in line
    assert RENEWAL in line


def test_our_own_network_down_exits_3_and_says_whose_fault_it_is(vigie: Vigie, simulator: Simulator) -> None:
    simulator.offline(True)
    done = vigie("run", "--lang", "en")
    assert done.returncode == 3
    (line,) = done.stderr.splitlines()
    assert "Our own network does not answer" in line
    assert "make demo" in line
    assert done.stdout == ""
    assert simulator.log() == []


@pytest.mark.parametrize(
    "text", ["[watch]\nprefecture = []\n", "[wach]\n", "[watch\n", '[pace]\ncalendar_minutes = "x"\n']
)
@pytest.mark.parametrize("command", ["run", "status", "list", "check"])
def test_wrong_settings_exit_78_before_anything_is_asked(
    tmp_path: Path, simulator: Simulator, text: str, command: str
) -> None:
    done = Vigie(tmp_path / "data", settings(tmp_path, simulator, more=text))(command)
    assert done.returncode == 78
    assert done.stderr.count("\n") == 1
    assert "monitor.toml" in done.stderr
    assert simulator.log() == []
    assert not (tmp_path / "data").exists()


def test_an_unknown_key_is_named_with_the_nearest_known(tmp_path: Path) -> None:
    done = Vigie(tmp_path / "data", settings(tmp_path, more="[watch]\nprefecture = []\n"))("config", "check")
    assert done.returncode == 78
    assert all(word in done.stderr for word in ("[watch]", "prefecture", "prefectures", "monitor.toml"))


def test_the_example_of_settings_is_printed_whatever_stands_in_them_and_can_be_used_at_once(tmp_path: Path) -> None:
    done = Vigie(tmp_path / "data", settings(tmp_path, more="[watch]\nprefecture = []\n"))("config", "example")
    assert done.returncode == 0
    fresh = tmp_path / "fresh.toml"
    fresh.write_text(done.stdout, encoding="utf-8")
    assert Vigie(tmp_path / "data", fresh)("config", "check").returncode == 0


def test_an_unknown_watched_prefecture_is_named_with_the_nearest_known(tmp_path: Path, simulator: Simulator) -> None:
    vigie = Vigie(tmp_path / "data", settings(tmp_path, simulator, more='[watch]\nprefectures = ["val-doize"]\n'))
    done = vigie("run")
    assert done.returncode in (64, 78)
    assert "val-doise" in done.stderr
    assert simulator.log() == []


# --- JSON -------------------------------------------------------------------------------------------------------------


def test_a_sweep_as_json(vigie: Vigie, simulator: Simulator) -> None:
    simulator.show(VAL_DOISE, MODULE, "slots")
    told = vigie.json("run")
    assert RENEWAL in checks(told)
    assert (told["due"], told["done"], told["crashed"]) == (len(told["observations"]),) * 2 + (0,)
    assert told["online"] == {"start": True, "end": True}
    record = next(o for o in told["observations"] if o["check"] == RENEWAL)
    assert (record["reading"], record["simulated"]) == ("SlotsOpen", True)
    with reading(vigie.data) as opened:
        assert opened is not None
        assert [json.loads(line) for _seq, line in opened[0].lines()] == told["observations"]


def test_nothing_due_as_json_has_the_same_keys(vigie: Vigie, simulator: Simulator) -> None:
    assert vigie.json("run")["done"] > 0
    told = unhurried(vigie, simulator).json("run")
    assert (told["due"], told["done"], told["skipped"], told["observations"]) == (0, 0, [], [])


# --- choice -----------------------------------------------------------------------------------------------------------


def test_check_looks_now_at_what_is_named(vigie: Vigie) -> None:
    assert checks(vigie.json("check", "93/aes-bobigny", RENEWAL)) == ["93/aes-bobigny", RENEWAL]


def test_check_by_name_and_procedure(vigie: Vigie) -> None:
    told = vigie.json("check", "Val-d'Oise", "--procedure", "renewal")
    assert RENEWAL in checks(told)
    assert all(o["procedure"] == "renewal" and o["prefecture"] == "95" for o in told["observations"])


def test_check_of_nothing_named_is_what_is_watched(vigie: Vigie) -> None:
    told = vigie.json("check")
    assert RENEWAL in checks(told)
    assert all(o["procedure"] == "renewal" and o["prefecture"] == "95" for o in told["observations"])


def test_check_of_a_prefecture_and_a_desk_of_another(vigie: Vigie) -> None:
    told = vigie.json("check", "38", RENEWAL, codes=(0, 3))
    assert RENEWAL in checks(told)
    assert "38/titre-de-sejour" in checks(told)
    assert {o["prefecture"] for o in told["observations"]} == {"38", "95"}
    assert [c for c in checks(told) if c.startswith("95/")] == [RENEWAL]


def test_a_desk_seen_under_ten_minutes_ago_is_not_visited_again(vigie: Vigie, simulator: Simulator) -> None:
    assert vigie("check", RENEWAL).returncode == 0
    asked = len(simulator.log())
    told = vigie("check", RENEWAL, "--lang", "en")
    assert told.returncode == 0
    assert "seen less than ten minutes ago" in told.stdout
    skipped = vigie.json("check", RENEWAL)["skipped"]
    assert [(s["check"], s["why"]) for s in skipped] == [(RENEWAL, "floor")]
    assert len(simulator.log()) == asked


def test_check_shows_what_was_read_with_the_sites_words(vigie: Vigie) -> None:
    done = vigie("check", RENEWAL)
    assert done.returncode == 0
    assert "aucun créneau, selon le site" in done.stdout
    assert "[simul" in done.stdout
    assert "«\N{NO-BREAK SPACE}Il n'existe plus de plage horaire libre" in done.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("check", "val-doize"), "val-doise"),
        (("check", "95", "--procedure", "renewl"), "renewal"),
        (("check", "95/nothing"), "95/nothing"),
        (("check", "95/module-13814"), "95/module-13814"),
        (("check", "33"), "vigie list"),
        (("history", "val-doize"), "val-doise"),
        (("status", "guironde"), "gironde"),
        (("list", "97"), "vigie list"),
        (("history", "95", "--last", "-1"), "--last"),
    ],
)
def test_a_name_nobody_knows_is_one_sentence_with_the_nearest_and_exit_64(
    vigie: Vigie, simulator: Simulator, words: tuple[str, ...], told: str
) -> None:
    done = vigie(*words, "--procedure", "renewal") if words == ("check", "33") else vigie(*words)
    assert done.returncode == 64
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert told in done.stderr
    assert simulator.log() == []


# --- the tick that has nothing to do ----------------------------------------------------------------------------------

LOADED = """
import sys
from monitor.cli import run
code = run(sys.argv[1:])
print(*sorted(sys.modules))
raise SystemExit(code)
"""


def test_a_tick_with_nothing_due_opens_no_connection_and_loads_no_network(vigie: Vigie, simulator: Simulator) -> None:
    assert vigie("run").returncode == 0
    asked = len(simulator.log())
    command = [sys.executable, "-c", LOADED, *vigie.command("run")[3:]]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "sqlite3" in loaded
    assert not loaded & {"asyncio", "httpx", "httpcore", "h11", "ssl", "dns", "lxml", "bs4", "zstandard", "certifi"}
    assert len(simulator.log()) == asked
