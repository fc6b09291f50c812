"""`vigie discover` against the simulator: twelve State sites and what they hold, then a small site of traps."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from monitor.cli import run as vigie
from monitor.core.errors import LockedError
from monitor.core.prefecture import Notice, Prefecture, Provenance
from monitor.core.readings import Obstructed, Unreached, Unreadable
from monitor.discover.addresses import twin_key
from monitor.discover.found import Discovery
from monitor.discover.leads import link_rules
from monitor.discover.meeting import Listed
from monitor.discover.walk import WalkTools, discover
from monitor.fetch.clock import SystemClock
from monitor.fetch.http.robots import ShortMemory
from monitor.fetch.http.visitor import Simulation, open_visitor
from monitor.read.platforms.booking import booking_of
from monitor.store.files import hold
from tests.simulator.client import Simulator
from tests.simulator.fixture import in_thread
from tests.simulator.server import SITES, Options

SCALE = 0.005
SOURCE = Provenance("test", "2026", "confirmed_1")
EXPECTED: dict[str, Any] = json.loads((SITES / "EXPECTED.json").read_text(encoding="utf-8"))
HOST = "www.essai.gouv.fr"
SITE = f"https://{HOST}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site of traps, `www.essai.gouv.fr`."""
    root = tmp_path_factory.mktemp("sites")
    for path, body in PAGES.items():
        file = root / HOST / f"{path.strip('/') or 'index'}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        title = path.rpartition("/")[2] or "Accueil"
        file.write_text(
            f"<html lang='fr'><head><title>{title}</title></head>"
            f"<body><main><h1>{title}</h1>{body}</main></body></html>",
            encoding="utf-8",
        )
    base = root / HOST
    urls = "".join(f"<url><loc>{SITE}{path}</loc></url>" for path in ("/Demarches/Etrangers/Cachee-PAN", "/x.jpg"))
    (base / "pages.xml.gz").write_bytes(gzip.compress(f"<urlset>{urls}</urlset>".encode()))
    parts = "".join(
        f"<sitemap><loc>{url}</loc></sitemap>"
        for url in (f"{SITE}/pages.xml.gz", "https://www.ailleurs.gouv.fr/plan.xml", f"{SITE}/absent.xml")
    )
    (base / "plan.xml").write_text(f"<sitemapindex>{parts}</sitemapindex>", encoding="utf-8")
    return root


PAGES = {
    "/": '<p><a href="/index.php/Demarches/Etrangers">Étrangers</a> <a href="/Contact">Nous contacter</a></p>',
    "/Demarches/Etrangers": """<ul>
<li><a href="/layout/set/print/Demarches/Etrangers/Point-numerique">Imprimer</a></li>
<li><a href="http://essai.gouv.fr/index.php/Demarches/Etrangers/Point-numerique/#haut">
Point d’accueil numérique</a></li>
<li><a href="/Demarches/Etrangers/Point-numerique?xtor=1">Le PAN</a></li>
<li><a href="/Demarches/Etrangers/Absente">Rendez-vous</a></li>
<li><a href="/layout/set/print/Demarches/Etrangers/Absente">Imprimer</a></li>
<li><a href="/Demarches/Etrangers/Double">Déposer un dossier par courrier</a></li>
<li><a href="/Demarches/Etrangers/Double/Double">Déposer un dossier par courrier</a></li>
<li><a href="/Prive/Etrangers">Substitution</a></li>
<li><a href="/Demarches/Etrangers/Ancienne">Contacter le service</a></li>
<li><a href="/booking/create/123">Renouvellement de titre de séjour</a></li>
<li><a href="/booking/create/123/5/1600000000">Réserver ce créneau</a></li>
<li><a href="/booking/login">Gérer mes rendez-vous</a></li>
<li><a href="https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/77/">Première demande</a></li>
<li><a href="https://rdv-prefecture.example/booking/create/9">Rendez-vous titre de séjour</a></li>
<li><a href="https://www.ailleurs.gouv.fr/Demarches/Etrangers">Étrangers, ailleurs</a></li></ul>""",
    "/Demarches/Etrangers/Point-numerique": "<p>Le point d’accueil numérique aide les étrangers à demander un titre "
    "de séjour sur l’ANEF, du lundi au vendredi, dans le hall de la préfecture.</p>",
    "/Demarches/Etrangers/Cachee-PAN": "<p>Le point d’accueil numérique de la sous-préfecture aide les étrangers à "
    "demander un titre de séjour, le mardi.</p>",
    "/Demarches/Etrangers/Double/Double": "<p>Les demandes de titre de séjour sont envoyées par courrier.</p>",
    "/Demarches/Etrangers/Nouvelle": "<p>Téléphone : 01 99 00 95 00.</p>",
    "/Contact": "<p>Téléphone : 01 99 00 95 00.</p>",
    "/Prive/Etrangers": "<p>Solution de substitution.</p>",
}


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Simulator]:
    with in_thread(Options(sites=(folder,), time_scale=SCALE)) as running:
        yield running


