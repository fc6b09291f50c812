"""Politeness belongs to the host: one queue, one connection, one pace and one breaker for each, whoever asks.

Every request of a sweep passes through `Hosts.exchange`: pages, redirect hops, robots.txt.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import field
from random import Random
from typing import Protocol

from monitor.core.exchange import Exchange
from monitor.core.hosts import is_official, refusal
from monitor.core.pace import SPACING, HostState, after_answer, left_alone, spacing
from monitor.core.readings import Unreached
from monitor.fetch.clock import SystemClock
from monitor.fetch.http.capture import PERMITS, Bodies, Permit
from monitor.fetch.http.channel import TransportError
from monitor.fetch.http.connection import Connection, Limits, Recording, Request, header
from monitor.fetch.http.dial import Dialer
from monitor.fetch.http.robots import Memory
from monitor.values import dataclass


class LeftAloneError(Exception):
    """The host asked for peace: nothing was sent. Its text says until when."""


class Answers(Protocol):
    """What was asked already, for whom nothing is asked twice."""

    def kept(self, url: str) -> Exchange | None:
        """The answer that came; None for what was never asked. Raises LeftAloneError where it was and none is known."""
        ...

    def leaves(self, url: str) -> None:
        """A request is about to leave. Raises LeftAloneError where nothing more is to be asked."""
        ...

    def came(self, exchange: Exchange) -> None:
        """Its answer, or its failure."""
        ...


class Unkept:
    """Implements `Answers` for a sweep: each look asks."""

    def kept(self, url: str) -> Exchange | None:
        """See `Answers`."""
        return None

    def leaves(self, url: str) -> None:
        """See `Answers`."""

    def came(self, exchange: Exchange) -> None:
        """See `Answers`."""


@dataclass(slots=True, eq=False)
class _Host:
    """One host of a sweep. quiet_since: monotonic end of its last answer, None before the first."""

    name: str
    state: HostState
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    connection: Connection | None = None
    quiet_since: int | None = None
    crawl_delay: float = 0.0


class Hosts:
    """The hosts of one sweep.

    contact: whether an operator's contact stands in the User-Agent. random: chance for the jitter. memory: what is kept
    between runs; refusals are written at once, the rest by `aclose`. spacing_seconds: the operator's, if slower.
    answers: of what was asked already, where nothing is asked twice.
    """

    def __init__(
        self,
        dialer: Dialer,
        *,
        clock: SystemClock,
        random: Random,
        memory: Memory,
        contact: bool,
        limits: Limits,
        spacing_seconds: float = SPACING,
        answers: Answers | None = None,
    ) -> None:
        self._answers = answers or Unkept()
        self._dialer, self._clock, self._random, self._memory = dialer, clock, random, memory
        self._contact, self._limits, self._spacing = contact, limits, spacing_seconds
        self._hosts: dict[str, _Host] = {}
        self._permits = asyncio.Semaphore(PERMITS)
        self._began = clock.now()

    def permit(self) -> Permit:
        """A session's right to hold big bodies, not yet taken."""
        return Permit(self._permits)

    def closed(self, host: str) -> str | None:
        """Why the host is left alone now, or None."""
        return left_alone(self._host(host).state, self._clock.now(), sweep_began=self._began)

    def leave(self, host: str) -> None:
        """Close the connection to the host, unless a request is under way."""
        known = self._hosts.get(host)
        if known is not None and not known.lock.locked():
            self._drop(known)

    def slow(self, host: str, crawl_delay: float) -> None:
        """Leave at least `crawl_delay` seconds between requests to the host, as its robots.txt asks."""
        known = self._host(host)
        known.crawl_delay = max(known.crawl_delay, crawl_delay)

    async def exchange(self, request: Request, permit: Permit, *, final: bool = True) -> Exchange:
        """Wait for the host's turn and pace, ask, and record. final: a page for a reader, not robots.txt.

        Failures of transport are in the exchange. Raises LeftAloneError where the host is closed when its turn comes,
        RuntimeError for a request beyond the boundary: this is its last fence, whoever asks.
        """
        if (why := refusal(request.method, str(request.url))) or not is_official(request.url.host):
            raise RuntimeError(f"{request.url} was about to be asked: {why or 'not an official host'}")
        host = self._host(request.url.host)
        async with host.lock:
            if (kept := self._answers.kept(str(request.url))) is not None:
                return kept
            if why := self.closed(host.name):
                raise LeftAloneError(f"{host.name}: {why}")
            await self._wait(host)
            self._answers.leaves(str(request.url))
            recording, failure = Recording(), None
            started, started_ns = self._clock.now(), self._clock.monotonic_ns()
            try:
                await self._transfer(host, request, recording, permit)
            except TransportError as error:
                failure = Unreached(cause=error.cause, detail=error.detail)
            finally:
                finished, host.quiet_since = self._clock.now(), self._clock.monotonic_ns()
            bodies = recording.capture.bodies() if recording.capture else Bodies()
            exchange = Exchange(
                method=request.method,
                url=str(request.url),
                started=started,
                finished=finished,
                started_mono_ns=started_ns,
                finished_mono_ns=host.quiet_since,
                sent=recording.sent,
                status=recording.status,
                version=recording.version,
                head=recording.head,
                headers=recording.headers,
                wire_body=bodies.wire,
                decoded_body=bodies.decoded,
                peer=recording.peer,
                local=recording.local,
                tls=recording.tls,
                dns=recording.dns,
                failure=failure,
            )
            self._learn(host, exchange, final)
            self._answers.came(exchange)
        return exchange

    async def aclose(self) -> None:
        """Close every connection, and keep when each host last answered."""
        for host in self._hosts.values():
            self._drop(host)
        asked = [host for host in self._hosts.values() if host.quiet_since is not None]
        self._memory.set_host_states({host.name: host.state.to_dict() for host in asked})

    # --- one request ----------------------------------------------------------------------------------------------

    def _host(self, name: str) -> _Host:
        if name not in self._hosts:
            kept = self._memory.host_state(name)
            self._hosts[name] = _Host(name, HostState.from_dict(kept) if kept else HostState())
        return self._hosts[name]

    async def _wait(self, host: _Host) -> None:
        """The first byte leaves no earlier than the spacing after the last byte, or failure, of the host's last answer.

        That of an earlier run counts too, by the wall clock; an instant in the future is a clock that was set back.
        """
        seconds = spacing(
            self._random.random(), contact=self._contact, crawl_delay=host.crawl_delay, least=self._spacing
        )
        if host.quiet_since is not None:
            await self._clock.sleep_since(host.quiet_since, seconds)
        elif host.state.last_answer is not None:
            ago = (self._clock.now() - host.state.last_answer).total_seconds()
            await self._clock.sleep_since(self._clock.monotonic_ns() - round(max(ago, 0.0) * 1e9), seconds)

    async def _transfer(self, host: _Host, request: Request, recording: Recording, permit: Permit) -> None:
        """One request within its deadline. The connection survives only a whole answer."""
        whole = False
        try:
            async with asyncio.timeout(self._limits.total) as deadline:
                connection = await self._connection(host, request, recording)
                room = _room(deadline, permit)
                await connection.ask(request, recording, cap=self._limits.body, room=room)
            whole = True
        except TimeoutError:
            raise TransportError("timeout", f"not whole within {self._limits.total:g} s") from None
        finally:
            if not whole:
                self._drop(host)

    async def _connection(self, host: _Host, request: Request, recording: Recording) -> Connection:
        kept = host.connection
        if kept is not None and kept.origin == request.url.origin and kept.is_fresh():
            return kept
        self._drop(host)
        host.connection = await self._dialer.open(request.url, recording)
        return host.connection

    def _drop(self, host: _Host) -> None:
        if host.connection is not None:
            host.connection.close()
            host.connection = None

    def _learn(self, host: _Host, exchange: Exchange, final: bool) -> None:
        before = host.state
        host.state = after_answer(
            before,
            exchange.status,
            exchange.finished,
            retry_after=header(exchange, "retry-after"),
            final=final and exchange.failure is None,
            scale=self._clock.time_scale,
        )
        if (before.refusals, before.retry_at) != (host.state.refusals, host.state.retry_at):
            self._memory.set_host_states({host.name: host.state.to_dict()})


def _room(deadline: asyncio.Timeout, permit: Permit) -> Callable[[], Awaitable[None]]:
    """Wait for a permit; the site is not charged for our waiting."""

    async def room() -> None:
        if permit.held:
            return
        loop, until = asyncio.get_running_loop(), deadline.when()
        assert until is not None
        left = until - loop.time()
        deadline.reschedule(None)
        await permit.take()
        deadline.reschedule(loop.time() + left)

    return room
