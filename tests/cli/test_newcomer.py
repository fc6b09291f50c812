"""A newcomer's path against the simulator: discover, new, capture, review; and plugins outside the program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.catalogue.golden import SUFFIX, read
from monitor.core.readings import to_json
from tests.read.recorded import settle
from tests.simulator.client import Simulator
from tests.simulator.fixture import in_process
from tests.support.commands import Vigie, settings

SCALE = 0.005
HOST, START = "www.val-doise.gouv.fr", "/booking/create/13860"
DESK = "95/renouvellement-cergy"


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with in_process(tmp_path_factory.mktemp("ca"), "--time-scale", str(SCALE)) as running:
        yield running
        assert running.violations() == []


@pytest.fixture
def vigie(simulator: Simulator, tmp_path: Path) -> Vigie:
    return Vigie(tmp_path / "data", settings(tmp_path, simulator, scale=SCALE))


def outside(vigie: Vigie, simulator: Simulator, folder: Path) -> Vigie:
    """The same command with the folder named in its settings."""
    more = f'[plugins]\nfolders = ["{folder}"]\n'
    return Vigie(vigie.data, settings(vigie.config.parent, simulator, scale=SCALE, more=more))


# --- new --------------------------------------------------------------------------------------------------------------


def test_what_a_walk_found_becomes_a_plugin_that_loads(vigie: Vigie, simulator: Simulator, tmp_path: Path) -> None:
    simulator.reset()
    found, plugins = tmp_path / "95.json", tmp_path / "plugins"
    found.write_text(json.dumps(vigie.json("discover", "95")), encoding="utf-8")
    done = vigie("new", "95", "--from", found, "--into", plugins)
    assert (done.returncode, done.stderr) == (0, "")
    assert "d95_val_doise.py" in done.stdout
    text = (plugins / "d95_val_doise.py").read_text(encoding="utf-8")
    assert "# vigie discover 95" in text
    assert 'phone="01 34 20 95 95"' in text  # the identity is that of today's declaration
    (listed,) = outside(vigie, simulator, plugins).json("list", "95")
    addresses = {notice["url"] for notice in listed["notices"]}
    assert addresses
    assert addresses == {url for url in addresses if f'url="{url}"' in text}


def test_a_proposal_with_a_desk_of_another_service_is_refused_by_name(vigie: Vigie, tmp_path: Path) -> None:
    found, plugins = tmp_path / "01.json", tmp_path / "plugins"
    text = """# vigie discover 01
desks=(
    Desk(
        slug="rendez-vous",
        label="Prendre rendez-vous",
        procedure="other",
        platform=EzBooking("www.rdv.ain.gouv.fr", 804),
        provenance=Provenance("vigie discover", "2026-11-24", "confirmed_1"),
    ),
),
"""
    found.write_text(json.dumps({"prefecture": "01", "declaration": text}), encoding="utf-8")
    done = vigie("new", "01", "--from", found, "--into", plugins)
    assert done.returncode == 64
    assert "booking/create/804" in done.stderr
    assert "commission médicale du permis de conduire" in done.stderr
    assert not plugins.exists()


def test_a_folder_takes_the_place_of_the_declaration_and_is_swept(
    vigie: Vigie, simulator: Simulator, tmp_path: Path
) -> None:
    simulator.reset()
    plugins = tmp_path / "plugins"
    assert vigie("new", "95", "--into", plugins).returncode == 0
    file = plugins / "d95_val_doise.py"
    file.write_text(
        file.read_text(encoding="utf-8").replace("13860", "13861").replace("(Cergy)", "(Pontoise)"), encoding="utf-8"
    )
    own = outside(vigie, simulator, plugins)
    told = own.json("check", DESK, codes=(0, 3))
    assert [one["label"] for one in told["observations"]] == ["Renouvellement d'un titre de séjour (Pontoise)"]
    assert any("/booking/create/13861" in str(request) for request in simulator.log(HOST))
    assert {one["code"] for one in own.json("list")} == {one["code"] for one in vigie.json("list")}


def test_a_prefecture_nobody_declared_gets_a_skeleton_of_thirty_lines(vigie: Vigie, tmp_path: Path) -> None:
    plugins = tmp_path / "plugins"
    told = vigie.json("new", "98", "--name", "Essai", "--site", "https://www.essai.gouv.fr", "--into", plugins)
    assert told["fault"] is not None  # 98 is no département; all of them are declared
    text = (plugins / "d98_essai.py").read_text(encoding="utf-8")
    assert "TO FILL IN" in text
    assert len(text.splitlines()) <= 30


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("95", "--into", "prefectures"), "d95_val_doise.py"),
        (("98", "--into", "{tmp}/p"), "--name"),
        (("95", "--from", "{tmp}/absent.json", "--into", "{tmp}/p"), "absent.json"),
        (("95", "--from", "{tmp}/other.json", "--into", "{tmp}/p"), "33"),
        (("95", "--from", "{tmp}/broken.json", "--into", "{tmp}/p"), "broken.json"),
    ],
)
def test_what_cannot_be_written_is_one_sentence(
    vigie: Vigie, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    (tmp_path / "other.json").write_text('{"prefecture": "33", "declaration": "desks=(),"}', encoding="utf-8")
    (tmp_path / "broken.json").write_text("[1]", encoding="utf-8")
    done = vigie("new", *(word.replace("{tmp}", str(tmp_path)) for word in words))
    assert done.returncode == 64
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


# --- capture ----------------------------------------------------------------------------------------------------------


def test_a_captured_page_is_kept_scrubbed_and_awaits_review(vigie: Vigie, simulator: Simulator, tmp_path: Path) -> None:
    simulator.reset()
    out = tmp_path / "captured"
    told = vigie.json("capture", DESK, "--out", out)
    assert (told["reviewed"], told["simulated"], told["check"]) == (False, True, DESK)
    assert told["reading"]["reading"] == told["visit"]["reading"] == "NoSlot"
    golden = Path(told["golden"])
    assert golden.name.endswith(SUFFIX)
    body = Path(told["page"]).read_bytes()
    kept = json.loads(golden.read_text(encoding="utf-8"))
    assert to_json(read(kept, body)) == kept["reading"]
    with pytest.raises(AssertionError, match="awaits review"):
        settle(golden, kept["reading"])
    visits = len(simulator.log(HOST))
    unhurried = Vigie(vigie.data, settings(tmp_path, simulator, scale=1.0))  # its ten minutes are ten minutes
    assert unhurried("capture", DESK, "--out", out).returncode == 0  # under the floor: the last page, no second visit
    assert len(simulator.log(HOST)) == visits


def test_where_no_page_came_nothing_is_written(vigie: Vigie, simulator: Simulator, tmp_path: Path) -> None:
    simulator.reset()
    simulator.show(HOST, START, "truncated")
    done = vigie("capture", DESK, "--out", tmp_path / "captured")
    assert done.returncode == 3
    assert not (tmp_path / "captured").exists()
    assert vigie("capture", "95/absent", "--out", tmp_path).returncode == 64
