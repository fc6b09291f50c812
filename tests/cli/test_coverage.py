"""`vigie table --coverage`: the same figures as text, JSON and CSV, of the country or of those named."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.cli.look.coverage import COLUMNS
from monitor.report.coverage import SENATE_SOURCE
from tests.support.commands import Vigie, called, environment, settings
from tests.support.records import keep, opened

DESK = "38/titre-de-sejour"


@pytest.fixture
def vigie(tmp_path: Path) -> Vigie:
    return Vigie(tmp_path / "data", settings(tmp_path))


def shown(vigie: Vigie, *codes: str, lang: str = "en", columns: int = 100) -> str:
    words = ["table", "--coverage", *codes, "--config", str(vigie.config), "--data", str(vigie.data)]
    return called(words, environment(VIGIE_LANG=lang), columns=columns).stdout


def figures(text: str) -> dict[str, str]:
    """What stands before each `n/of`."""
    return dict(re.findall(r"^  (\S.*?)  +(\d+/\d+)$", text, re.MULTILINE))


def test_text_json_and_csv_count_the_same(vigie: Vigie) -> None:
    told = vigie.json("table", "--coverage")
    rows = list(csv.DictReader(io.StringIO(vigie("table", "--coverage", "--csv").stdout)))
    text = figures(shown(vigie))
    n = told["prefectures"]
    assert n == len(rows) == len(told["rows"]) == 104
    assert list(rows[0]) == list(COLUMNS)
    names = {"calendar": "calendar that can be read", "captcha": "calendar behind a captcha or another wall",
             "form": "request form", "page": "page to read, no desk", "nothing": "nothing known"}  # fmt: skip
    for access, count in told["access"].items():
        assert sum(row["access"] == access for row in rows) == count
        assert text[names[access]] == f"{count}/{n}"
    assert sum(row["pan"] == "foreigners" for row in rows) == told["pan"]["foreigners"]
    assert text["known, for foreigners"] == f"{told['pan']['foreigners']}/{n}"
    assert text["a way is known"] == f"{told['filing']}/{n}"
    assert sum(bool(row["filing"]) for row in rows) == told["filing"]
    assert sum(int(row["to_reopen"]) for row in rows) == told["to_reopen"]
    assert told["pan_in_the_country"] == {
        "sous_prefectures_with_pan": 127, "of_which_for_anef": 67, "source": SENATE_SOURCE
    }  # fmt: skip


def test_what_is_not_known_is_named_with_the_one_command(vigie: Vigie) -> None:
    told = {one["what"]: one for one in vigie.json("table", "--coverage")["work"]}
    assert told["nothing"]["command"] == " ".join(["vigie survey", *told["nothing"]["codes"]])
    assert told["nothing"]["command"] in " ".join(shown(vigie, columns=200).split())
    french = " ".join(shown(vigie, lang="fr", columns=60).split())
    assert "127 sous-préfectures ont un PAN, dont 67 pour l'ANEF" in french
    assert "rien n'est connu" in french


def test_a_reading_opens_an_address(vigie: Vigie) -> None:
    """RDV-Préfecture is behind a captcha until a look came through; the desk is then no longer to reopen."""
    before = vigie.json("table", "--coverage", "38")["rows"][0]
    assert (before["access"], before["opened"]) == ("captcha", None)
    now = datetime.now(UTC)
    with opened(vigie.data, now) as store:
        number = store.begin_sweep(now, {"due": [DESK]})
        keep(store, check=DESK, reading="NoSlot", sweep=number, at=now, time_zone="Europe/Paris", selector="form")
        store.end_sweep(number, now, {})
        store.barrier(now)
    after = vigie.json("table", "--coverage", "38")["rows"][0]
    assert (after["access"], after["opened"]) == ("calendar", now.date().isoformat())
    assert after["to_reopen"] == before["to_reopen"] - 1
    (row,) = vigie.json("table", "38")
    assert row["desks"][0]["verified_on"] is None, "what a monitor read is no line of the declaration"


def test_a_pipe_gets_a_line_a_prefecture(vigie: Vigie) -> None:
    lines = vigie("table", "--coverage", "75", "63", env={"VIGIE_LANG": "en"}).stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["63", "75"]
    assert "told, and not read" in lines[1]
    assert "known, not for foreigners" in lines[0]


def test_list_shows_the_doors_what_sources_say_and_what_is_to_reopen(vigie: Vigie) -> None:
    (clermont,) = vigie.json("list", "63")
    pans = [one for one in clermont["places"] if one["kind"] == "pan"]
    assert len(pans) == 5
    assert {one["receives_foreigners"] for one in pans} == {"no"}
    assert pans[0]["hours"] == "lundi-vendredi 8h15-12h"
    (gironde,) = vigie.json("list", "33")
    post = gironde["statements"][0]
    assert (post["kind"], post["ways"], post["source_date"]) == ("filing", ["post"], "2014-03")
    (blois,) = vigie.json("list", "41")
    assert [(desk["verified_on"], desk["to_reopen"]) for desk in blois["desks"]] == [(None, True)]
    words = ["list", "63", "41", "33", "--config", str(vigie.config), "--data", str(vigie.data)]
    text = " ".join(called(words, environment(VIGIE_LANG="fr"), columns=100).stdout.replace("\u00a0", " ").split())
    assert "PAN pas pour les étrangers : « Point numérique, préfecture »" in text
    assert "une source dit : « Demandes de titre de séjour déposées uniquement par courrier" in text
    assert "(une source, 2018) à rouvrir" in text
