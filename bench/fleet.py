"""`python -m bench.fleet ...`: the command `vigie` over 303 made-up desks on 101 hosts, one request a check.

The declared préfectures are loaded as well, as any start does. `rich` and `pygments` are hidden: httpx imports them
where a developer has them, and no installation of the program has. At the end the process writes its own peak memory to
$BENCH_REPORT: what the kernel tells a parent may be the parent's.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.desks import DESKS, HOSTS, step
from monitor.__main__ import main as main_of_vigie
from monitor.api import Desk, EzBooking, Prefecture, Provenance
from monitor.catalogue.catalogue import Catalogue, load
from monitor.core.prefecture import Context, Open, Visit
from monitor.run import wiring
from monitor.settings.settings import Settings
from monitor.store.store import Store

SOURCE = Provenance("bench", "2026-11-21", "confirmed_1")


@dataclass(frozen=True, slots=True)
class OnePage(EzBooking):
    """The booking module's last page, opened at once: one request, one reading."""

    def visit(self, context: Context) -> Visit:
        """One page."""
        page = yield (Open(f"{self.url}/{step(self.booking)}"),)
        return self.read(page, context)


def host(number: int) -> str:
    """The host of a made-up préfecture."""
    return f"bench-{number:03d}.gouv.fr"


def catalogue(scheme: str) -> Catalogue:
    """101 préfectures of three desks each."""
    return Catalogue(tuple(_prefecture(number, scheme) for number in range(HOSTS)))


def _prefecture(number: int, scheme: str) -> Prefecture:
    desks = tuple(
        Desk(
            slug=f"guichet-{i}",
            label=f"Guichet {i}",
            procedure="renewal",
            platform=OnePage(host(number), number * DESKS + i, scheme),
            provenance=SOURCE,
        )
        for i in range(DESKS)
    )
    return Prefecture(
        code=f"{number:03d}",
        slug=f"bench-{number}",
        name=f"Bench {number}",
        office="Préfecture",
        site=f"https://{host(number)}",
        provenance=SOURCE,
        desks=desks,
    )


def peak_kb() -> int:
    """Peak resident memory of this program, in kB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0])


def main() -> None:
    """As `vigie`: it exits with its code."""
    sys.modules["rich"] = sys.modules["pygments"] = None  # type: ignore[assignment]
    declared = catalogue(os.environ.get("BENCH_SCHEME", "https"))

    def instead(chosen: Settings) -> Catalogue:
        load("prefectures")
        return declared

    wiring.catalogue = instead
    journal = _journal()
    try:
        main_of_vigie()
    finally:
        if "BENCH_REPORT" in os.environ:
            told = {"peak_kb": peak_kb(), "wal": max(journal, default=0)}
            Path(os.environ["BENCH_REPORT"]).write_text(json.dumps(told), encoding="ascii")


def _journal() -> list[int]:
    """Bytes in the database's journal whenever a store is closed: a sweep empties it at its end, not before."""
    sizes: list[int] = []
    close = Store.close

    def closed(store: Store) -> None:
        with suppress(FileNotFoundError):
            sizes.append(store.path.with_name(f"{store.path.name}-wal").stat().st_size)
        close(store)

    Store.close = closed  # type: ignore[method-assign]
    return sizes


if __name__ == "__main__":
    main()
