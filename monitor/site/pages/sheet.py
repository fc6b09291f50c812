"""A préfecture on one sheet of A4, to print, to show and to join: the three answers, the figures, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from monitor.case.guide import guide
from monitor.site.counts import summed
from monitor.site.frame import Output, SiteFrame, SitePage
from monitor.site.model import MONTH
from monitor.site.pages.prefecture import DeskWords
from monitor.site.pages.standing import lately_of

ON_A_SHEET: Final = 8  # desks in a row of their own; the others are summed, so that one sheet of A4 holds it all


def sheets(frame: SiteFrame) -> Iterator[Output]:
    """`imprimer/NN.html` of each préfecture and language."""
    for one in frame.data.prefectures:
        desks = [(desk, lately_of(desk, one.last)) for desk in one.desks[:ON_A_SHEET]]
        rest = one.desks[ON_A_SHEET:]
        others = summed(desk.lately(one.last) for desk in rest)
        for tongue in frame.tongues:
            name = f"imprimer/{one.code}"
            words = DeskWords(tongue, one.prefecture.zone)
            body = frame.body(
                "sheet.html.j2",
                tongue,
                name,
                one=one,
                desks=desks,
                rest=len(rest),
                others=others,
                words=words,
                month=MONTH,
                ccc=guide().telephone,
            )
            yield frame.draw(tongue, SitePage(name=name, title=f"{one.code} {one.name}", body=body, bare=True))
