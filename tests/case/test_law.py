"""The dated table of the law and the table of the courts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.case.courts import courts_from
from monitor.case.law import beside, law_from
from monitor.case.law_tables import courts, law
from monitor.catalogue.catalogue import load

CODE = {"of": "du code", "short": "CODE", "state": date(2026, 4, 3), "where": "copie"}
ROW = {"code": "x", "number": "L. 1", "says": "dit", "says_en": "says"}
PAGE = {
    "cite": "Une page", "short": "page", "says": "dit", "says_en": "says", "read": "notes", "state": date(2026, 4, 3),
    "confidence": "likely", "where": "ici",
}  # fmt: skip


def table(**page: Any) -> dict[str, Any]:
    return {"code": {"x": CODE}, "article": {"x_l1": ROW}, "source": {"page": PAGE | page}}


def test_the_table_of_the_package_is_sound() -> None:
    sources = law().sources
    assert len({one.short for one in sources.values()}) == len(sources), "a claim names one row"
    for one in sources.values():
        assert one.says[-1] != ".", one.key
        assert "\n" not in one.cite + one.says + one.says_en + one.where, one.key


def test_an_article_has_what_its_code_has() -> None:
    one = law_from(table()).sources["x_l1"]
    assert (one.cite, one.short, one.read, one.state) == ("article L. 1 du code", "CODE L. 1", "whole", CODE["state"])


@pytest.mark.parametrize(
    "page",
    [{"confidence": "certain"}, {"read": "none"}, {"read": "seen"}, {"says_en": " "}, {"confidence": "guess"}],
)
def test_a_row_that_claims_more_than_was_read_is_refused(page: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="law: page"):
        law_from(table(**page))


@pytest.mark.parametrize(
    ("on", "old"), [(date(2026, 4, 3), False), (date(2027, 4, 3), False), (date(2027, 4, 4), True)]
)
def test_a_row_is_to_be_read_again_after_a_year(on: date, old: bool) -> None:
    read = law_from(table())
    assert [one.key for one in read.old(on)] == (["x_l1", "page"] if old else [])
    for lang, words in (("fr", "à relire"), ("en", "to be read again")):
        assert (words in beside([read.sources["page"]], on, lang)) is old
        assert (words.upper() in read.sources["page"].whole(on, lang)) is old


def test_the_state_is_always_beside_a_claim() -> None:
    on = date(2026, 11, 30)
    for one in law().sources.values():
        if one.read != "none":
            assert one.state.isoformat() in beside([one], on, "fr"), one.key


def test_sources_of_one_state_share_their_remark() -> None:
    rows = law().of(["ceseda_r432_1", "ceseda_r432_2", "ce_493514", "choice"])
    assert beside(rows, date(2026, 11, 30), "fr") == (
        "CESEDA R.* 432-1, CESEDA R. 432-2 (état 2026-04-03) ; CE avis 493514 (analyse officielle lue, état 2026-11-30)"
        " ; choix du projet, sans source"
    )


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 400))
def test_what_is_old_stays_old(on: date, later: int) -> None:
    one = law_from(table()).sources["page"]
    assert not one.old(on) or one.old(date.fromordinal(on.toordinal() + later))


def test_every_prefecture_has_its_court() -> None:
    declared = {one.code for one in load("prefectures").prefectures}
    assert declared <= courts().keys()
    assert len(courts()) == 109


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("95", "tribunal administratif de Cergy-Pontoise"),
        ("02", "tribunal administratif d'Amiens"),
        ("75", "tribunal administratif de Paris"),
        ("2A", "tribunal administratif de Bastia"),
        ("974", "tribunal administratif de Saint-Denis"),
        ("45", "tribunal administratif d'Orléans"),
    ],
)
def test_a_court_is_named_as_the_article_names_it(code: str, name: str) -> None:
    assert courts()[code].name == name


def test_a_court_that_comes_twice_is_refused() -> None:
    row = {"code": "95", "departement": "Val-d'Oise", "seat": "Cergy-Pontoise"}
    with pytest.raises(ValueError, match="line 3"):
        courts_from([row, row])
