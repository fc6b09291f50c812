"""Time-stamp responses read with rfc3161-client: their fields, and the second opinion beside openssl.

rfc3161-client takes strict DER only; `openssl ts -reply` writes the certificate SET unsorted when the leaf is larger
than its issuer (seen with OpenSSL 3.0). The SET is not signed, so a copy with sorted certificates is read; the bytes as
received are what is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rfc3161_client.tsp import Accuracy, TimeStampResponse

_GENERALIZED = re.compile(rb"(\d{14})(?:\.(\d+))?Z")

GRANTED = 0
GRANTED_WITH_MODS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StampToken:
    """What a granted response says, unverified. gen_time: aware UTC; accuracy: as stated, zero when it states none.

    imprint: the digest that was stamped; policy: dotted OID.
    """

    gen_time: datetime
    accuracy: timedelta
    imprint: bytes
    imprint_algorithm: str
    nonce: int | None
    policy: str


def read_token(reply: bytes) -> StampToken:
    """The fields of a granted response. Raises ValueError: not a response, or a refusal (its words are in the text)."""
    response = _decode(reply)
    if response.status not in (GRANTED, GRANTED_WITH_MODS):
        raise RefusalError("; ".join(response.status_string)[:200] or f"status {response.status}")
    info = response.tst_info
    return StampToken(
        gen_time=_gen_time(reply),
        accuracy=_accuracy(response),
        imprint=info.message_imprint.message,
        imprint_algorithm=info.message_imprint.hash_algorithm.dotted_string,
        nonce=info.nonce,
        policy=info.policy.dotted_string,
    )


class RefusalError(ValueError):
    """A well-formed response that grants nothing."""


class SecondVerifier:
    """What rfc3161-client thinks of tokens as of their own genTime, by pinned certificates. roots, untrusted: PEM.

    Made once for each authority: reading certificates takes most of the time of a verification.
    """

    def __init__(self, roots: bytes, untrusted: bytes = b"") -> None:
        from cryptography import exceptions, x509
        from rfc3161_client.verify import VerifierBuilder

        # What cryptography raises for a certificate it cannot read has no common base.
        self._unreadable = (
            ValueError, TypeError, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType,
            exceptions.UnsupportedAlgorithm,
        )  # fmt: skip
        self._verifier, self._fault = None, ""
        try:
            self._verifier = VerifierBuilder(
                roots=x509.load_pem_x509_certificates(roots),
                intermediates=x509.load_pem_x509_certificates(untrusted) if untrusted.strip() else [],
            ).build()
        except self._unreadable as error:
            self._fault = _words(error)

    def refusal(self, reply: bytes, data: bytes) -> str | None:
        """None when it accepts the token over `data`, else its reason."""
        from rfc3161_client import VerificationError

        if self._verifier is None:
            return self._fault
        try:
            self._verifier.verify_message(_decode(reply), data)
        except (VerificationError, *self._unreadable) as error:
            return _words(error)
        except BaseException as error:
            # rfc3161-client 1.0.9 panics on a certificate whose names are no UTF-8; pyo3's class cannot be imported.
            if type(error).__name__ != "PanicException":
                raise
            return "unreadable"
        return None


def second_opinion(reply: bytes, data: bytes, *, roots: bytes, untrusted: bytes = b"") -> str | None:
    """None when rfc3161-client accepts the token over `data` as of its own genTime, else its reason."""
    return SecondVerifier(roots, untrusted).refusal(reply, data)


def _words(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


def _decode(reply: bytes) -> TimeStampResponse:
    from rfc3161_client import decode_timestamp_response

    try:
        return decode_timestamp_response(reply)
    except ValueError:
        return decode_timestamp_response(sorted_certificates(reply))


def _accuracy(response: TimeStampResponse) -> timedelta:
    accuracy: Accuracy | None = response.tst_info.accuracy  # optional in RFC 3161, 2.4.2
    if accuracy is None:
        return timedelta()
    return timedelta(
        seconds=accuracy.seconds or 0, milliseconds=accuracy.millis or 0, microseconds=accuracy.micros or 0
    )


def sorted_certificates(reply: bytes) -> bytes:
    """The response with the certificates of its token in DER order. Raises ValueError when it holds none."""
    tag, span, _ = _child(reply, _signed_data(reply), 3)
    if tag != 0xA0:
        raise ValueError("no certificates in the response")
    parts = [reply[start:end] for _, _, (start, end) in _elements(reply, span)]
    return reply[: span[0]] + b"".join(sorted(parts)) + reply[span[1] :]


def _gen_time(reply: bytes) -> datetime:
    """genTime to its last digit: rfc3161-client 1.0.9 drops the fraction of a second. Raises ValueError."""
    _, content, _ = _child(reply, _signed_data(reply), 2)
    _, explicit, _ = _child(reply, content, 1)
    _, octets, _ = _child(reply, explicit, 0)
    _, info, _ = _child(reply, octets, 0)
    tag, (start, end), _ = _child(reply, info, 4)
    match = _GENERALIZED.fullmatch(reply[start:end])
    if tag != 0x18 or match is None:
        raise ValueError("no genTime in the response")
    whole = datetime.strptime(match[1].decode() + "+0000", "%Y%m%d%H%M%S%z")
    return whole.replace(microsecond=int((match[2] or b"").ljust(6, b"0")[:6]))


_Span = tuple[int, int]
_Element = tuple[int, _Span, _Span]


def _signed_data(reply: bytes) -> _Span:
    """Where the fields of SignedData stand: version, digestAlgorithms, encapContentInfo, [0] certificates ...

    TimeStampResp ::= SEQUENCE { status, ContentInfo { type, [0] SignedData }} (RFC 3161, 2.4.2; RFC 5652, 5.1).
    """
    _, response, _ = _element(reply, 0)
    _, token, _ = _child(reply, response, 1)
    tag, explicit, _ = _child(reply, token, 1)
    if tag != 0xA0:
        raise ValueError("no signed data in the response")
    return _child(reply, explicit, 0)[1]


def _child(data: bytes, span: _Span, index: int) -> _Element:
    for at, element in enumerate(_elements(data, span)):
        if at == index:
            return element
    raise ValueError("an element is missing")


def _elements(data: bytes, span: _Span) -> Iterator[_Element]:
    at, end = span
    while at < end:
        tag, content, whole = _element(data, at)
        if whole[1] > end:
            raise ValueError("an element longer than what holds it")
        yield tag, content, whole
        at = whole[1]


def _element(data: bytes, at: int) -> _Element:
    """Tag, span of the content, span of the whole element that begins at `at` (definite lengths, one-byte tags)."""
    header = data[at : at + 2]
    if len(header) < 2 or header[1] == 0x80 or header[1] > 0x84:
        raise ValueError("not DER")
    length, start = header[1], at + 2
    if length > 0x80:
        start += length - 0x80
        length = int.from_bytes(data[at + 2 : start])
    if start + length > len(data):
        raise ValueError("cut short")
    return header[0], (start, start + length), (at, start + length)
