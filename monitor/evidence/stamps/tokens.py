"""Time-stamp responses read with rfc3161-client: their fields, and the second opinion beside openssl.

rfc3161-client takes strict DER only; `openssl ts -reply` writes the certificate SET unsorted when the leaf is larger
than its issuer (seen with OpenSSL 3.0). The SET is not signed, so a copy with sorted certificates is read; the bytes as
received are what is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.values import dataclass, pattern

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client.tsp import Accuracy, TimeStampResponse

_GENERALIZED = pattern(rb"(\d{14})(?:\.(\d+))?Z")

GRANTED = 0
GRANTED_WITH_MODS = 1

QC_STATEMENTS = bytes.fromhex("2b06010505070103")  # 1.3.6.1.5.5.7.1.3, an extension of TSTInfo
QUALIFIED = bytes.fromhex("040081975e0101")  # 0.4.0.19422.1.1, esi4-qtstStatement-1 (ETSI EN 319 422, 9.1)
BROKEN = {
    bytes.fromhex("2b0e03021a"): "SHA-1",  # 1.3.14.3.2.26
    bytes.fromhex("2a864886f70d010105"): "SHA-1",  # with RSA
    bytes.fromhex("2a8648ce3d0401"): "SHA-1",  # with ECDSA
    bytes.fromhex("2a8648ce380403"): "SHA-1",  # with DSA
    bytes.fromhex("2a864886f70d0205"): "MD5",
    bytes.fromhex("2a864886f70d010104"): "MD5",  # with RSA
}  # contents of the object identifiers: whoever makes two texts of one digest has a stamp for both


@dataclass(frozen=True, slots=True, kw_only=True)
class StampToken:
    """What a granted response says, unverified. gen_time: aware UTC; accuracy: as stated, zero when it states none.

    imprint: the digest that was stamped; policy: dotted OID. qualified: it states that it is a qualified time-stamp of
    Regulation (EU) 910/2014, which only a trusted list can confirm.
    """

    gen_time: datetime
    accuracy: timedelta
    imprint: bytes
    imprint_algorithm: str
    nonce: int | None
    policy: str
    accuracy_stated: bool = False
    qualified: bool = False


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
        accuracy_stated=response.tst_info.accuracy is not None,
        qualified=_qualified(reply),
    )


class RefusalError(ValueError):
    """A well-formed response that grants nothing."""


def certificates(reply: bytes) -> tuple[Certificate, ...]:
    """The certificates a response encloses, as enclosed; none where the authority sent none. Raises ValueError."""
    from cryptography.x509 import load_der_x509_certificate

    span = _enclosed(reply)
    if span is None:
        return ()
    return tuple(load_der_x509_certificate(reply[start:end]) for _, _, (start, end) in _elements(reply, span))


def signer(reply: bytes, others: Sequence[Certificate] = ()) -> Certificate | None:
    """The certificate of who signed, enclosed or among `others`; None when it is in neither. Raises ValueError.

    Found by issuer and serial number (RFC 5652, 5.3), or by the key identifier where the signer is named so.
    """
    from cryptography.x509 import ExtensionNotFound, SubjectKeyIdentifier

    tag, named, _ = _child(reply, _signer_info(reply), 1)
    for one in (*certificates(reply), *others):
        if tag == 0x30:
            issuer, serial = (reply[at[0] : at[1]] for _, _, at in _elements(reply, named))
            if one.issuer.public_bytes() == issuer and _der_integer(one.serial_number) == serial:
                return one
            continue
        try:
            if one.extensions.get_extension_for_class(SubjectKeyIdentifier).value.digest == reply[slice(*named)]:
                return one
        except ExtensionNotFound:
            continue
    return None


def broken_digest(reply: bytes) -> str | None:
    """`SHA-1` or `MD5` where the stamp rests on one: what it stamps or how it is signed. Raises ValueError.

    Both verifiers accept such a token; two texts of one digest can be made (SHA-1: shattered.io, 2017).
    """
    info = _signer_info(reply)
    algorithms = [_child(reply, info, 2)[1]]
    algorithms += [span for tag, span, _ in [*_elements(reply, info)][3:] if tag == 0x30]  # the signature's own
    imprint = _child(reply, _tst_info(reply), 2)[1]
    algorithms.append(_child(reply, imprint, 0)[1])
    return next((BROKEN[oid] for span in algorithms if (oid := _content(reply, span)) in BROKEN), None)


class SecondVerifier:
    """What rfc3161-client thinks of tokens as of their own genTime, by pinned certificates. roots, untrusted: PEM.

    Made once for each authority: reading certificates takes most of the time of a verification. The untrusted ones are
    given to it inside the token, where nothing signs them: its own `intermediates` it trusts like roots (1.0.9).
    """

    def __init__(self, roots: bytes, untrusted: bytes = b"") -> None:
        from cryptography import exceptions, x509
        from cryptography.hazmat.primitives.serialization import Encoding
        from rfc3161_client.verify import VerifierBuilder

        # What cryptography raises for a certificate it cannot read has no common base.
        self._unreadable = (
            ValueError, TypeError, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType,
            exceptions.UnsupportedAlgorithm,
        )  # fmt: skip
        self._fault = ""
        try:
            self._verifier = VerifierBuilder(roots=x509.load_pem_x509_certificates(roots)).build()
            beside = x509.load_pem_x509_certificates(untrusted) if untrusted.strip() else []
            self._untrusted = [one.public_bytes(Encoding.DER) for one in beside]
        except self._unreadable as error:
            self._fault = _words(error)

    def refusal(self, reply: bytes, data: bytes) -> str | None:
        """None when it accepts the token over `data`, else its reason."""
        from rfc3161_client import VerificationError

        if self._fault:
            return self._fault
        try:
            whole = with_certificates(reply, self._untrusted) if self._untrusted else reply
            self._verifier.verify_message(_decode(whole), data)
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


def with_certificates(reply: bytes, beside: Sequence[bytes]) -> bytes:
    """The response with these certificates (DER) among those of its token, in DER order. Raises ValueError."""
    status, token, *_ = _wholes(reply, _element(reply, 0)[1])
    kind, *_ = _wholes(token, _element(token, 0)[1])
    fields = [*_elements(reply, _signed_data(reply))]
    own = [whole for tag, span, _ in fields if tag == 0xA0 for whole in _wholes(reply, span)]
    version, algorithms, content, *rest = (reply[slice(*whole)] for tag, _, whole in fields if tag != 0xA0)
    together = _der(0xA0, *sorted({*own, *beside}))
    signed = _der(0x30, version, algorithms, content, together, *rest)
    return _der(0x30, status, _der(0x30, kind, _der(0xA0, signed)))


def _qualified(reply: bytes) -> bool:
    """The statement of ETSI EN 319 422, 9.1 stands among the extensions of the TSTInfo ([1], IMPLICIT)."""
    for tag, extensions, _ in _elements(reply, _tst_info(reply)):
        for _, extension, _ in _elements(reply, extensions) if tag == 0xA1 else ():
            (_, name, _), *_, (octets, value, _) = _elements(reply, extension)
            if octets == 0x04 and reply[slice(*name)] == QC_STATEMENTS:
                statements = _child(reply, value, 0)[1]
                return any(_content(reply, span) == QUALIFIED for _, span, _ in _elements(reply, statements))
    return False


def _gen_time(reply: bytes) -> datetime:
    """genTime to its last digit: rfc3161-client 1.0.9 drops the fraction of a second. Raises ValueError."""
    tag, (start, end), _ = _child(reply, _tst_info(reply), 4)
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


def _enclosed(reply: bytes) -> _Span | None:
    """Where the certificates of a token stand; None: it has none."""
    tag, span, _ = _child(reply, _signed_data(reply), 3)
    return span if tag == 0xA0 and span[0] < span[1] else None  # some write the field and leave it empty


def _tst_info(reply: bytes) -> _Span:
    """Where the fields of TSTInfo stand: version, policy, imprint, serial number, genTime ... (RFC 3161, 2.4.2)."""
    _, content, _ = _child(reply, _signed_data(reply), 2)
    _, explicit, _ = _child(reply, content, 1)
    _, octets, _ = _child(reply, explicit, 0)
    return _child(reply, octets, 0)[1]


def _signer_info(reply: bytes) -> _Span:
    """Where the fields of the one SignerInfo stand: version, sid, digestAlgorithm ... (RFC 5652, 5.3)."""
    *_, (_, infos, _) = _elements(reply, _signed_data(reply))
    return _child(reply, infos, 0)[1]


def _content(data: bytes, span: _Span) -> bytes:
    """The bytes of the first element in a span, without tag and length."""
    return data[slice(*_child(data, span, 0)[1])]


def _wholes(data: bytes, span: _Span) -> list[bytes]:
    """The elements of a span, tag and length included."""
    return [data[slice(*whole)] for _, _, whole in _elements(data, span)]


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, size] if size < 0x80 else [tag, 0x80 | len(length), *length]) + content


def _der_integer(value: int) -> bytes:
    content = value.to_bytes(value.bit_length() // 8 + 1)
    return bytes([0x02, len(content)]) + content


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
