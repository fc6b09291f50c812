"""`python -m tests.support.madeup ...`: `vigie` over made-up préfectures, named in $MADEUP as `host:desks ...`.

`host:3!`: the last of its three desks meets a reader with a planted bug. Each check that is kept is announced on
standard output: when the line is there, the check must survive whatever happens to the process.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from monitor.api import Desk, EzBooking, Prefecture, Provenance
from monitor.catalogue.catalogue import Catalogue
from monitor.cli import run
from monitor.cli.running import run as telling
from monitor.core.prefecture import Context, Open, Page, Visit
from monitor.core.readings import Reading
from monitor.core.record import RecordLine
from monitor.run import wiring

SOURCE = Provenance("test", "2026-11-21", "confirmed_1")
FIRST_MODULE = 4000


@dataclass(frozen=True, slots=True)
class Bugged(EzBooking):
    """A platform whose reader fails on every page."""

    def read(self, page: Page, context: Context) -> Reading:
        """Never returns."""
        raise LookupError("a bug planted in a reader")

    def visit(self, context: Context) -> Visit:
        """The first page, then the bug."""
        return self.read((yield (Open(self.url),)), context)


def catalogue(text: str) -> Catalogue:
    """The préfectures of `host:desks ...`, numbered from 01; desks are eZ modules from 4000 up, named `d0`, `d1` ..."""
    return Catalogue(tuple(_prefecture(n, *item.split(":")) for n, item in enumerate(text.split(), 1)))


def _prefecture(number: int, host: str, desks: str) -> Prefecture:
    return Prefecture(
        code=f"{number:02d}",
        slug=f"essai-{number}",
        name=f"Essai {number}",
        office="Préfecture d'essai",
        site=f"https://{host}",
        provenance=SOURCE,
        desks=tuple(_desk(host, i, desks == f"{i + 1}!") for i in range(int(desks.rstrip("!")))),
    )


def _desk(host: str, number: int, bugged: bool) -> Desk:
    platform = (Bugged if bugged else EzBooking)(host, FIRST_MODULE + number)
    return Desk(slug=f"d{number}", label=f"Guichet {number}", procedure="renewal", platform=platform, provenance=SOURCE)


class _Announced(telling.Followed):
    def kept(self, record: RecordLine) -> None:
        self.told.append(record)
        print(record["check"], flush=True)


def main() -> int:
    """As `vigie`."""
    declared = catalogue(os.environ["MADEUP"])
    wiring.catalogue = lambda chosen: declared
    telling.Followed = _Announced  # type: ignore[misc]
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
