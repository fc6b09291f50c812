"""The review page of a survey in a real browser, at a telephone's width and at a desk's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.run.survey.country import lay_out
from tests.simulator.client import Simulator
from tests.simulator.fixture import in_process
from tests.support.browsers import needs_chromium
from tests.support.commands import ROOT, Vigie, settings
from tests.support.sweeps import SCALE
from tests.support.verifierpage import chromium

ROWS = ROOT / "tests" / "fixtures" / "survey" / "annuaire.json"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    base = tmp_path_factory.mktemp("country")
    sites = lay_out(base / "sites", ("01", "07", "09"))
    with in_process(base / "ca", "--time-scale", str(SCALE), "--sites", str(sites)) as simulator:
        yield simulator


@pytest.fixture(scope="module")
def pages(played: Simulator, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The review page in both languages: two sites that answer, one that is in the way, sources that disagree."""
    folder = tmp_path_factory.mktemp("survey")
    vigie = Vigie(folder / "data", settings(folder, played))
    played.show("www.ariege.gouv.fr", "/", "403_denied")
    for lang in ("fr", "en"):
        words = ("survey", "01", "07", "09", "--from", ROWS, "--out", folder / lang, "--lang", lang)
        done = vigie.apart(*words)  # a browser's loop runs in this process
        assert done.returncode == 3, done.stderr
    return {lang: folder / lang / "index.html" for lang in ("fr", "en")}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def opened(browser: Browser, path: Path, width: int, scheme: str = "light") -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        java_script_enabled=True,
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(path.as_uri())
    return page


@needs_chromium
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_fits_and_its_filters_work_without_script(
    browser: Browser, pages: dict[str, Path], width: int, lang: str
) -> None:
    page = opened(browser, pages[lang], width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "nothing stands outside"
    assert page.locator("script").count() == 0
    shown = page.locator("tbody tr:visible")
    assert shown.count() == 3
    for name in ("changed", "doubts", "conflicts", "lost", "blocked", "pan", "booking", "nothing"):
        label = page.locator(f'label[for="f-{name}"]')
        told = int(label.inner_text().rpartition("(")[2].rstrip(")"))
        label.click()
        assert shown.count() == told, name
    page.locator('label[for="f-all"]').click()
    assert shown.count() == 3
    page.locator("#f-all").focus()
    page.keyboard.press("ArrowRight")
    assert shown.count() < 3, "the keyboard chooses a filter too"


@needs_chromium
def test_each_claim_has_its_sentence_and_address(browser: Browser, pages: dict[str, Path]) -> None:
    page = opened(browser, pages["fr"], 1280)
    row = page.locator("#p07")
    assert "aide les étrangers à déposer leur demande" in row.inner_text()
    links = row.locator("a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert "https://www.ardeche.gouv.fr/Demarches/Etrangers/Point-numerique" in links
    assert "proposed/d07_ardeche.py" in links
    blocked = page.locator("#p09").inner_text()
    assert "La page d'accueil n'a pu être lue" in blocked
    conflict = page.locator("#p01").inner_text()
    assert "01 99 00 12 34" in conflict
    assert "Licence Ouverte" in conflict


@needs_chromium
def test_words_of_a_site_are_text_on_the_page(browser: Browser, pages: dict[str, Path]) -> None:
    text = (
        pages["fr"]
        .read_text(encoding="utf-8")
        .replace("Point d’accueil numérique", "&lt;img src=x onerror=alert(1)&gt;")
    )
    evil = pages["fr"].with_name("evil.html")
    evil.write_text(text, encoding="utf-8")
    page = opened(browser, evil, 1280)
    assert page.locator("img").count() == 0
