"""What a robots.txt asks of us (RFC 9309): its groups parted and named here, its rules matched by Protego.

Protego looks for the name of a group inside ours. An administrator writes what stands in a log (`vigie/0.1.0`, the
whole line), so that names are cut to the product token first, as Google's matcher does; and only a rule parts two
groups, so that `User-agent: vigie`, `Crawl-delay: 5`, `User-agent: *`, `Disallow: /` are one (section 2.2.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from monitor.values import pattern

if TYPE_CHECKING:
    from protego import Protego

PRODUCT = "vigie"
# The misspellings, and the missing colon, are those that Google's parser and Protego forgive.
_FIELDS = {
    "user-agent": "user-agent", "useragent": "user-agent", "user agent": "user-agent", "allow": "allow",
    "disallow": "disallow", "dissallow": "disallow", "dissalow": "disallow", "disalow": "disallow",
    "diasllow": "disallow", "disallaw": "disallow", "crawl-delay": "crawl-delay", "crawl delay": "crawl-delay",
}  # fmt: skip
_LINE = pattern(
    rf"^[ \t]*+({'|'.join(_FIELDS)})(?:[ \t]*+:|[ \t])([^#\n]*+)(?:#[^\n]*+)?$", re.IGNORECASE | re.MULTILINE
)
_PLAIN = pattern(r"[A-Za-z0-9/_.~-]*")
_BEGINNING = pattern(r"(?:dis)?allow: ([A-Za-z0-9/_.~-]*)")
_NAME = pattern(r"(\*)(?:\s|$)|\**([A-Za-z_-]+)")


class RobotsRules:
    """One origin's robots.txt. crawl_delay: seconds it asks between requests, 0 when it asks none."""

    def __init__(self, text: str, product: str = PRODUCT) -> None:
        self._rules = _rules(text, product.lower())
        self.crawl_delay = _parse(one for one in self._rules if one[0] == "c").crawl_delay(PRODUCT) or 0.0

    def disallows(self, url: str) -> str | None:
        """The line that forbids an absolute address to us, verbatim; None when it may be asked."""
        near = _near(self._rules, urlsplit(url).path)
        if _parse(near).can_fetch(url, PRODUCT):
            return None
        rules = sorted((one for one in near if one[0] == "d"), key=len, reverse=True)
        while len(rules) > 1:  # the longest that matches decides, and is found by halves
            half = rules[: len(rules) // 2]
            rules = rules[len(half) :] if _parse(half).can_fetch(url, PRODUCT) else half
        return self._rules[rules[0]]


def _near(rules: Iterable[str], path: str) -> list[str]:
    """The rules that may match a path: they begin as it does, as far as no character can be written otherwise.

    Protego takes ten times as long for a rule: it is given these alone.
    """
    start = _PLAIN.match(path)[0]  # type: ignore[index]  # it matches nothing at least
    return [
        found.string
        for found in map(_BEGINNING.match, rules)
        if found and (not (plain := found[1]).startswith("/") or start.startswith(plain) or plain.startswith(start))
    ]


def _rules(text: str, product: str) -> dict[str, str]:
    """The rules of every group that names the product; where none does, of every group for all. Each with its line."""
    groups: dict[str, dict[str, str]] = {}
    names: set[str] = set()
    is_ruled = True
    for found in _LINE.finditer("\n".join(text.splitlines())):
        field, value = _FIELDS[found[1].lower()], found[2].strip()
        if field == "user-agent":
            names, is_ruled = set() if is_ruled else names, False
            if (named := _NAME.match(value)) and (name := (named[1] or named[2]).lower()) in (product, "*"):
                names.add(name)
                groups.setdefault(name, {})
            continue
        is_ruled = is_ruled or field != "crawl-delay"
        for name in names:
            groups[name].setdefault(f"{field}: {value}", found[0].strip())
    return groups.get(product, groups.get("*", {}))


def _parse(rules: Iterable[str]) -> Protego:
    from protego import Protego

    return Protego.parse("\n".join(("user-agent: *", *rules)))
