"""Each row of the decision table of PLATFORMS section 4."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from monitor.core.prefecture import Context, Open, Page
from monitor.core.readings import Closed, NoSlot, Obstructed, Reading, SlotsOpen, Unavailable, Unreadable, detail_of
from monitor.read.platforms.rdv_service_public import RdvServicePublic

MOTIF = "Renouvellement de récépissés"
DESK = RdvServicePublic("https://rdv.anct.gouv.fr/prendre_rdv?public_link_organisation_id=2458", MOTIF)
PARIS = Context(zone=ZoneInfo("Europe/Paris"))
RECAP = f"<div class=card><h3>{MOTIF}</h3></div>"
NONE = "Malheureusement, aucun créneau correspondant à votre recherche n'a été trouvé."
CARD = f'<div class="card"><div class="card-body"><div class="rdv-font-weight-700">{NONE}</div></div></div>'
PLACE = (
    '<a class="d-block stretched-link" href="/prendre_rdv?lieu_id=12&amp;date=2026-06-09">'
    "Prochaine disponibilité le<br><strong>mardi 09 juin 2026 à 08h00</strong></a>"
)
SLOT = (
    '<a class="btn btn-light" href="/users/rdv_wizard_step/new?starts_at=2026-06-08T09:00" '
    'aria-label="Choisir le créneau du lundi 8 juin à 09:00">09:00</a>'
)
NEWER_SLOT = SLOT.replace("btn btn-light", "fr-btn fr-btn--tertiary")
GONE = f"<p class=alert>Le motif <b>{MOTIF}</b> n'est plus disponible à la réservation à <b>Melun</b></p>"
SHUT = "<p><strong>lundi</strong><br>8 juin</p><p>Date fermée à la reservation</p>"
MAINTENANCE = "<title>Service Indisponible - RDV Service Public</title><h1>Service indisponible</h1>"


def grid(*cells: str) -> str:
    return f'<div id="creneaux-lieu-12">{"".join(cells)}</div>'


def read(body: str, status: int = 200, desk: RdvServicePublic = DESK, context: Context = PARIS) -> Reading:
    return desk.read(Page(url=desk.url, status=status, body=body.encode()), context)


TABLE: list[tuple[str, str, int, type[Reading], str | None]] = [
    ("1-place", RECAP + PLACE, 200, SlotsOpen, None),
    ("1-slot", RECAP + grid(SLOT), 200, SlotsOpen, None),
    ("1-slot-of-the-newer-grid", RECAP + grid(NEWER_SLOT), 200, SlotsOpen, None),
    ("2-grid-closed", RECAP + grid(SHUT, SHUT), 200, NoSlot, "by_data"),
    ("3-none", RECAP + CARD, 200, NoSlot, None),
    ("3-none-without-card", f"<h1>{MOTIF}</h1><p>{NONE}</p>", 200, NoSlot, None),
    ("3-none-invitation", RECAP + CARD.replace("recherche", "invitation"), 200, NoSlot, None),
    ("4-none-without-motif", CARD, 200, Unreadable, "layout_changed"),
    ("5-no-organisation", '<div class="alert">Organisation non trouvée</div>', 200, Closed, None),
    ("5-motif-gone", GONE, 200, Closed, None),
    ("5-motif-absent-is-no-sentence", "<h1>Choisissez un motif</h1>", 200, Unreadable, "layout_changed"),
    ("6-429", '{"errors":["Limite d\'appels API atteinte."]}', 429, Obstructed, "rate_limit"),
    ("7-502", "", 502, Unavailable, "overloaded"),
    ("7-503", "", 503, Unavailable, "overloaded"),
    ("7-504", "", 504, Unavailable, "overloaded"),
    ("8-500-maintenance", MAINTENANCE, 500, Unavailable, "maintenance"),
    ("8-503-maintenance", MAINTENANCE, 503, Unavailable, "maintenance"),
    ("9-login-wall", "<form><input type=email><input type=password></form>", 200, Obstructed, "login"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "status", "expected", "detail"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_decision_table(body: str, status: int, expected: type[Reading], detail: str | None) -> None:
    reading = read(body, status)
    assert type(reading) is expected
    assert detail_of(reading) == detail


def test_a_closed_grid_says_which_kind_of_none() -> None:
    reading = read(RECAP + grid(SHUT))
    assert isinstance(reading, NoSlot)
    assert (reading.by_data, reading.detail) == (True, "beyond_booking_horizon")


@pytest.mark.parametrize(
    "cells",
    [
        (SHUT, "<p>Pas de créneau disponible</p>"),
        (SHUT, "<p>09:00</p>"),
        ("<p><strong>lundi</strong><br>8 juin</p>",),
        ("<p hidden>Date fermée à la reservation</p>",),
    ],
)
def test_a_grid_that_is_not_all_closed(cells: tuple[str, ...]) -> None:
    assert detail_of(read(RECAP + grid(*cells))) == "layout_changed"


def test_every_place_s_grid_counts() -> None:
    other = grid("<p>Pas de créneau disponible</p>").replace("lieu-12", "lieu-13")
    assert isinstance(read(RECAP + grid(SHUT) + grid(SHUT)), NoSlot)
    assert detail_of(read(RECAP + grid(SHUT) + other)) == "layout_changed"


def test_a_closed_grid_with_a_next_day_is_open() -> None:
    assert isinstance(read(RECAP + grid(SHUT, PLACE)), SlotsOpen)


@pytest.mark.parametrize("body", [RECAP + CARD + PLACE, RECAP + CARD + grid(SLOT)])
def test_both_answers_are_contradictory(body: str) -> None:
    assert detail_of(read(body)) == "contradictory"


@pytest.mark.parametrize(
    "body",
    [
        f"{RECAP}<p>Si « {NONE} » s'affiche, réessayez.</p>",
        f"{RECAP}<section id=faq><p>{NONE}</p></section>",
        f"{RECAP}<p hidden>{NONE}</p>",
        f"{RECAP}<!-- {NONE} -->",
        f"{RECAP}<p>{NONE.replace('aucun', 'un')}</p>",
        f"{RECAP}<p>Prochaine disponibilité le mardi 9 juin 2026</p>",
        f"{RECAP}<a href='/aide'>Prochaine disponibilité le 09/06/2026</a>",
        f"{RECAP}{SLOT}",
        f"{RECAP}{grid(SLOT.replace('<a ', '<a hidden '))}",
    ],
)
def test_words_that_are_not_the_answer(body: str) -> None:
    assert detail_of(read(body)) == "layout_changed"


@pytest.mark.parametrize(
    ("body", "first"),
    [
        (PLACE + PLACE.replace("09 juin", "2 juin"), date(2026, 6, 2)),
        (grid(SLOT), date(2026, 6, 8)),
        (grid(SLOT.replace("2026-06-08", "2026-99-99")), None),
        (PLACE.replace("2026", ""), None),
    ],
)
def test_first_day(body: str, first: date | None) -> None:
    reading = read(RECAP + body)
    assert isinstance(reading, SlotsOpen)
    assert reading.first_day == first


def test_the_label_where_the_desk_gives_one() -> None:
    free = RdvServicePublic(DESK.url)
    assert isinstance(read(CARD, desk=free), NoSlot)
    assert isinstance(read(CARD, desk=free, context=Context(zone=PARIS.zone, label="récépissés")), Unreadable)
    assert isinstance(read(RECAP + CARD, desk=free, context=Context(zone=PARIS.zone, label="RÉCÉPISSÉS")), NoSlot)


def test_one_request() -> None:
    walk = DESK.visit(PARIS)
    assert next(walk) == (Open(DESK.url),)
    with pytest.raises(StopIteration) as end:
        walk.send(Page(url=DESK.url, status=200, body=(RECAP + CARD).encode()))
    assert isinstance(end.value.value, NoSlot)
    assert (DESK.name, DESK.needs_browser) == ("rdv_service_public", False)


MOTIFS = (
    "<p>Sélectionnez le motif de votre RDV :</p><ul>"
    '<li><a href="/prendre_rdv?motif_name_with_location_type=a-public_office">Remise de titre</a></li>'
    f'<li><a href="/prendre_rdv?motif_name_with_location_type=b-public_office">{MOTIF}</a></li></ul>'
)


@pytest.mark.parametrize(
    ("body", "moves"), [(MOTIFS, 2), (MOTIFS.replace(MOTIF, "Autre"), 1), (MOTIFS + MOTIFS, 1), (RECAP + CARD, 1)]
)
def test_a_list_of_motifs_is_left_by_the_desk_s_own(body: str, moves: int) -> None:
    walk = RdvServicePublic("https://rdv.anct.gouv.fr/org/2458", MOTIF).visit(PARIS)
    asked, reading = [next(walk)], None
    answers = iter((body, RECAP + CARD))
    try:
        for answer in answers:
            asked.append(walk.send(Page(url="https://rdv.anct.gouv.fr/org/2458", status=200, body=answer.encode())))
    except StopIteration as end:
        reading = end.value
    assert isinstance(reading, NoSlot) == (moves == 2 or body == RECAP + CARD)
    assert len(asked) == moves
    if moves == 2:
        assert asked[1] == (Open("/prendre_rdv?motif_name_with_location_type=b-public_office", MOTIF),)
