"""Ours or theirs? Control probes to hosts the State does not run tell our own broken network from a broken site."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import field
from ipaddress import ip_address

from monitor.core.hosts import parse
from monitor.core.ports import Clock
from monitor.fetch.http.channel import TransportError
from monitor.fetch.http.connection import Recording, Request
from monitor.fetch.http.dial import Dialer
from monitor.fetch.http.dns import Resolver
from monitor.values import dataclass

DEADLINE = 5.0
ECHOED = 4096  # bytes of an answer that says our address
ROUNDS_APART = 1.0  # seconds: many failures one after the other do not hurry the hosts that are probed


@dataclass(frozen=True, slots=True)
class ProbeTargets:
    """What is probed. urls: https addresses of hosts independent of each other and of the State. name: looked up."""

    urls: tuple[str, ...] = ("https://www.wikipedia.org/", "https://www.debian.org/")
    name: str = "www.afnic.fr"


@dataclass(frozen=True, slots=True)
class Probed:
    """One round. answered: the addresses that gave an HTTP answer over verified TLS. resolved: the name was found."""

    answered: tuple[str, ...]
    resolved: bool
    failures: tuple[str, ...] = field(default=())

    @property
    def reached(self) -> bool:
        """Our network works when one independent host answers. A name found says nothing of it: captive portals do."""
        return bool(self.answered)


class Probes:
    """Sends a round when asked. The address check holds here, the official-host one does not."""

    def __init__(
        self, dialer: Dialer, resolver: Resolver, *, clock: Clock, user_agent: str, targets: ProbeTargets
    ) -> None:
        self._dialer, self._resolver, self._clock = dialer, resolver, clock
        self._user_agent, self._targets = user_agent, targets
        self._lock = asyncio.Lock()
        self._began_ns = 0
        self.last: Probed | None = None

    async def reached(self) -> bool:
        """True when our own network answers. Never raises.

        Only a round that began after the question counts: what answered before a failure says nothing of the network
        since. A hundred who ask at once share one round.
        """
        asked = self._clock.monotonic_ns()
        async with self._lock:
            if self.last is None or self._began_ns < asked:
                since = (self._clock.monotonic_ns() - self._began_ns) / 1e9
                await self._clock.sleep(0 if self.last is None else max(ROUNDS_APART - since, 0.0))
                self._began_ns = self._clock.monotonic_ns()
                self.last = await self._round()
            return self.last.reached

    async def _round(self) -> Probed:
        urls = self._targets.urls
        resolved, *outcomes = await asyncio.gather(self._resolve(), *(self._ask(url) for url in urls))
        said = dict(zip((self._targets.name, *urls), (resolved, *outcomes), strict=True))
        return Probed(
            answered=tuple(url for url in urls if said[url] is None),
            resolved=resolved is None,
            failures=tuple(f"{what}: {why}" for what, why in said.items() if why is not None),
        )

    async def _resolve(self) -> str | None:
        try:
            async with asyncio.timeout(DEADLINE):
                await self._resolver.resolve(self._targets.name, 443)
        except TimeoutError:
            return "timeout"
        except TransportError as error:
            return error.cause
        return None

    async def public_address(self, echo: str) -> dict[str, str]:
        """Our address as others see it. echo: https address of a service that answers with it, named by the operator.

        `{"echo": host, "address": IP}`, or `why` in the place of an address: a cause of transport, the status, or
        `no_address` where the answer does not hold just one. Never raises.
        """
        recording = Recording()
        told = {"echo": parse(echo).host}
        if why := await self._ask(echo, "GET", recording):
            return told | {"why": why}
        if recording.status != 200 or recording.capture is None:
            return told | {"why": f"status {recording.status}"}
        address = only_address(recording.capture.bodies().decoded)
        return told | ({"address": address} if address else {"why": "no_address"})

    async def _ask(self, text: str, method: str = "HEAD", recording: Recording | None = None) -> str | None:
        """Why no answer came, None when one did: its status does not matter."""
        url, recording = parse(text), recording or Recording()
        request = Request(method, url, (("Host", url.authority), ("User-Agent", self._user_agent)))
        try:
            async with asyncio.timeout(DEADLINE):
                connection = await self._dialer.open(url, recording)
                try:
                    await connection.ask(request, recording, cap=ECHOED, room=_granted)
                finally:
                    connection.close()
        except TimeoutError:
            return "timeout"
        except TransportError as error:
            return error.cause
        return None


async def _granted() -> None:
    """An answer of at most ECHOED bytes waits for no memory."""


def only_address(answer: bytes) -> str | None:
    """The one IP address in a short answer, be it plain text or JSON; None where there is none, or more than one."""
    found = set()
    for word in re.findall(r"[0-9A-Fa-f:.]{3,}", answer[:ECHOED].decode("ascii", "replace")):
        with suppress(ValueError):
            found.add(str(ip_address(word)))
    return found.pop() if len(found) == 1 else None
