"""The weekly walk over every site in turn: whose turn it is, what is kept, what `vigie list` and `health` tell."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.api import Desk, EzBooking, Prefecture, Provenance
from monitor.catalogue.catalogue import load
from monitor.run import weekly
from tests.simulator.fixture import in_process
from tests.support.commands import Vigie, called, settings
from tests.support.records import opened
from tests.support.sweeps import SCALE

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOURCE = Provenance("test", "2026-11-21", "confirmed_1")
KNOWN = Desk(slug="a", label="a", procedure="renewal", platform=EzBooking("www.ain.gouv.fr", 1), provenance=SOURCE)
WATCHED = '[watch]\nprefectures = ["95", "02"]\nprocedures = ["renewal"]\n'
SITE = "www.aisne.gouv.fr"


def office(code: str, *desks: Desk) -> Prefecture:
    return Prefecture(
        code=code, slug="essai", name="Essai", office="Préfecture d'essai", site="https://www.essai.gouv.fr",
        provenance=SOURCE, desks=desks,
    )  # fmt: skip


def walked(data: Path, code: str, at: datetime) -> None:
    (data / weekly.FOLDER).mkdir(parents=True, exist_ok=True)
    (data / weekly.FOLDER / f"{code}.json").write_text(json.dumps({"prefecture": code, "started": at.isoformat()}))


def turn(data: Path, *offices: Prefecture, since: datetime | None = None) -> str | None:
    one = weekly.due(offices, data, NOW, since)
    return one.code if one else None


def test_whose_turn_it_is(tmp_path: Path) -> None:
    known, unknown = office("01", KNOWN), [office(code) for code in ("02", "03", "07")]
    every = (known, *unknown)
    assert turn(tmp_path, *every) == "02", "of which nothing is known comes first"
    walked(tmp_path, "02", NOW - timedelta(days=9))
    assert turn(tmp_path, *every) == "03"
    walked(tmp_path, "03", NOW - timedelta(days=6, hours=23))
    walked(tmp_path, "07", NOW - timedelta(days=8))
    assert turn(tmp_path, *every) == "01", "one never walked comes before one that was"
    walked(tmp_path, "01", NOW - timedelta(days=7))
    assert turn(tmp_path, *every) == "02", "the longest ago"
    walked(tmp_path, "02", NOW)
    walked(tmp_path, "07", NOW)
    assert turn(tmp_path, *every) == "01", "what is declared has its turn again"
    walked(tmp_path, "01", NOW)
    assert turn(tmp_path, *every) is None
    walked(tmp_path, "07", NOW + timedelta(days=30))
    assert turn(tmp_path, *every) == "07", "a clock that was set back silences nobody"
    (tmp_path / weekly.FOLDER / "02.json").write_text("{")
    assert turn(tmp_path, *every) == "02"


def test_every_prefecture_has_its_turn_in_a_week_of_sweeps(tmp_path: Path) -> None:
    declared = load("prefectures").prefectures
    turns = []
    while (one := weekly.due(declared, tmp_path, NOW)) is not None:
        walked(tmp_path, one.code, NOW)
        turns.append(one.code)
    assert sorted(turns) == sorted(one.code for one in declared)
    blank = [one.code for one in declared if one.nothing_known]
    assert turns[: len(blank)] == blank


@pytest.mark.parametrize(
    ("first", "turned"),
    [(timedelta(0), None), (timedelta(days=6, hours=23), None), (timedelta(days=7), "01"), (-timedelta(1), "01")],
    ids=["just installed", "not yet", "a week", "the clock was set back"],
)
def test_what_is_declared_is_walked_a_week_after_the_first_sweep(
    tmp_path: Path, first: timedelta, turned: str | None
) -> None:
    assert turn(tmp_path, office("01", KNOWN), since=NOW - first) == turned
    assert turn(tmp_path, office("02"), since=NOW - first) == "02"


class Unanswering:
    """A visitor whose answers do not come."""

    def session(self, check_id: str) -> Unanswering:
        return self

    exchanges = ()

    async def perform(self, move: object, page: object) -> None:
        await asyncio.Event().wait()

    def close(self) -> None:
        pass


class Clock:
    def now(self) -> datetime:
        return NOW


def test_a_walk_cut_short_has_begun_its_week(tmp_path: Path) -> None:
    one = office("02")
    asyncio.run(
        weekly.walk(one, tmp_path, Unanswering(), Clock(), "0" * 16, within=0.01, simulated=True)  # type: ignore[arg-type]
    )
    found = weekly.last_walk(tmp_path, "02")
    assert found == {"prefecture": "02", "started": NOW.isoformat(), "stopped": "unfinished"}
    assert turn(tmp_path, one) is None


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    """A home page and a PAN, where the simulator looks for the pages of a host."""
    base = tmp_path / "sites" / SITE
    base.mkdir(parents=True)
    page = "<html lang=fr><head><title>{0}</title></head><body><main><h1>{0}</h1>{1}</main></body></html>"
    link = '<a href="/Demarches/Etrangers/Point-numerique">Point d’accueil numérique pour les étrangers</a>'
    (base / "index.html").write_text(page.format("Accueil", link), encoding="utf-8")
    pan = "<p>Le point d’accueil numérique aide les étrangers à demander un titre de séjour sur l’ANEF, le lundi.</p>"
    folder = base / "Demarches" / "Etrangers"
    folder.mkdir(parents=True)
    (folder / "Point-numerique.html").write_text(page.format("Point d’accueil numérique", pan), encoding="utf-8")
    return tmp_path / "sites"


def test_a_run_walks_one_site_and_list_tells_it(tmp_path: Path, sites: Path) -> None:
    with in_process(tmp_path / "ca", "--time-scale", str(SCALE), "--sites", str(sites)) as simulator:
        one = Vigie(tmp_path / "data", settings(tmp_path, simulator, more=WATCHED))
        before = json.loads(one("list", "02", "--json").stdout)[0]
        assert (before["nothing_known"], before["walked"]) == (True, None)
        told = one.json("run")
        assert told["walked"] == "02"
        asked = [r for r in simulator.log() if r["host"] == SITE]
        assert asked
        assert simulator.violations() == []
        found = one.json("list", "02")[0]["walked"]
        assert found == json.loads((one.data / weekly.FOLDER / "02.json").read_text(encoding="utf-8"))
        assert [page["url"] for page in found["found"]["pan"]] == [
            f"https://{SITE}/Demarches/Etrangers/Point-numerique"
        ]
        shown = called(["list", "02", "--config", str(one.config), "--data", str(one.data)], one.env, columns=100)
        assert "Point d'accueil numérique" in " ".join(shown.stdout.split())
        one("check", "95", "--json")
        assert [r for r in simulator.log() if r["host"] == SITE] == asked, "only `vigie run` walks, once a week"


MOVED_PLUGIN = """
\"\"\"Préfecture de l'Aisne (02), its pages as they were.\"\"\"

