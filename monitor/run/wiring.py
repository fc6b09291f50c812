"""From settings to what a run is made of: catalogue, visitor, browser, authorities, conditions of capture."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from monitor import PROJECT_PAGE, __version__
from monitor.catalogue.catalogue import Catalogue
from monitor.catalogue.catalogue import load as load_plugins
from monitor.core.errors import ConfigurationError, VigieError
from monitor.core.record import digest
from monitor.core.words import os_words
from monitor.settings.settings import CONFIG_FILE, Settings
from monitor.settings.settings import load as load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from monitor.evidence.seal import Evidence
    from monitor.evidence.stamps.authority import Timestamper
    from monitor.evidence.witness.witness import Witness
    from monitor.fetch.browser.browser import Browser
    from monitor.fetch.clock import SystemClock
    from monitor.fetch.http.hosts import Answers
    from monitor.fetch.http.robots import Memory
    from monitor.fetch.http.visitor import HttpVisitor
    from monitor.settings.readers import PinnedAuthority
    from monitor.store.records import Records
    from monitor.sweep.conditions.sources import SourceDigests
    from monitor.sweep.plan import Look

PLUGINS = "prefectures"
DECIDING: Final = ("watch", "pace", "probes", "resolver", "captures")  # tables that decide what a sweep looks at
EVERY_HOUR = timedelta(hours=1)
POLITE = timedelta(seconds=15)  # between two requests to a preset: Sectigo asks for it, see data/authorities.toml
CHROMIUM_DIGEST = "chromium.json"  # keeps the digest of the browser's executable between sweeps: 0.6 s each


def settings(config: str | None, data: str | None) -> Settings:
    """The settings in force. config, data: a file and a folder that were named, else what the environment says.

    Raises ConfigurationError.
    """
    return load_settings(config, data, os.environ, Path.cwd())


def catalogue(chosen: Settings) -> Catalogue:
    """Every declared préfecture, those of out-of-tree folders included. Raises ConfigurationError."""
    return load_plugins(PLUGINS, *chosen.plugins.folders)


def same_world(chosen: Settings, records: Records) -> None:
    """Refuse to write what a simulator plays beside what sites said, or the reverse. Raises ConfigurationError."""
    simulated = bool(chosen.simulation.address)
    if records.simulated() not in (None, simulated):
        sentence = (
            _("{folder} holds what real sites said, and [simulation] is set: choose another data folder")
            if simulated
            else _("{folder} holds what a simulator played, and [simulation] is not set: choose another data folder")
        )
        raise ConfigurationError(sentence.format(folder=chosen.data))


def visitor(chosen: Settings, memory: Memory, answers: Answers | None = None) -> HttpVisitor:
    """The polite visitor of one sweep. answers: of what was asked already, where nothing is asked twice."""
    from monitor.fetch.http.probes import ProbeTargets
    from monitor.fetch.http.visitor import Simulation, open_visitor

    simulated = chosen.simulation
    return open_visitor(
        memory=memory,
        project=PROJECT_PAGE,
        contact=chosen.operator.contact or None,
        spacing_seconds=chosen.pace.spacing_seconds,
        nameservers=chosen.resolver.servers,
        probes=ProbeTargets(urls=chosen.probes.hosts, name=chosen.probes.dns),
        simulation=Simulation(address=simulated.address, ca_file=simulated.ca_file, time_scale=simulated.time_scale)
        if simulated.address and simulated.ca_file
        else None,
        answers=answers,
    )


def authorities(chosen: Settings, clock: SystemClock) -> tuple[Timestamper, ...]:
    """The time-stamp authorities of the settings, their roots read and pinned. Raises ConfigurationError.

    Those that are named stamp each sweep. Of the presets the first does where none is named; the others stamp once an
    hour at most, and all are asked slowly.
    """
    return (*(named_authority(one, clock) for one in chosen.timestamps.authority), *public_authorities(chosen, clock))


def named_authority(one: PinnedAuthority, clock: SystemClock) -> Timestamper:
    """An authority the settings name, its roots read. Raises ConfigurationError."""
    from monitor.evidence.stamps.authority import Authority, Timestamper

    try:
        authority = Authority.from_files(one.name, one.url, one.roots, crls=one.crls)
    except OSError as error:
        why = f"{error.filename}: {os_words(error)}"
        raise ConfigurationError(_("[timestamps] authority {name}: {why}").format(name=one.name, why=why)) from error
    except ValueError as error:
        raise ConfigurationError(_("[timestamps] authority {name}: {why}").format(name=one.name, why=error)) from error
    return Timestamper(authority, clock, user_agent=f"vigie/{__version__} (+{PROJECT_PAGE})")


def public_authorities(chosen: Settings, clock: SystemClock) -> Iterator[Timestamper]:
    """Those that are known, with the certificates that came with the program."""
    from monitor.evidence.stamps.authority import NO_TIME, Authority, Timestamper
    from monitor.settings.presets import presets

    agent = f"vigie/{__version__} (+{PROJECT_PAGE})"
    for place, name in enumerate(chosen.timestamps.presets):
        public = Authority(name=name, url=presets()[name].url, roots=presets()[name].roots.encode())
        every = EVERY_HOUR if place or chosen.timestamps.authority else NO_TIME
        yield Timestamper(public, clock, user_agent=agent, every=every, spacing=POLITE, late=1)


def refusals(chosen: Settings) -> Iterator[str]:
    """Why a run would stop before its first look, one sentence each: all that it opens is opened, nothing is asked."""
    from monitor.fetch.clock import SystemClock
    from monitor.fetch.http.robots import ShortMemory

    clock = SystemClock()
    opened: tuple[Callable[[], object], ...] = (
        lambda: catalogue(chosen).select(chosen.watch.prefectures),
        lambda: catalogue(chosen).desks((), chosen.watch.procedures),
        lambda: visitor(chosen, ShortMemory()),
        lambda: witness(chosen),
        *(partial(named_authority, one, clock) for one in chosen.timestamps.authority),
        lambda: tuple(public_authorities(chosen, clock)),
        lambda: _kept_world(chosen),
    )
    told = set()
    for one in opened:
        try:
            one()
        except VigieError as error:
            if str(error) not in told:
                yield str(error)
            told.add(str(error))
        except OSError as error:
            yield f"{error.filename}: {os_words(error)}"


def _kept_world(chosen: Settings) -> None:
    from monitor.store.store import reading

    with reading(chosen.data) as opened:
        if opened:
            same_world(chosen, opened[0])


def new_authorities(chosen: Settings, evidence: Evidence) -> list[str]:
    """The titles of the public authorities that were never asked."""
    from monitor.settings.presets import presets

    return [presets()[name].title for name in chosen.timestamps.presets if evidence.is_new(name)]


def tell_who_stamps(chosen: Settings, evidence: Evidence) -> None:
    """One sentence before a public authority is asked for the first time: who gets what, and how to say no."""
    from monitor.settings import logs

    if new := new_authorities(chosen, evidence):
        words = _(
            "sweeps are time-stamped from now on by {names}: each receives a digest (32 bytes, nothing of what was "
            "seen) and the network address of this machine; to refuse, write presets = [] under [timestamps] in {file}"
        ).format(names=_(" and ").join(new), file=chosen.source or CONFIG_FILE)
        logs.tell(logs.WARNING, "time_stamped_by", words, authorities=new)


def witness(chosen: Settings) -> Witness | None:
    """The public witness of the settings; none in a simulation, save on this machine. Raises ConfigurationError."""
    from urllib.parse import urlsplit

    from monitor.evidence.checkpoint import CosignerKey
    from monitor.evidence.witness.witness import Witness

    named = chosen.witness
    if not named.url or (chosen.simulation.address and urlsplit(named.url).scheme == "https"):
        return None
    try:
        key = CosignerKey.parse(named.key)
    except ValueError as error:
        raise ConfigurationError(
            _("[witness] key is not a cosignature/v1 verifier key: {why}").format(why=error)
        ) from error
    return Witness(named.url, key, user_agent=f"vigie/{__version__} (+{PROJECT_PAGE})")


def evidence(chosen: Settings, clock: SystemClock) -> Evidence:
    """The sealed log with the authorities of the settings. Raises ConfigurationError for one that is unusable."""
    from monitor.evidence.seal import Evidence

    return Evidence(chosen.data, authorities(chosen, clock))


def source_digests(declared: Catalogue) -> SourceDigests:
    """The digests of this program's sources and of the plugins, computed when first asked for."""
    from importlib.util import find_spec

    from monitor.read.notices.rules import notice_rule_files
    from monitor.sweep.conditions.sources import SourceDigests
    from monitor.sweep.plan import NOTICE_RULE

    specs = [find_spec("monitor"), find_spec(PLUGINS)]
    folders = [Path(folder) for spec in specs if spec for folder in spec.submodule_search_locations or ()]
    return SourceDigests(folders, declared.files, {NOTICE_RULE: notice_rule_files()})


