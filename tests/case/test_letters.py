"""Letters of invented cases: what they say, what they leave in brackets, and what they never claim."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from monitor.case.book import read
from monitor.case.court.dossier import Dossier, Letter
from monitor.case.court.drafts import LETTERS
from monitor.case.court.drafts import draft as made_on
from monitor.case.court.papers import lines
from monitor.case.court.tables import tables
from monitor.case.model import KINDS, Attempt, FileRef, facts_from
from monitor.catalogue.declaration import PROCEDURES
from monitor.paper.document import Bullets
from monitor.paper.letter import Gloss, lines_of
from tests.support.commands import ROOT
from tests.support.courtcase import FACTS, command, fill, new_case

GOLDEN = ROOT / "tests" / "fixtures" / "cases" / "drafts"


def draft(letter: Letter, dossier: Dossier) -> str:
    """The letter with ordinary spaces: what it says, not how it is set."""
    return made_on(letter, dossier, tables(), date(2026, 11, 30)).replace("\N{NO-BREAK SPACE}", " ")


def dossier_of(attempts: Sequence[Attempt] = (), **facts: Any) -> Dossier:
    return Dossier(
        facts=facts_from({**FACTS, **facts}),
        office="Préfecture du Val-d'Oise",
        attempts=tuple(attempts),
        reasons={},
        court="tribunal administratif de Cergy-Pontoise",
    )


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    case = new_case(tmp_path_factory.mktemp("letters") / "dossier")
    fill(case)
    dossier = dossier_of(read(case.entries).attempts)
    return {letter: draft(letter, dossier) for letter in LETTERS}


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_is_the_one_that_was_read_over(letters: Mapping[str, str], letter: str) -> None:
    golden = GOLDEN / f"{letter}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(letters[letter], encoding="utf-8")
    assert letters[letter] == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_warns_and_ends_with_help(letters: Mapping[str, str], letter: str) -> None:
    text = letters[letter]
    assert letter == "prolongation" or "sauf si le préfet l'a prescrit" in text
    assert letter == "prolongation" or "deux mois sans réponse peuvent valoir refus" in text
    assert "quatre mois sans décision valent refus" in text
    assert "Vigie n'envoie rien" in text
    end = text.index("# Où trouver de l'aide")
    for words in ("Aide juridictionnelle", "Défenseur des droits", "La Cimade"):
        assert words in text[end:]
    assert "[Signature]" in text or "[signature" in text
    assert not any(isinstance(one_, Gloss) for one_ in lines_of(text)), "nothing to be deleted line by line"


@pytest.mark.parametrize("letter", LETTERS)
def test_the_english_is_there_when_asked_for_and_nothing_else_changes(letters: Mapping[str, str], letter: str) -> None:
    case = dossier_of()
    plain, glossed = (made_on(letter, case, tables(), date(2026, 11, 30), gloss=gloss) for gloss in (False, True))
    assert sum(isinstance(one_, Gloss) for one_ in lines_of(glossed)) > 20
    assert [one_ for one_ in lines_of(glossed) if not isinstance(one_, Gloss | Bullets)] == [
        one_ for one_ in lines_of(plain) if not isinstance(one_, Bullets)
    ]


@pytest.mark.parametrize("letter", LETTERS)
def test_the_official_text_comes_first(letters: Mapping[str, str], letter: str) -> None:
    named = [one_ for one_ in letters[letter].partition("# Textes cités")[2].splitlines() if one_.startswith("- ")]
    official = ["legifrance.gouv.fr" in one_ for one_ in named]
    assert official[0], named[0]
    assert official == sorted(official, reverse=True), "what others say of it stands after every text on Légifrance"
    assert "www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT" in "".join(named)


@pytest.mark.parametrize(
    ("family", "has", "lacks"),
    [
        ("anef", "solution de substitution", "voie non numérique"),
        ("non_anef", "voie non numérique", "R. 431-2"),
        ("naturalisation", "la naturalisation a ses propres règles", "R. 431-2"),
        (None, "[Choisir", "voie non numérique"),
    ],
)
def test_a_family_asks_for_what_its_rules_give(family: str | None, has: str, lacks: str) -> None:
    text = draft("lrar", dossier_of(family=family))
    asked = text[text.index("# Lettre recommandée") : text.index("# Où trouver")]
    assert has in asked
    assert lacks not in asked
    assert "[Aucune tentative" in asked
    assert "cherchée en ligne" not in asked, "nothing is claimed that is not in the case"
    assert "Je vous ai écrit" not in asked


def test_what_may_stand_in_the_way_is_said_first() -> None:
    day = date(2026, 3, 2)
    refused = Attempt(day=day, at=None, kind="refusal_of_date", procedure="renewal", sentence="# Titre | > x\n- ligne")
    text = draft("refere", dossier_of([refused]))
    head = text[: text.index("# RÉFÉRÉ")]
    assert "À voir avec un avocat" in head
    assert "refus d'une date" in head
    assert "\n# Titre" not in text, "a site's words are no layout"
    assert "\n- ligne" not in text


def test_a_result_that_was_not_noted_is_not_called_a_failure() -> None:
    one_ = Attempt(day=date(2026, 3, 2), at=None, kind="attempt", procedure="renewal")
    text = draft("prefecture", dossier_of([one_]))
    assert "tentative dont le résultat n'est pas noté (1 fois)" in text
    assert "aucun créneau" not in text


def test_a_letter_is_written_once_as_docx(tmp_path: Path) -> None:
    from docx import Document

    case = new_case(tmp_path / "c")
    fill(case)
    vigie = command(tmp_path)
    out = tmp_path / "lettre.docx"
    assert vigie.json("case", "draft", "refere", case.root, "--out", out) == {"written": str(out)}
    word = Document(str(out))
    assert not any(p.style.name == "Traduction" for p in word.paragraphs if p.style)
    glossed = tmp_path / "anglais.docx"
    vigie.json("case", "draft", "refere", case.root, "--gloss", "--out", glossed)
    assert sum(p.style.name == "Traduction" for p in Document(str(glossed)).paragraphs if p.style) > 20
    assert (
        word.core_properties.title
        == "Brouillon\N{NO-BREAK SPACE}: RÉFÉRÉ — Requête (article L. 521-3 du code de justice administrative)"
    )
    assert word.tables[0].rows[1].cells[0].text == "20/02/2026"
    assert any("Mme Y." in p.text for p in word.paragraphs) is False
    assert vigie("case", "draft", "refere", case.root, "--out", out).returncode == 64, "perhaps edited already"
    assert vigie("case", "draft", "refere", case.root, "--out", tmp_path / "x.odt").returncode == 64
    named = vigie("case", "draft", "ddd", case.root, "--applicant", "Mme Y.").stdout
    assert "Mme Y." in named
    assert json.loads(vigie("case", "draft", "ccc", case.root, "--json").stdout)["letter"] == "ccc"


# --- what the law asks -----------------------------------------------------------------------------------------------


def one(kind: str, day: str = "2026-03-02", procedure: str = "renewal", **more: Any) -> Attempt:
    return Attempt(day=date.fromisoformat(day), at=None, kind=kind, procedure=procedure, **more)


def body(text: str) -> str:
    """The letter itself, between what is read before and what is read after."""
    parts = re.split(r"^# .*$", text, flags=re.MULTILINE)
    return parts[2]


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_can_be_made_of_every_case(letter: Letter) -> None:
    """A text that is no row of the table raises; what is not told stays no sentence."""
    for procedure, family in product(PROCEDURES, ("anef", "non_anef", "naturalisation", "other", None)):
        for attempts in ((), [one(kind, procedure=procedure) for kind in KINDS]):
            text = draft(letter, dossier_of(attempts, procedure=procedure, family=family))
            odd = re.search(r".{0,40}(\bNone\b|\{|\}|\[\]| ,|\(\)).{0,40}", text)
            assert odd is None, (procedure, family, odd)


def test_a_missing_attestation_is_not_an_impossibility_to_file() -> None:
    lacking = dossier_of([one("filed", "2026-02-01"), one("anef_no_attestation", "2026-06-02")])
    asked = body(draft("ccc", lacking))
    assert "aucune attestation de prolongation" in asked
    assert "impossibilité" not in asked
    assert "déposer ma demande" not in asked
    text = draft("prolongation", lacking)
    assert "R. 431-15-1" in body(text)
    assert "1er février 2026" in body(text)
    assert "R. 431-2 " not in body(text)


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("anef_account", "créer mon compte"),
        ("anef_password", "me connecter"),
        ("anef_other_request_pending", "une autre demande est en cours"),
        ("anef_attachment", "refuse une pièce jointe"),
        ("anef_category_absent", "ne propose pas la catégorie"),
    ],
)
def test_the_call_centre_is_told_which_block_it_was(kind: str, says: str) -> None:
    asked = body(draft("ccc", dossier_of([one(kind)])))
    assert says in asked
    assert "Je ne parviens pas à déposer ma demande" not in asked, "said of what the portal refused, never more"
    assert "atteste de cette impossibilité" in asked


@pytest.mark.parametrize("letter", LETTERS)
def test_naturalisation_has_its_own_order_and_delays(letter: Letter) -> None:
    events = [one("anef_error_code", procedure="naturalisation"), one("filed", procedure="naturalisation")]
    text = draft(letter, dossier_of(events, procedure="naturalisation", family="anef"))
    for permits_only in ("IOMV2311395A", "CESEDA", "entrée et du séjour", "quatre mois sans", "435594", "453391"):
        assert permits_only not in text
    assert "dix-huit mois" in text
    assert letter in ("ddd", "refere", "prolongation") or "IOMV2303594A" in text


def test_family_reunification_has_its_own_delay_and_other_demarches_none() -> None:
    assert "six mois à compter" in draft("lrar", dossier_of(procedure="family_reunification"))
    told = draft("lrar", dossier_of(procedure="travel_document", family=None))
    assert "aucun délai propre à cette démarche n'a été lu" in told
    assert "quatre mois" not in told


def test_an_email_and_a_letter_rest_on_different_articles() -> None:
    email, letter = draft("prefecture", dossier_of()), draft("lrar", dossier_of())
    assert "article L. 112-11 du code" in body(email)
    assert "L. 112-3" not in email[: email.index("# Textes cités")], "it does not apply to what is sent electronically"
    assert "article L. 112-3 du code" in body(letter)
    for text in (email, letter):
        assert "dans un délai raisonnable" in body(text)
        assert "qu'un récépissé me soit remis" in body(text)
        assert "[Urgence : dire la date d'expiration" in body(text)
    assert "R. 112-9-1" in email


@pytest.mark.parametrize("letter", ["prefecture", "lrar"])
def test_a_letter_for_a_date_says_that_something_was_filed(letter: Letter) -> None:
    text = draft(letter, dossier_of([one("filed", "2026-02-01")]))
    assert "prenez le brouillon « prolongation »" in text[: text.index("\n# ", 5)]
    assert "[Une demande est inscrite comme déposée le 1er février 2026 : dire pourquoi" in body(text)


def test_a_request_has_its_court_its_defendant_and_its_choices() -> None:
    text = draft("refere", dossier_of())
    asked = text[text.index("# RÉFÉRÉ") :]
    assert "juge des référés du tribunal administratif de Cergy-Pontoise" in asked
    assert "CONTRE : le préfet du Val-d'Oise" in asked
    relief = asked[asked.index("## III") : asked.index("## Liste")]
    for words in ("dans un délai de [N] jours", "R. 431-12", "R. 431-2", "R. 431-15-1", "L. 911-3", "L. 761-1",
                  "aide juridictionnelle provisoire", "10 juillet 1991"):  # fmt: skip
        assert words in relief
    lines = [line for line in relief.splitlines() if line.startswith("- ")]
    assert len(lines) >= 6
    assert all(line.startswith("- [") and line.endswith("]") for line in lines), "nothing is chosen for the person"
    discussion = asked[asked.index("## II.") : asked.index("## III")]
    assert all("[à rédiger" in line for line in discussion.splitlines() if line.startswith("- ")), "no argument"
    assert "[Pièce n° … : pièce d'identité ou passeport]" in asked
    assert "Subsidiarité" in discussion


def test_a_request_outside_anef_asks_nothing_of_anef() -> None:
    text = draft("refere", dossier_of(procedure="aes", family="non_anef"))
    relief = text[text.index("## III") : text.index("## Liste")]
    assert "substitution" not in relief
    assert "prolongation" not in relief
    assert "R. 431-12" in relief
    assert "circonstances particulières à montrer" in text
    assert "présumée" not in text[text.index("# RÉFÉRÉ") : text.index("# À lire avant de rédiger")]


def test_a_court_that_is_not_known_is_left_to_the_person() -> None:
    unknown = Dossier(facts=facts_from(FACTS), office="Préfecture de police", attempts=(), reasons={})
    text = draft("refere", unknown)
    assert "tribunal administratif de [ville]" in text
    assert "CONTRE : le préfet de police" in text


def test_how_to_file_and_what_comes_after_is_told() -> None:
    text = draft("refere", dossier_of())
    before = text[: text.index("# RÉFÉRÉ")]
    for words in ("R. 522-5", "Télérecours citoyens", "lettre recommandée", "quinze jours", "L. 521-4", "L. 522-1",
                  "en dernier ressort", "CE 420343", "Deux faits peuvent fermer", "c'est une supposition"):  # fmt: skip
        assert words in before
    assert "avis de réception" not in text, "no longer asked of a request"
    assert "pas d'invitation" not in text


def test_the_reading_list_says_what_was_read_of_each_decision() -> None:
    text = draft("refere", dossier_of())
    listed = text[text.index("# À lire avant de rédiger") : text.index("# Où trouver")]
    lines = [line for line in listed.splitlines() if line.startswith("- ")]
    for number in ("420343", "2314819", "2400779", "498497", "499904", "435594", "452798", "2024-1091"):
        assert any(number in line for line in lines)
    assert all(re.search(r"\[[^\]]+ ; (certain|probable)\]$", line) for line in lines)
    (notes,) = (line for line in lines if "2400779" in line)
    assert "vu seulement dans des notes" in notes
    assert "473349" not in listed, "outside ANEF"
    assert "473349" in draft("refere", dossier_of(family="non_anef"))
    natural = draft("refere", dossier_of(procedure="naturalisation"))
    assert "Aucune décision n'a été lue sur cette démarche" in natural


def test_the_numbers_are_those_of_the_court_file() -> None:
    text = made_on("refere", dossier_of([one("no_slot")]), tables(), date(2026, 11, 30), 5)
    listed = text[text.index("## Liste") :]
    assert "- Pièce n° 5\N{NO-BREAK SPACE}: Chronologie" in listed
    assert "- Pièce n° 1 " not in listed


@pytest.mark.parametrize("letter", ["prefecture", "lrar"])
def test_a_letter_of_a_naturalisation_asks_for_no_date_and_says_so(letter: Letter) -> None:
    asked = body(draft(letter, dossier_of(procedure="naturalisation")))
    assert "Objet : impossibilité de déposer en ligne" in asked
    assert "demande de date de rendez-vous" not in asked


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_is_set_as_french_is(letter: Letter) -> None:
    said = "Réessayez : plus rien"
    events = [one("no_slot", sentence=said), one("anef_error_code", sentence=said)]
    text = made_on(letter, dossier_of(events), tables(), date(2026, 11, 30))
    french = [line for line in text.splitlines() if not line.startswith(("> ", "| "))]
    assert not [line for line in french if re.search(r" [:;?!»](\s|$)|« ", line.replace(said, ""))]
    assert letter == "prolongation" or said in text, "what a site says is left as it was noted"


def test_no_amount_is_named() -> None:
    for letter in LETTERS:
        text = draft(letter, dossier_of([one("filed"), one("anef_error_code")]))
        assert not re.search(r"\d[\d  ]*(€|euros)", text)


# --- the papers ------------------------------------------------------------------------------------------------------


def test_the_papers_are_those_of_the_demarche(tmp_path: Path) -> None:
    case = new_case(tmp_path / "dossier")
    vigie = command(tmp_path)
    assert vigie("case", "log", case.root, "--fact", "ready.identity=YES", "--fact", "ready.listed=NO").returncode == 0
    for action in ("show", "check"):
        papers = {one["name"]: one for one in vigie.json("case", action, case.root)["papers"]}
        assert papers["identity"]["ready"] is True
        assert papers["listed"]["ready"] is False
        assert "article R. 431-11" in papers["listed"]["asked"][0]
        assert "urgency_renewal" in papers
        assert not {"exceptional", "naturalisation_file", "young_adult"} & set(papers)
        shown = vigie("case", action, case.root, "--lang", "fr").stdout.replace("\N{NO-BREAK SPACE}", " ")
        assert re.search(r"\[x\] `identity` +pièce d'identité ou passeport \[CJA R. 411-1 \(état 2026-04-03", shown)
        assert "annexe 10 du CESEDA : https://www.legifrance.gouv.fr/" in shown
    book = read(case.entries)
    other = [
        *lines(replace(book, facts=facts_from({"procedure": "naturalisation"})), tables(), date(2026, 11, 30), "fr")
    ]
    assert "annexe 10" not in "\n".join(other)
    wrong = vigie("case", "log", case.root, "--fact", "ready.passport=YES")
    assert wrong.returncode == 64
    assert "identity" in wrong.stderr
    assert vigie("case", "log", case.root, "--fact", "ready.identity=MAYBE").returncode == 64


@pytest.mark.parametrize(
    ("procedure", "more", "has", "lacks"),
    [
        ("naturalisation", {}, "naturalisation_file", "listed"),
        ("aes", {}, "exceptional", "young_adult"),
        ("aes", {"majority": "2026-05-01"}, "young_adult", "permit"),
        ("family_reunification", {}, "family_file", "civil_status"),
        ("travel_document", {}, "identity", "complete"),
    ],
)
def test_each_demarche_has_its_papers(procedure: str, more: Mapping[str, str], has: str, lacks: str) -> None:
    facts = facts_from({**FACTS, "procedure": procedure, **more})
    names = [one.name for one in tables().papers.needed(facts)]
    assert has in names
    assert lacks not in names
    assert sum(name.startswith("urgency") for name in names) == 1


def test_what_the_case_shows_is_not_asked_again() -> None:
    logged = one("urgency_proof", files=(FileRef(name="lettre.pdf", stored="1", sha256="0" * 64, size=1),))
    text = draft("refere", dossier_of([logged]))
    listed = text[text.index("## Liste") : text.index("# À lire avant de rédiger")]
    assert "pièce sur l'urgence" in listed
    assert "[Pièce n° … : urgence" not in listed
    assert "[Pièce n° … : urgence" in draft("refere", dossier_of())
    assert "ce qui est perdu, pièce n° 2]" in text
    asked = {key for paper in tables().papers.papers for keys in paper.asked.values() for key in keys}
    assert asked <= set(tables().law.sources)


def test_no_letter_names_a_text_of_permits_for_another_procedure() -> None:
    event = one("anef_attachment", "2026-11-02", procedure="travel_document")
    dossier = dossier_of([event], procedure="travel_document", family="anef")
    for letter in ("ccc", "prefecture", "lrar"):
        text = draft(letter, dossier)
        assert "1er août 2023" not in text
        assert "R. 431-2" not in text
        assert "texte à vérifier" in text


def test_a_block_of_the_portal_is_not_told_as_no_attempt_at_all() -> None:
    text = draft("refere", dossier_of([one("anef_error_code", "2026-11-02")], family="anef"))
    assert "Aucune tentative de rendez-vous n'est inscrite" not in text
    assert "Aucune tentative de rendez-vous n'est inscrite" in draft("refere", dossier_of(family="anef"))


def test_a_letter_tells_the_requests_of_its_own_procedure_only() -> None:
    other = one("email", "2026-10-07", procedure="naturalisation")
    assert "7 octobre 2026" not in draft("lrar", dossier_of([one("no_slot", "2026-10-05"), other]))
