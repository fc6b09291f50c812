"""Whether a message comes from whom it names, as our own mail server says (RFC 8601). Pure.

Only the first header under our server's name is believed: that server removes those which others put under it (5). What
counts is aligned with the address of From, as in DMARC (RFC 7489, 3.1): DKIM's signing domain, or the domain that SPF
authorised, is that of From or one above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email.utils import getaddresses
from typing import Final

from monitor.values import pattern

_PIECE: Final = pattern(r'"(?:[^"\\]|\\.)*"|[^";()]+|[;()]', re.DOTALL)
_PROPERTY: Final = pattern(r'([a-z]+)\s*\.\s*([a-z-]+)\s*=\s*((?:"(?:[^"\\]|\\.)*"|[^\s";])+)', re.IGNORECASE)
_RESULT: Final = pattern(r"\s*([a-z-]+)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_NAMES: Final = {("dkim", "header", "d"), ("spf", "smtp", "mailfrom"), ("dmarc", "header", "from")}


def sender(froms: Sequence[str]) -> str:
    """The one address of From; empty where there are several, or none."""
    found = [address for _name, address in getaddresses(list(froms)) if address]
    return found[0] if len(found) == len(froms) == 1 else ""


def aligned(results: Sequence[str], authserv: str, address: str) -> bool:
    """Whether our server attests that domain of an address. results: Authentication-Results, topmost first."""
    domain = address.rpartition("@")[2].lower().rstrip(".")
    ours = next((parts for parts in map(_parts, results) if _server(parts) == authserv.lower()), None)
    if not authserv or not domain or ours is None:
        return False
    return any(_under(domain, attested) for part in ours[1:] for attested in _attested(part))


def _parts(header: str) -> list[str]:
    """What stands between semicolons, comments left out; those within quotes are text."""
    parts, depth = [""], 0
    for piece in _PIECE.findall(header):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(depth - 1, 0)
        elif depth:
            continue
        elif piece == ";":
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _server(parts: Sequence[str]) -> str:
    return next(iter(parts[0].split()), "").strip('"').lower()


def _attested(part: str) -> Iterator[str]:
    """The domains that one result vouches for."""
    result = _RESULT.match(part)
    if result is None or result[2].lower() != "pass":
        return
    for kind, name, value in _PROPERTY.findall(part):
        if (result[1].lower(), kind.lower(), name.lower()) in _NAMES:
            yield value.strip('"').rpartition("@")[2].strip('"<>').lower().rstrip(".")


def _under(domain: str, attested: str) -> bool:
    return "." in attested and (domain == attested or domain.endswith(f".{attested}"))
