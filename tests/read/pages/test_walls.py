"""Captchas and firewalls by their own marks, and what is none of them."""

from __future__ import annotations

import pytest

from monitor.core.prefecture import Page
from monitor.core.readings import Obstructed, Seen, Unavailable, Unreadable, detail_of
from monitor.read.pages.captcha import captcha_in, kind_of
from monitor.read.pages.html import HtmlPage, parse
from monitor.read.pages.obstacles import opened

LONG = "<p>" + "Les services de l'État vous accueillent du lundi au vendredi. " * 60 + "</p>"


def document(html: str) -> HtmlPage:
    return parse(Page(url="https://x.gouv.fr/", status=200, body=html.encode()))


def read(html: str | bytes, *, own: bool = False, url: str = "https://x.gouv.fr/") -> object:
    body = html if isinstance(html, bytes) else html.encode()
    return opened(Page(url=url, status=200, body=body), lambda doc: own)


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<img id=captchaFR_CaptchaImage src=/x>", "captchetat"),
        ("<div class=cf-turnstile></div>", "turnstile"),
        ("<div class=h-captcha></div>", "hcaptcha"),
        ("<div class=g-recaptcha></div>", "recaptcha"),
        ("<altcha-widget></altcha-widget>", "altcha"),
        ("<iframe id=li-antibot-iframe></iframe>", "li-antibot"),
        ("<div class=frc-captcha></div>", "friendlycaptcha"),
        ("<img src=/captcha.php>", "captcha"),
    ],
)
def test_a_captcha_s_kind(html: str, kind: str) -> None:
    body = document(html).root.find("body")
    assert body is not None
    (element,) = body
    assert kind_of(element) == kind


def test_a_picture_in_the_page_names_no_captcha() -> None:
    """`captcha` may stand among the letters of a picture's own data."""
    assert captcha_in(document('<img src="data:image/png;base64,captchaAAAA">').root) is None
    assert captcha_in(document('<img src="/captcha/1.png">').root) is not None


def test_the_words_of_a_captcha_are_those_a_visitor_sees() -> None:
    html = '<p hidden>Recopiez le code caché</p><label>Recopiez le code</label><input name="captcha">'
    found = captcha_in(document(html).root)
    assert found == Obstructed(obstacle="captcha", seen=Seen("Recopiez le code", "label"))
    assert captcha_in(document('<p hidden>Recopiez</p><input name="captcha">').root) == Obstructed(
        obstacle="captcha", seen=Seen("captcha", "input[name]")
    )


def test_an_overload_keeps_the_words_of_a_short_page_only() -> None:
    short = read("<h1>Service surchargé</h1><p>Veuillez réitérer.</p>")
    long = read(f"<h1>Service surchargé</h1>{LONG}")
    assert short == Unavailable(kind="overloaded", seen=Seen("Service surchargé Veuillez réitérer.", "body"))
    assert long == Unavailable(kind="overloaded", seen=Seen("Service surchargé", "h1"))


def test_a_closure_is_read_whatever_the_charset() -> None:
    """UTF-16 holds a zero beside each letter, so the bytes alone do not tell that the word is absent."""
    assert detail_of(read("<p>Ce lien a été désactivé définitivement.</p>".encode("utf-16"))) is None  # type: ignore[arg-type]
    assert type(read("<p>Ce lien a été désactivé définitivement.</p>".encode("utf-16"))).__name__ == "Closed"
    assert isinstance(read("<p>Ce lien a été désactivé.</p>".encode("utf-16")), HtmlPage)


def test_certain_words_are_a_wall_on_any_page_without_landmark() -> None:
    for words in ("Verify you are human", "Sorry, you have been blocked", "You are unable to access"):
        found = opened(Page(url="https://x/", status=503, body=f"<p>{words}</p>".encode()), lambda doc: False)
        assert detail_of(found) == "waf", words  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("button", "captcha"),
    [("<button>Continuer</button>", True), ('<input type="image">', True), ('<button type="button">x</button>', False)],
)
def test_a_turnstile_with_a_button_is_a_form_s_captcha(button: str, captcha: bool) -> None:
    found = read(f"<form><div class=cf-turnstile></div>{button}</form>")
    assert isinstance(found, Obstructed)
    assert (found.obstacle == "captcha") is captcha


@pytest.mark.parametrize(
    "html",
    [
        f"<script src='https://x.token.awswaf.com/a/challenge.js'></script>{LONG}",
        "<script src='https://x.token.awswaf.com/a/challenge.js'></script><p>Bienvenue.</p><a href=/a>A</a>",
        "<article><h1>Aide</h1><p>Que faire quand « Pardon Our Interruption » s'affiche ?</p></article>" + LONG,
        "<p>Notre robot répond aux questions.</p><script>x()</script>" + LONG,
        "<p>Notre robot répond.</p>",
        "<p>Notre robot répond.</p><script>x()</script>" + "<a href=/a>A</a>" * 5,
    ],
)
def test_an_ordinary_page_is_no_wall(html: str) -> None:
    assert isinstance(read(html), HtmlPage)


def test_an_unknown_wall_stays_unread_and_is_told() -> None:
    found = read("<title>Patientez</title><p>Nous vérifions votre navigateur.</p><script>go()</script>")
    assert found == Unreadable(why="looks_like_a_wall", seen=Seen("Patientez Nous vérifions votre navigateur.", "body"))
    assert isinstance(read("<p>Nous vérifions votre navigateur.</p><script>go()</script>", own=True), HtmlPage)


@pytest.mark.parametrize(
    "url", ["https://sso.x.gouv.fr/", "https://x.gouv.fr/auth/realms/a", "https://x.gouv.fr/users/sign_in"]
)
def test_the_address_of_a_sign_in_service_is_a_login(url: str) -> None:
    assert detail_of(read("<h1>Étrangers en France</h1><a>FranceConnect</a>", url=url)) == "login"  # type: ignore[arg-type]
