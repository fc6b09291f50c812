"""The guide for who finds no appointment: a page a language, each fact with its sources, listed at its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from markupsafe import Markup, escape

from monitor.case.guide import KEPT, LANGUAGES, TELEPHONE, guide, guide_text
from monitor.case.law import READ_TOLD, Source
from monitor.case.law_tables import law
from monitor.paper.french import NBSP, typeset
from monitor.site.frame import Output, SiteFrame, SitePage
from monitor.site.tongues import PageTongue
from monitor.values import pattern

_ADDRESS: Final = pattern(r"https?://[^\s;]+")


def guide_pages(frame: SiteFrame) -> Iterator[Output]:
    """One in each language of the site, and in those that the guide alone has."""
    for tongue in frame.guide_tongues:
        said = guide_text(tongue.code)
        rows = law().sources
        facts = [
            (fact.key, *_shown(fact.key, tongue), [rows[key] for key in fact.sources]) for fact in guide().facts
        ]  # fmt: skip
        used = {key: rows[key] for fact in guide().facts for key in fact.sources}
        state = min(one.state for one in used.values())
        body = frame.body(
            "guide.html.j2",
            tongue,
            "guide",
            words=said.words,
            read_over=None if said.read_over is None else _dated(said.words["read"], said.read_over),
            facts=facts,
            state=_dated(said.words["state"], state),
            rows=[(one, where(one), remark(one, tongue, frame)) for one in used.values()],
            of_law="en" if tongue.code == "en" else "fr",
        )
        yield frame.draw(tongue, SitePage(name="guide", title=said.words["title"], body=body, languages=LANGUAGES))


def sentence(text: str, tongue: PageTongue) -> Markup:
    """A sentence of the guide as HTML: French words marked as such, the number as a link that a telephone dials."""
    told = str(escape(typeset(text) if tongue.lang == "fr" else text))
    told = KEPT.sub(r'<bdi lang="fr">\1</bdi>', told)
    return Markup(told.replace(TELEPHONE, _number(guide().telephone)))  # noqa: S704 - escaped above


def where(source: Source) -> str:
    """The address of what was read, that of the text in force where there is one; empty where there is none."""
    found = _ADDRESS.search(source.official or source.where)
    return found[0] if found else ""


def remark(source: Source, tongue: PageTongue, frame: SiteFrame) -> str:
    """What was read of it, and the day of its state; in French or English, as the table of the law has it."""
    lang = "en" if tongue.code == "en" else "fr"
    if source.read == "whole":
        return f"{READ_TOLD[lang]['whole']}, {source.remark(_on(source, frame), lang)}"
    return source.remark(_on(source, frame), lang)


def _on(source: Source, frame: SiteFrame) -> date:
    """The day its age is counted to: that of the figures, so that the same data make the same page."""
    return frame.data.until.date() if frame.data.until else source.state


def _shown(key: str, tongue: PageTongue) -> tuple[Markup, list[Markup]]:
    title, says = guide_text(tongue.code).facts[key]
    return sentence(title, tongue), [sentence(one, tongue) for one in says]


def _number(telephone: str) -> str:
    """Left to right in every language: an Arabic line would turn its groups round."""
    return f'<a href="tel:{telephone.replace(" ", "")}"><bdi dir="ltr">{telephone.replace(" ", NBSP)}</bdi></a>'


def _dated(words: str, day: date) -> Markup:
    told = f'<time dir="ltr" datetime="{day}">{day}</time>'
    return Markup(str(escape(words)).replace("{day}", told))  # noqa: S704 - escaped above
