"""The guide: in six languages, each statement with its sources on the page, reached from every page."""

from __future__ import annotations

import posixpath
import re

import pytest
from bs4 import BeautifulSoup

from monitor.case.guide import LANGUAGES, guide, guide_text, text_from
from monitor.case.law_tables import law
from monitor.site.frame import WAYS
from monitor.site.tongues import GUIDE, PageTongue
from tests.site.invented import built

LONGEST = {"fr": 28, "facile": 20}  # words of a sentence; what is for easy reading is shorter


def soup(lang: str) -> BeautifulSoup:
    path = "guide.html" if lang == "fr" else f"{lang}/guide.html"
    return BeautifulSoup(built()[path], "lxml")


def test_the_languages_of_the_guide_are_those_of_the_site_and_more() -> None:
    assert set(LANGUAGES) == set(GUIDE)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_statement_has_its_sources_on_the_page(lang: str) -> None:
    page = soup(lang)
    for fact in guide().facts:
        section = page.select_one(f"section#{fact.key}")
        assert section is not None
        assert section.select("ul.says li")
        named = [str(one["href"]).removeprefix("#") for one in section.select("a.src")]
        assert named == list(fact.sources)
        for key in named:
            row = page.select_one(f"#sources li#{key}")
            assert row is not None
            assert law().sources[key].cite in row.get_text()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_says_who_read_it_over_and_that_nobody_did(lang: str) -> None:
    said = guide_text(lang)
    assert said.read_over is None, "a speaker read it over: say so in the data file, with the day"
    assert said.words["unread"] in soup(lang).get_text()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_number_is_dialled_and_never_turned_round(lang: str) -> None:
    (link,) = soup(lang).select("#on_anef a[href^='tel:']")
    assert link["href"] == "tel:0806001620"
    number = link.bdi
    assert number is not None
    assert number["dir"] == "ltr"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_is_of_its_language_and_direction(lang: str) -> None:
    html = soup(lang).html
    assert html is not None
    assert (html["lang"], html["dir"]) == (PageTongue(lang).lang, "rtl" if lang == "ar" else "ltr")
    for kept in soup(lang).select("#main .says bdi[lang=fr]"):
        assert not re.search(r"[\u0600-\u06ff]", kept.get_text())


@pytest.mark.parametrize("lang", ["es", "pt", "ar"])
def test_nothing_around_it_is_left_in_english(lang: str) -> None:
    text = soup(lang).get_text()
    for _name, words in WAYS:
        assert PageTongue(lang).gettext(words) != words
        assert PageTongue(lang).gettext(words) in text


def test_every_page_leads_to_it() -> None:
    pages = {path: data for path, data in built().items() if path.endswith(".html")}
    pages = {path: data for path, data in pages.items() if "imprimer/" not in path and not path.startswith("carnet/")}
    for path, data in pages.items():
        page = BeautifulSoup(data, "lxml")
        links = [str(one["href"]) for one in page.select("nav a[href]")]
        found = {posixpath.normpath(posixpath.join(posixpath.dirname(path), one)) for one in links}
        assert path.endswith("guide.html") or {one for one in found if one.endswith("guide.html")}, path


@pytest.mark.parametrize("lang", sorted(LONGEST))
def test_its_sentences_are_short(lang: str) -> None:
    for key, (_title, says) in guide_text(lang).facts.items():
        for sentence in re.split(r"(?<=[.?!:]) ", " ".join(says)):
            assert len(sentence.split()) <= LONGEST[lang], (key, sentence)


def test_a_language_that_lacks_a_fact_is_refused() -> None:
    table = {"read_over": "", "page": {}, "facts": {"one": {"title": "t", "says": ["s"]}}}
    with pytest.raises(ValueError, match="ar: two: every language has each fact"):
        text_from("ar", table, ["one", "two"])
