"""Signs the relevé of an export, where the settings name a certificate: PAdES-B-LTA with pyHanko (ETSI EN 319 142-1),
in the optional extra `sign`.

The signature is a stamped one; what validates it (certificates, revocation lists where their issuers publish them) is
written into the file, and a document time-stamp closes it. The file stays PDF/A: the field has no appearance.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monitor.core.errors import ConfigurationError, VigieError
from monitor.core.words import os_words
from monitor.settings.settings import Settings

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko.sign.timestamps import TimeStamper

    from monitor.settings.readers import PinnedAuthority


FIELD: Final = "Signature"
SECONDS: Final = 15.0


class SigningError(VigieError):
    """No authority stamped the signature, or a certificate could not be validated: nothing is signed by halves."""

    exit_code = 69


class PdfSigner:
    """A certificate with its private key, opened and checked. Raises ConfigurationError: see `__init__`."""

    def __init__(
        self, file: Path, password: str, roots: Path | None, authorities: Sequence[PinnedAuthority], *, now: datetime
    ) -> None:
        """file: PKCS#12. roots: PEM that the certificate leads to, None where the file brings its root. now: aware UTC.

        Raises ConfigurationError: no pyHanko, no authority, wrong password, no key, certificate expired or unreadable.
        """
        try:
            import pyhanko.sign  # noqa: F401 - is it there at all?
        except ImportError as error:
            raise ConfigurationError(
                _('[signature] needs the "sign" extra: pip install "vigie-prefectures[sign]"')
            ) from error
        if not authorities:
            raise ConfigurationError(
                _("[signature] needs an authority in [timestamps]: a signature without a date proves no date")
            )
        self._signer, own = _open(file, password, now)
        self._roots = _pem(roots) if roots else own
        if not self._roots:
            raise ConfigurationError(_("[signature] roots: the file of the root the certificate leads to is needed"))
        self._authorities = authorities

    def sign(self, pdf: bytes, reason: str) -> bytes:
        """The signed file; the first authority that answers stamps it. Raises SigningError."""
        failures = []
        for authority in self._authorities:
            try:
                return self._signed(pdf, reason, authority)
            except Exception as error:  # noqa: BLE001 - pyHanko, its validator and the network have no common base
                failures.append(f"{authority.name}: {type(error).__name__} {str(error)[:160]}".strip())
        raise SigningError(_("the relevé could not be signed: {why}").format(why="; ".join(failures)))

    def _signed(self, pdf: bytes, reason: str, authority: PinnedAuthority) -> bytes:
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import fields, signers
        from pyhanko_certvalidator import ValidationContext

        context = ValidationContext(
            trust_roots=[*self._roots, *_pem(authority.roots)],
            other_certs=list(self._signer.cert_registry),
            allow_fetching=True,
            revocation_mode="soft-fail",
        )

        class Writer(IncrementalPdfFileWriter):
            def ensure_output_version(self, version: tuple[int, int]) -> None:
                """PDF/A-3 is PDF 1.7 (ISO 19005-3, 6.1.2); pyHanko asks for 2.0 for keys on elliptic curves."""
                super().ensure_output_version(min(version, (1, 7)))  # type: ignore[no-untyped-call]

        out = io.BytesIO()
        signers.sign_pdf(
            Writer(io.BytesIO(pdf)),
            signers.PdfSignatureMetadata(
                field_name=FIELD,
                md_algorithm="sha256",
                reason=reason,
                subfilter=fields.SigSeedSubFilter.PADES,
                embed_validation_info=True,
                use_pades_lta=True,
                validation_context=context,
            ),
            signer=self._signer,
            timestamper=_stamper(authority.url),
            output=out,
        )
        return out.getvalue()


def _open(file: Path, password: str, now: datetime) -> tuple[SimpleSigner, list[object]]:
    """The signer of a PKCS#12 file, and the self-issued certificates in it."""
    from cryptography.hazmat.primitives.serialization import pkcs12
    from pyhanko.sign import signers

    try:
        data = file.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            _("[signature] {file} cannot be read: {why}").format(file=file, why=os_words(error))
        ) from error
    try:
        key, certificate, _others = pkcs12.load_key_and_certificates(data, password.encode())
    except ValueError as error:
        raise ConfigurationError(
            _("[signature] {file} does not open: wrong password, or not a PKCS#12 file").format(file=file)
        ) from error
    if key is None or certificate is None:
        raise ConfigurationError(_("[signature] {file} holds no certificate with its private key").format(file=file))
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        words = _("[signature] the certificate is valid from {since} to {until} only")
        since, until = (f"{at:%Y-%m-%d}" for at in (certificate.not_valid_before_utc, certificate.not_valid_after_utc))
        raise ConfigurationError(words.format(since=since, until=until))
    signer = signers.SimpleSigner.load_pkcs12_data(data, other_certs=[], passphrase=password.encode())
    return signer, [one for one in signer.cert_registry if one.self_signed != "no"]


def _pem(file: Path) -> list[object]:
    from asn1crypto import pem, x509

    try:
        found = [x509.Certificate.load(der) for _kind, _headers, der in pem.unarmor(file.read_bytes(), multiple=True)]
    except (OSError, ValueError) as error:
        raise ConfigurationError(_("{file} is no PEM file of certificates").format(file=file)) from error
    return list(found)


def _stamper(url: str) -> TimeStamper:
    """Asks an authority as the log does: no proxy, no redirect, bounded."""
    import httpx
    from asn1crypto import tsp
    from pyhanko.sign.timestamps import TimeStamper as Base

    class Stamper(Base):
        async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
            async with httpx.AsyncClient(trust_env=False, timeout=SECONDS, follow_redirects=False) as client:
                headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
                answer = await client.post(url, content=req.dump(), headers=headers)
            answer.raise_for_status()
            return tsp.TimeStampResp.load(answer.content)

    return Stamper()  # type: ignore[no-untyped-call]


REASON: Final = "Relevé automatique sans intervention humaine"


def signing(chosen: Settings, now: datetime) -> Callable[[bytes, bool], bytes]:
    """From a PDF, and whether it is the archival one, to what is written: signed where it is and a certificate is set.

    The small set is not signed: it must stay small. Raises ConfigurationError for a certificate that cannot sign.
    """
    signature = chosen.signature
    if signature.file is None:
        return lambda pdf, archival: pdf
    if signature.password is None:
        raise ConfigurationError(_("[signature] password: where the password of the certificate is must be said"))

    password = signature.password.reveal()
    signer = PdfSigner(signature.file, password, signature.roots, chosen.timestamps.authority, now=now)
    return lambda pdf, archival: signer.sign(pdf, REASON) if archival else pdf
