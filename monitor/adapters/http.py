"""The Visitor: walks an ordinary visitor's steps over HTTP, each request and redirect checked, paced and recorded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from random import Random, SystemRandom
from urllib.parse import urlencode

from monitor import __version__
from monitor.adapters.clock import SystemClock
from monitor.adapters.dial import Dialer, tls_context
from monitor.adapters.dns import SimulatedResolver, SystemResolver
from monitor.adapters.hops import BECOMES_GET, REDIRECT, REDIRECTS, is_transient, next_url, no_way, page_of
from monitor.adapters.memory import Memory
from monitor.adapters.polite import Hosts, LeftAloneError
from monitor.adapters.probes import Probed, Probes, ProbeTargets
from monitor.adapters.robots import Robots, Rules
from monitor.adapters.transport import Limits, Request, client, header
from monitor.domain.boundary import refusal
from monitor.domain.errors import ConfigurationError
from monitor.domain.hosts import Url, is_official, join, normal_host, parse
from monitor.domain.model import Exchange, Move, Open, Page
from monitor.domain.pace import SPACING
from monitor.domain.readings import Obstructed, Reading, Seen, Unreached, Unreadable

Headers = tuple[tuple[str, str], ...]
_ACCEPT = (
    ("Accept", "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8"),
    ("Accept-Language", "fr-FR,fr;q=0.9"),
    ("Accept-Encoding", "gzip"),
)
_IN_A_COMMENT = re.compile(r"[\x20-\x27\x2a-\x5b\x5d-\x7e]+")  # RFC 9110, 5.6.5: no parentheses, no backslash


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
) -> HttpVisitor:
    """A visitor for one sweep.

    project: address of the project's page. contact: the operator's mail or page. spacing_seconds: slower than the
    floor, where the operator wants. nameservers: IP addresses, the system's when empty. Raises
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
    """Implements `monitor.ports.Visitor`. Everything that belongs to a host outlives the sessions."""

    def __init__(self, hosts: Hosts, robots: Robots, probes: Probes, agent: str) -> None:
        self._hosts, self._robots, self._probes, self._agent = hosts, robots, probes, agent

    def session(self, check_id: str) -> HttpSession:
        """A fresh walk with an empty cookie jar."""
        return HttpSession(self._hosts, self._robots, f"{self._agent} id={check_id}")

    def closed(self, host: str) -> str | None:
        """Why a host is left alone for now, or None."""
        name = normal_host(host)
        return self._hosts.closed(name) if name else None

    async def reached(self) -> bool:
        """Control probes: True when our own network answers."""
        return await self._probes.reached()

    async def probed(self) -> Probed | None:
        """One round of control probes, with what failed and why."""
        await self._probes.reached()
        return self._probes.last

    async def aclose(self) -> None:
        """Close every connection and keep what was learnt of the hosts' pace."""
        await self._hosts.aclose()


