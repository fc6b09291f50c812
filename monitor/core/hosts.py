"""The safety boundary as addresses: the hosts a State office publishes on, and what no visit may request, whatever a
page, a form or a redirect says. Nothing is asked of any other host.

The steps of a visit already cannot type, solve or book. This is the second fence: it looks at the request itself, so a
page that renames its buttons still cannot send us over it. Sources: the platforms' known addresses, dated where seen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar
from urllib.parse import quote, unquote, urljoin, urlsplit

from monitor.values import dataclass, pattern

# Hosts outside .gouv.fr that a préfecture's own pages send people to: why, and the day that was last established.
OFFICIAL_ELSEWHERE: dict[str, str] = {
    "www.demarches-simplifiees.fr": "2026-11-21: former name of demarche.numerique.gouv.fr (DINUM), still linked",
    "demarches-simplifiees.fr": "2026-11-21: the same, without www",
    "www.rdv-solidarites.fr": "2026-11-21: sister of rdv.anct.gouv.fr (RDV Service Public, ANCT)",
    "rdv-solidarites.fr": "2026-11-21: the same, without www",
    "esii-orion.com": "2026-11-21: the booking product the préfecture of Ille-et-Vilaine sends people to",
}

DEFAULT_PORT = {"https": 443, "http": 80}

_LABEL = pattern(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NOT_IN_A_URL = pattern("[\t\r\n]")  # a browser drops these wherever they stand (WHATWG URL, 4.4)
_EDGES = "".join(map(chr, range(0x21)))
_KEPT = "%/:@!$&'()*+,;=~-._[]|"  # what quoting must leave alone: delimiters, and what is already quoted
_SCHEME = pattern(r"([A-Za-z][A-Za-z0-9+.-]*):")
_ORDINARY, _REMEMBERED = 300, 512  # characters of what is remembered, and how many answers

P = ParamSpec("P")
T = TypeVar("T")


def _remembered(answer: Callable[P, T]) -> Callable[P, T]:
    """The same, for ordinary addresses worked out once: each is asked about where it is met and where it is used.

    A page may hold megabytes of addresses: long ones are not kept.
    """
    known = lru_cache(_REMEMBERED)(answer)

    @wraps(answer)
    def asked(*words: P.args, **named: P.kwargs) -> T:
        return known(*words) if not named and len(str(words[-1])) <= _ORDINARY else answer(*words, **named)

    return asked


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


@_remembered
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


@_remembered
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


_METHODS = ("GET", "HEAD", "POST")
_EZ_LAST_STEP = 4  # `/booking/create/N/4` shows the calendar; the links of its free cells are step 5 and hold a slot
_RDVPREF_READ = ("", "cgu", "creneau")  # start page, conditions with the captcha, slots: the rest is an act
_NUMBER = pattern(r"[\s+]*(\d+)")
_LOGIN_SEGMENTS = frozenset((
    "login", "signin", "sign_in", "sign-in", "sign_up", "signup", "connexion", "se-connecter", "authentification",
    "auth", "oauth", "oauth2", "openid-connect", "saml", "saml2", "sso", "france_connect", "franceconnect",
    "pro_connect", "agent_connect",
))  # fmt: skip
_LOGIN_HOST_LABELS = frozenset((
    "login", "connexion", "auth", "sso", "oidc", "franceconnect", "proconnect", "agentconnect",
))  # fmt: skip


@_remembered
def refusal(method: str, url: str) -> str | None:
    """Why this request is never sent, or None when the boundary has nothing against it. Never raises."""
    if method.upper() not in _METHODS:
        return f"method {method.upper()}"
    if scheme_of(url) not in DEFAULT_PORT:
        return f"scheme {scheme_of(url) or 'none'}"
    if is_login(url):
        return "a login page"
    if port := _odd_port(url):
        return f"port {port}"
    segments = _segments(url)
    return _ez_booking(method.upper(), segments) or _rdv_prefecture(method.upper(), segments)


def _odd_port(url: str) -> int | None:
    """The port of an address where it is neither of the two the web is published on: another is another service."""
    try:
        port = parse(url).port
    except ValueError:
        return None  # no address: who asks for it finds out
    return None if port in DEFAULT_PORT.values() else port


def is_login(url: str) -> bool:
    """True for the address of a login or account page: eZ `/booking/login`, rdvpref `/login/`, `/users/...` of RDV
    Service Public and demarche.numerique, FranceConnect, single sign-on hosts, an address that carries a password.
    Where a script routes by the fragment (`#/connexion`), the fragment is read as a path."""
    try:
        parts = urlsplit(url.replace("\\", "/"))
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    route = parts.fragment.removeprefix("!")
    segments = [*_segments(url), *(_segments(f"https://x{route}") if route.startswith("/") else ())]
    return (
        "@" in parts.netloc
        or not _LOGIN_HOST_LABELS.isdisjoint(host.split("."))
        or not _LOGIN_SEGMENTS.isdisjoint(segments)
        or segments[:1] in (["users"], ["cas"])
    )


def _ez_booking(method: str, segments: Sequence[str]) -> str | None:
    """eZ Publish booking: step 5 and above hold a slot for somebody, and nothing is pressed at step 4."""
    for at in range(len(segments) - 1):
        if segments[at : at + 2] != ["booking", "create"]:
            continue
        step = _NUMBER.match(segments[at + 3]) if len(segments) > at + 3 else None
        if step is None:
            continue
        if int(step[1]) > _EZ_LAST_STEP:
            return f"eZ booking step {int(step[1])} holds a slot"
        if int(step[1]) == _EZ_LAST_STEP and method == "POST":
            return "eZ booking step 4: nothing is pressed on the calendar"
    return None


def _rdv_prefecture(method: str, segments: Sequence[str]) -> str | None:
    """RDV-Préfecture: the captcha's answer, any form, and whatever comes after `creneau`."""
    if any(segment.startswith("_validercaptcha") for segment in segments):
        return "rdvpref: the captcha's answer"
    if "rdvpref" not in segments:
        return None
    if method == "POST":
        return "rdvpref: no form is sent"
    if "demarche" in segments:
        after = segments[segments.index("demarche") + 2 :]
        if len(after) > 1 or (after and after[0] not in _RDVPREF_READ):
            return f"rdvpref: nothing after the calendar ({'/'.join(after)[:40]})"
    return None


def _segments(url: str) -> list[str]:
    """The path as a server may understand it: unquoted to the end, dots resolved, no `;parameters`, folded."""
    try:
        path = urlsplit(url.replace("\\", "/")).path
    except ValueError:
        return []
    while (plain := unquote(path)) != path:
        path = plain
    out: list[str] = []
    for segment in path.replace("\\", "/").split("/"):
        name = segment.partition(";")[0].strip().casefold()
        if name == "..":
            out = out[:-1]
        elif name not in ("", "."):
            out.append(name)
    return out
