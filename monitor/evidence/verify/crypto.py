"""The cryptography of a verification: openssl is the norm for time-stamps, rfc3161-client reads each in process.

Starting openssl takes 10 ms, a verification in process less than 1 ms. A stamp covers all earlier sweeps through the
chain, so the stamps that carry an archive, those the walk calls bearing, are always put to openssl; of the others,
whatever the verifier in process does not accept. What is refused, is refused by openssl.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from monitor.evidence import openssl
from monitor.evidence.key import public_key, verify_signature
from monitor.evidence.tokens import SecondVerifier, read_token


class Verifiers:
    """Verifies stamps, signatures and keys. every: put every stamp to openssl, as `verify.sh` does."""

    def __init__(self, *, every: bool = False) -> None:
        self._every = every
        self._openssl = self._in_process = self._dissents = 0
        self._second = lru_cache(maxsize=16)(SecondVerifier)

    def stamp(self, reply: bytes, data: bytes, roots: bytes, untrusted: bytes, *, bearing: bool) -> datetime | str:
        """genTime of a response that holds for `data` as of that time, else openssl's reason.

        bearing: openssl must be asked; of other stamps only where the quicker verifier does not accept.
        """
        try:
            at: datetime | None = read_token(reply).gen_time
        except ValueError:  # rfc3161-client reads strict DER only; openssl is the norm
            at = openssl.stamp_time(reply)
        if at is None:
            return "no time-stamp in it"
        dissent = self._second(roots, untrusted).refusal(reply, data) is not None
        if not (bearing or dissent or self._every):
            self._in_process += 1
            return at
        reason = openssl.verify_stamp(reply, data=data, roots=roots, untrusted=untrusted, at=at)
        if reason is not None:
            return reason
        self._openssl += 1
        self._dissents += dissent
        return at

    def signature(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """Ed25519."""
        return verify_signature(public, message, signature)

    def public_key(self, pem: bytes) -> bytes:
        """The 32 bytes of an Ed25519 public key. Raises ValueError."""
        return public_key(pem)

    def notes(self) -> Sequence[str]:
        """Which verifier accepted how many stamps, and where the two disagree."""
        told = []
        if self._openssl:
            told.append(f"{self._openssl} horodatages vérifiés par openssl")
        if self._in_process:
            told.append(
                f"{self._in_process} autres vérifiés par rfc3161-client seul (openssl a vérifié le premier et le"
                " dernier de chaque autorité) ; verify.sh et « vigie verify --openssl » les lui soumettent tous"
            )
        if self._dissents:
            told.append(f"{self._dissents} des {self._openssl} acceptés par openssl sont refusés par rfc3161-client")
        return told
