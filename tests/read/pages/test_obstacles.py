"""Obstacles, in the order of the platforms' notes. `own` pages bear the landmark of the platform that reads them."""

from __future__ import annotations

import pytest

from monitor.core.prefecture import Page
from monitor.core.readings import Closed, Obstructed, Reading, Seen, Unavailable, Unreadable, detail_of
from monitor.read.pages.html import HtmlPage
from monitor.read.pages.obstacles import opened

LONG = "<p>" + "Les services de l'État vous accueillent du lundi au vendredi. " * 60 + "</p>"
OWN = "<div id=own>Il n'existe plus de plage</div>"
WAF, BUSY, DOWN = ("Obstructed", "waf"), ("Unavailable", "overloaded"), ("Unavailable", "maintenance")
NGINX = "<html><title>403 Forbidden</title><center><h1>403 Forbidden</h1></center><hr><center>nginx</center>"
IMPERVA = '<iframe src="/_Incapsula_Resource?SWUDNSAI=31">Request unsuccessful. Incapsula incident ID: 1</iframe>'
ORIGIN_DOWN = '<title>x | 502: Bad gateway</title><div id="cf-error-details">Error 502 Cloudflare Ray ID: 8</div>'
JSD = "<script>window.__CF$cv$params={}</script><script src=/cdn-cgi/challenge-platform/scripts/jsd/main.js></script>"
CHALLENGE = (
    "<title>Just a moment...</title><script>window._cf_chl_opt={cType:'managed'};</script><noscript>JS</noscript>"
)


def read(
    html: str | bytes, status: int = 200, *headers: tuple[str, str], url: str = "https://x.gouv.fr/"
) -> HtmlPage | Reading:
    body = html if isinstance(html, bytes) else html.encode()
    page = Page(url=url, status=status, headers=headers, body=body)
    return opened(page, lambda doc: doc.by_id("own") is not None)


def kind(found: HtmlPage | Reading) -> tuple[str, str | None]:
    return ("HtmlPage", None) if isinstance(found, HtmlPage) else (type(found).__name__, detail_of(found))


@pytest.mark.parametrize(
    ("html", "status", "expected"),
    [
        ("<h1>Too Many Requests</h1>", 429, ("Obstructed", "rate_limit")),
        (CHALLENGE, 429, ("Obstructed", "rate_limit")),
        ("", 403, WAF),
        (OWN, 403, WAF),
        (NGINX, 403, WAF),
        (NGINX, 200, WAF),
        (CHALLENGE, 403, WAF),
        (CHALLENGE, 503, WAF),
        (CHALLENGE, 200, WAF),
        ("<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1>", 200, WAF),
        ("<title>Access Denied</title><h1>Access Denied</h1><p>Reference #18", 200, WAF),
        ("<h1>Access Denied</h1>", 200, WAF),
        ("<title>Request Rejected</title>The requested URL was rejected. Please consult", 200, WAF),
        ("<h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.", 200, WAF),
        (IMPERVA, 200, WAF),
        ('<script src="/_Incapsula_Resource?SWJIYLWA=5074"></script><body></body>', 200, WAF),
        ("<p>Vérifiez que vous êtes humain en effectuant l’action ci-dessous.</p>", 200, WAF),
        ("<h1>502 Bad Gateway</h1>", 502, BUSY),
        (LONG, 503, BUSY),
        (OWN, 503, BUSY),
        ("<h1>Site en maintenance</h1>", 503, BUSY),
        (ORIGIN_DOWN, 502, BUSY),
        ("<h1>504 Gateway Time-out</h1>", 504, BUSY),
        ("<h1>Service surchargé</h1>", 200, BUSY),
        ("<h1>SERVICE SURCHARG&Eacute;</h1>" + LONG, 200, BUSY),
        ("<h1>Service surchargé</h1>", 500, BUSY),
        ("<p>Le service que vous avez demandé est actuellement surchargé et/ou…</p>", 200, BUSY),
        ("<title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>", 200, BUSY),
        ("<title>Maintenance</title>", 200, DOWN),
        ("<h1>Le site est temporairement indisponible</h1>", 200, DOWN),
        ("<h1>Opération de maintenance</h1>", 500, DOWN),
        (f"<h1>Site en maintenance</h1>{OWN}", 200, DOWN),
        (f"<title>Maintenance - Les services de l'État</title>{OWN}", 200, DOWN),
        ("<h1>Internal Server Error</h1>", 500, ("Unavailable", "server_error")),
        ("<h1>Web server is down</h1>Cloudflare Ray ID: 8", 521, ("Unavailable", "server_error")),
        ("<title>500 Internal Server Error</title>", 200, ("Unavailable", "server_error")),
        ("", 404, ("Unreadable", "not_found")),
        ("<h1>Page introuvable</h1>", 410, ("Unreadable", "not_found")),
        ("<p>Ce lien a été désactivé définitivement.</p>", 404, ("Closed", None)),
        ("<p>Ce lien a &eacute;t&eacute; d&eacute;sactiv&eacute; d&eacute;finitivement" + LONG, 200, ("Closed", None)),
        ("<title>404 Not Found</title>", 200, ("Unreadable", "not_found")),
        ("", 200, ("Unreadable", "empty")),
        (" \r\n\t", 200, ("Unreadable", "empty")),
        ("<html><head></head><body></body></html>", 200, ("Unreadable", "empty")),
        ("", 204, ("Unreadable", "empty")),
        (b"%PDF-1.7\n%\xe2\xe3", 200, ("Unreadable", "not_text")),
        (b"\x89PNG\r\n\x1a\n\0\0", 200, ("Unreadable", "not_text")),
        (b"<p>" + b" " * 1_000_001, 200, ("Unreadable", "too_big")),
        (b"<p>" + b" " * 1_000_001, 503, BUSY),
        ("<div>" * 500, 200, ("Unreadable", "too_big")),
        ("", 401, ("Obstructed", "login")),
        ("<h1>Connexion</h1><form><input name=login><input type=password name=p></form>", 200, ("Obstructed", "login")),
        ("<h1>Vous êtes dans la file d’attente</h1>", 200, ("Obstructed", "queue")),
        ("<form><div class=g-recaptcha></div><button>Continuer</button></form>", 200, ("Obstructed", "captcha")),
        ("<form><div class=cf-turnstile></div><button>Continuer</button></form>", 200, ("Obstructed", "captcha")),
        ("<p>Bad Request</p>", 400, ("Unreadable", "layout_changed")),
        ("", 302, ("Unreadable", "layout_changed")),
    ],
)
def test_obstacle(html: str | bytes, status: int, expected: tuple[str, str | None]) -> None:
    assert kind(read(html, status)) == expected


