"""What one seal leaves to the next: its sums, what an authority answered over them, and the identifier drawn from both.

There is one spelling of SHA256SUMS we write and accept: what `sha256sum` prints, sorted by name, nothing else.
`sha256sum -c` also takes capital digits, a star and other orders; a file that is to be compared byte for byte has one
form only. The identifier goes into the User-Agent of each check: nobody could have known it before the previous sweep
was sealed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from monitor.values import dataclass, pattern

SUMS = "SHA256SUMS"

_LINE = pattern(r"([0-9a-f]{64})  ([A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)")


def render_sums(digests: Mapping[str, str]) -> bytes:
    """The file for these names and digests. Raises ValueError for a name or digest `parse_sums` would refuse."""
    data = "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()
    if parse_sums(data) != digests:
        raise ValueError("a name or digest that SHA256SUMS cannot carry")
    return data


def parse_sums(data: bytes) -> dict[str, str]:
    """Digest of each name (relative, `/` between parts, no part begins with a dot). Raises ValueError."""
    if not data.endswith(b"\n"):
        raise ValueError("no lines, or a last line without its end")
    out: dict[str, str] = {}
    last = ""
    for line in data[:-1].decode("ascii").split("\n"):
        match = _LINE.fullmatch(line)
        if not match:
            raise ValueError(f"not a line of {SUMS}: {line[:80]!r}")
        digest, name = match.groups()
        if name <= last:
            raise ValueError(f"{name} is out of order")
        out[name] = digest
        last = name
    return out


StampTrouble = Literal[
    "down",  # no whole answer: refused connection, time-out, HTTP error, too long
    "refused",  # the authority answered that it grants nothing
    "garbled",  # the answer is not a time-stamp response
    "wrong_nonce",
    "wrong_imprint",
    "wrong_policy",
    "weak",  # rests on SHA-1 or MD5
    "untrusted",  # does not lead to a pinned root
    "expired",  # a certificate is outside its dates today
    "revoked",
    "disagreement",  # openssl accepts and the second verifier does not
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A token that both verifiers accepted, and the two files as sent and received.

    certificates: PEM of those it encloses, in DER order, empty where it encloses none. gen_time: the authority's time,
    aware UTC. sent, received: our clock around the exchange. clock_error_ms: our clock
    minus the authority's lies between these two, in milliseconds; where zero does not, one of the clocks is wrong.
    """

    authority: str
    query: bytes
    reply: bytes
    gen_time: datetime
    sent: datetime
    received: datetime
    clock_error_ms: tuple[int, int]
    certificates: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class StampFailure:
    """Why there is no stamp. detail: for the operator, never an address or a token."""

    authority: str
    trouble: StampTrouble
    detail: str
    at: datetime


def check_id(anchor: bytes, sweep: int, of: str) -> str:
    """First 16 hex digits of SHA-256(anchor, sweep number, what is checked).

    anchor: the previous sweep's SHA256SUMS as stored, or `first_anchor` where there is none. sweep: written with nine
    digits, as in the folder's name, so that the number and what follows cannot be read two ways. of: `CODE/slug`.
    """
    return hashlib.sha256(anchor + f"{sweep:09d}{of}".encode()).hexdigest()[:16]


def first_anchor(origin: str) -> bytes:
    """What stands for the previous sums before any sweep: the log's origin and a line feed.

    It bounds nothing in time: only from the second sweep on does the identifier prove a "not before".
    """
    return origin.encode() + b"\n"
