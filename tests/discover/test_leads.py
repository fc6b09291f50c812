"""What link words announce, whom a booking link is for, and what a page is once read."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest

from monitor.discover.leads import Lead, LinkRules, for_foreigners, label_of, link_rules, procedures_of, weigh
from monitor.discover.verdict import PageStanding, judge
from monitor.read.notices.context import Quote
from monitor.read.notices.facts import PublishedFacts, read_notice
from monitor.read.notices.pan import Pan
from monitor.read.notices.prose.links import Anchor

RULES = link_rules()
SITE = "https://www.gard.gouv.fr"


def lead(words: str, *, leaf: str = "", folders: str = "", around: str = "", inside: bool = False) -> Lead:
    return weigh(RULES, Anchor(f"{SITE}/x", "/x", words, around), leaf=leaf, folders=folders, inside=inside)


def test_the_table_is_sound_and_says_why() -> None:
    assert (files("monitor") / "data" / "discover.toml").is_file()
    assert all(sign.reason and sign.weight for sign in RULES.signs)
    assert {sign.kind for sign in RULES.signs} >= {"pan", "appointment", "substitution", "contact", "filing", "news"}


@pytest.mark.parametrize(
    "broken",
    [
        {"signs": [{"name": "x", "kind": "pan", "weight": 1, "phrases": ["a"]}]},
        {"signs": [{"name": "x", "kind": "pam", "weight": 1, "phrases": ["a"], "reason": "r"}]},
        {"procedures": [{"procedure": "renouvellement", "phrases": ["a"], "reason": "r"}]},
    ],
)
def test_a_table_that_is_not_sound_is_refused(broken: dict[str, Any]) -> None:
    tables: dict[str, Any] = {"signs": [], "procedures": [], "fillers": {"words": []}} | broken
    with pytest.raises(ValueError, match="discover rules"):
        LinkRules.from_tables(tables, RULES.notices)


@pytest.mark.parametrize(
    "words",
    [
        "cliquez ici", "ICI", "en ligne", "prendre rendez-vous", "sur ce calendrier", "formulaire en ligne",
        "demarches-simplifiees.fr", "https://www.gard.gouv.fr/booking/create/1", "→", "",
    ],
)  # fmt: skip
def test_words_that_do_not_say_where_they_lead(words: str) -> None:
    assert not RULES.speaks(words)


@pytest.mark.parametrize("words", ["Renouvellement", "Cergy : autres demandes", "Remise de titre", "Point numérique"])
def test_words_that_do(words: str) -> None:
    assert RULES.speaks(words)


def test_what_is_sought_comes_before_what_is_not() -> None:
    sought = [
        lead("Point d’accueil numérique", inside=True),
        lead("Prendre un rendez-vous", inside=True),
        lead("Étrangers en France"),
        lead("Nous contacter"),
        lead("Démarches"),
    ]
    scores = [one.score for one in sought]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0
    for words in ("Élections", "Toute l’actualité", "Permis de conduire", "Mentions légales"):
        assert lead(words).score < 0


def test_foreigners_named_beside_licences_are_not_another_matter() -> None:
    assert lead("Étrangers, permis de conduire").score > 0
    assert lead("Échange de permis étrangers").score < 0


def test_news_is_pushed_back_by_its_folder() -> None:
    assert lead("e-MERAUDE, six mois après", folders="Actualites").score < lead("e-MERAUDE").score


def test_a_row_speaks_for_a_link_that_does_not() -> None:
    spoken = lead("cliquez ici", around="Point d’accueil numérique cliquez ici")
    assert "pan" in spoken.kinds
    assert 0 < spoken.score < lead("Point d’accueil numérique").score


def test_a_list_of_documents_is_not_opened_for_being_in_the_section() -> None:
    pdf = Anchor(f"{SITE}/contenu/liste.pdf", "", "Liste des pièces")
    notice = Anchor(f"{SITE}/contenu/notice.pdf", "", "Notice : où et comment déposer")
    assert weigh(RULES, pdf, leaf="", folders="", inside=True).score <= 0
    assert weigh(RULES, notice, leaf="", folders="", inside=True).score > 0


@pytest.mark.parametrize(
    ("words", "procedures"),
    [
        ("Renouvellement passeport talent", ("renewal", "talent")),
        ("Remise de titre", ("collection",)),
        ("Admission exceptionnelle, vie professionnelle", ("aes",)),
        ("Naturalisation par déclaration", ("naturalisation",)),
        ("rnlvt pro evry", ("renewal",)),
        ("Cergy : autres demandes", ("other",)),
    ],
)
def test_the_procedure_a_label_names(words: str, procedures: tuple[str, ...]) -> None:
    assert procedures_of(RULES, words) == procedures


def test_a_label_is_the_words_of_the_link_or_those_that_speak_for_it() -> None:
    row = Anchor(f"{SITE}/b", "", "cliquez ici", "Nanterre Renouvellement cliquez ici")
    assert label_of(RULES, row, "Rendez-vous") == "Nanterre Renouvellement"
    assert label_of(RULES, Anchor(f"{SITE}/b", "", "ici", "ici", "Remise de titre"), "") == "Remise de titre"
    assert label_of(RULES, Anchor(f"{SITE}/b", "", "ici", "ici"), "Prendre un rendez-vous") == "Prendre un rendez-vous"


def test_whom_a_link_is_for_is_said_by_the_nearest_words_or_not_at_all() -> None:
    assert for_foreigners(RULES, ("Prendre rendez-vous", "Titres de séjour")) is True
    assert for_foreigners(RULES, ("Commission médicale", "Titres de séjour")) is False
    assert for_foreigners(RULES, ("Prendre rendez-vous", "Naturalisation")) is True
    assert for_foreigners(RULES, ("Prendre rendez-vous", "Démarches")) is None


# --- what a page is ---------------------------------------------------------------------------------------------------

SECTION = ("Démarches", "Étrangers")


def verdict(prose: str, name: str, *, crumbs: tuple[str, ...] = SECTION, desks: tuple[str, ...] = ()):  # type: ignore[no-untyped-def]
    url = f"{SITE}/Demarches/Page"
    body = f"<html><body><main><h1>{name}</h1><p>{prose}</p></main></body></html>".encode()
    facts = read_notice(body, "text/html; charset=utf-8", url, RULES.notices)
    return judge(RULES, PageStanding(name=name, crumbs=crumbs, path=("Demarches", "Page"), desks=desks), facts)


PAN = "Le point d’accueil numérique accompagne les ressortissants étrangers dans leur demande de titre de séjour."


def test_a_point_for_foreigners_rests_on_its_sentence() -> None:
    (found,) = verdict(PAN, "Se faire aider").findings
    assert (found.kind, found.why, found.seen) == ("pan", "page_says", PAN)


def test_a_sentence_that_names_foreigners_is_enough_outside_their_section() -> None:
    (found,) = verdict(PAN, "Se faire aider", crumbs=("Démarches",)).findings
    assert (found.kind, found.seen) == ("pan", PAN)


def test_a_way_to_file_rests_on_its_sentence() -> None:
    said = "Le dossier de titre de séjour est envoyé par courrier."
    (found,) = verdict(said, "Votre dossier").findings
    assert (found.kind, found.seen, found.detail) == ("filing", said, "postal")


@pytest.mark.parametrize("crumbs", [("Démarches",), SECTION])
def test_a_point_for_licences_is_never_one_for_foreigners(crumbs: tuple[str, ...]) -> None:
    said = "Le point d’accueil numérique aide pour le permis de conduire, la carte grise et la carte d’identité."
    judged = verdict(said, "Point d’accueil numérique", crumbs=crumbs)
    assert "pan" not in {finding.kind for finding in judged.findings if finding.why == "page_says"}
    assert judged.aside is not None


def test_a_sentence_that_names_no_foreigner_outside_their_section_is_not_enough() -> None:
    """Even where the reader takes it for one: a licence desk's page may mention foreigners once, elsewhere."""
    pan = Pan(status="published", for_foreigners=True, seen=Quote("Cinq points numériques vous accueillent.", 0, 40))
    facts = PublishedFacts(url=f"{SITE}/Demarches/Point", official_host=True, pan=pan)
    outside, inside = (
        PageStanding(name="Point numérique", crumbs=("Démarches",)),
        PageStanding(name="Aide", crumbs=SECTION),
    )
    assert judge(RULES, outside, facts).aside == ("pan_audience_not_said", "Cinq points numériques vous accueillent.")
    assert [finding.kind for finding in judge(RULES, inside, facts).findings] == ["pan"]


