"""Signed tree heads: the text of C2SP tlog-checkpoint inside a C2SP signed note with Ed25519 signatures.

A key is known by its *verifier key* `NAME+HASH+BASE64`: name, first four bytes of the key id in hex, and base64 of one
type byte 0x01 followed by the 32 bytes of the public key. Two extension lines are used although the specification
recommends none, because only there does the log's signature cover what they say: `sweep NNNNNNNNN DIGEST`, the sweep
that was sealed and the SHA-256 of its `sweep.json`; `next-key VERIFIER-KEY`, the key that signs the checkpoints after
this one. A witness adds a line of its own under a key of another type: its signature is over the text and the time at
which it saw it. Sources: https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note,
https://c2sp.org/tlog-cosignature (read on commits 27938939, 05528762 and 01194db1 of C2SP/C2SP).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import ClassVar, Self

from monitor.evidence.merkle import HASH_BYTES
from monitor.values import dataclass, pattern

VerifySignature = Callable[[bytes, bytes, bytes], bool]
"""`verify(public key of 32 bytes, message, signature of 64 bytes)`: Ed25519 of RFC 8032, done by an adapter."""

_NAME = pattern(r"[^\s+]+\Z")
_SIZE = pattern(r"(0|[1-9][0-9]{0,17})\Z")
_CONTROL = pattern(r"[\x00-\x09\x0b-\x1f]")
_NEXT_KEY = "next-key "
_SWEEP = "sweep "
_SEALED = pattern(r"([0-9]{9}) ([0-9a-f]{64})\Z")
_LAST = 253_402_300_799  # the last second of the year 9999
_MAX_NOTE = 16_384  # bytes; sixteen Ed25519 lines take under 4 kB


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key and the name it signs under (here: the log's origin). Raises ValueError for a name not allowed."""

    name: str
    public: bytes
    TYPE: ClassVar[bytes] = b"\x01"  # Ed25519 over the text of the note

    def __post_init__(self) -> None:
        if not _NAME.match(self.name) or len(self.public) != 32:
            raise ValueError(f"not a key name and an Ed25519 key: {self.name!r}")

    @property
    def id(self) -> bytes:
        """First four bytes of SHA-256(name, line feed, type, public key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.TYPE + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self.TYPE + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The inverse of `str`. Raises ValueError, also for a key of another type."""
        name, _, rest = text.partition("+")
        key_id, _, encoded = rest.partition("+")
        raw = _base64(encoded)
        if len(raw) != 33 or raw[:1] != cls.TYPE:
            raise ValueError(f"not an Ed25519 verifier key of type {cls.TYPE.hex()}")
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


@dataclass(frozen=True, slots=True)
class CosignerKey(VerifierKey):
    """A witness's public key, `cosignature/v1`: it signs the time and the text together."""

    TYPE: ClassVar[bytes] = b"\x04"


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
    """One signature line of a note. signature: 64 bytes for Ed25519; a cosignature has 8 bytes of time before them."""

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
        if _CONTROL.search(note):
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


def cosigned_message(text: str, seconds: int) -> bytes:
    """What a witness signs: that at this POSIX time it had seen no larger tree of that log (tlog-cosignature)."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def cosigned_at(note: SignedNote, key: CosignerKey, verify: VerifySignature) -> datetime | None:
    """When that witness cosigned, aware UTC, by the latest of its lines. None: it did not, or one of them is false."""
    times = []
    for line in note.signatures:
        if (line.name, line.key_id) == (key.name, key.id):
            seconds = int.from_bytes(line.signature[:8])
            message = cosigned_message(note.text, seconds)
            if len(line.signature) != 72 or seconds > _LAST or not verify(key.public, message, line.signature[8:]):
                return None
            times.append(datetime.fromtimestamp(seconds, UTC))
    return max(times, default=None)


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
