"""Whatever a préfecture serves becomes the same ordered sentences: HTML, plain text, PDF."""

from io import BytesIO
from pathlib import Path

import pytest

from monitor.read.notices.facts import PublishedFacts, read_notice
from monitor.read.notices.prose.blocks import read_document
from monitor.read.notices.prose.document import Prose
from monitor.read.notices.prose.typography import fold
from monitor.read.notices.rules import Rules, notice_rules, pattern_of

URL = "https://www.gard.gouv.fr/Demarches/Etrangers"

PAGE = """<!DOCTYPE html><html lang="fr"><head><title>Renouveler - Gard</title>
<script>var a = "par courrier"</script></head>
<body>
<header class="fr-header"><p>Point d'accueil numérique des étrangers, ouvert de 9h à 12h</p></header>
<nav class="fr-nav"><ul><li><a href="/x">Dossier de titre de séjour par courrier</a></li></ul></nav>
<main id="contenu">
  <nav class="fr-breadcrumb"><ol><li>Accueil</li><li>Étrangers</li></ol></nav>
  <h1>Renouveler son titre de séjour</h1>
  <p class="date">Mis à jour le 12/03/2024</p>
  <section class="fr-accordion"><h3 class="fr-accordion__title">
    <button class="fr-accordion__btn" aria-controls="a1">Comment déposer&nbsp;?</button></h3>
    <div class="fr-collapse" id="a1"><p>La demande de <span class="fr-term">titre<span class="fr-tooltip"
      role="tooltip" aria-hidden="true">Document de séjour.</span></span> de séjour est envoyée par
      <strong>voie postale</strong>&nbsp;:
      <br>Préfecture du Gard<br>10 avenue Feuchères<br>30045 NIMES CEDEX 9</p></div></section>
  <details><summary>Formulaires</summary>
    <ul><li><a href="/f/demande.pdf">Formulaire de demande PDF - 0,2 Mb</a></li></ul></details>
  <p style="display:none">Aucun dossier par courrier.</p>
</main>
<footer class="fr-footer"><p>Mis à jour le 01/01/2025</p></footer>
</body></html>"""


def read(body: bytes, url: str = URL, content_type: str | None = None) -> PublishedFacts:
    return read_notice(body, content_type, url, notice_rules())


def document(body: bytes) -> Prose:
    found = read_document(body, None, URL)
    assert isinstance(found, Prose)
    return found


def test_main_content_apart_from_the_rest_of_the_page() -> None:
    facts = read(PAGE.encode())
    assert facts.pan.status == "not_found"
    assert facts.updated_on is not None
    assert facts.updated_on.isoformat() == "2024-03-12"
    postal = facts.channels["postal"]
    assert postal.published
    assert postal.addresses == ("Préfecture du Gard 10 avenue Feuchères 30045 NIMES CEDEX 9",)
    assert postal.seen is not None
    assert postal.seen.text == "La demande de titre de séjour est envoyée par voie postale :"
    assert [(form.label, form.url) for form in facts.forms] == [
        ("Formulaire de demande", "https://www.gard.gouv.fr/f/demande.pdf")
    ]


@pytest.mark.parametrize(("charset", "encoding"), [("utf-8", "utf-8"), ("iso-8859-1", "cp1252"), (None, "utf-8")])
def test_encodings(charset: str | None, encoding: str) -> None:
    header = f"text/html; charset={charset}" if charset else None
    assert read(PAGE.encode(encoding, "xmlcharrefreplace"), content_type=header).channels["postal"].published


@pytest.mark.parametrize("mark", ['id="header"', 'class="breadcrumb"', 'class="fr-sidemenu"', 'id="footer"', "hidden"])
def test_furniture_of_older_skins_is_no_content(mark: str) -> None:
    page = f"""<body><div {mark}><p>Les dossiers de titre de séjour sont envoyés par courrier.</p></div>
    <div><h1>Titre de séjour</h1><p>Le service reçoit le lundi.</p></div></body>"""
    assert not read(page.encode()).channels["postal"].published


def test_cells_of_a_table_stand_together_by_row() -> None:
    page = """<main><h1>Où et comment déposer ?</h1><table><tr><th>Titre</th><th>Mode de dépôt</th></tr>
    <tr><td>Carte de résident</td><td>Voie postale exclusivement</td></tr>
    <tr><td>Naturalisation</td><td>Voie postale</td></tr>
    <tr><td>Récépissé</td><td>Guichet, sur rendez-vous</td></tr></table></main>"""
    facts = read(page.encode(), "https://www.gard.gouv.fr/Demarches/Etrangers/Sejour")
    assert facts.channels["postal"].scope == "carte de résident"
    assert facts.channels["postal"].basis == "imposed"
    assert facts.channels["counter"].scope == "récépissé"


def test_tiles_are_other_pages_and_say_so() -> None:
    tile = """<div class="fr-card"><h3><a href="/{0}">Le point d'accueil numérique étrangers</a></h3>
    <p>Ouvert à la préfecture de 9h à 12h.</p><p>Mis à jour le 01/02/2024</p></div>"""
    page = f"<main><h1>Étrangers</h1><h2>Index d'articles</h2>{tile.format(1)}{tile.format(2)}</main>"
    facts = read(page.encode())
    assert facts.pan.status == "not_found"
    assert facts.updated_on is None
    assert facts.flags == frozenset({"children_not_read"})


