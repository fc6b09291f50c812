"""Named scenarios: scripts made from the declared desks rather than written out."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from tests.simulator.declared import Address, addresses, prefectures

OTHERS = 99
"""More visits than anyone makes: the state that stays."""

MIX: dict[str, tuple[Any, ...]] = {
    "ez_booking": (
        "slots",
        [["no_slot", 1], ["slots", 1], ["no_slot", OTHERS]],
        "503?retry_after=120",
        "hang",
        "403_haproxy",
        "overloaded",
        [["session_lost", 1], ["no_slot", OTHERS]],
        "slots_weak",
        "no_calendar",
        "maintenance",
        "disabled",
        "layout_changed",
        "truncated?cut=0.9",
    ),
    "rdv_prefecture": ("captcha", "captcha", "cloudflare_challenge"),
    "demarche_numerique": ("open", "closed", "open", "404", "open", "closed"),
    "rdv_service_public": ("no_slot", "places", "closed_grid"),
    "orion": ("no_slot", "slots"),
}
"""By platform: what the first desks show; all others the default. One refusal of each kind is enough: a host that
refuses is left alone, and takes its other desks with it."""


def demo(declared: Sequence[Address]) -> dict[str, Any]:
    """A believable week: most desks without a slot, a few with, one of each thing that goes wrong."""
    entries = {}
    for platform, states in MIX.items():
        for (host, path), state in zip(_spread(declared, platform), states, strict=False):
            entries[host, path] = {"states" if isinstance(state, list) else "state": state}
    return {"hosts": _hosts(declared), "entries": _labelled(declared, entries)}


def plain(declared: Sequence[Address]) -> dict[str, Any]:
    """Every desk in its platform's default state, under its own words."""
    return {"hosts": _hosts(declared), "entries": _labelled(declared, {})}


def _spread(declared: Sequence[Address], platform: str) -> list[tuple[str, str]]:
    """Modules of a platform, one of each host before a second of any, hosts with few of them first.

    Within a host the order follows a digest of the address: the same on every machine, and no département's own.
    """
    by_host: dict[str, set[str]] = defaultdict(set)
    for address in declared:
        if address.platform == platform:
            by_host[address.host].add(_module(address))
    turns = [
        (turn, len(paths), host, path)
        for host, paths in by_host.items()
        for turn, path in enumerate(sorted(paths, key=lambda p: hashlib.sha256(p.encode()).digest()))
    ]
    return [(host, path) for _, _, host, path in sorted(turns)]


def _module(address: Address) -> str:
    """The path several desks share where each is one calendar of it."""
    return address.path.removesuffix("/0") if "/booking/create/" in address.path else address.path


def _hosts(declared: Sequence[Address]) -> dict[str, Any]:
    return {a.host: {"name": a.departement} for a in declared if a.platform in (None, "ez_booking")}


def _labelled(declared: Sequence[Address], states: dict[tuple[str, str], dict[str, Any]]) -> list[dict[str, Any]]:
    """An entry a module; where several desks are calendars of one, they become its calendars."""
    words: dict[tuple[str, str], list[str]] = defaultdict(list)
    for address in declared:
        known = words[address.host, _module(address)]
        if address.platform is not None and address.label and address.label not in known:
            known.append(address.label)
    out = []
    for (host, path), labels in words.items():
        if not labels:
            continue
        entry: dict[str, Any] = {"host": host, "path": path, "label": labels[0], **states.get((host, path), {})}
        if len(labels) > 1:
            entry["calendars"] = [{"id": str(20_000 + i), "label": label} for i, label in enumerate(labels)]
        out.append(entry)
    return out


SCENARIOS: dict[str, Callable[[Sequence[Address]], dict[str, Any]]] = {"demo": demo, "plain": plain}


def script_of(name: str) -> dict[str, Any]:
    """The script of a named scenario over all that is declared. Raises KeyError."""
    return SCENARIOS[name](addresses(prefectures()))
