"""One page of a State site, read for what it says and for where it leads. Pure."""

from __future__ import annotations

import re
from datetime import datetime

from monitor.core.prefecture import Page
from monitor.core.readings import Reading, Seen, Unreadable
from monitor.read.notices.facts import PublishedFacts, read_notice
from monitor.read.notices.prose.links import Outline, outline
from monitor.read.notices.rules import Rules
from monitor.read.notices.visit import SPEAKS_FROM
from monitor.read.pages.html import HtmlPage
from monitor.read.pages.obstacles import opened
from monitor.values import dataclass, pattern

_ABSENT = pattern(r"^(?:erreur\s*)?404\b|page (?:non trouvée|introuvable|inexistante)", re.IGNORECASE)
_NAME = 120  # letters of a file's first line that serve as its name


@dataclass(frozen=True, slots=True)
class StatePage:
    """What was read of a page: its outline and the facts it publishes. pdf: it is a document."""

    outline: Outline
    facts: PublishedFacts
    pdf: bool = False


def read_page(page: Page, rules: Rules, *, called: str, territory: str, at: datetime) -> StatePage | Reading:
    """What a page says, or the reading of what stands in its place. called: words of the link to it, the name of a
    PDF. territory: ISO 3166-1 code whose telephone numbers are local. at: aware instant of the look."""

    def facts() -> PublishedFacts:
        return read_notice(page.body, page.header("content-type"), page.url, rules, territory=territory, at=at)

    if is_pdf(page):
        found = facts()
        if found.unreadable:
            return Unreadable(why=found.unreadable)
        first = found.text.strip().partition("\n")[0]
        return StatePage(Outline(name=called or first[:_NAME], text=found.text), found, pdf=True)
    doc = opened(page, lambda doc: sum(map(len, doc.statements)) > SPEAKS_FROM)
    if not isinstance(doc, HtmlPage):
        return doc
    for words, selector in ((doc.title, "title"), *((h1, "h1") for h1 in doc.h1)):
        if _ABSENT.search(words):
            return Unreadable(why="not_found", seen=Seen(words, selector))
    return StatePage(outline(doc, page.url), facts())


def is_pdf(page: Page) -> bool:
    """Whether the answer is a PDF, by its content."""
    return page.status == 200 and page.body.startswith(b"%PDF-")
