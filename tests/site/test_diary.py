"""The diary in a real Chromium, served on loopback as an association's host serves it: what a person does with it."""

from __future__ import annotations

import io
import json
import random
import re
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from monitor.case.check.rules import case_rules
from monitor.case.check.spread import FAILED, spread_of
from monitor.case.kept.opening import opened
from monitor.case.kept.parcel import read
from monitor.case.model import KINDS, Attempt
from monitor.site.diary import FOLDER, LANGUAGES, WORDS
from tests.site.invented import built
from tests.support.parts import needs, part
from tests.support.verifierpage import chromium

SOURCES = Path(__file__).resolve().parents[2] / "monitor" / "browser" / "carnet"
SENTENCE = "Aucun créneau disponible"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    """Its address, and every path asked for."""
    root = tmp_path_factory.mktemp("served")
    for path, data in built().items():
        if path.startswith(f"{FOLDER}/"):
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_bytes(data)
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_args: object) -> None:
            asked.append(self.path)

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{FOLDER}/", asked
    server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser, served: tuple[str, list[str]]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="fr-FR", timezone_id="Europe/Paris")
    tab = context.new_page()
    tab.goto(served[0])
    tab.locator("h1").wait_for()
    yield tab
    context.close()


def picture(number: int) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (40, 60), (number % 256, 80, 120)).save(held, "PNG")
    return held.getvalue()


def chosen(page: Page, name: str, data: bytes) -> None:
    adding = page.locator("label", has_text=re.compile("captur|pictures|صور")).locator("input")
    adding.set_input_files([{"name": name, "mimeType": "image/png", "buffer": data}])


def kept(page: Page, name: str, data: bytes, at: str | None = None) -> None:
    chosen(page, name, data)
    card = page.locator("form.card")
    if at is not None:
        card.locator("[name=at]").fill(at)
    card.locator("[name=prefecture]").select_option("95")
    card.locator("[name=sentence]").fill(SENTENCE)
    card.locator("button").click()
    card.wait_for(state="detached")


def saved(page: Page) -> bytes:
    with page.expect_download() as coming:
        page.get_by_text("Faire le fichier").click()
    return Path(coming.value.path()).read_bytes()


@needs("chromium")
def test_pictures_become_a_file_that_a_case_takes(page: Page, served: tuple[str, list[str]]) -> None:
    before = len(served[1])
    kept(page, "Screenshot_20261102-091400.png", picture(1))
    kept(page, "42.png", picture(2), "2026-11-12T10:00:05")
    assert page.locator("dd").all_inner_texts() == ["2", "2", "2", "10", "10"]
    assert page.locator(".month strong").all_inner_texts() == ["2", "12"]
    parcel = read(opened(saved(page)))
    told = [(one.at.isoformat(), one.source, one.kind, one.prefecture, one.sentence) for one in parcel.picked]
    assert told == [
        ("2026-11-02T09:14:00", "file_name", "no_slot", "95", SENTENCE),
        ("2026-11-12T10:00:05", "stated", "no_slot", "95", SENTENCE),
    ]
    assert [parcel.files[one.file] for one in parcel.picked] == [picture(1), picture(2)]
    assert (
        len(set(served[1][before:]) - {f"/{FOLDER}/{one}" for one in ("", "sw.js", "icon.svg", "manifest.webmanifest")})
        == 0
    )


@needs("chromium")
def test_it_opens_without_network_and_holds_what_it_held(page: Page, served: tuple[str, list[str]]) -> None:
    kept(page, "1.png", picture(3), "2026-11-12T10:00:00")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.reload()
    page.locator("ol.list li").wait_for()
    assert SENTENCE in page.locator("ol.list").inner_text()


@needs("chromium")
def test_another_telephone_opens_the_file_and_erasing_erases(
    page: Page, browser: Browser, served: tuple[str, list[str]]
) -> None:
    kept(page, "1.png", picture(4), "2026-11-12T10:00:00")
    file = saved(page)
    other = browser.new_context(locale="fr-FR").new_page()
    other.goto(served[0])
    opening = other.locator("label", has_text="Ouvrir un fichier fait avant").locator("input")
    opening.set_input_files([{"name": "carnet.zip", "mimeType": "application/zip", "buffer": file}])
    other.locator("ol.list li").wait_for()
    spoiled = bytearray(file)
    spoiled[file.index(b"IDAT") + 8] ^= 1
    opening.set_input_files([{"name": "autre.zip", "mimeType": "application/zip", "buffer": bytes(spoiled)}])
    other.get_by_role("alert").get_by_text("modifié").wait_for()
    other.on("dialog", lambda dialog: dialog.accept())
    other.get_by_text("Tout effacer").click()
    other.get_by_text("Rien n'est encore gardé").wait_for()
    assert other.evaluate("indexedDB.databases().then(all => all.length)") <= 1
    other.context.close()


