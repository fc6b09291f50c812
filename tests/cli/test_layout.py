"""Lines fit the terminal and lose nothing; a pipe gets one record a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import width

from monitor.cli.layout import flowed, tabulated

CELLS = st.text(st.sampled_from("aé ○«»字한 ́-/.:\n\N{NO-BREAK SPACE}"), max_size=260)
ROWS = st.integers(1, 6).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), max_size=5))
COLUMNS = st.integers(60, 200)
SENTENCE = "« Il n'existe plus de plage horaire libre pour votre demande de rendez-vous. Veuillez recommencer. »"
ROW = ["○ aucun créneau, selon le site", "95/renouvellement-cergy", "2026-11-30 13:40", SENTENCE]


def letters(text: str) -> str:
    """What must not get lost: everything but white space."""
    return "".join(text.split())


@given(ROWS, COLUMNS, st.integers(0, 6))
def test_no_line_of_a_table_is_wider_than_the_terminal_and_nothing_is_lost(
    rows: list[list[str]], columns: int, indent: int
) -> None:
    lines = tabulated(rows, (), columns, indent)
    assert all(width(line) <= columns for line in lines)
    told, wanted = sorted(letters("".join(lines))), sorted(letters("".join(cell for row in rows for cell in row)))
    assert told == wanted


@given(st.lists(CELLS, max_size=6), COLUMNS, st.integers(0, 8), st.integers(0, 4))
def test_no_line_of_a_paragraph_is_wider_than_the_terminal_and_its_words_keep_their_order(
    cells: list[str], columns: int, indent: int, hang: int
) -> None:
    lines = flowed(cells, columns, indent, hang)
    assert all(width(line) <= columns for line in lines)
    assert letters("".join(lines)) == letters("".join(cells))


@given(ROWS)
def test_a_pipe_gets_one_record_a_line(rows: list[list[str]]) -> None:
    lines = tabulated(rows, (), 0)
    assert [line.count("\t") for line in lines] == [len(row) - 1 for row in rows]
    assert all(len(line.splitlines()) <= 1 for line in lines)


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_the_words_of_a_site_are_wrapped_and_never_cut(columns: int) -> None:
    lines = tabulated([ROW], (), columns)
    assert len(lines) > 1
    assert "…" not in "".join(lines)
    assert letters(SENTENCE) in letters("".join(lines))


def test_a_wide_terminal_gets_a_table_with_its_head_and_a_narrow_one_a_block_that_says_what_is_what() -> None:
    heads = ("reading", "check", "when", "")
    wide, narrow = tabulated([ROW], heads, 220), tabulated([ROW], heads, 60)
    assert wide[0].split() == ["reading", "check", "when"]
    assert len(wide) == 2
    assert narrow[0] == ROW[0]
    assert narrow[1].strip().startswith("check")


def test_a_column_that_is_empty_in_every_row_takes_no_place() -> None:
    assert tabulated([["a", "", "b"], ["c", "", "d"]], (), 80) == ["a  b", "c  d"]
    assert tabulated([["", ""]], (), 80) == []
