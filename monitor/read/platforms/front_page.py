"""The front page of a national service: whether it was shown, and nothing more.

A portal that shows its front page may still refuse every file: no word of ours says that it works. Its page is an empty
shell before its script ran, and the shell bears the title, so only a heading or a control in sight counts.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from monitor.core.prefecture import Context, Open, Page, Visit
from monitor.core.readings import FrontPageShown, Reading, Seen, Unreadable
from monitor.read.pages.html import HtmlPage, has_class, is_stated, text_of
from monitor.read.pages.obstacles import opened, stands_instead
from monitor.read.pages.text import normalise
from monitor.values import dataclass

NATIONAL_WORDS = r"\bétrangers en france\b|\bcontacts?[ -]démarches\b"  # the services' own names; no page was recorded
_SHOWN_IN = ("h1", "h2", "h3", "h4", "button", "a", "label", "p")
_TITLE = "fr-header__service-title"  # the paragraph in which the State's design system names a service


@dataclass(frozen=True, slots=True)
class FrontPage:
    """One service. url: its front page. words: regular expression for a heading or control of its own, normalised.

    script: the page says nothing before its own script ran, so a browser has to open it.
    """

    url: str
    words: str = NATIONAL_WORDS
    script: bool = False

    @property
    def name(self) -> str:
        """`front_page`."""
        return "front_page"

    @property
    def needs_browser(self) -> bool:
        """As declared."""
        return self.script

    def visit(self, context: Context) -> Visit:
        """One request: the front page. Nobody signs in."""
        return self.read((yield (Open(self.url),)), context)

    def read(self, page: Page, context: Context) -> Reading:
        """Shown, in maintenance, in error, behind an obstacle, or not recognised."""
        doc = opened(page, lambda doc: self._shown(doc) is not None)
        if not isinstance(doc, HtmlPage):
            return doc
        if instead := stands_instead(page, doc):  # it bears the service's name, and is not its front page
            return instead
        seen = self._shown(doc) if doc.is_whole and _is_same_service(page.url, self.url) else None
        return FrontPageShown(seen=seen) if seen else Unreadable(why="layout_changed")

    def _shown(self, doc: HtmlPage) -> Seen | None:
        for element in doc.all(*_SHOWN_IN):
            named = element.tag != "p" or has_class(element, _TITLE)
            if (
                named
                and is_stated(element, within_article=True)
                and re.search(self.words, normalise(words := text_of(element)))
            ):
                return Seen(words, str(element.tag))
        return None


def _is_same_service(url: str, declared: str) -> bool:
    """Whether two addresses are of one host, or of one and a host under it: a portal may lead to `portail.NAME`."""
    there, here = ((urlsplit(one).hostname or "").removeprefix("www.") for one in (url, declared))
    return there == here or there.endswith(f".{here}") or here.endswith(f".{there}")
