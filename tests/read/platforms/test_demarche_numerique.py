"""Each row of the decision table of PLATFORMS section 3."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.core.prefecture import Context, Open, Page
from monitor.core.readings import (
    Closed,
    NotYetOpen,
    Obstructed,
    Reading,
    RequestForm,
    Seen,
    Unavailable,
    Unreadable,
    detail_of,
)
from monitor.read.platforms.demarche_numerique import DemarcheNumerique

DESK = DemarcheNumerique("rdv-creteil")
PARIS = Context(zone=ZoneInfo("Europe/Paris"))
TITLE = "<title>Demande de rendez-vous · demarche.numerique.gouv.fr</title>"
CALLOUT = '<h2 class="fr-callout__title">Commencer la démarche</h2>'
BUTTON = '<a class="fr-btn" href="/dossiers/new">Commencer la démarche</a>'
ALERT = "<div class=fr-alert>La d&eacute;marche « X » est close depuis le 3 mars.</div>"
FRANCE_CONNECT = "<button class=fr-connect><span>S’identifier avec</span><span>FranceConnect</span></button>"
LOGIN = '<a class="fr-btn" href="/commencer/rdv-creteil/sign_in">J’ai déjà un compte</a>'
FUTURE = ("Ouverture le 1er juin à 9h", datetime(2026, 6, 1, 7, tzinfo=UTC))


def read(body: str, status: int = 200, url: str = "", context: Context = PARIS) -> Reading:
    return DESK.read(Page(url=url or DESK.url, status=status, body=body.encode()), context)


TABLE: list[tuple[str, str, int, type[Reading], str | None]] = [
    ("1-title-and-start", TITLE + CALLOUT, 200, RequestForm, None),
    ("1-title-and-login", TITLE + LOGIN, 200, RequestForm, None),
    ("1-title-and-franceconnect", TITLE + FRANCE_CONNECT, 200, RequestForm, None),
    ("1-start-button", TITLE + BUTTON, 200, RequestForm, None),
    ("2-closed-since", "<title>La démarche Rendez-vous est close depuis le 14 janvier 2026</title>", 200, Closed, None),
    ("2-closed", TITLE + "<h1>Cette démarche est close</h1>", 200, Closed, None),
    ("2-closed-in-alert", TITLE + ALERT, 200, Closed, None),
    ("3-404", "", 404, Unreadable, "not_found"),
    ("4-429", "", 429, Obstructed, "rate_limit"),
    ("4-403", "", 403, Obstructed, "waf"),
    ("5-502", "", 502, Unavailable, "overloaded"),
    ("5-503", "", 503, Unavailable, "overloaded"),
    ("5-504", "", 504, Unavailable, "overloaded"),
    ("6-maintenance", "<title>Site en maintenance</title>", 200, Unavailable, "maintenance"),
    ("7-anything-else", TITLE + "<h1>Demande de rendez-vous</h1>", 200, Unreadable, "layout_changed"),
    ("7-no-title", CALLOUT, 200, Unreadable, "layout_changed"),
    ("login-wall", "<form><input type=email><input type=password></form>", 200, Obstructed, "login"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "status", "expected", "detail"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_decision_table(body: str, status: int, expected: type[Reading], detail: str | None) -> None:
    reading = read(body, status)
    assert type(reading) is expected
    assert detail_of(reading) == detail


@pytest.mark.parametrize(
    ("at", "words", "expected"),
    [
        (None, FUTURE[0], NotYetOpen),
        (datetime(2026, 5, 31, tzinfo=UTC), FUTURE[0], NotYetOpen),
        (FUTURE[1], FUTURE[0], RequestForm),
        (None, "autre annonce", RequestForm),
    ],
    ids=["8-future-unknown-now", "8-before", "8-past", "8-not-on-the-page"],
)
def test_decision_table_opening_recorded_by_the_plugin(
    at: datetime | None, words: str, expected: type[Reading]
) -> None:
    context = Context(zone=PARIS.zone, at=at, opening=(words, FUTURE[1]))
    assert type(read(f"{TITLE}<p>OUVERTURE le 1er juin à 9h.</p>{CALLOUT}", context=context)) is expected


@pytest.mark.parametrize(
    "body",
    [
        f"{TITLE}<p>Cette démarche est close.</p>{CALLOUT}",
        f"<title>La démarche X est close depuis le 1er mars 2026</title>{LOGIN}",
    ],
)
def test_open_and_closed_is_contradictory(body: str) -> None:
    assert detail_of(read(body)) == "contradictory"


@pytest.mark.parametrize(
    "body",
    [
        f"{TITLE}<p>Que faire si la démarche est close ?</p>{CALLOUT}",
        f"{TITLE}<p>La démarche n'est pas close.</p>{CALLOUT}",
        f"{TITLE}<footer>Cette démarche est close</footer>{CALLOUT}",
        f"{TITLE}<p hidden>Cette démarche est close</p>{CALLOUT}",
        f"{TITLE}<h3>La démarche est close ?</h3>{CALLOUT}",
    ],
)
def test_a_closure_that_is_not_said_of_this_form(body: str) -> None:
    assert isinstance(read(body), RequestForm)


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (f"{TITLE}<nav>{CALLOUT}</nav>", ""),
        (f"{TITLE}<p>Pour commencer la démarche, munissez-vous…</p>", ""),
        (f"{TITLE}<h2 hidden>Commencer la démarche</h2>", ""),
        (TITLE + CALLOUT, "https://demarche.numerique.gouv.fr/"),
        (f'{TITLE}<a href="/users/sign_in">Se connecter</a>', ""),
    ],
)
def test_no_form_without_its_way_in(body: str, url: str) -> None:
    assert detail_of(read(body, url=url)) == "layout_changed"


def test_one_request() -> None:
    walk = DESK.visit(PARIS)
    assert next(walk) == (Open("https://demarche.numerique.gouv.fr/commencer/rdv-creteil"),)
    with pytest.raises(StopIteration) as end:
        walk.send(Page(url=DESK.url, status=200, body=(TITLE + CALLOUT).encode()))
    assert end.value.value == RequestForm(seen=Seen("Commencer la démarche", "h2"))
    assert (DESK.name, DESK.needs_browser) == ("demarche_numerique", False)


@pytest.mark.parametrize(
    "body",
    [
        '<form action="/commencer/rdv-creteil/france_connect"><button>Continuer</button></form>',
        '<a href="/commencer/rdv-creteil/sign_up"></a>',
        '<a href="/commencer/test/rdv-creteil/sign_up">Créer un compte</a>',
    ],
)
def test_a_way_in_by_its_address(body: str) -> None:
    assert isinstance(read(TITLE + body), RequestForm)


@pytest.mark.parametrize("body", ['<a href="/commencer/autre/sign_up">Créer un compte</a>', "<a>Créer un compte</a>"])
def test_a_way_into_another_form_is_none(body: str) -> None:
    assert detail_of(read(TITLE + body)) == "layout_changed"


def test_a_replaced_form_names_the_one_in_its_place() -> None:
    after = "https://demarche.numerique.gouv.fr/commencer/rdv-creteil-2026"
    assert read(TITLE + CALLOUT, url=after) == Unreadable(why="replaced", seen=Seen(after, "url"))
    same = "https://www.demarches-simplifiees.fr/commencer/RDV-Creteil?x=1"
    assert isinstance(read(TITLE + CALLOUT, url=same), RequestForm)


@pytest.mark.parametrize(
    ("body", "url", "detail"),
    [
        ("<p>Démarche en test</p>" + CALLOUT, "", "draft"),
        (CALLOUT, "https://demarche.numerique.gouv.fr/commencer/test/rdv-creteil", "draft"),
        ("<p>La démarche n'existe pas</p>", "https://demarche.numerique.gouv.fr/", "not_found"),
        ('<h2>Commencer la démarche</h2><a href="/pro_connect/login">ProConnect</a>', "", "login"),
        ('<h2>Commencer la démarche</h2><a href="/pro_connect/login">ProConnect</a>' + LOGIN, "", None),
    ],
)
def test_forms_that_are_not_open_to_the_public(body: str, url: str, detail: str | None) -> None:
    assert detail_of(read(TITLE + body, url=url)) == detail
