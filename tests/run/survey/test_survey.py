"""`vigie survey` against sites played under their names: polite, resumed after any stop, reviewed, accepted."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.catalogue.catalogue import load
from monitor.cli.look.walks import survey
from monitor.run.survey import accepting
from monitor.store.files import hold
from tests.run.survey.country import BLANK, PAGES, lay_out, site_of
from tests.simulator.client import Simulator
from tests.simulator.fixture import in_process
from tests.support.commands import ROOT, Vigie, settings
from tests.support.parts import needs
from tests.support.sweeps import SCALE

FILES = ROOT / "tests" / "fixtures" / "survey"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    base = tmp_path_factory.mktemp("country")
    sites = lay_out(base / "sites")
    with in_process(base / "ca", "--time-scale", str(SCALE), "--sites", str(sites)) as simulator:
        yield simulator


@pytest.fixture
def vigie(played: Simulator, tmp_path: Path) -> Vigie:
    played.reset()
    return Vigie(tmp_path / "data", settings(tmp_path, played))


def requests(simulator: Simulator) -> Counter[tuple[str, str]]:
    """Of the sites, by address; the control probes of our own network are not theirs."""
    return Counter((one["host"], one["target"]) for one in simulator.log() if one["host"].endswith(".gouv.fr"))


def surveyed(vigie: Vigie, folder: Path, *words: str, codes: tuple[int, ...] = (0,)) -> dict[str, Any]:
    told: dict[str, Any] = vigie.json("survey", *words, "--out", folder, codes=codes)
    return told


def test_a_survey_finds_what_is_there_asks_each_address_once_and_writes_a_folder(
    vigie: Vigie, played: Simulator, tmp_path: Path
) -> None:
    told = surveyed(vigie, tmp_path / "review", *BLANK)
    assert [one["code"] for one in told["prefectures"]] == list(BLANK)
    for one in told["prefectures"]:
        assert {found["kind"] for found in one["found"]} >= {"foreigners", "pan"}
        assert [desk["status"] for desk in one["desks"]] == ["new"]
        assert [(address["subject"], address["fate"]) for address in one["opened"]] == [("site", "alive")]
    asked = requests(played)
    assert max(asked.values()) == 1
    assert told["asked"] == sum(asked.values())
    assert played.violations() == []
    stats = played.stats()
    assert (stats["most_in_flight"], stats["most_open"], stats["short_gaps"]) == (1, 1, 0)
    assert not [code for code, one in _proposed(tmp_path / "review").items() if not one.desks or not one.notices]
    page = (tmp_path / "review" / "index.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert all(f'id="p{code}"' in page for code in BLANK)


def _proposed(folder: Path) -> dict[str, Any]:
    return {one.code: one for one in load(folder / "proposed").prefectures}


@needs("patch")
def test_the_change_is_one_that_patch_takes(vigie: Vigie, tmp_path: Path) -> None:
    told = surveyed(vigie, tmp_path / "review", "07")
    file = told["prefectures"][0]["file"]
    (tmp_path / "tree" / "prefectures").mkdir(parents=True)
    shutil.copy(ROOT / file, tmp_path / "tree" / file)
    diff = next((tmp_path / "review" / "changes").iterdir())
    command = ["patch", "-p1", "-i", str(diff)]
    taken = subprocess.run(command, cwd=tmp_path / "tree", check=False, capture_output=True)
    assert taken.returncode == 0, taken.stdout
    assert (tmp_path / "tree" / file).read_bytes() == (tmp_path / "review" / "proposed" / Path(file).name).read_bytes()


def test_before_it_begins_it_says_what_it_will_take_and_dry_run_asks_nothing(vigie: Vigie, played: Simulator) -> None:
    told = vigie.json("survey", *BLANK, "--dry-run")
    assert told["requests"] == 4 * 42
    assert set(told["hosts"]) == {site_of(code) for code in BLANK}
    assert 40 < told["seconds"] < 120
    shown = vigie("survey", *BLANK, "--dry-run", "--lang", "en")
    assert "4 préfectures: at most 168 requests to 4 hosts" in shown.stderr
    assert "Nothing was asked." in shown.stdout
    assert played.log() == []
    assert not vigie.data.exists()


# --- stopped ----------------------------------------------------------------------------------------------------------


def begun(vigie: Vigie, played: Simulator, folder: Path, after: int) -> subprocess.Popen[str]:
    """A survey of which `after` requests have come."""
    process = vigie.start("survey", *BLANK, "--out", folder, "--json")
    while len(played.log()) < after:
        assert process.poll() is None, process.communicate()
        time.sleep(0.005)
    return process


@pytest.mark.parametrize("after", [1, 9, 30])
def test_kill_9_and_again_asks_nothing_twice_and_finds_the_rest(
    vigie: Vigie, played: Simulator, tmp_path: Path, after: int
) -> None:
    process = begun(vigie, played, tmp_path / "review", after)
    process.kill()
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    before = requests(played)
    told = surveyed(vigie, tmp_path / "review", *BLANK, codes=(0, 3))
    assert max(requests(played).values()) == 1
    lost = [page for one in told["prefectures"] for page in one["walk"]["broken"]]
    assert len(lost) <= len(BLANK), "at most the one request a host had under way"
    assert all("stopped before its answer was kept" in (page["reading"]["detail"] or "") for page in lost)
    whole = 3 + PAGES + 1  # home, section, its pages, PAN
    read = [len(one["walk"]["pages"]) for one in told["prefectures"] if one["walk"]["home"] is None]
    assert all(n >= whole - 1 for n in read)
    assert sum(before.values()) >= after


def test_a_signal_ends_it_with_what_there_is(vigie: Vigie, played: Simulator, tmp_path: Path) -> None:
    process = begun(vigie, played, tmp_path / "review", 20)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 143, err
    told = json.loads(out)
    assert told["over"] == "this survey was stopped"
    assert (tmp_path / "review" / "index.html").exists()
    again = surveyed(vigie, tmp_path / "review", *BLANK)
    assert max(requests(played).values()) == 1
    assert again["over"] is None
    assert not [page for one in again["prefectures"] for page in one["walk"]["broken"]], "nothing was lost"


def test_when_its_time_is_up_nothing_more_leaves_and_what_there_is_is_told(
    vigie: Vigie, played: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey, "_duration", lambda _text: timedelta(0))
    told = surveyed(vigie, tmp_path / "review", *BLANK, "--within", "1h", codes=(3,))
    assert told["over"] == "the time given to this survey is over"
    assert sum(requests(played).values()) == told["asked"] <= len(BLANK)
    page = (tmp_path / "review" / "index.html").read_text(encoding="utf-8")
    assert "Inachevé." in page


def test_a_sweep_and_a_survey_are_never_at_one_host_together(vigie: Vigie, played: Simulator, tmp_path: Path) -> None:
    with hold(vigie.data):
        refused = vigie("survey", "07", "--out", tmp_path / "review")
    assert refused.returncode == 75
    assert played.log() == []


def test_what_a_sweep_learnt_of_a_host_holds_for_a_survey(vigie: Vigie, played: Simulator, tmp_path: Path) -> None:
    played.show(site_of("07"), "/", "503?retry_after=86000")
    first = surveyed(vigie, tmp_path / "a", "07", codes=(3,))
    assert first["prefectures"][0]["walk"]["home"]["reading"] == "Unavailable"
    played.reset()
    (vigie.data / "survey" / "answers").unlink()
    again = surveyed(vigie, tmp_path / "b", "07", codes=(3,))
    assert "Retry-After" in again["prefectures"][0]["walk"]["home"]["detail"]
    assert played.log(site_of("07")) == []


# --- accepted ---------------------------------------------------------------------------------------------------------


def test_what_is_accepted_is_in_force_and_nothing_else(vigie: Vigie, tmp_path: Path) -> None:
    surveyed(vigie, tmp_path / "review", *BLANK)
    plugins = tmp_path / "plugins"
    done = vigie.json("survey", "--accept", tmp_path / "review", "07", "16", "--into", plugins)
    assert sorted(Path(file).name for file in done["files"]) == ["d07_ardeche.py", "d16_charente.py"]
    config = vigie.config
    config.write_text(config.read_text("utf-8") + f'[plugins]\nfolders = ["{plugins}"]\n', encoding="utf-8")
    listed = {one["code"]: one for one in vigie.json("list", *BLANK)}
    assert [len(listed[code]["desks"]) for code in BLANK] == [1, 0, 1, 0]
    again = vigie("survey", "--accept", tmp_path / "review", "07", "--into", plugins)
    assert again.returncode == 64, "what is declared is no longer what the survey saw"
    surveyed(vigie, tmp_path / "review", "07")
    assert vigie("survey", "--accept", tmp_path / "review", "07", "--into", plugins).returncode == 0


ADDRESS = "www.ardeche.gouv.fr/Demarches/Etrangers/P"
DAY, ANOTHER = "verified_on=date(", "verified_on=date(2019, 1, 1),  # date("
LAST, OPENED = "    verified_on=date(", "    searched_on=date("  # of the préfecture itself
BROKEN = {
    "a field that is none": ("kind=", "kidn=", "kidn"),
    "a word that is none": ('kind="pan"', 'kind="pam"', "pam"),
    "an address of somebody else": (ADDRESS, "www.ardeche.example/P", "example"),
    "a day on which nothing was opened": (DAY, ANOTHER, "verified_on dit 2019-01-01"),
    "a home page nobody saw": (
        f"\n{LAST}",
        "\n    verified_on=date(2019, 1, 1),  # date(",
        "verified_on dit 2019-01-01",
    ),
    "a search nobody made": (
        f"\n{OPENED}",
        "\n    searched_on=date(2019, 1, 1),  # date(",
        "searched_on dit 2019-01-01",
    ),
    "a program": (
        "PREFECTURE = ",
        "print('run')\nPREFECTURE = ",
        "ligne 5\N{NO-BREAK SPACE}: autre chose qu'une déclaration",
    ),
    "a program in a value": ('code="07"', 'code=str.join("", ("0", "7"))', "autre chose qu'une déclaration"),
    "another code": ('code="07"', 'code="09"', "d09_ardeche"),
    "no Python": ("PREFECTURE = ", "PREFECTURE = = ", "ligne 5"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_wrong_proposal_is_one_sentence_and_nothing_is_in_place(vigie: Vigie, tmp_path: Path, fault: str) -> None:
    surveyed(vigie, tmp_path / "review", "07", "09")
    file = tmp_path / "review" / "proposed" / "d07_ardeche.py"
    old, new, said = BROKEN[fault]
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    refused = vigie("survey", "--accept", tmp_path / "review", "07", "09", "--into", tmp_path / "plugins")
    assert refused.returncode in (64, 78), refused.stdout
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "run" not in refused.stdout
    assert not list((tmp_path / "plugins").glob("*.py")), "the other one neither"


@pytest.mark.parametrize("option", [("--dry-run",), ("--within", "2h"), ("--out", "x")])
def test_what_goes_with_a_survey_does_not_go_with_accepting_it(
    vigie: Vigie, tmp_path: Path, option: tuple[str, ...]
) -> None:
    surveyed(vigie, tmp_path / "review", "07")
    refused = vigie("survey", "--accept", tmp_path / "review", "07", "--into", tmp_path / "plugins", *option)
    assert (refused.returncode, option[0] in refused.stderr) == (64, True)
    assert not (tmp_path / "plugins").exists()


def test_a_review_folder_that_cannot_be_made_is_said_before_anything_is_asked(
    vigie: Vigie, played: Simulator, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    refused = vigie("survey", "07", "--out", tmp_path / "file" / "review")
    assert refused.returncode == 64
    assert played.log() == []


def test_of_a_folder_of_somebody_s_nothing_is_run_but_what_is_named(vigie: Vigie, tmp_path: Path) -> None:
    surveyed(vigie, tmp_path / "review", "07", "09")
    other = tmp_path / "review" / "proposed" / "d09_ariege.py"
    other.write_text(f"open({str(tmp_path / 'run')!r}, 'w')\n" + other.read_text("utf-8"), encoding="utf-8")
    done = vigie("survey", "--accept", tmp_path / "review", "07", "--into", tmp_path / "plugins")
    assert done.returncode == 0, done.stderr
    assert vigie("survey", "--accept", tmp_path / "review", "09", "--into", tmp_path / "plugins").returncode == 78
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda told: told["prefectures"][0].pop("file"),
        lambda told: told["prefectures"][0]["opened"].append("x"),
        lambda told: told["prefectures"][0]["walk"].update(started="yesterday"),
        lambda told: told.update(prefectures=7),
        lambda told: told["sums"].clear(),
        lambda told: told["prefectures"][0].update(file="../../etc/passwd"),
    ],
)
def test_a_record_that_was_spoilt_is_one_sentence(vigie: Vigie, tmp_path: Path, spoilt: Any) -> None:
    surveyed(vigie, tmp_path / "review", "07")
    record = tmp_path / "review" / "survey.json"
    told = json.loads(record.read_text("utf-8"))
    spoilt(told)
    record.write_text(json.dumps(told), encoding="utf-8")
    refused = vigie("survey", "--accept", tmp_path / "review", "07", "--into", tmp_path / "plugins")
    assert refused.returncode in (64, 78)
    assert "Traceback" not in refused.stderr
    assert not list((tmp_path / "plugins").glob("*.py"))


def test_an_edited_proposal_is_kept_by_a_later_survey(vigie: Vigie, tmp_path: Path) -> None:
    surveyed(vigie, tmp_path / "review", "07")
    file = tmp_path / "review" / "proposed" / "d07_ardeche.py"
    edited = file.read_text(encoding="utf-8").replace("Point d’accueil numérique", "PAN d'Ardèche")
    file.write_text(edited, encoding="utf-8")
    told = surveyed(vigie, tmp_path / "review", "07")
    assert told["edited"] == [str(file)]
    assert file.read_text(encoding="utf-8") == edited
    assert file.with_name("d07_ardeche.py.new").exists()
    assert vigie("survey", "--accept", tmp_path / "review", "07", "--into", tmp_path / "plugins").returncode == 0
    assert "PAN d'Ardèche" in (tmp_path / "plugins" / "d07_ardeche.py").read_text(encoding="utf-8")


def test_what_a_simulator_played_never_goes_among_the_declarations(
    vigie: Vigie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    surveyed(vigie, tmp_path / "review", "07")
    (tmp_path / "prefectures").mkdir()
    monkeypatch.setattr(accepting, "checkout", lambda: tmp_path)
    refused = vigie("survey", "--accept", tmp_path / "review", "07")
    assert refused.returncode == 64
    assert list((tmp_path / "prefectures").iterdir()) == []


@pytest.fixture
def clone(vigie: Vigie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that passes for a checkout, a survey that passes for one of real sites, and steps that are quick."""
    surveyed(vigie, tmp_path / "review", "07")
    record = tmp_path / "review" / "survey.json"
    record.write_text(json.dumps(json.loads(record.read_text("utf-8")) | {"simulated": False}), encoding="utf-8")
    own = tmp_path / "checkout"
    (own / "prefectures").mkdir(parents=True)
    shutil.copy(ROOT / "prefectures" / "d07_ardeche.py", own / "prefectures")
    monkeypatch.setattr(accepting, "checkout", lambda: own)
    monkeypatch.setattr(accepting, "DOCS", ("-c", "print('made')"))
    monkeypatch.setattr(accepting, "CONTRACT", ("-c", "print('held')"))
    return own / "prefectures" / "d07_ardeche.py"


