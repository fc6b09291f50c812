"""Each row of the decision table of PLATFORMS section 1, and the two-step walk."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.core.prefecture import Context, Move, Open, Page
from monitor.core.readings import (
    NoSlot,
    NotYetOpen,
    Obstructed,
    Reading,
    Seen,
    SlotsOpen,
    Unavailable,
    Unreadable,
    detail_of,
)
from monitor.read.platforms.rdv_prefecture import RdvPrefecture

DESK = RdvPrefecture(2246)
URL = "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/2246/"
PARIS = ZoneInfo("Europe/Paris")
LABEL = "Remise de titre — Palaiseau"


def html(title: str, body: str) -> str:
    return f"<html><head><title>RDV-Préfecture / {title}</title></head><body><div id=page>{body}</div></body></html>"


def calendar(body: str) -> str:
    return html("Choisissez votre créneau", body)


LINK = '<a class="fr-btn" href="/rdvpref/reservation/demarche/2246/cgu/"><span>Prendre un rendez-vous</span></a>'
START = html("Accueil", f"<p>étape 1 sur 6</p><h1>{LABEL}</h1>{LINK}")
FORM = '<form><label for="c">Veuillez saisir le code de sécurité</label><input id="c" name="captchaUsercode">'
CGU = html("Constituez votre dossier", FORM + "</form>")
SLOT = '<li class="radio-card"><input type="radio" id="trhId_9" name="trhId"><label for="trhId_9">09h00</label></li>'
DATA = '<script>VUiPage.vueData = {"critere":{"datePremiereDispo":"18/05/2026"}}</script>'
NONE = "<h2>Aucun créneau disponible</h2><p>Veuillez réessayer ultérieurement.</p>"
LAST = (
    "<p>Dernière mise en ligne de rendez-vous : le 04/05/2026 à 11:58 pour des créneaux de la semaine du 18/05/2026</p>"
)
NEXT = "<p>Prochaine mise en ligne de rendez-vous : le 11/05/2026 à 11:58</p>"


def page(body: str, rest: str = "", status: int = 200) -> Page:
    return Page(url=rest if "://" in rest else URL + rest, status=status, body=body.encode())


def read(body: str, rest: str = "", status: int = 200, context: Context | None = None) -> Reading:
    return DESK.read(page(body, rest, status), context or Context(zone=PARIS))


TABLE: list[tuple[str, str, str, int, type[Reading], str | None]] = [
    ("1-radio", calendar(SLOT), "creneau/", 200, SlotsOpen, None),
    ("1-radio-choisir-bloc", calendar(SLOT), "creneau/_choisirBloc", 200, SlotsOpen, None),
    ("1-data", calendar(DATA), "creneau/", 200, SlotsOpen, None),
    ("2-none", calendar(NONE), "creneau/", 200, NoSlot, None),
    ("2-none-choisir-bloc", calendar(NONE), "_choisirBloc", 200, NoSlot, None),
    ("2-none-with-empty-data", calendar(NONE + DATA.replace("18/05/2026", "")), "creneau", 200, NoSlot, None),
    ("3-next-publication", calendar(NONE + NEXT), "creneau/", 200, NotYetOpen, None),
    ("4-captcha", CGU, "cgu/", 200, Obstructed, "captcha"),
    ("4-captcha-at-the-calendar-s-address", CGU, "creneau/", 200, Obstructed, "captcha"),
    ("5-403", "", "", 403, Obstructed, "waf"),
    ("5-429", "", "", 429, Obstructed, "rate_limit"),
    ("5-challenge", "<title>Un instant…</title><script>window._cf_chl_opt={}</script>", "", 403, Obstructed, "waf"),
    ("6-502", "", "", 502, Unavailable, "overloaded"),
    ("6-503", "", "", 503, Unavailable, "overloaded"),
    ("6-504", "", "", 504, Unavailable, "overloaded"),
    ("7-maintenance", "<h1>Maintenance</h1>", "", 200, Unavailable, "maintenance"),
    ("8-404", "", "", 404, Unreadable, "not_found"),
    ("8-start-without-link", START.replace(LINK, ""), "", 200, Unreadable, "layout_changed"),
    ("9-both", calendar(NONE + SLOT), "creneau/", 200, Unreadable, "contradictory"),
    ("9-both-by-data", calendar(NONE + DATA), "creneau/", 200, Unreadable, "contradictory"),
    ("9-neither", calendar("<h1>Choisissez votre créneau</h1>"), "creneau/", 200, Unreadable, "layout_changed"),
    ("9-title-unknown", html("Votre choix", NONE), "creneau/", 200, Unreadable, "layout_changed"),
    ("continue-start", START, "", 200, Unreadable, "mid_visit"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "rest", "status", "expected", "detail"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_decision_table(body: str, rest: str, status: int, expected: type[Reading], detail: str | None) -> None:
    reading = read(body, rest, status)
    assert type(reading) is expected
    assert detail_of(reading) == detail


@pytest.mark.parametrize(
    ("rest", "body", "detail"),
    [
        ("cgu/", CGU, None),
        ("cgu/?error=errorSessionInvalide", CGU, "session_expired"),
        ("cgu/?error=invalidCaptcha", CGU, "invalid"),
        ("cgu/", CGU.replace("<form", "<p>Le code de sécurité saisi est incorrect</p><form"), "invalid"),
        ("cgu/", CGU.replace("<form", "<p>Votre session a expiré</p><form"), "session_expired"),
        ("cgu/", CGU.replace("captchaUsercode", "code"), None),
        (
            "cgu/",
            CGU.replace("<input", "<div class=g-recaptcha></div><input").replace("captchaUsercode", "x"),
            "recaptcha",
        ),
    ],
)
def test_the_captcha_and_why(rest: str, body: str, detail: str | None) -> None:
    reading = read(body, rest)
    assert isinstance(reading, Obstructed)
    assert (reading.obstacle, reading.detail) == ("captcha", detail)


def test_conditions_without_captcha_are_not_known() -> None:
    assert detail_of(read(html("Constituez votre dossier", "<form></form>"), "cgu/")) == "layout_changed"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (None, NotYetOpen),
        (datetime(2026, 5, 11, 9, 57, tzinfo=UTC), NotYetOpen),
        (datetime(2026, 5, 11, 9, 58, tzinfo=UTC), NoSlot),
    ],
)
def test_a_publication_to_come(at: datetime | None, expected: type[Reading]) -> None:
    reading = read(calendar(NONE + LAST + NEXT), "creneau/", context=Context(zone=PARIS, at=at))
    assert type(reading) is expected
    if isinstance(reading, NotYetOpen):
        assert reading.opens_at == datetime(2026, 5, 11, 9, 58, tzinfo=UTC)
    if isinstance(reading, NoSlot):
        assert reading.last_published == datetime(2026, 5, 4, 9, 58, tzinfo=UTC)


def test_the_last_publication_in_the_prefecture_s_legal_time() -> None:
    reading = read(calendar(NONE + LAST), "creneau/", context=Context(zone=ZoneInfo("America/Cayenne")))
    assert reading == NoSlot(
        seen=Seen("Aucun créneau disponible", "h2"),
        last_published=datetime(2026, 5, 4, 11, 58, tzinfo=ZoneInfo("America/Cayenne")),
        next_week=date(2026, 5, 18),
    )


def test_an_announcement_without_date_takes_no_other_s() -> None:
    soon = "<p>Prochaine mise en ligne de rendez-vous : bientôt</p>"
    reading = read(calendar(NONE + soon + LAST), "creneau/")
    assert isinstance(reading, NoSlot)
    assert reading.last_published == datetime(2026, 5, 4, 9, 58, tzinfo=UTC)


@pytest.mark.parametrize("broken", ["31/02/2026", "4/5/26", ""])
def test_a_date_that_cannot_be_is_not_told(broken: str) -> None:
    reading = read(calendar(NONE + LAST.replace("04/05/2026", broken)), "creneau/")
    assert isinstance(reading, NoSlot)
    assert reading.last_published is None


@pytest.mark.parametrize(
    "none",
    [
        '<div class="text-center q-pa-md"><h2><span>Aucun</span> créneau&nbsp;disponible</h2></div>',
        '<div class="q-pa-md text-center">AUCUN CR&Eacute;NEAU DISPONIBLE.<br/>Veuillez réessayer.</div>',
        "<section><h2 class=x>Aucun créneau\n disponible</h2></section>",
    ],
)
def test_however_the_sentence_is_set(none: str) -> None:
    assert isinstance(read(calendar(none), "creneau/"), NoSlot)


@pytest.mark.parametrize(
    "body",
    [
        "<div class=q-pa-md>Aucun créneau disponible sur cette semaine</div>",
        "<div class=q-pa-md>Aucun créneau disponible à partir de cette date.<br/>Veuillez réessayer.</div>",
        "<div class=q-mt-md><div>Aucun créneau disponible</div></div>",
        "<h2>Aucun créneau disponible ?</h2>",
        "<article><h2>Aucun créneau disponible</h2></article>",
        "<h2 hidden>Aucun créneau disponible</h2>",
        '<h2 v-if="vide">Aucun créneau disponible</h2>',
        "<!-- <h2>Aucun créneau disponible</h2> --><script>'Aucun créneau disponible'</script>",
        "<p>Si « Aucun créneau disponible » s'affiche, revenez.</p>",
        '<input type="hidden" value="Aucun créneau disponible">',
    ],
)
def test_a_sentence_that_is_not_about_the_desk(body: str) -> None:
    assert detail_of(read(calendar(body), "creneau/")) == "layout_changed"


@pytest.mark.parametrize("rest", ["", "cgu/", "confirmation/"])
def test_the_sentence_on_another_step(rest: str) -> None:
    assert isinstance(read(calendar(NONE), rest), Unreadable)


@pytest.mark.parametrize(
    "url",
    [
        "https://rdv.example.org/rdvpref/reservation/demarche/2246/creneau/?x=1",
        "http://127.0.0.1:8443/rdvpref/reservation/demarche/2246/creneau",
        "https://archive.example.org/capture.html",
    ],
)
def test_whatever_the_host(url: str) -> None:
    assert isinstance(read(calendar(NONE), url), NoSlot)


def test_another_demarche_is_not_ours() -> None:
    assert isinstance(read(calendar(NONE), URL.replace("2246", "9040") + "creneau/"), Unreadable)
    assert isinstance(RdvPrefecture(0).read(page(calendar(NONE), "creneau/"), Context(zone=PARIS)), NoSlot)


def test_the_label_of_the_start_page() -> None:
    known, unknown = Context(zone=PARIS, label="remise de titre"), Context(zone=PARIS, label="naturalisation")
    assert read(START, context=known) == Unreadable(why="mid_visit", step="accueil", seen=Seen(LABEL, "h1"))
    assert detail_of(read(START, context=unknown)) == "layout_changed"


def test_a_start_page_without_its_link_tells_health_where() -> None:
    reading = read(START.replace(LINK, ""))
    assert reading == Unreadable(why="layout_changed", step="accueil", seen=Seen(LABEL, "h1"))


def visit(*pages: Page) -> tuple[Reading, list[Move]]:
    walk = DESK.visit(Context(zone=PARIS))
    moves = [next(walk)]
    try:
        for answer in pages:
            moves.append(walk.send(answer))
    except StopIteration as end:
        reading: Reading = end.value
        return reading, moves
    raise AssertionError(f"a third request: {moves[-1]}")


def test_the_walk_ends_at_the_captcha() -> None:
    reading, moves = visit(page(START), page(CGU, "cgu/"))
    assert detail_of(reading) == "captcha"
    assert moves == [(Open(URL),), (Open("/rdvpref/reservation/demarche/2246/cgu/", "Prendre un rendez-vous"),)]


@pytest.mark.parametrize(
    ("pages", "requests", "expected"),
    [
        ([page("", status=403)], 1, "waf"),
        ([page(START.replace(LINK, ""))], 1, "layout_changed"),
        ([page(START), page(START)], 2, "layout_changed"),
        ([page(START), page("", "cgu/", 503)], 2, "overloaded"),
        ([page(START), page(calendar(NONE), "creneau/")], 2, None),
    ],
)
def test_the_walk_is_two_requests_at_most(pages: list[Page], requests: int, expected: str | None) -> None:
    reading, moves = visit(*pages)
    assert (len(moves), detail_of(reading)) == (requests, expected)


def test_the_platform_s_arguments() -> None:
    assert (DESK.name, DESK.url, DESK.needs_browser) == ("rdv_prefecture", URL, False)


def test_a_slot_is_told_by_its_own_label() -> None:
    """Labels of other fields stand before and after it."""
    other = '<label for="x">14h00 (complet)</label>'
    reading = read(calendar(other + SLOT + other.replace("x", "y")), "creneau/")
    assert isinstance(reading, SlotsOpen)
    assert reading.seen == Seen("09h00", "input[id^=trhId_]")
    without = read(calendar(other + SLOT.replace('<label for="trhId_9">09h00</label>', "")), "creneau/")
    assert isinstance(without, SlotsOpen)
    assert without.seen.text == "trhId_9"
