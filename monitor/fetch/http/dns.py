"""Names to addresses: one look-up a connection, the whole answer checked, exactly those addresses connected to.

Only global unicast addresses that hide no other address may be connected to.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Protocol

from monitor.core.exchange import Dns
from monitor.fetch.http.channel import TransportError
from monitor.values import dataclass

if TYPE_CHECKING:
    from dns.asyncresolver import Resolver as DnsPython


# Ranges whose addresses carry an IPv4 address a router may take out again, and which `is_global` lets pass.
_EMBEDDING = {
    IPv6Network("64:ff9b::/96"): "NAT64 (RFC 6052)",
    IPv6Network("64:ff9b:1::/48"): "local NAT64 (RFC 8215)",
    IPv6Network("2001::/32"): "Teredo (RFC 4380)",
    IPv6Network("2002::/16"): "6to4 (RFC 3056)",
    IPv6Network("::/96"): "IPv4-compatible (RFC 4291)",
    IPv6Network("::ffff:0:0:0/96"): "IPv4-translated (RFC 2765)",
}

_ISATAP = (0x0000_5EFE, 0x0200_5EFE)  # RFC 5214, 6.1: an interface identifier that ends in an IPv4 address
_DOCUMENTATION = IPv6Network("3fff::/20")  # RFC 9637, of 2024: Python 3.11 does not know it

_SPECIAL = (
    IPv4Network("192.0.0.0/24"),  # RFC 6890
    IPv4Network("192.88.99.0/24"),  # 6to4 relays (RFC 7526)
    IPv4Network("168.63.129.16/32"),  # the host of a machine in Azure (learn.microsoft.com, read 2026-11)
)


def forbidden(address: str) -> str | None:
    """Why `address` (text form) is never connected to, or None when it may be."""
    if "%" in address:
        return "a scoped address"
    try:
        ip = ip_address(address)
    except ValueError:
        return "not an IP address"
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return "IPv4-mapped"
        for network, name in _EMBEDDING.items():
            if ip in network:
                return name
        if int(ip) >> 32 & 0xFFFF_FFFF in _ISATAP:
            return "ISATAP (RFC 5214)"
        if ip in _DOCUMENTATION:
            return "documentation (RFC 9637)"
        if ip.is_site_local:
            return "site-local"
    elif any(ip in network for network in _SPECIAL):
        return "a special-purpose range"
    return _not_global(ip)


def _not_global(ip: IPv4Address | IPv6Address) -> str | None:
    """`is_global` alone lets multicast and reserved ranges pass (Python 3.11)."""
    if ip.is_loopback:
        return "loopback"
    if ip.is_link_local:
        return "link-local"
    if ip.is_multicast:
        return "multicast"
    if ip.is_reserved or ip.is_unspecified or not ip.is_global:
        return "not a global address"
    return None


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a name resolved to. targets: (IP address, port), in the order they are tried. dns: what is recorded."""

    targets: tuple[tuple[str, int], ...]
    dns: Dns


class Resolver(Protocol):
    """Answers where to connect for a host and port of an http or https address."""

    async def resolve(self, host: str, port: int) -> Resolved:
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

    async def resolve(self, host: str, port: int) -> Resolved:
        """One bad address condemns the whole answer: a name that points inside is not asked at all."""
        dns = await self._look_up(host)
        for address in dns.addresses:
            if why := forbidden(address):
                raise TransportError("forbidden_address", f"{address}: {why}", dns)
        return Resolved(tuple((address, port) for address in dns.addresses), dns)

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

    async def resolve(self, host: str, port: int) -> Resolved:
        """The simulator, whatever the name."""
        dns = Dns(host=host, addresses=(self._ip,), ttl=None, server="simulation")
        return Resolved(((self._ip, self._port),), dns)


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _reason(error: Exception) -> str:
    names = {"NXDOMAIN": "the name does not exist", "LifetimeTimeout": "no answer in time"}
    return names.get(type(error).__name__, type(error).__name__)
