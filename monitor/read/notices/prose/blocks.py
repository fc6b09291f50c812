"""Any body a préfecture serves as a notice, HTML, plain text or PDF, decided by its content, to a Document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Literal

from monitor.core.prefecture import Page
from monitor.read.notices.prose.document import Prose, RawBlock, assemble
from monitor.read.notices.prose.html import from_html
from monitor.read.notices.prose.plain import from_text
from monitor.read.pages.charset import decode
from monitor.read.pages.html import MAX_BYTES, TooBig
from monitor.values import pattern

WhyNot = Literal["empty", "not_text", "too_big"]

_MARKUP = pattern(
    rb"<\s*(?:!doctype\s+html|html|head|body|div|main|article|section|p|h[1-6]|table|ul|ol|br|span)\b", re.IGNORECASE
)
_CONTROL = pattern(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MAX_PDF_PAGES = 60
# A reading may depend on no clock: whoever replays it must find the same. So it is the page that is bounded, and with
# it the time: a notice of thirty printed pages holds some 90,000 letters and 1,500 units (sentences, items, rows).
MAX_LETTERS = 150_000
MAX_UNITS = 4_000


def read_document(body: bytes, content_type: str | None, url: str) -> Prose | WhyNot:
    """The document a body holds, or why it cannot be read. Never raises on what a server may send."""
    if not body.strip():
        return "empty"
    headers = (("content-type", content_type),) if content_type else ()
    try:
        document = _read(Page(url=url, status=200, headers=headers, body=body))
    except TooBig:
        return "too_big"
    if isinstance(document, Prose) and (len(document.text) > MAX_LETTERS or len(document.units) > MAX_UNITS):
        return "too_big"
    return document


def _read(page: Page) -> Prose | WhyNot:
    body = page.body
    if body.lstrip()[:5] == b"%PDF-":
        return _document(from_text(_pdf_text(body), wrapped=True), page.url)
    head = body[:4096]
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "not_text"
    if _MARKUP.search(head):
        blocks, flags, name = from_html(page)
        if not any(block.kind == "title" for block in blocks) and name:
            blocks = _name_as_title(blocks, name)
        return assemble(blocks, page.url, flags) if blocks else "empty"
    if len(body) > MAX_BYTES:
        raise TooBig(f"{len(body)} bytes")
    text = decode(page)
    if len(_CONTROL.findall(text[:4096])) > 8:
        return "not_text"
    return _document(from_text(text), page.url)


def _document(blocks: Sequence[RawBlock], url: str) -> Prose | WhyNot:
    return assemble(blocks, url) if any(block.text for block in blocks) else "not_text"


def _name_as_title(blocks: Sequence[RawBlock], name: str) -> list[RawBlock]:
    """Without h1 the first heading that opens the page's `<title>` is the title of the page."""
    out = list(blocks)
    for number, block in enumerate(out):
        if block.kind == "heading" and block.text and name.startswith(block.text):
            out[number] = RawBlock("title", block.text, 1, block.group, block.links)
            break
    return out


def _pdf_text(body: bytes) -> str:
    """Text layer of a PDF; empty for a scan or a damaged file."""
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pages = PdfReader(BytesIO(body)).pages
        return "\n\n".join(page.extract_text() for page in pages[:_MAX_PDF_PAGES])
    except Exception:  # noqa: BLE001  pypdf raises whatever a damaged file makes it meet: KeyError, RecursionError ...
        return ""
