"""The log's Ed25519 key: made on first use, kept in a file only its owner can read, replaced by announcement.

The folder holds `log.key` (PKCS#8 PEM, 0600), `origin` (the log's name, one line) and, between a request to change the
key and the sweep after its announcement, `next.key`. The origin is made with the first key and stays when the key is
changed by announcement; a lost key cannot announce another, so a folder without `log.key` begins a new origin.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.core.errors import StoreError
from monitor.evidence.checkpoint import NoteSignature, SignedNote, VerifierKey
from monitor.store import files as durable
from monitor.store.schema import disk_told

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY, NEXT, ORIGIN = "log.key", "next.key", "origin"


class LogSigner:
    """Signs checkpoints. Raises StoreError for a folder that cannot be used, a file that is not what it should be."""

    def __init__(self, folder: Path) -> None:
        """Load the key of `folder`, or make one, and with it a new origin."""
        self._folder = folder
        with disk_told(folder):
            durable.make_folder(folder)
            if not (folder / KEY).exists():
                self._begin()
            self.origin = _origin(folder / ORIGIN)
            self._load()

    def _begin(self) -> None:
        # The origin first: a crash before the key is written leaves an origin nobody has used, and the next start
        # writes another.
        durable.replace(self._folder / ORIGIN, f"vigie-prefectures/{secrets.token_hex(8)}\n".encode())
        (self._folder / NEXT).unlink(missing_ok=True)
        _create_key(self._folder / KEY)

    def _load(self) -> None:
        self._private = _private_key(self._folder / KEY)
        self._next = _private_key(self._folder / NEXT) if (self._folder / NEXT).exists() else None

    @property
    def key(self) -> VerifierKey:
        """The key that signs now."""
        return VerifierKey(self.origin, self._private.public_key().public_bytes_raw())

    @property
    def next_key(self) -> VerifierKey | None:
        """The key that will sign once a checkpoint has announced it."""
        return VerifierKey(self.origin, self._next.public_key().public_bytes_raw()) if self._next else None

    @property
    def public_pem(self) -> bytes:
        """The key that signs now, as PEM."""
        return public_pem(self.key.public)

    def signed(self, note: SignedNote) -> bool:
        """True when `note` bears a true signature of the key that signs now."""
        return note.signed_by([self.key], verify_signature) is not None

    def sign(self, text: str) -> bytes:
        """The note over `text`: signed by the key and, where it announces the next one, by that one too."""
        keys = [(self.key, self._private)]
        if self._next is not None and self.next_key is not None:
            keys.append((self.next_key, self._next))
        signatures = (NoteSignature(known.name, known.id, private.sign(text.encode())) for known, private in keys)
        return SignedNote(text, tuple(signatures)).render()

    def prepare_change(self) -> VerifierKey:
        """Make the next key, if there is none yet; the next sealed checkpoint announces it."""
        with disk_told(self._folder):
            if not (self._folder / NEXT).exists():
                _create_key(self._folder / NEXT)
            self._load()
        assert self.next_key is not None
        return self.next_key

    def change(self) -> None:
        """Sign with the next key from now on; the old private key is gone. Call when its announcement is sealed."""
        with disk_told(self._folder):
            os.replace(self._folder / NEXT, self._folder / KEY)
            durable.sync_folder(self._folder)
            self._load()


def verify_signature(public: bytes, message: bytes, signature: bytes) -> bool:
    """Ed25519 of RFC 8032: public key of 32 bytes, signature of 64."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_pem(public: bytes) -> bytes:
    """SubjectPublicKeyInfo PEM, as `openssl pkeyutl -pubin` takes it."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = Ed25519PublicKey.from_public_bytes(public)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def public_key(pem: bytes) -> bytes:
    """The 32 bytes of an Ed25519 public key in PEM. Raises ValueError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem)
    except UnsupportedAlgorithm as error:
        raise ValueError(str(error)) from error
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not an Ed25519 public key")
    return key.public_bytes_raw()


def _origin(path: Path) -> str:
    """The log's name. Raises StoreError."""
    try:
        name = path.read_text(encoding="utf-8").strip()
        VerifierKey(name, bytes(32))
    except (ValueError, FileNotFoundError) as error:
        words = _("{path} is not the log's name: put it back; the newest checkpoint has it as its first line")
        raise StoreError(words.format(path=path)) from error
    return name


def _private_key(path: Path) -> Ed25519PrivateKey:
    """An Ed25519 key in PKCS#8 PEM, without a passphrase. Raises StoreError, with nothing of the file in it."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = None
    with suppress(ValueError, TypeError, UnsupportedAlgorithm):
        key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise StoreError(_("{path} is not the key of a log: put it back from its copy").format(path=path))
    return key


def _create_key(path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = Ed25519PrivateKey.generate()
    durable.replace(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