@needs("chromium")
def test_the_same_picture_and_what_is_none_are_said(page: Page) -> None:
    kept(page, "1.png", picture(5), "2026-11-12T10:00:00")
    chosen(page, "2.png", picture(5))
    page.get_by_role("alert").get_by_text("déjà ici").wait_for()
    chosen(page, "lettre.png", b"no picture at all")
    page.get_by_role("alert").get_by_text("pas une image").wait_for()
    assert page.locator("ol.list li").count() == 1


@needs("chromium", "axe")
@pytest.mark.parametrize("language", LANGUAGES)
def test_anybody_can_read_it(page: Page, language: str, browser: Browser, served: tuple[str, list[str]]) -> None:
    bare = browser.new_context(viewport={"width": 360, "height": 740}, bypass_csp=True, locale=language).new_page()
    bare.goto(served[0])
    bare.locator("h1").wait_for()
    kept(bare, "1.png", picture(6), "2026-11-12T10:00:00")
    chosen(bare, "2.png", picture(7))
    bare.locator("form.card").wait_for()
    assert bare.evaluate("document.documentElement.scrollWidth") == 360
    assert bare.evaluate("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
    bare.evaluate(Path(part("axe")).read_text("utf-8"))
    found = bare.evaluate("axe.run(document).then(all => all.violations.map(one => [one.id, one.nodes[0].html]))")
    bare.context.close()
    assert not found


def series() -> Iterator[list[tuple[date, str]]]:
    """A thousand, over years that have 53 weeks and days on which clocks change."""
    chance, kinds = random.Random(7), [kind for kind in KINDS if KINDS[kind] in ("attempt", "seen")]
    for _n in range(1000):
        first, within = date(2019, 12, 20) + timedelta(days=chance.randrange(2500)), chance.choice((9, 60, 400))
        days = [first + timedelta(days=chance.randrange(within)) for _i in range(chance.randrange(30))]
        yield [(day, chance.choice(kinds)) for day in days]


@needs("chromium")
def test_its_figures_are_those_of_the_case(browser: Browser) -> None:
    made = [*series()]
    told = [[{"at": f"{day}T09:00:00", "kind": kind} for day, kind in one] for one in made]
    source = (SOURCES / "figures.js").read_text("utf-8").replace("export ", "")
    tab = browser.new_page()
    counted = tab.evaluate(f"many => {{ {source}\n return many.map(figures); }}", told)
    tab.close()
    for one, found in zip(made, counted, strict=True):
        events = [Attempt(day=day, at=None, kind=kind, procedure="renewal") for day, kind in one]
        spread = spread_of(events, case_rules())
        days = sorted({event.day for event in events if event.group in FAILED})
        gap = max((later - earlier for earlier, later in pairwise(days)), default=timedelta())
        expected = spread.attempts, spread.days, spread.weeks, spread.span_days, gap.days
        assert tuple(found[name] for name in ("attempts", "days", "weeks", "span", "gap")) == expected


def test_it_neither_asks_nor_touches_anything() -> None:
    """What a reviewer looks for: its script connects to nothing, and neither presses nor fills another's page."""
    code = "".join(path.read_text("utf-8") for path in sorted(SOURCES.glob("*.js")) if path.name != "sw.js")
    for word in ("fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "EventSource", "eval(", "submit(", "iframe"):
        assert word not in code, word
    assert code.count(".click()") == 1, "its own download"
    page = built()[f"{FOLDER}/index.html"].decode()
    assert "default-src 'none'" in page
    assert "connect-src" not in page, "falls to default-src: nothing"


def test_every_word_is_said_in_every_language() -> None:
    page = built()[f"{FOLDER}/index.html"].decode()
    told = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1].replace("<\\/", "</"))  # type: ignore[index]
    for language in LANGUAGES:
        assert told["words"][language].keys() >= WORDS.keys()
    asked = set(re.findall(r'say\("(\w+)"', "".join(path.read_text("utf-8") for path in SOURCES.glob("*.js"))))
    assert asked <= WORDS.keys()
