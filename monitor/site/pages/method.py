"""How the figures are made, what they do not say, and what keeps them honest."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.site.counts import FEWEST
from monitor.site.frame import Output, SiteFrame, SitePage
from monitor.site.model import MONTH, WEEKS


def method(frame: SiteFrame) -> Iterator[Output]:
    """`methode.html` of each language."""
    for tongue in frame.tongues:
        body = frame.body(
            "method.html.j2",
            tongue,
            "methode",
            fewest=FEWEST,
            weeks=WEEKS,
            month=MONTH,
            correction=frame.correction(frame.path(tongue.code, "methode")),
        )
        yield frame.draw(tongue, SitePage(name="methode", title=tongue.gettext("Method"), body=body))