def test_headings_lists_and_leads_of_plain_text() -> None:
    text = "FAQ\n\n2- Comment transmettre ?\nPar courrier à :\n\nPréfecture\n1 rue X\n30000 NIMES\n\n  • un\n    • deux"
    found = document(text.encode())
    assert [(unit.kind, unit.text) for unit in found.units][:3] == [
        ("title", "FAQ"),
        ("heading", "2- Comment transmettre ?"),
        ("paragraph", "Par courrier à :"),
    ]
    address = next(unit for unit in found.units if unit.text == "30000 NIMES")
    assert address.lead == 2
    assert found.units[-1].text == "deux"


def test_steps_of_a_booking_module_are_no_sentences() -> None:
    text = "• Prise de rendez-vous\n  • Descriptif\n  • Choix d'une plage\n\nrendez-vous titres de sejour"
    assert [unit.text for unit in document(text.encode()).units] == ["rendez-vous titres de sejour"]


def test_abbreviations_do_not_end_sentences() -> None:
    text = "Titre\n\nL'art. R. 431-2 du CESEDA s'applique. Tél. 04 66 36 40 40. Fin."
    assert [unit.text for unit in document(text.encode()).units][1:] == [
        "L'art. R. 431-2 du CESEDA s'applique.",
        "Tél. 04 66 36 40 40.",
        "Fin.",
    ]


@pytest.mark.parametrize("body", [b"", b"  \n", b"\x89PNG\r\n\x1a\n\x00\x00", b"%PDF-1.4 damaged", b"\x00\x01\x02"])
def test_what_cannot_be_read_says_so(body: bytes) -> None:
    facts = read(body)
    assert facts.unreadable in ("empty", "not_text")
    assert facts.pan.status == "not_found"


def pdf(lines: list[str]) -> bytes:
    """A one-page PDF with a text layer, Latin letters only."""
    text = "".join(f"({line.replace('(', '').replace(')', '')}) Tj T* " for line in lines)
    stream = f"BT /F1 11 Tf 14 TL 60 760 Td {text}ET".encode("cp1252")
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n" % len(stream) + stream + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    out = BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, part in enumerate(parts, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj" % number + part + b"endobj\n")
    start = out.tell()
    out.write(b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start)
    return out.getvalue()


def test_a_pdf_notice_is_read_across_its_line_breaks() -> None:
    body = pdf(
        [
            "Dépôt des demandes de titre de séjour",
            "",
            "Les demandes de renouvellement de titre de séjour sont envoyées par",
            "voie postale à la préfecture du Gard.",
        ]
    )
    postal = read(body, "https://www.gard.gouv.fr/notice.pdf").channels["postal"]
    assert postal.published
    assert postal.seen is not None
    assert postal.seen.text.endswith("par voie postale à la préfecture du Gard.")


def test_a_pdf_without_text_is_not_read() -> None:
    assert read(pdf([])).unreadable == "not_text"


def test_folding_keeps_the_place_of_every_letter() -> None:
    text = "Cœur d\u2019e\u0301tranger\u00a0: 1\u1d49\u02b3 «\u202fÀ\u00adB »"
    found = fold(text)
    at = found.text.index("etranger")
    assert text[found.origin(at) :].startswith("e\u0301tranger")
    assert "d'etranger" in found.text
    assert '" ab "' in found.text


def test_phrases_are_plain_french() -> None:
    phrase = pattern_of(("point* d'(accueil|accès) numérique*", "par (la )?poste", "ne ... pas"))
    assert phrase.search("les points d'accueil numeriques")
    assert phrase.search("point d' acces numerique")
    assert phrase.search("par poste")
    assert phrase.search("ne sera donc pas")
    assert not phrase.search("rendez-vous d'accueil")
    assert not phrase.search("par postes")


def test_every_rule_has_a_reason() -> None:
    rules = notice_rules()
    assert all(concept.reason and concept.phrases for concept in (*rules.concepts.values(), *rules.scopes))
    with pytest.raises(ValueError, match="needs phrases and a reason"):
        Rules.from_tables(
            {
                "concepts": {"post": {"phrases": ["par courrier"]}},
                "departements": [],
                "scopes": [],
                "ccc_numbers": [],
                "email_endings": [],
                "prefecture_hosts": [],
            }
        )


def test_every_concept_serves() -> None:
    folder = Path(__file__).resolve().parents[3] / "monitor" / "read" / "notices"
    code = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py") if path.stem != "concepts")
    assert [name for name in notice_rules().concepts if f'"{name}"' not in code] == []


def test_a_link_no_browser_could_follow_is_words_only() -> None:
    link = b"<a href='https://[www.ain.gouv.fr/x.pdf'>le formulaire</a>"
    body = b"<main><h1>Titre de s&eacute;jour</h1><p>Voir " + link + b".</p></main>"
    facts = read_notice(body, "text/html", URL, notice_rules())
    assert "le formulaire" in facts.text
    assert facts.to_json()["forms"] == []
