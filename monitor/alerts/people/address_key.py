"""The key of subscribers' addresses: encrypts them, finds them without decrypting, and makes the codes of messages.

32 bytes, from the first of: the systemd credential `vigie-address-key`, the variable VIGIE_ADDRESS_KEY, the file
`keys/addresses` of the data folder (0400, made on first use). Text: 64 hexadecimal digits. From it come three keys by
HKDF-SHA-256:
AES-256-GCM for the address, HMAC-SHA-256 for the index by which an address is found, and for the codes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from gettext import gettext as _
from pathlib import Path
from typing import Final

from monitor.core.errors import StoreError
from monitor.store import files as durable
from monitor.store.schema import disk_told

CREDENTIAL, VARIABLE, FILE = "vigie-address-key", "VIGIE_ADDRESS_KEY", "addresses"
_BYTES: Final = 32
_NONCE: Final = 12


class AddressKey:
    """Holds the three derived keys. Never printed."""

    __slots__ = ("_cipher", "_codes", "_index")

    def __init__(self, secret: bytes) -> None:
        self._cipher, self._index, self._codes = (_derived(secret, name) for name in (b"address", b"index", b"code"))

    def encrypt(self, address: str, blind: bytes) -> bytes:
        """The address under a fresh nonce, bound to its index."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self._cipher).encrypt(nonce, address.encode(), blind)

    def decrypt(self, stored: bytes, blind: bytes) -> str:
        """The address. Raises StoreError for bytes that this key did not encrypt."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            return AESGCM(self._cipher).decrypt(stored[:_NONCE], stored[_NONCE:], blind).decode()
        except (InvalidTag, ValueError) as error:
            raise StoreError(_("an address cannot be read: it is damaged, or was written under another key")) from error

    def blind(self, address: str) -> bytes:
        """What finds an address, however its capitals were typed."""
        return hmac.digest(self._index, address.strip().casefold().encode(), "sha256")

    def code(self, word: str, salt: bytes) -> str:
        """`OUI-…` or `STOP-…`: 80 bits that only this key makes. salt: the subscriber's own."""
        drawn = hmac.digest(self._codes, word.encode() + b"|" + salt, "sha256")
        return f"{word}-{base64.b32encode(drawn[:10]).decode()}"

    def ticket(self, reference: str, number: int, salt: bytes) -> str:
        """What a message bears so that its answer is known: 80 bits that only this key makes, behind what they are of.

        reference: of the message, letters and digits. number: of the subscriber, whose own is the salt.
        """
        drawn = hmac.digest(self._codes, f"REPLY|{reference}|{number}|".encode() + salt, "sha256")
        return f"vigie.{reference}.{number}.{base64.b32encode(drawn[:10]).decode().lower()}"

    def link(self, number: int, until: int, salt: bytes) -> str:
        """`GERER-…`, by which a subscriber reaches their own choices until an instant: seconds since 1970, UTC.

        80 bits that only this key makes, behind what they are of; worth nothing once the salt is gone.
        """
        drawn = hmac.digest(self._codes, f"GERER|{number}|{until}|".encode() + salt, "sha256")
        return f"GERER-{number}-{until}-{base64.b32encode(drawn[:10]).decode()}"

    def stamp(self, purpose: str, at: int) -> str:
        """What a form bears so that only one shown here, at that instant (seconds since 1970, UTC), is taken."""
        drawn = hmac.digest(self._codes, f"FORM|{purpose}|{at}".encode(), "sha256")
        return f"{at}.{base64.b32encode(drawn[:10]).decode().lower()}"

    def tally(self, address: str) -> bytes:
        """What requests for an address are counted by. Not what finds it: who left is in the one and not the other."""
        return hmac.digest(self._index, b"tally|" + self.blind(address), "sha256")[:16]

    @property
    def proof(self) -> bytes:
        """Tells one key from another and nothing of either."""
        return hmac.digest(self._index, b"the key of this data folder", "sha256")[:8]


def digest(code: str) -> bytes:
    """What is kept of a code. Case and surrounding space do not matter."""
    return hashlib.sha256(code.strip().upper().encode()).digest()


def load(keys: Path, environment: Mapping[str, str], *, make: bool) -> AddressKey | None:
    """The key; None where there is none and `make` is false. keys: the data folder's `keys`.

    Raises StoreError for what is no key, and when a file cannot be read or made.
    """
    folder = environment.get("CREDENTIALS_DIRECTORY")
    credential = Path(folder) / CREDENTIAL if folder else None
    if credential and credential.is_file():
        return AddressKey(_read(credential))
    if text := environment.get(VARIABLE):
        return AddressKey(_decoded(text, f"${VARIABLE}"))
    path = keys / FILE
    with disk_told(path):
        if not path.exists():
            if not make:
                return None
            keys.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make(path)
    return AddressKey(_read(path))


def _make(path: Path) -> None:
    """Two programs may come here at once: the name is given to a whole file, and the first keeps it."""
    mine = path.with_name(f".{path.name}.{os.getpid()}")
    mine.unlink(missing_ok=True)
    durable.create(mine, secrets.token_hex(_BYTES).encode() + b"\n", 0o400)
    try:
        os.link(mine, path)
    except FileExistsError:
        pass
    finally:
        mine.unlink()
    durable.sync_folder(path.parent)


def _read(path: Path) -> bytes:
    with disk_told(path):
        return _decoded(path.read_text(encoding="ascii", errors="replace"), str(path))


def _decoded(text: str, where: str) -> bytes:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text.strip()):
        raise StoreError(_("{where} holds no key of addresses: 64 hexadecimal digits are expected").format(where=where))
    return bytes.fromhex(text.strip())


def _derived(secret: bytes, name: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=_BYTES, salt=None, info=b"vigie " + name).derive(secret)
