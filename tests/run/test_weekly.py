"""The weekly walk over a site of which nothing is known: whose turn it is, what is kept, what `vigie list` tells."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.api import Desk, EzBooking, Prefecture, Provenance
from monitor.run import weekly
from tests.simulator.fixture import in_process
from tests.support.commands import Vigie, called, settings
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


def turn(data: Path, *offices: Prefecture) -> str | None:
    one = weekly.due(offices, data, NOW)
    return one.code if one else None


def test_whose_turn_it_is(tmp_path: Path) -> None:
    unknown = [office(code) for code in ("02", "03", "07")]
    assert turn(tmp_path, office("01", KNOWN)) is None, "something is known of it"
    assert turn(tmp_path, office("01", KNOWN), *unknown) == "02"
    walked(tmp_path, "02", NOW - timedelta(days=9))
    assert turn(tmp_path, *unknown) == "03", "one never walked comes first"
    walked(tmp_path, "03", NOW - timedelta(days=6, hours=23))
    walked(tmp_path, "07", NOW - timedelta(days=8))
    assert turn(tmp_path, *unknown) == "02", "the longest ago"
    walked(tmp_path, "02", NOW)
    walked(tmp_path, "07", NOW)
    assert turn(tmp_path, *unknown) is None
    walked(tmp_path, "07", NOW + timedelta(days=30))
    assert turn(tmp_path, *unknown) == "07", "a clock that was set back silences nobody"
    (tmp_path / weekly.FOLDER / "02.json").write_text("{")
    assert turn(tmp_path, *unknown) == "02"


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
        assert (before["discovered_weekly"], before["walked"]) == (True, None)
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
