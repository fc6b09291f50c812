"""Sweeps against the simulator: the real use case, visitor and store, over https under made-up official names."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from monitor.api import Desk, EzBooking, Prefecture, Provenance
from monitor.core.prefecture import Platform
from monitor.core.record import RecordLine
from monitor.evidence.sums import first_anchor
from monitor.fetch.clock import SystemClock
from monitor.fetch.http import probes
from monitor.fetch.http.connection import Limits
from monitor.fetch.http.visitor import Simulation, open_visitor
from monitor.run.ledger import StoreLedger, StoreMemory
from monitor.store.files import hold
from monitor.store.store import Store
from monitor.sweep.follow import Unheard
from monitor.sweep.plan import Look, desk_look
from monitor.sweep.sweep import Summary, Vantage, sweep
from tests.simulator.client import Simulator

PROJECT = "https://example.org/vigie"
CONTACT = "ops@example.org"
SCALE = 0.02
IMPATIENT = Limits(connect=8.0, total=8.0)  # on a busy machine too, only what hangs may time out
MODULE = "/booking/create/11343"
SOURCE = Provenance("test", "2026-11-21", "confirmed_1")


def look(slug: str, platform: Platform, *, opening: tuple[str, datetime] | None = None) -> Look:
    """A desk of a made-up prefecture as something to look at; its key is `01/slug`."""
    desk = Desk(slug=slug, label=slug, procedure="renewal", platform=platform, provenance=SOURCE, opening=opening)
    prefecture = Prefecture(
        code="01",
        slug="ain",
        name="Ain",
        office="Préfecture de l'Ain",
        site="https://www.ain.gouv.fr",
        provenance=SOURCE,
        desks=(desk,),
    )
    return desk_look(prefecture, desk)


def ez(slug: str, host: str | None = None, module: int = 11343) -> Look:
    """An eZ desk, on a host of its own unless one is named."""
    return look(slug, EzBooking(host or host_of(slug), module))


def host_of(slug: str) -> str:
    """The host a made-up desk stands on."""
    return f"{slug.replace('_', '-').lower()}.essai.gouv.fr"


class _Kept(Unheard):
    """Keeps what a sweep observes."""

    def __init__(self, into: list[RecordLine]) -> None:
        self._into = into

    def kept(self, record: RecordLine) -> None:
        self._into.append(record)


@dataclass(frozen=True, slots=True)
class Swept:
    """A sweep that ended: what it says of itself, and the records it made, by key."""

    summary: Summary
    observations: list[RecordLine]

    @property
    def records(self) -> dict[str, dict[str, Any]]:
        """The last record of each desk by slug."""
        return {str(o["check"]).partition("/")[2]: o for o in self.observations}

    def read(self, slug: str) -> tuple[str, str | None]:
        """Class name and detail of a desk's last reading."""
        record = self.records[slug]
        detail = next((record[k] for k in ("obstacle", "kind", "why", "cause") if k in record), None)
        if record["reading"] == "NoSlot":
            detail = "by_data" if record["by_data"] else record.get("detail")
        if record["reading"] == "SlotsOpen":
            detail = "weak" if record["weak"] else None
        return record["reading"], detail


def swept(
    simulator: Simulator,
    folder: Path,
    looks: Sequence[Look],
    *,
    limits: Limits = IMPATIENT,
    scale: float = SCALE,
    contact: str | None = CONTACT,
    beside: Callable[[], Awaitable[None]] | None = None,
    vantage: Callable[[Vantage], Vantage] = lambda made: made,
) -> Swept:
    """One sweep over `looks` in a data folder. beside: runs meanwhile. vantage: changes where it looks from.

    Chance is the same each time, so that the smallest jitter of a short sweep is known (33 ms of 250).
    """

    told: list[RecordLine] = []

    async def go(store: Store) -> Summary:
        visitor = open_visitor(
            memory=StoreMemory(store),
            project=PROJECT,
            contact=contact,
            simulation=Simulation(
                address=f"{simulator.address}:{simulator.https}", ca_file=simulator.ca_file, time_scale=scale
            ),
            limits=limits,
            random=Random(1),
        )
        made = Vantage(
            visitor=visitor,
            ledger=StoreLedger(store),
            clock=SystemClock(scale),
            anchor=first_anchor(PROJECT),
            simulated=True,
        )
        other = asyncio.ensure_future(beside()) if beside else None
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(probes, "DEADLINE", 120.0)  # on a busy machine too, only a network that is cut is off
                return await sweep(looks, vantage(made), follower=_Kept(told))
        finally:
            await visitor.aclose()
            if other is not None:
                await other

    with hold(folder) as lock, Store(lock, at=SystemClock().now()) as store:
        return Swept(asyncio.run(go(store)), told)
