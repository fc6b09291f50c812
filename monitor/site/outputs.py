"""All files of the site, in a fixed order, from what was gathered: no clock, no disk. Same data, same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from monitor.site.frame import SiteFrame, Output
from monitor.site.model import SiteData, SiteOptions
from monitor.site.pages.guide import guide_pages

Part = Callable[[SiteFrame], Iterable[Output]]


def _style(frame: SiteFrame) -> Iterator[Output]:
    yield frame.style


PARTS: Final[tuple[Part, ...]] = (_style, guide_pages)  # each makes the pages, or the files, of one kind


def outputs(data: SiteData, options: SiteOptions) -> Iterator[Output]:
    """Every file."""
    frame = SiteFrame(data, options)
    for part in PARTS:
        yield from part(frame)
