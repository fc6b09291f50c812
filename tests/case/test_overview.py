"""`vigie case show --html`: the case on one page, on a telephone, in the dark and on a sheet of A4."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.evidence.test_verifier_page import CONTRAST
from tests.support.browsers import needs_chromium
from tests.support.commands import Vigie
from tests.support.courtcase import Filling, command, fill, new_case, png
from tests.support.verifierpage import chromium, opened

Made = tuple[Path, Vigie, dict[str, Path]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("overview")
    case = new_case(folder / "dossier")
    fill(case)
    for month in range(4, 11):  # a long case: more months than a page shows
        for day in (1, 9, 28):
            Filling(case).add("no_slot", f"2026-{month:02d}-{day:02d}T09:14", ("x.png", png(f"{month} {day}")))
    Filling(case).add("email", "2026-10-12T09:14")
    Filling(case).add("no_slot", "2056-10-12T09:14")
    vigie = command(folder)
    pages = {lang: folder / f"{lang}.html" for lang in ("fr", "en")}
    for lang, path in pages.items():
        done = vigie("--lang", lang, "case", "show", case.root, "--html", path)
        assert done.returncode == 0, done.stderr
    return case.root, vigie, pages


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def plain(path: Path) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8"))))


def test_the_page_says_where_the_case_stands_and_that_it_is_in_clear(made: Made) -> None:
    _case, _vigie, pages = made
    french, english = plain(pages["fr"]), plain(pages["en"])
    for words in ("Cette page n'est pas chiffrée", "Prochaine étape", "renouvellement de titre de séjour",
                  "octobre 2026", "fait, avec une pièce", "Centre de contact citoyens", "Calendrier"):  # fmt: skip
        assert words in french, words
    for words in ("This page is not encrypted", "Next step", "renewal", "October 2026", "done, with a paper"):
        assert words in english, words
    assert "Prochaine" not in english
    assert "Next step" not in french
    for text in (french, english):
        assert "None" not in text
        assert "{" not in text.partition("</style>")[2]


def test_each_day_of_the_calendar_bears_what_was_done_on_it(made: Made) -> None:
    text = made[2]["en"].read_text(encoding="utf-8")
    shown = re.findall(r"<caption>(.*?)</caption>", text)
    assert shown == ["June 2026", "July 2026", "August 2026", "September 2026", "October 2026", "October 2056"]
    (october,) = re.findall(r"<caption>October 2026.*?</table>", text, re.DOTALL)
    assert {day: kind for kind, day in re.findall(r'class="(\w+)"[^>]*>(\d+)<', october)} == {
        "1": "try", "9": "try", "28": "try", "12": "other"
    }  # fmt: skip
    assert re.search(r"October 2056.*class=\"unsure\"[^>]*>12<", text, re.DOTALL)
    assert "earlier months not shown: 4" in plain(made[2]["en"])
    assert not re.search(r"\d{4}-\d\d-\d\d", plain(made[2]["fr"]))


def test_it_is_for_its_owner_holds_no_script_and_asks_nothing_of_a_network(made: Made) -> None:
    for path in made[2].values():
        text = path.read_text(encoding="utf-8")
        assert path.stat().st_mode & 0o777 == 0o600
        assert not re.search(r"<script|\bon\w+=|https?://|url\(|@import", text)


def test_it_is_written_again_over_itself_and_over_nothing_else(made: Made, tmp_path: Path) -> None:
    case, vigie, pages = made
    assert vigie("case", "show", case, "--html", pages["en"]).returncode == 0
    mine = tmp_path / "notes.html"
    mine.write_text("<p>mes notes</p>", encoding="utf-8")
    done = vigie("case", "show", case, "--html", mine)
    assert (done.returncode, done.stderr.count("\n"), mine.read_text(encoding="utf-8")) == (64, 1, "<p>mes notes</p>")


def test_an_empty_case_and_a_hostile_sentence_have_a_page_too(tmp_path: Path) -> None:
    case = new_case(tmp_path / "dossier", family=None)
    vigie = command(tmp_path)
    assert vigie("case", "show", case.root, "--html", tmp_path / "a.html").returncode == 0
    assert "Nothing is logged yet" in plain(tmp_path / "a.html")
    words = ("--kind", "anef_error_code", "--at", "2026-11-02", "--sentence", "<script>alert(1)</script>")
    assert vigie("case", "log", case.root, *words).returncode == 0
    assert vigie("case", "show", case.root, "--html", tmp_path / "b.html").returncode == 0
    assert "<script" not in (tmp_path / "b.html").read_text(encoding="utf-8")


@needs_chromium
@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_telephone_and_can_be_read_by_day_and_by_night(
    made: Made, browser: Browser, lang: str, scheme: str
) -> None:
    options = {"viewport": {"width": 360, "height": 800}, "color_scheme": scheme}
    with opened(browser, page=made[2][lang], options=options) as page:
        assert page.page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.page.evaluate(CONTRAST) == []
        assert page.troubles == []


@needs_chromium
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_it_prints_on_one_sheet_of_a4(made: Made, browser: Browser, lang: str) -> None:
    with opened(browser, page=made[2][lang]) as page:
        printed = PdfReader(BytesIO(page.page.pdf(prefer_css_page_size=True, print_background=True)))
    assert len(printed.pages) == 1
    assert [float(v) for v in printed.pages[0].mediabox[2:]] == pytest.approx([595.28, 841.89], abs=1)
