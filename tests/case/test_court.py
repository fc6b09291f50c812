"""Names of exhibits, what a draft is laid out with, the sourced table, and PDFs labelled and cut."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pypdf import PdfReader

from monitor.case.court.dossier import LAYERS, NAME_LENGTH, file_name, original_name
from monitor.case.court.pages import paper
from monitor.case.court.words import KINDS_FR, PROCEDURES_FR, prefet
from monitor.case.mail import FROM_HTML, printed
from monitor.case.model import KINDS, FileRef
from monitor.catalogue.declaration import PROCEDURES
from monitor.evidence.sums import parse_sums, render_sums
from monitor.paper.document import Bullets, Heading, Paragraph, Table
from monitor.paper.letter import Gloss, flat, lines_of
from monitor.paper.parts import A4, BAND, joined, label, pages, picture, split
from tests.support.courtcase import mail, noise, pdf, png
from tests.support.parts import needs, part

LABEL = f"Pièce n° 4 — {LAYERS['person']}"


@given(st.integers(1, 9999), st.text(max_size=300), st.integers(1, 99), st.data())
def test_any_name_is_one_telerecours_takes(number: int, title: str, parts: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(1, parts))
    name = file_name(number, title, part=part, parts=parts)
    assert len(name) <= NAME_LENGTH == 80
    assert re.fullmatch(r"[1-9][0-9]*_[A-Za-z0-9][A-Za-z0-9_-]*\.pdf", name), "number first, ASCII, one dot"
    assert (f"_partie_{part}_sur_{parts}." in name) == (parts > 1)
    assert int(name.partition("_")[0]) == number


@given(st.text(max_size=200), st.text(max_size=20))
def test_any_original_has_a_name_sha256sum_carries(name: str, stored: str) -> None:
    kept = original_name(FileRef(name=name, stored=stored, sha256="0" * 64, size=0))
    assert parse_sums(render_sums({f"originaux/{kept}": "0" * 64}))


def test_names_read_well() -> None:
    assert file_name(1, "Captures d'écran : rdv à la préfecture") == "1_Captures_d_ecran_rdv_a_la_prefecture.pdf"
    assert file_name(12, "Œuvre n° 3", part=2, parts=2) == "12_OEuvre_no_3_partie_2_sur_2.pdf"
    assert file_name(3, "mot " * 40).endswith("_mot.pdf"), "cut at a word"
    assert file_name(3, "日本") == "3_piece.pdf"
    with pytest.raises(ValueError, match="no name"):
        file_name(0, "x")


@pytest.mark.parametrize(
    ("office", "who"),
    [
        ("Préfecture de police", "préfet de police"),
        ("Préfecture d'Eure-et-Loir", "préfet d'Eure-et-Loir"),
        ("Préfecture des Hauts-de-Seine", "préfet des Hauts-de-Seine"),
        ("[préfecture]", "préfet [à préciser]"),
    ],
)
def test_the_defendant_is_a_prefet_and_not_an_office(office: str, who: str) -> None:
    assert prefet(office) == who


def test_every_kind_and_procedure_has_its_words() -> None:
    assert set(KINDS_FR) == set(KINDS)
    assert set(PROCEDURES_FR) == set(PROCEDURES)


def test_the_line_on_top_of_a_page_is_never_cut_within_a_word() -> None:
    title = "Captures d'écran du site de rendez-vous, admission exceptionnelle au séjour, du 5 juin au 25 novembre 2026"
    made = datetime(2026, 11, 30, tzinfo=UTC)
    assert paper(title, [], made).running == title
    long = paper(title + " et bien d'autres mots encore", [], made).running
    assert long.endswith(" mots…")


def test_a_draft_is_blocks() -> None:
    text = "# A\n> gloss\n\n## B\n**fort**\n- un\n- deux\n| a | b |\n| c | d |\nphrase\n"
    assert lines_of(text) == [
        Heading("A", 0), Gloss("gloss"), Heading("B", 1), Paragraph("fort", strong=True), Bullets(("un", "deux")),
        Table((["a", "b"], ["c", "d"]), (5, 5)), Paragraph("phrase"),
    ]  # fmt: skip


@given(st.text())
@example("# titre")
@example("> gloss")
@example("- point")
@example("| a | b |")
def test_words_of_a_site_never_become_layout(words: str) -> None:
    assert all(isinstance(one, Paragraph) and not one.strong for one in lines_of("le 2 mars : " + flat(words)))
    assert not any(isinstance(one, Heading | Gloss | Bullets) for one in lines_of(flat(words)))


Place = tuple[float, float]


def words(data: bytes) -> list[tuple[Place, dict[str, Place]]]:
    """Of each page: its width and height, and where each of its words begins as it is displayed, from the top left."""
    said = subprocess.run([part("pdftotext"), "-bbox", "-", "-"], input=data, capture_output=True, check=True).stdout
    out: list[tuple[Place, dict[str, Place]]] = []
    for line in said.decode().splitlines():
        if found := re.search(r'<page width="([\d.]+)" height="([\d.]+)"', line):
            out.append(((float(found[1]), float(found[2])), {}))
        elif found := re.search(r'xMin="([\d.]+)" yMin="([\d.]+)".*>(.*)</word>', line):
            out[-1][1][found[3]] = float(found[1]), float(found[2])
    return out


@needs("pdftotext")
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("size", [(595.28, 841.89), (842, 595), (420, 595), (1200, 1800), (300, 400)])
def test_a_labelled_page_is_a4_and_holds_all_of_the_copy_under_its_band(rotate: int, size: Place) -> None:
    before = pdf(["Bonjour", "suite"], rotate=rotate, size=size)
    wide, high = size if rotate % 180 == 0 else size[::-1]
    a4 = A4 if wide <= high else A4[::-1]
    scale = min(a4[0] / wide, (a4[1] - BAND) / high, 1)
    after = words(label(before, LABEL))
    for number, ((_page, was), (page, now)) in enumerate(zip(words(before), after, strict=True), 1):
        assert page == pytest.approx(a4, abs=0.005)
        assert now[f"{number}/2"][1] < BAND - 9, "the band is within the page"
        word = ("Bonjour", "suite")[number - 1]
        left = (a4[0] - wide * scale) / 2
        assert now[word] == pytest.approx((left + was[word][0] * scale, BAND + was[word][1] * scale), abs=0.5)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_note_goes_where_its_page_goes(rotate: int) -> None:
    from pypdf import PdfWriter
    from pypdf.annotations import FreeText

    writer = PdfWriter(clone_from=BytesIO(pdf(["Formulaire"])))
    writer.add_annotation(0, FreeText(text="rempli", rect=(0, 0, 100, 50)))
    writer.pages[0].rotate(rotate)
    out = BytesIO()
    writer.write(out)
    (page,) = PdfReader(BytesIO(label(out.getvalue(), LABEL))).pages
    (note,) = page["/Annots"]  # type: ignore[misc]
    x0, y0, x1, y1 = (float(value) for value in note.get_object()["/Rect"])
    wide, high = float(page.mediabox.width), float(page.mediabox.height)
    scale = min(wide / (A4[0] if rotate % 180 == 0 else A4[1]), (high - BAND) / (A4[1] if rotate % 180 == 0 else A4[0]))
    assert sorted((x1 - x0, y1 - y0)) == pytest.approx([50 * scale, 100 * scale], abs=0.01)
    at_left, at_foot = rotate in (0, 90), rotate in (0, 270)
    assert (x0 < 20) == at_left, "the lower left corner of the paper, as it was turned"
    assert (y0 < 20) == at_foot


def test_a_filled_form_keeps_what_it_shows_and_loses_its_signature() -> None:
    from pypdf import PdfWriter
    from pypdf.annotations import FreeText
    from pypdf.generic import DictionaryObject, NameObject, TextStringObject

    writer = PdfWriter(clone_from=BytesIO(pdf(["Formulaire"])))
    writer.add_annotation(0, FreeText(text="rempli à la main", rect=(50, 550, 200, 650)))
    signature = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Sig"),
            NameObject("/T"): TextStringObject("sig"),
        }
    )
    writer.pages[0]["/Annots"].append(writer._add_object(signature))  # type: ignore[attr-defined]
    out = BytesIO()
    writer.write(out)
    notes = [note.get_object() for note in PdfReader(BytesIO(label(out.getvalue(), LABEL))).pages[0]["/Annots"]]  # type: ignore[attr-defined]
    assert [note.get("/Contents") for note in notes] == ["rempli à la main"]


def test_a_large_pdf_is_cut_between_pages_and_nothing_is_lost() -> None:
    whole = pdf([f"page {n} sur douze" for n in range(12)], image=b"noise")
    limit = len(whole) // 4
    parts = split(whole, limit)
    assert len(parts) > 3
    assert all(len(part) <= limit for part in parts)
    texts = [page.extract_text().strip() for part in parts for page in PdfReader(BytesIO(part)).pages]
    assert texts == [f"page {n} sur douze" for n in range(12)]
    assert split(whole, len(whole)) == [whole]
    assert len(split(whole, 10)) == 12, "a page too large alone stays whole"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"not a pdf", pdf(["x"])[:300]])
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"PDF|pages"):
        joined([data])


def test_an_encrypted_pdf_is_refused() -> None:
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=BytesIO(pdf(["secret"])))
    writer.encrypt("word", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    with pytest.raises(ValueError, match="encrypted"):
        joined([out.getvalue()])


def test_a_picture_is_made_fit_to_print() -> None:
    from PIL import Image

    small = picture(noise((4000, 3000)))
    assert small is not None
    with Image.open(BytesIO(small)) as image:
        assert (image.format, max(image.size)) == ("JPEG", 1654)
    clear = BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(clear, "PNG")
    shown = picture(clear.getvalue())
    assert shown is not None
    with Image.open(BytesIO(shown)) as image:
        assert image.getpixel((1, 1)) == (255, 255, 255), "transparent is paper, not ink"
    assert picture(b"\0\0\0\x18ftypheic") is None
    assert picture(png("x")) is not None


def test_a_message_in_html_only_is_read_and_said_to_be() -> None:
    read = printed(
        mail("s", "<html><head><style>p{}</style></head><body><p>Veuillez <b>réessayer</b>.</p></body>", html=True)
    )
    assert read.text.startswith(FROM_HTML)
    assert "réessayer" in read.text
    assert "p{}" not in read.text
    assert printed(mail("s", "Bonjour")).text.strip() == "Bonjour"


def test_joined_pages_are_all_there() -> None:
    assert pages(joined([pdf(["a", "b"]), pdf(["c"])])) == 3
