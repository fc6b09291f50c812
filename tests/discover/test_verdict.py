"""What a page is, rule by rule: its own sentence first, then its name, then its place; and what it is not taken for."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.discover.verdict import PageStanding, Verdict, is_inside, judge
from monitor.read.notices.appointments import Vector
from monitor.read.notices.context import Quote
from monitor.read.notices.facts import PublishedFacts
from monitor.read.notices.pan import Pan
from tests.discover.test_leads import PAN, RULES, SECTION, SITE, verdict

FIVE = "Cinq points numériques vous accueillent."
OUTSIDE = ("Démarches",)


def judged(pan: Pan | None = None, **standing: Any) -> Verdict:
    facts = PublishedFacts(url=f"{SITE}/Demarches/Point", official_host=True, pan=pan or Pan())
    return judge(RULES, PageStanding(**{"name": "Aide", "crumbs": SECTION, **standing}), facts)


def point(words: str = FIVE, *, foreigners: bool | None = True, quoted: bool = True) -> Pan:
    seen = Quote(words, 0, len(words)) if quoted else None
    return Pan(status="published", for_foreigners=foreigners, seen=seen)


def only(found: Verdict) -> tuple[str, int, str, str | None, str]:
    (one,) = found.findings
    return one.kind, one.score, one.why, one.seen, one.detail


def test_a_point_outside_the_section_is_one_where_its_own_sentence_names_foreigners() -> None:
    named = "Cinq points numériques accueillent les étrangers."
    assert only(judged(point(named), crumbs=OUTSIDE)) == ("pan", 95, "page_says", named, "published")
    assert judged(point(FIVE), crumbs=OUTSIDE) == Verdict((), ("pan_audience_not_said", FIVE))
    assert only(judged(point(FIVE))) == ("pan", 95, "page_says", FIVE, "published")


def test_a_point_whose_public_is_not_said_is_one_in_the_section_only() -> None:
    assert only(judged(point(foreigners=None))) == ("pan", 60, "audience_not_said", FIVE, "")
    named = "Cinq points numériques accueillent les étrangers."
    assert judged(point(named, foreigners=None), crumbs=OUTSIDE).aside == ("pan_audience_not_said", named)


def test_a_point_for_others_is_none_wherever_it_stands() -> None:
    assert judged(point(foreigners=False)) == Verdict((), ("pan_not_for_foreigners", FIVE))


@pytest.mark.parametrize("name", ["Naturalisation", "Demandeurs d’asile", "Permis de conduire"])
def test_a_point_on_a_page_headed_by_another_matter_is_none(name: str) -> None:
    assert judged(point(), name=name).aside == ("pan_audience_not_said", FIVE)


def test_a_point_without_a_sentence_is_told_by_the_name_of_its_page() -> None:
    assert only(judged(point(quoted=False), name="Point étrangers"))[3] == "Point étrangers"


@pytest.mark.parametrize(
    ("standing", "is_one"),
    [
        ({"name": "Point d’accueil numérique"}, True),
        ({"name": "Point d’accueil numérique", "crumbs": OUTSIDE}, False),
        ({"name": "Aide"}, False), ({"name": ""}, False),
    ],
)  # fmt: skip
def test_a_page_that_only_is_called_a_point_is_a_weak_one_in_the_section(standing: Any, is_one: bool) -> None:
    found = judged(**standing)
    assert [(one.kind, one.score, one.why, one.seen) for one in found.findings] == (
        [("pan", 50, "name_only", None)] if is_one else []
    )


@pytest.mark.parametrize(
    ("standing", "inside"),
    [
        ({"crumbs": SECTION}, True), ({"path": ("Étrangers", "Page")}, True), ({"name": "Titres de séjour"}, True),
        ({"attached": True}, True), ({}, False), ({"called": "Étrangers"}, False),
    ],
)  # fmt: skip
def test_a_page_belongs_to_the_section_by_its_breadcrumb_address_or_name(standing: Any, inside: bool) -> None:
    assert is_inside(RULES, PageStanding(**{"name": "Aide", "crumbs": OUTSIDE, **standing})) is inside


def test_among_news_a_page_says_what_it_is_not_taken_for_and_nothing_else() -> None:
    news = ("Actualités", *SECTION)
    assert judged(point(), crumbs=news) == Verdict(aside=("news", FIVE))
    assert judged(crumbs=news, name="Point d’accueil numérique") == Verdict(aside=("news", "Point d’accueil numérique"))
    assert judged(point(foreigners=False), crumbs=news) == Verdict(aside=("news", FIVE))
    assert judged(crumbs=news) == Verdict()


def test_news_are_known_by_the_address_where_there_is_no_breadcrumb() -> None:
    assert judged(point(), crumbs=(), path=("Actualites", "Étrangers", "Page")).aside == ("news", FIVE)
    assert judged(point(), crumbs=SECTION, path=("Actualites", "Page")).aside is None
    assert judged(point(), crumbs=(), path=("Étrangers", "Actualites")).aside is None, "its own name is no folder"


def test_the_sentence_that_is_quoted_is_not_the_name_of_the_page_again() -> None:
    name = "Solution de substitution"
    said = "Le préfet mettra en place une solution de substitution."
    (found,) = verdict(said, name).findings
    assert (found.kind, found.score, found.why, found.seen) == ("substitution", 70, "title_and_text", said)
    assert [one.kind for one in verdict("Rien.", name).findings if one.kind == "substitution"] == []


def test_ways_to_an_appointment_on_failure_are_a_substitution_of_their_own() -> None:
    said = Quote("En cas d’échec, prenez rendez-vous par courriel.", 0, 40)
    facts = PublishedFacts(url=SITE, official_host=True, substitution_vectors=(Vector("email", True, said),))
    found = judge(RULES, PageStanding(name="Aide", crumbs=SECTION), facts)
    assert only(found) == ("substitution", 85, "vectors_on_failure", said.text, "")
    assert judge(RULES, PageStanding(name="Aide", crumbs=OUTSIDE), facts).findings == ()


@pytest.mark.parametrize(
    ("desks", "found"),
    [
        ((), [("appointment", 80, "named", "")]),
        (("ez_booking", "demarche_numerique"), [("appointment", 90, "named_with_links", "2")]),
    ],
)  # fmt: skip
def test_a_page_called_an_appointment_is_one(desks: tuple[str, ...], found: list[Any]) -> None:
    verdicts = verdict("Bienvenue.", "Prendre rendez-vous", desks=desks).findings
    assert [(one.kind, one.score, one.why, one.detail) for one in verdicts] == found


def test_a_page_of_the_section_with_calendars_is_one_whatever_it_is_called_and_forms_are_no_calendar() -> None:
    (found,) = verdict("Bienvenue.", "Votre dossier", desks=("ez_booking", "demarche_numerique")).findings
    assert (found.kind, found.score, found.why, found.detail) == ("appointment", 65, "links", "1")
    assert verdict("Bienvenue.", "Votre dossier", desks=("demarche_numerique",)).findings == ()


@pytest.mark.parametrize(
    ("name", "crumbs", "score"),
    [
        ("Nous contacter", (), 60), ("Nous contacter", ("Services",), 60), ("Nous contacter", SECTION, 80),
        ("Nous contacter", ("Permis de conduire",), None), ("Contacter le bureau des élections", (), None),
        ("Nous contacter", ("Services", "Préfecture"), None), ("Bienvenue", (), None),
    ],
)  # fmt: skip
def test_a_contact_page_is_of_the_service_or_of_the_prefecture_and_of_nobody_else(
    name: str, crumbs: tuple[str, ...], score: int | None
) -> None:
    found = verdict("Téléphone : 01 99 00 95 00.", name, crumbs=crumbs).findings
    assert [(one.kind, one.score) for one in found] == ([] if score is None else [("contact", score)])


def test_the_surest_comes_first() -> None:
    said = f"{PAN} En cas d’échec, la demande est déposée par voie postale : solution de substitution."
    scores = [one.score for one in verdict(said, "Solution de substitution").findings]
    assert len(scores) >= 2
    assert scores == sorted(scores, reverse=True)


def test_a_page_that_only_is_called_a_filing_is_a_weak_one_where_it_is_nothing_else() -> None:
    (found,) = verdict("Bienvenue.", "Déposer un dossier").findings
    assert (found.kind, found.score, found.why) == ("filing", 45, "name_only")
    (channels,) = verdict("Envoyez votre dossier par courrier.", "Titre de séjour").findings
    assert (channels.kind, channels.score, channels.detail) == ("filing", 75, "postal")
    assert verdict("Bienvenue.", "Déposer un dossier", crumbs=OUTSIDE).findings == ()
