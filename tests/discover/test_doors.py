"""The doors of a PAN, told apart as a page lays them out: headings, a list, a table, one sentence."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.core.prefecture import Provenance
from monitor.discover.doors import keys_of, places_found
from monitor.discover.found import Candidate, Discovery, Examined
from monitor.discover.verdict import PageFinding, PageStanding
from monitor.read.notices.facts import PublishedFacts, read_notice
from monitor.read.notices.rules import notice_rules
from tests.discover.test_proposal import AT

URL = "https://www.ardeche.gouv.fr/Demarches/Etrangers/PAN"
TOLD = Provenance("test", "2026-11-30", "confirmed_1")
INTRO = "<p>Le point d'accueil numérique (PAN) aide les étrangers à demander un titre de séjour sur l'ANEF.</p>"


def read(body: str) -> PublishedFacts:
    return read_whole(INTRO + body)


def read_whole(body: str) -> PublishedFacts:
    title = "Point d'accueil numérique"
    head = f"<html lang=fr><head><title>{title}</title></head>"
    page = f"{head}<body><main><h1>{title}</h1>{body}</main></body></html>"
    return read_notice(page.encode(), "text/html; charset=utf-8", URL, notice_rules(), at=date(2026, 11, 30))


TWO = [("Privas", "4 place des Tilleuls", "01 99 00 07 01"), ("Annonay", "17 rue du Moulin-Neuf", "01 99 00 07 11")]
HEADINGS = "".join(f"<h2>{c}</h2><p>{s}, 07000 {c}<br>Le lundi de 8h45 à 11h45<br>Tél. : {p}</p>" for c, s, p in TWO)
LIST = "<ul>" + "".join(f"<li>{c} : {s}, 07000 {c}, le lundi de 9h à 11h45, {p}</li>" for c, s, p in TWO) + "</ul>"
TABLE = (
    "<table><tr><th>Lieu</th><th>Adresse</th><th>Horaires</th><th>Téléphone</th></tr>"
    + "".join(
        f"<tr><td>{c}</td><td>{s}, 07000 {c}</td><td>le lundi de 9h à 11h45</td><td>{p}</td></tr>" for c, s, p in TWO
    )
    + "</table>"
)


@pytest.mark.parametrize("body", [HEADINGS, LIST, TABLE])
def test_each_door_keeps_its_own_address_number_and_name(body: str) -> None:
    doors = read(body).pan_doors
    assert [(door.name, door.details.places[0].partition(",")[0], door.details.phones) for door in doors] == [
        (city, street, (phone,)) for city, street, phone in TWO
    ]
    assert all(door.details.hours and street in door.seen for door, (_, street, _) in zip(doors, TWO, strict=True))


def test_one_door_takes_all_that_is_said() -> None:
    (door,) = read(
        "<p>Sur rendez-vous au 01 99 00 07 01.</p><p>Adresse : 4 place des Tilleuls, 07000 Privas.</p>"
    ).pan_doors
    assert (door.name, door.details.phones) == (None, ("01 99 00 07 01",))


def test_a_door_for_others_and_a_filing_address_are_no_doors() -> None:
    body = (
        "<h2>Privas</h2><p>4 place des Tilleuls, 07000 Privas<br>Tél. : 01 99 00 07 01</p>"
        "<h2>Annonay (carte grise et permis de conduire)</h2><p>17 rue du Moulin-Neuf, 07100 Annonay</p>"
        "<h2>Par courrier</h2><p>Envoyez votre demande de titre de séjour par courrier : 8 quai des Tanneurs, 07000 "
        "Privas.</p>"
    )
    assert [door.details.places for door in read(body).pan_doors] == [("4 place des Tilleuls, 07000 Privas",)]


DOOR = "<p>4 place des Tilleuls, 07000 Privas<br>Le lundi de 9h à 12h<br>Sur rendez-vous au 01 99 00 07 01</p>"
PAN = "Point d'accueil numérique"


@pytest.mark.parametrize(
    "said",
    [
        "Un point d'accueil numérique pour les étrangers ouvrira le 1er mars 2027 à la préfecture.",
        "En 2021, un point d'accueil numérique recevait les étrangers à la sous-préfecture.",
        "Il n'existe pas de point d'accueil numérique pour les étrangers à la préfecture.",
    ],
)
def test_a_pan_to_come_one_that_was_and_none_at_all_have_no_door(said: str) -> None:
    facts = read_whole(f"<p>{said}</p>{DOOR}")
    assert facts.pan.status == "not_found"
    assert facts.pan_doors == ()


def test_a_pan_of_another_prefecture_has_no_door_here() -> None:
    facts = read_whole(
        "<p>Les étrangers sont reçus au point d'accueil numérique de la préfecture du Rhône, à Lyon.</p>"
        "<p>97 rue Molière, 69003 Lyon, du lundi au vendredi de 9h à 12h, 01 99 00 69 69</p>"
    )
    assert (facts.pan.status, facts.pan_doors) == ("not_found", ())


@pytest.mark.parametrize("verb", ["ne reçoit pas", "n'accueille pas", "n'aide plus", "n'accompagne pas"])
def test_a_pan_that_shuts_foreigners_out_is_not_theirs_whatever_follows(verb: str) -> None:
    words = f"Le {PAN.lower()} {verb} les étrangers : pour un titre de séjour, écrivez à la préfecture."
    facts = read_whole(f"<p>{words}</p>{DOOR}")
    assert facts.pan.for_foreigners is not True
    assert facts.pan_doors == ()


def test_a_door_said_to_be_closed_is_none_and_the_other_stays() -> None:
    closed = "<h2>Annonay</h2><p>Ce point est fermé définitivement.</p><p>17 rue du Moulin-Neuf, 07100 Annonay</p>"
    assert [door.details.places for door in read(f"<h2>Privas</h2>{DOOR}{closed}").pan_doors] == [
        ("4 place des Tilleuls, 07000 Privas",)
    ]


def test_the_ladder_s_own_words_publish_no_pan_and_open_the_counter() -> None:
    title = "Modalités"
    words = (
        "Si vous n'arrivez pas à déposer votre demande en ligne malgré l'aide du centre de contact citoyen et du point "
        "d'accueil numérique, vous pouvez déposer votre demande de titre de séjour au guichet de la préfecture."
    )
    page = f"<html><head><title>{title}</title></head><body><main><h1>{title}</h1><p>{words}</p></main></body></html>"
    facts = read_notice(page.encode(), "text/html; charset=utf-8", URL, notice_rules(), at=date(2026, 11, 30))
    assert facts.pan.status == "not_found"
    assert facts.channels["counter"].published
    assert facts.channels["counter"].substitution


def examined(body: str) -> Discovery:
    facts = read(body)
    page = Examined(Candidate(URL, [URL], "link", 0), URL, URL, PageStanding(name="PAN"))
    page.findings, page.doors = (PageFinding("pan", 95, "page_says"),), facts.pan_doors
    return Discovery("07", "https://www.ardeche.gouv.fr", 40, AT, AT, AT.date(), pages=[page])


@pytest.mark.parametrize("state", ["closed", "contradictory"])
def test_a_page_that_says_closed_proposes_no_place(state: str) -> None:
    found = examined(DOOR)
    found.pages[0].findings = (PageFinding("pan", 95, "page_says", detail=state),)
    assert list(places_found(found, TOLD)) == []


def test_a_place_keeps_service_mailboxes_of_the_state_and_nobody_s_own() -> None:
    boxes = "sp-annonay-pan@ardeche.gouv.fr, jeanne.exemple@ardeche.gouv.fr ou pan@ailleurs.example"
    found = examined(f"<p>4 place des Tilleuls, 07000 Privas. Rendez-vous : {boxes}.</p>")
    ((place, page, seen),) = places_found(found, TOLD)
    assert place.emails == ("sp-annonay-pan@ardeche.gouv.fr",)
    assert (place.kind, place.receives_foreigners, place.page) == ("pan", "yes", page.url)
    assert "place des Tilleuls" in seen
    assert "4placedestilleuls" in keys_of(place)
