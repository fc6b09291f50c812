"""No article, decision, order, delay or amount is named to a user that is no row of the dated table of the law."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from monitor.case.check.rules import case_rules
from monitor.case.guide import LANGUAGES, GuideFact, guide, guide_text
from monitor.case.law_tables import law

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "monitor" / "data"
TEMPLATES = sorted((ROOT / "monitor" / "templates" / "case").glob("*.j2"))
PO = ROOT / "monitor" / "locale" / "fr" / "LC_MESSAGES" / "vigie.po"
# what readers are told: the READMEs and the pages they lead to
PAGES = [ROOT / name for name in ("README.md", "README.fr.md")]
PAGES += [
    ROOT / "docs" / folder / f"{page}.md" for folder in ("", "fr") for page in ("CASE", "DUTIES", "PROOF", "LIMITS")
]
# notices_*, discover: what a préfecture's page may say, read and never claimed
TABLES = [
    one
    for one in sorted([*DATA.glob("*.toml"), *DATA.glob("guide/*.toml")])
    if not re.match(r"law|notices_|discover", one.name)
]

MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
ENGLISH = dict(
    zip(
        "January February March April May June July August September October November December".split(),  # noqa: SIM905
        MONTHS.split("|"),
        strict=True,
    )
)
ARTICLE = re.compile(r"\b([LR]\.\s?(?:\*\s?)?\d{3}(?:-\d+)*)|\barticles? (\d[\d-]*)")
NUMBER = re.compile(r"\b(\d{6,7})\b(?!\s?€)|\b(\d{4}-\d{3,4})\b")
DATED = re.compile(
    rf"(?:arrêté|order|décret|decree|loi|law) (?:du|of) (\d+)(?:er)? ({MONTHS}|{'|'.join(ENGLISH)}) (\d{{4}})"
)
WORDS = {
    "un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "dix": 10, "douze": 12,
    "quinze": 15, "seize": 16, "dix-huit": 18, "dix-neuf": 19, "trente": 30, "soixante": 60, "quatre-vingt-dix": 90,
    "cent-vingt": 120, "soixante-douze": 72, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7,
    "ten": 10, "twelve": 12, "fifteen": 15, "sixteen": 16, "eighteen": 18, "nineteen": 19, "thirty": 30, "sixty": 60,
    "ninety": 90,
}  # fmt: skip
UNITS = {
    "jour": "jour", "day": "jour", "semaine": "semaine", "week": "semaine", "mois": "mois", "month": "mois", "an": "an",
    "année": "an", "year": "an", "heure": "heure", "hour": "heure",
}  # fmt: skip


def either(words: Iterable[str]) -> str:
    """An alternative, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


DELAY = re.compile(rf"\b(\d+|{either(WORDS)})[ -]({either(UNITS)})s?\b", re.IGNORECASE)
ORDINAL = re.compile(r"\b(\d{2,3})(?:e|th)\b")
AMOUNT = re.compile(r"(\d[\d\s.,]*?)\s?(?:€|euros?\b|EUR\b)")
LEGAL = re.compile(r"\b(articles?|CNIL|RGPD|GDPR|tribunal|court|juge|judge|law|loi)\b", re.IGNORECASE)


def articles(text: str) -> set[str]:
    """`L.421-3`, `37`: as they are compared."""
    return {re.sub(r"[\s*]", "", a or b) for a, b in ARTICLE.findall(text)}


def decisions(text: str) -> set[str]:
    """Numbers of decisions, decrees and laws, and the days of orders."""
    days = {f"{d} {ENGLISH.get(m, m)} {y}" for d, m, y in DATED.findall(text)}
    return {a or b for a, b in NUMBER.findall(text)} | days


def figures(text: str) -> set[str]:
    """Delays and amounts: `2 mois`, `180 €`; one day, and hours, are no delay of the law but where `hours` is asked."""
    out = {f"{re.sub(r'[^0-9]', '', amount)} €" for amount in AMOUNT.findall(text)}
    for number, unit in DELAY.findall(text):
        n, kind = WORDS.get(number.lower()) or int(number), UNITS[unit.lower()]
        if (n, kind) != (1, "jour"):
            out.add(f"{n} {kind}")
    return out


def known_articles() -> set[str]:
    """In the citations of the table."""
    return {name for one in law().sources.values() for name in articles(f"{one.cite} {one.short}")} | {
        name for one in law().sources.values() for name in re.findall(r"article (\d[\d-]*)", one.cite)
    }


def known_decisions() -> set[str]:
    return {name for one in law().sources.values() for name in decisions(f"{one.cite} {one.short}")}


def known_figures(keys: Iterable[str] | None = None) -> set[str]:
    """Of the rows named, or of all."""
    rows = law().sources.values() if keys is None else law().of(keys)
    return figures(" ; ".join(figure for one in rows for figure in one.figures))


def ordinals(text: str) -> set[int]:
    return {int(n) for n in ORDINAL.findall(text)}


def known_ordinals(keys: Iterable[str] | None = None) -> set[int]:
    return {int(one.split()[0]) for one in known_figures(keys)}


