"""The relevé as a file: PDF/A without a violation, every line on a page, hostile words shown and harmless."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from pikepdf import pdfa
from PIL import Image, ImageDraw
from pypdf import PdfReader

from monitor.core.record import canonical, digest
from monitor.paper.document import Attachment, Document, Entries, NumberedEntry, Table
from monitor.paper.pdf import render
from monitor.report.export.dossier import PrintedPicture, ReleveContent
from monitor.report.export.figures import csv_rows
from monitor.report.export.releve import report
from monitor.report.observed import Observed, observed
from monitor.report.summary import Plan
from tests.support.records import record

MADE = datetime(2026, 11, 24, 8, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


def dossier(seen: list[Observed], zone: ZoneInfo = PARIS) -> ReleveContent:
    return ReleveContent(
        office="Préfecture du Val-d'Oise",
        site="https://www.val-doise.gouv.fr",
        zone=zone,
        seen=seen,
        damaged=[],
        plans=[Plan(1, frozenset({"95/renewal"}), {}, True)],
        made=MADE,
    )


def one(seq: int, **more: object) -> Observed:
    return observed(canonical(record(seq, **more)))  # type: ignore[arg-type]


def texts(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().replace("\xa0", " ").split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def png(width: int = 1280, height: int = 3000) -> bytes:
    """Half transparent, as a renderer may give it."""
    image = Image.new("RGBA", (width, height), (255, 255, 255, 128))
    ImageDraw.Draw(image).rectangle((10, 10, width - 10, height - 10), outline="black", width=4)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def check(pdf: bytes) -> tuple[list[str], set[str]]:
    """Violations, and what the validator does not know."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found = pdfa.check(opened, "3b")
    return [str(v) for v in found.violations], {one.rule for one in found.unsupported}


def test_pdf_a_3b_with_pictures_and_an_attachment() -> None:
    made = replace(dossier([one(0), one(1)]), shots={1: PrintedPicture(png())})
    attached = Attachment("observations.csv", b"a;b\r\n", "text/csv", "Les observations")
    pdf = render(report(made, attachments=[attached]))
    violations, unknown = check(pdf)
    assert violations == []
    # The validator's allow-list (pikepdf 10.18) has no embedded files and no OpenAction; ISO 19005-3 allows both.
    assert unknown <= {"pikepdf:embedded-file", "pikepdf:schema-Catalog"}
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.attachments["observations.csv"] == [b"a;b\r\n"]
    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"/SMask" not in pdf  # nothing a later reader has to blend


def test_a_simulation_is_pdf_a_too() -> None:
    violations, _unknown = check(render(report(dossier([one(0, simulated=True)]))))
    assert violations == []


def test_every_font_is_embedded_in_the_small_one_too() -> None:
    for archival in (True, False):
        reader = PdfReader(io.BytesIO(render(report(dossier([one(0)])), archival=archival)))
        fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
        assert fonts
        for font in fonts:
            assert "/FontFile2" in font["/DescendantFonts"][0].get_object()["/FontDescriptor"]


def test_the_author_and_the_place_are_on_every_page() -> None:
    pages = texts(render(report(dossier([one(seq) for seq in range(60)]))))
    assert len(pages) > 5
    for number, text in enumerate(pages, start=1):
        assert "Relevé automatique sans intervention humaine" in text
        assert f"page {number}/{len(pages)}" in text


def test_every_observation_is_printed_once_in_order_with_its_digest() -> None:
    seen = [one(seq) for seq in range(200)]
    whole = " ".join(texts(render(report(dossier(seen)))))
    places = [whole.index(f"obs. {each.line_sha256[:16]}") for each in seen]
    assert places == sorted(places)
    assert all(whole.count(each.line_sha256[:16]) == 1 for each in seen)