@pytest.fixture
def simulator(served: Simulator) -> Simulator:
    served.reset()
    served.host(HOST, robots=f"User-agent: *\nDisallow: /Prive/\nSitemap: {SITE}/plan.xml\n")
    served.show(HOST, "/Demarches/Etrangers/Ancienne", "to?url=/Demarches/Etrangers/Nouvelle")
    return served


def walk(
    simulator: Simulator,
    site: str = SITE,
    *,
    pages: int = 40,
    notices: tuple[Notice, ...] = (),
    listed: tuple[Listed, ...] = (),
) -> Discovery:
    prefecture = Prefecture(
        code="90", slug="essai", name="Essai", office="Préfecture", site=site, provenance=SOURCE, notices=notices
    )

    async def go() -> Discovery:
        visitor = open_visitor(
            memory=ShortMemory(),
            project="https://example.org/vigie",
            contact="ops@example.org",
            simulation=Simulation(
                address=f"{simulator.address}:{simulator.https}", ca_file=simulator.ca_file, time_scale=SCALE
            ),
            random=Random(1),
        )
        means = WalkTools(visitor=visitor, clock=SystemClock(SCALE), rules=link_rules(), check_id="0" * 16)
        try:
            return await discover(prefecture, means, pages=pages, listed=listed)
        finally:
            await visitor.aclose()

    return asyncio.run(go())


def asked(simulator: Simulator) -> Counter[str]:
    """What was requested of the small site, robots.txt left out."""
    return Counter(record["target"] for record in simulator.log(HOST) if record["target"] != "/robots.txt")


# --- the twelve State sites -------------------------------------------------------------------------------------------

KINDS = {
    "foreigners": ("foreigners_section",),
    "pan": ("pan",),
    "appointment": ("appointment",),
    "substitution": ("substitution",),
    "contact": ("contact",),
    "filing": ("postal", "email", "counter", "drop_box"),
}


@pytest.fixture(scope="module")
def walks(served: Simulator) -> dict[str, Discovery]:
    served.reset()
    found = {host: walk(served, site["start"]) for host, site in EXPECTED.items()}
    assert served.violations() == []
    return found


def wanted(host: str, kind: str) -> set[str]:
    return {twin_key(url) for name in KINDS[kind] for url in EXPECTED[host]["discover"].get(name, ())}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "filing"])
def test_every_kind_of_page_is_found_and_nothing_else_is_taken_for_it(walks: dict[str, Discovery], kind: str) -> None:
    found = {host: {page.key for page, _ in one.found(kind)} for host, one in walks.items()}  # type: ignore[arg-type]
    false = {host: keys - wanted(host, kind) for host, keys in found.items() if keys - wanted(host, kind)}
    missed = {host: wanted(host, kind) - keys for host, keys in found.items() if wanted(host, kind) - keys}
    assert false == {}
    assert missed == {}


def test_pages_that_publish_a_way_to_file_are_proposed_too(walks: dict[str, Discovery]) -> None:
    """How well channels are read is measured elsewhere (`make accuracy`): here, that most such pages are proposed."""
    found = {page.key for one in walks.values() for page, _ in one.found("filing")}
    labelled = {key for host in walks for key in wanted(host, "filing")}
    assert len(found & labelled) >= 5
    assert len(found - labelled) <= 1


def test_no_lure_is_declared(walks: dict[str, Discovery]) -> None:
    for host, one in walks.items():
        lures = {twin_key(lure["url"]) for lure in EXPECTED[host]["lures"]}
        assert not lures & {page.key for page in one.read() if page.findings}, host


def test_every_booking_link_is_noted_and_none_is_followed(walks: dict[str, Discovery], served: Simulator) -> None:
    for host, one in walks.items():
        bookings = map(booking_of, EXPECTED[host]["discover"]["appointment_links"])
        links = {twin_key(b.platform.url) for b in bookings if b and b.platform}
        assert {twin_key(link.platform.url) for link in one.desks if link.for_foreigners} == links, host
        bare = set(EXPECTED[host]["discover"]["bare_booking_hosts"])
        assert {bare_host.host for bare_host in one.bare_hosts} == bare, host
        assert not any("/booking/" in record["target"] for record in served.log(host)), host


def test_every_page_opened_is_told_and_the_evidence_names_its_page(walks: dict[str, Discovery]) -> None:
    for host, one in walks.items():
        assert one.home is None
        assert one.stopped is None
        for page in one.read():
            assert page.candidate.origin == "home" or page.candidate.mentions
            assert all(mention.page.startswith(f"https://{host}/") for mention in page.candidate.mentions)


