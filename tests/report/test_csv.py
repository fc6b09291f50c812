"""The one writer of CSV: nothing a site says is computed, drives a terminal, or turns what is read."""

from __future__ import annotations

import ast
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.paper.csv import plain, table
from tests.support.commands import ROOT

BAD = "=+-@\t\n＝＋－＠"
UNSAFE = "\x00\x1b\x7f\x9b\u202e\u2066\u200f\u061c\ud800"


def both(cell: str) -> tuple[str, str]:
    """A cell as each of the two gives it back to a reader of CSV."""
    french = csv.reader(io.StringIO(table(["a", "b"], [[cell, "x"]]).decode("utf-8-sig"), newline=""), delimiter=";")
    english = csv.reader(io.StringIO(plain(["a", "b"], [{"a": cell, "b": "x"}]), newline=""))
    rows = [[*french][1], [*english][1]]
    assert [row[1:] for row in rows] == [["x"], ["x"]]
    return rows[0][0], rows[1][0]


@pytest.mark.parametrize("first", BAD)
def test_a_formula_is_text(first: str) -> None:
    assert both(f"{first}1+1") == (f"'{first}1+1",) * 2


@pytest.mark.parametrize("unsafe", UNSAFE)
def test_what_drives_a_terminal_or_turns_the_order_is_replaced(unsafe: str) -> None:
    assert both(f"a{unsafe}b") == ("a\N{REPLACEMENT CHARACTER}b",) * 2


def test_lines_of_a_cell_end_in_one_way() -> None:
    assert both("a\r\nb\rc\nd") == ("a\nb\nc\nd",) * 2
    assert both("\r=1+1") == ("'\n=1+1",) * 2


def test_numbers_and_what_is_absent_stay_what_they_are() -> None:
    assert plain(["a", "b", "c"], [{"a": -3, "b": None}]) == "a,b,c\n-3,,\n"


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_what_is_harmless_is_unchanged(text: str) -> None:
    if not set(text) & set(UNSAFE) and not any("\u200e" <= c <= "\u200f" or "\u202a" <= c <= "\u2069" for c in text):
        assert both(text) == (f"'{text}" if text.startswith(tuple(BAD)) else text,) * 2


def test_no_other_module_writes_csv() -> None:
    found = []
    for path in (ROOT / "monitor").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("writer", "DictWriter"):
                found.append(path.relative_to(ROOT).as_posix())
    assert found == ["monitor/paper/csv.py"]