def test_nothing_is_drawn_outside_the_page() -> None:
    """A word longer than its column and a page's longest sentence stay between the margins."""
    long = "https://www.val-doise.gouv.fr/" + "x" * 300
    entry = NumberedEntry("1", ["lun. 01/01/2026"], "t" * 400, "« " + "mot " * 2900 + "»", [long], ["obs. 0"])
    blocks = [Entries(("N", "D", "L", "E"), [entry] * 3), Table([("a", "mot " * 900)], (1, 1), head=False)]
    pdf = render(Document(title="t", author="a", running="r", blocks=blocks, made=MADE))
    for page in PdfReader(io.BytesIO(pdf)).pages:
        spots: list[tuple[float, float, str]] = []
        page.extract_text(visitor_text=lambda text, _cm, tm, _font, _size, to=spots: to.append((tm[4], tm[5], text)))
        drawn = [(x, y) for x, y, text in spots if text.strip() and y > 40]  # 40: the page number's own place
        assert drawn
        assert all(40 < x < 560 and 50 < y < 842 for x, y in drawn)
    words = " ".join(texts(pdf))
    assert words.count("mot") == 2900 * 3 + 900
    assert words.replace(" ", "").count("x" * 300) == 3


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Plus de créneau \N{RIGHT-TO-LEFT OVERRIDE}elbinopsid", "Plus de créneau \N{REPLACEMENT CHARACTER}elbinopsid"),
        ("Plus rien \N{SLIGHTLY SMILING FACE} !", "Plus rien \N{REPLACEMENT CHARACTER} !"),
        ("{nb} <b>gras</b> **gras** %s \\", "{nb} <b>gras</b> **gras** %s \\"),
        ("N\N{NO-BREAK SPACE}° 1 – « l’été »", "N ° 1 – « l’été »"),
    ],
)
def test_a_page_s_words_are_shown_as_they_are_or_marked_unknown(said: str, shown: str) -> None:
    pdf = render(report(dossier([one(0, seen=said)])))
    assert f"« {shown} »" in " ".join(texts(pdf))
    assert check(pdf)[0] == []


def test_a_page_has_one_clock_and_the_table_has_three() -> None:
    seen = [one(0, at=datetime(2026, 1, 5, 2, 30, tzinfo=UTC))]
    pages = texts(render(report(dossier(seen, ZoneInfo("America/Cayenne")))))
    assert any("dim. 04/01/2026 23:30:00 heure légale, UTC-03:00" in page for page in pages)
    assert any("dimanche 4 janvier 2026 à 23:30:00" in page for page in pages)
    for page in pages:
        assert "Établi le 24/11/2026 à 05:00 (UTC-03:00)" in page
        assert "02:30:00" not in page
        assert " UTC " not in page
    assert next(csv_rows(dossier(seen, ZoneInfo("America/Cayenne"))))[8] == "2026-01-05 03:30:00"


def test_a_captioned_picture_names_what_a_court_asks_for() -> None:
    image = png()
    seen = [one(4, label="Renouvellement", at=datetime(2026, 7, 6, 7, 14, tzinfo=UTC))]
    pdf = render(
        report(replace(dossier(seen), shots={4: PrintedPicture(image, ["Rendu des octets reçus, sans réseau."])}))
    )
    caption = (
        "Capture n° 1/1 — lundi 6 juillet 2026 à 09:14:00 (heure légale, UTC+02:00) — Préfecture du Val-d'Oise, "
        "démarche « Renouvellement » — Message affiché : « Il n'existe plus de plage horaire libre pour votre demande "
        "de rendez-vous. » — Adresse : https://www.val-doise.gouv.fr/booking/create/12345 — Auteur : relevé "
        f"automatique sans intervention humaine — Empreinte SHA-256 : {digest(image)[:16]}…"
    )
    page = next(text for text in texts(pdf) if "Capture n°" in text)
    assert caption in page
    assert "Rendu des octets reçus, sans réseau." in page


def test_an_opening_is_told_with_its_sentence_and_what_followed() -> None:
    hour, start = timedelta(hours=1), datetime(2026, 3, 2, 8, tzinfo=UTC)
    slot = {"reading": "SlotsOpen", "seen": "Mardi 9 h 30", "first_day": "2026-06-02"}
    gone = {"reading": "Unreached", "cause": "timeout", "seen": None}
    said = [{}, slot, slot, gone]
    pages = texts(render(report(dossier([one(i, at=start + i * hour, **more) for i, more in enumerate(said)]))))
    text = next(page for page in pages if page.find("Créneaux affichés") > 0)
    assert "« Mardi 9 h 30 »" in text
    assert "2 observations, sur 1 h" in text
    assert "mardi 2 juin 2026" in text
    assert "lundi 2 mars 2026 à 12:00:00 — pas de réponse à temps" in text


def test_without_an_opening_it_is_said_of_how_many_observations() -> None:
    whole = " ".join(texts(render(report(dossier([one(0), one(1)])))))
    assert "Observations comptées : 2. Aucune n'a montré de créneau" in whole


def test_no_word_of_law_is_in_it() -> None:
    whole = " ".join(texts(render(report(dossier([one(0)]))))).lower()
    for word in ("illégal", "carence", "référé", "urgence", "droit au", "condamn", "faute"):
        assert word not in whole
