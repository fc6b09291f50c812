"""The conditions of capture, once a sweep: what `env.json` says of the machine, its network, its clock, its program.

The list follows what French courts and the good practice of NF Z67-147 ask a constat to state; no conformity is
claimed. Nothing here fails a sweep: what cannot be read is left out and named under `absent` with the reason.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from monitor.fetch import clock as timekeeping
from monitor.fetch.clock import CANNOT
from monitor.sweep.conditions import machine, surroundings
from monitor.sweep.conditions.machine import ROOT
from monitor.values import dataclass

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionFacts:
    """What settings and the sweep know. version, dist_sha256, commit: the program's. command: `run` or `check`.

    settings_sha256: of the settings that decide what is looked at and how, without anything that is secret.

    operator, contact: as the operator wishes to be named. public_address: what an echo saw, and the provider. hosts:
    those about to be visited. nameservers: of the settings; empty: the system's. ca_file: of the authorities trusted;
    None: certifi's. browser: its own conditions.
    """

    version: str
    command: str
    dist_sha256: str | None = None
    commit: str | None = None
    settings_sha256: str | None = None
    public_address: Mapping[str, str] | None = None
    operator: str = ""
    contact: str = ""
    hosts: Sequence[str] = ()
    nameservers: Sequence[str] = ()
    ca_file: Path | None = None
    simulated: bool = False
    browser: Mapping[str, Any] | None = None


def boot_id(root: Path = ROOT) -> str | None:
    """Identifies the machine's current start (Linux), so that monotonic clocks of one boot can be compared."""
    try:
        return machine.text(root, "proc/sys/kernel/random/boot_id")
    except (OSError, ValueError):
        return None


def conditions(
    facts: ConditionFacts, *, root: Path = ROOT, environ: Mapping[str, str] | None = None, chronyc: str = "chronyc"
) -> dict[str, Any]:
    """The content of `env.json`: integers, text, lists and objects only. Never raises for what the machine lacks.

    root: where `/etc`, `/proc`, `/sys` and `/var` stand. environ: by default this process's. chronyc: the command.
    """
    surrounding = os.environ if environ is None else environ
    parts: dict[str, Callable[[], Any]] = {
        "processor": lambda: machine.processor(root),
        "firmware": lambda: machine.firmware(root),
        "machine_id_sha256": lambda: machine.machine_id(root),
        "boot_id": lambda: machine.text(root, "proc/sys/kernel/random/boot_id"),
        "system": lambda: machine.system(root),
        "debian": lambda: machine.debian(root),
        "python": machine.python,
        "packages": machine.packages,
        "process": lambda: machine.process(facts.command, root=root),
        "place": lambda: machine.place(surrounding, root),
        "proxies": lambda: surroundings.proxies(surrounding, _configured()),
        "resolver": lambda: surroundings.resolver(facts.nameservers, root),
        "hosts_file": lambda: surroundings.hosts_file(facts.hosts, root),
        "source_addresses": surroundings.source_addresses,
        "interfaces": lambda: surroundings.interfaces(root),
        "default_routes": lambda: surroundings.default_routes(root),
        "certificates": lambda: surroundings.certificates(facts.ca_file or _certifi()),
        "clock": timekeeping.kernel_clock,
        "chrony": lambda: timekeeping.chrony(chronyc),
    }
    out: dict[str, Any] = {
        "v": VERSION,
        "program": _program(facts),
        "operator": {k: v for k, v in (("name", facts.operator), ("contact", facts.contact)) if v},
        "unattended": "relevé automatique, sans intervention humaine",
    }
    if facts.settings_sha256:
        out["settings_sha256"] = facts.settings_sha256
    if facts.public_address:
        out["public_address"] = dict(facts.public_address)
    if facts.simulated:
        out["simulated"] = True
    if facts.browser is not None:
        out["browser"] = dict(facts.browser)
    absent = []
    for name, read in parts.items():
        try:
            out[name] = read()
        except CANNOT as error:
            absent.append({"what": name, "why": _why(error)})
    return out | {"absent": absent}


def _program(facts: ConditionFacts) -> dict[str, str]:
    told = {"version": facts.version, "dist_sha256": facts.dist_sha256, "commit": facts.commit}
    return {name: value for name, value in told.items() if value}


def _why(error: BaseException) -> str:
    """The kind of failure, and the system's own words for it; never a value that was met."""
    words = getattr(error, "strerror", None)
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _configured() -> Mapping[str, str]:
    from urllib.request import getproxies

    return getproxies()


def _certifi() -> Path:
    import certifi

    return Path(certifi.where())
