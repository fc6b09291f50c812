"""From arguments to what use cases need: settings, catalogue, data folder, visitor."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.catalogue import Catalogue
from monitor.catalogue import load as load_plugins
from monitor.settings import Settings
from monitor.settings import load as load_settings

if TYPE_CHECKING:
    from monitor.adapters.http import HttpVisitor
    from monitor.adapters.memory import Memory

PROJECT_PAGE = "https://github.com/vigie-prefectures/vigie"


def settings(args: argparse.Namespace) -> Settings:
    """The settings in force. Raises ConfigurationError."""
    return load_settings(args.config, args.data, os.environ, Path.cwd())


def catalogue(args: argparse.Namespace) -> Catalogue:
    """Every declared préfecture, those of out-of-tree folders included. Raises ConfigurationError."""
    return load_plugins("prefectures", *settings(args).plugins.folders)


def data_folder(args: argparse.Namespace) -> Path:
    """Where observations are kept."""
    return settings(args).data


def visitor(chosen: Settings, memory: Memory) -> HttpVisitor:
    """The polite visitor of one sweep."""
    from monitor.adapters.http import Simulation, open_visitor
    from monitor.adapters.probes import ProbeTargets

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
    )
