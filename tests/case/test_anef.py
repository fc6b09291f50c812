"""Which démarches are on the ANEF portal on a day: the dates of the table, and what it never says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from monitor.case.check.anef import anef_rows, on_anef, rows_from
from monitor.case.law_tables import law
from monitor.core.prefecture import Procedure


@pytest.mark.parametrize(
    ("procedure", "on", "standing"),
    [
        ("student", date(2021, 4, 30), "not_yet"),
        ("student", date(2021, 5, 1), "filed_there"),
        ("talent", date(2022, 3, 1), "date_uncertain"),
        ("talent", date(2023, 1, 1), "filed_there"),
        ("family_reunification", date(2023, 6, 25), "date_uncertain"),
    ],
)
def test_a_day_decides(procedure: Procedure, on: date, standing: str) -> None:
    assert [found for _row, found in on_anef(anef_rows(), procedure, on)] == [standing]


def test_residents_renew_there_since_july_2024() -> None:
    def there(on: date) -> list[str]:
        return [row.label for row, found in on_anef(anef_rows(), "renewal", on) if found == "filed_there"]

    assert set(there(date(2024, 7, 4))) - set(there(date(2024, 7, 3))) == {"renouvellement des cartes de résident"}


def test_regularisation_is_in_no_row() -> None:
    assert on_anef(anef_rows(), "aes", date(2026, 11, 24)) == ()


ROW: dict[str, Any] = {
    "label": "x", "procedures": ["student"], "from": date(2021, 1, 1), "by": date(2021, 1, 1),
    "sources": ["ceseda_annexe_9"],
}  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [{"procedures": ["studient"]}, {"by": date(2020, 1, 1)}, {"sources": []}, {"sources": ["ceseda_annexe_99"]}],
)
def test_an_unusable_row_is_refused_by_name(wrong: dict[str, Any]) -> None:
    assert len(rows_from({"row": [ROW]}, law())) == 1
    with pytest.raises(ValueError, match="anef: x"):
        rows_from({"row": [ROW | wrong]}, law())


def test_the_five_orders_of_the_annexe_are_each_named_and_none_is_called_an_amendment() -> None:
    cites = {one for row in anef_rows() for one in row.sources} - {"ceseda_annexe_9"}
    assert cites == {
        "arrete_2021_04_27", "arrete_2023_03_31", "arrete_2023_06_22", "arrete_2023_09_28", "arrete_2024_07_01",
    }  # fmt: skip
    assert not any("modifi" in law().sources[key].cite for key in cites)
