"""Which characters the bytes of an answer are, as a browser decides it (WHATWG Encoding), and one step further.

Windows-1252 declared as UTF-8 is broken on a visitor's screen, who reads it all the same; so is it read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from monitor.core.prefecture import Page
from monitor.values import pattern

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
    for label in _labels(page.header("content-type") or ""):
        if told := _codec(label):
            return _told(told, body), 0
    head = body[:_LOOKED_AT].decode("latin-1")
    for label in (*_declared(head), *(one[1] for one in [_XML.search(head)] if one)):
        if told := _codec(label):
            return _told("utf-8" if told.startswith("utf-16") else told, body), 0  # read as ASCII, it is no UTF-16
    return _likeliest(body), 0


_LOOKED_AT = 64 * 1024
_AT_LEAST = 1024  # characters, whatever stands there (the standard); a browser goes on to the end of the head
_OF_HEAD = frozenset(["base", "head", "html", "link", "meta", "noscript", "object", "script", "style", "title"])
_LABEL = pattern(r"charset\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"';]+))", re.I)
_TAG = pattern(r"<!--(?:(?=-?>)|.*?(?:-->|--!>|\Z))|<[!?][^>]*|</?([a-z][^\s/>]*)", re.I | re.S)
_ATTRIBUTE = pattern(r"""[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|(["'])|([^\s>]*)))?""")
_END_OF_TAG = pattern(r"[\s/]*>")
_XML = pattern(r"^\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([^\"']+)", re.I)


def _declared(head: str) -> Iterator[str]:
    """The labels of each `<meta>`, as the standard looks for them before parsing ("prescan a byte stream")."""
    at = 0
    while found := _TAG.search(head, at):
        at, name = found.end(), (found[1] or "").lower()
        if name and at > _AT_LEAST and name not in _OF_HEAD:
            return
        attributes: dict[str, str] = {}
        while name and (one := _ATTRIBUTE.match(head, at)):
            if one[4]:  # a quotation mark that is never closed swallows all that follows
                return
            attributes.setdefault(one[1].lower(), one[2] or one[3] or one[5] or "")
            at = one.end()
        if name and not _END_OF_TAG.match(head, at):
            return
        if name == "meta" and found[0][1] != "/":
            yield from _of_meta(attributes)


def _of_meta(attributes: Mapping[str, str]) -> Iterator[str]:
    """The label of `charset`, or in the `content` of what stands for a `Content-Type`; a description names none."""
    if "charset" in attributes:
        yield attributes["charset"]
    elif attributes.get("http-equiv", "").lower() == "content-type":
        yield from _labels(attributes.get("content", ""))


def _labels(text: str) -> Iterator[str]:
    """What follows `charset=` in a content type."""
    if found := _LABEL.search(text):
        yield found[1] or found[2] or found[3] or ""


def _codec(label: str) -> str | None:
    """The Python codec of a label of the WHATWG Encoding standard; None where a browser knows it not, and looks on."""
    from webencodings import lookup

    found = lookup(label)
    return str(found.codec_info.name) if found and found.name not in _NO_TEXT else None


_NO_TEXT = ("replacement", "x-user-defined")  # the standard's own, for what may not be shown


def _told(codec: str, body: bytes) -> str:
    return _likeliest(body) if codec == "utf-8" else codec


def _likeliest(body: bytes) -> str:
    """UTF-8, perhaps with a few broken bytes, or Windows-1252? Whichever reads most of the accents."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    else:
        return "utf-8"
    return "utf-8" if 2 * text.count("\ufffd") <= sum(map(len, re.findall(r"[^\x00-\x7f]+", text))) else "cp1252"
