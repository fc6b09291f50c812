"""The pictures of a sweep that just ended, before it is sealed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.adapters.browser import Browser
    from monitor.adapters.store import Store
    from monitor.ports import Clock, Visitor
    from monitor.settings import Settings

SUBJECT = "captures"  # what the check id of a style or an image is derived from


async def take_pictures(
    chosen: Settings,
    store: Store,
    visitor: Visitor,
    clock: Clock,
    check_id: Callable[[int, str], str],
    browser: Browser,
    within: float,
) -> int:
    """Take them within so many seconds, and bring them to the disk; how many. None where the settings want none."""
    if not chosen.captures.screenshots:
        return 0
    from monitor.adapters.shots import ChromiumStudio, StoreAlbum
    from monitor.app.shots import TIME, Means, take

    number = store.records.sweeps(1)[0].number
    means = Means(
        album=StoreAlbum(store),
        studio=ChromiumStudio(browser),
        visitor=visitor,
        clock=clock,
        check_id=check_id(number, SUBJECT),
        one_in=chosen.captures.sample,
    )
    try:
        return await take(number, means, min(TIME, within))
    finally:
        store.barrier(clock.now())
