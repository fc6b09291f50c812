"""Small inputs by kind of fault: what a careful person says is published there, against what the reader says."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.read.notices.facts import PublishedFacts, read_notice
from monitor.read.notices.rules import notice_rules


@dataclass(frozen=True, slots=True)
class Input:
    """One input. kind: its letter and what goes wrong there. right: the values judged, as a person would give them."""

    kind: str
    text: str
    url: str
    right: dict[str, Any]


def inputs(path: Path) -> list[Input]:
    """The inputs of a file of kinds, JSON or TOML: letter -> kind, inputs (text, url, right)."""
    text = path.read_text(encoding="utf-8")
    table = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    return [
        Input(f"{letter} {entry['kind']}", one["text"], one["url"], one["right"])
        for letter, entry in sorted(table.items())
        for one in entry["inputs"]
    ]


def misses(one: Input) -> Iterator[tuple[str, object, object]]:
    """(value, what is right, what was read) for each value read wrongly."""
    facts = read_notice(one.text.encode(), None, one.url, notice_rules())
    read = values(facts)
    for name, right in one.right.items():
        got = read[name]
        if got != (sorted(right) if isinstance(right, list) else right):
            yield name, right, got


def values(facts: PublishedFacts) -> dict[str, object]:
    """The values that inputs and labels of real pages judge. pan: published, open and for foreigners."""
    channels = facts.channels
    return {
        **{name: channel.published for name, channel in channels.items()},
        "pan": facts.pan.status == "published" and facts.pan.for_foreigners is True,
        "substitution": any(channel.published and channel.substitution for channel in channels.values()),
        "access": sorted(facts.pan.details.access),
    }


def report(path: Path) -> None:
    """Print how many inputs of each kind are read rightly, and each miss."""
    found = inputs(path)
    wrong = {id(one): list(misses(one)) for one in found}
    right = sum(not wrong[id(one)] for one in found)
    print(f"\n{path.parent.name}/{path.name}: {right} of {len(found)} inputs read rightly")
    for kind in dict.fromkeys(one.kind for one in found):
        ours = [one for one in found if one.kind == kind]
        print(f"  {sum(not wrong[id(one)] for one in ours)} of {len(ours)}  {kind}")
        for one in ours:
            for name, value, got in wrong[id(one)]:
                print(f"          {name}: {value!r} read as {got!r} in {' '.join(one.text.split())[:150]!r}")
