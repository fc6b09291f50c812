"""The languages of the site. English stands in code and templates, as everywhere; French, Spanish, Portuguese and
Arabic in the catalogues of `monitor/locale`; easy French in a word list of its own (`monitor/data/facile.toml`).

Easy French (*français facile à lire*) is not French with shorter words by chance: each message has its own sentence in
the list (`tests/site/test_easy.py` holds it).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from monitor.alerts.text.words import MONTHS
from monitor.core.words import spoken
from monitor.paper.french import typeset
from monitor.values import dataclass

SITE: Final = ("fr", "en", "facile")  # languages of every page
GUIDE: Final = (*SITE, "es", "pt", "ar")  # languages of the guide
NNBSP: Final = "\N{NARROW NO-BREAK SPACE}"
OWN_NAMES: Final = {
    "fr": "Français",
    "en": "English",
    "facile": "Français facile",
    "es": "Español",
    "pt": "Português",
    "ar": "العربية",
}


@dataclass(frozen=True, slots=True)
class PageTongue:
    """One language. code: `fr`, `en`, `facile` ..., as in addresses of pages."""

    code: str

    @property
    def lang(self) -> str:
        """As HTML names it (BCP 47)."""
        return "fr" if self.code == "facile" else self.code

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return "rtl" if self.code == "ar" else "ltr"

    @property
    def name(self) -> str:
        """In itself."""
        return OWN_NAMES[self.code]

    def gettext(self, message: str) -> str:
        """A message (English, as it stands in the code) in this language."""
        if self.code == "facile" and message in easy_words():
            return easy_words()[message]
        return spoken(self.lang).gettext(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The same for a message that depends on a number."""
        message = one if number < 2 else many
        if self.code == "facile" and message in easy_words():
            return easy_words()[message]
        return spoken(self.lang).ngettext(one, many, number)

    def day(self, at: date) -> str:
        """`12 novembre 2026`, `12 November 2026`."""
        first = "1er" if at.day == 1 and self.lang == "fr" else str(at.day)
        return f"{first} {self.gettext(MONTHS[at.month - 1])} {at.year}"

    def month(self, at: date) -> str:
        """`novembre 2026`."""
        return f"{self.gettext(MONTHS[at.month - 1])} {at.year}"

    def number(self, number: int) -> str:
        """With its thousands apart."""
        return f"{number:,}" if self.lang == "en" else f"{number:,}".replace(",", NNBSP)

    def percent(self, share: float | None) -> str:
        """`84,2 %`, `> 99,9 %`; a dash where too little is known. Nothing but all is rounded to all, nor to none."""
        if share is None:
            return "–"
        mark = "< " if 0 < share < 0.001 else "> " if 0.999 < share < 1 else ""
        text = "0" if share == 0 else "100" if share == 1 else f"{min(max(100 * share, 0.1), 99.9):.1f}"
        return f"{mark}{text}%" if self.lang == "en" else f"{mark}{text.replace('.', ',')}{NNBSP}%"


@cache
def easy_words() -> Mapping[str, str]:
    """Easy French, by English message."""
    text = (files("monitor") / "data" / "facile.toml").read_text(encoding="utf-8")
    return {message: typeset(words) for message, words in tomllib.loads(text)["words"].items()}
