"""Which characters the bytes of an answer are, as a browser decides it, and one step further.

Windows-1252 declared as UTF-8 is broken on a visitor's screen, who reads it all the same; so is it read here.
"""

from __future__ import annotations

import re

from monitor.core.prefecture import Page

_CHARSETS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252", "latin1": "cp1252", "windows-1252": "cp1252", "cp1252": "cp1252",
    "iso-8859-15": "iso-8859-15", "utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip  # the labels of the WHATWG Encoding standard that French administrations use
_MAGIC = (b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")


def decode(page: Page) -> str:
    """Text of the body: charset of the byte-order mark, the header or `<meta>`, else UTF-8, else Windows-1252."""
    codec, mark = _charset(page)
    return page.body[mark:].decode(codec, "replace")


def utf8(page: Page) -> bytes:
    """The body in UTF-8 without byte-order mark; bytes that are no character become U+FFFD."""
    codec, mark = _charset(page)
    if codec == "utf-8":
        try:
            page.body.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return page.body[mark:]
    return page.body[mark:].decode(codec, "replace").encode("utf-8", "replace")


def is_text(page: Page) -> bool:
    """Whether the body is text of some kind, by its first bytes: servers often mislabel."""
    start = page.body[:4096]
    if start.startswith(_MAGIC):
        return False
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"{", b"[")):
        return True
    if _charset(page)[0].startswith("utf-16"):
        return True
    return b"\0" not in start and 20 * len(re.findall(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]", start)) <= len(start)


def _charset(page: Page) -> tuple[str, int]:
    """The Python codec of the body and the length of its byte-order mark."""
    body = page.body
    for mark, codec in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if body.startswith(mark):
            return codec, len(mark)
    if label := _label(r"charset\s*=\s*[\"']?([\w-]+)", page.header("content-type") or ""):
        return _told(_CHARSETS.get(label, "utf-8"), body), 0
    start = body[:2048].decode("latin-1")
    label = _label(r"<meta\b[^>]*?\bcharset\s*=\s*[\"']?([\w-]+)", start)
    label = label or _label(r"^\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([\w-]+)", start)
    if label:
        codec = _CHARSETS.get(label, "utf-8")
        return _told("utf-8" if codec.startswith("utf-16") else codec, body), 0  # a `<meta>` read as ASCII is no UTF-16
    return _likeliest(body), 0


def _told(codec: str, body: bytes) -> str:
    return _likeliest(body) if codec == "utf-8" else codec


def _label(pattern: str, text: str) -> str | None:
    found = re.search(pattern, text, re.I)
    return found[1].lower() if found else None


def _likeliest(body: bytes) -> str:
    """UTF-8, perhaps with a few broken bytes, or Windows-1252? Whichever reads most of the accents."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    else:
        return "utf-8"
    return "utf-8" if 2 * text.count("\ufffd") <= sum(map(len, re.findall(r"[^\x00-\x7f]+", text))) else "cp1252"
