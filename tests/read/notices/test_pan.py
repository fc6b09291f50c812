"""When a page publishes a point d'accueil numérique, whom it is for, and what only looks like one."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.read.notices.facts import PublishedFacts, read_notice
from monitor.read.notices.rules import notice_rules

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "sentences"
URL = "https://www.gard.gouv.fr/Demarches/Page"


def read(text: str, title: str = "Étrangers", url: str = URL) -> PublishedFacts:
    return read_notice(f"{title}\n\n{text}".encode(), None, url, notice_rules())


CASES = tomllib.loads((FIXTURES / "pan.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["text"])[:60])
def test_what_a_page_publishes_of_a_pan(case: dict[str, Any]) -> None:
    pan = read(case["text"], case["title"]).pan
    assert pan.status == case["status"]
    if pan.status != "not_found":
        assert pan.for_foreigners is case.get("for_foreigners")
        assert pan.seen is not None


def test_details_of_a_pan_in_practical_lines() -> None:
    text = (
        "Le point d'accueil numérique (PAN) de la préfecture accompagne les usagers de l'ANEF.\n\n"
        "Horaires : du lundi au jeudi de 9 h à 11 h 30\n"
        "Lieu : 10 avenue Feuchères, 30000 Nîmes\n"
        "Rendez-vous : 04.66.36.40.40 ou pref-pan@gard.gouv.fr"
    )
    found = read(text).pan.details
    assert found.hours == "du lundi au jeudi de 9 h à 11 h 30"
    assert found.places == ("10 avenue Feuchères, 30000 Nîmes",)
    assert found.phones == ("04.66.36.40.40",)
    assert found.emails == ("pref-pan@gard.gouv.fr",)
    assert found.access == ("phone", "email")


def test_the_ccc_number_is_not_the_pans() -> None:
    text = "Accompagnement :\n- le CCC au 0 806 001 620\n- le point d'accueil numérique de la préfecture, le lundi"
    facts = read(text)
    assert facts.pan.status == "published"
    assert facts.pan.details.phones == ()
    assert facts.ccc.phone == "0 806 001 620"


def test_the_ccc_number_is_the_pans_where_the_ccc_books_it() -> None:
    text = "Les rendez-vous au point d'accueil numérique sont donnés par le CCC au 0 806 001 620."
    assert read(text).pan.details.phones == ("0 806 001 620",)


def test_hours_of_the_telephone_line_are_not_the_pans() -> None:
    text = "Rendez-vous au point d'accueil numérique : permanence téléphonique de 10h30 à 12h30 au 04 66 36 40 40."
    found = read(text).pan.details
    assert found.hours is None
    assert found.phones == ("04 66 36 40 40",)


def test_another_service_on_the_next_line_is_not_the_pan() -> None:
    text = (
        "Point numérique : de 9h à 12h, permis de conduire et carte grise\n"
        "Titres de séjour : dépôt des dossiers de titre de séjour au guichet, 04 66 36 40 41"
    )
    pan = read(text, "Accueil du public").pan
    assert pan.for_foreigners is False
    assert pan.details.phones == ()


@pytest.mark.parametrize(
    "url", ["https://www.nicematin.com/pan", "https://gard.gouv.fr.example.com/", "https://xgouv.fr/"]
)
def test_no_pan_on_a_site_that_is_not_the_states(url: str) -> None:
    facts = read("Le point d'accueil numérique des étrangers est ouvert à la préfecture de 9h à 12h.", url=url)
    assert facts.pan.status == "not_found"
    assert facts.pan.seen is None


def test_a_closure_over_by_the_day_of_the_look() -> None:
    text = (
        "Le point d'accueil numérique des étrangers est ouvert à la préfecture le lundi de 9h à 12h.\n"
        "Le point d'accueil numérique est fermé du 1er au 15 août 2023."
    )
    page = f"Étrangers\n\n{text}".encode()
    later = read_notice(page, None, URL, notice_rules(), at=datetime(2024, 1, 1, tzinfo=UTC))
    assert later.pan.status == "published"


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        ("Le point d'accueil numérique est fermé jusqu'à nouvel ordre.", "open", "closed"),
        ("open", "Information du 1er juillet 2024 : le point d'accueil numérique est fermé.", "closed"),
        ("Le point d'accueil numérique est fermé depuis le 3 mars 2020.", "new", "published"),
        ("Le point d'accueil numérique est fermé.", "open", "contradictory"),
    ],
)
def test_the_last_dated_rule_wins_and_undated_ones_conflict(first: str, second: str, status: str) -> None:
    told = {
        "open": "Le point d'accueil numérique des étrangers est ouvert à la préfecture le lundi de 9h à 12h.",
        "new": "Depuis le 2 mai 2024, le point d'accueil numérique est ouvert à la préfecture le lundi de 9h à 12h.",
    }
    assert read(f"{told.get(first, first)}\n\n{told.get(second, second)}").pan.status == status


CLOSURE = "Le point d'accueil numérique des étrangers est fermé du 3 juin au 28 juin 2024."
OPENING = "Le point d'accueil numérique des étrangers vous accueille à la préfecture le lundi de 9h à 12h."


@pytest.mark.parametrize(
    ("day", "alone", "beside"),
    [
        (datetime(2024, 5, 2, tzinfo=UTC), "not_found", "published"),
        (datetime(2024, 6, 28, tzinfo=UTC), "closed", "closed"),
        (datetime(2024, 6, 29, tzinfo=UTC), "not_found", "published"),
    ],
    ids=["before", "on its last day", "after"],
)
def test_a_closure_holds_between_its_own_dates(day: datetime, alone: str, beside: str) -> None:
    def status(text: str) -> str:
        return read_notice(f"Étrangers\n\n{text}".encode(), None, URL, notice_rules(), at=day).pan.status

    assert status(CLOSURE) == alone
    assert status(f"{OPENING}\n\n{CLOSURE}") == beside


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Point d'accueil numérique des étrangers\nIl ouvrira bientôt, de 9h à 12h, à la préfecture.", "not_found"),
        ("Point d'accueil numérique des étrangers\nIl vous accueille de 9h à 12h à la préfecture.", "published"),
        ("Le guichet des cartes grises est fermé ; le point d'accueil numérique accueille les étrangers.", "published"),
        ("Le point d'accueil numérique des étrangers vous aide ; le guichet des permis est fermé.", "closed"),
        ("Le point d'accueil numérique est fermé : voir le point d'accueil numérique de Gex.", "closed"),
        ("Point d'accueil numérique des étrangers : fermé.", "closed"),
    ],
)
def test_what_closes_a_pan_or_only_announces_it(text: str, status: str) -> None:
    page = f"<main><h1>Étrangers</h1><h2>{text.replace(chr(10), '</h2><p>')}</p></main>" if "\n" in text else text
    assert read_notice(f"Étrangers\n\n{page}".encode(), None, URL, notice_rules()).pan.status == status


@pytest.mark.parametrize(
    ("paragraph", "status"),
    [
        ("<a href='/pan'>Le point d'accueil numérique de la préfecture</a>", "not_found"),
        ("<a href='/pan'>Le point d'accueil numérique</a> de la préfecture aide les étrangers.", "published"),
        ("<a href='/pan'>Prendre rendez-vous au point d'accueil numérique</a>", "published"),
    ],
)
def test_a_sentence_that_is_all_link_leads_elsewhere(paragraph: str, status: str) -> None:
    before = (
        "<p>Le bureau du séjour vous souhaite la bienvenue sur ses pages.</p>"  # places count from the page's start
    )
    page = f"<html><body><main><h1>Étrangers</h1>{before}<p>{paragraph}</p></main></body></html>"
    assert read_notice(page.encode(), None, URL, notice_rules()).pan.status == status
