"""What signs the relevé of an export, where the settings name a certificate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from gettext import gettext as _
from typing import Final

from monitor.domain.errors import ConfigurationError
from monitor.settings import Settings

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
    from monitor.adapters.pdf_signing import PdfSigner

    password = signature.password.reveal()
    signer = PdfSigner(signature.file, password, signature.roots, chosen.timestamps.authorities, now=now)
    return lambda pdf, archival: signer.sign(pdf, REASON) if archival else pdf
