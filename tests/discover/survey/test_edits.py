"""A declaration changed in place: what a person wrote stays, and the text says what the list of changes says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.api import Desk, EzBooking, Notice, Place, Prefecture, Provenance, RdvPrefecture
from monitor.catalogue.catalogue import load
from monitor.discover.declare import skeleton
from monitor.discover.survey.edits import AddEntry, Edit, SetField, apply, rewritten

DAY = date(2026, 11, 30)
SOURCE = Provenance("test", "2026-11-30", "confirmed_1")
CATALOGUE = load("prefectures")


def declared(text: str) -> Prefecture:
    names: dict[str, object] = {}
    exec(compile(text, "declared", "exec"), names)
    one = names["PREFECTURE"]
    assert isinstance(one, Prefecture)
    return one


def every_kind(one: Prefecture) -> list[Edit]:
    """A change of each kind, as a survey would make them."""
    label = 'Titre "étudiant" l\'été'
    return [
        *(SetField(("desks", desk.slug), "verified_on", DAY) for desk in one.active_desks),
        *(SetField(("notices", notice.slug), "retired", DAY) for notice in one.notices),
        AddEntry(
            "desks", Desk(slug="zz", label=label, procedure="renewal", platform=RdvPrefecture(9), provenance=SOURCE)
        ),
        AddEntry("notices", Notice(slug="zy", kind="pan", url=f"{one.site}/x", provenance=SOURCE, verified_on=DAY)),
        AddEntry("places", Place(kind="pan", name="PAN", emails=("pan@ain.gouv.fr",), provenance=SOURCE)),
        SetField(None, "no_desk", None),
        SetField(None, "searched_on", DAY),
    ]


@pytest.mark.parametrize("code", [one.code for one in CATALOGUE.prefectures])
def test_every_declaration_can_be_changed_in_place(code: str) -> None:
    one = CATALOGUE.find(code)
    today = Path(CATALOGUE.files[code]).read_text(encoding="utf-8")
    edits = every_kind(one)
    text = rewritten(today, one, edits)
    assert declared(text) == apply(one, edits)
    kept = [
        line
        for line in today.splitlines()
        if "import" not in line and "no_desk" not in line and "searched_on" not in line
    ]
    assert [line for line in kept if line not in text.splitlines()] == [], "no other line of the file changed"


def test_comments_stay_where_they_stand() -> None:
    one = CATALOGUE.find("95")
    today = (
        Path(CATALOGUE.files["95"])
        .read_text(encoding="utf-8")
        .replace("    desks=(\n", "    desks=(  # seen by hand\n")
    )
    text = rewritten(today, one, [SetField(("desks", one.active_desks[0].slug), "verified_on", DAY)])
    assert "desks=(  # seen by hand" in text
    assert text.count("verified_on=date(2026, 11, 30)") == 1


def test_a_file_laid_out_otherwise_is_written_whole() -> None:
    desk = Desk(slug="a", label="a", procedure="renewal", platform=EzBooking("www.ain.gouv.fr", 1), provenance=SOURCE)
    one = Prefecture(
        code="01", slug="ain", name="Ain", office="Préfecture de l'Ain", site="https://www.ain.gouv.fr",
        provenance=SOURCE, desks=(desk,),
    )  # fmt: skip
    flat = "from monitor.api import *\nPREFECTURE = " + repr(one) + "\n"
    edits = [SetField(("desks", "a"), "verified_on", DAY)]
    assert rewritten(flat, one, edits) == skeleton(apply(one, edits))


@given(st.text(min_size=1, max_size=40))
def test_whatever_a_page_calls_itself_is_text_in_the_file(label: str) -> None:
    """A label that would be code, end a string or hide itself stays a label."""
    one = CATALOGUE.find("02")
    today = Path(CATALOGUE.files["02"]).read_text(encoding="utf-8")
    entry = Notice(slug="zy", kind="pan", url=f"{one.site}/x", label=label, provenance=SOURCE)
    text = rewritten(today, one, [AddEntry("notices", entry)])
    assert declared(text).notices[-1].label == label
    assert all(char.isprintable() or char == "\n" for char in text)