from monitor.api import Notice, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="02",
    slug="aisne",
    name="Aisne",
    office="Préfecture de l'Aisne",
    site="https://www.aisne.gouv.fr",
    provenance=Provenance("test", "2026-08", "confirmed_1"),
    no_desk="Aucun.",
    searched_on=date(2026, 11, 21),
    notices=(
        Notice(
            slug="page-pan",
            kind="pan",
            url="https://www.aisne.gouv.fr/Demarches/Etrangers/Ancienne",
            provenance=Provenance("test", "2020", "confirmed_1"),
        ),
        Notice(
            slug="page-partie",
            kind="foreigners",
            url="https://www.aisne.gouv.fr/Demarches/Etrangers/Partie",
            provenance=Provenance("test", "2020", "confirmed_1"),
        ),
    ),
)
"""


def test_a_walk_over_what_is_declared_finds_what_moved_and_health_proposes_the_change(
    tmp_path: Path, sites: Path
) -> None:
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    (plugins / "d02_aisne.py").write_text(MOVED_PLUGIN.lstrip(), encoding="utf-8")
    more = f'[watch]\nprefectures = ["02"]\n[plugins]\nfolders = ["{plugins}"]\n'
    with in_process(tmp_path / "ca", "--time-scale", str(SCALE), "--sites", str(sites)) as simulator:
        simulator.show(SITE, "/Demarches/Etrangers/Ancienne", "to?url=/Demarches/Etrangers/Point-numerique")
        one = Vigie(tmp_path / "data", settings(tmp_path, simulator, more=more))
        assert one.json("run", codes=(0, 3))["walked"] is None, "declared, and the monitor is new"
        (tmp_path / "old").mkdir()
        data = tmp_path / "old" / "data"
        with opened(data, datetime.now(UTC) - timedelta(days=8)) as store:
            begun = datetime.now(UTC) - timedelta(days=8)
            store.end_sweep(store.begin_sweep(begun, {"due": []}), begun, {})
        old = Vigie(data, one.config)
        assert old.json("run", codes=(0, 3))["walked"] == "02"
        assert simulator.violations() == []
        drifted = {row["check"]: row for row in old.json("health", codes=(0, 3))["drift"]}
    moved, gone = drifted["02/notices/page-pan"], drifted["02/notices/page-partie"]
    assert (moved["kind"], moved["to"]) == ("moved", f"https://{SITE}/Demarches/Etrangers/Point-numerique")
    assert moved["change"] == f'url="https://{SITE}/Demarches/Etrangers/Point-numerique"'
    assert (gone["kind"], gone["to"], gone["simulated"]) == ("gone", None, True)
    assert gone["change"].startswith("retired=date(")
    assert {row["file"] for row in drifted.values()} == {"d02_aisne.py"}
    shown = called(["health", "02", "--config", str(old.config), "--data", str(data)], old.env, columns=100)
    told = " ".join(shown.stdout.split())
    assert "adresses déclarées qui ont changé ou disparu (2)" in told
    assert f"d02_aisne.py : {moved['change']}" in told
