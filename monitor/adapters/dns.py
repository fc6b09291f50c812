"""Names to addresses: one look-up a connection, the whole answer checked, exactly those addresses connected to."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Protocol

from monitor.adapters.addresses import forbidden
from monitor.adapters.failure import TransportError
from monitor.domain.exchange import Dns

if TYPE_CHECKING:
    from dns.asyncresolver import Resolver as DnsPython


@dataclass(frozen=True, slots=True)
class Answer:
    """What a name resolved to. targets: (IP address, port), in the order they are tried. dns: what is recorded."""

    targets: tuple[tuple[str, int], ...]
    dns: Dns


class Resolver(Protocol):
    """Answers where to connect for a host and port of an http or https address."""

    async def resolve(self, host: str, port: int) -> Answer:
        """Raises TransportError `dns` or `forbidden_address`."""
        ...


class SystemResolver:
    """Asks the name servers of /etc/resolv.conf by dnspython, which can be cancelled, and gives TTL and server.

    /etc/hosts is not read. IPv4 first; IPv6 is asked only where the name has no IPv4 address. nameservers, port: other
    servers than the system's. lifetime: seconds for the whole look-up.
    """

    def __init__(self, nameservers: tuple[str, ...] = (), port: int = 53, lifetime: float = 5.0) -> None:
        self._nameservers, self._port, self._lifetime = nameservers, port, lifetime
        self._resolver: DnsPython | None = None

    async def resolve(self, host: str, port: int) -> Answer:
        """One bad address condemns the whole answer: a name that points inside is not asked at all."""
        dns = await self._look_up(host)
        for address in dns.addresses:
            if why := forbidden(address):
                raise TransportError("forbidden_address", f"{address}: {why}", dns)
        return Answer(tuple((address, port) for address in dns.addresses), dns)

    async def _look_up(self, host: str) -> Dns:
        import dns.exception
        import dns.resolver

        if _is_literal(host):
            return Dns(host=host, addresses=(host,), ttl=None, server=None)
        try:
            resolver = self._resolver = self._resolver or self._make()
            for kind in ("A", "AAAA"):
                try:
                    answer = await resolver.resolve(f"{host}.", kind, search=False)
                except dns.resolver.NoAnswer:
                    continue
                addresses = tuple(record.to_text() for record in answer)
                ttl = answer.rrset.ttl if answer.rrset is not None else None
                return Dns(host=host, addresses=addresses, ttl=ttl, server=str(answer.nameserver))
        except dns.exception.DNSException as error:
            raise TransportError("dns", f"{host}: {_reason(error)}") from None
        raise TransportError("dns", f"{host}: no address")

    def _make(self) -> DnsPython:
        from dns.asyncresolver import Resolver as DnsPython

        resolver = DnsPython(configure=not self._nameservers)
        if self._nameservers:
            resolver.nameservers = list(self._nameservers)
            resolver.port = self._port
        resolver.lifetime = self._lifetime
        return resolver


class SimulatedResolver:
    """Every host is the simulator, and loopback may be reached. address: `IP:PORT`, of https and http alike.

    URL, Host, SNI and certificates stay those of the real name.
    """

    def __init__(self, address: str) -> None:
        ip, _, port = address.rpartition(":")
        self._ip, self._port = str(ip_address(ip.strip("[]"))), int(port)

    async def resolve(self, host: str, port: int) -> Answer:
        """The simulator, whatever the name."""
        dns = Dns(host=host, addresses=(self._ip,), ttl=None, server="simulation")
        return Answer(((self._ip, self._port),), dns)


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _reason(error: Exception) -> str:
    names = {"NXDOMAIN": "the name does not exist", "LifetimeTimeout": "no answer in time"}
    return names.get(type(error).__name__, type(error).__name__)
