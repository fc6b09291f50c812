"""Each row of the decision tables of PLATFORMS sections 5 (Orion) and 6 (eAppointment)."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from monitor.core.prefecture import Context, Open, Page, Platform
from monitor.core.readings import NoSlot, Obstructed, Reading, SlotsOpen, Unavailable, Unreadable, detail_of
from monitor.read.platforms.eappointment import EAppointment
from monitor.read.platforms.orion import Orion

PARIS = Context(zone=ZoneInfo("Europe/Paris"))
ORION = Orion("https://esii-orion.com/orion-reservation/slots?account=EVMSPI&config=SEJOURREMISE")
EAPP = EAppointment("https://rdv-etrangers-94.interieur.gouv.fr/eAppointmentpref94/element/jsp/appointment.jsp")
BOX = '<div class="rdv-calendar calendar">{}</div>'
TIME = '<div class="header-date">20/01/2026</div><ul><li class="time-slot"><span class="hour">09:00</span></li></ul>'
NONE_BOX = '<div class="user-msg error">Aucun créneau n’est disponible.</div>'


def read(desk: Platform, body: str, status: int = 200) -> Reading:
    return desk.read(Page(url=desk.url, status=status, body=body.encode()), PARIS)


TWO_DAYS = '{"daySlots":[{"day":"%s","slots":[%s]},{"day":"%s","slots":[{"hour":"10:00"}]}]}'
SLOTS = '{"daySlots":[{"day":"2026-12-07","slots":[%s]}]}'
ORION_TABLE: list[tuple[str, str, int, type[Reading], str | None]] = [
    ("1-json", '{"daySlots":[{"day":"2025-01-20","slots":[{"hour":"09:00"}]}]}', 200, SlotsOpen, None),
    ("1-past-and-to-come-unknown", TWO_DAYS % ("2020-01-21", '{"hour":"09:00"}', "2026-12-20"), 200, SlotsOpen, None),
    ("1-rendered", BOX.format(TIME), 200, SlotsOpen, None),
    ("2-json", '{"daySlots": [ ], "success": true, "error": null}', 200, NoSlot, "by_data"),
    ("3-unknown-key", '{"daySlots": [ ], "other": [1]}', 200, Unreadable, "layout_changed"),
    ("3-error", '{"daySlots": [], "error": "timeout"}', 200, Unreadable, "layout_changed"),
    ("3-failed", '{"daySlots": [], "success": false}', 200, Unreadable, "layout_changed"),
    ("3-first-of-three-pages", '{"daySlots": [], "totalPages": 3}', 200, Unreadable, "too_many"),
    ("3-more-follows", '{"daySlots": [], "hasNext": true}', 200, Unreadable, "too_many"),
    ("3-one-page", '{"daySlots": [], "totalPages": 1, "hasNext": false}', 200, NoSlot, "by_data"),
    ("3-none-available", SLOTS % '{"hour":"09:00","available":false}', 200, Unreadable, "layout_changed"),
    ("3-count-of-slots", '{"daySlots":[{"day":"2026-12-07","slotCount":3}]}', 200, Unreadable, "layout_changed"),
    ("3-slot-of-another-shape", SLOTS % "1", 200, Unreadable, "layout_changed"),
    ("3-slot-without-hour", SLOTS % '{"hour":"matin"}', 200, Unreadable, "layout_changed"),
    ("3-availability-is-no-word", SLOTS % '{"hour":"09:00","available":"non"}', 200, Unreadable, "layout_changed"),
    ("3-day-that-is-none", '{"daySlots":[{"day":"lundi","slots":[]}]}', 200, Unreadable, "layout_changed"),
    ("1-one-available", SLOTS % '{"hour":"9h00","available":false},{"hour":"9h15"}', 200, SlotsOpen, None),
    ("2-rendered", BOX.format("") + NONE_BOX, 200, NoSlot, None),
    ("3-key-missing", '{"days":[]}', 200, Unreadable, "layout_changed"),
    ("3-key-null", '{"daySlots":null}', 200, Unreadable, "layout_changed"),
    ("3-days-without-slots", '{"daySlots":[{"day":"2025-01-20","slots":[]}]}', 200, Unreadable, "layout_changed"),
    ("3-key-elsewhere", '{"data":{"daySlots":[]}}', 200, Unreadable, "layout_changed"),
    ("3-broken-json", '{"daySlots":[', 200, Unreadable, "layout_changed"),
    ("3-message-without-calendar", NONE_BOX, 200, Unreadable, "layout_changed"),
    ("3-another-message", BOX.format("") + "<p class='user-msg error'>Erreur</p>", 200, Unreadable, "layout_changed"),
    ("3-not-run", "<app-root></app-root><script src=main.js></script>", 200, Unreadable, "layout_changed"),
    ("3-hidden-slot", BOX.format(TIME.replace("<li ", "<li hidden ")), 200, Unreadable, "layout_changed"),
    ("3-slot-without-words", BOX.format('<ul><li class="time-slot"></li></ul>'), 200, Unreadable, "layout_changed"),
    ("3-error-of-another-box", BOX.format("") + "<p class=error>Aucun créneau</p>", 200, Unreadable, "layout_changed"),
    ("3-message-no-error", BOX.format("") + "<p class=user-msg>Aucun créneau</p>", 200, Unreadable, "layout_changed"),
    ("3-both", BOX.format(TIME) + NONE_BOX, 200, Unreadable, "contradictory"),
    ("4-403", "", 403, Obstructed, "waf"),
    ("4-429", "", 429, Obstructed, "rate_limit"),
    ("5-503", '{"daySlots":[]}', 503, Unavailable, "overloaded"),
    ("5-500", '{"daySlots":[]}', 500, Unavailable, "server_error"),
]  # fmt: skip
CHOOSING = "<h2>3/4 : Lieu, date et heure</h2><input id=dayValueId><table><tr><td>{}</td></tr></table>"
DAY = '<a class="ui-state-default" href="#">14</a>'
ALERT = "Aucun rendez-vous n'est possible pour les motifs selectionnnés ou le créneau horaire séléctionné."
NONE = "Aucun rendez-vous n'est disponible actuellement pour le motif sélectionné. Veuillez vous reconnecter."
DWR = '//#DWR-INSERT\n//#DWR-REPLY\nalert("{}");'
DWR_ERROR = '//#DWR-REPLY\ndwr.engine._remoteHandleException("0","0",{message:"Error"});'
MOTIVES = '<form id="motiveForm"><input type="checkbox" name="selectedMotiveKeyList"></form>'
ELSEWHERE = CHOOSING.replace("3/4", "2/4")
OFF = CHOOSING.replace("<td>", "<td class=ui-state-disabled>")
LOCKED = CHOOSING.replace("<input ", "<input disabled ")
CAPTCHA = '<div class="choice_captcha"><div class="img_captcha"><img src="/i"></div>Code de vérification (*)</div>'
EAPP_TABLE: list[tuple[str, str, int, type[Reading], str | None]] = [
    ("1-enabled-day", CHOOSING.format(DAY), 200, SlotsOpen, None),
    ("1-no-enabled-day", CHOOSING.format("<span class=ui-state-default>14</span>"), 200, Unreadable, "layout_changed"),
    ("1-unselectable", OFF.format(DAY), 200, Unreadable, "layout_changed"),
    ("1-day-on-another-step", ELSEWHERE.format(DAY), 200, Unreadable, "layout_changed"),
    ("1-field-disabled", LOCKED.format(DAY), 200, Unreadable, "layout_changed"),
    ("2-none-page", f"<p>{NONE}</p>", 200, NoSlot, None),
    ("2-none-alert-page", f"<p>{ALERT}</p>", 200, NoSlot, None),
    ("2-none-alert-dwr", DWR.format(ALERT), 200, NoSlot, None),
    ("2-none-alert-dwr-escaped", DWR.format(ALERT.replace("é", r"\u00e9").replace("'", r"\'")), 200, NoSlot, None),
    ("3-captcha", CAPTCHA, 200, Obstructed, "captcha"),
    ("4-incapsula", '<iframe src="/_Incapsula_Resource?x"></iframe>', 200, Obstructed, "waf"),
    ("5-503", "", 503, Unavailable, "overloaded"),
    ("5-500", "", 500, Unavailable, "server_error"),
    ("6-404", "", 404, Unreadable, "not_found"),
    ("7-dwr-error", DWR_ERROR, 200, Unavailable, "server_error"),
    ("8-anything-else", "<p>Bonjour</p>", 200, Unreadable, "layout_changed"),
    ("8-other-alert", DWR.format("Veuillez saisir un code postal valide."), 200, Unreadable, "layout_changed"),
    ("8-contradictory", CHOOSING.format(DAY) + f"<p>{NONE}</p>", 200, Unreadable, "contradictory"),
    ("continue-motives", MOTIVES, 200, Unreadable, "mid_visit"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "status", "expected", "detail"), [row[1:] for row in ORION_TABLE], ids=[row[0] for row in ORION_TABLE]
)
def test_orion_decision_table(body: str, status: int, expected: type[Reading], detail: str | None) -> None:
    reading = read(ORION, body, status)
    assert type(reading) is expected
    assert detail_of(reading) == detail


@pytest.mark.parametrize(
    ("body", "status", "expected", "detail"), [row[1:] for row in EAPP_TABLE], ids=[row[0] for row in EAPP_TABLE]
)
def test_eappointment_decision_table(body: str, status: int, expected: type[Reading], detail: str | None) -> None:
    reading = read(EAPP, body, status)
    assert type(reading) is expected
    assert detail_of(reading) == detail


@pytest.mark.parametrize(
    ("body", "first"),
    [
        (TWO_DAYS % ("2025-01-21", '{"hour":"09:00"}', "2025-01-20"), date(2025, 1, 20)),
        (TWO_DAYS % ("2025-01-19", "", "2025-01-20"), date(2025, 1, 20)),
        (BOX.format(TIME), date(2026, 1, 20)),
    ],
)
def test_orion_first_day(body: str, first: date | None) -> None:
    reading = read(ORION, body)
    assert isinstance(reading, SlotsOpen)
    assert reading.first_day == first


def test_orion_is_verbatim_and_bounded() -> None:
    none = read(ORION, '{"daySlots" :\n [ ]}')
    assert isinstance(none, NoSlot)
    assert none.seen.text == '"daySlots" : [ ]'
    assert detail_of(read(ORION, '{"daySlots":[]}' + " " * 1_000_001)) == "too_big"


@pytest.mark.parametrize(("desk", "browser"), [(ORION, True), (EAPP, False)])
def test_one_request(desk: Platform, browser: bool) -> None:
    walk = desk.visit(PARIS)
    (opened,) = next(walk)
    assert isinstance(opened, Open)
    assert opened.url == desk.url
    assert (opened.answer is not None) is browser, "a browser waits for the answer to the page's own script"
    with pytest.raises(StopIteration):
        walk.send(Page(url=desk.url, status=200, body=b"<p>"))
    assert desk.needs_browser is browser
