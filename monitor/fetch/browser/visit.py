"""Chromium's own visit of a page that needs JavaScript: one address is opened, its script runs, nothing is pressed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from playwright.async_api import ConsoleMessage
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from monitor.core.exchange import Exchange
from monitor.core.prefecture import Page
from monitor.core.readings import Reading
from monitor.fetch.browser.process import Opened
from monitor.fetch.browser.requests import RefusedRequest, Used
from monitor.fetch.browser.shot import Shot, shoot
from monitor.fetch.browser.walk import Walk
from monitor.values import dataclass

QUIET = 0.5  # seconds without a request after which a page is at rest
LOADED_WITHIN = 3.0  # seconds from there to the page's own word that it is loaded
ANSWER_WITHIN = 10.0  # seconds from there to the awaited answer
VISIT_WITHIN = 120.0  # seconds: about 40 requests at the pace, and their answers
_LINES, _LETTERS = 50, 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """What a visit brought.

    came: the page to read (the awaited answer; without one awaited, the final DOM as UTF-8), or why there is none.
    document: the exchange that brought the document. exchanges: all that were made, in the order they ended. refused:
    requests not made, and why. used: sub-resources the page was given. console: what the page's script said, shortened.
    shot: a picture of this very page, None where it was not asked for or could not be taken.
    """

    came: Page | Reading
    document: Exchange | None
    exchanges: tuple[Exchange, ...]
    refused: tuple[RefusedRequest, ...]
    used: tuple[Used, ...]
    console: tuple[str, ...]
    shot: Shot | None


async def visit(opened: Opened, walk: Walk, url: str, *, picture: bool) -> Visited:
    """Open `url`, wait until the page is at rest, and take what is to be read."""
    console: list[str] = []
    opened.tab.on("console", _listener(console))
    opened.tab.on("websocket", lambda _: walk.fell_short())
    opened.tab.on("worker", lambda _: walk.fell_short())  # what it asks for is refused browser-wide
    dom, shot, crashed = None, None, False
    try:
        async with asyncio.timeout(VISIT_WITHIN):
            if await _shows(opened, url):
                await _rest(opened, walk)
                dom = await opened.tab.content()
                if picture:
                    document = walk.document
                    shot = await shoot(opened, "visited", url, document.decoded_body if document else b"")
    except (PlaywrightError, TimeoutError):
        crashed = dom is None
    return Visited(
        came=walk.came(dom, crashed=crashed),
        document=walk.document,
        exchanges=tuple(walk.exchanges),
        refused=tuple(opened.interception.refused),
        used=tuple(opened.interception.used),
        console=tuple(console),
        shot=shot,
    )


async def _shows(opened: Opened, url: str) -> bool:
    """True when Chromium shows the document; False for a failure, an empty error answer, a download."""
    crashed: list[bool] = []
    opened.tab.on("crash", lambda _: crashed.append(True))
    try:
        await opened.tab.goto(url, wait_until="commit", timeout=0)
    except PlaywrightError:
        if crashed:
            raise
        return False
    return True


async def _rest(opened: Opened, walk: Walk) -> None:
    """Until nothing is under way. A page that was kept from leaving may never say that it is loaded."""
    await opened.interception.quiet(QUIET)
    with suppress(PlaywrightTimeoutError):
        await opened.tab.wait_for_load_state("load", timeout=LOADED_WITHIN * 1000)
    await opened.interception.quiet(QUIET)
    if walk.waits and not walk.answered.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(walk.answered.wait(), ANSWER_WITHIN)
        await opened.interception.quiet(QUIET)


def _listener(console: list[str]) -> Callable[[ConsoleMessage], None]:
    def heard(message: ConsoleMessage) -> None:
        if len(console) < _LINES:
            console.append(f"{message.type}: {message.text}"[:_LETTERS])

    return heard
