"""What demarche.numerique.gouv.fr publishes of a form's files: `/statistiques/SLUG`, and JSON where data are open.

Labels and the shape of both answers are from the product's open source (`procedure_stats_concern.rb`, the statistics
page's charts, the public API `demarches/ID/stats`), read 2026-11; no page of it was recorded yet. The site counts
drafts under a label of their own, and deleted files too. They are the State's figures of files, never slots.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from monitor.core.prefecture import Context, Open, Page, Visit
from monitor.core.readings import PublishedFigures, Reading, Seen, Unreadable
from monitor.read.pages.charset import decode
from monitor.read.pages.html import MAX_BYTES, HtmlPage
from monitor.read.pages.obstacles import opened
from monitor.read.pages.text import collapse
from monitor.read.platforms.demarche_numerique import HOST
from monitor.values import dataclass

LABELS = (
    "Tous (dont brouillon)", "Démarrés", "Déposés", "Instruction débutée", "Traités", "Acceptés", "Refusés",
    "Classés sans suite",
)  # fmt: skip
_PAIR = r'\[\s*"((?:[^"\\]|\\.){1,60})"\s*,\s*"?(\d{1,9}(?:\.\d{1,3})?)"?\s*\]'
_FILED = "Déposés"  # without it what was found is another chart


@dataclass(frozen=True, slots=True)
class FormFigures:
    """The published figures of one form. slug: the last part of the form's address. number: its id where open data."""

    slug: str
    number: int | None = None

    @property
    def name(self) -> str:
        """`form_figures`."""
        return "form_figures"

    @property
    def url(self) -> str:
        """The public page of figures, or the data where they are open."""
        if self.number is not None:
            return f"https://{HOST}/api/public/v1/demarches/{self.number}/stats"
        return f"https://{HOST}/statistiques/{self.slug}"

    @property
    def needs_browser(self) -> bool:
        """The figures stand in the page as served: False."""
        return False

    def visit(self, context: Context) -> Visit:
        """One request."""
        return self.read((yield (Open(self.url),)), context)

    def read(self, page: Page, context: Context) -> Reading:
        """The figures, or why there are none."""
        if 200 <= page.status < 300 and page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
            return _data(decode(page)) if len(page.body) <= MAX_BYTES else Unreadable(why="too_big")
        doc = opened(page, lambda doc: "/statistiques/" in page.url and bool(_figures(decode(page))))
        if not isinstance(doc, HtmlPage):
            return doc
        if "/statistiques/" not in page.url:  # a form that is gone is answered with the home page
            return Unreadable(why="layout_changed")
        return _reading(decode(page), "script", ())


def _data(text: str) -> Reading:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return Unreadable(why="layout_changed")
    return _reading(text, "$.funnel", tuple(_delays(answer.get("processing_time"))))


def _reading(text: str, selector: str, delays: tuple[int, ...]) -> Reading:
    figures = _figures(text)
    if _FILED not in figures:
        return Unreadable(why="layout_changed")
    words = next(found[0] for found in re.finditer(_PAIR, text) if _label(found[1]) == _FILED)
    return PublishedFigures(seen=Seen(collapse(words), selector), figures=figures, delays=delays)


def _figures(text: str) -> dict[str, str]:
    """Label to number as printed; a label met twice with two numbers is left out: we could not tell which one holds."""
    found: dict[str, set[str]] = {}
    for label, number in re.findall(_PAIR, text):
        if (plain := _label(label)) in LABELS:
            found.setdefault(plain, set()).add(number)
    return {label: numbers.pop() for label, numbers in found.items() if len(numbers) == 1}


def _label(escaped: str) -> str:
    try:
        return str(json.loads(f'"{escaped}"'))
    except ValueError:
        return ""


def _delays(value: Any) -> Iterator[int]:
    """Seconds: whole numbers, as records hold no other."""
    for number in value if isinstance(value, list) else ():
        if isinstance(number, int | float) and not isinstance(number, bool) and 0 <= number < 1e10:
            yield round(number)
