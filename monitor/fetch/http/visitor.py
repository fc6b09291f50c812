"""The Visitor: walks an ordinary visitor's steps over HTTP, each request and redirect checked, paced and recorded."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path
from random import Random, SystemRandom
from typing import TYPE_CHECKING

from monitor import __version__
from monitor.core.errors import ConfigurationError
from monitor.core.hosts import normal_host
from monitor.core.pace import SPACING
from monitor.fetch.clock import SystemClock
from monitor.fetch.http.connection import Limits
from monitor.fetch.http.dial import Dialer, tls_context
from monitor.fetch.http.dns import SimulatedResolver, SystemResolver
from monitor.fetch.http.hosts import Answers, Hosts
from monitor.fetch.http.probes import Probed, Probes, ProbeTargets
from monitor.fetch.http.robots import Memory, Robots
from monitor.fetch.http.session import HttpSession as HttpSession
from monitor.values import dataclass, pattern

if TYPE_CHECKING:
    pass

_IN_A_COMMENT = pattern(r"[\x20-\x27\x2a-\x5b\x5d-\x7e]+")  # RFC 9110, 5.6.5: no parentheses, no backslash


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """Every host is played at `address` (`IP:PORT`, of https and http alike) under certificates of `ca_file`.

    time_scale: real seconds a second of waiting takes.
    """

    address: str
    ca_file: Path
    time_scale: float = 1.0


def open_visitor(
    *,
    memory: Memory,
    project: str,
    contact: str | None = None,
    spacing_seconds: float = SPACING,
    nameservers: tuple[str, ...] = (),
    probes: ProbeTargets | None = None,
    simulation: Simulation | None = None,
    limits: Limits | None = None,
    random: Random | None = None,
    answers: Answers | None = None,
) -> HttpVisitor:
    """A visitor for one sweep.

    project: address of the project's page. contact: the operator's mail or page. spacing_seconds: slower than the
    floor, where the operator wants. nameservers: IP addresses, the system's when empty. answers: of what was asked
    already, where nothing is asked twice. Raises
    ConfigurationError where project or contact cannot stand in a User-Agent.
    """
    agent = user_agent(project, contact)
    limits = limits or Limits()
    clock = SystemClock(simulation.time_scale if simulation else 1.0)
    resolver = SimulatedResolver(simulation.address) if simulation else SystemResolver(nameservers)
    dialer = Dialer(resolver, tls_context(str(simulation.ca_file) if simulation else None), limits.connect)
    hosts = Hosts(
        dialer,
        clock=clock,
        random=random or SystemRandom(),
        memory=memory,
        contact=contact is not None,
        limits=limits,
        spacing_seconds=spacing_seconds,
        answers=answers,
    )
    return HttpVisitor(
        hosts,
        Robots(memory, clock),
        Probes(dialer, resolver, clock=clock, user_agent=agent, targets=probes or ProbeTargets()),
        agent,
    )


def user_agent(project: str, contact: str | None) -> str:
    """`vigie/VERSION (+project page; operator's contact)`. Raises ConfigurationError."""
    for what in filter(None, (project, contact)):
        if not _IN_A_COMMENT.fullmatch(what):
            raise ConfigurationError(
                _('"{what}" cannot stand in a User-Agent: plain ASCII without ( ) or \\ is needed.').format(what=what)
            )
    return f"vigie/{__version__} (+{'; '.join(filter(None, (project, contact)))})"


class HttpVisitor:
    """Implements `monitor.core.ports.Visitor`. Everything that belongs to a host outlives the sessions."""

    def __init__(self, hosts: Hosts, robots: Robots, probes: Probes, agent: str) -> None:
        self._hosts, self._robots, self._probes, self._agent = hosts, robots, probes, agent

    def session(self, check_id: str) -> HttpSession:
        """A fresh walk with an empty cookie jar."""
        return HttpSession(self._hosts, self._robots, self.agent(check_id))

    def agent(self, check_id: str) -> str:
        """What names this program and the check in a User-Agent."""
        return f"{self._agent} id={check_id}"

    def leave(self, host: str) -> None:
        """Close the connection to a host, if one is open; its pace goes on."""
        if name := normal_host(host):
            self._hosts.leave(name)

    def closed(self, host: str) -> str | None:
        """Why a host is left alone for now, or None."""
        name = normal_host(host)
        return self._hosts.closed(name) if name else None

    async def reached(self) -> bool:
        """Control probes: True when our own network answers."""
        return await self._probes.reached()

    async def public_address(self, echo: str) -> dict[str, str]:
        """Our address as a service named by the operator sees it; see `probes.Probes.public_address`."""
        return await self._probes.public_address(echo)

    async def probed(self) -> Probed | None:
        """One round of control probes, with what failed and why."""
        await self._probes.reached()
        return self._probes.last

    async def aclose(self) -> None:
        """Close every connection and keep what was learnt of the hosts' pace."""
        await self._hosts.aclose()
