"""Booking addresses that serve somebody else than foreigners, and the day the project learnt it.

No declaration may name one. An observation already made of one is an erratum: it is printed with its mark, counted
nowhere and never deleted. The list is `monitor/data/not_for_foreigners.csv`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from monitor.core.words import DATA
from monitor.values import dataclass, pattern

# The two products whose modules of one host differ by a number alone; what follows it is a step of the visit.
_MODULE = pattern(
    r"https?://(?:www\.)?([^/?#]+)/(?:index\.php/)?(booking/create|rdvpref/reservation/demarche)/0*(\d+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erratum:
    """One address. what: whom it serves, in French, as its source names it. source: a few neutral words.

    source_date: ISO year, year-month or day, None when undated. noted: the day the project took it into the list.
    """

    url: str
    what: str
    source: str
    source_date: str | None
    noted: date


def erratum(url: str) -> Erratum | None:
    """What is known against an address, whatever its scheme, `www.` or step; None where nothing is."""
    module = _module(url)
    return None if module is None else errata().get(module)


@lru_cache(maxsize=1)
def errata() -> Mapping[tuple[str, ...], Erratum]:
    """The whole list, by module. Raises ValueError or KeyError for a row that cannot be used or stands there twice."""
    out: dict[tuple[str, ...], Erratum] = {}
    text = Path(DATA, "not_for_foreigners.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        module = _module(row["url"])
        if module is None or module in out or not row["what"] or not row["source"]:
            raise ValueError(f"not_for_foreigners.csv: {row['url']}: no booking module, named twice, or unsourced")
        out[module] = Erratum(
            url=row["url"],
            what=row["what"],
            source=row["source"],
            source_date=row["source_date"] or None,
            noted=date.fromisoformat(row["noted"]),
        )
    return out


def _module(url: str) -> tuple[str, ...] | None:
    found = _MODULE.match(url)
    return found and (found[1].lower(), found[2].lower(), found[3])