# --- the small site ---------------------------------------------------------------------------------------------------


def test_twins_are_opened_once_by_their_plain_spelling(simulator: Simulator) -> None:
    walk(simulator)
    targets = asked(simulator)
    assert targets["/Demarches/Etrangers/Point-numerique"] == 1
    assert not any("index.php" in target or "layout" in target or "xtor" in target for target in targets)
    assert {target for target, times in targets.items() if times > 1} == set()
    assert {record["scheme"] for record in simulator.log(HOST)} == {"https"}
    assert simulator.violations() == []


def test_a_repeated_leaf_is_tried_where_the_plain_address_is_not_found(simulator: Simulator) -> None:
    found = walk(simulator)
    (double,) = (page for page in found.pages if "Double" in page.asked)
    assert double.reading is None
    assert double.url == f"{SITE}/Demarches/Etrangers/Double/Double"


def test_the_sitemap_robots_names_is_read_with_its_gzipped_parts(simulator: Simulator) -> None:
    found = walk(simulator)
    told = {look.url: (look.addresses, look.note, look.detail) for look in found.sitemaps}
    assert told == {
        f"{SITE}/plan.xml": (0, None, ""),
        f"{SITE}/pages.xml.gz": (1, None, ""),
        "https://www.ailleurs.gouv.fr/plan.xml": (0, "other_host", ""),
        f"{SITE}/absent.xml": (0, "http", "404"),
    }
    assert f"{SITE}/Demarches/Etrangers/Cachee-PAN" in [page.url for page, _ in found.found("pan")]
    assert simulator.log("www.ailleurs.gouv.fr") == []


def test_a_page_that_does_not_answer_is_told_with_the_link_to_it(simulator: Simulator) -> None:
    (absent,) = (page for page in walk(simulator).broken() if page.asked.endswith("/Absente"))
    assert isinstance(absent.reading, Unreadable)
    assert absent.reading.why == "not_found"
    assert absent.candidate.mentions[0].words == "Rendez-vous"
    assert absent.candidate.mentions[0].page == f"{SITE}/Demarches/Etrangers"


def test_what_robots_forbids_is_told_and_not_asked(simulator: Simulator) -> None:
    (private,) = (page for page in walk(simulator).broken() if "/Prive/" in page.asked)
    assert isinstance(private.reading, Obstructed)
    assert private.reading.obstacle == "robots"
    assert not any(target.startswith("/Prive") for target in asked(simulator))


def test_booking_links_are_noted_never_asked(simulator: Simulator) -> None:
    found = walk(simulator)
    assert [link.platform.url for link in found.desks] == [
        f"{SITE}/booking/create/123",
        "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/77/",
    ]
    assert {(host.host, host.official) for host in found.bare_hosts} == {("rdv-prefecture.example", False)}
    assert not any("/booking" in target for target in asked(simulator))
    assert {record["host"] for record in simulator.log()} == {HOST}


def test_what_the_limit_leaves_out_is_not_examined(simulator: Simulator) -> None:
    found = walk(simulator, pages=2)
    assert found.stopped == "limit"
    assert len(found.pages) == 2
    assert len(asked(simulator)) - len(found.sitemaps) <= 2
    left = {one.urls[0] for one in found.not_examined}
    assert f"{SITE}/Contact" in left
    assert "contact" in found.none_found()


def test_a_declared_page_that_redirects_has_moved(simulator: Simulator) -> None:
    old = Notice(slug="contact", kind="contact", url=f"{SITE}/Demarches/Etrangers/Ancienne", provenance=SOURCE)
    found = walk(simulator, notices=(old,))
    (page,) = (page for page in found.pages if page.asked == old.url)
    assert page.redirected
    assert page.url == f"{SITE}/Demarches/Etrangers/Nouvelle"
    assert [finding.kind for finding in page.findings] == ["contact"]


def test_a_list_adds_candidates_and_its_bad_rows_are_named(simulator: Simulator) -> None:
    def row(line: int, url: str, label: str = "") -> Listed:
        return Listed(line, url, label, f"liste.csv, line {line}")

    rows = (
        row(2, f"{SITE}/Listee", "Point d’accueil numérique"),
        row(3, "https://www.rdv.essai.gouv.fr/booking/create/9", "Renouvellement"),
        row(4, "ftp://www.essai.gouv.fr/x"),
        row(5, "https://rdv-prefecture.example/x"),
        row(6, "https://www.ailleurs.gouv.fr/Etrangers"),
        row(7, f"{SITE}/booking/create/5/5/160000"),
        row(8, "https://www.rdv.essai.gouv.fr/"),
    )
    found = walk(simulator, listed=rows)
    assert [line for line, _ in found.refused] == [4, 5, 6]
    assert "rdv-prefecture.example" in dict(found.refused)[5]
    assert asked(simulator)["/Listee"] == 1
    listed = {link.platform.url: link.listed for link in found.desks}
    assert listed["https://www.rdv.essai.gouv.fr/booking/create/9"]
    assert listed[f"{SITE}/booking/create/5"]
    assert "www.rdv.essai.gouv.fr" in {host.host for host in found.bare_hosts}


