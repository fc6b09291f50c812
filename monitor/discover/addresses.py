"""The addresses of a site: out of its sitemaps, and which of them are the same page under other spellings.

Sitemaps are those of sitemaps.org, protocol 0.9: a urlset or an index, plain or gzipped, read within bounds.
"""

from __future__ import annotations

import re
import zlib
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from monitor.core.hosts import parse
from monitor.values import dataclass, pattern

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


# Twins seen on the préfectures' sites (2020-2024): the front controller and the print view of eZ Publish, SPIP's print.
_EZ_PREFIX = pattern(r"^(?:/index\.php(?=/|$)|/layout/set/[a-z]+(?=/|$))+")
_PRINT_PATH = pattern(r"^(?:/index\.php)?/layout/set/print(?:/|$)")
_PRINT_QUERY = pattern(
    r"(?:page=(?:article_print|imprim\w*|print)|(?:print|page_print|imprimer)(?:=\w*)?)", re.IGNORECASE
)
_SPIP_ARTICLE = pattern(r"(?:^|/)[^/]*-a(\d+)\.html$")
_TRACKING = pattern(
    r"^(?:utm_\w+|mtm_\w+|pk_\w+|matomo_\w+|at_\w+|xtor|xt\w{1,3}|gclid|fbclid|msclkid|mc_[ce]id|phpsessid|jsessionid|"
    r"ezsessid|print|page_print)$",
    re.IGNORECASE,
)


def plain(url: str) -> str:
    """The spelling to ask for: no fragment, front controller, print view, session or tracking word.

    Raises ValueError for what is no http address.
    """
    one = parse(url)
    path, _, query = one.target.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if not _TRACKING.match(name)]
    path = _EZ_PREFIX.sub("", path) or "/"
    return f"{one.origin}{path}" + (f"?{urlencode(kept)}" if kept else "")


def twin_key(url: str) -> str:
    """The same for every spelling of one page: scheme, www, print view, front controller, repeated leaf, last slash,
    order of the query. A key is for comparing, never for asking. Raises ValueError for what is no http address."""
    one = parse(plain(url))
    host = one.host.removeprefix("www.")
    path, _, query = one.target.partition("?")
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    if article := _spip_article(path, dict(pairs)):
        return f"{host}/spip-a{article}"
    segments = [unquote(segment) for segment in path.split("/") if segment]
    while len(segments) > 1 and segments[-1] == segments[-2]:
        segments.pop()
    key = host + "".join(f"/{quote(segment)}" for segment in segments)
    return key + (f"?{urlencode(pairs)}" if pairs else "")


def _spip_article(path: str, query: dict[str, str]) -> str | None:
    if found := _SPIP_ARTICLE.search(path):
        return found[1]
    number = query.get("id_article", "")
    return number if path.endswith("/spip.php") and number.isdigit() else None


def is_print_view(url: str) -> bool:
    """Whether an address is a page laid out for paper: a print control leads there, whatever its words."""
    parts = urlsplit(url)
    return bool(_PRINT_PATH.match(parts.path)) or any(_PRINT_QUERY.fullmatch(pair) for pair in parts.query.split("&"))


def same_host(one: str, other: str) -> bool:
    """Whether two host names are one site: `www.` is the only difference allowed."""
    return one.lower().removeprefix("www.") == other.lower().removeprefix("www.")


def path_words(url: str) -> tuple[str, ...]:
    """The segments of an address as words, a repeated leaf once: what a sitemap says of a page."""
    path = parse(url).target.partition("?")[0]
    segments = [re.sub(r"[-_.+]+", " ", unquote(part)) for part in _EZ_PREFIX.sub("", path).split("/") if part]
    while len(segments) > 1 and segments[-1] == segments[-2]:
        segments.pop()
    return tuple(segments)
