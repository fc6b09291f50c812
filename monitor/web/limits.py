"""How many requests come from one network within an hour. In memory, under a key of this process, never written."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import time
from collections.abc import Callable
from typing import Final

WINDOW: Final = 3600.0  # seconds
MOST: Final = 20_000  # networks remembered


class NetworkLimit:
    """most: requests of one network in WINDOW: an IPv4 address, or the /64 that one subscriber of a provider gets."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._key = secrets.token_bytes(16)
        self._seen: dict[bytes, list[float]] = {}

    def allows(self, host: str) -> bool:
        """Count one request; False where it is one too many. host: an IP address; all that is none is one network."""
        key = hmac.digest(self._key, network(host).encode(), "sha256")[:12]
        now = self._clock()
        times = [at for at in self._seen.pop(key, ()) if now - at < WINDOW]
        allowed = len(times) < self._most
        if allowed:
            times.append(now)
        self._seen[key] = times  # the newest at the end
        while len(self._seen) > MOST:
            del self._seen[next(iter(self._seen))]
        return allowed


def network(host: str) -> str:
    """What is counted as one."""
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)