def test_a_host_that_asks_for_peace_is_left_alone(simulator: Simulator) -> None:
    simulator.show(HOST, "/Demarches/Etrangers/Point-numerique", "503?retry_after=120")
    found = walk(simulator)
    assert found.stopped == "left_alone"
    assert found.not_examined
    assert list(asked(simulator))[-1] == "/Demarches/Etrangers/Point-numerique"


@pytest.mark.parametrize("state", ["403_haproxy", "cloudflare_challenge_200", "maintenance"])
def test_without_its_home_page_nothing_is_asked_nor_said(simulator: Simulator, state: str) -> None:
    simulator.show(HOST, "/", state)
    found = walk(simulator)
    assert found.home is not None
    assert found.none_found() == ()
    assert list(asked(simulator)) == ["/"]


def test_our_own_broken_network_is_not_the_sites(simulator: Simulator) -> None:
    simulator.offline(True)
    try:
        found = walk(simulator)
    finally:
        simulator.offline(False)
    assert isinstance(found.home, Unreached)
    assert found.home.cause == "vantage_offline"


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def arguments(simulator: Simulator, tmp_path: Path) -> list[str]:
    config = tmp_path / "monitor.toml"
    config.write_text(
        f'[operator]\ncontact = "ops@example.org"\n[simulation]\naddress = "{simulator.address}:{simulator.https}"\n'
        f'ca_file = "{simulator.ca_file}"\ntime_scale = {SCALE}\n'
    )
    return ["--config", str(config), "--data", str(tmp_path / "data"), "--lang", "en"]


def run(*words: str) -> int:
    try:
        return vigie(["discover", *words])
    except SystemExit as end:  # how argparse refuses a word
        return int(end.code or 0)


def test_the_command_prints_the_declaration_and_writes_no_data(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("33", *arguments) == 0
    said = capsys.readouterr().out
    assert "[simulated]" in said
    assert 'url="https://www.gironde.gouv.fr/Demarches/Etrangers-en-Gironde/Point-d-accueil-numerique"' in said
    assert "platform=RdvPrefecture(9911)" in said
    assert "None found on these" in said
    assert not (tmp_path / "data").exists()


def test_json_is_one_document(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("91", "--json", *arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["simulated"] is True
    assert set(told["none_found"]) == {"pan", "substitution", "filing", "forms"}
    assert len(told["none_found"]["pan"]) == sum(page["reading"] is None for page in told["pages"])
    assert set(told["difference"]) == {"new", "missing", "moved", "same", "not_examined"}
    assert told["aside"][0]["what"] == "pan_not_for_foreigners"
    assert told["found"]["contact"][0]["evidence"][0]["page"].startswith("https://www.essonne.gouv.fr/")


def test_a_list_is_read_from_a_file(arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = tmp_path / "liste.csv"
    rows.write_bytes("url;label\nhttps://www.gironde.gouv.fr/Listee;Accueil des étrangers\n;vide\nx\n".encode("cp1252"))
    assert run("33", "--json", "--from", str(rows), *arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["line"] for one in told["refused"]] == [3, 4]
    assert "https://www.gironde.gouv.fr/Listee" in [page["asked"] for page in told["broken"]]
    assert run("33", "--from", str(tmp_path / "absent.csv"), *arguments) == 64
    assert "absent.csv" in capsys.readouterr().err


def test_exit_codes(
    arguments: list[str],
    simulator: Simulator,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("33", "--pages", "0", *arguments) == 64
    assert run("atlantide", *arguments) == 64
    with hold(tmp_path / "data"):
        assert run("33", *arguments) == LockedError.exit_code == 75
    assert simulator.log("www.gironde.gouv.fr") == []
    simulator.show("www.gironde.gouv.fr", "/", "403_haproxy")
    assert run("33", *arguments) == 3
    assert "nothing is said of the site" in capsys.readouterr().out
    before = len(simulator.log("www.gironde.gouv.fr"))
    assert run("33", *arguments) == 3  # the data folder remembers the refusal: nothing is asked again
    assert len(simulator.log("www.gironde.gouv.fr")) == before
