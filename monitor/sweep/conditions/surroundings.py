"""What stands between this machine and a site: proxies, name servers, hosts file, addresses, route, certificates.

root: where `/etc` and `/proc` stand. A proxy or a hosts file that names a site discredits a capture, so both are said
whether or not they are there (CA Paris, 17 Nov 2006: a proxy cache that was merely offered was held against a constat).
"""

from __future__ import annotations

import hashlib
import ipaddress
import socket
import struct
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from monitor.sweep.conditions.machine import ROOT, text

_PROXY_NAMES: Final = ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy")
_ELSEWHERE: Final = ("192.0.2.1", "2001:db8::1")  # RFC 5737, RFC 3849: no packet is sent, and none would arrive
_GET_ADDRESS: Final = 0x8915  # SIOCGIFADDR, linux/sockios.h


def proxies(environ: Mapping[str, str], configured: Mapping[str, str]) -> dict[str, Any]:
    """Whether any proxy is set, by names only: a value may hold a password. Our transport obeys none of them.

    environ: the environment. configured: `urllib.request.getproxies()`.
    """
    named = sorted(name for name, value in environ.items() if name.lower() in _PROXY_NAMES and value)
    schemes = sorted(scheme for scheme in configured if scheme != "no")
    return {"none": not schemes and not [n for n in named if n.lower() != "no_proxy"], "variables": named,
            "schemes": schemes, "used": False}  # fmt: skip


def resolver(asked: Sequence[str] = (), root: Path = ROOT) -> dict[str, Any]:
    """The name servers. asked: those of the settings, which are used instead of the system's. Raises OSError."""
    data = (root / "etc/resolv.conf").read_bytes()
    lines = [line.split() for line in data.decode(errors="replace").splitlines()]
    return {
        "file_sha256": hashlib.sha256(data).hexdigest(),
        "servers": [words[1] for words in lines if len(words) > 1 and words[0] == "nameserver"],
        "settings": list(asked),
    }


def hosts_file(targets: Iterable[str], root: Path = ROOT) -> dict[str, Any]:
    """Digest of `/etc/hosts`, and which of the hosts to be visited it names (none, or the capture says so)."""
    data = (root / "etc/hosts").read_bytes()
    named: set[str] = set()
    for line in data.decode(errors="replace").splitlines():
        named.update(name.lower() for name in line.partition("#")[0].split()[1:])
    listed = sorted({host.lower() for host in targets} & named)
    return {"sha256": hashlib.sha256(data).hexdigest(), "targets_listed": listed, "targets_not_listed": not listed}


def source_addresses(elsewhere: Sequence[str] = _ELSEWHERE) -> list[str]:
    """The addresses this machine would send from, one a family that has a route. Sends nothing."""
    found = []
    for address in elsewhere:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((address, 9))
                found.append(str(probe.getsockname()[0]))
        except OSError:
            continue
    if not found:
        raise OSError(None, "no route")
    return found


def interfaces(root: Path = ROOT) -> dict[str, list[str]]:
    """Addresses by interface. Linux; raises OSError, ImportError or AttributeError elsewhere."""
    import fcntl

    found: dict[str, list[str]] = {name: [] for _number, name in socket.if_nameindex()}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        for name, addresses in found.items():
            try:
                answer = fcntl.ioctl(asked.fileno(), _GET_ADDRESS, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue  # an interface without an address
            addresses.append(socket.inet_ntoa(answer[20:24]))
    for address, name in ipv6(root):
        found.setdefault(name, []).append(address)
    return found


def ipv6(root: Path = ROOT) -> list[tuple[str, str]]:
    """Address and interface of each line of `/proc/net/if_inet6`; none where the machine has no IPv6."""
    try:
        lines = text(root, "proc/net/if_inet6").splitlines()
    except OSError:
        return []
    split = [line.split() for line in lines]
    return [(str(ipaddress.IPv6Address(int(words[0], 16))), words[-1]) for words in split if len(words) == 6]


def default_routes(root: Path = ROOT) -> list[dict[str, str]]:
    """Interface and gateway of each default route (Linux, IPv4). Raises OSError."""
    rows = [line.split() for line in text(root, "proc/net/route").splitlines()[1:]]
    return [
        {"interface": row[0], "gateway": socket.inet_ntoa(struct.pack("=I", int(row[2], 16)))}
        for row in rows
        if len(row) > 7 and row[1] == row[7] == "00000000"
    ]


def certificates(file: Path) -> dict[str, str]:
    """The authorities that are trusted: the file, by its last two names only, and its digest. Raises OSError."""
    return {"file": "/".join(file.parts[-2:]), "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