def strings(value: Any) -> Iterator[str]:
    """Every text of a table."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def places() -> Iterator[tuple[str, str]]:
    """Where a user meets what the program says of the law: what it is called, its text."""
    for path in TEMPLATES:
        yield path.name, path.read_text(encoding="utf-8")
    for path in TABLES:
        yield path.name, "\n".join(strings(tomllib.loads(path.read_text(encoding="utf-8"))))
    with PO.open(encoding="utf-8") as file:
        for one in read_po(file):
            yield "vigie.po", " ".join(map(str, (one.id, one.string)))
    for path in PAGES:
        yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


PLACES = [*places()]


def test_the_reader_of_this_test_reads() -> None:
    text = "articles L. 421-3 et R.* 432-1, n° 435594, arrêté du 1er août 2023, deux mois, 120e jour, 180 €, 1 an"
    text += ", article 37"
    assert articles(text) == {"L.421-3", "R.432-1", "37"}
    assert decisions(text) == {"435594", "1 août 2023"}
    assert figures(text) == {"2 mois", "180 €", "1 an"}
    assert ordinals(text) == {120}
    assert figures("four months, ninety days, 50 euros, dix-huit mois") == {"4 mois", "90 jour", "50 €", "18 mois"}


@pytest.mark.parametrize("name", sorted({name for name, _text in PLACES}))
def test_every_article_and_decision_named_is_a_row(name: str) -> None:
    texts = [text for place, text in PLACES if place == name]
    for text in texts:
        assert articles(text) <= known_articles(), name
        assert decisions(text) <= known_decisions(), name


@pytest.mark.parametrize("name", [path.name for path in TEMPLATES])
def test_every_figure_of_a_letter_is_a_row_s(name: str) -> None:
    text = (ROOT / "monitor" / "templates" / "case" / name).read_text(encoding="utf-8")
    assert figures(text) <= known_figures()
    assert ordinals(text) <= known_ordinals()


@pytest.mark.parametrize("code", sorted(case_rules().sayings))
def test_every_figure_of_a_finding_is_its_own_sources(code: str) -> None:
    one = case_rules().sayings[code]
    text = " ".join((one.fr, one.en, one.next_fr, one.next_en))
    assert figures(text) <= known_figures(one.sources)
    assert ordinals(text) <= known_ordinals(one.sources)


def told(fact: GuideFact, lang: str) -> str:
    """What the guide says of it in that language."""
    title, says = guide_text(lang).facts[fact.key]
    return "\n".join((title, *says))


@pytest.mark.parametrize("fact", guide().facts, ids=lambda one: one.key)
def test_every_figure_of_the_guide_is_its_own_sources(fact: GuideFact) -> None:
    for text in (told(fact, lang) for lang in ("fr", "facile", "en")):
        assert figures(text) <= known_figures(fact.sources)
        assert ordinals(text) <= known_ordinals(fact.sources)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_guide_gives_the_same_numbers_in_every_language(lang: str) -> None:
    """All are written in figures, so that a language nobody here reads is held too."""
    for fact in guide().facts:
        numbers = sorted(re.findall(r"\d+", told(fact, lang)))
        assert numbers == sorted(re.findall(r"\d+", told(fact, "fr"))), (lang, fact.key)
        assert told(fact, lang).count("{ccc}") == (fact.key == "on_anef")


def test_the_telephone_number_is_that_of_its_source() -> None:
    assert guide().telephone in law().sources["contact_centre"].says


def test_both_languages_of_a_finding_give_the_same_figures() -> None:
    for code, one in case_rules().sayings.items():
        assert figures(one.fr) == figures(one.en), code


@pytest.mark.parametrize("name", ["vigie.po", *(str(path.relative_to(ROOT)) for path in PAGES)])
def test_a_figure_beside_the_law_is_a_row_s(name: str) -> None:
    for place, text in PLACES:
        if place != name:
            continue
        assert not [one for one in figures(text) if one.endswith("€")], "no amount outside findings and guide"
        for sentence in re.split(r"(?<=[.;:])\s|\n\n|\n[-|]", text):
            if LEGAL.search(sentence):
                assert figures(sentence) <= known_figures(), sentence


@pytest.mark.parametrize("table", ["numbers", "silence"])
def test_every_delay_computed_with_bears_its_source(table: str) -> None:
    """A number of the rules is one of its row's figures; the comment beside it says which."""
    rows = case_rules().silence.values()
    if table == "silence":
        for one in rows:
            figure = f"{one.months} mois" if one.months else f"{one.days} jour"
            assert figure in known_figures([one.source]), one
        return
    lines = (DATA / "case_rules.toml").read_text(encoding="utf-8").partition("[numbers]")[2].partition("\n[")[0]
    for name, value, beside in re.findall(r"^(\w+) = (\d+)\s+# (.+)$", lines, re.MULTILINE):
        if beside == "guess":
            continue
        (row,) = [one for one in law().sources.values() if beside.removesuffix(" 1°").removesuffix(" 3°") == one.short]
        unit = "mois" if name.endswith("months") else "jour"
        assert f"{value} {unit}" in known_figures([row.key]), name
    assert len(re.findall(r"^\w+ = \d+\s+# ", lines, re.MULTILINE)) == len(case_rules().numbers)
