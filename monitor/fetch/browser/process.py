"""Starting Chromium, opening pages in fresh contexts, ending everything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, MutableSequence, Sequence
from contextlib import asynccontextmanager, suppress

from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, CDPSession, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab

from monitor.fetch.browser.conditions import BrowserConditions, observed
from monitor.fetch.browser.home import FLAGS, HEIGHT, WIDTH, BrowserError, BrowserOptions, Home
from monitor.fetch.browser.requests import Answering, Interception, RefusedRequest, refuse_all
from monitor.values import dataclass

LOCALE = "fr-FR"
CLOSE_WITHIN = 2.5
_EMPTY: Mapping[str, Sequence[object]] = {"cookies": [], "origins": []}


@dataclass(frozen=True, slots=True)
class Live:
    """A started Chromium. keeper: the profile's own context, in which no page is ever opened."""

    playwright: Playwright
    chromium: Chromium
    keeper: BrowserContext
    home: Home
    conditions: BrowserConditions


@dataclass(frozen=True, slots=True)
class Opened:
    """One page in its fresh context."""

    tab: Tab
    session: CDPSession
    interception: Interception
    browser: str


async def start(options: BrowserOptions, strays: MutableSequence[RefusedRequest]) -> Live:
    """Start Chromium in a private folder. strays: where requests outside any page being read are listed.

    Raises BrowserError.
    """
    home = Home(options)
    before = tuple(sorted(path.name for path in home.home.iterdir()))
    playwright = await async_playwright().start()
    keeper = None
    try:
        keeper = await playwright.chromium.launch_persistent_context(
            home.profile,
            executable_path=home.executable,
            headless=True,
            chromium_sandbox=options.sandboxed,
            args=FLAGS,
            env=dict(home.environment()),
            artifacts_dir=home.temporary,
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
            timeout=30_000,
        )
        chromium, pid = keeper.browser, home.pid()
        if chromium is None or pid is None:
            raise BrowserError("Chromium started and its process was not found")
        session = await chromium.new_browser_cdp_session()
        await refuse_all(session, strays)
        async with fresh_context(chromium, home, zone="UTC") as context:
            storage = dict(await context.storage_state())
        version = await session.send("Browser.getVersion")
        conditions = await asyncio.to_thread(
            observed, version, pid, cache=options.cache, home_before=before, storage=storage
        )
    except (PlaywrightError, OSError) as error:
        await end(playwright, keeper, home)
        why = str(error).partition("\n")[0]
        hint = "; set the browser's sandbox to false where the container forbids it" if options.sandboxed else ""
        raise BrowserError(f"Chromium does not start: {why}{hint}") from None
    except BaseException:
        await end(playwright, keeper, home)
        raise
    return Live(playwright, chromium, keeper, home, conditions)


async def end(playwright: Playwright, keeper: BrowserContext | None, home: Home) -> None:
    """End Chromium, by force where it does not answer, and remove its folder."""
    try:
        if keeper is not None:
            with suppress(PlaywrightError, TimeoutError):
                await asyncio.wait_for(keeper.close(), CLOSE_WITHIN)
    finally:
        home.kill()
        with suppress(PlaywrightError, TimeoutError):
            await asyncio.wait_for(playwright.stop(), CLOSE_WITHIN)
        home.remove()


@asynccontextmanager
async def fresh_context(
    chromium: Chromium, home: Home, *, zone: str, scripts: bool = True, agent: str | None = None
) -> AsyncIterator[BrowserContext]:
    """A context with nothing in it, proven before its first request. zone: IANA time zone. Raises BrowserError."""
    context = await chromium.new_context(
        locale=LOCALE,
        timezone_id=zone,
        viewport={"width": WIDTH, "height": HEIGHT},
        java_script_enabled=scripts,
        service_workers="block",
        accept_downloads=False,
        user_agent=agent,
    )
    try:
        if await context.storage_state() != _EMPTY:
            raise BrowserError("a fresh context already held cookies or storage")
        yield context
    finally:
        try:
            with suppress(PlaywrightError):
                await asyncio.wait_for(context.close(), CLOSE_WITHIN)
        except TimeoutError:
            home.kill()  # it hangs: the next page gets another


@asynccontextmanager
async def opened(
    live: Live, answer: Answering, *, zone: str, scripts: bool = True, agent: str | None = None
) -> AsyncIterator[Opened]:
    """A blank page whose every request goes to `answer`. Raises the first bug met while answering."""
    async with fresh_context(live.chromium, live.home, zone=zone, scripts=scripts, agent=agent) as context:
        tab = await context.new_page()
        session = await context.new_cdp_session(tab)
        tree = await session.send("Page.getFrameTree")
        interception = Interception(session, answer, main_frame=tree["frameTree"]["frame"]["id"])
        tab.on("websocket", lambda socket: interception.refuse("GET", socket.url, "websocket", "no network"))
        await interception.start()
        try:
            yield Opened(tab, session, interception, live.conditions.name)
        finally:
            await interception.stop()
