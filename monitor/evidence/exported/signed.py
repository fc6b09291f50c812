"""SHA256SUMS.signed: the log's key says which export it made, and which files go beside it (docs/FORMAT.md, 3).

A C2SP signed note. Its first line has spaces, which no origin has: the key never signs one text for another's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from monitor.core.record import digest, instant
from monitor.evidence.checkpoint import Checkpoint, SignedNote
from monitor.evidence.key import KEY, LogSigner
from monitor.evidence.seal import CHECKPOINT
from monitor.values import dataclass, pattern

if TYPE_CHECKING:
    from monitor.evidence.folder import SealedSweep

Sign = Callable[[bytes], bytes | None]
"""From SHA256SUMS to the note the log's key signs over it, None where it can sign none."""

FORMAT: Final = "vigie export 2"
_LINE = pattern(r"(sums|with) ([0-9a-f]{64})(?: ([A-Za-z0-9_-][A-Za-z0-9._-]*))?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportStatement:
    """What the key signs. made: aware UTC. sums: SHA-256 of SHA256SUMS. beside: SHA-256 of the files handed over with
    the folder, by name."""

    origin: str
    made: datetime
    sums: str
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The note text, ending in a line feed."""
        beside = [f"with {self.beside[name]} {name}" for name in sorted(self.beside)]
        return "".join(f"{line}\n" for line in (FORMAT, self.origin, instant(self.made), f"sums {self.sums}", *beside))

    @classmethod
    def parse(cls, text: str) -> ExportStatement:
        """The inverse of `text`. Raises ValueError for any other spelling."""
        lines = text.split("\n")
        matches = [_LINE.match(line) for line in lines[3:-1]]
        if len(lines) < 5 or not all(matches):
            raise ValueError("not the statement of an export")
        told = [match.groups() for match in matches if match]
        beside = {name: sha256 for kind, sha256, name in told[1:] if kind == "with" and name}
        made = datetime.fromisoformat(lines[2])
        statement = cls(origin=lines[1], made=made, sums=told[0][1], beside=beside)
        if statement.text != text:
            raise ValueError("not the statement of an export")
        return statement


def unsigned(_sums: bytes) -> None:
    """Where there is no log."""


def signature(
    keys: Path, last: SealedSweep, *, made: datetime, beside: Mapping[str, bytes] = MappingProxyType({})
) -> Sign:
    """What the log's key says of an export. keys: its folder. last: the last sweep enclosed. beside: files by name.

    Nothing where the key that signed that sweep has gone since, or was never here.
    """
    if not (keys / KEY).exists():
        return unsigned
    signer = LogSigner(keys)
    note = SignedNote.parse(last.read(CHECKPOINT))
    if not signer.signed(note) or Checkpoint.parse(note.text).next_key == signer.key:
        return unsigned
    digests = {name: digest(data) for name, data in beside.items()}
    statement = ExportStatement(origin=signer.origin, made=made, sums="", beside=digests)
    return lambda sums: signer.sign(replace(statement, sums=digest(sums)).text)
