"""What no visit requests, whatever a page says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.hosts import is_login, refusal

EZ = "https://www.val-doise.gouv.fr/booking/create/11343"
RDV = "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/3762"


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("GET", EZ),
        ("GET", EZ + "/0"),
        ("POST", EZ + "/0"),
        ("POST", EZ + "/3"),
        ("GET", EZ + "/4"),
        ("GET", "https://www.a.gouv.fr/index.php/booking/create/11343/2"),
        ("GET", "https://www.a.gouv.fr/booking/create/5"),
        ("GET", RDV + "/"),
        ("GET", RDV + "/cgu/"),
        ("GET", RDV + "/cgu/?error=invalidCaptcha"),
        ("GET", RDV + "/creneau/"),
        ("GET", "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/assets/app.css"),
        ("GET", "https://demarche.numerique.gouv.fr/commencer/aes-95"),
        ("GET", "https://rdv.anct.gouv.fr/prendre_rdv?departement=95"),
        ("GET", "https://www.val-doise.gouv.fr/Actualites/Probleme-de-connexion-ANEF"),
        ("GET", "https://www.val-doise.gouv.fr/Demarches/Etrangers?from=login"),
        ("HEAD", "http://www.val-doise.gouv.fr/"),
    ],
)
def test_an_ordinary_visitors_way_is_free(method: str, url: str) -> None:
    assert refusal(method, url) is None


@pytest.mark.parametrize(
    "tail",
    [
        "/5",
        "/5/",
        "/05",
        "/%35",
        "/%2535",
        "/5;x=1",
        "/5abc",
        "//5",
        "/./5",
        "/4/../5",
        "/4%2f..%2f5",
        "\\5",
        "/6",
        "/9",
        "/10",
        "/5/(date)/1700000000",
        "/5?x=1",
        "/5#x",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_ez_step_5_and_above_is_never_asked(method: str, tail: str) -> None:
    for root in (EZ, EZ.upper().replace("HTTPS", "https"), EZ.replace("/booking", "/layout/set/print/booking")):
        assert refusal(method, root + tail) is not None


def test_nothing_is_pressed_on_the_ez_calendar() -> None:
    assert refusal("GET", EZ + "/4") is None
    assert refusal("POST", EZ + "/4") is not None
    assert refusal("POST", EZ + "/4/") is not None


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("POST", RDV + "/_validerCaptcha"),
        ("GET", RDV + "/_validerCaptcha"),
        ("GET", RDV + "/%5fvaliderCaptcha;jsessionid=1"),
        ("GET", RDV + "/cgu/_validerCaptcha"),
        ("POST", RDV + "/cgu/"),
        ("POST", RDV + "/creneau/"),
        ("GET", RDV + "/creneau/_choisirCreneau"),
        ("GET", RDV + "/informations/"),
        ("GET", RDV + "/confirmation/"),
        ("GET", "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/login/"),
    ],
)
def test_rdvpref_captcha_forms_and_what_follows_the_calendar(method: str, url: str) -> None:
    assert refusal(method, url) is not None


@pytest.mark.parametrize(
    "url",
    [
        "https://www.val-doise.gouv.fr/booking/login",
        "https://www.val-doise.gouv.fr/user/LOGIN",
        "https://www.val-doise.gouv.fr/login;jsessionid=1",
        "https://demarche.numerique.gouv.fr/users/sign_in",
        "https://rdv.anct.gouv.fr/users/rdv_wizard_steps/new?step=1",
        "https://app.franceconnect.gouv.fr/api/v2/authorize",
        "https://sso.anef.dgef.interieur.gouv.fr/auth/realms/anef-usagers",
        "https://SSO.anef.dgef.interieur.gouv.fr/",
        "https://www.a.gouv.fr/cas/validate",
        "https://user:secret@www.a.gouv.fr/",
    ],
)
def test_login_pages(url: str) -> None:
    assert is_login(url)
    assert refusal("GET", url) is not None


LOGIN_WORDS = [
    "login", "signin", "sign_in", "sign-in", "sign_up", "signup", "connexion", "se-connecter", "authentification",
    "auth", "oauth", "oauth2", "openid-connect", "saml", "saml2", "sso", "france_connect", "franceconnect",
    "pro_connect", "agent_connect",
]  # fmt: skip
LOGIN_HOSTS = ["login", "connexion", "auth", "sso", "oidc", "franceconnect", "proconnect", "agentconnect"]


@pytest.mark.parametrize(
    "url",
    [f"https://www.a.gouv.fr/portail/{word}/x" for word in LOGIN_WORDS]
    + [f"https://{label}.a.gouv.fr/" for label in LOGIN_HOSTS]
    + ["https://www.a.gouv.fr/users", "https://www.a.gouv.fr/cas"],
)
def test_each_word_that_stands_for_a_login_is_one_wherever_it_stands(url: str) -> None:
    """A word that is lost here is a login page that we would open."""
    assert is_login(url)
    assert refusal("GET", url) == "a login page"


@pytest.mark.parametrize(
    "url", ["https://www.a.gouv.fr/portail/users", "https://www.a.gouv.fr/x/cas", "https://loginx.a.gouv.fr/xlogin"]
)
def test_a_word_elsewhere_is_none(url: str) -> None:
    assert not is_login(url)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.gouv.fr/", "javascript:x", "about:blank", "", "/x"])
def test_only_http(url: str) -> None:
    assert refusal("GET", url) is not None


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "CONNECT", "TRACE", "OPTIONS", ""])
def test_only_reading_methods(method: str) -> None:
    assert refusal(method, "https://www.a.gouv.fr/") is not None


@given(st.text(max_size=80))
def test_never_raises(text: str) -> None:
    for url in (text, "https://" + text, EZ + text):
        refusal("GET", url)


@given(st.integers(5, 10**6), st.sampled_from(["", "/", "?a", "/x", "/(n)/1"]))
def test_no_step_from_5_up_passes(step: int, tail: str) -> None:
    assert refusal("GET", f"{EZ}/{step}{tail}") is not None


@pytest.mark.parametrize("port", [22, 25, 81, 8080, 8443, 444, 65535])
def test_no_other_service_of_a_host_is_asked(port: int) -> None:
    assert refusal("GET", f"https://www.a.gouv.fr:{port}/") == f"port {port}"
    assert refusal("GET", f"http://www.a.gouv.fr:{port}/") == f"port {port}"


@pytest.mark.parametrize("authority", ["www.a.gouv.fr:443", "www.a.gouv.fr:80", "www.a.gouv.fr:", "www.a.gouv.fr"])
def test_the_two_ports_of_the_web_are_free(authority: str) -> None:
    assert refusal("GET", f"https://{authority}/") is None
