"""The person's browser for an assisted attempt: which one is started and how, and the band over its pictures.

Nothing is intercepted, hidden or changed: an empty profile, the person's own network, language and clock, and a window
they can see. Runs wherever Playwright does (Linux, macOS, Windows): no POSIX-only module is imported here. The band
names address, date and hour, démarche and author; the picture under it is not touched.
"""

from __future__ import annotations

import io
import platform
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from gettext import gettext as _
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from monitor.core.ports import BrowserError
from monitor.fetch.browser.needs import command
from monitor.values import dataclass

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont
    from playwright.async_api import Browser, BrowserContext, Playwright


CHANNELS: Final = ("chrome", "msedge", "chromium")  # names under which Playwright finds an installed browser
COMMANDS: Final = ("chromium", "chromium-browser", "google-chrome", "microsoft-edge")
SIZE: Final = "--window-size=1280,960"
_NOT_THERE: Final = (
    "is not found at",
    "Executable doesn't exist",
    "is not supported on",
    "Unsupported chromium channel",
)
_NO_SCREEN: Final = ("Missing X server", "$DISPLAY", "ozone_platform")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistOptions:
    """How the window is opened. binary: tried first. headless: for tests. simulator: `IP:PORT` on loopback that plays
    every site, its certificates taken as they come; empty: the real world."""

    binary: Path | None = None
    sandbox: bool = True
    headless: bool = False
    simulator: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """An open browser. name: product and version."""

    context: BrowserContext
    name: str


def system() -> str:
    """`Linux`, `Windows` or `Darwin`: all that is told of the machine."""
    return platform.system()


@asynccontextmanager
async def started(options: AssistOptions) -> AsyncIterator[Started]:
    """A browser with an empty profile, ended at the end. Raises BrowserError, in one sentence."""
    from playwright.async_api import Error, async_playwright

    try:
        playwright = await async_playwright().start()
    except Exception as error:  # noqa: BLE001 - what playwright raises where its own driver cannot run
        raise BrowserError(_sentence(str(error))) from None
    browser = None
    try:
        browser, product = await launch(playwright, options)
        context = await browser.new_context(no_viewport=True, ignore_https_errors=bool(options.simulator))
        yield Started(context, f"{product} {browser.version}")
    finally:
        with suppress(Error):
            if browser is not None:
                await browser.close()
        with suppress(Error):
            await playwright.stop()


async def launch(playwright: Playwright, options: AssistOptions) -> tuple[Browser, str]:
    """The first browser of the list that is there."""
    from playwright.async_api import Error

    flags = [SIZE, *([f"--host-resolver-rules=MAP * {options.simulator}"] if options.simulator else [])]
    for product, which in _candidates(playwright, options):
        try:
            browser = await playwright.chromium.launch(
                headless=options.headless,
                chromium_sandbox=options.sandbox,
                args=flags,
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
                **which,
            )
        except Error as error:
            if not any(words in str(error) for words in _NOT_THERE):
                raise BrowserError(_sentence(str(error))) from None
            continue
        return browser, product
    raise BrowserError(_("no browser was found. To have one: {command}").format(command=command("chromium")))


def _candidates(playwright: Playwright, options: AssistOptions) -> Iterator[tuple[str, dict[str, Any]]]:
    if options.binary is not None and options.binary.is_file():
        yield "Chromium", {"executable_path": options.binary}
    if Path(playwright.chromium.executable_path).is_file():
        yield "Chromium", {}
    for channel in CHANNELS:
        yield {"chrome": "Chrome", "msedge": "Edge"}.get(channel, "Chromium"), {"channel": channel}
    for name in COMMANDS:
        if found := shutil.which(name):
            yield "Chromium", {"executable_path": found}


def _sentence(error: str) -> str:
    if any(words in error for words in _NO_SCREEN):
        return _("no window can be opened here: run this on the person's own computer, in their session")
    if "sandbox" in error.lower():
        return _("the browser's sandbox cannot be used here: set `sandbox = false` in [browser] only if you know why")
    return _("the browser does not start: {why}").format(why=f"`{error.partition(chr(10))[0]}`")


SIZE_BAND, MARGIN, GAP = 17, 12, 6  # pixels
NARROWEST: Final = 640  # a narrower picture is widened with white, so that the band can be read
_GROUND, _INK, _RULE = (255, 249, 219), (20, 20, 20), (120, 90, 0)


def banded(png: bytes, lines: Sequence[str]) -> bytes:
    """A PNG: a band with these lines, under it the picture as it was. Raises OSError for what is no picture."""
    from PIL import Image, ImageDraw, ImageFont

    with Image.open(io.BytesIO(png)) as opened:
        below = opened.convert("RGB")
    font = ImageFont.truetype(str(files("monitor") / "data" / "fonts" / "DejaVuSansCondensed.ttf"), SIZE_BAND)
    width = max(below.width, NARROWEST)
    rows = [row for line in lines for row in _wrapped(line, font, width - 2 * MARGIN)]
    height = 2 * MARGIN + len(rows) * (SIZE_BAND + GAP)
    whole = Image.new("RGB", (width, height + below.height), (255, 255, 255))
    draw = ImageDraw.Draw(whole)
    draw.rectangle((0, 0, width, height - 1), fill=_GROUND)
    draw.line((0, height - 2, width, height - 2), fill=_RULE, width=2)
    for number, row in enumerate(rows):
        draw.text((MARGIN, MARGIN + number * (SIZE_BAND + GAP)), row, font=font, fill=_INK)
    whole.paste(below, (0, height))
    out = io.BytesIO()
    whole.save(out, "PNG", optimize=True)
    return out.getvalue()


def _wrapped(line: str, font: FreeTypeFont, width: int) -> list[str]:
    """The line in rows that fit, broken at spaces, or anywhere in an address that has none."""
    rows, row = list[str](), ""
    for word in line.split(" "):
        tried = f"{row} {word}" if row else word
        if font.getlength(tried) <= width:
            row = tried
            continue
        if row:
            rows.append(row)
        row = word
        while font.getlength(row) > width:
            cut = next(n for n in range(len(row) - 1, 0, -1) if n == 1 or font.getlength(row[:n]) <= width)
            rows.append(row[:cut])
            row = row[cut:]
    return [*rows, row]
