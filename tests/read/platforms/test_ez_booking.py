"""Each row of the decision table of PLATFORMS section 2 (and 2b), on single pages. The walk: test_platform_ez_visit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.core.prefecture import Context, Page
from monitor.core.readings import (
    Closed,
    NoSlot,
    NotYetOpen,
    Obstructed,
    Reading,
    SlotsOpen,
    Unavailable,
    Unreadable,
    detail_of,
)
from monitor.read.platforms.ez_booking import EzBooking, together
from monitor.read.platforms.ez_page import address

DESK = EzBooking("www.val-doise.gouv.fr", 14666)
BASE = "https://www.val-doise.gouv.fr/booking/create/14666"
PARIS = Context(zone=ZoneInfo("Europe/Paris"))
SENTENCE = (
    "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous. Veuillez recommencer ultérieurement."
)
NONE_AT_ALL = "Il n'y a pas calendrier disponible pour effectuer une demande de rendez-vous"
NO_CALENDAR = f'<ul class="error"><li>{NONE_AT_ALL}</li></ul>'
CAPTCHA = "<h2>Contrôle de sécurité</h2><div class=g-recaptcha></div>"
OWN_CAPTCHA = '<img id="ezbooking-captcha-image" src="/c">'
HAPROXY = "<h1>403 Forbidden</h1>Request forbidden by administrative rules."
CHECKED = "<h2>Vérification de disponibilité</h2>"
ONWARD = '<input type="submit" name="nextButton" value="Etape suivante">'
FIRST = '<input type="submit" name="nextButton" value="Première plage horaire libre">'
FINISH = '<input type="submit" name="finishButton" value="Terminer">'
CONDITION = '<input type="checkbox" name="condition" id="condition"><label for="condition">Veuillez cocher</label>'
RADIO = '<input type="radio" name="planning" id="planning1" value="1"><label for="planning1">Guichet 1</label>'
FREE = '<td class="status-1 free"><a href="/booking/create/14666/5/1602570600">libre</a></td>'
LEGEND = '<div id="caption_Booking"><p class="free">libre</p><table><td class="free"><a>libre</a></td></table></div>'


def form(body: str) -> str:
    return f'<form id="FormBookingCreate" name="create" method="post" action="{BASE}/1">{body}</form>'


def module(body: str, icon: str = "") -> str:
    icons = f'<ul id="Progress_Booking"><li><img src="/images/{icon}.png"></li></ul>' if icon else ""
    return f'<h1>Les services de l\'État</h1><div id="global_Booking">{icons}<div id="inner_Booking">{body}</div></div>'


def calendar(*cells: str, extra: str = "") -> str:
    return f'<div id="planning_Booking"><table><tr>{"".join(cells)}</tr></table>{extra}</div>'


def read(html: str, url: str = BASE + "/2", status: int = 200, context: Context = PARIS) -> Reading:
    return DESK.read(Page(url=url, status=status, body=html.encode()), context)


NO_SLOT = module(CHECKED + form(SENTENCE + FINISH))


TABLE: list[tuple[str, str, str, int, type[Reading], str | None]] = [
    ("1-free-cell", module(form(FIRST) + calendar(FREE)), "/4", 200, SlotsOpen, None),
    ("1-step-3", module(form(ONWARD), "etape_3r"), "/3", 200, SlotsOpen, "weak"),
    ("1-step-4", module(form(FIRST), "etape_4r"), "/4", 200, SlotsOpen, "weak"),
    ("2-sentence", NO_SLOT, "/2", 200, NoSlot, None),
    ("2-sentence-at-1", NO_SLOT, "/1", 200, NoSlot, None),
    ("3-no-calendar", module(NO_CALENDAR), "/1", 200, NoSlot, "no_calendar"),
    ("5-captcha", module(CAPTCHA), "/2", 200, Obstructed, "captcha"),
    ("5-captcha-of-the-module", module(OWN_CAPTCHA), "/6", 200, Obstructed, "captcha"),
    ("6-haproxy", HAPROXY, "", 403, Obstructed, "waf"),
    ("6-429", "", "", 429, Obstructed, "rate_limit"),
    ("6-empty-body", "", "", 200, Unreadable, "empty"),
    ("7-words", "<h1>Service surchargé</h1>", "/1", 200, Unavailable, "overloaded"),
    ("7-502", "", "", 502, Unavailable, "overloaded"),
    ("7-503", "", "", 503, Unavailable, "overloaded"),
    ("7-504", "", "", 504, Unavailable, "overloaded"),
    ("8-maintenance", "<title>Maintenance</title>", "", 200, Unavailable, "maintenance"),
    ("8-site-indisponible", "<h1>Site indisponible</h1>", "", 200, Unavailable, "maintenance"),
    ("9-disabled", "<p>Ce lien a été désactivé définitivement</p>", "", 200, Closed, None),
    ("9-404", "", "", 404, Unreadable, "not_found"),
    ("9-410", "", "", 410, Unreadable, "not_found"),
    ("11-no-container", NO_SLOT.replace("global_", "autre_"), "/2", 200, Unreadable, "layout_changed"),
    ("11-unknown-heading", NO_SLOT.replace("Vérif", "Rectif"), "/2", 200, Unreadable, "layout_changed"),
    ("11-anything-else", "<p>Bonjour</p>", "/2", 200, Unreadable, "layout_changed"),
    ("continue-step-0", module(form(CONDITION + ONWARD)), "/0", 200, Unreadable, "mid_visit"),
    ("continue-step-1", module(form(RADIO + ONWARD)), "/1", 200, Unreadable, "mid_visit"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("html", "url", "status", "expected", "detail"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_decision_table(html: str, url: str, status: int, expected: type[Reading], detail: str | None) -> None:
    reading = read(html, BASE + url, status)
    assert type(reading) is expected
    assert detail_of(reading) == detail


OPENING = ("mise en ligne chaque lundi à 9h", datetime(2026, 5, 11, 7, 0, tzinfo=UTC))
ANNOUNCED = NO_SLOT.replace("<h1>", "<p>Mise en ligne chaque lundi à 9h.</p><h1>")


@pytest.mark.parametrize(
    ("html", "at", "expected"),
    [
        (ANNOUNCED, None, NotYetOpen),
        (ANNOUNCED, datetime(2026, 5, 11, 6, 59, tzinfo=UTC), NotYetOpen),
        (ANNOUNCED, datetime(2026, 5, 11, 7, 0, tzinfo=UTC), NoSlot),
        (NO_SLOT, None, NoSlot),
        (module(form(CONDITION + ONWARD)) + "<p>Mise en ligne chaque lundi à 9h.</p>", None, Unreadable),
    ],
    ids=["4-future-unknown-now", "4-before", "4-past", "4-words-not-on-the-page", "4-no-sentence"],
)
def test_decision_table_opening_recorded_by_the_plugin(html: str, at: datetime | None, expected: type[Reading]) -> None:
    reading = read(html, context=Context(zone=PARIS.zone, at=at, opening=OPENING))
    assert type(reading) is expected
    if isinstance(reading, NotYetOpen):
        assert (reading.opens_at, reading.seen.text) == (OPENING[1], "Mise en ligne chaque lundi à 9h")


@pytest.mark.parametrize(
    "url",
    [
        "https://pprdv.interieur.gouv.fr/booking/create/14666/2",
        "https://www.val-doise.gouv.fr/index.php/booking/create/14666/2/",
        "https://www.val-doise.gouv.fr/layout/set/print/booking/create/14666/2?x=1#y",
        "http://127.0.0.1:8443/booking/create/14666/2",
        "https://archive.example.org/page.html",
    ],
)
def test_the_sentence_counts_whatever_the_host_and_prefix(url: str) -> None:
    assert isinstance(read(NO_SLOT, url), NoSlot)


@pytest.mark.parametrize(
    "html",
    [
        module(form(SENTENCE + FINISH)),
        module(CHECKED + form(f"<div><p>{SENTENCE}</p></div>")),
        module(CHECKED + form(SENTENCE.split(". ")[0] + ".")),
        module(CHECKED + form(SENTENCE.replace("plus de", "plus<br/>de").upper())),
        f"<section><div class=x>{NO_SLOT}</div></section><p>{SENTENCE}</p>",
        NO_SLOT.replace(FINISH, ""),
    ],
)
def test_what_a_table_allows_to_be_missing_or_added(html: str) -> None:
    assert isinstance(read(html), NoSlot)


@pytest.mark.parametrize(
    ("html", "url"),
    [
        (NO_SLOT, "/0"),
        (NO_SLOT, "/3"),
        (NO_SLOT, "/4"),
        (NO_SLOT, "/6"),
        (NO_SLOT.replace("14666", "1"), "9/2"),
        (module(CHECKED + form(FINISH)) + f"<p>{SENTENCE}</p>", "/2"),
        (module(CHECKED + form(FINISH) + f"<p>{SENTENCE}</p>"), "/2"),
        (module(CHECKED + form(f"<p hidden>{SENTENCE}</p>")), "/2"),
        (module(CHECKED + f"<form id=autre>{SENTENCE}</form>"), "/2"),
        (module(CHECKED + form(SENTENCE).replace("<form ", "<form hidden ")), "/2"),
        (module(CHECKED + form(f"<!-- {SENTENCE} -->")), "/2"),
        (module(CHECKED + form(f'<input value="{SENTENCE}">')), "/2"),
        (module(CHECKED + form(f"<script>'{SENTENCE}'</script>")), "/2"),
        (module(CHECKED + form(f"Message : « {SENTENCE} »")), "/2"),
        (module(CHECKED + form(SENTENCE.replace("n'existe plus", "existe encore"))), "/2"),
        (module(form(CONDITION + SENTENCE + ONWARD)), "/0"),
        (module(form(RADIO + SENTENCE + ONWARD)), "/1"),
        (module("<h2>Choix d'une plage</h2>" + form(SENTENCE)), "/2"),
        (module(f'<ul class="aide"><li>{NONE_AT_ALL}</li></ul>'), "/1"),
    ],
)
def test_a_sentence_that_is_not_the_answer(html: str, url: str) -> None:
    assert isinstance(read(html, BASE + url), Unreadable)


@pytest.mark.parametrize(
    ("html", "url"),
    [
        (module(CHECKED + form(SENTENCE)) + calendar(FREE), "/2"),
        (module(form(SENTENCE + ONWARD), "etape_3r"), "/3"),
        (module(NO_CALENDAR + calendar(FREE)), "/1"),
        (module(NO_CALENDAR + form(RADIO + ONWARD)), "/1"),
    ],
)
def test_both_answers_are_contradictory(html: str, url: str) -> None:
    assert detail_of(read(html, BASE + url)) == "contradictory"


@pytest.mark.parametrize(
    ("html", "url"),
    [
        (module(calendar('<td class="status-1 complete"><a>complet</a></td>', extra=LEGEND)), "/4"),
        (module(calendar('<td class="free complete"><a>libre</a></td>')), "/4"),
        (module(calendar('<td class="status-1 free">libre</td>')), "/4"),
        (module(calendar('<td class="status-1 free" hidden><a>libre</a></td>')), "/4"),
        (module(f"<table><tr>{FREE}</tr></table><p>libre</p>"), "/4"),
        (module(form(""), "etape_3r"), "/3"),
        (module(form(ONWARD), "etape_3"), "/3"),
        (module(form(ONWARD), "etape_1G"), "/3"),
        (module(form(ONWARD), "etape_3r"), "/2"),
        (module(form(FINISH), "etape_4r"), "/4"),
        (module("", "etape_4r") + form(FIRST), "/4"),
    ],
)
def test_no_opening_without_its_own_sign(html: str, url: str) -> None:
    assert detail_of(read(html, BASE + url)) == "layout_changed"


def test_a_captcha_beside_free_cells_hides_nothing() -> None:
    assert isinstance(read(module(calendar(FREE) + '<div class="g-recaptcha"></div>'), BASE + "/4"), SlotsOpen)


def test_first_day_is_the_earliest_cell_s_in_the_prefecture_s_zone() -> None:
    later = FREE.replace("1602570600", "1602657000")
    reading = read(module(calendar(later, FREE)), BASE + "/4")
    assert isinstance(reading, SlotsOpen)
    assert (reading.first_day, reading.seen.text, reading.weak) == (date(2020, 10, 13), "libre", False)
    night = FREE.replace("1602570600", "1602543600")  # 2020-10-12 23:00 UTC
    paris = read(module(calendar(night)), BASE + "/4")
    cayenne = read(module(calendar(night)), BASE + "/4", context=Context(zone=ZoneInfo("America/Cayenne")))
    assert isinstance(paris, SlotsOpen)
    assert isinstance(cayenne, SlotsOpen)
    assert (paris.first_day, cayenne.first_day) == (date(2020, 10, 13), date(2020, 10, 12))


def test_first_day_by_column_needs_a_whole_week() -> None:
    title = '<th colspan="7">Semaine du 12/10/2020 au 18/10/2020</th></tr><tr>'
    free, full = '<td class="free"><a href="/booking/create/14666/5">libre</a></td>', '<td class="status-2"></td>'
    whole = read(module(calendar(title, '<td class="time">9:00</td>', full * 2, free, full * 4)), BASE + "/4")
    part = read(module(calendar(title, full * 2, free)), BASE + "/4")
    assert isinstance(whole, SlotsOpen)
    assert isinstance(part, SlotsOpen)
    assert (whole.first_day, part.first_day) == (date(2020, 10, 14), None)


def test_another_booking_is_not_ours() -> None:
    reading = read(NO_SLOT, "https://www.val-doise.gouv.fr/booking/create/999/2")
    assert detail_of(reading) == "layout_changed"


def test_calendars_together() -> None:
    none, weak = read(NO_SLOT), read(module(form(ONWARD), "etape_3r"), BASE + "/3")
    strong, busy = read(module(calendar(FREE)), BASE + "/4"), read("", status=503)
    assert together([none, none]) == none
    assert together([none, busy, none]) == busy
    assert together([busy, none, weak]) == weak
    assert together([weak, strong, none]) == strong


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://a/booking/create/14666", (14666, None)),
        ("https://a/booking/create/14666/", (14666, None)),
        ("https://a/index.php/booking/create/14666/5/1602570600", (14666, 5)),
        ("https://a/booking/create/14666/2?x", (14666, 2)),
        ("https://a/booking/login", (None, None)),
        ("https://a/booking/create/" + "9" * 5000, (None, None)),
    ],
)
def test_address(url: str, found: tuple[int | None, int | None]) -> None:
    assert address(url) == found
