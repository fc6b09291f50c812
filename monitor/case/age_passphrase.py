"""A short secret under a passphrase: an age v1 file with one scrypt stanza (https://c2sp.org/age).

pyrage measures the machine at the moment of use, both to choose the work factor and to refuse one: a file made on a
quiet computer would not open on a busy or a slower one. Here the factor is fixed, and any up to MOST is worked through.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from monitor.values import pattern

FACTOR: Final = 17  # log2 of N: 128 MiB, what OWASP's Password Storage Cheat Sheet asks of scrypt (2025)
MOST: Final = 22  # log2 of N: 4 GiB, the highest that the reference tool opens (filippo.io/age, scrypt.go)
LONGEST: Final = 64 * 1024  # bytes of a secret: one chunk of the payload

_SALT_LABEL: Final = b"age-encryption.org/v1/scrypt"
_WRAP_NONCE: Final = bytes(12)
_ONLY_CHUNK: Final = bytes(11) + b"\x01"
_HEADER: Final = pattern(
    rb"(age-encryption\.org/v1\n-> scrypt ([A-Za-z0-9+/]{22}) ([1-9][0-9]?)\n([A-Za-z0-9+/]{43})\n---)"
    rb" ([A-Za-z0-9+/]{43})\n"
)
_ARMOUR: Final = pattern(
    rb"\s*-----BEGIN AGE ENCRYPTED FILE-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END AGE ENCRYPTED FILE-----\s*"
)


class AgeError(ValueError):
    """No age file under one passphrase, cut, altered, or of more work than MOST."""


class WrongPassphraseError(AgeError):
    """The passphrase is not the file's."""


def lock(secret: bytes, passphrase: str, *, factor: int = FACTOR) -> bytes:
    """The age file of `secret` (at most LONGEST bytes). factor: log2 of scrypt's N, 1 to MOST."""
    if len(secret) > LONGEST or not 1 <= factor <= MOST:
        raise ValueError("a secret of one chunk and a factor from 1 to 22 are expected")
    file_key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    body = ChaCha20Poly1305(_wrap_key(passphrase, salt, factor)).encrypt(_WRAP_NONCE, file_key, None)
    header = b"age-encryption.org/v1\n-> scrypt %s %d\n%s\n---" % (_base64(salt), factor, _base64(body))
    sealed = ChaCha20Poly1305(_derived(file_key, nonce, b"payload")).encrypt(_ONLY_CHUNK, secret, None)
    return header + b" " + _base64(_mac(file_key, header)) + b"\n" + nonce + sealed


def unlock(data: bytes, passphrase: str) -> bytes:
    """The secret of an age file, binary or armoured, however long the derivation takes on this machine.

    Raises WrongPassphraseError, AgeError, and MemoryError where the derivation does not fit (`memory_needed`).
    """
    binary = _binary(data)
    header, salt, factor, body, mac = _parts(binary)
    try:
        file_key = ChaCha20Poly1305(_wrap_key(passphrase, salt, factor)).decrypt(_WRAP_NONCE, body, None)
    except InvalidTag as error:
        raise WrongPassphraseError("the passphrase is not this file's") from error
    if not hmac.compare_digest(_mac(file_key, header), mac):
        raise AgeError("the header was altered")
    payload = binary[len(header) + 45 :]
    try:
        return ChaCha20Poly1305(_derived(file_key, payload[:16], b"payload")).decrypt(_ONLY_CHUNK, payload[16:], None)
    except InvalidTag as error:
        raise AgeError("the payload is cut, altered or longer than one chunk") from error


def memory_needed(data: bytes) -> int:
    """Bytes of memory that opening `data` takes: 128 r N (RFC 7914). Raises AgeError."""
    return 1024 << _parts(_binary(data))[2]


def _parts(binary: bytes) -> tuple[bytes, bytes, int, bytes, bytes]:
    """Header up to its MAC, salt, factor, wrapped file key, MAC."""
    found = _HEADER.match(binary)
    if found is None:
        raise AgeError("no age file under one passphrase")
    factor = int(found[3])
    if factor > MOST:
        raise AgeError(f"a work factor of {factor}, above {MOST}")
    return found[1], _unbase64(found[2]), factor, _unbase64(found[4]), _unbase64(found[5])


def _binary(data: bytes) -> bytes:
    """`data` without its armour (PEM, RFC 7468), where it has one."""
    if (found := _ARMOUR.fullmatch(data)) is None:
        return data
    try:
        return base64.b64decode(b"".join(found[1].split()), validate=True)
    except ValueError as error:
        raise AgeError("the armour is no base64") from error


def _wrap_key(passphrase: str, salt: bytes, factor: int) -> bytes:
    return Scrypt(salt=_SALT_LABEL + salt, length=32, n=1 << factor, r=8, p=1).derive(passphrase.encode())


def _derived(file_key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(file_key)


def _mac(file_key: bytes, header: bytes) -> bytes:
    return hmac.digest(_derived(file_key, b"", b"header"), header, hashlib.sha256)


def _base64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _unbase64(text: bytes) -> bytes:
    """Canonical base64 without padding only, as the format asks."""
    data = base64.b64decode(text + b"=" * (-len(text) % 4))
    if _base64(data) != text:
        raise AgeError("base64 that is not canonical")
    return data
