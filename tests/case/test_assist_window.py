"""The watched window itself: what it never does, what typing makes it drop, and what it says of the browsers there."""

from __future__ import annotations

import ast
import asyncio
import io
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import playwright.async_api as api
import pytest

from monitor.case.assist.answers import LOOK
from monitor.case.assist.attempt import STAMPS
from monitor.case.assist.browser import AssistOptions, banded, launch, started
from monitor.case.assist.folder import keep, load, stamp
from monitor.case.assist.window import PersonWindow
from monitor.core.errors import UsageError
from monitor.core.ports import BrowserError
from monitor.evidence.stamps.authority import Authority, Timestamper
from monitor.fetch.browser.home import BINARY
from monitor.fetch.clock import SystemClock
from tests.support.authority import Tsa, served
from tests.support.browsers import needs_chromium

ROOT = Path(__file__).resolve().parents[2]
MODULES = [ROOT / "monitor" / "case" / "assist" / f"{name}.py" for name in ("answers", "browser", "folder", "window")]
OPTIONS = AssistOptions(binary=BINARY, sandbox=os.geteuid() != 0, headless=True)
PAGE = (
    "<title>t</title><main><h1>Recherche</h1><input id=a type=text><input id=b type=date>"
    "<textarea id=c></textarea></main>"
)
WATCHES = {  # of all that Playwright can do with a page, a frame, a context or a browser
    "close", "content", "evaluate", "goto", "is_closed", "launch", "new_context", "new_page", "on", "reload",
    "screenshot", "wait_for_load_state",
}  # fmt: skip


def test_no_call_exists_that_types_presses_or_changes_a_page() -> None:
    can = {
        name
        for cls in (api.Page, api.Frame, api.Locator, api.ElementHandle, api.Keyboard, api.Mouse, api.BrowserContext,
                    api.Browser, api.Touchscreen, api.Route, api.CDPSession, api.JSHandle, api.Request, api.BrowserType)
        for name in dir(cls)
        if not name.startswith("_") and callable(getattr(cls, name))
    }  # fmt: skip
    used, scripts, reads = set[str](), list[str](), set[str]()
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                reads.add(node.attr)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                used.add(node.func.attr)
                if "evaluate" in node.func.attr:
                    scripts += [ast.unparse(argument) for argument in node.args]
    told_by_answers = {"response", "headers_array", "is_navigation_request", "body"}
    assert used & can <= WATCHES | told_by_answers
    assert set(scripts) == {"LOOK"}
    assert not reads & {"keyboard", "mouse", "touchscreen", "post_data", "post_data_buffer", "post_data_json", "route"}
    assert not reads & {"cookies", "storage_state", "new_cdp_session", "add_init_script", "expose_binding"}


def serving(body: str) -> Callable[[Any], Awaitable[None]]:
    async def serve(route: Any) -> None:
        await route.fulfill(body=body, content_type="text/html; charset=utf-8")

    return serve


def sitting(todo: Callable[[PersonWindow, Any], Awaitable[None]], pages: dict[str, str]) -> None:
    """A window on a made-up site whose pages the test serves, and the person's hands on its first tab."""

    async def live() -> None:
        async with started(OPTIONS) as browser:
            for url, body in pages.items():
                await browser.context.route(url, serving(body))
            window = PersonWindow(browser.context, lambda: datetime.now(UTC))
            await window.open(next(iter(pages)))
            await todo(window, browser.context.pages[0])

    asyncio.run(asyncio.wait_for(live(), 60))


@needs_chromium
def test_a_picture_is_dropped_once_something_is_typed() -> None:
    async def todo(window: PersonWindow, tab: Any) -> None:
        loaded = await window.next()
        assert loaded is not None
        assert not loaded.typed
        assert await window.picture(loaded) is not None
        await tab.fill("#b", "1990-01-01")  # a day is chosen, not written
        assert await window.picture(loaded) is not None
        await tab.fill("#a", "x")
        assert await window.picture(loaded) is None
        assert await window.reload(loaded) is False
        await tab.fill("#a", "")
        await tab.fill("#c", "x")
        assert await window.picture(loaded) is None

    sitting(todo, {"https://essai.gouv.fr/": PAGE})