def browser(chosen: Settings) -> Browser:
    """The Chromium of one sweep, started when first needed."""
    from monitor.fetch.browser.browser import Browser
    from monitor.fetch.browser.home import BrowserOptions

    table = chosen.browser
    return Browser(BrowserOptions(binary=table.binary, sandbox=table.sandbox, cache=chosen.data / CHROMIUM_DIGEST))


def settings_digest(chosen: Settings) -> str:
    """SHA-256 of the settings that decide what is looked at, how and how fast: canonical JSON of their tables.

    Tables with accounts, people and places on this machine are left out: a digest over a password could be guessed.
    """
    tables = {name: asdict(getattr(chosen, name)) for name in DECIDING}
    authorities = [{"name": one.name, "url": one.url} for one in chosen.timestamps.authority]
    told = json.dumps(tables | {"timestamps": authorities}, sort_keys=True, separators=(",", ":"), default=str)
    return digest(told.encode())


def conditions(
    chosen: Settings,
    command: str,
    looks: Iterable[Look],
    digests: SourceDigests,
    browser: Browser | None = None,
    public_address: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The conditions of capture of one sweep: the content of `env.json`. browser: told of where it was started."""
    from monitor.sweep.conditions.conditions import ConditionFacts, conditions
    from monitor.sweep.conditions.sources import commit

    simulated = chosen.simulation
    return conditions(
        ConditionFacts(
            version=__version__,
            command=command,
            dist_sha256=digests.program,
            commit=commit(Path(__file__).resolve().parents[1]),
            settings_sha256=settings_digest(chosen),
            public_address=public_address,
            operator=chosen.operator.name,
            contact=chosen.operator.contact,
            hosts=sorted({look.host for look in looks}),
            nameservers=chosen.resolver.servers,
            ca_file=simulated.ca_file if simulated.address else None,
            simulated=bool(simulated.address),
            browser=browser.seen.to_json() if browser and browser.seen else None,
        )
    )
