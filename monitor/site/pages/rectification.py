"""A sentence that a préfecture contests: a dated page of its own, linked where it stands. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from monitor.site.frame import Output, SiteFrame, SitePage
from monitor.site.tongues import PageTongue


def rectifications(frame: SiteFrame) -> Iterator[Output]:
    """`rectification-N.html` of each contested observation and language."""
    for seq, group in groupby(frame.data.contested, lambda one: one.seq):
        rows = [*group]
        for tongue in frame.tongues:
            name = f"rectification-{seq}"
            title = tongue.gettext("Observation {n}, contested").format(n=seq)
            words = [(row, told(row.words, tongue), told(row.answer, tongue)) for row in rows]
            body = frame.body("rectification.html.j2", tongue, name, rows=words)
            yield frame.draw(tongue, SitePage(name=name, title=title, body=body))


def told(words: Mapping[str, str], tongue: PageTongue) -> tuple[str, str]:
    """The text in the language of the page where there is one, else in French or the first; and its language."""
    lang = next((one for one in (tongue.code, tongue.lang, "fr") if one in words), next(iter(words)))
    return words[lang], "fr" if lang == "facile" else lang
