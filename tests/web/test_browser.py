"""The pages in a real Chromium, as on a telephone: axe finds nothing in any language, and the whole way is gone by the
keyboard alone, without script, with and without CSS: from a préfecture's page of the public site to leaving.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from monitor.alerts.people.requests import HelpDesks
from monitor.site.publish import site_options
from monitor.web.words import NAMES
from tests.alerts.test_notify import free_port
from tests.site.invented import built
from tests.site.test_accessible import ASKED, TAGS
from tests.support.parts import needs, part
from tests.support.verifierpage import chromium
from tests.support.web import SEED, Served, serving

pytestmark = needs("chromium", "axe")
PHONE = {"width": 360, "height": 800}


class Slowly:
    """A clock that goes on ten seconds each time it is looked at: people take longer than programs over a form."""

    def __init__(self) -> None:
        self._at = datetime.now(UTC) - timedelta(minutes=40)

    def __call__(self) -> datetime:
        self._at += timedelta(seconds=10)
        return self._at


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setenv("IMAP", "secret")
    port = free_port()
    web = f'network_an_hour = 10000\nport = {port}\nsignal = "+33600000000"'
    inbox = '[inbox]\nserver = "imap.exemple.test"\nuser = "alerte@exemple.test"\npassword = { env = "IMAP" }\n'
    inbox += (
        '[site]\nbase_url = "https://site.test"\n[signal]\ngateway = "http://127.0.0.1:1"\naccount = "+33600000000"\n'
    )
    with serving(tmp_path, web, inbox, now=Slowly()) as one:
        one.client.close()
        yield one


def here(served: Served, path: str) -> str:
    return f"http://127.0.0.1:{served.chosen.web.port}{path}"


def states(served: Served, context: BrowserContext) -> Iterator[tuple[str, Page]]:
    """Every page in every language, each by its name: empty, wrong, answered, and those behind codes."""
    page = context.new_page()
    page.goto(here(served, "/fr/"))
    page.fill("#address", SEED)
    page.select_option("#prefecture", "93")
    page.locator("main button").click()
    yield "taken", page
    served.settled()
    yes, stop = served.link("c"), served.link("u")
    with served.opened() as (db, people):
        desk = HelpDesks(db, people).invite("Permanence", datetime.now(UTC), timedelta(days=1))
    desks = (f"a/{desk}", f"a/{desk}/feuille")
    for language in NAMES:
        for path in ("", "gerer", "vie-privee", yes[4:], stop[4:], "nowhere", "g/GERER-1-2-X", "c/OUI-X", *desks):
            page.goto(here(served, f"/{language}/{path}"))
            yield f"{language}/{path}", page
        page.goto(here(served, f"/{language}/"))
        page.locator("form").first.evaluate("form => { form.noValidate = true; form.submit() }")
        page.wait_for_selector("[role=alert]")
        yield f"{language} wrong", page
    page.goto(here(served, yes))
    page.locator("button").click()
    yield "confirmed", page
    own = page.locator("main a").get_attribute("href") or ""
    for language in NAMES:
        page.goto(here(served, f"/{language}/{own[4:]}"))
        yield f"{language} choices", page


def test_anybody_can_read_every_page_in_every_language(served: Served, browser: Browser) -> None:
    axe = Path(part("axe")).read_text(encoding="utf-8")
    context = browser.new_context(viewport=PHONE, bypass_csp=True)
    seen = 0
    for name, page in states(served, context):
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"], (name, "sideways")
        assert page.evaluate("document.scripts.length") == 0
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.evaluate(axe)
            found = page.evaluate(ASKED, TAGS)
            assert not found, (name, scheme, json.dumps(found, ensure_ascii=False, indent=1))
        seen += 1
    assert seen == len(NAMES) * 12 + 2
    context.close()


def bare(route: Route) -> None:
    """A page as it is where no style is shown."""
    answer = route.fetch(max_redirects=0)
    route.fulfill(response=answer, body=re.sub(r"<style>.*?</style>", "", answer.text(), flags=re.DOTALL))


def tabbed(page: Page, what: str) -> None:
    """Tab until what a selector names has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.locator(f"{what}:focus").count():
            return
    raise AssertionError(f"the keyboard does not reach {what}")


@pytest.mark.parametrize("styled", [True, False], ids=["css", "no-css"])
def test_the_whole_way_by_keyboard_on_a_telephone(
    served: Served, browser: Browser, tmp_path: Path, styled: bool
) -> None:
    root = tmp_path / "site"
    for path, data in built(options=site_options(served.chosen)).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    if not styled:
        page.route(here(served, "/**"), bare)
    page.goto((root / "93.html").as_uri())
    link = page.locator("a.button + a").get_attribute("href") or ""
    assert link.endswith("/fr/?prefecture=93")
    page.goto(here(served, link.partition("exemple.test")[2]))
    assert page.locator("#prefecture").input_value() == "93"
    tabbed(page, "#address")
    page.keyboard.type(SEED)
    tabbed(page, "button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/abonnement")
    assert "48 heures" in page.locator("main").inner_text()
    served.settled()
    page.goto(here(served, served.link("c")))
    assert served.states() == ["pending"]
    tabbed(page, "button")
    page.keyboard.press("Enter")
    page.wait_for_selector("main a")
    assert served.states() == ["active"]
    tabbed(page, "main a")
    page.keyboard.press("Enter")
    page.wait_for_selector("#before")
    assert page.locator("#prefecture").input_value() == "93"
    tabbed(page, "#discreet")
    page.keyboard.press("Space")
    tabbed(page, "button")
    page.keyboard.press("Enter")
    page.wait_for_selector("main > p")
    with served.people() as people:
        assert people.all()[0].to.discreet
    page.goto(here(served, served.link("u")))
    tabbed(page, "button")
    page.keyboard.press("Enter")
    page.wait_for_selector("main:not(:has(button))")
    assert served.states() == []
    context.close()
