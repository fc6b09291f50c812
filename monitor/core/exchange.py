"""What was on the wire: one request and its answer, the connection they went over, the name that was looked up."""

from __future__ import annotations

from datetime import datetime

from monitor.core.readings import Unreached
from monitor.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """What the connection showed: protocol version, cipher, DER certificates, leaf first. Always verified."""

    version: str
    cipher: str
    chain: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dns:
    """The answer our own resolver gave for a host. addresses: text forms; ttl: seconds; server: the resolver asked."""

    host: str
    addresses: tuple[str, ...]
    ttl: int | None
    server: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and what came back: a page, a redirect hop, a robots.txt. Bytes are exactly as on the wire.

    started, finished: aware UTC instants; *_mono_ns: monotonic clock, nanoseconds. sent: bytes of the request (head and
    body). head: status line and headers of the answer. wire_body: after HTTP framing, before content-decoding;
    decoded_body: after. failure: why no whole answer came (partial bytes kept), None when it did.
    """

    method: str
    url: str
    started: datetime
    finished: datetime
    started_mono_ns: int
    finished_mono_ns: int
    sent: bytes = b""
    status: int | None = None
    version: str | None = None
    head: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    wire_body: bytes = b""
    decoded_body: bytes = b""
    peer: str | None = None
    local: str | None = None
    tls: Tls | None = None
    dns: Dns | None = None
    failure: Unreached | None = None
