"""What a survey proposes and what it leaves to a person: one fate, one source at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from monitor.api import Desk, EzBooking, Notice, Place, Prefecture, Provenance, RdvPrefecture
from monitor.catalogue.declaration import faults
from monitor.core.readings import Obstructed, Seen, Unreached
from monitor.discover.found import DeskLink, Discovery
from monitor.discover.leads import link_rules
from monitor.discover.proposal import Proposal, Proposed
from monitor.discover.survey.changes import SurveyChanges, changes
from monitor.discover.survey.edits import AddEntry, SetField, apply, written
from monitor.discover.survey.opened import Fate, OpenedAddress, fate_of
from monitor.discover.survey.sources import SourceRow
from monitor.discover.survey.surveyed import SurveyedPrefecture

AT = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
DAY = date(2026, 12, 1)  # legal time of the préfecture
SITE = "https://www.ain.gouv.fr"
SOURCE = Provenance("an earlier source", "2024-07-24", "confirmed_1")
DESK = Desk(
    slug="titre", label="Renouvellement de titre de séjour", procedure="renewal",
    platform=EzBooking("www.ain.gouv.fr", 7), provenance=SOURCE,
)  # fmt: skip
PAN = Notice(slug="pan", kind="pan", url=f"{SITE}/PAN", label="PAN", provenance=SOURCE)
AIN = Prefecture(
    code="01", slug="ain", name="Ain", office="Préfecture de l'Ain", site=SITE, provenance=SOURCE, desks=(DESK,),
    notices=(PAN,), phone="01 99 00 11 11", contact_provenance=SOURCE,
)  # fmt: skip


def address(subject: str, slug: str, url: str, fate: Fate, **more: Any) -> OpenedAddress:
    return OpenedAddress(subject=subject, slug=slug, url=url, fate=fate, at=AT, **more)  # type: ignore[arg-type]


def surveyed(*opened: OpenedAddress, today: Prefecture = AIN, **more: Any) -> SurveyedPrefecture:
    found = Discovery("01", SITE, 40, AT, AT, DAY, host="www.ain.gouv.fr")
    given = {"proposal": Proposal(), **more}
    return SurveyedPrefecture(prefecture=today, discovery=found, opened=list(opened), **given)


def of(one: SurveyedPrefecture) -> SurveyChanges:
    """The changes, which always make a declaration that may be used."""
    found = changes(one, link_rules())
    assert faults(apply(one.prefecture, found.edits)) == []
    return found


def desk(fate: Fate, **more: Any) -> SurveyChanges:
    return of(surveyed(address("desk", "titre", DESK.platform.url, fate, **more)))


def test_a_desk_that_answers_is_verified_on_the_day_it_was_opened_by_legal_time() -> None:
    found = desk("alive", heading="Renouvellement de titre de séjour")
    assert SetField(("desks", "titre"), "verified_on", DAY) in found.edits
    assert found.doubts == ()


@pytest.mark.parametrize("fate", ["captcha", "login", "refused", "unavailable", "unreached", "changed", "not_opened"])
def test_what_stands_in_the_way_changes_nothing_and_is_said(fate: Fate) -> None:
    found = desk(fate)
    assert found.edits == ()
    assert [(doubt.kind, doubt.words) for doubt in found.doubts] == [("not_verified", fate)]


def test_a_desk_that_is_gone_is_retired_and_the_declaration_says_why_none_is_left() -> None:
    one = surveyed(address("desk", "titre", DESK.platform.url, "gone"))
    found = of(one)
    assert SetField(("desks", "titre"), "retired", DAY) in found.edits
    assert apply(AIN, found.edits).active_desks == ()


def test_what_a_person_wrote_of_an_office_without_desk_stays() -> None:
    words = "Le seul module connu est celui de la commission médicale."
    today = replace(AIN, desks=(), no_desk=words, searched_on=date(2026, 1, 1))
    assert apply(today, of(surveyed(today=today)).edits).no_desk == words


def test_a_page_that_calls_itself_something_else_is_a_doubt() -> None:
    found = desk("alive", heading="Commission médicale du permis de conduire")
    assert [(doubt.kind, doubt.words) for doubt in found.doubts] == [
        ("label_differs", "Commission médicale du permis de conduire")
    ]


def test_a_notice_that_leads_to_the_home_page_is_lost_and_not_moved() -> None:
    opened = address("notice", "pan", PAN.url, "moved", to=f"{SITE}/")
    home = Proposal(notices=[Proposed(replace(PAN, url=f"{SITE}/", verified_on=DAY), "moved", was=PAN.url)])
    found = of(surveyed(opened, proposal=home))
    assert found.edits == ()
    assert [(doubt.kind, doubt.words) for doubt in found.doubts] == [("leads_elsewhere", f"{SITE}/")]
    there = Proposal(notices=[Proposed(replace(PAN, url=f"{SITE}/PAN2", verified_on=DAY), "moved", was=PAN.url)])
    moved = of(surveyed(replace(opened, to=f"{SITE}/PAN2"), proposal=there))
    assert SetField(("notices", "pan"), "url", f"{SITE}/PAN2") in moved.edits


def test_a_door_that_was_read_is_the_survey_s_and_one_declared_is_not_proposed_again() -> None:
    told = Provenance("vigie discover", "2026-12-01", "confirmed_1")
    place = Place(kind="pan", address="4 place des Tilleuls, 01000 Bourg", phone="01 99 00 01 01", provenance=told)
    found = of(surveyed(proposal=Proposal(places=[Proposed(place, "new", seen="4 place des Tilleuls")])))
    assert AddEntry("places", replace(place, provenance=replace(told, source="vigie survey"))) in found.edits
    assert "+ places: 4 place des Tilleuls, 01000 Bourg" in written(found.edits)
    kept = of(surveyed(today=replace(AIN, places=(place,)), proposal=Proposal(places=[Proposed(place, "same")])))
    assert not [edit for edit in kept.edits if isinstance(edit, AddEntry)]


@pytest.mark.parametrize(
    ("whose", "elsewhere", "kind"),
    [
        (None, None, "whose_not_said"),
        (True, "www.nievre.gouv.fr", "another_prefecture"),
        (True, None, "no_such_product"),
        (False, None, None),
    ],
)
def test_a_link_that_is_not_proposed_is_said_with_its_reason(
    whose: bool | None, elsewhere: str | None, kind: str | None
) -> None:
    link = DeskLink(EzBooking("www.ain.gouv.fr", 9), "Titre", ("other",), whose, "link", elsewhere=elsewhere)
    found = of(surveyed(proposal=Proposal(undeclared=[link])))
    assert [doubt.kind for doubt in found.doubts] == ([kind] if kind else [])


# --- sources ----------------------------------------------------------------------------------------------------------

LIST = Provenance("a list", None, "listed")
NUMBER = RdvPrefecture(90001)


def row(**more: Any) -> SourceRow:
    given: dict[str, Any] = {"code": "01", "told": "booking", "name": "Préfecture de l'Ain", "provenance": LIST}
    return SourceRow(**{**given, "where": "list.csv, line 2", **more})


@pytest.mark.parametrize(
    ("heading", "proposed"),
    [("Titre de séjour : remise", True), ("Prendre un rendez-vous", False), ("Permis de conduire", False), ("", False)],
)
def test_an_address_only_a_list_names_is_proposed_where_its_own_page_names_foreigners(
    heading: str, proposed: bool
) -> None:
    opened = address("candidate", "candidate-1", NUMBER.url, "alive", heading=heading)
    one = surveyed(opened, rows=[row(label="Titre de séjour", url=NUMBER.url)])
    added = [edit.entry for edit in of(one).edits if isinstance(edit, AddEntry)]
    assert [getattr(entry, "provenance", None) for entry in added] == ([LIST] if proposed else [])
    assert [doubt.kind for doubt in of(one).doubts] == ["list_only"]


def test_a_pan_of_a_source_is_a_door_for_foreigners_only_where_it_names_them() -> None:
    for name, proposed in (("Point d'accueil numérique", False), ("Point d'accueil numérique des étrangers", True)):
        one = surveyed(rows=[row(told="place", kind="pan", name=name, address="1 rue X")])
        found = of(one)
        assert [type(edit.entry) for edit in found.edits if isinstance(edit, AddEntry)] == ([Place] if proposed else [])
        assert [doubt.kind for doubt in found.doubts] == ([] if proposed else ["place_whose"])


def test_a_telephone_written_otherwise_is_the_same_and_another_one_is_a_conflict() -> None:
    for phone, disagree in (("+33 1 99 00 11 11", False), ("0199001111", False), ("01 99 00 22 22", True)):
        found = of(surveyed(rows=[row(told="office", phone=phone)]))
        assert [conflict.what for conflict in found.conflicts] == (["phone"] if disagree else []), phone
    assert found.conflicts[0].told == (
        ("an earlier source, 2024-07-24", "01 99 00 11 11"), ("a list", "01 99 00 22 22"),
    )  # fmt: skip


def test_labels_of_one_address_that_share_no_word_stand_side_by_side() -> None:
    rows = [
        row(label="Permis", url=DESK.platform.url),
        row(label="Renouvellement titre de séjour", url=DESK.platform.url),
    ]
    found = of(surveyed(rows=rows))
    assert len(found.conflicts) == 1
    assert [label for _source, label in found.conflicts[0].told] == [
        DESK.label,
        "Permis",
        "Renouvellement titre de séjour",
    ]


@pytest.mark.parametrize(
    ("reading", "fate"),
    [
        (Obstructed(obstacle="captcha", seen=Seen("x", "form")), "captcha"),
        (Obstructed(obstacle="robots", seen=Seen("x", "robots.txt")), "refused"),
        (Unreached(cause="connect", detail="not asked: Retry-After"), "not_opened"),
        (Unreached(cause="timeout"), "unreached"),
    ],
)
def test_a_fate_is_no_more_than_what_was_read(reading: Any, fate: Fate) -> None:
    assert fate_of(reading) == fate
