"""All files of the site, in a fixed order, from what was gathered: no clock, no disk. Same data, same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from monitor.site.diary import diary
from monitor.site.frame import Output, SiteFrame
from monitor.site.model import SiteData, SiteOptions
from monitor.site.opendata.feeds import feeds
from monitor.site.opendata.files import data_files
from monitor.site.pages.comparison import comparison
from monitor.site.pages.coverage import coverage
from monitor.site.pages.datasets import datasets
from monitor.site.pages.guide import guide_pages
from monitor.site.pages.method import method
from monitor.site.pages.national import national
from monitor.site.pages.prefecture import prefectures
from monitor.site.pages.rectification import rectifications
from monitor.site.pages.search import search
from monitor.site.pages.sheet import sheets
from monitor.site.pages.trends import trends

Part = Callable[[SiteFrame], Iterable[Output]]


def _style(frame: SiteFrame) -> Iterator[Output]:
    yield frame.style


PARTS: Final[tuple[Part, ...]] = (  # each makes the pages, or the files, of one kind
    _style,
    national,
    search,
    prefectures,
    sheets,
    trends,
    comparison,
    coverage,
    rectifications,
    guide_pages,
    diary,
    method,
    datasets,
    data_files,
    feeds,
)


def outputs(data: SiteData, options: SiteOptions) -> Iterator[Output]:
    """Every file."""
    frame = SiteFrame(data, options)
    for part in PARTS:
        yield from part(frame)
