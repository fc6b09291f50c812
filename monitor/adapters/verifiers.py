"""The cryptography of a verification: openssl decides on time-stamps, a second verifier says what it thinks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.adapters import openssl
from monitor.adapters.signing import public_key, verify_signature
from monitor.adapters.tokens import read_token, second_opinion


class Verifiers:
    """Verifies stamps, signatures and keys."""

    def __init__(self) -> None:
        self._stamps = self._dissents = 0

    def stamp(self, reply: bytes, data: bytes, roots: bytes, untrusted: bytes) -> datetime | str:
        """genTime of a response that openssl accepts for `data` as of that time, else its reason."""
        try:
            at: datetime | None = read_token(reply).gen_time
        except ValueError:  # rfc3161-client reads strict DER only; openssl is the norm
            at = openssl.stamp_time(reply)
        if at is None:
            return "no time-stamp in it"
        reason = openssl.verify_stamp(reply, data=data, roots=roots, untrusted=untrusted, at=at)
        if reason is not None:
            return reason
        self._stamps += 1
        self._dissents += second_opinion(reply, data, roots=roots, untrusted=untrusted) is not None
        return at

    def signature(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """Ed25519."""
        return verify_signature(public, message, signature)

    def public_key(self, pem: bytes) -> bytes:
        """The 32 bytes of an Ed25519 public key. Raises ValueError."""
        return public_key(pem)

    def notes(self) -> Sequence[str]:
        """What to know of the second opinions."""
        if not self._dissents:
            return ()
        return (
            f"{self._dissents} des {self._stamps} horodatages acceptés par openssl sont refusés par rfc3161-client",
        )
