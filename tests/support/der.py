"""Just enough DER to write a TSTInfo (RFC 3161, 2.4.2) whose time, nonce and imprint a test chooses."""

from __future__ import annotations

from datetime import datetime


def element(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + content


def integer(value: int) -> bytes:
    return element(0x02, value.to_bytes(value.bit_length() // 8 + 1))


def oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    out = [first * 40 + second]
    for arc in rest:
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(arc & 0x7F | 0x80)
        out += reversed(septets)
    return element(0x06, bytes(out))


# The statement of ETSI EN 319 422, 9.1, as an extension (RFC 5280, 4.1; RFC 3739, 3.2.6).
QUALIFIED = element(
    0x30, oid("1.3.6.1.5.5.7.1.3"), element(0x04, element(0x30, element(0x30, oid("0.4.0.19422.1.1"))))
)  # fmt: skip


def tst_info(
    *, policy: str, imprint: bytes, serial: int, gen_time: datetime, nonce: int | None, qualified: bool = False
) -> bytes:
    algorithm = element(0x30, oid("2.16.840.1.101.3.4.2.1"), element(0x05))
    return element(
        0x30,
        integer(1),
        oid(policy),
        element(0x30, algorithm, element(0x04, imprint)),
        integer(serial),
        element(0x18, f"{gen_time:%Y%m%d%H%M%S}Z".encode()),
        element(0x30, integer(1)),  # accuracy: one second
        b"" if nonce is None else integer(nonce),
        element(0xA1, QUALIFIED) if qualified else b"",
    )


def bare(reply: bytes) -> bytes:
    """A TimeStampResp without the certificates of its token, which nothing signs: as if none had been asked for."""
    status, token = parts(parts(reply)[0][1])
    kind, content = parts(token[1])
    (signed,) = parts(content[1])
    fields = [element(tag, inner) for tag, inner in parts(signed[1]) if tag != 0xA0]
    return element(
        0x30, element(*status), element(0x30, element(*kind), element(0xA0, element(0x30, *fields)))
    )  # fmt: skip


def parts(data: bytes) -> list[tuple[int, bytes]]:
    """Tag and content of each element."""
    out, at = [], 0
    while at < len(data):
        length, start = data[at + 1], at + 2
        if length > 0x80:
            start += length - 0x80
            length = int.from_bytes(data[at + 2 : start])
        out.append((data[at], data[start : start + length]))
        at = start + length
    return out


def granted(token: bytes) -> bytes:
    """A TimeStampResp around a ContentInfo."""
    return element(0x30, element(0x30, integer(0)), token)
