"""All files of the site, in a fixed order, from what was gathered: no clock, no disk. Same data, same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from monitor.site.frame import Output, SiteFrame
from monitor.site.model import SiteData, SiteOptions
from monitor.site.opendata.feeds import feeds
from monitor.site.opendata.files import data_files
from monitor.site.pages.guide import guide_pages

Part = Callable[[SiteFrame], Iterable[Output]]


def _style(frame: SiteFrame) -> Iterator[Output]:
    yield frame.style


PARTS: Final[tuple[Part, ...]] = (_style, guide_pages, data_files, feeds)  # each makes what is of one kind


def outputs(data: SiteData, options: SiteOptions) -> Iterator[Output]:
    """Every file."""
    frame = SiteFrame(data, options)
    for part in PARTS:
        yield from part(frame)
