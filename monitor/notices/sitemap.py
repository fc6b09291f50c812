"""Sitemaps (sitemaps.org protocol 0.9): addresses out of a urlset or an index, plain or gzipped, within bounds."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

ADDRESSES = 5000  # read of one file; the protocol allows 50 000, and a walk of some dozen pages needs no more
INFLATED = 5_000_000  # bytes

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap lists. pages, indexes: addresses as written. cut: more were listed than are read."""

    pages: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    cut: bool = False


def read_sitemap(body: bytes) -> Sitemap | None:
    """The addresses of a sitemap, in its order; None for what is no sitemap. Never raises; no entity is resolved."""
    from lxml import etree

    data, cut = _inflated(body)
    if not data.lstrip().startswith((b"<", b"\xef\xbb\xbf<")):
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return None
    kind = etree.QName(root).localname if root is not None and isinstance(root.tag, str) else ""
    if kind not in ("urlset", "sitemapindex"):
        return None
    found: list[str] = []
    for entry in root:
        place = next((child for child in entry if _is(child, "loc")), None)
        if place is None or not (place.text or "").strip():
            continue
        if len(found) == ADDRESSES:
            cut = True
            break
        found.append((place.text or "").strip())
    addresses = tuple(found)
    return Sitemap(indexes=addresses, cut=cut) if kind == "sitemapindex" else Sitemap(pages=addresses, cut=cut)


def _is(element: object, name: str) -> bool:
    tag = getattr(element, "tag", None)
    return isinstance(tag, str) and tag.rpartition("}")[2] == name


def _inflated(body: bytes) -> tuple[bytes, bool]:
    """The file as text, and whether it was cut at `INFLATED` bytes."""
    if not body.startswith(_GZIP):
        return body, False
    inflater = zlib.decompressobj(31)
    try:
        data = inflater.decompress(body, INFLATED)
    except zlib.error:
        return b"", False
    return data, bool(inflater.unconsumed_tail)
