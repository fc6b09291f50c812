"""What an authority answered when it was asked for a time-stamp (RFC 3161)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

StampTrouble = Literal[
    "down",  # no whole answer: refused connection, time-out, HTTP error, too long
    "refused",  # the authority answered that it grants nothing
    "garbled",  # the answer is not a time-stamp response
    "wrong_nonce",
    "wrong_imprint",
    "wrong_policy",
    "untrusted",  # does not lead to a pinned root
    "expired",  # a certificate is outside its dates today
    "revoked",
    "disagreement",  # openssl accepts and the second verifier does not
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A token that both verifiers accepted, and the two files as sent and received.

    gen_time: the authority's time, aware UTC. sent, received: our clock around the exchange. clock_error_ms: our clock
    minus the authority's lies between these two, in milliseconds; where zero does not, one of the clocks is wrong.
    """

    authority: str
    query: bytes
    reply: bytes
    gen_time: datetime
    sent: datetime
    received: datetime
    clock_error_ms: tuple[int, int]

    @property
    def clocks_agree(self) -> bool:
        """True when genTime lies between sending and receiving, within what the token's precision lets say."""
        low, high = self.clock_error_ms
        return low <= 0 <= high


@dataclass(frozen=True, slots=True, kw_only=True)
class StampFailure:
    """Why there is no stamp. detail: for the operator, never an address or a token."""

    authority: str
    trouble: StampTrouble
    detail: str
    at: datetime
