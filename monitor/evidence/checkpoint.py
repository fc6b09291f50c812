"""Signed tree heads: the text of C2SP tlog-checkpoint inside a C2SP signed note with Ed25519 signatures.

A key is known by its *verifier key* `NAME+HASH+BASE64`: name, first four bytes of the key id in hex, and base64 of one
type byte 0x01 followed by the 32 bytes of the public key. Two extension lines are used although the specification
recommends none, because only there does the log's signature cover what they say: `sweep NNNNNNNNN DIGEST`, the sweep
that was sealed and the SHA-256 of its `sweep.json`; `next-key VERIFIER-KEY`, the key that signs the checkpoints after
this one. Sources: https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note (read on commits 27938939 and 05528762
of C2SP/C2SP).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from monitor.evidence.merkle import HASH_BYTES

VerifySignature = Callable[[bytes, bytes, bytes], bool]
"""`verify(public key of 32 bytes, message, signature of 64 bytes)`: Ed25519 of RFC 8032, done by an adapter."""

_ED25519 = b"\x01"
_NAME = re.compile(r"[^\s+]+\Z")
_SIZE = re.compile(r"(0|[1-9][0-9]{0,17})\Z")
_NEXT_KEY = "next-key "
_SWEEP = "sweep "
_SEALED = re.compile(r"([0-9]{9}) ([0-9a-f]{64})\Z")
_MAX_NOTE = 16_384  # bytes; sixteen Ed25519 lines take under 4 kB


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key and the name it signs under (here: the log's origin). Raises ValueError for a name not allowed."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not _NAME.match(self.name) or len(self.public) != 32:
            raise ValueError(f"not a key name and an Ed25519 key: {self.name!r}")

    @property
    def id(self) -> bytes:
        """First four bytes of SHA-256(name, line feed, 0x01, public key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """The inverse of `str`. Raises ValueError."""
        name, _, rest = text.partition("+")
        key_id, _, encoded = rest.partition("+")
        raw = _base64(encoded)
        if len(raw) != 33 or raw[:1] != _ED25519:
            raise ValueError("not an Ed25519 verifier key")
        key = cls(name, raw[1:])
        if key.id.hex() != key_id:
            raise ValueError("the key id of the verifier key is not its own")
        return key


@dataclass(frozen=True, slots=True)
class SealedDigest:
    """The sweep a checkpoint sealed. sha256: of its `sweep.json`."""

    number: int
    sha256: str

    def __str__(self) -> str:
        return f"{self.number:09d} {self.sha256}"

    @classmethod
    def parse(cls, text: str) -> SealedDigest:
        """The inverse of `str`. Raises ValueError."""
        match = _SEALED.match(text)
        if match is None:
            raise ValueError("not a sweep and the digest of its facts")
        return cls(int(match[1]), match[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What the log was at one moment. origin: the log's name; size: number of leaves; root: RFC 6962 root of them.

    sweep: what was sealed with it, None in those of format 1. next_key: the key that signs the checkpoints after this
    one, when it changes.
    """

    origin: str
    size: int
    root: bytes
    sweep: SealedDigest | None = None
    next_key: VerifierKey | None = None

    @property
    def text(self) -> str:
        """The note text, ending in a line feed."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode()]
        if self.sweep:
            lines.append(_SWEEP + str(self.sweep))
        if self.next_key:
            lines.append(_NEXT_KEY + str(self.next_key))
        return "\n".join(lines) + "\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """The inverse of `text`; extension lines of others are passed over. Raises ValueError."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() != "" or "" in lines or not _SIZE.match(lines[1]):
            raise ValueError("not the text of a checkpoint")
        root = _base64(lines[2])
        if len(root) != HASH_BYTES:
            raise ValueError("the root of a checkpoint is 32 bytes")
        sealed, announced = (_extension(lines[3:], name) for name in (_SWEEP, _NEXT_KEY))
        return cls(
            origin=lines[0],
            size=int(lines[1]),
            root=root,
            sweep=None if sealed is None else SealedDigest.parse(sealed),
            next_key=None if announced is None else VerifierKey.parse(announced),
        )


def _extension(lines: Sequence[str], name: str) -> str | None:
    found = [line.removeprefix(name) for line in lines if line.startswith(name)]
    if len(found) > 1:
        raise ValueError(f"two lines {name.strip()} in one checkpoint")
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line of a note. signature: 64 bytes for Ed25519."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"\u2014 {self.name} {base64.b64encode(self.key_id + self.signature).decode()}"


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text and the signatures under it, none of them checked."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def render(self) -> bytes:
        """The note as it is stored and sent."""
        return "".join([self.text, "\n", *(f"{s}\n" for s in self.signatures)]).encode()

    @classmethod
    def parse(cls, data: bytes) -> SignedNote:
        """Raises ValueError (UnicodeDecodeError is one) for anything but a signed note."""
        if len(data) > _MAX_NOTE:
            raise ValueError("a note this long is not read")
        note = data.decode()
        if any(c < " " and c != "\n" for c in note):
            raise ValueError("control character in a note")
        text, blank, tail = note.rpartition("\n\n")
        if not blank or not tail.endswith("\n"):
            raise ValueError("a note ends in signature lines after a blank line")
        return cls(text + "\n", tuple(_signature(line) for line in tail[:-1].split("\n")))

    def signed_by(self, keys: Sequence[VerifierKey], verify: VerifySignature) -> VerifierKey | None:
        """The first of `keys` that signed. None when none did, or when a line that claims one of them is false."""
        signer = None
        for line in self.signatures:
            for key in keys:
                if (line.name, line.key_id) != (key.name, key.id):
                    continue
                if len(line.signature) != 64 or not verify(key.public, self.text.encode(), line.signature):
                    return None
                signer = signer or key
        return signer


def _signature(line: str) -> NoteSignature:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    raw = _base64(encoded)
    if dash != "\u2014" or not _NAME.match(name) or len(raw) < 5:
        raise ValueError("not a signature line")
    return NoteSignature(name, raw[:4], raw[4:])


def _base64(text: str) -> bytes:
    """Canonical base64 only: each value has one spelling, so that no bit of a note goes unread. Raises ValueError."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64: {error}") from error
    if base64.b64encode(raw).decode() != text:
        raise ValueError("base64 in another spelling than its own")
    return raw
