"""What `vigie doctor` looks at where people serve themselves: the proxy, its logs, and what signs our messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import gettext as _
from pathlib import Path
from typing import Final

from monitor.core.words import os_words
from monitor.ops.doctor import Diagnosis
from monitor.ops.selfcheck import WITHIN
from monitor.values import pattern

NOBODY: Final = "STOP-" + "A" * 16  # a code of the right form that the key of addresses did not make
PROXIES: Final = ("etc/caddy", "etc/nginx/sites-enabled", "etc/nginx/conf.d")
SIGNER: Final = "etc/opendkim.conf"
SIGNED: Final = "list-unsubscribe-post"  # opendkim signs List-Unsubscribe by itself, and this one only when told
_DIRECTIVES: Final = pattern(r"^\s*SignHeaders\s+(.+)$", re.IGNORECASE | re.MULTILINE)


def pages(address: str) -> Diagnosis:
    """Whether a mail provider's POST to a STOP address is answered by these pages.

    The code is of nobody, and the answer the same as for somebody's.
    """
    why = _unanswered(f"{address}/fr/u/{NOBODY}")
    if why is None:
        return Diagnosis("web", "OK", _("{address} answers, and one press to leave works").format(address=address))
    words = _("one press to leave does not work at {address}: {why}")
    todo = _("look at `vigie serve --check`, at the proxy (config/caddy, config/nginx), at its certificate")
    return Diagnosis("web", "FAIL", words.format(address=address, why=why), todo)


def _unanswered(url: str) -> str | None:
    import httpx

    try:
        with httpx.Client(trust_env=False, timeout=WITHIN) as client:
            answer = client.post(url, data={"List-Unsubscribe": "One-Click"})
    except httpx.TimeoutException:
        return _("it does not answer in time")
    except httpx.HTTPError as error:
        return type(error).__name__
    if answer.status_code not in (200, 202):  # RFC 8058, 3.1: no redirect, no login
        return _("it answers with status {code}").format(code=answer.status_code)
    if "default-src 'none'" not in answer.headers.get("content-security-policy", ""):
        return _("another program answers there")
    return None


def proxy_logs(root: Path, socket: Path) -> Iterator[Diagnosis]:
    """Whether a proxy of this machine that leads to the socket logs paths, in which codes stand."""
    for folder in PROXIES:
        for path in sorted((root / folder).glob("*")) if (root / folder).is_dir() else ():
            try:
                text = path.read_text("utf-8", "replace") if path.is_file() else ""
            except OSError as error:
                yield Diagnosis("web", "WARN", _("{path} cannot be read: {why}").format(path=path, why=os_words(error)))
                continue
            if str(socket) in _bare(text) and _logs_paths(text, caddy="caddy" in folder):
                words = _("{path} has the proxy log paths: they hold codes that confirm and stop")
                todo = _("take over the lines about logs of config/caddy/Caddyfile or config/nginx/vigie.conf")
                yield Diagnosis("web", "FAIL", words.format(path=path), todo)


def _bare(text: str) -> str:
    """Without comments."""
    return re.sub(r"(?m)^\s*#.*$", "", text)


def _logs_paths(text: str, *, caddy: bool) -> bool:
    """Caddy logs requests only where it is told to; nginx unless it is told not to, errors with their path included."""
    bare = _bare(text)
    if caddy:
        return re.search(r"^\s*log\b", bare, re.MULTILINE) is not None and "output discard" not in bare
    return "access_log off;" not in bare or re.search(r"error_log\s+\S+\s+(crit|alert|emerg)\s*;", bare) is None


def signatures(root: Path) -> Diagnosis | None:
    """Whether opendkim of this machine signs what one press to leave rests on (RFC 8058, 4); None: it is not here."""
    path = root / SIGNER
    if not path.is_file():
        return None
    try:
        named = ",".join(_DIRECTIVES.findall(_bare(path.read_text("utf-8", "replace")))).lower()
    except OSError as error:
        return Diagnosis("web", "WARN", _("{path} cannot be read: {why}").format(path=path, why=os_words(error)))
    if SIGNED in re.split(r"[\s,+]+", named):
        return Diagnosis("web", "OK", _("opendkim signs both headers of one press to leave"))
    words = _("opendkim does not sign List-Unsubscribe-Post: mail providers then offer no press to leave")
    todo = _("add to {path}: SignHeaders *,+List-Unsubscribe,+List-Unsubscribe-Post")
    return Diagnosis("web", "WARN", words, todo.format(path=path))
