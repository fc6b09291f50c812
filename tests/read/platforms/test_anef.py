"""ANEF's two addresses and its sign-in: a page that asks who one is says nothing of the portal."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from monitor.core.prefecture import Context, Page
from monitor.core.readings import FrontPageShown, Obstructed, Reading
from monitor.read.notices.rules import notice_rules
from monitor.read.notices.visit import read_notice_page
from monitor.read.platforms.front_page import FrontPage
from prefectures.d75_paris import PREFECTURE as PARIS
from prefectures.national import SERVICES

PORTALS = [one.platform for one in SERVICES if one.slug.startswith("anef")]
HOST = "https://administration-etrangers-en-france.interieur.gouv.fr"
SSO = "https://sso.anef.dgef.interieur.gouv.fr/auth/realms/anef-usagers/protocol/openid-connect/auth?client_id=x"
NAMED = "<h1>Étrangers en France</h1>"
FRONT = f"{NAMED}<button type=button>Demander un titre de séjour</button><a href=/connexion>Se connecter</a>"
TWO_STEPS = (
    f"{NAMED}<form id=kc-form-login><label>Identifiant<input name=username></label><button>Suivant</button></form>"
)


def page(url: str, body: str) -> Page:
    html = f"<!DOCTYPE html><html lang=fr><head><title>Étrangers en France</title></head><body>{body}</body></html>"
    return Page(url=url, status=200, headers=(("Content-Type", "text/html; charset=utf-8"),), body=html.encode())


def read(platform: object, url: str, body: str) -> Reading:
    assert isinstance(platform, FrontPage)
    return platform.read(page(url, body), Context(zone=ZoneInfo("Europe/Paris")))


def test_both_addresses_are_declared() -> None:
    assert [platform.url for platform in PORTALS] == [f"{HOST}/particuliers/", f"{HOST}/usagers/"]


@pytest.mark.parametrize("platform", PORTALS)
def test_each_shows_its_front_page(platform: object) -> None:
    assert isinstance(platform, FrontPage)
    assert isinstance(read(platform, platform.url, FRONT), FrontPageShown)


@pytest.mark.parametrize("platform", PORTALS)
@pytest.mark.parametrize(
    ("url", "body"),
    [
        (SSO, TWO_STEPS),
        (SSO, FRONT),
        (SSO, f"{NAMED}<div id=kc-content></div>"),
        (SSO, f"{NAMED}<a href='https://app.franceconnect.gouv.fr/'>S'identifier avec FranceConnect</a>"),
        (f"{HOST}/usagers/#/connexion", FRONT),
        (f"{HOST}/usagers/", TWO_STEPS),
        (f"{HOST}/usagers/", f"{NAMED}<form><input autocomplete='section-a username'></form>"),
        (f"{HOST}/usagers/", f"{NAMED}<form><input type=password></form>"),
    ],
)
def test_a_sign_in_is_a_login_whatever_its_heading(platform: object, url: str, body: str) -> None:
    found = read(platform, url, body)
    assert isinstance(found, Obstructed)
    assert found.obstacle == "login"


def test_a_hidden_account_field_asks_nobody() -> None:
    body = f"{FRONT}<form hidden><input name=username></form><input type=hidden name=username>"
    assert isinstance(read(PORTALS[0], f"{HOST}/particuliers/", body), FrontPageShown)


def test_the_paris_form_behind_a_captcha_is_a_notice_that_says_so() -> None:
    (notice,) = (one for one in PARIS.notices if one.slug == "ppoletrangers")
    form = (
        "<main><h1>Demande de rendez-vous</h1><form><label for=nom>Nom</label><input id=nom>"
        "<img id=captchaimg src=/captcha.php><label for=code>Recopiez le code</label><input id=code></form></main>"
    )
    found = read_notice_page(page(notice.url, form), notice_rules())
    assert isinstance(found, Obstructed)
    assert (found.obstacle, found.seen.text) == ("captcha", "Recopiez le code")
