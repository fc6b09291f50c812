"""Evidence in memory: an archive that is a dictionary, and an authority whose stamps are words instead of CMS."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from monitor.core.record import digest
from monitor.evidence.key import verify_signature
from monitor.evidence.stamps.authority import PinnedRoot
from monitor.evidence.stamps.revocation import Revocation
from monitor.evidence.stamps.stamping import BACKLOG
from monitor.evidence.stamps.tokens import StampToken
from monitor.evidence.sums import Stamp, StampFailure


class MemoryArchive:
    """An export in memory, so that many can be tried."""

    def __init__(self, contents: dict[str, bytes]) -> None:
        self.contents = contents
        self._names = sorted(contents)
        self.litter: list[str] = []
        self._folders: dict[str, list[str]] = {}
        for name in self._names:
            folder, _, last = name.rpartition("/")
            self._folders.setdefault(folder, []).append(last)

    def names(self) -> Sequence[str]:
        return self._names

    def within(self, folder: str) -> Sequence[str]:
        return self._folders.get(folder, ())

    def odd(self) -> Sequence[str]:
        return ()

    def read(self, name: str) -> bytes:
        return self.contents[name]

    def digest(self, name: str) -> str:
        return digest(self.contents[name])

    def lines(self, name: str) -> Iterator[bytes]:
        data = self.contents.get(name, b"")
        return iter(data.removesuffix(b"\n").split(b"\n") if data else ())

    def resealed(self) -> MemoryArchive:
        sums = "".join(f"{self.digest(n)}  {n}\n" for n in self.names() if not n.startswith("SHA256SUMS"))
        return MemoryArchive({**self.contents, "SHA256SUMS": sums.encode()})


def in_memory(folder: Path) -> MemoryArchive:
    """A folder as an archive in memory."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return MemoryArchive({path.relative_to(folder).as_posix(): path.read_bytes() for path in files})


@dataclass
class PlayedAuthority:
    """Says its name, the time and the digest, and is believed by `PlayedTools`. down: answers nothing."""

    name: str
    clock: Callable[[], datetime]
    down: bool = False
    crls: bytes = b""
    untrusted: bytes = b""
    every: timedelta = timedelta()
    late: int = BACKLOG

    @property
    def roots(self) -> bytes:
        return f"root of {self.name}".encode()

    async def stamp(self, data: bytes, known: bytes = b"") -> Stamp | StampFailure:
        now = self.clock()
        if self.down:
            return StampFailure(authority=self.name, trouble="down", detail="ConnectError", at=now)
        reply = played_stamp(self.name, now, data)
        return Stamp(
            authority=self.name, query=b"query", reply=reply, gen_time=now, sent=now, received=now,
            clock_error_ms=(-2000, 1000),
        )  # fmt: skip


def played_stamp(name: str, at: datetime, data: bytes) -> bytes:
    """The reply of a played authority."""
    return f"{name}|{at.isoformat()}|{digest(data)}".encode()


@dataclass
class PlayedTools:
    """Implements `monitor.evidence.verify.verify.Tools`; signatures are real. asked: (reply, bearing)."""

    asked: list[tuple[str, bool]]

    def __init__(self) -> None:
        self.asked = []

    def stamp(self, reply: bytes, data: bytes, roots: bytes, untrusted: bytes, *, bearing: bool) -> StampToken | str:
        name, at, stamped = reply.decode().split("|")
        self.asked.append((reply.decode(), bearing))
        if stamped != digest(data):
            return "other data"
        if f"root of {name}".encode() not in roots.splitlines():
            return "untrusted"
        return StampToken(
            gen_time=datetime.fromisoformat(at), accuracy=timedelta(), imprint=b"", imprint_algorithm="", nonce=None,
            policy="1.2.3",
        )  # fmt: skip

    def led_to(self, reply: bytes, data: bytes, roots: bytes, untrusted: bytes) -> tuple[PinnedRoot, ...]:
        return ()

    def revocation(self, reply: bytes, crls: bytes, roots: bytes, untrusted: bytes) -> Revocation | None:
        return None

    def signature(self, public: bytes, message: bytes, signature: bytes) -> bool:
        return verify_signature(public, message, signature)

    def public_key(self, pem: bytes) -> bytes:
        key = load_pem_public_key(pem)
        assert isinstance(key, Ed25519PublicKey)
        return key.public_bytes_raw()

    def notes(self) -> Sequence[str]:
        return ()
