"""Each platform of the simulator, walked as a browser would (eZ booking: `test_simulator_ez`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulator import fixture
from tests.simulator.client import Simulator
from tests.simulator.server import Options
from tests.simulator.walker import Walker

simulator, simulator_of_module = fixture.simulator, fixture.simulator_of_module

EZ = "www.val-doise.gouv.fr"
MODULE = "/booking/create/14666"
RDV = "www.rdv-prefecture.interieur.gouv.fr"
DEMARCHE = "/rdvpref/reservation/demarche/2246/"
DN = "demarche.numerique.gouv.fr"
SEARCH = "/prendre_rdv?departement=&motif_name_with_location_type=renouvellement_de_recepisses-public_office"


@pytest.mark.parametrize(
    ("method", "url", "kind"),
    [
        ("GET", f"https://{EZ}{MODULE}/5/1602570600", "step_5"),
        ("GET", f"https://{EZ}{MODULE}/6", "step_5"),
        ("POST", f"https://{EZ}/index.php{MODULE}/4", "pressed_at_4"),
        ("GET", f"https://{EZ}/booking/login", "login"),
        ("GET", f"https://{EZ}/content/search?SearchText=x", "robots"),
        ("POST", f"https://{RDV}{DEMARCHE}_validerCaptcha", "captcha_post"),
        ("GET", f"https://{RDV}/rdvpref/login/", "login"),
        ("POST", f"https://{RDV}{DEMARCHE}creneau/", "reservation"),
        ("GET", f"https://{DN}/commencer/rdv-aes-pro/sign_in", "login"),
        ("GET", "https://rdv.anct.gouv.fr/users/rdv_wizard_step/new", "reservation"),
        ("POST", "https://esii-orion.com/orion/api/1/rdv/bookings/confirm", "reservation"),
        ("GET", "https://rendez-vous-prefecture.example/x", "unofficial_host"),
    ],
)
def test_what_is_never_asked_is_written_down(simulator: Simulator, method: str, url: str, kind: str) -> None:
    with Walker(simulator) as walker:
        walker.client.request(method, url)
    assert kind in [v["kind"] for v in simulator.violations()]
    assert f"REQUÊTE INTERDITE ({kind})" in simulator.report()


def test_rdv_prefecture_unattended_ends_at_a_captcha(simulator: Simulator) -> None:
    simulator.show(RDV, DEMARCHE, "no_slot", label="Remise de titre — Palaiseau Hall A, Guichet 12")
    with Walker(simulator) as walker:
        walker.get(f"https://{RDV}{DEMARCHE}")
        assert walker.texts("//h1") == ["Remise de titre — Palaiseau Hall A, Guichet 12"]
        link = walker.tree().xpath("//a[contains(@href, 'cgu')]")[0]
        assert link.text_content() == "Prendre un rendez-vous"
        page = walker.get(f"https://{RDV}{link.get('href')}")
        assert walker.tree().xpath("//input[@id='captchaFormulaireExtInput']/@name") == ["captchaUsercode"]
        assert "data:image/png;base64," in page.text
        jar = {c.name: c for c in walker.client.cookies.jar}
        assert jar["JSESSIONID"].secure
        assert jar["JSESSIONID"].path == "/rdvpref"
    assert simulator.violations() == []


@pytest.mark.parametrize(
    ("state", "path", "words"),
    [
        ("no_slot", "//h2", "Aucun créneau disponible"),
        ("slots", "//label[@for='trhId_123456']", "09h00"),
    ],
)
def test_rdv_prefecture_opens_to_a_person_only(simulator: Simulator, state: str, path: str, words: str) -> None:
    simulator.show(RDV, DEMARCHE, state)
    simulator.person(True)
    with Walker(simulator) as walker:
        walker.follow(f"https://{RDV}{DEMARCHE}creneau/")
        assert str(walker.page and walker.page.url).endswith("/cgu/?error=errorSessionInvalide")
        pressed = walker.press("", "captchaId", captcha_id(walker), {"captchaUsercode": "000"})
        assert str(pressed.url).endswith("/cgu/?error=invalidCaptcha")
        assert walker.texts("//p[@id='text-input-captcha-desc-error']") == ["Le code de sécurité saisi est incorrect"]
        number = captcha_id(walker)
        code = simulator.captcha_code(number)
        assert code is not None
        assert walker.press("", "captchaId", number, {"captchaUsercode": code}).url.path == f"{DEMARCHE}creneau/"
        assert words in walker.texts(path)
        simulator.show(RDV, DEMARCHE, "session_expired")
        assert "errorSessionInvalide" in str(walker.follow(f"https://{RDV}{DEMARCHE}creneau/").url)
    assert simulator.violations() == []


def captcha_id(walker: Walker) -> str:
    """The hidden id of the captcha shown."""
    return str(walker.tree().xpath("//input[@id='captchaId']/@value")[0])


def test_demarche_numerique_old_host_redirects_and_states_follow_the_desk(simulator: Simulator) -> None:
    old = "https://www.demarches-simplifiees.fr/commencer/rdv-aes-pro"
    with Walker(simulator) as walker:
        assert walker.get(old).headers["location"] == f"https://{DN}/commencer/rdv-aes-pro"
        walker.follow(old)
        assert "Commencer la démarche" in walker.texts("//h2")
        simulator.show("www.demarches-simplifiees.fr", "/commencer/rdv-aes-pro", "closed")
        walker.follow(old)
        assert walker.texts("//h1") == ["Cette démarche est close"]


@pytest.mark.parametrize(
    ("state", "path", "words"),
    [
        ("no_slot", "//div[@class='rdv-font-weight-700']", "Malheureusement, aucun créneau correspondant"),
        ("places", "//li[contains(@class, 'fr-card')]//p[strong]", "Prochaine disponibilité le"),
        ("workshops", "//div[@class='card-footer']/a", "S'inscrire"),
        ("motifs", "//li[@class='fr-card']/a", "Remise de titre"),
        ("places_2024", "//a[contains(@class, 'stretched-link')]", "Prochaine disponibilité le"),
        ("slots", "//div[starts-with(@id, 'creneaux-lieu-')]//a[@class='btn btn-light']", "09:30"),
        ("slots_dsfr", "//a[starts-with(@aria-label, 'Choisir le créneau du')]", "09:30"),
        ("closed_grid", "//p", "Date fermée à la reservation"),
        ("unknown_organisation", "//main", "Organisation non trouvée"),
    ],
)
def test_rdv_service_public_states(simulator: Simulator, state: str, path: str, words: str) -> None:
    simulator.show("rdv.anct.gouv.fr", f"{SEARCH}&public_link_organisation_id=2458", state)
    with Walker(simulator) as walker:
        walker.get(f"https://rdv.anct.gouv.fr{SEARCH}&public_link_organisation_id=2458")
        assert any(text.startswith(words) for text in walker.texts(path))
        walker.get(f"https://rdv.anct.gouv.fr{SEARCH}&public_link_organisation_id=9")
        assert walker.texts("//div[@class='rdv-font-weight-700']"), "another organisation keeps the default"


def test_orion_says_nothing_until_its_script_asked(simulator: Simulator) -> None:
    page = "/orion-reservation/slots?account=EVMSPI&config=SEJOURREMISE&usemode=app&code=REN1"
    api = "https://esii-orion.com/orion/api/1/rdv/bookings/availableSlotByDay"
    ask = {"accountId": "EVMSPI", "configId": "SEJOURREMISE", "purposes": [], "filterRequest": {}}
    with Walker(simulator) as walker:
        assert walker.get(f"https://esii-orion.com{page}").status_code == 200
        assert walker.texts("//div[contains(@class, 'rdv-calendar')]") == [""]
        assert walker.client.post(api, json=ask).json() == {"daySlots": []}
        simulator.show("esii-orion.com", page, "slots?first=2026-12-08")
        assert walker.client.post(api, json=ask).json()["daySlots"][0]["day"] == "2026-12-08"
        assert walker.client.post(api, json={**ask, "configId": "X"}).json() == {"daySlots": []}


def test_robots_txt_of_each_kind_of_host(simulator: Simulator) -> None:
    with Walker(simulator) as walker:
        assert "Disallow: /users/" in walker.get(f"https://{DN}/robots.txt").text
        assert walker.get(f"https://{RDV}/robots.txt").status_code == 404
        simulator.host(EZ, robots="User-agent: *\nDisallow: /booking/\n")
        assert walker.get(f"https://{EZ}/robots.txt").text.endswith("/booking/\n")
        walker.get(f"https://{EZ}{MODULE}")
    assert [v["kind"] for v in simulator.violations()] == ["robots"]


def test_plain_pages_their_twins_and_validators(tmp_path: Path) -> None:
    site = tmp_path / "www.cantal.gouv.fr"
    (site / "Demarches").mkdir(parents=True)
    (tmp_path / "secret.html").write_text("jamais", encoding="utf-8")
    for name, text in (
        ("Demarches.html", "<h1>Démarches</h1>"),
        ("Demarches/PAN.html", "<h1>Point d'accueil numérique</h1>"),
        ("Demarches/PAN.v2.html", "<h1>Le point est fermé</h1>"),
        ("Demarches/PAN.print.html", "<h1>PAN</h1>"),
        ("robots.txt", "User-agent: *\nDisallow: /prive/\n"),
    ):
        (site / name).write_text(text, encoding="utf-8")
    with fixture.in_thread(Options(sites=(tmp_path,))) as own, Walker(own) as walker:
        base = "https://www.cantal.gouv.fr"
        page = walker.get(f"{base}/Demarches/PAN")
        assert walker.texts("//h1") == ["Point d'accueil numérique"]
        assert walker.get(f"{base}/index.php/Demarches/PAN").content == page.content
        assert walker.get(f"{base}/layout/set/print/Demarches/PAN").text == "<h1>PAN</h1>"
        assert walker.get(f"{base}/layout/set/print/Demarches").text == "<h1>Démarches</h1>"
        again = walker.get(f"{base}/Demarches/PAN", headers={"If-None-Match": page.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert walker.get(f"{base}/Demarches/PAN", headers={"If-None-Match": '"x"'}).status_code == 200
        assert walker.get(f"{base}/%2e%2e/secret").status_code == 404
        assert walker.get("https://www.lot.gouv.fr/").status_code == 200, "a home page always answers"
        assert walker.get(f"{base}/robots.txt").text.endswith("/prive/\n")
        own.plan("www.cantal.gouv.fr", "/Demarches/PAN", [["page", 1], ["file:Demarches/PAN.v2.html", 1], ["404", 9]])
        answers = [walker.get(f"{base}/Demarches/PAN") for _ in range(3)]
        assert [a.status_code for a in answers] == [200, 200, 404]
        assert answers[1].text == "<h1>Le point est fermé</h1>"


def test_plain_http_redirects_or_serves(simulator: Simulator) -> None:
    with Walker(simulator) as walker:
        answer = walker.get(f"http://{EZ}{MODULE}?a=1")
        assert (answer.status_code, answer.headers["location"]) == (301, f"https://{EZ}{MODULE}?a=1")
        simulator.host("www.rdv.puy-de-dome.gouv.fr", http="serve")
        assert walker.get("http://www.rdv.puy-de-dome.gouv.fr/booking/create/801").status_code == 200