def test_news_of_a_point_is_not_its_page() -> None:
    judged = verdict(PAN, "e-MERAUDE, six mois après", crumbs=("Actualités",))
    assert judged.findings == ()
    assert judged.aside is not None
    assert judged.aside == ("news", PAN)


def test_help_with_the_portal_is_no_substitution() -> None:
    said = "Seul le centre de contact citoyens, au 0 806 001 620, est compétent."
    assert "substitution" not in {f.kind for f in verdict(said, "Difficultés sur l’ANEF").findings}
    said = "Le préfet mettra en place, s’il y a lieu, une solution de substitution."
    (found,) = verdict(said, "En cas d’échec sur l’ANEF").findings
    assert (found.kind, found.seen) == ("substitution", said)


def test_an_appointment_page_of_another_service_is_none_of_ours() -> None:
    said = "Rendez-vous par téléphone."
    assert verdict(said, "Prendre rendez-vous", crumbs=("Démarches", "Permis de conduire")).findings == ()
    assert [f.kind for f in verdict(said, "Prendre rendez-vous").findings] == ["appointment"]
    assert [f.kind for f in verdict(said, "Réserver", crumbs=(), desks=("ez_booking",)).findings] == ["appointment"]


def test_a_contact_page_is_the_prefectures_or_the_services() -> None:
    said = "Téléphone : 01 99 00 95 00."
    assert [f.kind for f in verdict(said, "Nous contacter", crumbs=()).findings] == ["contact"]
    assert [f.kind for f in verdict(said, "Contacter le service").findings] == ["contact"]
    assert verdict(said, "Contact", crumbs=("Services de l'État", "Agriculture")).findings == ()
