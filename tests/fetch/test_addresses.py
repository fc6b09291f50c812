"""Which addresses may be connected to."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.http.dns import forbidden

NEVER = [
    "0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.0.9", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1",
    "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:7f00:1", "64:ff9b::7f00:1", "64:ff9b::808:808",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:0:53aa:64c::1", "2001:db8::1", "2002:7f00:1::",
    "2002:808:808::1", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1", "ff0e::1", "4000::1",
    "fe80::1%eth0", "2a00:1450::1%1", "3fff::1", "3fff:fff:ffff::1", "168.63.129.16",
    "2a00:1450:4007:80e:0:5efe:7f00:1", "2a00:1450:4007:80e:200:5efe:808:808",
]  # fmt: skip


@pytest.mark.parametrize("address", NEVER)
def test_never_connected_to(address: str) -> None:
    assert forbidden(address) is not None


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "93.184.215.14",
        "185.24.184.1",
        "168.63.129.17",
        "2a00:1450:4007:80e::2003",
        "2606:4700::1",
        "2a00:1450:4007:80e:5efe::1",
    ],
)
def test_global_unicast(address: str) -> None:
    assert forbidden(address) is None


@pytest.mark.parametrize("text", ["", "localhost", "2130706433", "0x7f.1", "127.1", "1.1.1.1 ", "[::1]"])
def test_what_is_no_address(text: str) -> None:
    assert forbidden(text) == "not an IP address"


@given(st.ip_addresses(v=4))
def test_no_ipv6_form_lets_an_ipv4_address_through(ip: IPv4Address) -> None:
    number = int(ip)
    for prefix in (0xFFFF << 32, 0x64FF9B << 96, 0, 0xFFFF << 48):
        assert forbidden(str(IPv6Address(prefix + number))) is not None
    assert forbidden(str(IPv6Address((0x2002 << 112) + (number << 80)))) is not None
    for isatap in (0x5EFE, 0x2005EFE):
        assert forbidden(str(IPv6Address((0x2A001450 << 96) + (isatap << 32) + number))) is not None
    assert forbidden(str(IPv6Address((0x20010000 << 96) + (number ^ 0xFFFFFFFF)))) is not None


@given(st.ip_addresses())
def test_only_global_addresses_pass(ip: IPv4Address | IPv6Address) -> None:
    if forbidden(str(ip)) is None:
        assert ip.is_global
        assert not ip.is_multicast
