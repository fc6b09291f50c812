"""The certificates and keys an archive brings along, by which it is verified and which a reader has to compare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from monitor.evidence.checkpoint import VerifierKey

if TYPE_CHECKING:
    from monitor.evidence.verify.archive import FolderArchive
    from monitor.evidence.verify.crypto import Verifiers

_KEY_FILE = re.compile(r"[0-9a-z.]+")


class Trust:
    """The certificates and keys that came with the archive."""

    def __init__(self, archive: FolderArchive, tools: Verifiers) -> None:
        self._archive, self.tools = archive, tools
        self.pem = cache(self._pem)

    def _pem(self, kind: str, name: str) -> bytes:
        """All PEM files kept for an authority, one after the other; empty when there are none."""
        folder, pattern = f"trust/{kind}", re.compile(rf"{re.escape(name)}\.[0-9a-z]+\.pem")
        names = filter(pattern.fullmatch, self._archive.within(folder))
        return b"".join(self._archive.read(f"{folder}/{name}") + b"\n" for name in names)

    def log_keys(self, origin: str) -> Iterator[VerifierKey]:
        """The log's public keys, under the name they sign with."""
        for name in filter(_KEY_FILE.fullmatch, self._archive.within("trust/log")):
            with suppress(ValueError):
                yield VerifierKey(origin, self.tools.public_key(self._archive.read(f"trust/log/{name}")))
