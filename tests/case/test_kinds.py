"""What `--kind` may be: every one explained in both languages, under what it is about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from monitor.case.court import names
from monitor.case.court.names import GROUPS, kind_lines
from monitor.case.model import KINDS
from tests.support.commands import Vigie
from tests.support.courtcase import command


@pytest.fixture
def vigie(tmp_path: Path) -> Vigie:
    return command(tmp_path)


def test_every_kind_is_explained_in_both_languages_under_its_group() -> None:
    assert names.KINDS.keys() == KINDS.keys()
    assert set(GROUPS) == set(KINDS.values())
    for lang in ("fr", "en"):
        told = [*kind_lines(lang)]
        assert len(told) == len(KINDS) + len(GROUPS)
        assert {line.split()[0] for line in told if line.startswith("  ")} == set(KINDS)
        assert all("_" not in line.split(None, 1)[1].split("[")[0] for line in told if line.startswith("  "))
        assert max(map(len, told)) <= 120
    french = " ".join(kind_lines("fr"))
    assert not re.search(r"\b(the|préfecture:|asks)\b", french)


def test_the_list_needs_no_case_and_no_passphrase(vigie: Vigie) -> None:
    french = vigie("--lang", "fr", "case", "log", "--kind", "list")
    assert (french.returncode, french.stderr) == (0, "")
    assert "aucun créneau disponible, selon le site" in french.stdout
    assert "registered_letter" in french.stdout
    assert "lrar" in french.stdout
    told = vigie.json("case", "log", "--kind", "list")["kinds"]
    assert len(told) == len(KINDS)
    assert all(one["fr"] and one["en"] for one in told)


def test_an_unknown_kind_is_one_short_sentence_that_says_where_the_list_is(vigie: Vigie) -> None:
    done = vigie("case", "log", "nowhere", "--kind", "blue")
    assert (done.returncode, done.stderr.count("\n")) == (64, 1)
    assert "--kind list" in done.stderr
    assert len(done.stderr) < 150
    assert "no_slot" in vigie("case", "log", "nowhere", "--kind", "noslots").stderr


def test_a_case_is_asked_for_where_one_is_needed(vigie: Vigie) -> None:
    done = vigie("case", "log", "--kind", "no_slot", "--at", "2026-11-02")
    assert done.returncode == 64
    assert "which case" in done.stderr
