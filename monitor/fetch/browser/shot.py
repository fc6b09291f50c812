"""Pictures of pages. A picture is a rendering of bytes we hold; it is captioned as such and never a second request."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from monitor.fetch.browser.requests import RefusedRequest, Used, on_official_host

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

    from monitor.fetch.browser.process import Opened

TALLEST = 16_000  # pixels of a full-page picture; beyond, only the viewport is taken
_FETCHED_FOR_PICTURES = ("stylesheet", "image", "font")


@dataclass(frozen=True, slots=True, kw_only=True)
class Png:
    """One PNG. pixels_sha256: `pixels_digest`, which a PNG rebuilt by another encoder still has."""

    png: bytes
    width: int
    height: int
    pixels_sha256: str

    @property
    def png_sha256(self) -> str:
        """Digest of the file itself."""
        return hashlib.sha256(self.png).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot(Png):
    """The viewport of a page, 1280 x 900, and what it was made of.

    how: `rendered` (bytes another client read, JavaScript off, no request made) or `visited` (Chromium's own visit).
    url, body_sha256: the document shown and the digest of its decoded bytes. used, missing: sub-resources it was given,
    and those it asked for in vain. browser: product and version. full: the whole page, where asked and not too tall.
    """

    how: Literal["rendered", "visited"]
    url: str
    body_sha256: str
    used: tuple[Used, ...]
    missing: tuple[RefusedRequest, ...]
    browser: str
    full: Png | None = None

    @property
    def wanted(self) -> tuple[str, ...]:
        """Addresses of styles, images and fonts it missed on official hosts: what the polite transport may fetch, at
        most once a day a host. A style sheet may name more, which the next picture then wants."""
        found = (one.url for one in self.missing if one.method == "GET" and one.kind in _FETCHED_FOR_PICTURES)
        return tuple(dict.fromkeys(url for url in found if on_official_host(url)))


def pixels_digest(png: bytes) -> tuple[str, int, int]:
    """(SHA-256 of `WIDTHxHEIGHT`, LF and the raw RGB bytes row by row, width, height)."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        width, height = image.size
        pixels = image.convert("RGB").tobytes()
    return hashlib.sha256(f"{width}x{height}\n".encode() + pixels).hexdigest(), width, height


async def photograph(page: Page, *, full_page: bool = False) -> Png:
    """A PNG of the viewport or the whole page. Raises Playwright's Error."""
    png = await page.screenshot(full_page=full_page, animations="disabled", caret="hide", timeout=15_000)
    digest, width, height = pixels_digest(png)
    return Png(png=png, width=width, height=height, pixels_sha256=digest)


async def height_of(session: CDPSession) -> int:
    """Height of the whole page, in pixels."""
    metrics = await session.send("Page.getLayoutMetrics")
    return int(metrics["cssContentSize"]["height"])


async def shoot(
    opened: Opened, how: Literal["rendered", "visited"], url: str, body: bytes, *, full_page: bool = False
) -> Shot:
    """The page as it stands now. body: decoded bytes of the document. Raises Playwright's Error."""
    view = await photograph(opened.tab)
    full = None
    if full_page and await height_of(opened.session) <= TALLEST:
        full = await photograph(opened.tab, full_page=True)
    return Shot(
        png=view.png,
        width=view.width,
        height=view.height,
        pixels_sha256=view.pixels_sha256,
        how=how,
        url=url,
        body_sha256=hashlib.sha256(body).hexdigest(),
        used=tuple(opened.interception.used),
        missing=tuple(opened.interception.refused),
        browser=opened.browser,
        full=full,
    )
