"""Pictures of pages. A picture is a rendering of bytes we hold; it is captioned as such and never a second request."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Literal

from monitor.fetch.browser.home import HEIGHT
from monitor.fetch.browser.requests import RefusedRequest, Used, on_official_host
from monitor.values import dataclass

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

    from monitor.fetch.browser.process import Opened

TALLEST = 16_000  # pixels of a full-page picture; beyond, only the viewport is taken
LONGEST_FOCUS = 400  # characters of the words that are looked for
# The element read: what the selector finds whose own words, label or cell hold the words, else the innermost element
# of the page that does; nothing where it is not drawn or taller than the picture. White space is left out, as the words
# of a reading have theirs made one. The page's own scripts never ran: these are the browser's own functions.
_BOX = """([selector, words, tallest]) => {
  const bare = (text) => (text || '').replace(/\\s+/g, '');
  const wanted = bare(words);
  const texts = (one) => [one.textContent, one.value, one.title, one.getAttribute?.('href')];
  const holds = (one) => wanted !== '' && texts(one).some((text) => bare(text).includes(wanted));
  const drawn = (one) => {
    const at = one.getBoundingClientRect();
    return at.width > 0 && at.height > 0 && at.height <= tallest;
  };
  const inner = (one) => {
    const next = [...one.children].find((child) => holds(child) && drawn(child));
    return next ? inner(next) : one;
  };
  const around = (one) => [one, ...(one.labels || []), one.parentElement, one.parentElement?.parentElement];
  let named = [];
  if (!document.body) return false;
  try { named = [...document.body.querySelectorAll(selector)]; } catch { /* a JSON path, a header: no place here */ }
  const found = named.flatMap(around).find((one) => one && holds(one) && drawn(inner(one)))
    ?? (holds(document.body) ? document.body : null) ?? named.find(drawn);
  const box = found && inner(found);
  if (!box || box === document.body || !drawn(box)) return false;
  box.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
  box.style.setProperty('outline', '4px solid rgb(200, 0, 0)', 'important');
  box.style.setProperty('outline-offset', '3px', 'important');
  return true;
}"""
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
    boxed: whether the element that was read is in the middle of the picture, with a red line around it.
    """

    how: Literal["rendered", "visited"]
    url: str
    body_sha256: str
    used: tuple[Used, ...]
    missing: tuple[RefusedRequest, ...]
    browser: str
    full: Png | None = None
    boxed: bool = False

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


async def box(page: Page, selector: str, words: str) -> bool:
    """Scroll to the element that was read and draw a line around it. False where it cannot be found or seen.

    Raises Playwright's Error.
    """
    return bool(await page.evaluate(_BOX, [selector, words[:LONGEST_FOCUS], HEIGHT]))


async def height_of(session: CDPSession) -> int:
    """Height of the whole page, in pixels."""
    metrics = await session.send("Page.getLayoutMetrics")
    return int(metrics["cssContentSize"]["height"])


async def shoot(
    opened: Opened,
    how: Literal["rendered", "visited"],
    url: str,
    body: bytes,
    *,
    full_page: bool = False,
    boxed: bool = False,
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
        boxed=boxed,
    )