@needs_chromium
def test_a_page_left_is_neither_pictured_nor_loaded_again() -> None:
    async def todo(window: PersonWindow, tab: Any) -> None:
        first = await window.next()
        assert first is not None
        assert first.trigger == "start"
        await tab.goto("https://essai.gouv.fr/deux")
        assert await window.picture(first) is None
        assert await window.reload(first) is False
        second = await window.next()
        assert second is not None
        assert (second.url, second.trigger, window.unsettled) == ("https://essai.gouv.fr/deux", "person", 0)
        assert await window.reload(second) is True
        third = await window.next()
        assert third is not None
        assert (third.trigger, third.served) == ("reload", second.served)
        await tab.close()
        assert await window.next() is None

    sitting(todo, {"https://essai.gouv.fr/": PAGE, "https://essai.gouv.fr/deux": "<title>2</title><h1>Deux</h1>"})


@needs_chromium
def test_a_change_of_address_inside_a_page_is_seen_and_an_anchor_is_not() -> None:
    async def todo(window: PersonWindow, tab: Any) -> None:
        first = await window.next()
        assert first is not None
        await tab.evaluate("location.hash = 'contenu'")
        await tab.evaluate("document.querySelector('h1').textContent = 'Suite'; history.pushState({}, '', '/suite')")
        second = await window.next()
        assert second is not None
        assert (second.url, second.served, list(second.passed)) == ("https://essai.gouv.fr/suite", None, [])
        assert "Suite" in (second.shown or "")

    sitting(todo, {"https://essai.gouv.fr/": PAGE})


@needs_chromium
def test_looking_changes_nothing_in_a_page() -> None:
    async def todo(window: PersonWindow, tab: Any) -> None:
        await window.next()
        await tab.evaluate(
            "window.seen = []; new MutationObserver(m => seen.push(m.length)).observe(document, "
            "{attributes: true, childList: true, characterData: true, subtree: true});"
            "for (const e of ['input', 'change', 'click', 'focus', 'submit', 'keydown']) "
            "document.addEventListener(e, () => seen.push(e), true)"
        )
        before = await tab.content()
        await tab.evaluate(LOOK)
        assert await tab.evaluate("seen") == []
        assert await tab.content() == before

    sitting(todo, {"https://essai.gouv.fr/": PAGE})


@needs_chromium
def test_the_browser_named_is_tried_first_and_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    async def live(options: AssistOptions) -> str:
        async with api.async_playwright() as playwright:
            browser, product = await launch(playwright, options)
            await browser.close()
            return product

    assert asyncio.run(live(OPTIONS)) == "Chromium"
    nothing = AssistOptions(binary=Path("/nonexistent"), headless=True)
    monkeypatch.setattr("monitor.case.assist.browser.COMMANDS", ())
    with pytest.raises(BrowserError, match="no browser was found"):
        asyncio.run(live(nothing))


def test_the_band_wraps_what_does_not_fit() -> None:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (320, 50), (9, 99, 199)).save(out, "PNG")
    short = banded(out.getvalue(), ["Adresse : https://essai.gouv.fr/"])
    long = banded(out.getvalue(), ["Adresse : https://essai.gouv.fr/" + "x" * 200])
    with Image.open(io.BytesIO(short)) as one, Image.open(io.BytesIO(long)) as other:
        assert one.width == other.width == 640
        assert other.height > one.height
        assert other.getpixel((5, other.height - 1)) == (9, 99, 199)


def test_a_folder_is_stamped_after_it_is_whole(tmp_path: Path) -> None:
    tsa = Tsa(tmp_path / "tsa")
    out = tmp_path / "out"
    keep(out, {"attempt.json": b"{}\n"})
    with pytest.raises(UsageError):
        keep(out, {"attempt.json": b"{}\n"})
    with served(lambda query: (200, tsa.reply(query))) as url:
        good = Timestamper(Authority(name="essai", url=url, roots=tsa.root.pem), SystemClock(), user_agent="vigie/test")
        down = Timestamper(
            Authority(name="absente", url="http://127.0.0.1:9/", roots=tsa.root.pem), SystemClock(), user_agent="v"
        )
        rows = asyncio.run(stamp(out, [good, down]))
    assert [(row["authority"], row["what"]) for row in rows] == [("essai", "stamped"), ("absente", "unstamped")]
    assert rows[1]["why"] == "down"
    files = load(out)
    assert {"SHA256SUMS.essai.tsr", "SHA256SUMS.essai.tsq", "SHA256SUMS.essai.pem", STAMPS} < set(files)
    (tmp_path / "link").symlink_to(out)
    (out / "link").symlink_to(tmp_path / "tsa")
    with pytest.raises(UsageError):
        load(out)
