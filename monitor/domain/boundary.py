"""The safety boundary as addresses: what no visit may request, whatever a page, a form or a redirect says.

The steps of a visit already cannot type, solve or book. This is the second fence: it looks at the request itself, so a
page that renames its buttons still cannot send us over it. Sources: the platforms' known addresses, dated where seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from monitor.domain.hosts import DEFAULT_PORT, scheme_of

_METHODS = ("GET", "HEAD", "POST")
_EZ_LAST_STEP = 4  # `/booking/create/N/4` shows the calendar; the links of its free cells are step 5 and hold a slot
_RDVPREF_READ = ("", "cgu", "creneau")  # start page, conditions with the captcha, slots: the rest is an act
_NUMBER = re.compile(r"[\s+]*(\d+)")
_LOGIN_SEGMENTS = frozenset((
    "login", "signin", "sign_in", "sign-in", "sign_up", "signup", "connexion", "se-connecter", "authentification",
    "auth", "oauth", "oauth2", "openid-connect", "saml", "saml2", "sso", "france_connect", "franceconnect",
    "pro_connect", "agent_connect",
))  # fmt: skip
_LOGIN_HOST_LABELS = frozenset((
    "login", "connexion", "auth", "sso", "oidc", "franceconnect", "proconnect", "agentconnect",
))  # fmt: skip


def refusal(method: str, url: str) -> str | None:
    """Why this request is never sent, or None when the boundary has nothing against it. Never raises."""
    if method.upper() not in _METHODS:
        return f"method {method.upper()}"
    if scheme_of(url) not in DEFAULT_PORT:
        return f"scheme {scheme_of(url) or 'none'}"
    if is_login(url):
        return "a login page"
    segments = _segments(url)
    return _ez_booking(method.upper(), segments) or _rdv_prefecture(method.upper(), segments)


def is_login(url: str) -> bool:
    """True for the address of a login or account page: eZ `/booking/login`, rdvpref `/login/`, `/users/...` of RDV
    Service Public and demarche.numerique, FranceConnect, single sign-on hosts, an address that carries a password."""
    try:
        parts = urlsplit(url.replace("\\", "/"))
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    segments = _segments(url)
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
