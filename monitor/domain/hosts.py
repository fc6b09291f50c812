"""Addresses, and the hosts a State office publishes on. Nothing is asked of any other host."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, unquote, urljoin, urlsplit

# Hosts outside .gouv.fr that a préfecture's own pages send people to: why, and the day that was last established.
OFFICIAL_ELSEWHERE: dict[str, str] = {
    "www.demarches-simplifiees.fr": "2026-11-21: former name of demarche.numerique.gouv.fr (DINUM), still linked",
    "demarches-simplifiees.fr": "2026-11-21: the same, without www",
    "www.rdv-solidarites.fr": "2026-11-21: sister of rdv.anct.gouv.fr (RDV Service Public, ANCT)",
    "rdv-solidarites.fr": "2026-11-21: the same, without www",
    "esii-orion.com": "2026-11-21: the booking product the préfecture of Ille-et-Vilaine sends people to",
}

DEFAULT_PORT = {"https": 443, "http": 80}

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NOT_IN_A_URL = re.compile("[\t\r\n]")  # a browser drops these wherever they stand (WHATWG URL, 4.4)
_EDGES = "".join(map(chr, range(0x21)))
_KEPT = "%/:@!$&'()*+,;=~-._[]|"  # what quoting must leave alone: delimiters, and what is already quoted
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


@dataclass(frozen=True, slots=True)
class Url:
    """An http or https address, normalised as a browser does before it asks.

    host: lower case ASCII, IDN as `xn--`, no trailing dot. target: path and query as they go on the request line.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """Scheme, host, and the port where it is not the scheme's own."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """Host, and the port where it is not the scheme's own: the `Host` header."""
        return self.host if self.port == DEFAULT_PORT[self.scheme] else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return self.origin + self.target


def scheme_of(url: str) -> str:
    """Lower-case scheme of an absolute address, empty when it has none."""
    found = _SCHEME.match(_cleaned(url))
    return found[1].lower() if found else ""


def parse(url: str) -> Url:
    """Read an absolute http or https address. Raises ValueError, with one short reason, for anything else."""
    text = _cleaned(url)
    if (scheme := scheme_of(text)) not in DEFAULT_PORT:
        raise ValueError(f"not http or https: {scheme or 'no scheme'}")
    parts = urlsplit(text)
    if "@" in parts.netloc:
        raise ValueError("credentials in the address")
    host = normal_host(unquote(parts.hostname or ""))
    if host is None:
        raise ValueError(f"not a host name: {parts.hostname or ''!r}")
    if parts.port == 0:
        raise ValueError("port 0")
    path = _without_dots(quote(parts.path, safe=_KEPT)) or "/"
    query = f"?{quote(parts.query, safe=_KEPT + '?')}" if parts.query else ""
    return Url(scheme, host, parts.port or DEFAULT_PORT[scheme], path + query)


def join(base: Url, reference: str) -> Url:
    """The address a `Location` or a link means on the page `base`. Raises ValueError as `parse` does."""
    text = _cleaned(reference)
    return parse(text if scheme_of(text) else urljoin(str(base), text))


def normal_host(host: str) -> str | None:
    """Lower case, ASCII (IDN as `xn--`), without its trailing dot; None for what is no host name (IPv6, bad label)."""
    name = unicodedata.normalize("NFKC", host).replace("\u3002", ".").removesuffix(".").lower()
    if not name.isascii():
        try:
            name = name.encode("idna").decode()
        except UnicodeError:
            return None
    if len(name) > 253 or not all(map(_LABEL.fullmatch, name.split("."))):
        return None
    return name


def is_official(host: str) -> bool:
    """True for `gouv.fr`, any host under it, and the reasoned list above; look-alikes and IP addresses are not."""
    name = normal_host(host)
    return name is not None and (name == "gouv.fr" or name.endswith(".gouv.fr") or name in OFFICIAL_ELSEWHERE)


def _cleaned(url: str) -> str:
    """As a browser reads it: no control characters, and `\\` is `/` up to the query of an http address."""
    text = _NOT_IN_A_URL.sub("", url.strip(_EDGES))
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in DEFAULT_PORT:
        return text
    head, mark, tail = text.partition("?")
    return head.replace("\\", "/") + mark + tail


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4, with `%2e` read as a dot (WHATWG URL, 4.4)."""
    if "." not in path and "%2" not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for place, segment in enumerate(segments):
        plain = segment.lower().replace("%2e", ".")
        if plain == "..":
            if len(kept) > 1:
                kept.pop()
        elif plain != ".":
            kept.append(segment)
            continue
        if place == len(segments) - 1:
            kept.append("")
    return "/".join(kept)