@pytest.mark.parametrize(
    "html",
    [
        f"<article><h1>Aide</h1><p>Sorry, you have been blocked</p></article>{LONG}",
        f"<p>Le message « Sorry, you have been blocked » s'affiche parfois.</p>{OWN}",
        f"<p>Sorry, you have been blocked</p>{OWN}",
        "<p>Que faire quand Cloudflare dit « Vérifiez que vous êtes humain » ?</p>",
        f"<p>Cloudflare Ray ID: 12</p>{LONG}",
        f'<script src="/_Incapsula_Resource?SWJIYLWA=719d"></script>{OWN}',
        '<script src="/_Incapsula_Resource?SWJIYLWA=719d"></script><p>Bienvenue sur le site.</p>',
        f"{JSD}{OWN}",
        f'<script src="https://challenges.cloudflare.com/turnstile/v0/api.js"></script>{OWN}',
        f"<nav><a>Maintenance</a></nav><p>Une maintenance est prévue. Site indisponible dimanche.</p>{OWN}",
        "<h1>Accueil</h1><p>En maintenance le dimanche.</p><h2>Maintenance</h2>",
        f"<h2>Maintenance</h2>{LONG}",
        f"<h3>Vous êtes dans la file d'attente</h3>{LONG}",
        f"<p>Service surchargé</p>{OWN}",
        f"<p>Le service peut être surchargé. « Service surchargé » : que faire ?</p>{LONG}",
        "<p>Que faire si « Ce lien a été désactivé définitivement » s'affiche ?</p>",
        f"<aside><p>Ce lien a été désactivé définitivement</p></aside>{OWN}",
        f"<h1>Accueil</h1><p>Vous êtes dans la file d'attente</p>{LONG}",
        f"<form><input type=password name=p></form>{OWN}",
        f"<svg><title>Maintenance</title></svg><p hidden>x</p>{OWN}",
        f"<!-- <h1>Maintenance</h1> --><h1 hidden>Maintenance en cours</h1>{OWN}",
    ],
)
def test_words_in_an_ordinary_page_are_no_obstacle(html: str) -> None:
    assert kind(read(html)) == ("HtmlPage", None)


def test_headers() -> None:
    mitigated = read(OWN, 200, ("CF-Mitigated", "challenge"))
    assert mitigated == Obstructed(obstacle="waf", seen=Seen("challenge", "header:cf-mitigated"), detail="cloudflare")
    cookies = (("Set-Cookie", "incap_ses_1=a"), ("Set-Cookie", "visid_incap_1=b"))
    assert kind(read(OWN, 200, *cookies)) == ("HtmlPage", None)
    assert kind(read(OWN, 200, ("Content-Type", "application/pdf"))) == ("HtmlPage", None)


@pytest.mark.parametrize(
    ("html", "whose"),
    [
        (CHALLENGE, "cloudflare"),
        ("<h1>Forbidden</h1>Request forbidden by administrative rules.", "haproxy"),
        ("<title>403 Forbidden</title><center>nginx</center>", "nginx"),
        ("<iframe src='/_Incapsula_Resource?x=1'></iframe>", "imperva"),
        ("<p>Accès interdit</p>", None),
    ],
)
def test_whose_firewall(html: str, whose: str | None) -> None:
    found = read(html, 403)
    assert isinstance(found, Obstructed)
    assert found.detail == whose


def test_the_words_are_kept() -> None:
    busy = read("<h1>Service surchargé</h1>\nLe service est surchargé.<br>\nVeuillez réitérer.")
    assert busy == Unavailable(
        kind="overloaded", seen=Seen("Service surchargé Le service est surchargé. Veuillez réitérer.", "body")
    )
    assert read(LONG, 503) == Unavailable(kind="overloaded", seen=Seen("503", "status"))
    assert read("", 429) == Obstructed(obstacle="rate_limit", seen=Seen("429", "status"))
    assert read("<h1>Site en\n maintenance</h1>") == Unavailable(
        kind="maintenance", seen=Seen("Site en maintenance", "h1")
    )
    assert read("<p>Ce lien a été désactivé définitivement.</p>") == Closed(
        seen=Seen("Ce lien a été désactivé définitivement.", "body")
    )
    assert read("", 404) == Unreadable(why="not_found", seen=Seen("404", "status"))


def test_a_queue_host() -> None:
    found = read("<p>Patientez</p>", url="https://interieur.queue-it.net/?c=interieur")
    assert isinstance(found, Obstructed)
    assert found.obstacle == "queue"
