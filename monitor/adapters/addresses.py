"""Which IP addresses may be connected to: global unicast ones that hide no other address."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# Ranges whose addresses carry an IPv4 address a router may take out again, and which `is_global` lets pass.
_EMBEDDING = {
    IPv6Network("64:ff9b::/96"): "NAT64 (RFC 6052)",
    IPv6Network("64:ff9b:1::/48"): "local NAT64 (RFC 8215)",
    IPv6Network("2001::/32"): "Teredo (RFC 4380)",
    IPv6Network("2002::/16"): "6to4 (RFC 3056)",
    IPv6Network("::/96"): "IPv4-compatible (RFC 4291)",
    IPv6Network("::ffff:0:0:0/96"): "IPv4-translated (RFC 2765)",
}

_SPECIAL = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))  # RFC 6890; 6to4 relays (RFC 7526)


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
