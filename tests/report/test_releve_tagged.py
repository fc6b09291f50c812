"""The relevé for a screen reader: a language, a title, bookmarks, and every drawn word in a tree of elements."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader

from monitor.paper.document import Bullets, Document, Entries, Grid, Heading, NumberedEntry, Paragraph, Table
from monitor.paper.pdf import render
from monitor.report.export.dossier import PrintedPicture
from monitor.report.export.releve import report
from tests.report.test_export_pdf import MADE, check, dossier, one, png

SHOWS_TEXT = {"Tj", "TJ", "'", '"', "Do"}


@pytest.fixture(scope="module")
def releve() -> bytes:
    """Of a hundred observations, with a picture."""
    seen = [one(seq) for seq in range(100)]
    return render(report(replace(dossier(seen), shots={1: PrintedPicture(png(), ["Rendu."])})))


def elements(node: Any) -> Iterator[Any]:
    """The element and all below it, in reading order."""
    yield node
    for kid in node.get("/K", ()):
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/S") is not None:
            yield from elements(kid)


def kinds(pdf: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [str(one.S) for one in elements(opened.Root.StructTreeRoot.K[0])]


def marks(node: Any) -> Iterator[tuple[Any, int]]:
    """Page and number of each mark of an element, not of those below it."""
    for kid in node.get("/K", ()):
        if isinstance(kid, int):
            yield node.Pg.objgen, kid
        elif kid.get("/S") is None:
            yield kid.Pg.objgen, int(kid.MCID)


def test_it_has_a_language_a_title_and_bookmarks(releve: bytes) -> None:
    with pikepdf.open(io.BytesIO(releve)) as opened:
        root = opened.Root
        assert str(root.Lang) == "fr-FR"
        assert bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        with opened.open_metadata() as told:
            assert told["dc:title"] == "Relevé d'observations de pages publiques — Préfecture du Val-d'Oise"
        with opened.open_outline() as outline:
            titles = [item.title for item in outline.root]
    assert titles[0] == "Relevé d'observations de pages publiques"
    assert titles[-1] == "Annexe : dates et conditions des observations"


def test_every_page_is_a4(releve: bytes) -> None:
    sizes = {
        (round(float(page.mediabox.width)), round(float(page.mediabox.height)))
        for page in PdfReader(io.BytesIO(releve)).pages
    }
    assert sizes == {(595, 842)}


def test_every_drawn_word_is_in_an_element_or_told_to_be_none(releve: bytes) -> None:
    every_word_is_in_the_tree(releve)


def every_word_is_in_the_tree(pdf: bytes) -> None:
    """Or is told to be none of it; and each mark of a page is known to the element that has it: once, to no other."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        owned = [mark for node in elements(opened.Root.StructTreeRoot.K[0]) for mark in marks(node)]
        assert len(owned) == len(set(owned))
        found = []
        tree = dict(zip(*[iter(opened.Root.StructTreeRoot.ParentTree.Nums)] * 2, strict=True))
        for page in opened.pages:
            open_marks: list[int | None] = []
            numbers = []
            for operands, operator in pikepdf.parse_content_stream(page):
                name = str(operator)
                if name in ("BDC", "BMC"):
                    number = operands[1].get("/MCID") if name == "BDC" else None
                    assert (number is None) == (str(operands[0]) == "/Artifact")
                    open_marks.append(number)
                    numbers += [int(number)] if number is not None else []
                elif name == "EMC":
                    open_marks.pop()
                elif name in SHOWS_TEXT:
                    assert len(open_marks) == 1, "drawn outside, or inside two"
            assert open_marks == []
            parents = tree[int(page.obj.StructParents)]
            assert numbers == list(range(len(parents)))
            for number, parent in enumerate(parents):
                assert (page.obj.objgen, number) in set(marks(parent))
            found += [(page.obj.objgen, number) for number in numbers]
    assert sorted(found) == sorted(owned)


def test_a_table_has_heads_and_a_picture_says_what_it_shows(releve: bytes) -> None:
    with pikepdf.open(io.BytesIO(releve)) as opened:
        every = list(elements(opened.Root.StructTreeRoot.K[0]))
        scopes = {str(one.A.Scope) for one in every if str(one.S) == "/TH"}
        figures = [str(one.Alt) for one in every if str(one.S) == "/Figure"]
        for row in (one for one in every if str(one.S) == "/TR"):
            assert str(row.P.S) == "/Table"
            assert {str(cell.S) for cell in row.K} <= {"/TH", "/TD"}
    assert scopes == {"/Row", "/Column"}
    assert len(figures) == 1
    assert figures[0].startswith("Capture n° 1/1 — ")


def test_the_head_of_a_table_is_read_once_however_many_pages_it_fills() -> None:
    entry = NumberedEntry("1", ["lun. 01/01/2026"], "aucun créneau", "« Plus rien »", ["adresse"], ["obs. 0"])
    blocks = [
        Heading("Titre"), Paragraph("mot " * 3000), Bullets(["un " * 900, "deux"]),
        Table([("a", "b"), *[("c", "d")] * 120], (1, 1)),
        Grid(caption="g", columns=["x", "y"], rows=[str(i) for i in range(90)], cells=[[("1", "2"), ("", "")]] * 90),
        Entries(("N°", "Date", "Lecture", "Empreintes"), [entry] * 60),
    ]  # fmt: skip
    pdf = render(Document(title="t", author="a", running="r", blocks=blocks, made=MADE))
    assert len(PdfReader(io.BytesIO(pdf)).pages) > 6
    found = kinds(pdf)
    assert found.count("/TR") == 121 + 91 + 61
    assert found.count("/TH") == 2 + (2 + 90) + 4
    assert (found.count("/P"), found.count("/LI"), found.count("/Caption")) == (1, 2, 1)
    assert check(pdf)[0] == []
    every_word_is_in_the_tree(pdf)


def test_a_thousand_pages_are_numbered_without_a_word(recwarn: pytest.WarningsRecorder) -> None:
    blocks = [Heading(str(i)) for i in range(1001)]
    pdf = render(Document(title="t", author="a", running="r", blocks=blocks, made=MADE))
    assert "page 7/1001" in PdfReader(io.BytesIO(pdf)).pages[6].extract_text()
    assert [one for one in recwarn if "alias" in str(one.message)] == []
