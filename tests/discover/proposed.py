"""What a survey's review folder proposes, held against the table its sites were laid out from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.catalogue.catalogue import load
from monitor.core.prefecture import Prefecture
from monitor.discover.addresses import twin_key
from tests.discover.surveyed import Planted


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One site, what is declared of it today, what a survey proposes, and what its record says of it."""

    planted: Planted
    today: Prefecture
    proposed: Prefecture
    record: Mapping[str, Any]

    def missed(self) -> Iterator[tuple[str, str]]:
        """Kind and address of what was planted and is not proposed."""
        notices = {twin_key(one.url) for one in self.proposed.notices if one.retired is None}
        kinds = {(one["kind"], twin_key(one["url"])) for one in self.record["found"]}
        kinds |= {("filing", url) for kind, url in kinds if kind == "substitution"}
        for kind, url in self.planted.truth.items():
            if twin_key(url) not in notices or (kind, twin_key(url)) not in kinds:
                yield kind, url
        desks = {twin_key(one.platform.url) for one in self.proposed.active_desks}
        yield from (("desk", url) for url in self.planted.desks if twin_key(url) not in desks)
        for street, phone in self.planted.doors:
            if not any(street in (one.address or "") and phone == one.phone for one in self.proposed.places):
                yield "door", street

    def false(self) -> list[str]:
        """Desks proposed that were neither planted nor declared before."""
        right = {twin_key(url) for url in self.planted.desks}
        right |= {twin_key(one.platform.url) for one in self.today.desks}
        return [one.platform.url for one in self.proposed.desks if twin_key(one.platform.url) not in right]


def reviewed(folder: Path, sites: Iterable[Planted]) -> list[Reviewed]:
    """The sites whose préfecture a review folder holds."""
    record = json.loads((folder / "survey.json").read_text(encoding="utf-8"))
    told = {one["code"]: one for one in record["prefectures"]}
    proposed = {one.code: one for one in load(folder / "proposed").prefectures}
    today = {one.code: one for one in load("prefectures").prefectures}
    return [Reviewed(one, today[one.code], proposed[one.code], told[one.code]) for one in sites if one.code in told]


def counted_of(sites: Iterable[Reviewed]) -> dict[str, tuple[int, int]]:
    """By kind: proposed and planted; `false desks` counts what was proposed and not planted."""
    there: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    wrong = 0
    for site in sites:
        there.update(site.planted.truth.keys())
        there["desk"] += len(site.planted.desks)
        there["door"] += len(site.planted.doors)
        lost.update(kind for kind, _ in site.missed())
        wrong += len(site.false())
    return {kind: (there[kind] - lost[kind], there[kind]) for kind in there} | {"false desks": (wrong, 0)}