def test_in_a_checkout_it_is_formatted_listed_and_held_against_the_contract(
    vigie: Vigie, clone: Path, tmp_path: Path
) -> None:
    told = vigie.json("survey", "--accept", tmp_path / "review", "07")
    assert told["files"] == [str(clone)]
    assert [step["exit"] for step in told["steps"]] == [0, 0, 0, None], "the last is for a person"
    assert [step["said"] for step in told["steps"]][1:3] == ["made", "held"]
    assert "Point-numerique" in clone.read_text(encoding="utf-8")


def test_what_breaks_the_contract_is_put_back(
    vigie: Vigie, clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accepting, "CONTRACT", ("-c", "raise SystemExit('it does not hold')"))
    before = clone.read_bytes()
    failed = vigie("survey", "--accept", tmp_path / "review", "07")
    assert failed.returncode == 1
    assert "it does not hold" in failed.stdout
    assert clone.read_bytes() == before
    assert (tmp_path / "review" / "proposed" / clone.name).exists(), "the proposal is not lost"


# --- sources ----------------------------------------------------------------------------------------------------------


def test_rows_of_sources_stand_beside_what_was_found_with_their_provenance(vigie: Vigie, tmp_path: Path) -> None:
    files = [
        word for name in ("couverture-rdv-prefecture.csv", "annuaire.json") for word in ("--from", str(FILES / name))
    ]
    told = surveyed(vigie, tmp_path / "review", "01", *files, codes=(0, 3))
    one = told["prefectures"][0]
    assert len(one["rows"]) == 6, "three addresses, two offices, one door"
    assert [row["url"][-7:] for row in told["unplaced"]] == ["/90005/"]
    assert "phone" in {conflict["what"] for conflict in one["conflicts"]}
    opened = {address["url"] for address in one["opened"] if address["subject"] == "candidate"}
    assert {url.rstrip("/")[-5:] for url in opened} == {"90001", "90003"}, "the medical board is not for foreigners"
    page = (tmp_path / "review" / "index.html").read_text(encoding="utf-8")
    assert "CC-BY-4.0" in page
    assert "Licence Ouverte" in page
