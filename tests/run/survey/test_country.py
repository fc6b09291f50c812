"""`vigie survey` over the laid-out country: what it proposes against the table, what of the country is known after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.discover.proposed import Reviewed, counted_of, reviewed
from tests.discover.surveyed import planted
from tests.simulator.client import Simulator
from tests.simulator.country.play import country, invented
from tests.support.commands import Vigie, settings

CODES = ("07", "08", "11", "16", "19", "22", "2B", "40", "70", "87")
SCALE = 0.002


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with country(tmp_path_factory.mktemp("country"), time_scale=SCALE) as simulator:
        yield simulator


@pytest.fixture(scope="module")
def vigie(played: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Vigie:
    folder = tmp_path_factory.mktemp("vigie")
    (folder / "plugins").mkdir(mode=0o755)
    config = settings(folder, played, scale=SCALE)
    config.write_text(config.read_text("utf-8") + f'[plugins]\nfolders = ["{folder / "plugins"}"]\n', encoding="utf-8")
    return Vigie(folder / "data", config)


def test_a_survey_proposes_what_was_planted_and_no_desk_that_was_not(vigie: Vigie, played: Simulator) -> None:
    review = vigie.data.with_name("review")
    vigie.json("survey", *CODES, "--out", review)
    sites = reviewed(review, map(planted, invented(2026)))
    assert {site.planted.code for site in sites} == set(CODES)
    assert [(site.planted.code, *missed) for site in sites for missed in site.missed()] == []
    assert [url for site in sites for url in site.false()] == []
    assert all(there >= 4 for kind, (_found, there) in counted_of(sites).items() if kind != "false desks")
    assert played.violations() == []


def known(vigie: Vigie) -> dict[str, Any]:
    told: dict[str, Any] = vigie.json("table", "--coverage", *CODES)
    return told


def test_what_is_left_aside_and_each_door_stand_on_the_review_page(vigie: Vigie) -> None:
    sites = reviewed(vigie.data.with_name("review"), map(planted, invented(2026)))
    page = (vigie.data.with_name("review") / "index.html").read_text(encoding="utf-8")
    linked = {one.code for one in invented(2026) if one.neighbour and "appointment" in one.pages}
    assert _doubts(sites, "another_prefecture") == linked & set(CODES)
    streets = [street for site in sites for street, _phone in site.planted.doors]
    assert streets
    assert all(street.replace("'", "&#39;") in page for street in streets)
    assert "Porte d&#39;un point d&#39;accueil numérique" in page


def _doubts(sites: list[Reviewed], kind: str) -> set[str]:
    return {site.planted.code for site in sites if any(one["kind"] == kind for one in site.record["doubts"])}


def test_what_is_accepted_is_what_coverage_counts(vigie: Vigie) -> None:
    before = known(vigie)
    plugins = vigie.data.with_name("plugins")  # empty until now, and named in the settings all the same
    vigie.json("survey", "--accept", vigie.data.with_name("review"), *CODES, "--into", plugins)
    after = known(vigie)
    sites = {site.planted.code: site for site in reviewed(vigie.data.with_name("review"), map(planted, invented(2026)))}
    for row in after["rows"]:
        site = sites[row["code"]]
        assert (row["access"] in ("calendar", "captcha", "form")) is bool(site.proposed.active_desks)
        assert (row["pan"] == "foreigners") is any(one.receives_foreigners == "yes" for one in site.proposed.places)
    assert before["access"]["nothing"] > after["access"]["nothing"] == 0
    assert before["opened"]["never"] == after["opened"]["lately"] == len(CODES)
