"""Takes out of a page what belongs to one visit: tokens, session ids, nonces, the visitor's address. All else stays.

Works on bytes, whatever the charset: every pattern is ASCII, and French words are never touched. What is only shaped
like a token (a digest in the name of a style sheet) goes too: a fixture must be safe before it is faithful, and its
reading is compared with the page's own.
"""

from __future__ import annotations

import re
from typing import Final

from monitor.values import pattern

MARK: Final = b"scrubbed"
NOWHERE: Final = b"0.0.0.0"

_SECRET: Final = (
    rb"[\w:.-]*(?:csrf|xsrf|token|nonce|session|jsessionid|phpsessid|aspsessionid|viewstate|eventvalidation|secret)"
    rb"[\w:.-]*"
)
_TAG = pattern(rb"<(?:input|meta)\b(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>", re.IGNORECASE)
_HIDDEN = pattern(rb"\btype\s*=\s*[\"']?hidden\b", re.IGNORECASE)
_SECRET_NAME = pattern(rb"\b(?:name|id|property)\s*=\s*[\"']?" + _SECRET + rb"[\"'\s/>]", re.IGNORECASE)
_VALUE = pattern(rb"(\b(?:value|content)\s*=\s*)(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)

# `"csrfToken": "..."`, `data-session-id="..."`, `nonce='...'`: a value without white space, so never a sentence.
_ASSIGNED = pattern(
    rb"((?<![\w:.-])" + _SECRET + rb"[\"']?\s*[:=]\s*)(?:\"[^\"\s<>]{6,}\"|'[^'\s<>]{6,}')", re.IGNORECASE
)
_QUERY = pattern(rb"([?&;](?:amp;)?(?:" + _SECRET + rb"|sid|sig|signature|auth)=)[^?&\"'\s<>#;]+", re.IGNORECASE)
_INCIDENT = pattern(rb"((?:incident|ray|request)[ _-]?id[\"'=:\s]{1,5})([\w-]{8,})", re.IGNORECASE)
_JWT = pattern(rb"\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?")
_UUID = pattern(rb"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE)
_HEX = pattern(rb"(?<![\w&#])(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{16,}(?!\w)", re.IGNORECASE)
_LONG = pattern(rb"(?<![\w+-])(?=[a-zA-Z0-9+_-]*[0-9])(?=[a-zA-Z0-9+_-]*[A-Z])[a-zA-Z0-9+_-]{40,}={0,2}")
_IPV4 = pattern(rb"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.])")
_IPV6 = pattern(rb"(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}(?::?[0-9a-f]{1,4})(?:::?[0-9a-f]{1,4})*(?![\w:])", re.IGNORECASE)


def scrub(body: bytes) -> bytes:
    """The page without what belongs to the visit. Scrubbing twice changes nothing more."""
    out = _TAG.sub(_tag, body)
    out = _ASSIGNED.sub(rb'\1"' + MARK + rb'"', out)
    out = _QUERY.sub(rb"\1" + MARK, out)
    out = _INCIDENT.sub(rb"\1" + MARK, out)
    for shape in (_JWT, _UUID, _HEX, _LONG):
        out = shape.sub(MARK, out)
    return _IPV6.sub(NOWHERE, _IPV4.sub(NOWHERE, out))


def scrub_text(text: str) -> str:
    """An address, or words of a page, without what belongs to the visit."""
    return scrub(text.encode()).decode()


def _tag(found: re.Match[bytes]) -> bytes:
    tag = found[0]
    if _HIDDEN.search(tag) or _SECRET_NAME.search(tag):
        return _VALUE.sub(_marked, tag)
    return tag


def _marked(found: re.Match[bytes]) -> bytes:
    """An empty value stays empty: that there was none may be what a page says."""
    empty = not any(found[i] for i in (2, 3, 4))
    return found[0] if empty else found[1] + b'"' + MARK + b'"'
