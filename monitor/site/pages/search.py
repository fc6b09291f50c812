"""From a name or a town to its préfecture, without script: one list from A to Z."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from monitor.core.prefecture import Prefecture
from monitor.site.frame import Output, SiteFrame, SitePage
from monitor.values import pattern

_TOWN: Final = pattern(r"\b\d{5} (?P<town>[^,\d]+?)(?: Cedex.*)?$", re.IGNORECASE)


def search(frame: SiteFrame) -> Iterator[Output]:
    """`chercher.html` of each language."""
    names = sorted({name for one in frame.data.prefectures for name in names_of(one.prefecture)}, key=_order)
    letters = [(letter, [*group]) for letter, group in groupby(names, lambda name: plain(name[0])[0])]
    for tongue in frame.tongues:
        title = tongue.gettext("Find a préfecture by name or by town")
        body = frame.body("search.html.j2", tongue, "chercher", letters=letters)
        yield frame.draw(tongue, SitePage(name="chercher", title=title, body=body))


def names_of(one: Prefecture) -> Sequence[tuple[str, str, str]]:
    """What people may look for: name or town, then the code and name of the préfecture it belongs to."""
    found = [one.name]
    for address in (one.address, *(sub.address for sub in one.sub_prefectures)):
        if address and (match := _TOWN.search(address)):
            found.append(match["town"].strip())
    return [(name, one.code, one.name) for name in dict.fromkeys(found)]


def plain(name: str) -> str:
    """Capital letters without accents."""
    apart = unicodedata.normalize("NFD", name)
    return "".join(c for c in apart if not unicodedata.combining(c)).upper().replace("Œ", "OE")


def _order(name: tuple[str, str, str]) -> tuple[str, str]:
    return plain(name[0]), name[1]
