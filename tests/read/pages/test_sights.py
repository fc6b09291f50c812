"""What we call seen, a visitor's Chromium shows; and where it shows more than we claim, the reason is known."""

from __future__ import annotations

import pytest

from monitor.core.prefecture import Page
from monitor.fetch.browser.home import BINARY
from monitor.read.pages.html import is_shown, parse, text_of
from tests.read.pages.sights import HIDDEN, SEEN, UNCLAIMED
from tests.support.parts import needs


def whole(fragment: str) -> str:
    return f"<!DOCTYPE html><html><body>{fragment}\n</body></html>"


def claims(fragment: str) -> bool:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    root = parse(Page(url="https://x/", status=200, headers=headers, body=whole(fragment).encode())).root
    return is_shown(root) and "mot" in text_of(root)


@pytest.mark.parametrize("fragment", HIDDEN)
def test_what_chromium_does_not_show_is_never_claimed(fragment: str) -> None:
    assert not claims(fragment)


@pytest.mark.parametrize("fragment", SEEN)
def test_what_chromium_shows_is_seen(fragment: str) -> None:
    assert claims(fragment)


@pytest.mark.parametrize("fragment", UNCLAIMED)
def test_what_is_shown_and_not_claimed_has_its_reason(fragment: str) -> None:
    assert not claims(fragment)


@pytest.mark.long
@needs("chromium")
def test_the_chromium_of_this_machine_shows_what_is_written_here() -> None:
    from playwright.sync_api import sync_playwright

    shown: dict[str, bool] = {}
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=str(BINARY), args=["--no-sandbox"])
        page = browser.new_page()
        for fragment in (*HIDDEN, *SEEN, *UNCLAIMED):
            page.set_content(whole(fragment))
            shown[fragment] = "mot" in page.evaluate("document.body.innerText")
        browser.close()
    assert {fragment for fragment, seen in shown.items() if seen is (fragment in HIDDEN)} == set()
