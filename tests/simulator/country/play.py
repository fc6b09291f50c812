"""The whole country played offline: one site of the table a host, hand-made sites where there are some, every desk."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.simulator import declared_sites
from tests.simulator.client import Simulator
from tests.simulator.country.facts import SiteFacts, laid_out
from tests.simulator.country.pages import write
from tests.simulator.fixture import in_process
from tests.simulator.server import SITES

SEED = 2026


@contextlib.contextmanager
def country(folder: Path, *, seed: int = SEED, time_scale: float = 0.02) -> Iterator[Simulator]:
    """Every préfecture's site, desk, notice and national service, played by a process of its own.

    folder: where pages, script and the authority's certificate are written. Hosts that have hand-made pages keep them.
    """
    facts = invented(seed)
    script = folder / "country.json"
    lay_down(folder / "sites", facts)
    script.write_text(json.dumps(script_of(facts), ensure_ascii=False), encoding="utf-8")
    options = ("--scenario", "demo", "--script", script, "--time-scale", str(time_scale), "--sites", folder / "sites")
    with in_process(folder, *options) as simulator:
        yield simulator


def invented(seed: int) -> tuple[SiteFacts, ...]:
    """The sites of a seed, those of hosts that have hand-made pages left out."""
    return tuple(site for site in laid_out(seed) if not (SITES / site.host).is_dir())


def lay_down(folder: Path, facts: Sequence[SiteFacts]) -> None:
    """The pages under `folder/HOST/`: declared notices first, the table's own pages over them."""
    declared_sites.write(folder)
    for site in facts:
        write(folder, site)


def script_of(facts: Sequence[SiteFacts]) -> dict[str, Any]:
    """What folders cannot say: the words of the desks, and addresses that moved."""
    entries: list[dict[str, Any]] = []
    for site in facts:
        entries += [_entry(link.url, label=link.words) for link in (*site.desks, *site.medical)]
        entries += [
            _entry(f"https://{site.host}{old}", state=f"to?url=https://{site.host}{new}") for old, new in site.moved
        ]
    return {"entries": entries}


def _entry(url: str, **what: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {"host": parts.hostname, "path": parts.path, **what}