class HttpSession:
    """Implements `monitor.ports.Session`: one check's walk."""

    def __init__(self, hosts: Hosts, robots: Robots, agent: str) -> None:
        self._hosts, self._robots, self._agent = hosts, robots, agent
        self._client = client()
        self._permit = hosts.permit()
        self._exchanges: list[Exchange] = []
        self._retried = False

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """Every exchange so far, in order."""
        return self._exchanges

    def close(self) -> None:
        """The bodies of this walk are no longer needed: big ones of other walks may be read."""
        self._permit.give_back()

    async def perform(self, move: Move, page: Page | None) -> Page | Reading:
        """Make one move; see `monitor.ports.Session`."""
        asked = self._asked(move, page)
        if not isinstance(asked, tuple):
            return asked
        method, url, body = asked
        if refusal(method, str(url)):
            return no_way(str(url))
        if not is_official(url.host):
            return Unreached(cause="redirects", detail=f"not an official host: {url.host}")
        try:
            return await self._walk(method, url, body, move[-1].unless if isinstance(move[-1], Open) else ())
        except LeftAloneError as error:
            return Unreached(cause="connect", detail=f"not asked: {error}")

    def _asked(self, move: Move, page: Page | None) -> tuple[str, Url, bytes] | Reading:
        last = move[-1]
        try:
            if isinstance(last, Open):
                return "GET", join(parse(page.url), last.url) if page else parse(last.url), b""
            from monitor.pages.forms import FormChanged, submission

            if page is None:
                raise RuntimeError("a visit begins with an address")
            try:
                form = submission(page, move)
            except FormChanged as error:
                return Unreadable(why="layout_changed", step=str(error))
            url, fields = parse(form.url), urlencode(form.fields)
        except ValueError as error:
            return no_way(last.url if isinstance(last, Open) else str(error))
        if form.method.upper() == "POST":
            return "POST", url, fields.encode()
        return "GET", parse(f"{url}?{fields}"), b""

    async def _walk(self, method: str, url: Url, body: bytes, unless: Headers) -> Page | Reading:
        """Ask, and follow redirects one by one. unless: conditions, of the first address only."""
        asked: set[tuple[str, Url, str | None]] = set()
        for _hop in range(REDIRECTS + 1):
            this = (method, url, self._cookie(url))
            if this in asked:
                return Unreached(cause="redirects", detail=f"a loop at {url}")
            asked.add(this)
            if (forbidden := await self._forbidden(url)) is not None:
                return forbidden
            exchange = await self._ask(self._request(method, url, body, more=unless))
            unless = ()
            if exchange.failure is not None:
                return exchange.failure
            location = header(exchange, "location")
            if exchange.status not in REDIRECT or location is None:
                return page_of(exchange)
            if method == "POST" and exchange.status in BECOMES_GET:
                method, body = "GET", b""
            target = next_url(method, url, location)
            if not isinstance(target, Url):
                return target
            url = target
        return Unreached(cause="redirects", detail=f"more than {REDIRECTS}, last to {url}")

    async def _forbidden(self, url: Url) -> Reading | None:
        rules = await self._robots.rules(url, self._ask_robots)
        if not isinstance(rules, Rules):
            return rules
        self._hosts.slow(url.host, rules.crawl_delay)
        line = rules.disallows(url)
        return Obstructed(obstacle="robots", seen=Seen(line, "robots.txt"), detail=str(url)) if line else None

    def _request(
        self, method: str, url: Url, body: bytes = b"", *, more: Headers = (), cookies: bool = True
    ) -> Request:
        headers = [("Host", url.authority), ("User-Agent", self._agent), *_ACCEPT, *more]
        if cookies and (cookie := self._cookie(url)):
            headers.append(("Cookie", cookie))
        if method == "POST":
            headers += [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", str(len(body)))]
        return Request(method, url, tuple(headers), body)

    def _cookie(self, url: Url) -> str | None:
        """The `Cookie` header of a request: what this check's client was given for that address."""
        import httpx

        bare = httpx.Request("GET", str(url))
        self._client.cookies.set_cookie_header(bare)
        value: str | None = bare.headers.get("cookie")
        return value

    async def _ask_robots(self, url: Url) -> Exchange:
        return await self._ask(self._request("GET", url, cookies=False), final=False)

    async def _ask(self, request: Request, *, final: bool = True) -> Exchange:
        """A transient failure is tried once more, once a check in all, and waits its turn like any request."""
        from tenacity import AsyncRetrying, retry_if_result, stop_after_attempt

        # Its objects refer to each other: nothing that holds a body may be among them, or it stays until collected.
        again = AsyncRetrying(retry=retry_if_result(bool), stop=stop_after_attempt(2))
        await again(self._try, request, final)
        return self._exchanges[-1]

    async def _try(self, request: Request, final: bool) -> bool:
        """Ask once. True when the check's one second try is for this."""
        exchange = await self._hosts.exchange(request, self._permit, self._client, final=final)
        self._exchanges.append(exchange)
        if self._retried or not is_transient(exchange):
            return False
        self._retried = True
        return True
