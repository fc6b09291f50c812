"""The weekly walk over the site of every préfecture in turn: one a sweep at most, at its pace.

Where nothing is known it finds what could be declared; elsewhere it finds what moved or is gone since it was declared
(`vigie health`). What a walk found is kept as `discovered/CODE.json` in the data folder, for a person to read: it
declares nothing, and no observation is made of it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from monitor.store import files as durable
from monitor.store.schema import disk_told

if TYPE_CHECKING:
    from monitor.core.ports import Clock, Visitor
    from monitor.core.prefecture import Prefecture

FOLDER: Final = "discovered"
EVERY: Final = timedelta(days=7)
WITHIN: Final = 300.0  # seconds: 40 pages take about one minute


def last_walk(data: Path, code: str) -> dict[str, Any] | None:
    """What the last walk brought, as `vigie discover --json` prints it; None where there was none.

    A walk that did not come to its end has `prefecture`, `started` and `stopped` only.
    """
    with suppress(OSError, ValueError):
        found: dict[str, Any] = json.loads(_file(data, code).read_bytes())
        datetime.fromisoformat(found["started"])
        return found
    return None


def due(
    prefectures: Iterable[Prefecture], data: Path, now: datetime, since: datetime | None = None
) -> Prefecture | None:
    """The préfecture to walk now: one never walked, else the one walked longest ago, a week at least. now: aware.

    Of those never walked the ones of which nothing is known come first. What is declared has its first walk a week
    after the first sweep (since: aware, None long ago): a declaration does not drift on the day it is installed.
    """
    begun = since is None or since > now or now - since >= EVERY
    waiting: list[tuple[int, datetime, Prefecture]] = []
    for one in prefectures:
        found = last_walk(data, one.code)
        if found is None:
            if one.nothing_known:
                return one
            if begun:
                waiting.append((0, now, one))
            continue
        started = datetime.fromisoformat(found["started"])
        if started > now or now - started >= EVERY:  # a start to come: the clock was set back
            waiting.append((1, started, one))
    return min(waiting, key=lambda turn: turn[:2])[2] if waiting else None


async def walk(
    one: Prefecture, data: Path, visitor: Visitor, clock: Clock, check_id: str, *, within: float, simulated: bool
) -> None:
    """Walk its site and keep what was found. within: seconds; then, as when killed, the week has begun all the same."""
    from monitor.discover.declare import declaration
    from monitor.discover.json import document
    from monitor.discover.leads import link_rules
    from monitor.discover.proposal import propose
    from monitor.discover.walk import WalkTools, discover

    _keep(data, one, {"prefecture": one.code, "started": clock.now().isoformat(), "stopped": "unfinished"})
    with suppress(TimeoutError):
        async with asyncio.timeout(min(within, WITHIN)):
            found = await discover(one, WalkTools(visitor=visitor, clock=clock, rules=link_rules(), check_id=check_id))
        proposal = propose(found, one, simulated=simulated)
        text = declaration(found, proposal) if found.home is None else ""
        _keep(data, one, document(found, proposal, text, simulated=simulated))


def _file(data: Path, code: str) -> Path:
    return data / FOLDER / f"{code}.json"


def _keep(data: Path, one: Prefecture, told: dict[str, Any]) -> None:
    path = _file(data, one.code)
    with disk_told(path):
        durable.make_folder(path.parent)
        durable.replace(path, json.dumps(told, ensure_ascii=False, indent=1).encode())
