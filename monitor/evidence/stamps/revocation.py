"""Revocation lists (RFC 5280, 5), and whether one of them voids a time-stamp (RFC 3161, 4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.evidence.stamps.tokens import certificates, signer
from monitor.values import dataclass, pattern

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, CertificateRevocationList, RevokedCertificate

LEAVE_HOLDING = {"unspecified", "affiliation_changed", "superseded", "cessation_of_operation"}  # RFC 3161, 4, item 1

_CRL = pattern(rb"-----BEGIN X509 CRL-----.*?-----END X509 CRL-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RevocationList:
    """One list of revoked certificates. since, until: aware UTC; until is None where the list does not say."""

    issuer: str
    since: datetime
    until: datetime | None
    revoked: int


def lists_of(crls: bytes) -> tuple[RevocationList, ...]:
    """The lists of a PEM file, in its order. Raises ValueError."""
    return tuple(
        RevocationList(one.issuer.rfc4514_string(), one.last_update_utc, one.next_update_utc, len(one))
        for one in _lists(crls)
    )


@dataclass(frozen=True, slots=True)
class Revocation:
    """A certificate on a token's path that its issuer revoked. at: aware UTC. reason: RFC 5280, 5.3.1; None: unsaid."""

    subject: str
    at: datetime
    reason: str | None

    def voids(self, gen_time: datetime) -> bool:
        """True when a token of that time no longer holds.

        RFC 3161, 4, item 1: tokens made before remain valid only where the reason tells that the key was not
        compromised; where none is told, none of them does.
        """
        return gen_time >= self.at or self.reason not in LEAVE_HOLDING


def revocation(reply: bytes, crls: bytes, *, roots: bytes, untrusted: bytes = b"") -> Revocation | None:
    """The first revoked certificate on the token's path, from its signer up; None when the lists name none of them.

    A list counts only under its issuer's own signature, whatever its dates: one fetched later than the token was made
    is the better witness. crls, roots, untrusted: PEM. Raises ValueError for bytes that are no token, list or
    certificate.
    """
    lists = list(_lists(crls))
    around = [*certificates(reply), *(_certificates(untrusted) if untrusted.strip() else ()), *_certificates(roots)]
    for one, issuers in _path(signer(reply, around), around):
        for told in lists:
            if told.issuer == one.issuer and any(_is_signed_by(told, issuer) for issuer in issuers):
                entry = told.get_revoked_certificate_by_serial_number(one.serial_number)
                if entry is not None:
                    return Revocation(one.subject.rfc4514_string(), entry.revocation_date_utc, _why(entry))
    return None


def _path(first: Certificate | None, around: list[Certificate]) -> Iterator[tuple[Certificate, list[Certificate]]]:
    """Each certificate from the signer up to a root, with those that bear its issuer's name."""
    seen: list[Certificate] = []
    while first is not None and first not in seen:
        seen.append(first)
        issuers = [one for one in around if one.subject == first.issuer]
        yield first, issuers
        first = next((one for one in issuers if one not in seen), None)


def _is_signed_by(told: CertificateRevocationList, issuer: Certificate) -> bool:
    try:
        return told.is_signature_valid(issuer.public_key())  # type: ignore[arg-type] # TypeError: a key that signs none
    except (TypeError, ValueError):
        return False


def _why(entry: RevokedCertificate) -> str | None:
    from cryptography.x509 import CRLReason, ExtensionNotFound

    try:
        return entry.extensions.get_extension_for_class(CRLReason).value.reason.name
    except ExtensionNotFound:
        return None


def _lists(crls: bytes) -> Iterator[CertificateRevocationList]:
    from cryptography.x509 import load_pem_x509_crl

    yield from (load_pem_x509_crl(one) for one in _CRL.findall(crls))


def _certificates(pem: bytes) -> list[Certificate]:
    from cryptography.x509 import load_pem_x509_certificates

    return load_pem_x509_certificates(pem)
