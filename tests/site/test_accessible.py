"""Every page in a real Chromium, narrow and wide, light and dark: axe-core finds nothing, nothing sticks out sideways,
nothing is asked of another host, and the keyboard reaches every link.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.site.invented import built
from tests.support.parts import needs, part
from tests.support.verifierpage import chromium

pytestmark = needs("chromium", "axe")
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SEEN = [(width, scheme) for width in (360, 1280) for scheme in ("light", "dark")]
ASKED = """async tags => (await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']}))
    .violations.map(one => [one.id, one.nodes.length, one.nodes[0].html])"""

REACHED = """[...document.querySelectorAll('a[href], summary, [tabindex="0"]')].filter(one => one.checkVisibility())"""


def pages() -> list[str]:
    """One of each template and language; of the préfectures, one with figures and one without."""
    return sorted(one for one in built() if one.endswith(".html") and not re.search(r"(^|/)93\.html|^carnet/", one))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site on the disk, as a USB stick carries it."""
    root = tmp_path_factory.mktemp("site")
    for path, data in built().items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def contexts(browser: Browser) -> dict[tuple[int, str], BrowserContext]:
    return {
        (width, scheme): browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True, offline=True
        )
        for width, scheme in SEEN
    }


def opened(context: BrowserContext, address: Path) -> tuple[Page, list[str]]:
    page, outside = context.new_page(), list[str]()
    page.on("request", lambda one: None if one.url.startswith("file:") else outside.append(one.url))
    page.goto(address.as_uri())
    return page, outside


@pytest.mark.parametrize("path", pages())
def test_anybody_can_read_it(path: str, site: Path, contexts: dict[tuple[int, str], BrowserContext]) -> None:
    axe = Path(part("axe")).read_text(encoding="utf-8")
    for (width, scheme), context in contexts.items():
        page, outside = opened(context, site / path)
        assert page.evaluate("document.documentElement.scrollWidth") == width, (width, "sideways")
        assert page.evaluate("document.scripts.length") == 0
        page.evaluate(axe)
        found = page.evaluate(ASKED, TAGS)
        page.close()
        assert not found, (width, scheme, json.dumps(found, ensure_ascii=False, indent=1))
        assert not outside


@pytest.mark.parametrize("path", [one for one in pages() if "/" not in one or one == "ar/guide.html"])
def test_the_keyboard_reaches_every_link_in_the_order_of_the_page(path: str, site: Path, browser: Browser) -> None:
    page, _outside = opened(browser.new_context(viewport={"width": 360, "height": 800}), site / path)
    links: int = page.evaluate(f"{REACHED}.length")
    seen: list[int] = []
    for _ in range(links):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(f"{REACHED}.indexOf(document.activeElement)"))
    page.context.close()
    assert seen == list(range(links))
