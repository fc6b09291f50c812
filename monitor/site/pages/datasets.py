"""The data to take away: every file with what it holds, every column, licence, citation, feeds, checkpoint."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.site.frame import Output, SiteFrame, SitePage
from monitor.site.opendata.files import archive_name
from monitor.site.opendata.licence import ADDRESS, NAME, citation
from monitor.site.opendata.tables import FOLDER, tables


def datasets(frame: SiteFrame) -> Iterator[Output]:
    """`donnees.html` of each language."""
    for tongue in frame.tongues:
        body = frame.body(
            "datasets.html.j2",
            tongue,
            "donnees",
            folder=f"{frame.up(tongue.code, 'donnees')}{FOLDER}/",
            archive=archive_name(frame.data) if frame.data.until else None,
            tables=tables().values(),
            paths={"days": "NN.csv", "france": "France.csv", "prefectures": "prefectures.csv", "desks": "desks.csv"},
            licence=(NAME, ADDRESS),
            citation=citation(frame.data, frame.options),
            feeds=bool(frame.options.base_url and frame.data.until),
        )
        yield frame.draw(tongue, SitePage(name="donnees", title=tongue.gettext("Data"), body=body))
