from __future__ import annotations

import unicodedata
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.read.pages.text import (
    collapse,
    french_day,
    local_instant,
    matches,
    normalise,
    quote,
    said,
    says,
    without_comments,
)

FRENCH_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
SENTENCE = "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous."
PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    "shown",
    [
        SENTENCE,
        "Il n’existe plus de plage horaire libre pour votre demande de rendez-vous.",
        "IL N'EXISTE PLUS DE PLAGE HORAIRE LIBRE POUR VOTRE DEMANDE DE RENDEZ-VOUS.",
        "Il n´existe plus de plage horaire libre pour votre demande de rendez\u2011vous.",
        "Il n`existe plus de plage ho\u00adraire libre pour votre \u200bdemande de rendez\u2010vous.",
        "Il n'existe plus\u00a0de plage horaire\u202flibre \n pour votre demande de rendez-vous.",
    ],
)
def test_one_sentence_however_it_is_set(shown: str) -> None:
    assert normalise(shown) == normalise(SENTENCE)
    assert quote(collapse(f"Bonjour. {shown} Merci."), SENTENCE) == collapse(shown)


def test_a_quote_is_verbatim_where_letters_change_length() -> None:
    text = unicodedata.normalize("NFD", "Désolé : créneau à la Straße fermé, réessayez")
    assert quote(text, "À LA STRASSE FERMÉ") == unicodedata.normalize("NFD", "à la Straße fermé")


@given(st.text(), st.text(min_size=1), st.text())
def test_what_is_quoted_reads_as_the_phrase(before: str, phrase: str, after: str) -> None:
    text = collapse(before + phrase + after)
    found = quote(text, phrase)
    if found is not None:
        assert found in text
        assert normalise(phrase) in normalise(found)


@pytest.mark.parametrize(
    "blocks",
    [
        (SENTENCE,),
        ("Bonjour. " + SENTENCE + " Veuillez recommencer.",),
        ("Bonjour", SENTENCE[:-1]),
        ("Il n'existe plus de plage horaire", "libre pour votre demande de rendez-vous."),
    ],
)
def test_a_statement_begins_and_ends_a_sentence(blocks: tuple[str, ...]) -> None:
    found = says(blocks, SENTENCE)
    assert found is not None
    assert normalise(found).rstrip(".") == normalise(SENTENCE).rstrip(".")


@pytest.mark.parametrize(
    "block",
    [
        f"Que signifie « {SENTENCE} » ?",
        f"« {SENTENCE} »",
        f"Le message suivant s'affiche : {SENTENCE}",
        "S'" + SENTENCE[0].lower() + SENTENCE[1:],
        SENTENCE[:-1] + " ?",
        SENTENCE[:-1] + " à Cergy.",
        SENTENCE.replace("plus", "pas"),
    ],
)
def test_a_mention_is_no_statement(block: str) -> None:
    assert says((block,), SENTENCE) is None


def test_a_second_occurrence_may_be_the_statement() -> None:
    assert says((f"Si « {SENTENCE} » s'affiche", SENTENCE), SENTENCE) == SENTENCE


def test_a_label_is_found_whatever_its_spaces_and_apostrophes() -> None:
    assert matches(r"titre\ de\ séjour d[e']un étranger|l’étranger", "Remise du TITRE DE SÉJOUR de l'étranger")
    assert not matches("naturalisation", "Remise de titre")


def test_an_instant_is_that_of_the_prefecture() -> None:
    cayenne = ZoneInfo("America/Cayenne")
    assert local_instant("04/05/2026", "11h58", cayenne) == datetime(2026, 5, 4, 11, 58, tzinfo=cayenne)
    assert local_instant("31/02/2026", "11:58", PARIS) is None
    assert local_instant("04/05/2026", "25:00", PARIS) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Semaine du 12/10/2020 au 18/10/2020", date(2020, 10, 12)),
        ("lundi 05 août 2019 à 08h00", date(2019, 8, 5)),
        ("mardi 1er FÉVRIER 2028", date(2028, 2, 1)),
        ("31/02/2026", None),
        ("lundi 5 août", None),
        *((f"le 3 {name} 2026", date(2026, number, 3)) for number, name in enumerate(FRENCH_MONTHS, 1)),
    ],
)
def test_a_french_date(text: str, day: date | None) -> None:
    assert french_day(text) == day


def test_a_sentence_announced_by_a_colon_is_a_mention() -> None:
    assert says(("Le message suivant s'affiche :", SENTENCE), SENTENCE) is None
    assert says(("Le message suivant s'affiche.", SENTENCE), SENTENCE) == SENTENCE


def test_where_a_sentence_stands() -> None:
    found = said(
        ("Bonjour", "Guichet 1. Il n'existe plus de plage", "horaire. Merci.", "Fin"),
        "Il n'existe plus de plage horaire.",
    )
    assert found is not None
    assert (found.block, found.last, found.lead, found.after) == (1, 2, "Guichet 1.", "Merci. Fin")


def test_an_accent_that_stands_with_the_last_letter_goes_with_it() -> None:
    assert quote(".\u0301\u200b", ".") == ".\u0301\u200b"


@given(
    st.text(alphabet="ab -\u2011\u00ad\u200be\u0301´`'.", max_size=40),
    st.text(alphabet="ab -'é.", min_size=1, max_size=10),
)
def test_signs_that_are_read_as_others_leave_a_quote_verbatim(text: str, phrase: str) -> None:
    text = collapse(text)
    found = quote(text, phrase)
    assert found is None or (found in text and normalise(phrase) in normalise(found))


@pytest.mark.parametrize(
    ("script", "left"),
    [
        ("a // b\nc", "a  \nc"),
        ("a /* b\n */ c", "a   c"),
        ("a = 'x // y'; // z", "a = 'x // y';  "),
        ('u = "https://x.fr/a"; v', 'u = "https://x.fr/a"; v'),
        ('"a\\" // b" // c', '"a\\" // b"  '),
        ("/* never closed", " "),
        ('"never closed // x\ny // z', '"never closed // x\ny  '),
    ],
)
def test_a_script_without_its_comments(script: str, left: str) -> None:
    assert without_comments(script) == left
