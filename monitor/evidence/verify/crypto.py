"""The cryptography of a verification: openssl is the norm for time-stamps, rfc3161-client reads each in process.

Starting openssl takes 10 ms, a verification in process less than 1 ms. A stamp covers all earlier sweeps through the
chain, so the stamps that carry an archive, those the walk calls bearing, are always put to openssl; of the others,
whatever the verifier in process does not accept. What is refused, is refused by openssl.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from gettext import gettext as _
from typing import TYPE_CHECKING

from monitor.evidence.key import public_key, verify_signature
from monitor.evidence.stamps import openssl
from monitor.evidence.stamps.authority import PinnedRoot, RootFinder, roots_of
from monitor.evidence.stamps.revocation import Revocation, revocation
from monitor.evidence.stamps.tokens import SecondVerifier, StampToken, read_token, signer

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


class Verifiers:
    """Verifies stamps, signatures and keys. every: put every stamp to openssl, as `verify.sh` does."""

    def __init__(self, *, every: bool = False) -> None:
        self._every = every
        self._openssl = self._in_process = self._dissents = 0
        self._second = lru_cache(maxsize=16)(SecondVerifier)
        self._finder = lru_cache(maxsize=16)(RootFinder)
        self._certificates = lru_cache(maxsize=64)(_certificates)
        self._pinned = lru_cache(maxsize=64)(roots_of)
        self._led: dict[tuple[bytes, bytes, bytes], tuple[PinnedRoot, ...]] = {}
        self._revoked: dict[tuple[bytes, bytes], Revocation | None] = {}

    def stamp(self, reply: bytes, data: bytes, roots: bytes, untrusted: bytes, *, bearing: bool) -> StampToken | str:
        """What a response says that holds for `data` as of its own time, else openssl's reason.

        bearing: openssl must be asked; of other stamps only where the quicker verifier does not accept.
        """
        token = _read(reply)
        if token is None:
            return "no time-stamp in it"
        dissent = self._second(roots, untrusted).refusal(reply, data) is not None
        if not (bearing or dissent or self._every):
            self._in_process += 1
            return token
        at = token.gen_time
        reason = openssl.verify_stamp(reply, data=data, roots=roots, untrusted=untrusted, at=at)
        if reason is not None:
            return reason
        self._openssl += 1
        self._dissents += dissent
        return token

    def led_to(self, reply: bytes, data: bytes, roots: bytes, untrusted: bytes) -> tuple[PinnedRoot, ...]:
        """The roots a stamp that holds leads to; asked once a signer, since its certificate decides it."""
        try:
            pinned = self._pinned(roots)
            if len(pinned) == 1:
                return pinned
            key = (self._signer(reply, roots + b"\n" + untrusted), roots, untrusted)
            if key not in self._led:
                self._led[key] = self._finder(roots, untrusted).led_to(reply, data)
            return self._led[key]
        except ValueError:  # openssl reads certificates that cryptography does not
            return ()

    def revocation(self, reply: bytes, crls: bytes, roots: bytes, untrusted: bytes) -> Revocation | None:
        """Whether the lists name a certificate of a stamp; asked once a signer. Raises ValueError."""
        key = (self._signer(reply, roots + b"\n" + untrusted), crls)
        if key not in self._revoked:
            self._revoked[key] = revocation(reply, crls, roots=roots, untrusted=untrusted)
        return self._revoked[key]

    def _signer(self, reply: bytes, others: bytes) -> bytes:
        """Fingerprint of who signed; where that cannot be read, the response itself."""
        from cryptography.hazmat.primitives.hashes import SHA256

        try:
            found = signer(reply, self._certificates(others))
        except ValueError:
            found = None
        return found.fingerprint(SHA256()) if found else reply

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
            told.append(_("time-stamps verified by openssl: {count}").format(count=self._openssl))
        if self._in_process:
            words = _(
                "others, verified by rfc3161-client alone: {count} (openssl verified the first and the last of each "
                "authority); verify.sh and “vigie verify --openssl” put all of them to openssl"
            )
            told.append(words.format(count=self._in_process))
        if self._dissents:
            words = _("accepted by openssl and refused by rfc3161-client: {count} of {all}")
            told.append(words.format(count=self._dissents, all=self._openssl))
        return told


def _read(reply: bytes) -> StampToken | None:
    """What a response says, unverified; of one that is not strict DER only its time, as openssl reads it."""
    try:
        return read_token(reply)
    except ValueError:
        at = openssl.stamp_time(reply)
    if at is None:
        return None
    return StampToken(gen_time=at, accuracy=timedelta(), imprint=b"", imprint_algorithm="", nonce=None, policy="")


def _certificates(pem: bytes) -> list[Certificate]:
    from cryptography.x509 import load_pem_x509_certificates

    return load_pem_x509_certificates(pem)
