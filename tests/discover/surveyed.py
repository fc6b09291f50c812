"""What discover finds over laid-out sites, held against their table: `python -m tests.discover.surveyed`."""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from monitor.core.prefecture import Prefecture, Provenance
from monitor.discover.addresses import twin_key
from monitor.discover.found import Discovery, Examined
from monitor.discover.leads import link_rules
from monitor.discover.proposal import Proposal, propose
from monitor.discover.walk import WalkTools, discover
from monitor.fetch.clock import SystemClock
from monitor.fetch.http.robots import ShortMemory
from monitor.fetch.http.visitor import Simulation, open_visitor
from tests.simulator.client import Simulator
from tests.simulator.country.facts import SiteFacts
from tests.simulator.country.pages import write
from tests.simulator.country.play import invented, script_of
from tests.simulator.fixture import in_thread
from tests.simulator.server import Options

SCALE = 0.0005
SOURCE = Provenance("test", "2026", "confirmed_1")
BY_HAND = Path(__file__).parents[1] / "simulator" / "country" / "by_hand"


@dataclass(frozen=True, slots=True)
class Planted:
    """What one site holds. truth: address by kind of page. doors: street and telephone of each door for foreigners."""

    code: str
    host: str
    truth: Mapping[str, str]
    desks: tuple[str, ...]
    not_desks: tuple[str, ...]
    doors: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Walked:
    """A site, what a walk brought and what is proposed of it."""

    planted: Planted
    found: Discovery
    proposal: Proposal

    def missed(self) -> Iterable[tuple[str, str]]:
        """Kind and address of what was planted and is not proposed."""
        notices = {twin_key(one.entry.url) for one in self.proposal.notices}
        kinds = {(kind, page.key) for page in self.found.read() for kind in self._kinds(page)}
        desks = {twin_key(one.entry.platform.url) for one in self.proposal.desks}
        yield from (
            (kind, url)
            for kind, url in self.planted.truth.items()
            if (kind, twin_key(url)) not in kinds or twin_key(url) not in notices
        )
        yield from (("desk", url) for url in self.planted.desks if twin_key(url) not in desks)
        yield from (("door", street) for street, phone in self.planted.doors if not self._door(street, phone))

    @staticmethod
    def _kinds(page: Examined) -> set[str]:
        """What a page is; a way to file is one whether or not it is the substitution's."""
        kinds: set[str] = {finding.kind for finding in page.findings}
        return kinds | ({"filing"} if "substitution" in kinds else set())

    def _door(self, street: str, phone: str | None) -> bool:
        places = [one.entry for one in getattr(self.proposal, "places", ())]
        return any(street in (p.address or "") and (phone is None or p.phone == phone) for p in places)

    def false(self) -> Iterable[str]:
        """Desks proposed that were not planted as one."""
        right = {twin_key(url) for url in self.planted.desks}
        return (one.entry.platform.url for one in self.proposal.desks if twin_key(one.entry.platform.url) not in right)


def planted(facts: SiteFacts) -> Planted:
    """A row of the table."""
    return Planted(
        facts.code,
        facts.host,
        {str(kind): url for kind, url in facts.truth.items()},
        tuple(link.url for link in facts.desks),
        facts.left_aside,
        tuple((door.street, door.phone) for door in facts.doors),
    )


def by_hand() -> list[Planted]:
    """The sites written without the table."""
    rows: Mapping[str, Any] = json.loads((BY_HAND / "EXPECTED.json").read_text(encoding="utf-8"))
    return [
        Planted(
            row["code"],
            host,
            row["truth"],
            tuple(row["desks"]),
            tuple(row["not_desks"]),
            tuple((street, phone) for street, phone in row["doors"]),
        )
        for host, row in rows.items()
    ]


def walked(simulator: Simulator, sites: Sequence[Planted], *, pages: int = 40) -> list[Walked]:
    """Every site walked, one after the other, and what is proposed for a préfecture of which nothing is declared."""

    async def go() -> list[Walked]:
        visitor = open_visitor(
            memory=ShortMemory(),
            project="https://example.org/vigie",
            contact="ops@example.org",
            simulation=Simulation(
                address=f"{simulator.address}:{simulator.https}", ca_file=simulator.ca_file, time_scale=SCALE
            ),
            random=Random(1),
        )
        means = WalkTools(visitor=visitor, clock=SystemClock(SCALE), rules=link_rules(), check_id="0" * 16)
        out = []
        try:
            for one in sites:
                office = Prefecture(
                    code=one.code, slug="x", name="X", office="X", site=f"https://{one.host}", provenance=SOURCE
                )
                found = await discover(office, means, pages=pages)
                out.append(Walked(one, found, propose(found, office, simulated=False)))
        finally:
            await visitor.aclose()
        return out

    return asyncio.run(go())


def over_seed(seed: int, at_most: int | None = None) -> list[Walked]:
    """The table of a seed, laid out, served and walked."""
    facts = invented(seed)
    chosen = Random(seed).sample(facts, at_most or len(facts))
    with tempfile.TemporaryDirectory() as name:
        for one in chosen:
            write(Path(name), one)
        with in_thread(Options(sites=(Path(name),), scripts=(script_of(chosen),), time_scale=SCALE)) as simulator:
            return walked(simulator, [planted(one) for one in chosen])


def over_hand() -> list[Walked]:
    """The sites written by hand."""
    with in_thread(Options(sites=(BY_HAND,), time_scale=SCALE)) as simulator:
        return walked(simulator, by_hand())


def counted(walks: Iterable[Walked]) -> dict[str, tuple[int, int]]:
    """By kind: found and planted; `false desks` counts what was proposed and not planted."""
    there: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    wrong = 0
    for walk in walks:
        there.update(walk.planted.truth.keys())
        there["desk"] += len(walk.planted.desks)
        there["door"] += len(walk.planted.doors)
        lost.update(kind for kind, _ in walk.missed())
        wrong += sum(1 for _ in walk.false())
    return {kind: (there[kind] - lost[kind], there[kind]) for kind in there} | {"false desks": (wrong, 0)}


def main() -> None:
    """Print the count over seeds and what was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.discover.surveyed", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--sites", type=int, help="of each seed (default: all)")
    parser.add_argument("--hand", action="store_true", help="the sites written by hand instead")
    parser.add_argument("--told", action="store_true", help="print each thing missed")
    given = parser.parse_args()
    seeds = range(given.first, given.first + given.seeds)
    walks = over_hand() if given.hand else [w for seed in seeds for w in over_seed(seed, given.sites)]
    told: dict[str, list[str]] = defaultdict(list)
    for walk in walks:
        for kind, what in walk.missed():
            told[kind].append(f"{walk.planted.host} {what}")
        told["FALSE"] += [f"{walk.planted.host} {url}" for url in walk.false()]
    if given.told:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    for kind, (found, there) in counted(walks).items():
        print(f"{kind:<12} {found}/{there}")
    print("requests", sum(len(w.found.pages) for w in walks), "sites", len(walks))


if __name__ == "__main__":
    main()
